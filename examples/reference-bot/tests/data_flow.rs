//! The sheet of where data goes, made of the settings in force.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
};

use lupinus_console::report::DataFlow;
use reference_bot::{data_flow, settings::Settings};

/// What is set and is no address: a secret, a file that holds one, or nothing of where data goes.
const NO_ADDRESS: [&str; 11] = [
    "LUPINUS_OIDC_CLIENT_SECRET",
    "LUPINUS_OIDC_CLIENT_SECRET_FILE",
    "LUPINUS_DRAIN_SECONDS",
    "LUPINUS_LOG_FORMAT",
    "LUPINUS_CONFIG",
    "LUPINUS_KEYS",
    "LUPINUS_STORE_FILE",
    "LINE_CHANNEL_SECRET",
    "LINE_CHANNEL_SECRET_FILE",
    "LINE_CHANNEL_ACCESS_TOKEN",
    "LINE_CHANNEL_ACCESS_TOKEN_FILE",
];

/// A city's file in which everything is set that can be.
const FULL: &str = r#"
city = "藤波市"
account = "ルピナスセンター"
environment = "production"
rules_version = "1"
trial = false
public_base = "https://bot.example"
console_origin = "https://console.example"
console_https = true
console_proxies = 1
console_addresses = ["203.0.113.0/24", "2001:db8::/32"]
areas = ["東部"]
professions = [{ label = "医療", choices = [{ id = "Nurse", label = "看護師" }] }]
[texts]
language = "ja"
overrides = "texts"
[hours]
mon = ["08:30-17:15"]
closing_days = ["2026-11-02"]
[quiet]
hours = "18:00-08:00"
closing_days = true
[routes]
normal = "checker_then_approver"
emergency = "approver"
[deadlines]
take_hours = 4
decide_hours = 8
mend_hours = 40
schedule_hours = 8
answer_hours = 2
days_before = 1
failed_days = 7
[consultations]
silence_days = 7
reopen_days = 14
media = "hold"
[screening]
personal = ["さくら荘"]
post = { age = "block" }
consultation = { age = "block" }
staff_answer = { age = "block" }
[screening.allow]
organisations = ["藤波病院"]
venues = ["森の家"]
lecturers = ["講師の名"]
[sending]
repeat_days = 30
per_person_per_hour = 4
per_account_per_hour = 20000
[invitations]
days = 14
[sign_in]
attempts = 5
lock_minutes = 15
second_factor = ["administrator"]
[sign_in.oidc]
issuer = "https://login.example/realms/city"
client_id = "lupinus"
label = "庁内アカウント"
passwords = false
second_factor = "ours"
[retention]
sent_posts = 5
unsent_posts = 1
consultations = 5
incidents = 10
canned_answers = 3
[data_flow]
line = { party = "LINEヤフー株式会社", country = "国-line", contract = "契約-line" }
server = { party = "事業者-server", country = "国-server", contract = "契約-server" }
records = { party = "事業者-records", country = "国-records", contract = "契約-records" }
files = { party = "事業者-files", country = "国-files", contract = "契約-files" }
backup = { party = "事業者-backup", country = "国-backup", contract = "契約-backup" }
monitoring = { party = "事業者-monitoring", country = "国-monitoring", contract = "契約-monitoring" }
"#;

/// Every setting there is, read, with the names of the variables that were asked for.
fn full(folder: &Path) -> (Settings, BTreeSet<String>, BTreeMap<String, String>) {
    let (config, keys) = (folder.join("lupinus.toml"), folder.join("keys"));
    std::fs::write(&config, FULL).unwrap();
    reference_bot::keys::draw(&keys, Some("canary-key-name".to_owned()), false).unwrap();
    let set = [
        ("LUPINUS_LISTEN", "10.0.0.5:8443"),
        ("LUPINUS_DRAIN_SECONDS", "5"),
        ("LUPINUS_STORE", "postgres://canary-user:canary-password@db.example:6432/city?sslmode=require"),
        ("LUPINUS_FILES", "/srv/files.example"),
        ("LUPINUS_KEYS_FILE", keys.to_str().unwrap()),
        ("LUPINUS_CONFIG", config.to_str().unwrap()),
        ("LUPINUS_LOG_FORMAT", "json"),
        ("LUPINUS_OIDC_CLIENT_SECRET", "canary-oidc-secret"),
        ("LINE_CHANNEL_SECRET", "canary-secret"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "canary-token"),
        ("LINE_API_BASE", "https://relay.example/line"),
        ("LINE_DATA_API_BASE", "https://data-relay.example"),
    ];
    let set: BTreeMap<String, String> = set.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let asked = RefCell::new(BTreeSet::new());
    let settings = Settings::read(&|name| {
        asked.borrow_mut().insert(name.to_owned());
        set.get(name).cloned()
    });
    (settings.unwrap(), asked.into_inner(), set)
}

/// Whether something would be taken for an address: it names a host, a port or an absolute path.
fn is_address(value: &str) -> bool {
    value.contains("://")
        || value.contains(".example")
        || value.starts_with('/')
        || value.parse::<SocketAddr>().is_ok()
}

/// The values of what is shown of settings: a line each, `name: value,`, without the marks around it.
fn values(shown: &str) -> impl Iterator<Item = &str> {
    shown.lines().filter_map(|line| {
        let line = line.trim().trim_end_matches(',');
        let value = line.split_once(": ").map_or(line, |(_, value)| value);
        let value = value.trim_matches('"');
        (!value.is_empty()).then_some(value)
    })
}

fn texts(sheet: &DataFlow) -> [String; 2] {
    [sheet.markdown(), serde_json::to_string(sheet).unwrap()]
}

// R4
#[test]
fn every_address_that_is_configured_stands_in_the_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, asked, set) = full(folder.path());
    // A variable that is new is set above and stands in the sheet, or is said to be no address.
    for name in &asked {
        assert!(
            set.contains_key(name) || NO_ADDRESS.contains(&name.as_str()),
            "set {name} in this test, or say that it is no address"
        );
    }
    let shown = format!("{settings:#?}");
    // A key of the file that is new is set above.
    for empty in [": None", ": []", ": {}", ": \"\""] {
        let at = shown.lines().find(|line| line.trim_end_matches(',').ends_with(empty));
        assert_eq!(at, None, "set it in FULL");
    }
    let sheet = data_flow::sheet(&settings);
    let config = set["LUPINUS_CONFIG"].as_str();
    let mut addresses = 0;
    for value in values(&shown).filter(|value| is_address(value) && *value != config) {
        addresses += 1;
        let value = value.rsplit_once('@').map_or(value, |(_, host)| host);
        for text in texts(&sheet) {
            assert!(text.contains(value), "{value} is configured and stands not in {text}");
        }
    }
    assert!(addresses >= 8, "only {addresses} addresses in {shown}");
    for name in asked.iter().filter(|name| !NO_ADDRESS.contains(&name.as_str())) {
        assert!(sheet.addresses.iter().any(|address| address.key == name), "{name} is not in the sheet");
    }
}

// R4
#[test]
fn parties_countries_and_contracts_are_the_citys_own_words_and_what_it_leaves_out_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _, _) = full(folder.path());
    let full = data_flow::sheet(&settings).markdown();
    for place in ["server", "records", "files", "backup", "monitoring"] {
        for what in ["事業者", "国", "契約"] {
            assert!(full.contains(&format!("{what}-{place}")), "{what} {place}: {full}");
        }
    }
    assert!(!full.contains("記載なし"), "{full}");
    let bare = Settings::read(&|_| None).unwrap();
    let bare = data_flow::sheet(&bare).markdown();
    for key in ["line.country", "server.party", "backup.contract", "monitoring.country"] {
        assert!(bare.contains(&format!("記載なし(data_flow.{key})")), "{key}: {bare}");
    }
    assert!(bare.contains("| 記録の保存先 | sled:./data | LUPINUS_STORE |"), "{bare}");
    assert!(bare.contains("なし(暗号化していない)"), "{bare}");
}

// R4, R25
#[test]
fn no_secret_stands_in_the_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _, set) = full(folder.path());
    let key = std::fs::read_to_string(&set["LUPINUS_KEYS_FILE"]).unwrap();
    let secrets = key.split_whitespace().filter(|word| word.len() > 16).chain(["canary"]);
    let secrets: Vec<&str> = secrets.collect();
    assert!(secrets.len() > 1, "the keys' file has no long word");
    for text in texts(&data_flow::sheet(&settings)) {
        for secret in &secrets {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
