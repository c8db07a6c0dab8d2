//! Traps in what is sent.

use std::num::NonZeroU32;

use lupinus_line::client::{Limit, Narrowcast, Push};
use lupinus_line::login::IdToken;
use lupinus_line::message::flex::{Bubble, Carousel, Container, FlexBox, FlexMessage};
use lupinus_line::message::{
    Action, Buttons, MAX_BUTTONS_TEXT_GRAPHEMES, MAX_TEXT_UTF16, TemplateMessage, Text, TextV2,
};
use lupinus_line::rich_menu::{Area, Bounds, RichMenu, Size};
use lupinus_line::token::{AssertionKey, ChannelCredentials, Signer};
use lupinus_line::webhook::{Event, MessageContent};
use lupinus_line::{ChannelId, ChannelSecret, Message, RefreshToken, RetryKey, UserId};
use serde_json::{Value, json};

use crate::good;
use crate::support::{Seen, Server, hello, user};

fn value(of: impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap()
}

fn tap() -> Action {
    Action::message("はい").unwrap().label("はい")
}

// go 124, 209
#[test]
fn trap_09_a_zero_that_was_set_is_sent_and_a_zero_that_came_is_read() {
    let text = lupinus_line::message::flex::Text::new("a").with("flex", 0);
    let flex = value(Message::from(
        FlexMessage::new("alt", Bubble::new().body(FlexBox::vertical().child(text))).unwrap(),
    ));
    assert_eq!(flex["contents"]["body"]["contents"][0]["flex"], 0);

    let bounds = Bounds { x: 0, y: 0, width: 2_500, height: 843 };
    let area = Area { bounds, action: tap() };
    let menu = value(RichMenu::new(Size { width: 2_500, height: 843 }, "a", "b", [area]).unwrap());
    let expected = json!({ "x": 0, "y": 0, "width": 2_500, "height": 843 });
    assert_eq!(menu["areas"][0]["bounds"], expected);

    let message = json!({ "id": "1", "type": "text", "text": "(love)",
        "emojis": [{ "index": 0, "length": 6, "productId": "p", "emojiId": "e" }] });
    let event = json!({ "type": "message", "timestamp": 0, "message": message }).to_string();
    let event = Event::from_json(&event).unwrap();
    let MessageContent::Text(text) = &event.message().unwrap().content else { panic!("a text") };
    assert_eq!((text.emojis[0].index, event.timestamp.as_millisecond()), (0, 0));
}

// go 466, 496
#[test]
fn trap_10_a_number_that_was_not_set_is_not_sent_as_zero() {
    let narrowcast = |limit| value(Narrowcast::new(hello()).limit(limit));
    let limits = |limit| narrowcast(limit)["limit"].clone();
    assert_eq!(limits(Limit::up_to_remaining_quota()), json!({ "upToRemainingQuota": true }));
    assert_eq!(limits(Limit::at_most(NonZeroU32::MIN)), json!({ "max": 1 }));
    assert!(value(Narrowcast::new(hello())).get("limit").is_none());
    let text = lupinus_line::message::flex::Text::new("a");
    let flex = value(FlexMessage::new("alt", Bubble::new().body(FlexBox::vertical().child(text))).unwrap());
    let (body, text) = (&flex["contents"]["body"], &flex["contents"]["body"]["contents"][0]);
    assert_eq!(body.as_object().unwrap().len(), 3, "type, layout, contents: {body}");
    assert_eq!(text, &json!({ "type": "text", "text": "a" }));
}

// go 24, 464, 498
#[tokio::test]
async fn trap_11_what_was_not_set_is_not_sent_as_an_empty_text() {
    let buttons = TemplateMessage::buttons("alt", Buttons::new("text", [tap()])).unwrap();
    let template = value(Message::from(buttons))["template"].clone();
    let expected = json!({ "type": "buttons", "text": "text",
        "actions": [{ "type": "message", "label": "はい", "text": "はい" }] });
    assert_eq!(template, expected);
    assert!(!value(Push::new(user(), hello())).to_string().contains(r#""""#));

    let server = Server::answering(|request: &Seen| {
        good(match request.target.as_str() {
            "/oauth2/v2.1/verify" => {
                r#"{"iss":"i","sub":"U5a1e0000111122223333444455556666","aud":"2009990001","exp":1,"iat":1}"#
            }
            _ => r#"{"access_token":"at-1","refresh_token":"rt-1","expires_in":899,"token_type":"Bearer"}"#,
        })
    })
    .await;
    let line = server.client();
    let channel = ChannelId::new("2009990001").unwrap();
    let credentials = ChannelCredentials::new(channel.clone(), ChannelSecret::from("0f1e"));
    let key = AssertionKey::from_jwk("k-1", include_str!("../data/assertion-key.jwk")).unwrap();
    line.issue_stateless_token(&credentials.into()).await.unwrap();
    line.issue_stateless_token(&Signer::new(channel.clone(), key).into()).await.unwrap();
    line.refresh_user_token(&channel, None, &RefreshToken::from("rt-0")).await.unwrap();
    line.verify_id_token(&channel, &IdToken::from("eyJ"), None, None).await.unwrap();
    let forms: Vec<Vec<String>> = server
        .seen()
        .iter()
        .map(|request| {
            let fields: Vec<(String, String)> =
                url::form_urlencoded::parse(&request.body).into_owned().collect();
            assert!(fields.iter().all(|(_, value)| !value.is_empty()), "{fields:?}");
            fields.into_iter().map(|(name, _)| name).collect()
        })
        .collect();
    assert_eq!(
        forms,
        [
            &["grant_type", "client_id", "client_secret"][..],
            &["grant_type", "client_assertion_type", "client_assertion"],
            &["grant_type", "refresh_token", "client_id"],
            &["id_token", "client_id"],
        ]
    );
}

// go 195, 657
#[test]
fn trap_12_flex_of_others_passes_through_with_all_its_properties_and_no_more() {
    let bubble = json!({
        "type": "bubble", "styles": { "body": { "backgroundColor": "#112233", "separator": false } },
        "body": { "type": "box", "layout": "vertical", "backgroundColor": "#FFFFFF00", "offsetTop": "0px",
            "contents": [{ "type": "text", "text": "a", "flex": 0, "ofTomorrow": { "x": null } }] }
    });
    let flex = FlexMessage::new("alt", Container::from_json(bubble.clone())).unwrap();
    let sent = serde_json::to_string(&Message::from(flex)).unwrap();
    assert_eq!(sent, format!(r#"{{"type":"flex","altText":"alt","contents":{bubble}}}"#));

    let ours = Carousel::new([Bubble::new().body(FlexBox::vertical().background_color("#112233"))]);
    let ours = value(FlexMessage::new("alt", ours).unwrap())["contents"].to_string();
    let again = Container::from_json(serde_json::from_str(&ours).unwrap());
    let again = value(FlexMessage::new("alt", again).unwrap())["contents"].to_string();
    assert_eq!(again, ours);
}

// LINE docs/Character counting in a text
#[test]
fn trap_25_lengths_are_counted_as_line_counts_them() {
    // One family is 7 code points, 11 UTF-16 code units, 25 bytes, and one grapheme cluster.
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(Text::new(family).unwrap().utf16_len(), 11);
    assert!(Text::new("👍".repeat(MAX_TEXT_UTF16 / 2)).is_ok(), "bytes would be too many");
    assert!(Text::new("👍".repeat(MAX_TEXT_UTF16 / 2 + 1)).is_err(), "chars would be few enough");
    let buttons =
        |families: usize| TemplateMessage::buttons("alt", Buttons::new(family.repeat(families), [tap()]));
    assert!(buttons(MAX_BUTTONS_TEXT_GRAPHEMES).is_ok());
    assert!(buttons(MAX_BUTTONS_TEXT_GRAPHEMES + 1).is_err());
}

#[test]
fn trap_34_what_people_wrote_becomes_no_placeholder() {
    let wrote = "{s0} さん {{}} {boss}";
    let text = TextV2::new().mention_all().words(wrote).build().unwrap();
    let sent = value(Message::from(text));
    assert_eq!(sent["text"], "{s0}{{s0}} さん {{{{}}}} {{boss}}");
    assert_eq!(sent["substitution"].as_object().unwrap().len(), 1, "the mention, and nothing of theirs");
}

// LINE docs/Retrying a failed API request
#[test]
fn trap_32_each_send_has_a_key_of_its_own_and_keeps_it() {
    let keys: std::collections::HashSet<_> = (0..1_000).map(|_| RetryKey::random()).collect();
    assert_eq!(keys.len(), 1_000);
    let users = (0..1_200).map(|number| UserId::new(format!("U{number:032x}")).unwrap());
    let plan = lupinus_line::client::MulticastPlan::new(users, hello()).unwrap();
    let keys = |plan: &lupinus_line::client::MulticastPlan| -> Vec<RetryKey> {
        plan.chunks().map(|chunk| chunk.key).collect()
    };
    let ours = keys(&plan);
    assert!(ours.len() == 3 && ours[0] != ours[1] && ours[1] != ours[2] && ours[0] != ours[2]);
    let kept = serde_json::to_string(&plan).unwrap();
    assert_eq!(keys(&serde_json::from_str(&kept).unwrap()), ours, "also after a restart");
    let other = lupinus_line::client::MulticastPlan::new([user()], hello()).unwrap();
    assert!(!ours.contains(&keys(&other)[0]), "another plan has others");
}
