//! The journal alone, on a disk that loses what was not synced, and with every byte damaged.

use std::{collections::BTreeMap, sync::Arc};

use super::{Journal, number, segment};
use crate::{
    disk::simulated::{Dice, SimulatedDisk},
    error::OpenError,
};

fn open(disk: &SimulatedDisk, segment_bytes: u64) -> Result<Journal, OpenError> {
    Journal::open(Arc::new(disk.clone()), segment_bytes, 0)
}

/// Every group with its payload.
fn groups(journal: &Journal) -> BTreeMap<u64, Vec<u8>> {
    let mut found = BTreeMap::new();
    let visited = journal.read_groups(journal.base(), |sequence, payload, _| {
        found.insert(sequence, payload.to_vec());
        Ok::<_, OpenError>(())
    });
    visited.unwrap();
    found
}

fn payload(sequence: u64, len: usize) -> Vec<u8> {
    format!("{sequence};").bytes().cycle().take(len).collect()
}

#[test]
fn a_power_cut_loses_nothing_acknowledged_and_leaves_nothing_half_there() {
    for seed in 0..500 {
        let mut dice = Dice::new(seed);
        let mut disk = SimulatedDisk::default();
        let mut acknowledged = BTreeMap::new();
        // The power goes several times in the life of one journal.
        for _ in 0..4 {
            disk.cut_in(dice.below(30));
            if let Ok(mut journal) = open(&disk, 3_000) {
                while disk.operations() < 1_000 {
                    let bytes = payload(journal.last() + 1, dice.index(2_000));
                    match journal.append(&bytes, false) {
                        Ok(sequence) => acknowledged.insert(sequence, bytes),
                        Err(_) => break,
                    };
                    if dice.one_in(2) {
                        journal.seal();
                    }
                }
            }
            disk = disk.after_power_cut(&mut dice);
            let journal = open(&disk, 3_000).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let found = groups(&journal);
            for (sequence, bytes) in &acknowledged {
                assert_eq!(found.get(sequence), Some(bytes), "seed {seed}: group {sequence}");
            }
            // A group that was not acknowledged may be there, but then it is whole.
            for (sequence, bytes) in &found {
                assert_eq!(*bytes, payload(*sequence, bytes.len()), "seed {seed}: group {sequence}");
            }
            acknowledged = found;
        }
    }
}

/// A journal of two files whose groups were all acknowledged, as a closed or an idle store leaves it.
fn sealed() -> BTreeMap<String, Vec<u8>> {
    let disk = SimulatedDisk::default();
    let mut journal = open(&disk, 400).unwrap();
    for sequence in 1..=7 {
        journal.append(&payload(sequence, 90), false).unwrap();
    }
    journal.close().unwrap();
    let files = disk.contents();
    assert_eq!(files.len(), 2, "{:?}", files.keys());
    files
}

#[test]
fn no_byte_changed_in_a_sealed_journal_loses_a_group_without_a_word() {
    let files = sealed();
    let whole = groups(&open(&SimulatedDisk::with(files.clone()), 400).unwrap());
    assert_eq!(whole.len(), 7);
    let (mut named, mut harmless) = (0, 0);
    for (name, bytes) in &files {
        for at in 0..bytes.len() {
            for change in [0x01, 0x80, 0xFF] {
                let mut changed = files.clone();
                changed.get_mut(name).unwrap()[at] ^= change;
                match open(&SimulatedDisk::with(changed), 400) {
                    Ok(journal) => {
                        assert_eq!(groups(&journal), whole, "{name} byte {at}");
                        harmless += 1;
                    }
                    Err(OpenError::Damaged { file, offset, .. }) => {
                        assert_eq!(file, *name);
                        assert!(offset <= at as u64, "byte {at}, named {offset}");
                        named += 1;
                    }
                    Err(other) => panic!("{name} byte {at}: {other:?}"),
                }
            }
        }
    }
    // The last seal alone may go unnoticed: it holds nothing.
    assert_eq!(harmless, 24 * 3, "named: {named}");
}

#[test]
fn a_journal_cut_anywhere_keeps_whole_groups_and_loses_the_last_ones_alone() {
    let files = sealed();
    let (last, bytes) = files.iter().next_back().unwrap();
    let (first_file, _) = files.iter().next().unwrap();
    let all = groups(&open(&SimulatedDisk::with(files.clone()), 400).unwrap());
    let mut kept_before = 0;
    for len in 0..=bytes.len() {
        let mut cut = files.clone();
        cut.get_mut(last).unwrap().truncate(len);
        let found = groups(&open(&SimulatedDisk::with(cut), 400).unwrap());
        assert!(found.iter().all(|(sequence, payload)| all[sequence] == *payload), "cut at {len}");
        assert!(found.keys().copied().eq(1..=found.len() as u64), "cut at {len}: {:?}", found.keys());
        assert!(found.len() >= kept_before, "cut at {len}");
        kept_before = found.len();
    }
    assert_eq!(kept_before, 7);
    // Without its seal a file is still whole.
    let unsealed = files[first_file].len() - super::frame::HEAD;
    for len in (0..files[first_file].len()).filter(|len| *len != unsealed) {
        let mut cut = files.clone();
        cut.get_mut(first_file).unwrap().truncate(len);
        let refused = open(&SimulatedDisk::with(cut), 400).unwrap_err();
        let is_named = matches!(&refused, OpenError::Damaged { .. } | OpenError::Missing { .. });
        assert!(is_named, "cut at {len}: {refused:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let disk = SimulatedDisk::default();
    let mut journal = open(&disk, 100).unwrap();
    for sequence in 1..=5 {
        journal.append(&payload(sequence, 90), false).unwrap();
    }
    journal.close().unwrap();
    let files = disk.contents();
    for (n, name) in files.keys().enumerate().take(files.len() - 1) {
        let mut fewer = files.clone();
        fewer.remove(name);
        let refused = open(&SimulatedDisk::with(fewer), 100).unwrap_err();
        let OpenError::Missing { first, last } = refused else { panic!("{name}: {refused:?}") };
        assert_eq!((first, last), (n as u64 + 1, n as u64 + 1));
    }
}

#[test]
fn a_full_disk_refuses_and_serves_again_when_there_is_room() {
    for room in 0..400 {
        let disk = SimulatedDisk::default();
        let mut journal = open(&disk, 150).unwrap();
        journal.append(&payload(1, 90), false).unwrap();
        disk.set_space(Some(room));
        let mut last = 1;
        let refused = loop {
            match journal.append(&payload(last + 1, 90), false) {
                Ok(sequence) => last = sequence,
                Err(error) => break error,
            }
            journal.seal();
        };
        assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull, "room {room}");
        assert!(journal.append(&payload(last + 1, 90), false).is_err(), "room {room}");
        disk.set_space(None);
        assert_eq!(journal.append(&payload(last + 1, 90), false).unwrap(), last + 1, "room {room}");
        drop(journal);
        let found = groups(&open(&disk, 150).unwrap());
        let expected = (1..=last + 1).map(|sequence| (sequence, payload(sequence, 90))).collect();
        assert_eq!(found, expected, "room {room}");
    }
}

#[test]
fn what_is_written_ahead_changes_no_length_holds_nothing_and_goes_with_the_end_of_the_file() {
    let disk = SimulatedDisk::default();
    let mut journal = open(&disk, 2_000).unwrap();
    let only = |disk: &SimulatedDisk| disk.contents().into_values().next().unwrap();
    for sequence in 1..=5 {
        journal.append(&payload(sequence, 90), false).unwrap();
        assert_eq!(only(&disk).len(), 2_000, "after {sequence}");
    }
    let killed = groups(&open(&SimulatedDisk::with(disk.contents()), 2_000).unwrap());
    assert_eq!(killed, (1..=5).map(|sequence| (sequence, payload(sequence, 90))).collect());
    journal.seal();
    let bytes = only(&disk);
    let idle = segment::scan(&bytes, 1).unwrap();
    assert!(!idle.is_torn && idle.groups.len() == 5);
    journal.close().unwrap();
    assert_eq!(only(&disk)[..], bytes[..segment::HEADER + 5 * (90 + super::SEAL_BYTES) + super::SEAL_BYTES]);
}

#[test]
fn a_disk_without_room_for_what_is_written_ahead_takes_the_group() {
    let disk = SimulatedDisk::default();
    let mut journal = open(&disk, 2_000).unwrap();
    disk.set_space(Some(200));
    assert_eq!(journal.append(&payload(1, 90), false).unwrap(), 1);
    journal.seal();
    assert!(journal.append(&payload(2, 90), false).is_err());
    drop(journal);
    let found = groups(&open(&disk, 2_000).unwrap());
    assert_eq!(found, std::iter::once((1, payload(1, 90))).collect());
}

#[test]
fn a_file_begins_with_a_header_that_says_what_it_is() {
    let files = sealed();
    for (name, bytes) in &files {
        let first = name.strip_suffix(".log").unwrap().parse().unwrap();
        assert_eq!(bytes[..segment::HEADER], segment::header(first), "{name}");
    }
}

#[test]
fn what_a_refused_long_group_left_behind_harms_no_later_one() {
    for room in [0, 30, 600] {
        let disk = SimulatedDisk::default();
        let mut journal = open(&disk, 300).unwrap();
        disk.set_space(Some(room));
        assert!(journal.append(&payload(1, 5_000), false).is_err());
        disk.set_space(None);
        // Short ones, so that what was left would still stand behind them when the next file is begun.
        for sequence in 1..=8 {
            journal.append(&payload(sequence, 60), false).unwrap();
        }
        drop(journal);
        let found = groups(&open(&disk, 300).unwrap_or_else(|error| panic!("room {room}: {error}")));
        assert_eq!(found, (1..=8).map(|sequence| (sequence, payload(sequence, 60))).collect(), "room {room}");
    }
}

#[test]
fn no_byte_of_a_snapshot_can_change_or_go_without_a_word() {
    let disk = SimulatedDisk::default();
    let mut journal = open(&disk, 400).unwrap();
    journal.append(&payload(1, 90), false).unwrap();
    let through = journal.rotate().unwrap();
    let mut snapshot = journal.snapshot().unwrap();
    for n in 0..3 {
        let record = serde_json::json!({
            "kind": "thing", "key": n.to_string(), "version": 1, "schema": 1, "class": "audit", "body": "\"text\"",
        });
        snapshot.push(&serde_json::from_value(record).unwrap()).unwrap();
    }
    journal.adopt(snapshot, through, false).unwrap();
    journal.close().unwrap();
    let files = disk.contents();
    let name = files.keys().find(|name| number(name, ".snap").is_some()).unwrap();
    let read = |bytes: Vec<u8>| {
        let mut changed = files.clone();
        changed.insert(name.clone(), bytes);
        let mut records = Vec::new();
        let read = open(&SimulatedDisk::with(changed), 400).unwrap().read_snapshot(|record, _| {
            records.push(record);
            Ok::<_, OpenError>(())
        });
        read.map(|()| records)
    };
    let whole = &files[name];
    let records = read(whole.clone()).unwrap();
    assert_eq!(records.len(), 3);
    for at in 0..whole.len() {
        for change in [0x01, 0x10, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            // The end of the last line means nothing.
            match read(bytes) {
                Ok(found) => assert!(found == records && at + 1 == whole.len(), "byte {at}"),
                Err(error) => assert!(
                    matches!(error, OpenError::Damaged { .. } | OpenError::Behind { .. }),
                    "byte {at}: {error:?}"
                ),
            }
        }
        if at + 1 < whole.len() {
            assert!(matches!(read(whole[..at].to_vec()), Err(OpenError::Damaged { .. })), "cut at {at}");
        }
    }
}
