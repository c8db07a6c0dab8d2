//! Messages go on the wire as LINE documents them, and what LINE would refuse cannot be made.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use lupinus_line::message::flex::{Bubble, FlexBox, Text as FlexText};
use lupinus_line::message::{
    Action, Area, AudioMessage, Buttons, Carousel, Column, Confirm, CouponMessage, DatetimeMode, Emoji,
    EmojiText, FlexMessage, ImageColumn, ImageFit, ImageMessage, ImageShape, Imagemap, ImagemapAction,
    ImagemapMessage, ImagemapVideo, InvalidMessage, LocationMessage, MediaUrl, Message, QuickReply, Sender,
    StickerMessage, Substitution, TemplateMessage, Text, TextMessage, TextV2, TextV2Template, VideoMessage,
};
use lupinus_line::{CouponId, Messages, QuoteToken, UserId};
use serde_json::{Value, json};

fn url(path: &str) -> MediaUrl {
    MediaUrl::new(format!("https://cdn.example.org/{path}")).unwrap()
}

fn labelled(text: &str) -> Action {
    Action::message(text).unwrap().label(text)
}

#[test]
fn every_typed_message_serialises_as_documented() {
    let quick = QuickReply::with_icons([
        (labelled("明後日"), None),
        (Action::location().label("場所"), Some(url("pin.png"))),
    ])
    .unwrap();
    let text = Text::new("本日は閉館しました").unwrap();
    let quoting = TextMessage::new(text.clone()).quoting(QuoteToken::new("Qt-1").unwrap());
    let picker = Action::datetime_picker("slot", DatetimeMode::Datetime).unwrap().label("日時");
    let picker = picker.range(Some("2026-10-01T09:00"), Some("2026-10-31T17:00"), None).unwrap();
    let yes = Action::postback("cancel=1").unwrap().label("はい").display_text("はい").unwrap();
    let no = Action::postback("cancel=0").unwrap().label("いいえ");
    let see = |n: u8| Action::uri(format!("https://example.org/k/{n}")).unwrap().label("見る");
    for (name, message, expected) in [
        (
            "text with quick replies and sender",
            Message::from(text)
                .with_quick_reply(quick)
                .with_sender(Sender::named("案内係").unwrap().with_icon(url("i.png"))),
            json!({"type":"text","text":"本日は閉館しました",
                "quickReply":{"items":[
                    {"type":"action","action":{"type":"message","text":"明後日","label":"明後日"}},
                    {"type":"action","imageUrl":"https://cdn.example.org/pin.png","action":{"type":"location","label":"場所"}}]},
                "sender":{"name":"案内係","iconUrl":"https://cdn.example.org/i.png"}}),
        ),
        ("quote", quoting.into(), json!({"type":"text","text":"本日は閉館しました","quoteToken":"Qt-1"})),
        (
            "sticker",
            StickerMessage::new(446, 1990).into(),
            json!({"type":"sticker","packageId":"446","stickerId":"1990"}),
        ),
        (
            "image",
            ImageMessage::new(url("a.jpg"), url("s.jpg")).into(),
            json!({"type":"image","originalContentUrl":"https://cdn.example.org/a.jpg","previewImageUrl":"https://cdn.example.org/s.jpg"}),
        ),
        (
            "video",
            VideoMessage::new(url("v.mp4"), url("v.jpg")).tracked("tour-1").unwrap().into(),
            json!({"type":"video","originalContentUrl":"https://cdn.example.org/v.mp4","previewImageUrl":"https://cdn.example.org/v.jpg","trackingId":"tour-1"}),
        ),
        (
            "audio",
            AudioMessage::new(url("s.m4a"), 4_200).into(),
            json!({"type":"audio","originalContentUrl":"https://cdn.example.org/s.m4a","duration":4200}),
        ),
        (
            "location",
            LocationMessage::new("避難所", "緑町3-4", 38.25, 0.0).unwrap().into(),
            json!({"type":"location","title":"避難所","address":"緑町3-4","latitude":38.25,"longitude":0.0}),
        ),
        (
            "confirm",
            TemplateMessage::confirm("確認", Confirm::new("取り消しますか?", yes, no)).unwrap().into(),
            json!({"type":"template","altText":"確認","template":{"type":"confirm","text":"取り消しますか?","actions":[
                {"type":"postback","data":"cancel=1","displayText":"はい","label":"はい"},
                {"type":"postback","data":"cancel=0","label":"いいえ"}]}}),
        ),
        (
            "buttons",
            TemplateMessage::buttons(
                "窓口",
                Buttons::new("日時を選んでください", [picker]).title("窓口").image(url("m.png")),
            )
            .unwrap()
            .into(),
            json!({"type":"template","altText":"窓口","template":{"type":"buttons","thumbnailImageUrl":"https://cdn.example.org/m.png",
                "title":"窓口","text":"日時を選んでください","actions":[
                {"type":"datetimepicker","data":"slot","mode":"datetime","max":"2026-10-31T17:00","min":"2026-10-01T09:00","label":"日時"}]}}),
        ),
        (
            "carousel",
            TemplateMessage::carousel(
                "講座",
                Carousel::new([Column::new("俳句", [see(1)]), Column::new("書道", [see(2)])]),
            )
            .unwrap()
            .into(),
            json!({"type":"template","altText":"講座","template":{"type":"carousel","columns":[
                {"text":"俳句","actions":[{"type":"uri","uri":"https://example.org/k/1","label":"見る"}]},
                {"text":"書道","actions":[{"type":"uri","uri":"https://example.org/k/2","label":"見る"}]}]}}),
        ),
    ] {
        goes_and_comes_back(name, message, &expected);
    }
}

/// On the wire it is as expected; the expected, read, is the same again to the byte; and so is the message, stored.
fn goes_and_comes_back(name: &str, message: Message, expected: &Value) {
    assert_eq!(&serde_json::to_value(&message).unwrap(), expected, "{name}");
    assert_eq!(message.kind(), expected["type"], "{name}");
    let documented = expected.to_string();
    let read: Message = serde_json::from_str(&documented).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), documented, "{name}, read");
    let stored = serde_json::to_string(&Messages::from(message)).unwrap();
    let again: Messages = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), stored, "{name}, stored");
}

#[test]
fn emoji_people_coupons_and_maps_serialise_as_documented() {
    let heart = || Emoji::new("5ac1bfd5040ab15980c9b435", "002").unwrap();
    let who = UserId::new("U5a1e0000aaaabbbbccccddddeeeeffff").unwrap();
    let quote = || QuoteToken::new("Qt-1").unwrap();
    let place = |x| Area::new(x, 0, 520, 260);
    let map = Imagemap::new(url("map/3"), 260)
        .action(ImagemapAction::message("東館", place(0)).unwrap())
        .action(ImagemapAction::uri("https://example.org/w", place(520)).unwrap().label("西館").unwrap())
        .action(ImagemapAction::clipboard("W-2", Area::new(0, 0, 1, 1)).unwrap());
    let film = ImagemapVideo::new(url("v.mp4"), url("v.jpg"), Area::new(0, 0, 1_040, 260));
    let film =
        Imagemap::new(url("map/4"), 260).video(film.link("続きを見る", "https://example.org/v").unwrap());
    let picture = |n: u8| {
        let open = Action::uri(format!("https://example.org/p/{n}")).unwrap();
        ImageColumn::new(url(&format!("p{n}.jpg")), if n == 1 { open.label("一枚目") } else { open })
    };
    for (name, message, expected) in [
        (
            "emoji in a text",
            EmojiText::new()
                .emoji(heart())
                .words(" 🍎 ")
                .emoji(heart())
                .build()
                .unwrap()
                .quoting(quote())
                .into(),
            json!({"type":"text","text":"$ 🍎 $","emojis":[
                {"index":0,"productId":"5ac1bfd5040ab15980c9b435","emojiId":"002"},
                {"index":5,"productId":"5ac1bfd5040ab15980c9b435","emojiId":"002"}],"quoteToken":"Qt-1"}),
        ),
        (
            "people and emoji by name",
            TextV2Template::new("{who} さん、{{重要}} です{e}{all}")
                .put("who", Substitution::user(who.clone()))
                .put("e", Substitution::emoji(heart()))
                .put("all", Substitution::everybody())
                .quoting(quote())
                .build()
                .unwrap()
                .into(),
            json!({"type":"textV2","text":"{who} さん、{{重要}} です{e}{all}","substitution":{
                "who":{"type":"mention","mentionee":{"type":"user","userId":"U5a1e0000aaaabbbbccccddddeeeeffff"}},
                "e":{"type":"emoji","productId":"5ac1bfd5040ab15980c9b435","emojiId":"002"},
                "all":{"type":"mention","mentionee":{"type":"all"}}},"quoteToken":"Qt-1"}),
        ),
        (
            "people in order",
            TextV2::new().mention(who).words(" {a}").build().unwrap().into(),
            json!({"type":"textV2","text":"{s0} {{a}}","substitution":{
                "s0":{"type":"mention","mentionee":{"type":"user","userId":"U5a1e0000aaaabbbbccccddddeeeeffff"}}}}),
        ),
        (
            "words alone",
            TextV2::new().words("a").build().unwrap().into(),
            json!({"type":"textV2","text":"a"}),
        ),
        (
            "coupon",
            CouponMessage::new(CouponId::new("01KA").unwrap()).tagged("autumn_1").unwrap().into(),
            json!({"type":"coupon","couponId":"01KA","deliveryTag":"autumn_1"}),
        ),
        (
            "imagemap",
            ImagemapMessage::new("案内図", map).unwrap().into(),
            json!({"type":"imagemap","baseUrl":"https://cdn.example.org/map/3","altText":"案内図",
                "baseSize":{"width":1040,"height":260},"actions":[
                {"type":"message","text":"東館","area":{"x":0,"y":0,"width":520,"height":260}},
                {"type":"uri","linkUri":"https://example.org/w","label":"西館","area":{"x":520,"y":0,"width":520,"height":260}},
                {"type":"clipboard","clipboardText":"W-2","area":{"x":0,"y":0,"width":1,"height":1}}]}),
        ),
        (
            "imagemap with a video",
            ImagemapMessage::new("紹介", film).unwrap().into(),
            json!({"type":"imagemap","baseUrl":"https://cdn.example.org/map/4","altText":"紹介",
                "baseSize":{"width":1040,"height":260},"actions":[],"video":{
                "originalContentUrl":"https://cdn.example.org/v.mp4","previewImageUrl":"https://cdn.example.org/v.jpg",
                "area":{"x":0,"y":0,"width":1040,"height":260},
                "externalLink":{"linkUri":"https://example.org/v","label":"続きを見る"}}}),
        ),
        (
            "pictures side by side",
            TemplateMessage::image_carousel("写真", [picture(1), picture(2)]).unwrap().into(),
            json!({"type":"template","altText":"写真","template":{"type":"image_carousel","columns":[
                {"imageUrl":"https://cdn.example.org/p1.jpg","action":{"type":"uri","label":"一枚目","uri":"https://example.org/p/1"}},
                {"imageUrl":"https://cdn.example.org/p2.jpg","action":{"type":"uri","uri":"https://example.org/p/2"}}]}}),
        ),
        (
            "buttons with all there is",
            TemplateMessage::buttons(
                "窓口",
                Buttons::new("a", [labelled("b")])
                    .title("t")
                    .image(url("m.png"))
                    .image_shape(ImageShape::Square)
                    .image_fit(ImageFit::Contain)
                    .image_background("#00FF99")
                    .default_action(labelled("c")),
            )
            .unwrap()
            .into(),
            json!({"type":"template","altText":"窓口","template":{"type":"buttons","thumbnailImageUrl":"https://cdn.example.org/m.png",
                "imageAspectRatio":"square","imageSize":"contain","imageBackgroundColor":"#00FF99","title":"t","text":"a",
                "defaultAction":{"type":"message","text":"c","label":"c"},"actions":[{"type":"message","text":"b","label":"b"}]}}),
        ),
        (
            "columns with all there is",
            TemplateMessage::carousel(
                "講座",
                Carousel::new([Column::new("a", [labelled("b")])
                    .image(url("m.png"))
                    .image_background("#00FF99")
                    .title("t")
                    .default_action(labelled("c"))])
                .image_shape(ImageShape::Rectangle)
                .image_fit(ImageFit::Cover),
            )
            .unwrap()
            .into(),
            json!({"type":"template","altText":"講座","template":{"type":"carousel","columns":[
                {"thumbnailImageUrl":"https://cdn.example.org/m.png","imageBackgroundColor":"#00FF99","title":"t","text":"a",
                "defaultAction":{"type":"message","text":"c","label":"c"},"actions":[{"type":"message","text":"b","label":"b"}]}],
                "imageAspectRatio":"rectangle","imageSize":"cover"}}),
        ),
    ] {
        goes_and_comes_back(name, message, &expected);
    }
}

#[test]
fn kinds_that_are_not_known_go_as_json() {
    for raw in [
        r#"{"type":"hologram","addedByLine":[1,null]}"#,
        r#"{"type":"coupon","couponId":"01KA","deliveryTag":"autumn","addedByLine":{"b":1,"a":0}}"#,
    ] {
        let message = Message::from_json(serde_json::from_str(raw).unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), raw);
    }
    for bad in [json!({}), json!({"type": 1}), json!([]), json!("text"), Value::Null] {
        assert_eq!(Message::from_json(bad).unwrap_err(), InvalidMessage::NotAMessage);
    }
}

#[test]
fn a_stored_message_can_be_given_other_quick_replies() {
    let stored = json!({"type":"text","text":"a","quickReply":{"items":["old"]},"sender":{"name":"old"}});
    let message = Message::from_json(stored).unwrap();
    let message = message.with_quick_reply(QuickReply::new([labelled("b")]).unwrap());
    let message = message.with_sender(Sender::named("new").unwrap());
    let json = serde_json::to_string(&message).unwrap();
    assert_eq!((json.matches("quickReply").count(), json.matches("\"sender\"").count()), (1, 1), "{json}");
    assert!(!json.contains("old"), "{json}");
}

#[test]
fn no_debug_shows_what_a_message_says() {
    let bubble = Bubble::new().body(FlexBox::vertical().child(FlexText::new("山田")));
    let printed = format!(
        "{:?} {:?} {:?} {bubble:?}",
        Message::text("山田").unwrap().with_quick_reply(QuickReply::new([labelled("山田")]).unwrap()),
        Messages::from(Message::from_json(json!({"type":"text","text":"山田"})).unwrap()),
        FlexMessage::new("山田", bubble.clone()).unwrap(),
    );
    assert!(!printed.contains("山田"), "{printed}");
}
