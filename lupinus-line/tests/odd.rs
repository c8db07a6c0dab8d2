//! Values of a form that LINE does not document: each costs itself, never its event.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use lupinus_line::DecodeCategory;
use lupinus_line::webhook::{Event, EventKind, Mentionee, MessageContent, Mode, Source};
use serde_json::json;

const USER: &str = "U0123456789abcdef0123456789abcdef";

/// Decodes an event, which has to come back as it was.
fn decode(json: &str) -> Event {
    let event = Event::from_json(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(event.raw_json(), json);
    assert_eq!(serde_json::to_string(&event).unwrap(), json);
    event
}

fn message(content: &str) -> Event {
    decode(&format!(r#"{{"type":"message","timestamp":1,"message":{{"id":"1",{content}}}}}"#))
}

fn content(json: &str) -> MessageContent {
    message(json).message().unwrap().content.clone()
}

#[test]
fn an_odd_property_that_all_events_share_is_absent() {
    let long = format!("\"{}\"", "a".repeat(513));
    for odd in ["\"\"", &long, "\"\\ud800\"", "1e999", "5", "{}", "[]", "true"] {
        let event = decode(&format!(
            r#"{{"type":"follow","timestamp":1,"replyToken":{odd},"webhookEventId":{odd},"deliveryContext":{odd},"follow":{odd}}}"#
        ));
        assert_eq!(
            (&event.reply_token, &event.webhook_event_id, event.is_redelivery),
            (&None, &None, false),
            "{odd}"
        );
        let EventKind::Follow(follow) = event.kind else { panic!("follow") };
        assert_eq!(follow.is_unblocked, None);
    }
    let event = decode(
        r#"{"type":"activated","timestamp":1,"deliveryContext":{"isRedelivery":"yes"},"chatControl":{"expireAt":1e999}}"#,
    );
    assert!(!event.is_redelivery);
    assert_eq!(event.kind, EventKind::Activated { expire_at: None });
}

#[test]
fn a_mode_that_is_no_text_allows_no_answer() {
    for odd in ["5", "{}", "true", "1e999"] {
        let event = decode(&format!(r#"{{"type":"join","timestamp":1,"mode":{odd}}}"#));
        assert_eq!(event.mode, Mode::Unknown(String::new()), "{odd}");
    }
}

#[test]
fn an_odd_source_is_kept_whole_and_an_odd_user_in_it_is_not_known() {
    let from = |source: &str| {
        decode(&format!(r#"{{"type":"join","timestamp":1,"source":{source}}}"#)).source.expect(source)
    };
    for odd in ["\"x\"", "1e999", "\"\\ud800\"", "null", "{}", &format!("\"{USER}0\"")] {
        assert_eq!(from(&format!(r#"{{"type":"user","userId":{odd}}}"#)), Source::User { user_id: None });
        let group = from(&format!(r#"{{"type":"group","groupId":"C1","userId":{odd}}}"#));
        assert!(matches!(group, Source::Group { user_id: None, .. }), "{odd}");
    }
    // What nobody asked for takes nothing along.
    let Source::User { user_id } =
        from(&format!(r#"{{"type":"user","userId":"{USER}","x":[1e999,"\ud800"]}}"#))
    else {
        panic!("user")
    };
    assert_eq!(user_id.unwrap().as_str(), USER);
    for (odd, kept) in [
        ("5", json!(5)),
        ("1e999", json!(f64::MAX)),
        (r#""\ud800""#, json!("\u{FFFD}")),
        (r#"{"type":"group"}"#, json!({"type": "group"})),
        (r#"{"type":"room","roomId":""}"#, json!({"type": "room", "roomId": ""})),
        (
            r#"{"type":"planet","size":-1e999,"\udc00":"\ud83c"}"#,
            json!({"type": "planet", "size": -f64::MAX, "\u{FFFD}": "\u{FFFD}"}),
        ),
    ] {
        let Source::Unknown(raw) = from(odd) else { panic!("{odd}") };
        assert_eq!(raw.value(), &kept, "{odd}");
    }
    let deep = format!(r#"{{"type":"join","timestamp":1,"source":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    assert_eq!(decode(&deep).source, None, "deeper than is read");
}

#[test]
fn an_odd_value_in_a_message_costs_only_itself() {
    let long = format!("\"{}\"", "a".repeat(513));
    for odd in ["\"\"", &long, "\"\\ud800\"", "1e999", "5", "{}", "[5]", "true"] {
        let event = message(&format!(
            r#""type":"text","text":"a","quoteToken":{odd},"markAsReadToken":{odd},"quotedMessageId":{odd},"mention":{odd},"emojis":{odd}"#
        ));
        let read = event.message().unwrap();
        assert_eq!(
            (&read.quote_token, &read.mark_as_read_token, &read.quoted_message_id),
            (&None, &None, &None),
            "{odd}"
        );
        let MessageContent::Text(text) = &read.content else { panic!("text") };
        assert_eq!((text.text.as_str(), text.emojis.len()), ("a", 0), "{odd}");
        assert!(text.mention.as_ref().is_none_or(|mention| mention.mentionees.is_empty()), "{odd}");
    }
    for odd in ["\"x\"", "1e999", "{\"index\":2}", "-1"] {
        let MessageContent::Image(image) =
            content(&format!(r#""type":"image","contentProvider":{odd},"imageSet":{odd},"duration":{odd}"#))
        else {
            panic!("image")
        };
        assert_eq!((image.content_provider, image.image_set, image.duration), (None, None, None), "{odd}");
    }
    let MessageContent::Sticker(sticker) = content(
        r#""type":"sticker","packageId":"1","stickerId":"2","stickerResourceType":7,"keywords":["a",1e999,"b"],"text":[]"#,
    ) else {
        panic!("sticker")
    };
    assert_eq!((sticker.sticker_resource_type, sticker.text), (None, None));
    assert_eq!(sticker.keywords, ["a", "b"]);
    let MessageContent::Location(place) =
        content(r#""type":"location","title":5,"address":"\ud800","latitude":35.5,"longitude":-1"#)
    else {
        panic!("location")
    };
    assert_eq!((place.title, place.address.as_deref()), (None, Some("\u{FFFD}")));
}

#[test]
fn half_a_pair_in_a_text_is_read_as_one_unknown_character() {
    let event = message(r#""type":"text","text":"庭 \ud83c\udf4e \ud83c","mention":{"mentionees":[]}"#);
    assert_eq!(event.message().unwrap().text(), Some("庭 🍎 \u{FFFD}"));
    let MessageContent::File(file) = content(r#""type":"file","fileName":"\udc00.pdf","fileSize":3"#) else {
        panic!("file")
    };
    assert_eq!(file.file_name, "\u{FFFD}.pdf");
}

#[test]
fn an_odd_mention_or_emoji_leaves_its_neighbours_alone() {
    let MessageContent::Text(text) = content(&format!(
        r#""type":"text","text":"@a (b)","emojis":[{{"index":1e999,"length":1,"productId":"p","emojiId":"e"}},{{"index":3,"length":3,"productId":"p","emojiId":"e"}}],"mention":{{"mentionees":[7,{{"type":"user","index":0,"length":1e999}},{{"type":"all","index":0}},{{"type":"user","index":0,"length":2,"userId":"\ud800","isSelf":"yes","x":1e999}},{{"type":"user","index":0,"length":2,"userId":"{USER}"}}]}}"#
    )) else {
        panic!("text")
    };
    assert_eq!(text.emojis.iter().map(|emoji| emoji.index).collect::<Vec<_>>(), [3]);
    let mentionees = text.mention.unwrap().mentionees;
    let known: Vec<_> = mentionees.iter().map(|one| one.span().is_some()).collect();
    assert_eq!(known, [false, false, false, true, true], "the others are kept whole");
    assert!(matches!(mentionees[3], Mentionee::User { user_id: None, is_self: None, .. }));
    assert!(matches!(mentionees[4], Mentionee::User { user_id: Some(_), .. }));
}

#[test]
fn an_odd_value_in_a_payload_costs_only_itself() {
    let postback = |params: &str| {
        let json =
            format!(r#"{{"type":"postback","timestamp":1,"postback":{{"data":"d","params":{params}}}}}"#);
        let EventKind::Postback(postback) = decode(&json).kind else { panic!("postback") };
        assert_eq!(postback.data, "d");
        postback.params
    };
    let params = postback(r#"{"newRichMenuAliasId":"Tab B","status":"SUCCESS","date":5}"#).unwrap();
    assert_eq!((params.new_rich_menu_alias_id, params.date), (None, None));
    assert!(params.status.is_some());
    assert_eq!(postback(r#"{"status":5,"time":"09:30"}"#).unwrap().time.as_deref(), Some("09:30"));
    assert!(postback("5").is_none());

    let EventKind::Module(module) = decode(
        r#"{"type":"module","timestamp":1,"module":{"type":"attached","botId":5,"scopes":["message:send",5],"reason":{}}}"#,
    )
    .kind
    else {
        panic!("module")
    };
    assert_eq!(
        (module.bot_id, module.scopes.as_slice(), module.reason),
        (None, &["message:send".to_owned()][..], None)
    );
    let EventKind::Beacon(beacon) =
        decode(r#"{"type":"beacon","timestamp":1,"beacon":{"hwid":"h","type":"enter","dm":5}}"#).kind
    else {
        panic!("beacon")
    };
    assert_eq!(beacon.dm, None);
}

#[test]
fn an_unknown_kind_may_hold_any_json() {
    let event = decode(r#"{"type":"teleport","timestamp":1,"to":{"far":[1e999,-1e400],"half":"\ud800"}}"#);
    let EventKind::Unknown(raw) = event.kind else { panic!("unknown") };
    assert_eq!(raw.value()["to"], json!({"far": [f64::MAX, -f64::MAX], "half": "\u{FFFD}"}));
    let MessageContent::Unknown(raw) = content(r#""type":"hologram","depth":1e999"#) else {
        panic!("unknown")
    };
    assert_eq!(raw.value()["depth"], f64::MAX);
}

#[test]
fn what_a_kind_cannot_do_without_is_still_asked_for() {
    for json in [
        r#"{"type":"follow","timestamp":"1"}"#,
        r#"{"type":"unsend","timestamp":1,"unsend":{"messageId":""}}"#,
        r#"{"type":"message","timestamp":1,"message":{"id":"1","type":"text","text":5}}"#,
        r#"{"type":"message","timestamp":1,"message":{"id":"1","type":"location","latitude":1e999,"longitude":1}}"#,
        r#"{"type":"membership","timestamp":1,"membership":{"type":"joined","membershipId":-1}}"#,
    ] {
        assert!(Event::from_json(json).is_err(), "{json}");
    }
}

#[test]
fn an_error_says_where_in_the_text_it_is() {
    for (json, at, line, category, property) in [
        ("{\"type\":\"follow\",\n \"timestamp\":\"山田\"}", "\"}", 2, DecodeCategory::Shape, None),
        ("\n\n {\"type\":\"follow\",\n \"timestamp\":true}", "e}", 4, DecodeCategory::Shape, None),
        (
            "{\"type\":\"unsend\",\"timestamp\":1,\n\"unsend\":{\n \"messageId\":5}}",
            "}}",
            3,
            DecodeCategory::Shape,
            Some("unsend"),
        ),
        (
            "  {\"type\":\"message\",\"timestamp\":1,\"message\":{\"id\":\"1\",\"type\":\"text\",\"text\":5,\"x\":\"山田\"}}",
            ",\"x\"",
            1,
            DecodeCategory::Shape,
            Some("message"),
        ),
        ("{\"type\":\"join\",\n\"timestamp\" 1}", "1}", 2, DecodeCategory::Syntax, None),
        ("{\"type\":\"join\",\n\"timestamp\":1", "1", 2, DecodeCategory::Truncated, None),
    ] {
        let error = Event::from_json(json).unwrap_err();
        assert_eq!((error.line, error.category, error.property), (line, category, property), "{json}");
        let text = json.lines().nth(line - 1).unwrap();
        let expected = text.find(at).unwrap();
        assert!(
            (expected..=expected + 1).contains(&error.column),
            "{json}: column {}, not {expected}",
            error.column
        );
        assert!(!format!("{error} {error:?}").contains("山田"), "{error}");
    }
    let error = Event::from_json(r#"{"type":"unsend","timestamp":1}"#).unwrap_err();
    assert_eq!((error.line, error.property), (0, Some("unsend")), "missing");
    assert_eq!(error.to_string(), "JSON does not decode (Shape, in `unsend`)");
}

#[test]
fn an_odd_destination_does_not_lose_the_events() {
    use lupinus_line::{ChannelSecret, webhook};
    let body = br#"{"destination":5,"events":[{"type":"join","timestamp":1}]}"#;
    let secrets = [ChannelSecret::from("s")];
    let signature = webhook::sign(&secrets[0], body).unwrap();
    let envelope = webhook::verify(&secrets, Some(signature.as_bytes()), body).unwrap().parse().unwrap();
    assert_eq!((envelope.destination, envelope.events.len()), (None, 1));
}
