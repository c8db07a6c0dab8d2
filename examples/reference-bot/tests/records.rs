//! Records out and in again, and what the audit finds in them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use lupinus_bot::{RandomIds, SystemClock};
use lupinus_core::{
    actor::Role,
    service::Centre,
    store::{IndexEntry, Kind, MAX_PAGE, MemoryStore, Record, RecordClass, RecordKey, Scan, Store, Version},
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
async fn an_import_goes_into_an_empty_store_alone() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    let error = transfer::import(store.as_ref(), &file, |_, _| ()).await.unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_not_whole_changes_nothing() {
    let store = given_records().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    transfer::export(store.as_ref(), &file, |_, _| ()).await.unwrap();
    let whole = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let cases = [
        ("its last line is missing", format!("{}\n", lines[..lines.len() - 1].join("\n")), "not whole"),
        ("its last line is cut", whole[..whole.len() - 5].to_owned(), "cut off"),
        ("a line is no record", whole.replacen("\"kind\"", "\"kin\"", 1), "is no record"),
        ("another form", whole.replacen("\"lupinus_export\":1", "\"lupinus_export\":2", 1), "form 2"),
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
    let whole = std::fs::read_to_string(&file).unwrap();
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
