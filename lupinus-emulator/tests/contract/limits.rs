//! The limits on LINE's pages that the OpenAPI files do not have: at each of them one body that still fits and one that
//! does not.

use serde_json::{Value, json};

use crate::{
    bodies::{self, Known},
    violations::{name, pointer, with},
};

/// One limit: a body at it, and one beyond it.
pub(crate) struct Limit {
    pub(crate) operation: &'static str,
    pub(crate) property: String,
    pub(crate) fitting: Value,
    pub(crate) breaking: Value,
}

/// What is counted.
#[derive(Clone, Copy)]
enum Most {
    /// UTF-16 code units: an apple is two.
    Utf16(usize),
    /// Grapheme clusters: a family is one.
    Graphemes(usize),
    /// Signs of an address.
    Url(usize),
    /// Letters of a name.
    Letters(usize),
    /// Elements of an array.
    Items(usize),
}
use Most::{Graphemes, Items, Letters, Url, Utf16};

impl Most {
    fn values(self, old: &Value) -> (Value, Value) {
        let apples = |units: usize| json!(format!("{}{}", "🍎".repeat(units / 2), "a".repeat(units % 2)));
        let families = |clusters: usize| json!("👨‍👩‍👧‍👦".repeat(clusters));
        let url = |signs: usize| json!(format!("https://example.org/{}", "a".repeat(signs - 20)));
        let items =
            |count: usize| json!(old.as_array().unwrap().iter().cycle().take(count).collect::<Vec<_>>());
        match self {
            Utf16(max) => (apples(max), apples(max + 1)),
            Graphemes(max) => (families(max), families(max + 1)),
            Url(max) => (url(max), url(max + 1)),
            Letters(max) => (json!("a".repeat(max)), json!("a".repeat(max + 1))),
            Items(max) => (items(max), items(max + 1)),
        }
    }
}

/// Message, property, limit (LINE's reference, "Message objects" and "Action objects").
const OF_MESSAGES: &[(&str, &str, Most)] = &[
    ("textV2", "text", Utf16(5_000)),
    ("text", "quickReply/items/0/action/label", Graphemes(20)),
    ("text", "quickReply/items/0/action/data", Utf16(300)),
    ("text", "quickReply/items/0/action/displayText", Graphemes(300)),
    ("text", "quickReply/items/1/action/fillInText", Graphemes(300)),
    ("text", "quickReply/items/2/action/text", Graphemes(300)),
    ("text", "quickReply/items/3/action/uri", Url(1_000)),
    ("text", "quickReply/items/3/action/altUri/desktop", Url(1_000)),
    ("text", "quickReply/items/4/action/data", Utf16(300)),
    ("text", "quickReply/items/5/action/label", Graphemes(20)),
    ("text", "quickReply/items/6/action/label", Graphemes(20)),
    ("text", "quickReply/items/7/action/label", Graphemes(20)),
    ("text", "quickReply/items/8/action/clipboardText", Utf16(1_000)),
    ("text", "quickReply/items", Items(13)),
    ("text", "quickReply/items/0/imageUrl", Url(2_000)),
    ("text", "sender/name", Utf16(20)),
    ("text", "sender/iconUrl", Url(2_000)),
    ("text", "emojis", Items(20)),
    ("image", "originalContentUrl", Url(2_000)),
    ("image", "previewImageUrl", Url(2_000)),
    ("video", "originalContentUrl", Url(2_000)),
    ("video", "previewImageUrl", Url(2_000)),
    ("video", "trackingId", Letters(100)),
    ("audio", "originalContentUrl", Url(2_000)),
    ("location", "title", Utf16(100)),
    ("location", "address", Utf16(100)),
    ("coupon", "deliveryTag", Letters(30)),
    ("imagemap", "baseUrl", Url(2_000)),
    ("imagemap", "altText", Utf16(1_500)),
    ("imagemap", "actions", Items(50)),
    ("imagemap", "actions/0/text", Utf16(400)),
    ("imagemap", "actions/0/label", Utf16(100)),
    ("imagemap", "actions/1/linkUri", Url(1_000)),
    ("imagemap", "actions/2/clipboardText", Utf16(1_000)),
    ("imagemap", "video/originalContentUrl", Url(2_000)),
    ("imagemap", "video/previewImageUrl", Url(2_000)),
    ("imagemap", "video/externalLink/linkUri", Url(1_000)),
    ("imagemap", "video/externalLink/label", Utf16(30)),
    ("buttons", "altText", Utf16(1_500)),
    ("buttons", "template/text", Graphemes(60)),
    ("buttons", "template/title", Graphemes(40)),
    ("buttons", "template/thumbnailImageUrl", Url(2_000)),
    ("buttons", "template/actions", Items(4)),
    ("buttons", "template/actions/0/label", Graphemes(20)),
    ("buttons", "template/actions/0/data", Utf16(300)),
    ("buttons", "template/actions/1/fillInText", Graphemes(300)),
    ("buttons", "template/actions/2/clipboardText", Utf16(1_000)),
    ("buttons", "template/actions/3/uri", Url(1_000)),
    ("plainButtons", "template/text", Graphemes(160)),
    ("confirm", "template/text", Graphemes(240)),
    ("confirm", "template/actions", Items(2)),
    ("confirm", "template/actions/1/text", Graphemes(300)),
    ("carousel", "template/columns", Items(10)),
    ("carousel", "template/columns/0/text", Graphemes(60)),
    ("carousel", "template/columns/0/title", Graphemes(40)),
    ("carousel", "template/columns/0/thumbnailImageUrl", Url(2_000)),
    ("plainCarousel", "template/columns/0/text", Graphemes(120)),
    ("plainCarousel", "template/columns/0/actions", Items(3)),
    ("imageCarousel", "template/columns", Items(10)),
    ("imageCarousel", "template/columns/0/imageUrl", Url(2_000)),
    ("imageCarousel", "template/columns/0/action/label", Graphemes(12)),
    ("flex", "altText", Utf16(1_500)),
    ("flex", "contents/hero/url", Url(2_000)),
    ("flex", "contents/footer/contents/0/action/label", Graphemes(40)),
    ("flex", "contents/footer/contents/0/action/clipboardText", Utf16(1_000)),
    ("flex", "contents/action/uri", Url(1_000)),
    ("flexVideo", "contents/hero/url", Url(2_000)),
    ("flexVideo", "contents/hero/previewUrl", Url(2_000)),
];

/// Property and limit of a rich menu.
const OF_MENUS: &[(&str, Most)] = &[
    ("name", Graphemes(300)),
    ("chatBarText", Graphemes(14)),
    ("areas", Items(20)),
    ("areas/0/action/label", Graphemes(20)),
    ("areas/0/action/data", Utf16(300)),
    ("areas/0/action/displayText", Graphemes(300)),
    ("areas/2/action/uri", Url(1_000)),
    ("areas/3/action/clipboardText", Utf16(1_000)),
    ("areas/4/action/richMenuAliasId", Letters(32)),
    ("areas/4/action/data", Utf16(300)),
    ("areas/5/action/text", Graphemes(300)),
];

/// Property and limit of a coupon.
const OF_COUPONS: &[(&str, Most)] = &[
    ("title", Utf16(60)),
    ("description", Utf16(1_000)),
    ("usageCondition", Utf16(100)),
    ("couponCode", Utf16(16)),
    ("imageUrl", Url(2_000)),
];

/// A narrowcast by age.
fn narrowcast() -> Value {
    json!({"messages": [{"type": "text", "text": "x"}],
        "filter": {"demographic": {"type": "age", "gte": "age_20", "lt": "age_65"}}})
}

/// Message, property, a value that fits, one that does not.
fn values() -> Vec<(&'static str, &'static str, Value, Value)> {
    let entry =
        |number: usize| (format!("k{number}"), json!({"type": "emoji", "productId": "p", "emojiId": "1"}));
    let entries = |count: usize| json!((0..count).map(entry).collect::<serde_json::Map<_, _>>());
    vec![
        ("text", "text", json!("$".repeat(5_000)), json!("$".repeat(5_001))),
        ("text", "emojis/0/index", json!(0), json!(1)),
        ("textV2", "substitution", merged(entries(19)), merged(entries(20))),
        ("video", "trackingId", json!("-.=,+*()%$&;:@{}!?<>[]"), json!("a b")),
        ("audio", "duration", json!(1), json!(0)),
        ("location", "latitude", json!(90), json!(90.1)),
        ("location", "longitude", json!(-180), json!(-180.1)),
        ("coupon", "deliveryTag", json!("summer_2026"), json!("summer-2026")),
        ("imagemap", "baseSize/width", json!(1040), json!(1039)),
        ("imagemap", "actions/0/area/x", json!(0), json!(-1)),
        ("imagemap", "actions/0/area/width", json!(1), json!(0)),
        ("imagemap", "actions/1/linkUri", json!("tel:0312345678"), json!("ftp://example.org")),
        ("buttons", "template/imageBackgroundColor", json!("#abcdef"), json!("red")),
        ("buttons", "template/actions/0/initial", json!("2026-09-30T17:00"), json!("2026-09-30 17:00")),
        ("buttons", "template/actions/0/min", json!("1900-01-01T00:00"), json!("1899-12-31T23:59")),
        ("buttons", "template/actions/0/max", json!("2100-12-31T23:59"), json!("2101-01-01T00:00")),
        ("buttons", "template/actions/3/uri", json!("line://nv/chat"), json!("javascript:alert(1)")),
        ("confirm", "template/actions", json!([act("a"), act("b")]), json!([act("a")])),
        ("flex", "contents/hero/aspectRatio", json!("1:3"), json!("1:4")),
        ("flex", "contents/hero/aspectRatio", json!("100000:1"), json!("100001:1")),
        ("flex", "contents/hero/url", json!("https://example.org/a"), json!("http://example.org/a")),
        ("flex", "contents/body/background/angle", json!("359.9deg"), json!("360deg")),
        ("flex", "contents/body/background/startColor", json!("#00112233"), json!("#0011223")),
        ("flex", "contents/body/spacing", json!("5px"), json!("5%")),
        ("flex", "contents/body/paddingAll", json!("5%"), json!("-5px")),
        ("flex", "contents/body/borderWidth", json!("bold"), json!("thick")),
        ("flex", "contents/body/cornerRadius", json!("xxl"), json!("huge")),
        ("flex", "contents/body/contents/0/size", json!("5xl"), json!("full")),
        ("flex", "contents/body/contents/0/offsetTop", json!("50%"), json!("50em")),
        ("flex", "contents/body/contents/0/margin", json!("1px"), json!("1%")),
        ("flex", "contents/body/contents/0/text", json!(" "), json!("")),
        ("flex", "contents/header/contents/0/contents/0/size", json!("12px"), json!("12%")),
    ]
}

fn act(label: &str) -> Value {
    json!({"type": "postback", "label": label, "data": "x"})
}

/// With the entry that the text names.
fn merged(mut entries: Value) -> Value {
    entries["icon"] = json!({"type": "emoji", "productId": "p", "emojiId": "1"});
    entries
}

fn steps(property: &str) -> Vec<String> {
    property.split('/').map(str::to_owned).collect()
}

fn old<'b>(body: &'b Value, at: &[String]) -> &'b Value {
    body.pointer(&pointer(at)).unwrap_or(&Value::Null)
}

fn limit(operation: &'static str, body: &Value, at: &[String], fitting: Value, breaking: Value) -> Limit {
    Limit {
        operation,
        property: name(at, body),
        fitting: with(body, at, Some(fitting)),
        breaking: with(body, at, Some(breaking)),
    }
}

/// Every limit.
pub(crate) fn all(known: &Known) -> Vec<Limit> {
    let mut all = Vec::new();
    let message = |name: &str| {
        let (_, message) = bodies::messages().into_iter().find(|(known, _)| *known == name).unwrap();
        json!({"messages": [message]})
    };
    let place = |property: &str| [steps("messages/0"), steps(property)].concat();
    for (name, property, most) in OF_MESSAGES {
        let (body, at) = (message(name), place(property));
        let (fitting, breaking) = most.values(old(&body, &at));
        all.push(limit("validatePush", &body, &at, fitting, breaking));
    }
    for (name, property, fitting, breaking) in values() {
        all.push(limit("validatePush", &message(name), &place(property), fitting, breaking));
    }
    let menu =
        |operation: &str| bodies::all(known).into_iter().find(|(known, _)| *known == operation).unwrap().1;
    for (property, most) in OF_MENUS {
        let (body, at) = (menu("validateRichMenuObject"), steps(property));
        let (fitting, breaking) = most.values(old(&body, &at));
        all.push(limit("validateRichMenuObject", &body, &at, fitting, breaking));
    }
    for (property, fitting, breaking) in [
        ("size/width", json!(1_250), json!(799)),
        ("size/width", json!(2_500), json!(2_501)),
        ("size/height", json!(250), json!(249)),
        ("size/height", json!(1_724), json!(1_725)),
    ] {
        let body = menu("validateRichMenuObject");
        all.push(limit("validateRichMenuObject", &body, &steps(property), fitting, breaking));
    }
    for (property, most) in OF_COUPONS {
        let (body, at) = (menu("createCoupon"), steps(property));
        let (fitting, breaking) = most.values(old(&body, &at));
        all.push(limit("createCoupon", &body, &at, fitting, breaking));
    }
    for (property, fitting, breaking) in [
        ("maxUseCountPerTicket", json!(-1), json!(0)),
        ("acquisitionCondition/maxAcquireCount", json!(-1), json!(0)),
        ("acquisitionCondition/maxAcquireCount", json!(1), json!(-2)),
        ("endTimestamp", json!(1_790_000_001), json!(1_790_000_000)),
    ] {
        all.push(limit("createCoupon", &menu("createCoupon"), &steps(property), fitting, breaking));
    }
    let audience = menu("createAudienceGroup");
    let (fitting, breaking) = Utf16(300).values(&Value::Null);
    all.push(limit("createAudienceGroup", &audience, &steps("uploadDescription"), fitting, breaking));
    let control = json!("名\u{7}");
    all.push(limit("createAudienceGroup", &audience, &steps("description"), json!("別の名"), control));
    let narrowcast = narrowcast();
    let demographic = steps("filter/demographic");
    let ages = |from: &str, to: &str| json!({"type": "age", "gte": from, "lt": to});
    let eleven = |count: usize| json!({"type": "operator", "or": vec![ages("age_20", "age_25"); count]});
    all.push(limit("narrowcast", &narrowcast, &demographic, eleven(10), eleven(11)));
    let lt = [demographic, steps("lt")].concat();
    all.push(limit("narrowcast", &narrowcast, &lt, json!("age_25"), json!("age_20")));
    let loading = menu("showLoadingAnimation");
    all.push(limit("showLoadingAnimation", &loading, &steps("loadingSeconds"), json!(25), json!(26)));
    all
}
