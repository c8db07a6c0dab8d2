//! Nothing that LINE sends is lost, and one bad event does not lose its neighbours.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_line::webhook::{
    self, BeaconKind, Envelope, Event, EventKind, LinkResult, MembershipKind, Mentionee, MenuSwitch,
    MessageContent, Mode, ModuleKind, ProviderKind, Source, StickerResourceType,
};
use lupinus_line::{ChannelSecret, DecodeError, RawJson};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::Sha256;

#[derive(Deserialize)]
struct Example {
    name: String,
    event: Box<RawValue>,
}

fn examples() -> Vec<Example> {
    include_str!("data/events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn example(name: &str) -> Event {
    let found = examples().into_iter().find(|example| example.name == name);
    Event::from_json(found.expect(name).event.get()).expect(name)
}

fn try_parse(body: &str) -> Result<Envelope, DecodeError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s").unwrap();
    mac.update(body.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let secrets = [ChannelSecret::from("s")];
    webhook::verify(&secrets, Some(signature.as_bytes()), body.as_bytes()).unwrap().parse()
}

fn parse(body: &str) -> Envelope {
    try_parse(body).unwrap()
}

fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Result<Event, DecodeError> {
    let mut json: Value = serde_json::from_str(example(name).raw_json()).unwrap();
    change(&mut json);
    Event::from_json(&json.to_string())
}

#[test]
fn every_kind_of_event_is_known_and_comes_back_as_it_was() {
    let mut kinds = std::collections::BTreeSet::new();
    for Example { name, event: raw } in examples() {
        let event = Event::from_json(raw.get()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let json: Value = serde_json::from_str(raw.get()).unwrap();
        assert_eq!(event.kind.name(), json["type"], "{name}");
        assert_eq!(serde_json::to_string(&event).unwrap(), raw.get(), "{name}");
        assert_eq!(event.reply_token.is_some(), json.get("replyToken").is_some(), "{name}");
        assert_eq!(event.source.is_some(), json.get("source").is_some(), "{name}");
        assert_eq!(event.timestamp.as_millisecond(), json["timestamp"], "{name}");
        assert_eq!(event.webhook_event_id.as_ref().unwrap().as_str(), json["webhookEventId"], "{name}");
        if let Some(message) = event.message() {
            assert_eq!(message.content.name(), json["message"]["type"], "{name}");
            assert_eq!(message.quote_token.is_some(), json["message"].get("quoteToken").is_some(), "{name}");
        }
        kinds.insert(event.kind.name());
    }
    assert_eq!(kinds.len(), 20, "{kinds:?}");
}

#[test]
fn what_an_event_says_is_read() {
    let event = example("text in a group with emoji, mention and quote");
    let message = event.message().unwrap();
    let MessageContent::Text(text) = &message.content else { panic!("text") };
    let mention = text.mention.as_ref().unwrap();
    assert_eq!((text.emojis[0].index, text.emojis[0].length), (14, 6));
    assert!(mention.mentionees[0].is_this_bot());
    let Mentionee::All { span } = mention.mentionees[1] else { panic!("all") };
    assert_eq!((span.index, span.length), (4, 1));
    assert!(matches!(event.source, Some(Source::Group { .. })) && event.user_id().is_some());

    let event = example("image of a set");
    let MessageContent::Image(image) = &event.message().unwrap().content else { panic!("image") };
    assert!(image.is_hosted_by_line());
    assert_eq!(image.image_set.as_ref().unwrap().total, Some(3));

    let event = example("external video");
    let MessageContent::Video(video) = &event.message().unwrap().content else { panic!("video") };
    assert!(!video.is_hosted_by_line());

    let EventKind::Follow(follow) = example("follow").kind else { panic!("follow") };
    assert_eq!(follow.is_unblocked, Some(true));

    let EventKind::Postback(postback) = example("postback of a picker").kind else { panic!("postback") };
    assert_eq!(postback.params.unwrap().datetime.as_deref(), Some("2026-10-05T13:45"));

    let EventKind::MemberJoined(joined) = example("members came").kind else { panic!("joined") };
    assert_eq!(joined.members.iter().filter(|member| member.user_id().is_some()).count(), 1);
    assert_eq!(joined.members.len(), 2);

    let EventKind::Activated { expire_at } = example("chat control taken").kind else { panic!("activated") };
    assert_eq!(expire_at.unwrap().as_millisecond(), 1_790_003_600_000);

    let event = example("standby and redelivered");
    assert_eq!((event.mode, event.is_redelivery, event.reply_token), (Mode::Standby, true, None));
}

#[test]
fn unknown_kinds_are_kept_whole() {
    let event = changed("follow", |json| json["type"] = json!("teleport")).unwrap();
    let EventKind::Unknown(raw) = &event.kind else { panic!("unknown") };
    assert_eq!(raw.value()["follow"]["isUnblocked"], true);
    assert!(event.reply_token.is_some(), "what all events share is still read");

    let event = changed("audio", |json| json["message"]["type"] = json!("hologram")).unwrap();
    let MessageContent::Unknown(raw) = &event.message().unwrap().content else { panic!("unknown") };
    assert_eq!(raw.value()["duration"], 2100);

    let event = changed("join", |json| json["source"] = json!({"type": "planet", "planetId": "P1"})).unwrap();
    let Some(Source::Unknown(raw)) = &event.source else { panic!("unknown") };
    assert_eq!(raw.value()["planetId"], "P1");

    let event = changed("follow", |json| json["mode"] = json!("dreaming")).unwrap();
    assert_eq!(event.mode, Mode::Unknown("dreaming".to_owned()));
}

#[test]
fn unknown_fields_survive_at_every_level() {
    for Example { name, event } in examples() {
        let mut json: Value = serde_json::from_str(event.get()).unwrap();
        add_unknown_fields(&mut json);
        let text = json.to_string();
        let event = Event::from_json(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!matches!(event.kind, EventKind::Unknown(_)), "{name}");
        assert_eq!(serde_json::to_string(&event).unwrap(), text, "{name}");
    }
}

fn add_unknown_fields(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.values_mut().for_each(add_unknown_fields);
            map.insert("addedByLine".to_owned(), json!({"deep": [1, null, "x"]}));
        }
        Value::Array(values) => values.iter_mut().for_each(add_unknown_fields),
        _ => {}
    }
}

#[test]
fn events_of_years_ago_decode() {
    let body = r#"{"events":[
        {"replyToken":"00000000000000000000000000000000","type":"message","timestamp":1450000000000,
         "source":{"type":"user","userId":"Udeadbeefdeadbeefdeadbeefdeadbeef"},
         "message":{"id":"100001","type":"text","text":"Hello, world"}},
        {"replyToken":"ffffffffffffffffffffffffffffffff","type":"message","timestamp":1450000000000,
         "source":{"type":"user","userId":"Udeadbeefdeadbeefdeadbeefdeadbeef"},
         "message":{"id":"100002","type":"sticker","packageId":"1","stickerId":"1"}},
        {"type":"message","timestamp":1450000000000,"source":{"type":"user"},
         "message":{"id":"100003","type":"image"}},
        {"type":"follow","timestamp":1450000000000,"source":{"type":"user"}}]}"#;
    let envelope = parse(body);
    assert_eq!(envelope.destination, None);
    let events: Vec<_> = envelope.events.into_iter().map(Result::unwrap).collect();
    assert_eq!(events.len(), 4);
    for event in &events {
        assert_eq!(
            (&event.mode, event.is_redelivery, &event.webhook_event_id),
            (&Mode::Active, false, &None)
        );
    }
    assert!(events[0].reply_token.as_ref().unwrap().is_dummy());
    assert!(events[1].reply_token.as_ref().unwrap().is_dummy());
}

#[test]
fn escapes_and_spaces_and_order_do_not_matter() {
    let body = "{ \"events\" : [ {\"message\":{\"text\":\"\\u5ead\\u306e\\u85e4 \\uD83C\\uDF4E\",\"type\":\"\\u0074ext\",\"id\":\"1\"},\r\n\t\"timestamp\":1790000000000,\"type\":\"messag\\u0065\"} ] , \"destination\" : \"U99887766554433221100ffeeddccbbaa\" }";
    let envelope = parse(body);
    let event = envelope.events.into_iter().next().unwrap().unwrap();
    assert_eq!(event.message().unwrap().text(), Some("庭の藤 🍎"));
    assert!(body.contains(event.raw_json()), "kept byte for byte");
}

#[test]
fn a_malformed_event_leaves_its_neighbours_alone() {
    let good = example("unfollow");
    let good = good.raw_json();
    let body = format!(
        r#"{{"destination":"U1","events":[{good},{{"type":"unsend","timestamp":1,"webhookEventId":"01KA","unsend":{{"text":"山田"}}}},7,{{"type":"follow"}},{{"type":"message","timestamp":1,"message":{{"id":"1","type":"text"}}}},{good}]}}"#
    );
    let envelope = parse(&body);
    let good: Vec<_> = envelope.events.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, false, false, false, true]);
    let malformed = envelope.events[1].as_ref().unwrap_err();
    assert_eq!(malformed.webhook_event_id.as_ref().unwrap().as_str(), "01KA");
    assert!(malformed.raw.get().contains("山田"), "kept for a person to look at");
    assert!(!format!("{malformed:?} {malformed}").contains("山田"), "but not printed");
    assert_eq!(envelope.events[2].as_ref().unwrap_err().raw.get(), "7");
}

#[test]
fn a_body_that_is_no_webhook_is_an_error_and_not_a_panic() {
    for body in ["", "null", "[]", "{}", "{\"events\":{}}", "{\"events\":[", "\u{feff}{}", "{\"events\":[}"] {
        assert!(try_parse(body).is_err(), "{body}");
    }
    let deep = format!("{{\"events\":[{}{}]}}", "[".repeat(100_000), "]".repeat(100_000));
    let fine = try_parse(&deep).is_ok_and(|envelope| envelope.events.iter().all(Result::is_ok));
    assert!(!fine, "nesting is bounded");
}

#[test]
fn an_event_can_be_kept_and_decoded_later() {
    let event = example("postback of a menu switch");
    let kept = serde_json::to_value(&event).unwrap();
    let again: Event = serde_json::from_value(kept).unwrap();
    assert_eq!(again.kind, event.kind);
    let text = serde_json::to_string(&vec![event.clone()]).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Event>>(&text).unwrap(), [event]);
}

#[test]
fn no_debug_shows_a_person_or_their_words() {
    for Example { name, event: raw } in examples() {
        let event = Event::from_json(raw.get()).unwrap();
        let mut printed = format!("{event:?} {:?} {:?} {:?}", event.kind, event.source, event.reply_token);
        if let EventKind::Beacon(beacon) = &event.kind {
            write!(printed, "{beacon:?}").unwrap();
        }
        for personal in [
            "0123456789abcdef",
            "fedcba98",
            "花の会",
            "案内",
            "公園",
            "a1b2c3d4",
            "もう一度",
            "Qt-",
            "Mr-",
            "tag-2026",
            "tour-02",
            "ab12cd34ef",
            "00ff",
        ] {
            assert!(!printed.contains(personal), "{name}: {printed}");
        }
    }
}

#[test]
fn a_body_comes_back_as_it_was_with_all_its_events_and_what_is_beside_them() {
    let events: Vec<_> = examples().iter().map(|example| example.event.get().to_owned()).collect();
    let json = format!(
        r#"{{"destination": "U99887766554433221100ffeeddccbbaa", "events": [{}, 7, {{"type":"unsend"}}], "batch": {{"of": [1, 2.50, "\u5ead"]}}}}"#,
        events.join(", ")
    );
    let body = format!(" \r\n{json}\n");
    let envelope = parse(&body);
    assert_eq!(envelope.events.iter().filter(|event| event.is_ok()).count(), events.len());
    assert_eq!(envelope.raw_json(), body);
    assert_eq!(serde_json::to_string(&envelope).unwrap(), json);
    for (event, text) in envelope.events.iter().flatten().zip(&events) {
        assert_eq!(event.raw_json(), text);
    }
    assert!(!format!("{envelope:?}").contains("batch"), "what is not understood is not printed");
}

#[test]
fn an_unknown_kind_of_mention_does_not_lose_the_message() {
    let name = "text in a group with emoji, mention and quote";
    let event = changed(name, |json| {
        json["message"]["mention"]["mentionees"] = json!([
            {"type": "role", "roleId": "nurses"},
            {"index": 2, "length": 3, "userId": "U0123456789abcdef0123456789abcdef"},
        ]);
    });
    let event = event.unwrap();
    let MessageContent::Text(text) = &event.message().unwrap().content else { panic!("text") };
    let mentionees = &text.mention.as_ref().unwrap().mentionees;
    let Mentionee::Unknown(raw) = &mentionees[0] else { panic!("unknown") };
    assert_eq!(raw.value()["roleId"], "nurses");
    assert_eq!(mentionees[0].span(), None);
    assert!(matches!(mentionees[1], Mentionee::User { user_id: Some(_), is_self: None, .. }), "as years ago");
    assert_eq!(mentionees[1].span().map(|span| (span.index, span.length)), Some((2, 3)));
    let nowhere = changed(name, |json| json["message"]["mention"]["mentionees"] = json!([{"type": "all"}]));
    let MessageContent::Text(text) = &nowhere.as_ref().unwrap().message().unwrap().content else {
        panic!("text")
    };
    assert!(matches!(text.mention.as_ref().unwrap().mentionees[..], [Mentionee::Unknown(_)]));
}

#[test]
fn a_name_that_line_adds_to_a_known_property_is_kept() {
    fn named(example: &str, pointer: &str) -> EventKind {
        changed(example, |json| *json.pointer_mut(pointer).unwrap() = json!("brandNew")).unwrap().kind
    }
    let name = || "brandNew".to_owned();

    let EventKind::Beacon(beacon) = named("beacon", "/beacon/type") else { panic!("beacon") };
    assert_eq!(beacon.kind, BeaconKind::Unknown(name()));
    let EventKind::Membership(plan) = named("membership", "/membership/type") else { panic!("membership") };
    assert_eq!(plan.kind, MembershipKind::Unknown(name()));
    let EventKind::Module(module) = named("module attached", "/module/type") else { panic!("module") };
    assert_eq!(module.kind, ModuleKind::Unknown(name()));
    let EventKind::AccountLink(link) = named("account linked", "/link/result") else { panic!("link") };
    assert_eq!(link.result, LinkResult::Unknown(name()));
    let EventKind::Postback(switch) = named("postback of a menu switch", "/postback/params/status") else {
        panic!("postback")
    };
    assert_eq!(switch.params.unwrap().status, Some(MenuSwitch::Unknown(name())));
    let EventKind::Message(video) = named("external video", "/message/contentProvider/type") else {
        panic!("message")
    };
    let MessageContent::Video(media) = video.content else { panic!("video") };
    assert!(!media.is_hosted_by_line());
    assert_eq!(media.content_provider.unwrap().kind, ProviderKind::Unknown(name()));
    let EventKind::Message(sticker) = named("sticker", "/message/stickerResourceType") else {
        panic!("message")
    };
    let MessageContent::Sticker(sticker) = sticker.content else { panic!("sticker") };
    assert_eq!(sticker.sticker_resource_type, Some(StickerResourceType::Unknown(name())));
}

#[test]
fn what_is_not_understood_may_be_any_json() {
    // No `f64` holds the number and no `String` the half of a pair: both are kept as text.
    let odd = r#""addedByLine":{"number":1e999,"half":"\ud83c"}"#;
    for (name, text) in [
        ("beside", format!(r#"{{"type":"join","timestamp":1,{odd}}}"#)),
        (
            "in a message",
            format!(r#"{{"type":"message","timestamp":1,"message":{{"id":"1","type":"audio",{odd}}}}}"#),
        ),
        ("in a payload", format!(r#"{{"type":"follow","timestamp":1,"follow":{{{odd}}}}}"#)),
    ] {
        let event = Event::from_json(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), text, "{name}");
    }
}

// Found by the fuzz target `event`.
#[test]
fn a_number_of_an_unknown_kind_is_the_same_after_it_was_stored() {
    for number in ["988888888888888888888888888888888888883", "38.268200000000007", "0.1", "1e-320"] {
        let text = format!(r#"{{"type":"join","timestamp":1,"source":{{"type":"planet","size":{number}}}}}"#);
        let event = Event::from_json(&text).unwrap();
        let Some(Source::Unknown(kept)) = &event.source else { panic!("unknown") };
        let stored: RawJson = serde_json::from_str(&serde_json::to_string(kept).unwrap()).unwrap();
        assert_eq!(&stored, kept, "{number}");
        assert_eq!(kept.value()["size"].as_f64(), number.parse().ok(), "{number}: the nearest there is");
    }
}

#[test]
fn null_means_absent() {
    let event = Event::from_json(
        r#"{"type":"message","timestamp":1,"mode":null,"source":null,"replyToken":null,"webhookEventId":null,
            "deliveryContext":{"isRedelivery":null},"message":{"id":"1","type":"text","text":"a","emojis":null,
            "mention":{"mentionees":null},"quoteToken":null}}"#,
    )
    .unwrap();
    assert_eq!((&event.mode, event.is_redelivery, &event.source), (&Mode::Active, false, &None));
    assert_eq!(event.message().unwrap().text(), Some("a"));
    let sticker = changed("sticker", |json| json["message"]["keywords"] = Value::Null).unwrap();
    assert_eq!(sticker.message().unwrap().content.name(), "sticker");
    let module = changed("module attached", |json| json["module"]["scopes"] = Value::Null).unwrap();
    assert_eq!(module.kind.name(), "module");
}
