//! Nothing personal is kept: what was said is looked for in every byte of the store, the export, the logs and the metrics (R8).
//!
//! One test in a process of its own: logs and metrics are recorded for the whole process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use aho_corasick::AhoCorasick;
use lupinus_emulator::Fault;
use lupinus_tests::{City, Desk, Kept, Logs};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

/// Insurance numbers and telephone numbers, made up, as people write them.
const CANARIES: &[&str] = &[
    "被保険者番号 0004827163",
    "被保険者番号:０００４８２７１６３",
    "介護保険被保険者証の番号 000-482-7163",
    "被保険者番号 〇〇〇四八二七一六三",
    "介護保険の番号 000 4827 163",
    "090-4827-1639",
    "０９０－４８２７－１６３９",
    "09048271639",
    "090 4827 1639",
    "090ー4827ー1639",
    "０９０（４８２７）１６３９",
    "(090)4827-1639",
    "090.4827.1639",
    "090‐4827‐1639",
    "090−4827−1639",
    "+81 90-4827-1639",
    "090・4827・1639",
    "090-4827-\n1639",
    "090\u{200b}-4827-1639",
    "〇九〇−四八二七−一六三九",
    "⓪⑨⓪④⑧②⑦①⑥③⑨",
    "ＴＥＬ０９０４８２７１６３９",
    "被保険者番号は0004-827163です",
    "被保険者番号 000482 7163",
    "電話 0 9 0 4 8 2 7 1 6 3 9",
    "090/4827/1639",
    "090_4827_1639",
    "090-482-71639",
];

/// What is looked for beside the canaries as they were sent: their digits, however they may have been rewritten on the way.
const TRACES: &[&str] = &[
    "0004827163",
    "482-7163",
    "482\u{2010}7163",
    "四八二七",
    "4827・1639",
    "④⑧②⑦",
    "０００４８２７１６３",
    "0004-827163",
    "000482 7163",
    "4 8 2 7 1 6 3",
    "4827/1639",
    "4827_1639",
    "482-71639",
    "000 4827 163",
    "4827163",
    "4827 163",
    "８２７１６３",
    "090-4827-1639",
    "09048271639",
    "48271639",
    "4827-1639",
    "4827 1639",
    "4827ー1639",
    "4827)1639",
    "４８２７",
    "4827.1639",
    "4827‐1639",
    "4827−1639",
    "819048271639",
];

/// Words that are not personal: they must be found, or the search finds nothing.
const MARKER: &str = "目印のことば";
/// What people are called on LINE. Nobody asked for it, so it is kept nowhere.
const DISPLAY_NAME: &str = "まだだれにも言っていない名前";

struct Place {
    name: String,
    bytes: Vec<u8>,
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    AhoCorasick::new([needle]).unwrap().is_match(bytes)
}

/// Which of the needles are in a place, the first find of each with what stands around it.
fn finds<'a>(place: &Place, needles: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let needles: Vec<&str> = needles.into_iter().collect();
    let mut seen = HashSet::new();
    AhoCorasick::new(&needles)
        .unwrap()
        .find_overlapping_iter(&place.bytes)
        .filter(|found| seen.insert(found.pattern()))
        .map(|found| {
            let from = found.start().saturating_sub(80);
            let around = &place.bytes[from..(found.end() + 80).min(place.bytes.len())];
            let needle = needles[found.pattern().as_usize()];
            format!("{needle:?} in {}: …{}…", place.name, String::from_utf8_lossy(around))
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn places(folder: &Path, when: &str) -> Vec<Place> {
    let read = |path: PathBuf| Place {
        bytes: fs::read(&path).unwrap(),
        name: format!("{when}: {}", path.display()),
    };
    files(folder).into_iter().map(read).collect()
}

/// Every string in the webhooks that people's phones must keep to themselves.
fn secrets_of(city: &City) -> Vec<String> {
    let mut secrets = vec![
        city.line.channel_secret().to_owned(),
        city.line.channel_access_token().to_owned(),
        DISPLAY_NAME.to_owned(),
    ];
    for webhook in city.line.webhooks() {
        let body: Value = serde_json::from_str(&webhook.body).unwrap();
        for event in body["events"].as_array().unwrap() {
            for secret in [&event["source"]["userId"], &event["replyToken"]] {
                secrets.extend(secret.as_str().map(str::to_owned));
            }
        }
    }
    secrets.sort_unstable();
    secrets.dedup();
    secrets
}

async fn send_everywhere(city: &City, nurse: &str, secretary: &str) {
    // In a consultation.
    city.talk(nurse, "相談").await;
    city.talk(nurse, &format!("{MARKER}から始めます。")).await;
    for canary in CANARIES {
        city.talk(nurse, &format!("{canary} の方について相談です。")).await;
    }
    city.talk(nurse, &CANARIES.join("、\n")).await;
    city.talk(nurse, "解決した").await;
    // Outside of any dialogue, where it waits for a tap; and by somebody who has not accepted the rules.
    let stranger = city.line.create_user(DISPLAY_NAME);
    for canary in CANARIES {
        city.talk(nurse, canary).await;
        city.talk(&stranger, canary).await;
    }
    city.tap(nurse, "consult/free/send").await;
    // As the name of a file, in a profile, in a draft, as an invitation code.
    for canary in CANARIES {
        let file = json!({"type": "file", "content": "AAAA", "contentType": "application/pdf", "fileName": format!("{canary}.pdf")});
        city.line.send_message(nurse, file).await.unwrap();
        city.drain().await;
    }
    city.tap(nurse, "profile/change/organisation").await;
    city.talk(nurse, CANARIES[4]).await;
    city.talk(nurse, "やめる").await;
    city.talk(secretary, "投稿").await;
    city.tap(secretary, "draft/category/notice").await;
    city.talk(secretary, &format!("被保険者番号 0004827163 の方 {}", CANARIES[5])).await;
    city.talk(secretary, "やめる").await;
    city.talk(secretary, "招待コード").await;
    city.talk(secretary, CANARIES[4]).await;
}

/// What goes wrong, with a canary on the way: an error must not repeat it.
async fn go_wrong(city: &City, nurse: &str) {
    city.talk(nurse, "相談").await;
    let user = json!({"type": "user", "userId": nurse});
    let malformed =
        json!({"type": "message", "source": user, "message": {"type": "text", "text": CANARIES[4], "id": 7}});
    let misshapen = json!({"type": "postback", "source": user, "postback": {"data": [CANARIES[4]]}});
    let unknown = json!({"type": CANARIES[4], "source": user, CANARIES[4]: {"text": CANARIES[0]}});
    city.line.send_events(vec![malformed, misshapen, unknown]).await.unwrap();
    city.line
        .send_events(vec![json!({"type": "message", "message": CANARIES[4], "source": CANARIES[4]})])
        .await
        .unwrap();
    city.drain().await;
    city.faulty.set_down(true);
    city.line.say(nurse, CANARIES[4]).await.unwrap();
    assert!(city.bot.drain().await.is_err());
    city.faulty.set_down(false);
    // LINE's own words about a message are for staff to read, and not for the logs.
    let detail = json!({"message": format!("near {MARKER}"), "property": "messages[0].text"});
    let words = json!({"message": format!("invalid text {MARKER}"), "details": [detail]});
    city.line.fault(Fault::new("POST", "/v2/bot/message/*").response(400, words));
    city.line.fault(Fault::new("POST", "/v2/bot/message/*").status(500));
    city.talk(nurse, CANARIES[4]).await;
    city.talk(nurse, "使い方").await;
    city.drain_for(4, Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_canary_is_found_in_no_byte_of_store_export_logs_and_metrics() {
    // R1 R8 R25
    let logs = Logs::record();
    let metrics = PrometheusBuilder::new().install_recorder().unwrap();
    let city = City::start(Kept::OnDisk).await;
    let nurse = city.member(DISPLAY_NAME).await;
    let secretary = city.submitter("ルピナス市薬剤師会").await;
    send_everywhere(&city, &nurse, &secretary).await;

    // At the console an answer that holds one is refused; what stands beside it goes.
    let consultant = Desk::sign_in(&city, "consultant").await;
    let path = format!("/consultations/{}", city.consultations(&nurse).await[0].id);
    consultant.post(&format!("{path}/take"), &[]).await;
    for action in ["answer", "note", "tag"] {
        for canary in CANARIES {
            let refused =
                consultant.post(&format!("{path}/{action}"), &[("text", canary), ("tag", canary)]).await;
            assert_eq!(refused.status, 422, "{action} {canary}");
        }
    }
    // LINE's own words of a refusal are kept for staff, and are LINE's; ours are not in them. So this comes last.
    let before = city.records().await;
    go_wrong(&city, &nurse).await;
    city.bot.sweep().await.unwrap();
    let secrets = secrets_of(&city);

    let export: String =
        city.records().await.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect();
    let export_before: String =
        before.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect();
    let figures = metrics.render();
    let log = logs.text();
    // Every batch as it was first written, for a store that is closed has none of what was erased; and what is left then.
    let mut store = places(city.folder(), "as written");
    assert!(
        !store.iter().any(|place| std::path::Path::new(&place.name)
            .extension()
            .is_some_and(|ending| ending == "snap")),
        "a compaction has removed what was first written"
    );
    let folder = city.close().await;
    store.extend(places(folder.path(), "closed"));
    let on_disk: usize = store.iter().map(|place| place.bytes.len()).sum();
    println!(
        "searched {} files of {on_disk} bytes, {} bytes of export, {} of logs, {} of metrics, for {} canaries, {} traces, {} secrets",
        store.len(),
        export.len(),
        log.len(),
        figures.len(),
        CANARIES.len(),
        TRACES.len(),
        secrets.len(),
    );

    // The search finds what is there.
    assert!(holds(export.as_bytes(), MARKER) && store.iter().any(|place| holds(&place.bytes, MARKER)));
    assert!(
        log.contains("worked off") && log.contains("an event does not decode"),
        "the logs are not the bot's"
    );
    assert!(figures.contains("lupinus_masked_messages_total"), "{figures}");

    let told = |text: &str, name: &str| Place { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let printed = [told(&log, "the logs"), told(&figures, "the metrics")];
    let mut found = Vec::new();
    for place in &printed {
        found.extend(finds(place, secrets.iter().map(String::as_str).chain([MARKER])));
    }
    for place in &store {
        found.extend(finds(place, [DISPLAY_NAME]));
    }
    store.extend(printed);
    store.extend([told(&export, "the export"), told(&export_before, "the export before the faults")]);
    for place in &store {
        found.extend(finds(place, CANARIES.iter().chain(TRACES).copied()));
    }
    assert!(found.is_empty(), "{} finds:\n{}", found.len(), found.join("\n"));
}
