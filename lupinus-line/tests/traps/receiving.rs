//! Traps on the way in.

use std::num::NonZeroUsize;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_line::ChannelSecret;
use lupinus_line::webhook::{
    self, Deduplicator, Envelope, Event, EventKind, LinkResult, MessageContent, Mode, Sighting,
    SignatureError, Source,
};
use serde_json::{Value, json};
use sha2::Sha256;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn sign(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn receive(signature: Option<&str>, body: &str) -> Result<Envelope, SignatureError> {
    let secrets = [ChannelSecret::from(SECRET)];
    let verified = webhook::verify(&secrets, signature.map(str::as_bytes), body.as_bytes())?;
    Ok(verified.parse().expect("a webhook body"))
}

/// The events of a body that LINE has signed.
fn events(body: &str) -> Vec<Event> {
    let envelope = receive(Some(&sign(body)), body).unwrap();
    envelope.events.into_iter().map(|event| event.expect("a well-formed event")).collect()
}

fn one(event: &Value) -> Event {
    events(&json!({ "destination": "U1", "events": [event] }).to_string()).remove(0)
}

fn text_event(text: &str) -> Value {
    json!({
        "type": "message", "mode": "active", "timestamp": 1_790_000_000_000_u64,
        "source": { "type": "user", "userId": "U5a1e0000111122223333444455556666" },
        "webhookEventId": "01KA0000000000000000000001", "deliveryContext": { "isRedelivery": false },
        "replyToken": "4c1d7000000000000000000000013556",
        "message": { "id": "571900000000000001", "type": "text", "text": text }
    })
}

// nodejs 54, 129, 138, 230, 922, 46
#[test]
fn trap_01_a_body_that_a_parser_has_touched_is_not_what_was_signed() {
    let body = r#"{"destination": "U1",  "events": []}"#;
    let signature = sign(body);
    assert!(receive(Some(&signature), body).is_ok());
    let parsed_first: Value = serde_json::from_str(body).unwrap();
    for touched in [parsed_first.to_string(), serde_json::to_string_pretty(&parsed_first).unwrap()] {
        assert_eq!(receive(Some(&signature), &touched).unwrap_err(), SignatureError::Mismatch);
    }
}

// nodejs 25, 26, 109
#[test]
fn trap_02_a_request_without_signature_is_refused() {
    let body = r#"{"destination":"U1","events":[]}"#;
    assert_eq!(receive(None, body).unwrap_err(), SignatureError::Missing);
    for malformed in ["", " ", "undefined", "null", "AAAA", &sign(body)[1..]] {
        let error = receive(Some(malformed), body).unwrap_err();
        assert_eq!(error, SignatureError::Malformed, "{malformed:?}");
    }
}

// nodejs 922
#[test]
fn trap_03_emoji_as_escapes_keep_their_signature_and_their_meaning() {
    let escaped = r#"{"destination":"U1","events":[{"type":"message","timestamp":1,"message":{"id":"1","type":"text","text":"\u85e4 \uD83E\uDD28"}}]}"#;
    let raw = escaped.replace(r"\u85e4", "藤").replace(r"\uD83E\uDD28", "🤨");
    for body in [escaped, &raw] {
        assert_eq!(events(body)[0].message().unwrap().text(), Some("藤 🤨"), "{body}");
    }
    assert_eq!(receive(Some(&sign(escaped)), &raw).unwrap_err(), SignatureError::Mismatch);
    let kept = serde_json::to_string(&events(escaped)[0]).unwrap();
    assert!(kept.contains(r"\uD83E\uDD28"), "kept as it came: {kept}");
}

// java 42, 1537; python 424
#[test]
fn trap_04_an_event_of_tomorrow_does_not_lose_its_neighbours() {
    let hologram = json!({ "type": "message", "timestamp": 2, "message": { "id": "2", "type": "hologram" } });
    let teleport = json!({ "type": "teleport", "timestamp": 3, "to": "Mars" });
    let broken = json!({ "type": "message", "timestamp": 4, "message": 7 });
    let body =
        json!({ "events": [text_event("まえ"), hologram, teleport, broken, text_event("あと")] }).to_string();
    let envelope = receive(Some(&sign(&body)), &body).unwrap();
    let [first, hologram, teleport, broken, last] = envelope.events.try_into().unwrap();
    assert_eq!(first.unwrap().message().unwrap().text(), Some("まえ"));
    assert!(matches!(hologram.unwrap().message().unwrap().content, MessageContent::Unknown(_)));
    let EventKind::Unknown(raw) = teleport.unwrap().kind else { panic!("unknown") };
    assert_eq!(raw.value()["to"], "Mars");
    assert!(broken.unwrap_err().raw.get().contains('7'));
    assert_eq!(last.unwrap().message().unwrap().text(), Some("あと"));
}

// java 420
#[test]
fn trap_05_a_name_in_other_letters_is_unknown_and_no_error() {
    let mut event = text_event("a");
    event["mode"] = json!("ACTIVE");
    assert_eq!(one(&event).mode, Mode::Unknown("ACTIVE".to_owned()));
    let link = json!({ "type": "accountLink", "timestamp": 1, "link": { "result": "OK", "nonce": "n" } });
    let EventKind::AccountLink(link) = one(&link).kind else { panic!("a link") };
    assert_eq!(link.result, LinkResult::Unknown("OK".to_owned()));
}

// python 186
#[test]
fn trap_06_a_request_without_destination_is_read() {
    let body = json!({ "events": [text_event("a")] }).to_string();
    let envelope = receive(Some(&sign(&body)), &body).unwrap();
    assert_eq!((envelope.destination, envelope.events.len()), (None, 1));
}

// php 84
#[test]
fn trap_07_the_dummy_reply_tokens_of_the_verify_button_are_known_as_such() {
    let mut event = text_event("Hello, world");
    for (token, is_dummy) in [
        ("00000000000000000000000000000000", true),
        ("ffffffffffffffffffffffffffffffff", true),
        ("4c1d7000000000000000000000013556", false),
    ] {
        event["replyToken"] = json!(token);
        assert_eq!(one(&event).reply_token.unwrap().is_dummy(), is_dummy, "{token}");
    }
    assert!(events(r#"{"destination":"U1","events":[]}"#).is_empty(), "and no events are normal, too");
}

// python 131, 232; nodejs 189; java 765
#[test]
fn trap_08_properties_of_tomorrow_are_ignored_and_kept() {
    let mut event = text_event("a");
    event["addedByLine"] = json!({ "deep": [1, null] });
    event["message"]["sentiment"] = json!("calm");
    event["source"]["planet"] = json!("earth");
    event["deliveryContext"]["hops"] = json!(3);
    let body = json!({ "destination": "U1", "events": [event], "shard": 7 }).to_string();
    let received = events(&body).remove(0);
    assert_eq!(received.message().unwrap().text(), Some("a"));
    assert_eq!(serde_json::to_value(&received).unwrap(), event);
    // … and what was added once, and is missing in events kept since before, is not asked for.
    let old = json!({ "type": "message", "timestamp": 1, "message": { "id": "1", "type": "image" } });
    let old = one(&old);
    assert_eq!((&old.mode, old.is_redelivery, &old.webhook_event_id), (&Mode::Active, false, &None));
}

// go 14, 16
#[test]
fn trap_20_an_event_goes_into_a_queue_and_comes_back_the_same() {
    let body = r#"{"events":[{ "timestamp":1790000000000,"type":"message" , "message":{"text":"\u85e4","type":"text","id":"1"}}]}"#;
    let event = events(body).remove(0);
    let queued = serde_json::to_string(&event).unwrap();
    assert!(body.contains(&queued), "byte for byte what came: {queued}");
    let back: Event = serde_json::from_str(&queued).unwrap();
    assert_eq!((back.kind, back.timestamp), (event.kind, event.timestamp));
}

// php 677
#[test]
fn trap_21_people_who_joined_are_sources_and_not_loose_arrays() {
    let joined = json!({ "type": "memberJoined", "timestamp": 1, "joined": { "members": [
        { "type": "user", "userId": "U5a1e0000111122223333444455556666" }, { "type": "user" } ] } });
    let EventKind::MemberJoined(joined) = one(&joined).kind else { panic!("joined") };
    let [known, unknown] = &joined.members[..] else { panic!("two people") };
    assert_eq!(known.user_id().unwrap().as_str(), "U5a1e0000111122223333444455556666");
    assert!(matches!(unknown, Source::User { user_id: None }));
}

// LINE docs/Receive messages
#[tokio::test]
async fn trap_23_a_redelivery_is_told_from_the_first_and_order_is_that_of_happening() {
    let event = |id: &str, at: u64, text: &str, again: bool| {
        let mut event = text_event(text);
        event["webhookEventId"] = json!(id);
        event["timestamp"] = json!(at);
        event["deliveryContext"]["isRedelivery"] = json!(again);
        event
    };
    // The second was on its way for longer, and the first comes twice: once more with the flag, once without.
    let requests = [
        vec![event("01KA0000000000000000000002", 1_790_000_000_002, "二", false)],
        vec![
            event("01KA0000000000000000000001", 1_790_000_000_001, "一", false),
            event("01KA0000000000000000000001", 1_790_000_000_001, "一", true),
        ],
        vec![event("01KA0000000000000000000001", 1_790_000_000_001, "一", false)],
    ];
    let seen = Deduplicator::in_memory(NonZeroUsize::new(100).unwrap());
    let mut fresh = Vec::new();
    let mut said_so = 0;
    for request in requests {
        for event in events(&json!({ "events": request }).to_string()) {
            said_so += usize::from(event.is_redelivery);
            if seen.sight(event.webhook_event_id.as_ref()).await.unwrap() == Sighting::First {
                fresh.push(event);
            }
        }
    }
    fresh.sort_by_key(|event| event.timestamp);
    let texts: Vec<_> = fresh.iter().map(|event| event.message().unwrap().text().unwrap()).collect();
    assert_eq!(texts, ["一", "二"]);
    assert_eq!(said_so, 1, "one repeat of two came without a word, so that the id decides");
}
