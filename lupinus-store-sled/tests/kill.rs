//! A process that is killed: what it had acknowledged is there afterwards.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use lupinus_core::store::{Batch, Kind, Op, Record, RecordClass, RecordKey, Store, Version};
use lupinus_store_sled::{OpenError, SledStore};

const FOLDER: &str = "LUPINUS_TEST_FOLDER";
const WRITERS: u64 = 4;

fn record(key: String, body: u64) -> Record {
    Record {
        key: RecordKey::new(Kind::new("thing"), key),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: body.to_string().into(),
    }
}

/// Run by the test below in a process of its own; commits until it is killed, and says what was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test below"]
async fn the_process_that_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let store = SledStore::options().segment_bytes(20_000).compact_bytes(60_000).open(folder).unwrap();
    println!("\nopen");
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        writers.spawn(async move {
            let own = RecordKey::new(Kind::new("thing"), format!("writer {writer}"));
            let read = store.get(&own).await.unwrap();
            let mut done = read.map_or(0, |record| record.version.number());
            loop {
                let next = record(own.key.clone(), done + 1);
                let own = match done {
                    0 => Op::Insert(next),
                    _ => Op::Update { record: next, expected: Version::from_number(done) },
                };
                let also = Op::Insert(record(format!("{writer}-{}", done + 1), done + 1));
                store.commit(Batch { ops: vec![own, also], erases: false }).await.unwrap();
                done += 1;
                let mut out = std::io::stdout().lock();
                writeln!(out, "done {writer} {done}").unwrap();
            }
        });
    }
    writers.join_all().await;
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_had_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = [0_u64; 4];
    for round in 0..10 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["the_process_that_is_killed", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line == "open"), "round {round}: it did not open");
        let held = SledStore::open(folder.path()).unwrap_err();
        assert!(matches!(held, OpenError::InUse(_)), "round {round}: {held:?}");
        let mut note = |line: String| {
            let mut words = line.split(' ').skip_while(|word| *word != "done").skip(1);
            let numbers = (
                words.next().and_then(|n| n.parse::<usize>().ok()),
                words.next().and_then(|n| n.parse().ok()),
            );
            if let (Some(writer), Some(done)) = numbers {
                acknowledged[writer] = done;
            }
        };
        for line in lines.by_ref().take(40 + 61 * round) {
            note(line);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        lines.for_each(&mut note);

        let store = SledStore::open(folder.path()).unwrap();
        for (writer, acknowledged) in (0_u64..).zip(&mut acknowledged) {
            let get = async |key: String| store.get(&RecordKey::new(Kind::new("thing"), key)).await.unwrap();
            let found = get(format!("writer {writer}")).await.map_or(0, |record| record.version.number());
            assert!(*acknowledged <= found, "round {round}: {acknowledged} acknowledged, {found} there");
            for step in 1..=found {
                assert!(
                    get(format!("{writer}-{step}")).await.is_some(),
                    "round {round}: half of step {step}"
                );
            }
            assert!(get(format!("{writer}-{}", found + 1)).await.is_none(), "round {round}: half a step");
            *acknowledged = found;
        }
    }
    assert!(acknowledged.iter().sum::<u64>() > 400, "{acknowledged:?}");
}
