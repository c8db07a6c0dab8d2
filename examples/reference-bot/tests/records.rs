//! Records out and in again, and what the audit finds in them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use futures::FutureExt as _;
use lupinus_bot::{RandomIds, SystemClock};
use lupinus_core::{
    actor::Role,
    consultation::Consultation,
    member::Member,
    post::Post,
    service::Centre,
    store::{
        Batch, Entity as _, IndexEntry, Kind, MAX_PAGE, MemoryStore, Op, Record, RecordClass, RecordKey,
        Scan, Store, StoreExt as _, Stored, Version,
    },
    testkit::{Fault, Faulty},
};
use lupinus_store_postgres::testkit::Schema;
use lupinus_store_sled::SledStore;
use reference_bot::{
    accounts, app, report,
    settings::{CityFile, Settings},
    transfer,
};

async fn centre(store: Arc<dyn Store>) -> Centre {
    app::centre(store, Arc::new(SystemClock), Arc::new(RandomIds::new()), &CityFile::default()).await.unwrap()
}

/// A store with some history.
async fn given_records() -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let centre = centre(Arc::clone(&store)).await;
    let roles = [Role::Administrator];
    accounts::create(&centre, "kanri", "管理", &roles, "a password of tests", None).await.unwrap();
    for number in 0..5 {
        let (login, roles) = (format!("staff-{number}"), [Role::Checker, Role::Consultant]);
        accounts::create(&centre, &login, "職員", &roles, "a password of tests", None).await.unwrap();
    }
    store
}

async fn everything(store: &dyn Store) -> Vec<Record> {
    let mut records = Vec::new();
    for kind in store.kinds().await.unwrap() {
        let mut scan = Scan::keys(kind).limit(MAX_PAGE);
        loop {
            let page = store.scan(&scan).await.unwrap();
            records.extend(page.records);
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
    }
    records
}

#[tokio::test]
async fn what_is_exported_from_one_store_is_imported_into_another_record_by_record() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    let written = transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    let sled = SledStore::open(folder.path().join("data")).unwrap();
    let read = transfer::import(&sled, &file, |_, _| ()).await.unwrap();
    assert_eq!(written, read);
    assert!(written > 10);
    assert_eq!(everything(store.as_ref()).await, everything(&sled).await);
    let again = folder.path().join("again.jsonl");
    transfer::export(&sled, &again, |_, _| ()).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(&again).unwrap());
    assert!(everything(&sled).await.iter().all(|record| !record.body.is_empty()));
    sled.close().await.unwrap();
}

/// Out of the embedded store, into a database, and back.
#[tokio::test]
async fn a_city_moves_to_postgresql_and_back_by_export_and_import_byte_for_byte() {
    let Some(schema) = Schema::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(format!("{name}.jsonl"));
    let given = given_records().await;
    let odd = ["a\0b", "\u{10FFFF}", "か\u{3099}"].map(|key| Record {
        key: RecordKey::new(Kind::new("odd"), key),
        version: Version::from_number(7),
        schema: 3,
        class: RecordClass::Membership,
        indexes: vec![IndexEntry::unique("z", key), IndexEntry::new("a", "\0"), IndexEntry::new("a", "\0")],
        body: "{ \"b\": 1.0e2,\t\"a\":\"\\u0000\" }".into(),
    });
    given.restore(odd.to_vec()).await.unwrap();
    transfer::export(given.as_ref(), &file("given"), |_, _| ()).await.unwrap();
    let sled = SledStore::open(folder.path().join("data")).unwrap();
    transfer::import(&sled, &file("given"), |_, _| ()).await.unwrap();
    transfer::export(&sled, &file("sled"), |_, _| ()).await.unwrap();
    sled.close().await.unwrap();

    let postgres = schema.store().await;
    let read = transfer::import(&postgres, &file("sled"), |_, _| ()).await.unwrap();
    assert!(read > 10);
    transfer::export(&postgres, &file("postgres"), |_, _| ()).await.unwrap();
    let back = SledStore::open(folder.path().join("back")).unwrap();
    transfer::import(&back, &file("postgres"), |_, _| ()).await.unwrap();
    transfer::export(&back, &file("back"), |_, _| ()).await.unwrap();
    back.close().await.unwrap();
    let bytes = |name: &str| std::fs::read(file(name)).unwrap();
    assert_eq!(bytes("sled"), bytes("postgres"));
    assert_eq!(bytes("sled"), bytes("back"));

    let centre = centre(Arc::new(postgres)).await;
    assert!(centre.verify_audit(|_| ()).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn an_import_goes_into_no_store_that_somebody_has_worked_with() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    // One more account, and the trail of it.
    let at_work = centre(Arc::clone(&store)).await;
    accounts::create(&at_work, "zzz", "職員", &[Role::Auditor], "a password of tests", None).await.unwrap();
    let before = everything(store.as_ref()).await;
    let error = transfer::import(store.as_ref(), &file, |_, _| ()).await.unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
    // As much as the file holds, and one of it another one.
    let other = MemoryStore::new();
    transfer::import(&other, &file, |_, _| ()).await.unwrap();
    let mut changed = everything(&other).await.remove(3);
    changed.body = "{}".into();
    other.restore(vec![changed]).await.unwrap();
    let error = transfer::import(&other, &file, |_, _| ()).await.unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
    assert_eq!(everything(store.as_ref()).await, before);
}

/// An import that ends anywhere goes on where it was.
#[tokio::test]
async fn an_import_that_was_broken_off_goes_on_with_the_same_file() {
    let given = MemoryStore::new();
    let records = (0..1_200).map(|number| odd(&format!("{number:05}"), "{}"));
    given.restore(records.collect()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(&given, &file, |_, _| ()).await.unwrap();
    let mut broken_off = 0;
    for fault in [Fault::Before, Fault::After] {
        for nth in 1.. {
            let store = Faulty::new(Arc::new(MemoryStore::new()));
            store.fail_call(nth, fault);
            if transfer::import(&store, &file, |_, _| ()).await.is_ok() {
                break;
            }
            broken_off += u32::from(!everything(&store).await.is_empty());
            assert_eq!(transfer::import(&store, &file, |_, _| ()).await.unwrap(), 1_200);
            assert_eq!(everything(&store).await, everything(&given).await, "{fault:?} {nth}");
        }
    }
    assert!(broken_off >= 4, "{broken_off} were broken off half-way");
}

/// What is exported while somebody writes is what the store held at one moment.
#[tokio::test]
async fn an_export_holds_what_there_was_at_one_moment_though_somebody_writes() {
    let store = MemoryStore::new();
    let both = |number: u32| ["first", "second"].map(|key| odd(key, &format!("{{\"n\":{number}}}")));
    store.restore(both(0).to_vec()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    let mut writes = 0;
    // Each kind is a page: between the two somebody changes both in one step, three times.
    let exported = transfer::export(&store, &file, |done, _| {
        if done == 1 && writes < 3 {
            writes += 1;
            store.restore(both(writes).to_vec()).now_or_never().unwrap().unwrap();
        }
    });
    assert_eq!(exported.await.unwrap(), 2);
    let read = MemoryStore::new();
    transfer::import(&read, &file, |_, _| ()).await.unwrap();
    let bodies: Vec<_> = everything(&read).await.into_iter().map(|record| record.body).collect();
    assert_eq!(bodies, ["{\"n\":3}".into(), "{\"n\":3}".into()]);

    // What is there whenever records are counted and gone whenever they are read makes no file that nobody could import.
    let before = std::fs::read(&file).unwrap();
    let mut is_gone = false;
    let flickering = transfer::export(&store, &file, |_, _| {
        is_gone = !is_gone;
        if is_gone {
            let key = RecordKey::new(Kind::from_name("second"), "second");
            let mut batch = Batch::new();
            batch.push(Op::Delete { key, expected: Version::from_number(7) });
            store.commit(batch).now_or_never().unwrap().unwrap();
        } else {
            store.restore(both(3).to_vec()).now_or_never().unwrap().unwrap();
        }
    });
    assert!(flickering.await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);

    // Whoever writes without a pause is told, and the file of before stays.
    let mut number = 10;
    let restless = transfer::export(&store, &file, |_, _| {
        number += 1;
        store.restore(both(number).to_vec()).now_or_never().unwrap().unwrap();
    });
    let error = restless.await.unwrap_err();
    assert!(error.to_string().contains("when less is going on"), "{error}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// An export as form 1 has it.
fn as_form_1(export: &str) -> String {
    let (records, _) = export.trim_end().rsplit_once('\n').unwrap();
    format!("{records}\n").replacen("\"lupinus_export\":2", "\"lupinus_export\":1", 1)
}

/// A record of a kind of its own.
fn odd(name: &str, body: &str) -> Record {
    let kind = if name == "first" || name == "second" { name } else { "odd" };
    Record {
        key: RecordKey::new(Kind::from_name(kind), name),
        version: Version::from_number(7),
        schema: 3,
        class: RecordClass::Membership,
        indexes: vec![IndexEntry::new("a", name)],
        body: body.into(),
    }
}

/// What the first form of an export holds, unpacked into `folder`: a made-up city that has worked for six months.
fn export_of_form_1(folder: &Path) -> PathBuf {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports/form-1.jsonl.gz");
    let file = folder.join("form-1.jsonl");
    let mut packed = flate2::read::GzDecoder::new(File::open(kept).unwrap());
    std::io::copy(&mut packed, &mut File::create(&file).unwrap()).unwrap();
    file
}

/// R47: what the first form of an export held, every kind of record of a city that has worked for months, is what this program reads.
#[tokio::test]
async fn an_export_of_an_earlier_form_imports_and_its_city_works_on() {
    let folder = tempfile::tempdir().unwrap();
    let kept = export_of_form_1(folder.path());
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let read = transfer::import(store.as_ref(), &kept, |_, _| ()).await.unwrap();
    assert!(read > 500, "{read}");
    let file = folder.path().join("now.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    let lines = |path: &Path| -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().skip(1).filter(|line| !line.starts_with("{\"sha256\"")).map(str::to_owned).collect()
    };
    assert_eq!(lines(&kept), lines(&file), "nothing of it is another one");

    let centre = centre(Arc::clone(&store)).await;
    let checked = centre.verify_audit(|_| ()).await.unwrap();
    assert!(checked.faults.is_empty() && checked.entries > 100, "{checked:?}");
    let posts = store.count(&Scan::keys(Post::KIND)).await.unwrap();
    let read: Vec<Stored<Post>> = store.all(Scan::keys(Post::KIND), 10_000).await.unwrap();
    assert_eq!(read.len() as u64, posts);
    let read: Vec<Stored<Consultation>> = store.all(Scan::keys(Consultation::KIND), 10_000).await.unwrap();
    assert!(!read.is_empty());
    let read: Vec<Stored<Member>> = store.all(Scan::keys(Member::KIND), 10_000).await.unwrap();
    assert!(!read.is_empty());
    accounts::create(&centre, "new-one", "新任", &[Role::Auditor], "a password of tests", None)
        .await
        .unwrap();
}

/// R46: a backup is one command, and an empty machine with nothing but its file has the city again.
#[test]
fn a_city_is_back_on_an_empty_machine_with_one_command() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let run = |folder: &Path, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reference-bot"));
        command.current_dir(folder).args(arguments).env("LUPINUS_STORE", "sled:data");
        for name in ["LUPINUS_KEYS", "LUPINUS_KEYS_FILE", "LUPINUS_CONFIG", "LUPINUS_FILES"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    export_of_form_1(here.path());
    run(here.path(), &["import", "form-1.jsonl"]);
    let backup = here.path().join("backup.jsonl");
    run(here.path(), &["export", "backup.jsonl"]);

    let moved = there.path().join("backup.jsonl");
    std::fs::copy(&backup, &moved).unwrap();
    run(there.path(), &["import", "backup.jsonl"]);
    run(there.path(), &["audit", "verify"]);
    for period in ["2026", "2026-05"] {
        assert_eq!(run(here.path(), &["report", period]), run(there.path(), &["report", period]));
    }
    run(there.path(), &["export", "again.jsonl"]);
    assert!(std::fs::read(backup).unwrap() == std::fs::read(there.path().join("again.jsonl")).unwrap());
}

#[tokio::test]
async fn a_file_that_is_not_whole_changes_nothing() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    let whole = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let of_form_1 = as_form_1(&whole);
    let cases = [
        ("its last line is missing", format!("{}\n", lines[..lines.len() - 1].join("\n")), "no last line"),
        ("a record is missing", [&lines[..2], &lines[3..]].concat().join("\n") + "\n", "was changed"),
        ("a letter is another one", whole.replacen("staff-3", "staff-4", 1), "was changed"),
        ("it goes on", format!("{whole}{}\n", lines[1]), "goes on behind"),
        ("it announces another number", of_form_1.replacen("\"records\":", "\"records\":1", 1), "not whole"),
        ("its last line is cut", whole[..whole.len() - 5].to_owned(), "cut off"),
        ("a line is no record", whole.replacen("\"kind\"", "\"kin\"", 1), "is no record"),
        ("another form", whole.replacen("\"lupinus_export\":2", "\"lupinus_export\":3", 1), "form 3"),
        ("something else", "hello\n".to_owned(), "does not begin like an export"),
        ("nothing", String::new(), "is empty"),
    ];
    for (name, text, expected) in cases {
        let broken = folder.path().join("broken.jsonl");
        std::fs::write(&broken, text).unwrap();
        let empty = MemoryStore::new();
        let error = transfer::import(&empty, &broken, |_, _| ()).await.unwrap_err();
        assert!(format!("{error:#}").contains(expected), "{name}: {error:#}");
        assert!(empty.kinds().await.unwrap().is_empty(), "{name}");
    }
}

// R19
#[tokio::test]
async fn the_audit_finds_one_changed_byte_and_one_missing_entry() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    // Whoever meddles with a file knows of its checksum: as form 1 it has none.
    let whole = as_form_1(&std::fs::read_to_string(&file).unwrap());
    let audited = |line: &&str| line.contains("\"kind\":\"audit\"") && line.contains("command_line");
    let entry = whole.lines().find(audited).unwrap();
    let changed = entry.replacen("command_line", "system", 1);
    let fewer: Vec<&str> = whole.lines().filter(|line| *line != entry).collect();
    let announced = whole.lines().count() - 1;
    let fewer = format!("{}\n", fewer.join("\n")).replacen(
        &format!("\"records\":{announced}"),
        &format!("\"records\":{}", announced - 1),
        1,
    );
    let cases = [
        ("as it was", whole.clone(), 0),
        ("one word changed", whole.replacen(entry, &changed, 1), 1),
        ("one entry gone", fewer, 1),
    ];
    for (name, text, faults) in cases {
        let broken = folder.path().join("broken.jsonl");
        std::fs::write(&broken, text).unwrap();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        transfer::import(store.as_ref(), &broken, |_, _| ()).await.unwrap();
        let report = centre(store).await.verify_audit(|_| ()).await.unwrap();
        assert_eq!(report.faults.len().min(1), faults, "{name}: {:?}", report.faults);
    }
}

#[tokio::test]
async fn the_first_account_is_an_administrator_and_later_ones_need_one_who_answers_for_them() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let centre = centre(store).await;
    let password = "a password of tests";
    let refused = accounts::create(&centre, "x", "x", &[Role::Checker], password, None).await.unwrap_err();
    assert!(refused.to_string().contains("--role administrator"), "{refused}");
    let both = [Role::Administrator, Role::Approver];
    let first = accounts::create(&centre, "first", "一", &both, password, None).await.unwrap();
    assert!(first.roles.has(Role::Administrator) && first.roles.has(Role::Approver));
    let second = accounts::create(&centre, "second", "二", &both, password, None).await.unwrap();
    assert!(second.roles.has(Role::Administrator));
    let refused =
        accounts::create(&centre, "third", "三", &[Role::Checker], password, None).await.unwrap_err();
    assert!(refused.to_string().contains("--by LOGIN"), "{refused}");
    let third =
        accounts::create(&centre, "third", "三", &[Role::Checker], password, Some("second")).await.unwrap();
    assert!(!third.roles.has(Role::Administrator));
    let twice = accounts::create(&centre, "third", "四", &[Role::Checker], password, Some("second")).await;
    assert!(twice.is_err());
}

// R15
#[tokio::test]
async fn whoever_starts_the_program_is_told_when_nobody_can_walk_a_route_to_its_end() {
    let nobody: Arc<dyn Store> = Arc::new(MemoryStore::new());
    assert_eq!(
        app::route_warning(&centre(nobody).await).await.unwrap(),
        None,
        "the first account comes later"
    );
    let centre = centre(given_records().await).await;
    let warning = app::route_warning(&centre).await.unwrap().unwrap();
    assert!(warning.contains("route \"normal\", step 1"), "{warning}");
    for login in ["first", "second"] {
        accounts::create(&centre, login, "承認", &[Role::Approver], "a password of tests", None)
            .await
            .unwrap();
    }
    assert_eq!(app::route_warning(&centre).await.unwrap(), None);
}

// R3, R50
#[tokio::test]
async fn the_report_is_one_command_in_tables_or_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let centre = centre(given_records().await).await;
    let store = |name: &str| (name == "LUPINUS_STORE").then(|| "sled:/srv/lupinus".to_owned());
    let settings = Settings::read(&store).unwrap();
    let said = report::report(&centre, &settings, None, None).await.unwrap();
    for words in ["1. 会員", "6. 運用と体制", "使える職員(人、集計時点)", "/srv/lupinus(sled)", "職員・権限"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let file = folder.path().join("figures.csv");
    let period = Some("2026".parse().unwrap());
    let said = report::report(&centre, &settings, period, Some(&file)).await.unwrap();
    assert!(said.contains("令和8年度の集計") && said.contains("figures.csv"), "{said}");
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(csv.contains("2026,6 運用と体制,管理画面の利用,使える職員(人、集計時点),数,6"), "{csv}");
    let nowhere = folder.path().join("no/such/figures.csv");
    let refused = report::report(&centre, &settings, None, Some(&nowhere)).await.unwrap_err();
    assert!(refused.to_string().contains("cannot write"), "{refused:#}");
}
