//! Keys from a file, the store and the files that they encrypt, and the way from one key to the next.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use lupinus_bot::{RandomIds, SystemClock};
use lupinus_core::{
    actor::Role,
    blob::Blob as _,
    store::{IndexEntry, Kind, MAX_PAGE, MemoryStore, Record, RecordClass, RecordKey, Scan, Store, Version},
};
use lupinus_store_wrappers::{Encrypted, Keys};
use reference_bot::{
    accounts, app,
    doctor::{self, Level},
    keys,
    settings::{CityFile, Settings, StoreUrl},
    stores, transfer,
};

/// The program with a store and a file of keys in `folder`; `keys` names the file.
fn run(folder: &Path, keys: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference-bot"));
    command.current_dir(folder).args(arguments).env("LUPINUS_STORE", "sled:data");
    for name in ["LUPINUS_KEYS", "LUPINUS_KEYS_FILE", "LUPINUS_CONFIG", "LUPINUS_FILES"] {
        command.env_remove(name);
    }
    command.envs(keys.map(|file| ("LUPINUS_KEYS_FILE", file))).output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", said(output));
    said(output)
}

fn hired(folder: &Path, keys: Option<&str>, login: &str, by: &[&str]) -> Output {
    fs::write(folder.join("password"), "a password of tests\n").unwrap();
    let arguments = ["staff", "create", "--login", login, "--name", "暗号太郎", "--role", "administrator"];
    run(folder, keys, &[&arguments[..], &["--password-file", "password"], by].concat())
}

/// Whether a file below `folder` holds these bytes.
fn holds(folder: &Path, bytes: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

#[test]
fn a_city_encrypts_changes_its_keys_and_takes_the_old_one_away() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let file = "lupinus.keys";
    let made = done(&run(at, None, &["keys", "new", file, "--name", "first"]));
    assert!(made.contains("LUPINUS_KEYS_FILE") && made.contains("without it nothing can be read"), "{made}");
    let first = fs::read_to_string(at.join(file)).unwrap();
    assert!(!made.contains(first.trim().split_once(':').unwrap().1), "the key is shown");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(at.join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    done(&hired(at, Some(file), "kagiban", &[]));
    for word in ["kagiban", "暗号太郎"] {
        assert!(!holds(&at.join("data"), word), "{word} can be read");
    }

    let plain = refused(&run(at, None, &["export", "all.jsonl"]));
    assert!(plain.contains("is encrypted: set LUPINUS_KEYS_FILE"), "{plain}");
    done(&run(at, None, &["keys", "new", "other.keys", "--name", "first"]));
    let wrong = refused(&run(at, Some("other.keys"), &["export", "all.jsonl"]));
    assert!(wrong.contains("the key first does not open the store"), "{wrong}");
    done(&run(at, None, &["keys", "new", "third.keys", "--name", "third"]));
    let missing = refused(&run(at, Some("third.keys"), &["export", "all.jsonl"]));
    assert!(missing.contains("with the key first, which is not among the keys"), "{missing}");

    done(&run(at, Some(file), &["export", "before.jsonl"]));
    let again = refused(&run(at, None, &["keys", "new", file, "--name", "first"]));
    assert!(again.contains("--name"), "{again}");
    assert_eq!(fs::read_to_string(at.join(file)).unwrap(), first, "a refused key changes nothing");
    done(&run(at, None, &["keys", "new", file, "--name", "second"]));
    done(&run(at, None, &["keys", "new", file, "--name", "standby", "--behind"]));
    let names: Keys = fs::read_to_string(at.join(file)).unwrap().parse().unwrap();
    assert_eq!(names.names().collect::<Vec<_>>(), ["second", "first", "standby"]);

    let rotated = done(&run(at, Some(file), &["keys", "rotate"]));
    assert!(rotated.contains("with the key second") && rotated.contains("first, standby"), "{rotated}");
    let second = fs::read_to_string(at.join(file)).unwrap().lines().next().unwrap().to_owned();
    fs::write(at.join("second.keys"), second).unwrap();
    done(&hired(at, Some("second.keys"), "kagiban2", &["--by", "kagiban"]));
    done(&run(at, Some("second.keys"), &["audit", "verify"]));
    let gone = refused(&run(at, Some("other.keys"), &["keys", "rotate"]));
    assert!(gone.contains("with the key second"), "{gone}");
    let none = refused(&run(at, None, &["keys", "rotate"]));
    assert!(none.contains("LUPINUS_KEYS_FILE"), "{none}");
}

#[test]
fn a_store_that_holds_plain_records_says_how_they_come_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(&hired(at, None, "kagiban", &[]));
    done(&run(at, None, &["keys", "new", "lupinus.keys"]));
    let refused = refused(&run(at, Some("lupinus.keys"), &["audit", "verify"]));
    assert!(refused.contains("export it, then import that into a new store with keys"), "{refused}");
    done(&run(at, None, &["export", "all.jsonl"]));
    fs::rename(at.join("data"), at.join("plain")).unwrap();
    done(&run(at, Some("lupinus.keys"), &["import", "all.jsonl"]));
    done(&run(at, Some("lupinus.keys"), &["export", "again.jsonl"]));
    assert_eq!(fs::read(at.join("all.jsonl")).unwrap(), fs::read(at.join("again.jsonl")).unwrap());
    assert!(holds(&at.join("plain"), "暗号太郎") && !holds(&at.join("data"), "暗号太郎"));
}

#[tokio::test]
async fn an_export_is_the_same_whatever_the_store_is_wrapped_in() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let ring: Keys = lines(&["a"]).parse().unwrap();
    let url = StoreUrl::Sled(file("data"));
    let given = stores::open(&StoreUrl::Memory, None).await.unwrap();
    let centre = app::centre(
        Arc::clone(&given),
        Arc::new(SystemClock),
        Arc::new(RandomIds::new()),
        &CityFile::default(),
    )
    .await
    .unwrap();
    let password = "a password of tests";
    accounts::create(&centre, "kagiban", "鍵", &[Role::Administrator], password, None).await.unwrap();
    transfer::export(&*given, &file("plain"), |_, _| ()).await.unwrap();
    let encrypted = stores::open(&url, Some(&ring)).await.unwrap();
    transfer::import(&*encrypted, &file("plain"), |_, _| ()).await.unwrap();
    transfer::export(&*encrypted, &file("encrypted"), |_, _| ()).await.unwrap();
    encrypted.close().await.unwrap();
    let back = MemoryStore::new();
    transfer::import(&back, &file("encrypted"), |_, _| ()).await.unwrap();
    transfer::export(&back, &file("back"), |_, _| ()).await.unwrap();
    let bytes = |name| fs::read(file(name)).unwrap();
    assert!(bytes("plain").len() > 1_000);
    assert_eq!(bytes("plain"), bytes("encrypted"));
    assert_eq!(bytes("plain"), bytes("back"));
}

fn lines(names: &[&str]) -> String {
    use secrecy::ExposeSecret as _;
    let drawn = names.iter().map(|name| Keys::draw(name).unwrap().expose_secret().to_owned());
    drawn.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn files_are_encrypted_too_and_plain_ones_from_before_are_read_and_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let both = lines(&["newer", "older"]);
    let (newer, older) = both.split_once('\n').unwrap();
    let (both, newer, older): (Keys, Keys, Keys) =
        (both.parse().unwrap(), newer.parse().unwrap(), older.parse().unwrap());
    let files = |keys| stores::files(&StoreUrl::Memory, Some(folder.path()), keys).unwrap();
    let before = files(None).put(Bytes::from_static(b"a plain flyer")).await.unwrap();
    let sealed = files(Some(&older)).put(Bytes::from_static(b"a sealed flyer")).await.unwrap();
    assert!(holds(folder.path(), "a plain flyer") && !holds(folder.path(), "a sealed flyer"));
    assert_eq!(files(Some(&both)).get(before).await.unwrap().unwrap(), "a plain flyer");
    assert_eq!(files(Some(&both)).get(sealed).await.unwrap().unwrap(), "a sealed flyer");
    let error = files(Some(&newer)).get(sealed).await.unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.contains("with the key older, which is not among the keys"), "{why}");

    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let store = Encrypted::open(store, both.clone(), &[]).await.unwrap();
    let (said, is_done) = keys::rotate(&store, &files(Some(&both)), &both, |_, _| ()).await.unwrap();
    assert!(is_done && said.contains("0 records and 2 files"), "{said}");
    let (said, _) = keys::rotate(&store, &files(Some(&both)), &both, |_, _| ()).await.unwrap();
    assert!(said.contains("0 records and 0 files"), "{said}");
    assert!(!holds(folder.path(), "a plain flyer"));
    assert_eq!(files(Some(&newer)).get(before).await.unwrap().unwrap(), "a plain flyer");
    assert_eq!(files(Some(&newer)).get(sealed).await.unwrap().unwrap(), "a sealed flyer");

    let hex = sealed.to_hex();
    fs::write(folder.path().join(&hex[..2]).join(&hex), b"something else").unwrap();
    let (said, is_done) = keys::rotate(&store, &files(Some(&both)), &both, |_, _| ()).await.unwrap();
    assert!(!is_done && said.contains("1 files are damaged"), "{said}");
}

#[tokio::test]
async fn a_rotation_names_what_it_cannot_read_and_gives_no_key_away() {
    let folder = tempfile::tempdir().unwrap();
    let both: Keys = lines(&["newer", "older"]).parse().unwrap();
    let beneath: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let store = Encrypted::open(Arc::clone(&beneath), both.clone(), &[]).await.unwrap();
    let plain = Record {
        key: RecordKey::new(Kind::new("note"), "1"),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: "{}".into(),
    };
    beneath.restore(vec![plain]).await.unwrap();
    let files = stores::files(&StoreUrl::Memory, Some(folder.path()), Some(&both)).unwrap();
    let (said, is_done) = keys::rotate(&store, &files, &both, |_, _| ()).await.unwrap();
    assert!(!is_done && said.contains("1 records cannot be read") && said.contains("(note/1)"), "{said}");
    assert!(said.contains("keep every key") && !said.contains("Nothing needs"), "{said}");
}

#[test]
fn keys_are_read_from_the_environment_or_a_file_and_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lupinus.keys");
    let ring = lines(&["newer", "older"]);
    fs::write(&file, &ring).unwrap();
    let read = |set: &[(&str, &str)]| {
        Settings::read(&|name| set.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned()))
    };
    let path = file.to_str().unwrap();
    for set in [("LUPINUS_KEYS_FILE", path), ("LUPINUS_KEYS", &ring.replace('\n', ","))] {
        let settings = read(&[set]).unwrap();
        assert_eq!(settings.keys.as_ref().unwrap().newest(), "newer");
        assert!(settings.kept_at_ja().contains("暗号化"));
        let shown = format!("{settings:?}");
        assert!(ring.lines().all(|line| !shown.contains(&line.split_once(':').unwrap().1[..8])), "{shown}");
    }
    assert!(read(&[]).unwrap().keys.is_none());
    let twice = read(&[("LUPINUS_KEYS_FILE", path), ("LUPINUS_KEYS", &ring)]).unwrap_err();
    assert!(twice.to_string().contains("unset one"), "{twice}");
    let broken = read(&[("LUPINUS_KEYS", "sesame-open")]).unwrap_err().to_string();
    assert!(broken.contains("line 1 is no key") && broken.contains("keys new FILE"), "{broken}");
    assert!(!broken.contains("sesame"), "{broken}");
}

#[cfg(unix)]
#[test]
fn the_doctor_says_whether_there_are_keys_and_who_can_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lupinus.keys");
    let ring = lines(&["newer", "older"]);
    fs::write(&file, &ring).unwrap();
    let ring: Keys = ring.parse().unwrap();
    let none = doctor::encryption(None, None, None);
    assert!(none.level == Level::Yellow && none.to_do.contains("keys new"), "{none}");
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    let open = doctor::encryption(Some(&ring), Some(&file), None);
    assert!(open.level == Level::Yellow && open.to_do.contains("chmod 600"), "{open}");
    // systemd hands over a file whose bits for the group stand for an access list.
    mode(0o440);
    let credential = doctor::encryption(Some(&ring), Some(&file), Some(folder.path()));
    assert_eq!(credential.level, Level::Green, "{credential}");
    let elsewhere = doctor::encryption(Some(&ring), Some(&file), Some(&folder.path().join("other")));
    assert_eq!(elsewhere.level, Level::Yellow, "{elsewhere}");
    mode(0o600);
    let good = doctor::encryption(Some(&ring), Some(&file), None);
    assert!(
        good.level == Level::Green && good.found.contains("newer") && good.found.contains("1個"),
        "{good}"
    );
    for finding in [none, good] {
        assert!(finding.what == "暗号化の鍵" && finding.found.contains("設定されてい"), "{finding}");
    }
}

/// A rotation that is killed again and again, at whatever point it has come to.
#[cfg(unix)]
#[tokio::test]
async fn a_rotation_that_is_killed_goes_on_until_nothing_needs_the_old_key() {
    const RECORDS: usize = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let ring = lines(&["newer", "older"]);
    let (newer, older) = ring.split_once('\n').unwrap();
    fs::write(at.join("both.keys"), &ring).unwrap();
    let url = StoreUrl::Sled(at.join("data"));
    let given = |n: usize| Record {
        key: RecordKey::new(Kind::new("note"), format!("{n:06}")),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: vec![IndexEntry::new("at", format!("{n:06}"))],
        body: format!("{{\"text\":\"{}\"}}", n.to_string().repeat(60)).into(),
    };
    let store = stores::open(&url, Some(&older.parse().unwrap())).await.unwrap();
    for n in (0..RECORDS).step_by(500) {
        store.restore((n..n + 500).map(given).collect()).await.unwrap();
    }
    store.close().await.unwrap();
    drop(store);

    let (mut killed, mut patience) = (0, Duration::from_millis(5));
    loop {
        let mut rotating = Command::new(env!("CARGO_BIN_EXE_reference-bot"))
            .current_dir(at)
            .args(["keys", "rotate"])
            .env("LUPINUS_STORE", "sled:data")
            .env("LUPINUS_KEYS_FILE", "both.keys")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(patience);
        rotating.kill().unwrap();
        if rotating.wait().unwrap().success() {
            break;
        }
        killed += 1;
        patience += Duration::from_millis(30);
    }
    let store = stores::open(&url, Some(&newer.parse().unwrap())).await.unwrap();
    let mut scan = Scan::keys(Kind::new("note")).limit(MAX_PAGE);
    let mut seen = 0;
    loop {
        let page = store.scan(&scan).await.unwrap();
        for record in page.records {
            assert_eq!(record, Record { version: record.version, ..given(seen) });
            // Once each: what was done before it was killed was not done again.
            assert_eq!(record.version.number(), 2, "{}", record.key);
            seen += 1;
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, RECORDS);
    assert!(killed > 0, "it was never killed");
}
