//! Every message that the builders make, held to LINE's description: each is valid, and together they have every kind, every
//! property and every word of an enumeration that the description has for messages.

use std::collections::BTreeSet;

use lupinus_line::message::{
    Action, Area, AudioMessage, Buttons, Carousel, Column, Confirm, CouponMessage, Emoji, EmojiText,
    FlexMessage, ImageColumn, ImageFit, ImageMessage, ImageShape, Imagemap, ImagemapAction, ImagemapMessage,
    ImagemapVideo, LocationMessage, Message, QuickReply, Sender, StickerMessage, Substitution,
    TemplateMessage, TextV2Template, VideoMessage,
};
use lupinus_line::{CouponId, QuoteToken, UserId};
use serde_json::{Map, Value, json};

use crate::described;
use crate::layouts::{everything, url};

/// What the builders leave out on purpose, or what belongs elsewhere.
const LEFT_OUT: [&str; 4] = [
    "PostbackAction.text",   // deprecated by LINE, `displayText` took its place
    "Action=richmenuswitch", // for rich menus only
    "RichMenuSwitchAction",  // the same
    "FlexComponent=span",    // in texts only, never where any component may be
];

fn said(label: &str) -> Action {
    Action::message("a").unwrap().label(label)
}

fn messages() -> Vec<Message> {
    let quote = || QuoteToken::new("Qt-1").unwrap();
    let emoji = || Emoji::new("5ac1bfd5040ab15980c9b435", "002").unwrap();
    let who = UserId::new("U5a1e0000aaaabbbbccccddddeeeeffff").unwrap();
    let quick_reply = QuickReply::with_icons([
        (said("b"), Some(url("q.png"))),
        (Action::camera().label("撮る"), None),
        (Action::camera_roll().label("選ぶ"), None),
        (Action::location().label("場所"), None),
    ])
    .unwrap();
    let area = Area::new(0, 0, 1_040, 520);
    let map = Imagemap::new(url("map"), 520)
        .action(ImagemapAction::message("a", area).unwrap().label("a").unwrap())
        .action(ImagemapAction::uri("https://example.org", area).unwrap().label("a").unwrap())
        .action(ImagemapAction::clipboard("a", area).unwrap().label("a").unwrap())
        .video(
            ImagemapVideo::new(url("v.mp4"), url("v.jpg"), area).link("a", "https://example.org").unwrap(),
        );
    let buttons = Buttons::new("a", [said("b")])
        .title("t")
        .image(url("m.png"))
        .image_shape(ImageShape::Square)
        .image_fit(ImageFit::Contain)
        .image_background("#00FF99")
        .default_action(said("c"));
    let column = Column::new("a", [said("b")])
        .image(url("m.png"))
        .image_background("#00FF99")
        .title("t")
        .default_action(said("c"));
    let columns = Carousel::new([column]).image_shape(ImageShape::Rectangle).image_fit(ImageFit::Cover);
    let names = TextV2Template::new("{who} {e} {all}")
        .put("who", Substitution::user(who))
        .put("e", Substitution::emoji(emoji()))
        .put("all", Substitution::everybody())
        .quoting(quote());
    let coupon = CouponMessage::new(CouponId::new("01KA").unwrap()).tagged("autumn").unwrap();
    let mut all: Vec<Message> = vec![
        Message::from(EmojiText::new().emoji(emoji()).build().unwrap().quoting(quote())),
        names.build().unwrap().into(),
        StickerMessage::new(446, 1_990).quoting(quote()).into(),
        ImageMessage::new(url("a.jpg"), url("s.jpg")).into(),
        VideoMessage::new(url("v.mp4"), url("v.jpg")).tracked("tour-1").unwrap().into(),
        AudioMessage::new(url("s.m4a"), 4_200).into(),
        LocationMessage::new("避難所", "緑町3-4", 38.25, 0.0).unwrap().into(),
        coupon.into(),
        ImagemapMessage::new("館内図", map).unwrap().into(),
        TemplateMessage::buttons("a", buttons).unwrap().into(),
        TemplateMessage::confirm("a", Confirm::new("a", said("b"), said("c"))).unwrap().into(),
        TemplateMessage::carousel("a", columns).unwrap().into(),
        TemplateMessage::image_carousel("a", [ImageColumn::new(url("p.jpg"), said("b"))]).unwrap().into(),
    ];
    all.extend(everything().into_iter().map(|layout| FlexMessage::new("a", layout).unwrap().into()));
    let sender = || Sender::named("案内係").unwrap().with_icon(url("i.png"));
    all.into_iter()
        .map(|message| message.with_quick_reply(quick_reply.clone()).with_sender(sender()))
        .collect()
}

/// What there is: kinds (`Action=uri`), properties (`FlexText.wrap`), words (`FlexText.weight=bold`).
type Seen = BTreeSet<String>;

struct Description<'a> {
    schemas: &'a Map<String, Value>,
}

impl Description<'_> {
    fn name(reference: &Value) -> Option<&str> {
        reference["$ref"].as_str()?.strip_prefix("#/components/schemas/")
    }

    /// The kinds that a schema tells apart, by name.
    fn kinds(&self, schema: &str) -> Vec<(String, String)> {
        let told_apart = self.schemas.contains_key(&format!("{schema}.base"));
        let cases = self.schemas[schema]["allOf"].as_array().into_iter().flatten();
        let kind = |case: &Value| {
            let name = case["if"]["properties"]["type"]["const"].as_str()?.to_owned();
            Some((name, Self::name(&case["then"])?.to_owned()))
        };
        if told_apart { cases.filter_map(kind).collect() } else { Vec::new() }
    }

    /// The properties of a schema and of what it extends.
    fn properties(&self, schema: &str) -> Map<String, Value> {
        let mut all = Map::new();
        let schema = &self.schemas[schema];
        for part in schema["allOf"].as_array().into_iter().flatten().chain([schema]) {
            if let Some(base) = Self::name(part) {
                all.extend(self.properties(base));
            }
            all.extend(part["properties"].as_object().cloned().unwrap_or_default());
        }
        all.remove("type");
        all
    }

    /// The schema that a property refers to, itself or for its entries.
    fn inner(property: &Value) -> Option<&str> {
        Self::name(property)
            .or_else(|| Self::name(&property["items"]))
            .or_else(|| Self::name(&property["additionalProperties"]))
    }

    /// All that can be reached from a schema.
    fn expected(&self, schema: &str, seen: &mut Seen) {
        if LEFT_OUT.contains(&schema) || !seen.insert(schema.to_owned()) {
            return;
        }
        for (kind, name) in self.kinds(schema) {
            seen.insert(format!("{schema}={kind}"));
            self.expected(&name, seen);
        }
        if self.schemas.contains_key(&format!("{schema}.base")) {
            return;
        }
        for (property, about) in self.properties(schema) {
            seen.insert(format!("{schema}.{property}"));
            for word in about["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                seen.insert(format!("{schema}.{property}={word}"));
            }
            if let Some(inner) = Self::inner(&about) {
                self.expected(inner, seen);
            }
        }
    }

    /// All that is in a value.
    fn found(&self, schema: &str, value: &Value, seen: &mut Seen) {
        if let Some(entries) = value.as_array() {
            return entries.iter().for_each(|entry| self.found(schema, entry, seen));
        }
        seen.insert(schema.to_owned());
        let told = value["type"].as_str().unwrap_or_default();
        if let Some((kind, name)) = self.kinds(schema).into_iter().find(|(kind, _)| kind == told) {
            seen.insert(format!("{schema}={kind}"));
            return self.found(&name, value, seen);
        }
        for (property, about) in self.properties(schema) {
            let Some(value) = value.get(&property) else { continue };
            seen.insert(format!("{schema}.{property}"));
            if about["enum"].is_array() {
                seen.insert(format!("{schema}.{property}={}", value.as_str().unwrap_or_default()));
            }
            let many = about["additionalProperties"]["$ref"].is_string();
            match (Self::inner(&about), value.as_object()) {
                (Some(inner), Some(entries)) if many => {
                    entries.values().for_each(|entry| self.found(inner, entry, seen));
                }
                (Some(inner), _) => self.found(inner, value, seen),
                (None, _) => {}
            }
        }
    }
}

#[test]
fn every_message_is_valid_and_together_they_have_all_that_line_describes() {
    let Some(operations) = described() else { return };
    let push = operations.iter().find(|operation| operation.id == "pushMessage").unwrap();
    let description = Description { schemas: &push.schemas };
    let (mut expected, mut found) = (Seen::new(), Seen::new());
    description.expected("Message", &mut expected);
    for message in messages() {
        let json = serde_json::to_value(&message).unwrap();
        let faults = push.faults(&json!({ "$ref": "#/components/schemas/Message" }), &json);
        assert!(faults.is_empty(), "{}: {faults:?}", message.kind());
        description.found("Message", &json, &mut found);
    }
    let missing: Vec<_> =
        expected.difference(&found).filter(|name| !LEFT_OUT.contains(&name.as_str())).collect();
    println!(
        "kinds, properties and words of messages: {} of {}",
        expected.len() - missing.len(),
        expected.len()
    );
    assert!(expected.len() > 250, "only {}: is this the right description?", expected.len());
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The words of sizes and distances stand apart from the properties they are for.
#[test]
fn every_word_for_a_size_or_a_distance_can_be_written() {
    let Some(operations) = described() else { return };
    let push = operations.iter().find(|operation| operation.id == "pushMessage").unwrap();
    let written = everything().into_iter().map(|layout| FlexMessage::new("a", layout).unwrap());
    let written: String =
        written.map(|message| serde_json::to_string(&Message::from(message)).unwrap()).collect();
    for (schema, property) in [
        ("FlexBoxBorderWidth", "borderWidth"),
        ("FlexImageSize", "size"),
        ("FlexIconSize", "size"),
        ("FlexTextFontSize", "size"),
        ("FlexSpanSize", "size"),
    ] {
        for word in push.schemas[schema]["enum"].as_array().unwrap() {
            assert!(written.contains(&format!("\"{property}\":{word}")), "{schema}: {word}");
        }
    }
    for schema in ["FlexBoxCornerRadius", "FlexBoxSpacing", "FlexMargin", "FlexBoxPadding", "FlexOffset"] {
        for word in push.schemas[schema]["enum"].as_array().unwrap() {
            assert!(written.contains(&format!("\":{word}")), "{schema}: {word}");
        }
    }
}
