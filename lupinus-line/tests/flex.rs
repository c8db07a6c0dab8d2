//! Flex layouts go on the wire as LINE documents them, and what LINE would refuse cannot be made.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

#[path = "support/layouts.rs"]
mod layouts;

use layouts::{everything, url, video};
use lupinus_line::message::flex::{
    Align, AspectMode, Bubble, BubbleSize, Button, ButtonHeight, Carousel as FlexCarousel, Component,
    Container, FlexBox, Icon, Image, LinearGradient, Separator, Size, Spacing, Span, Text as FlexText, Video,
};
use lupinus_line::message::{Action, FlexMessage, InvalidMessage, Message};
use serde_json::{Value, json};

#[test]
fn a_flex_message_serialises_as_documented() {
    let bubble = Bubble::new()
        .size(BubbleSize::Kilo)
        .hero(Image::new(url("h.png")).size(Size::Full).aspect_ratio(20, 13).aspect_mode(AspectMode::Cover))
        .body(
            FlexBox::vertical()
                .spacing(Spacing::Md)
                .child(FlexText::new("受付 12 番").bold().size(Size::Xl).color("#112233"))
                .child(Separator::new().margin(Spacing::Px(4)))
                .child(
                    FlexBox::baseline()
                        .child(Icon::new(url("i.png")).size(Size::Sm))
                        .child(FlexText::new("待ち").flex(0))
                        .child(FlexText::new("3 人").align(Align::End)),
                )
                .child(FlexText::of([Span::new("定員").bold(), Span::new("30名")])),
        )
        .footer(FlexBox::vertical().child(
            Button::primary(Action::clipboard("12").unwrap().label("番号をコピー")).height(ButtonHeight::Sm),
        ))
        .with("styles", json!({"footer": {"separator": true}}));
    let message = Message::from(FlexMessage::new("受付票", bubble).unwrap());
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"type":"flex","altText":"受付票","contents":{"type":"bubble","size":"kilo",
            "hero":{"type":"image","url":"https://cdn.example.org/h.png","size":"full","aspectRatio":"20:13","aspectMode":"cover"},
            "body":{"type":"box","layout":"vertical","contents":[
                {"type":"text","text":"受付 12 番","weight":"bold","size":"xl","color":"#112233"},
                {"type":"separator","margin":"4px"},
                {"type":"box","layout":"baseline","contents":[
                    {"type":"icon","url":"https://cdn.example.org/i.png","size":"sm"},
                    {"type":"text","text":"待ち","flex":0},
                    {"type":"text","text":"3 人","align":"end"}]},
                {"type":"text","contents":[{"type":"span","text":"定員","weight":"bold"},{"type":"span","text":"30名"}]}],
                "spacing":"md"},
            "footer":{"type":"box","layout":"vertical","contents":[
                {"type":"button","action":{"type":"clipboard","clipboardText":"12","label":"番号をコピー"},"style":"primary","height":"sm"}]},
            "styles":{"footer":{"separator":true}}}})
    );
}

#[expect(clippy::needless_pass_by_value, reason = "each is made for its body")]
fn body(child: Value) -> Value {
    json!({"type":"bubble","body":{"type":"box","layout":"vertical","contents":[child]}})
}

#[test]
fn a_layout_that_line_refuses_is_refused_with_its_place() {
    let family = "👨‍👩‍👧‍👦";
    let button =
        |label: &str| body(json!({"type":"button","action":{"type":"message","label":label,"text":"a"}}));
    let at = "/body/contents/0";
    for (name, layout, expected) in [
        ("empty text", body(json!({"type":"text","text":""})), Some(format!("{at}/text"))),
        ("text", body(json!({"type":"text","text":"a","newProperty":1})), None),
        ("text of spans", body(json!({"type":"text","contents":[{"type":"span","text":"a"}]})), None),
        (
            "text of texts",
            body(json!({"type":"text","contents":[{"type":"text","text":"a"}]})),
            Some(format!("{at}/contents/0")),
        ),
        ("label at the limit", button(&family.repeat(40)), None),
        ("label past it", button(&family.repeat(41)), Some(format!("{at}/action/label"))),
        ("empty label", button(""), Some(format!("{at}/action/label"))),
        (
            "odd address to open",
            body(json!({"type":"button","action":{"type":"uri","label":"a","uri":"htps://e.org"}})),
            Some(format!("{at}/action/uri")),
        ),
        (
            "odd picker",
            body(
                json!({"type":"button","action":{"type":"datetimepicker","label":"a","data":"b","mode":"week"}}),
            ),
            Some(format!("{at}/action/mode")),
        ),
        ("button without action", body(json!({"type":"button"})), Some(at.to_owned())),
        (
            "camera",
            body(json!({"type":"button","action":{"type":"camera","label":"a"}})),
            Some(format!("{at}/action")),
        ),
        (
            "bad address",
            body(json!({"type":"image","url":"http://example.org/a.png"})),
            Some(format!("{at}/url")),
        ),
        ("bad colour", body(json!({"type":"text","text":"a","color":"red"})), Some(format!("{at}/color"))),
        (
            "bad ratio",
            body(json!({"type":"image","url":"https://e.org/a.png","aspectRatio":"1:4"})),
            Some(format!("{at}/aspectRatio")),
        ),
        (
            "icon outside a baseline",
            body(json!({"type":"icon","url":"https://e.org/a.png"})),
            Some(at.to_owned()),
        ),
        ("box without layout", body(json!({"type":"box","contents":[]})), Some(at.to_owned())),
        ("box without contents", body(json!({"type":"box","layout":"vertical"})), Some(at.to_owned())),
        ("component without type", body(json!({})), Some(at.to_owned())),
        ("new component", body(json!({"type":"chart","data":[1]})), None),
        ("no part", json!({"type":"bubble"}), Some(String::new())),
        (
            "text as body",
            json!({"type":"bubble","body":{"type":"text","text":"a"}}),
            Some("/body".to_owned()),
        ),
    ] {
        let got = match FlexMessage::new("alt", Container::from_json(layout)) {
            Ok(_) => None,
            Err(InvalidMessage::Flex { pointer, problem }) => {
                let printed =
                    InvalidMessage::Flex { pointer: pointer.clone(), problem: problem.clone() }.to_string();
                assert!(printed.ends_with(&problem.to_string()), "{printed}");
                Some(pointer)
            }
            Err(other) => panic!("{name}: {other}"),
        };
        assert_eq!(got, expected, "{name}");
    }
}

#[test]
fn carousels_keep_their_limits() {
    let bubble = || Bubble::new().body(FlexBox::vertical().child(FlexText::new("a")));
    let ok = |bubbles: Vec<Bubble>| FlexMessage::new("alt", FlexCarousel::new(bubbles)).is_ok();
    let video = || Bubble::new().hero(Video::new(url("v.mp4"), url("v.jpg"), Image::new(url("v.jpg"))));
    assert!(ok(vec![bubble(); 12]));
    assert!(!ok(vec![bubble(); 13]));
    assert!(!ok(vec![]));
    assert!(!ok(vec![bubble(), bubble().size(BubbleSize::Nano)]), "all of one size");
    assert!(ok(vec![bubble(), bubble().size(BubbleSize::Mega)]), "mega is the default");
    assert!(!ok(vec![video()]), "no video beside others");
    assert!(FlexMessage::new("alt", video()).is_ok());
    assert!(FlexMessage::new("alt", video().size(BubbleSize::Nano)).is_err());
}

#[test]
fn a_layout_is_accepted_at_its_size_limit_and_refused_past_it() {
    let sized = |bytes: usize| {
        let layout = body(json!({"type":"text","text":"a"}));
        let rest = layout.to_string().len() - 1;
        body(json!({"type":"text","text":"a".repeat(bytes - rest)}))
    };
    assert_eq!(sized(30_000).to_string().len(), 30_000);
    assert!(FlexMessage::new("alt", Container::from_json(sized(30_000))).is_ok());
    assert!(FlexMessage::new("alt", Container::from_json(sized(30_001))).is_err());
    assert!(FlexMessage::new("あ".repeat(1_501), Container::from_json(sized(300))).is_err());
}

#[test]
fn nesting_without_end_is_an_error_and_not_a_crash() {
    let mut child = json!({"type":"text","text":"a"});
    for _ in 0..90 {
        child = json!({"type":"box","layout":"vertical","contents":[child]});
    }
    assert!(FlexMessage::new("alt", Container::from_json(body(child))).is_err());
}

fn pointer(layout: Value) -> Option<String> {
    match FlexMessage::new("alt", Container::from_json(layout)) {
        Ok(_) => None,
        Err(InvalidMessage::Flex { pointer, .. }) => Some(pointer),
        Err(other) => Some(other.to_string()),
    }
}

#[test]
fn what_the_builders_make_of_everything_is_accepted_and_survives() {
    for layout in everything() {
        let message = Message::from(FlexMessage::new("alt", layout).unwrap());
        let json = serde_json::to_string(&message).unwrap();
        let again: Message = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
        let contents = serde_json::from_str::<Value>(&json).unwrap()["contents"].take();
        let raw = Message::from(FlexMessage::new("alt", Container::from_json(contents)).unwrap());
        assert_eq!(serde_json::to_string(&raw).unwrap(), json, "the same as JSON");
    }
}

/// A component with one property changed.
fn changed(mut component: Value, property: &str, value: Value) -> Value {
    component[property] = value;
    component
}

#[test]
fn every_value_is_accepted_at_its_bound_and_refused_past_it() {
    let image = || json!({"type":"image","url":"https://e.org/a.png"});
    let text = || json!({"type":"text","text":"a"});
    let empty = || json!({"type":"box","layout":"vertical","contents":[]});
    let gradient = |angle: &str, start: &str, at: &str| json!({"type":"linearGradient","angle":angle,"startColor":start,"endColor":"#FFFFFF","centerColor":"#000000","centerPosition":at});
    let path = |length: usize| format!("https://e.org/{}", "a".repeat(length - 14));
    for (component, property, good, bad) in [
        (
            text(),
            "size",
            json!(["xxs", "5xl", "12px", "12.5px"]),
            json!(["full", "50%", "6xl", "px", "-1px", 12]),
        ),
        (text(), "color", json!(["#abcdef", "#ABCDEF00"]), json!(["#abc", "#abcdeg", "#abcdef0", "red", 1])),
        (text(), "flex", json!([0, 1, 1.5, 2_147_483_647]), json!([-1, "1", 2_147_483_648_u32])),
        (text(), "maxLines", json!([0, 2_147_483_647]), json!([-1, 1.5, 2_147_483_648_u32])),
        (text(), "lineSpacing", json!(["0px", "10px"]), json!(["md", "10%", "10"])),
        (text(), "wrap", json!([true, false]), json!(["true", 1])),
        (text(), "scaling", json!([true]), json!(["yes"])),
        (text(), "adjustMode", json!(["shrink-to-fit"]), json!(["shrink"])),
        (text(), "weight", json!(["regular", "bold"]), json!(["bolder"])),
        (text(), "style", json!(["normal", "italic"]), json!(["primary"])),
        (text(), "decoration", json!(["none"]), json!(["blink"])),
        (text(), "align", json!(["start"]), json!(["left"])),
        (text(), "gravity", json!(["top"]), json!(["start"])),
        (text(), "margin", json!(["none", "xxl", "1px"]), json!(["1%", "3xl"])),
        (text(), "position", json!(["absolute"]), json!(["fixed"])),
        (text(), "offsetTop", json!(["none", "1px", "1%"]), json!(["3xl", "1em"])),
        (
            text(),
            "contents",
            json!([[{"type":"span","text":"a","size":"3xl"}], []]),
            json!([[{"type":"span","text":""}], [{"type":"span","text":"a","size":"50%"}], [{"type":"icon"}]]),
        ),
        (image(), "size", json!(["full", "50%", "5xl", "1px"]), json!(["0.5", "6xl"])),
        (
            image(),
            "aspectRatio",
            json!(["100000:1", "1:3", "1.5:4.5", "100000:100000"]),
            json!(["100001:1", "1:3.1", "0:1", "1:0", "1", "16x9", ""]),
        ),
        (image(), "aspectMode", json!(["fit", "cover"]), json!(["fill"])),
        (image(), "animated", json!([true, false]), json!(["true"])),
        (image(), "url", json!([path(2_000)]), json!([path(2_001), "http://e.org/a.png", "", 1])),
        (empty(), "width", json!(["1px", "100%"]), json!(["md", "1"])),
        (empty(), "maxHeight", json!(["1px", "100%"]), json!(["full"])),
        (empty(), "paddingAll", json!(["none", "1px", "1%"]), json!(["3xl"])),
        (empty(), "spacing", json!(["none", "1px"]), json!(["1%"])),
        (empty(), "cornerRadius", json!(["xxl", "1px"]), json!(["50%"])),
        (empty(), "borderWidth", json!(["semi-bold", "1px"]), json!(["thin", "md"])),
        (empty(), "justifyContent", json!(["space-evenly"]), json!(["start"])),
        (empty(), "alignItems", json!(["flex-end"]), json!(["stretch", "space-around"])),
        (empty(), "layout", json!(["baseline", "horizontal"]), json!(["grid", null])),
        (
            empty(),
            "background",
            json!([gradient("0deg", "#000000", "0%"), gradient("359.9deg", "#00000080", "100%"), {"type":"addedByLine"}]),
            json!([
                gradient("360deg", "#000000", "0%"),
                gradient("45", "#000000", "0%"),
                gradient("0deg", "black", "0%"),
                gradient("0deg", "#000000", "100.1%"),
                gradient("0deg", "#000000", "5px"),
                {"type":"linearGradient","angle":"0deg","startColor":"#000000"},
                {},
                "#000000",
            ]),
        ),
    ] {
        for value in good.as_array().unwrap() {
            assert_eq!(
                pointer(body(changed(component.clone(), property, value.clone()))),
                None,
                "{property}: {value}"
            );
        }
        for value in bad.as_array().unwrap() {
            let found = pointer(body(changed(component.clone(), property, value.clone())));
            let at = "/body/contents/0";
            let expected = if property == "layout" { at.to_owned() } else { format!("{at}/{property}") };
            assert!(
                found.as_ref().is_some_and(|found| found.starts_with(&expected)),
                "{property}: {value}, at {found:?}"
            );
        }
    }
}

#[test]
fn styles_of_a_bubble_are_checked() {
    let styled = |styles: Value| changed(body(json!({"type":"filler"})), "styles", styles);
    for (name, styles, expected) in [
        (
            "colour",
            json!({"body":{"backgroundColor":"#000000","separator":true,"separatorColor":"#00000080"}}),
            None,
        ),
        ("none", json!({}), None),
        ("a part added by LINE", json!({"margin~/":1}), None),
        ("bad colour", json!({"body":{"backgroundColor":"black"}}), Some("/styles/body/backgroundColor")),
        ("bad line", json!({"hero":{"separatorColor":"black"}}), Some("/styles/hero/separatorColor")),
        ("bad flag", json!({"footer":{"separator":"yes"}}), Some("/styles/footer/separator")),
        ("out of place", json!({"footer":{"wrap":true}}), Some("/styles/footer/wrap")),
        ("no object", json!({"header":1}), Some("/styles/header")),
    ] {
        assert_eq!(pointer(styled(styles)).as_deref(), expected, "{name}");
    }
}

#[test]
fn a_property_out_of_place_is_refused_and_an_unknown_one_is_left_to_line() {
    let icon = |property: &str| {
        let icon = changed(json!({"type":"icon","url":"https://e.org/a.png"}), property, json!(1));
        pointer(body(json!({"type":"box","layout":"baseline","contents":[icon]})))
    };
    assert_eq!(icon("flex").as_deref(), Some("/body/contents/0/contents/0/flex"));
    assert_eq!(icon("addedByLine"), None);
    let separator =
        |property: &str| pointer(body(changed(json!({"type":"separator"}), property, json!("md"))));
    assert_eq!(separator("size").as_deref(), Some("/body/contents/0/size"));
    assert_eq!(separator("margin"), None);
    assert_eq!(
        pointer(changed(body(json!({"type":"filler"})), "spacing", json!("md"))).as_deref(),
        Some("/spacing")
    );
}

#[test]
fn a_video_is_the_hero_of_one_wide_bubble_and_opens_an_address() {
    let sizes = [
        (BubbleSize::Nano, false),
        (BubbleSize::Micro, false),
        (BubbleSize::Deca, false),
        (BubbleSize::Hecto, false),
        (BubbleSize::Kilo, true),
        (BubbleSize::Mega, true),
        (BubbleSize::Giga, true),
    ];
    for (size, ok) in sizes {
        assert_eq!(FlexMessage::new("alt", video(size)).is_ok(), ok, "{size:?}");
        assert!(
            FlexMessage::new("alt", FlexCarousel::new([video(size)])).is_err(),
            "{size:?}, in a carousel"
        );
    }
    let hero = |property: &str, value: Value| {
        let video = json!({"type":"video","url":"https://e.org/v.mp4","previewUrl":"https://e.org/v.jpg",
            "altContent":{"type":"box","layout":"vertical","contents":[]}});
        json!({"type":"bubble","hero":changed(video, property, value)})
    };
    let tap = |kind: &str| json!({"type":kind,"label":"a","text":"a","uri":"https://e.org","data":"a"});
    for (name, layout, expected) in [
        ("a box instead", hero("aspectRatio", json!("16:9")), None),
        ("a text instead", hero("altContent", json!({"type":"text","text":"a"})), Some("/hero/altContent")),
        (
            "a bad box instead",
            hero("altContent", json!({"type":"box","layout":"x","contents":[]})),
            Some("/hero/altContent/layout"),
        ),
        ("nothing instead", hero("altContent", Value::Null), Some("/hero")),
        ("no preview", hero("previewUrl", Value::Null), Some("/hero")),
        ("no address", hero("url", Value::Null), Some("/hero")),
        ("an address to open", hero("action", tap("uri")), None),
        ("words to say", hero("action", tap("message")), Some("/hero/action")),
        ("data to send", hero("action", tap("postback")), Some("/hero/action")),
        ("too high", hero("aspectRatio", json!("1:4")), Some("/hero/aspectRatio")),
        ("in a body", body(hero("aspectRatio", json!("16:9"))["hero"].take()), Some("/body/contents/0")),
        (
            "for a body",
            json!({"type":"bubble","body":hero("aspectRatio", json!("16:9"))["hero"].take()}),
            Some("/body"),
        ),
    ] {
        assert_eq!(pointer(layout).as_deref(), expected, "{name}");
    }
}

#[test]
fn each_kind_of_box_holds_its_own_kinds() {
    let child = |kind: &str| {
        json!({"type":kind,"text":"a","url":"https://e.org/a","previewUrl":"https://e.org/a","layout":"vertical","contents":[],
            "action":{"type":"message","label":"a","text":"a"}})
    };
    let keep: [(&str, &[&str]); 9] = [
        ("box", &["type", "layout", "contents"]),
        ("button", &["type", "action"]),
        ("image", &["type", "url"]),
        ("text", &["type", "text"]),
        ("separator", &["type"]),
        ("filler", &["type"]),
        ("icon", &["type", "url"]),
        ("span", &["type", "text"]),
        ("video", &["type", "url", "previewUrl"]),
    ];
    for (kind, properties) in keep {
        let mut child = child(kind);
        child.as_object_mut().unwrap().retain(|name, _| properties.contains(&name.as_str()));
        for layout in ["vertical", "horizontal", "baseline"] {
            let expected = match kind {
                "icon" => layout == "baseline",
                "text" | "filler" => true,
                "span" | "video" => false,
                _ => layout != "baseline",
            };
            let inner = json!({"type":"box","layout":layout,"contents":[child]});
            assert_eq!(pointer(body(inner)).is_none(), expected, "{kind} in {layout}");
        }
    }
}

#[test]
fn a_part_of_a_bubble_stays_in_its_place() {
    let part = |position: &str| {
        changed(
            body(json!({"type":"filler"})),
            "body",
            json!({"type":"box","layout":"vertical","contents":[],"position":position}),
        )
    };
    assert_eq!(pointer(part("relative")), None);
    assert_eq!(pointer(part("absolute")).as_deref(), Some("/body/position"));
}

#[test]
fn actions_in_json_keep_the_same_limits() {
    let (apple, family) = ("🍎", "👨‍👩‍👧‍👦");
    let uri = |length: usize| format!("https://e.org/{}", "a".repeat(length - 14));
    let picker = |mode: &str, min: &str, max: &str| json!({"type":"datetimepicker","label":"a","data":"d","mode":mode,"min":min,"max":max});
    for (name, action, ok) in [
        ("apples in a label", json!({"type":"message","label":apple.repeat(40),"text":"a"}), true),
        ("one too many", json!({"type":"message","label":apple.repeat(41),"text":"a"}), false),
        ("text", json!({"type":"message","label":"a","text":family.repeat(300)}), true),
        ("text past", json!({"type":"message","label":"a","text":family.repeat(301)}), false),
        ("data", json!({"type":"postback","label":"a","data":apple.repeat(150)}), true),
        ("data past", json!({"type":"postback","label":"a","data":apple.repeat(150) + "a"}), false),
        (
            "data of a picker past",
            json!({"type":"datetimepicker","label":"a","mode":"date","data":"a".repeat(301)}),
            false,
        ),
        (
            "display text",
            json!({"type":"postback","label":"a","data":"d","displayText":family.repeat(300)}),
            true,
        ),
        (
            "display text past",
            json!({"type":"postback","label":"a","data":"d","displayText":family.repeat(301)}),
            false,
        ),
        ("old text", json!({"type":"postback","label":"a","data":"d","text":family.repeat(300)}), true),
        ("old text past", json!({"type":"postback","label":"a","data":"d","text":family.repeat(301)}), false),
        ("both texts", json!({"type":"postback","label":"a","data":"d","text":"a","displayText":"a"}), false),
        (
            "fill-in",
            json!({"type":"postback","label":"a","data":"d","inputOption":"openKeyboard","fillInText":family.repeat(300)}),
            true,
        ),
        (
            "fill-in past",
            json!({"type":"postback","label":"a","data":"d","inputOption":"openKeyboard","fillInText":family.repeat(301)}),
            false,
        ),
        (
            "fill-in without keyboard",
            json!({"type":"postback","label":"a","data":"d","fillInText":"a"}),
            false,
        ),
        ("no such option", json!({"type":"postback","label":"a","data":"d","inputOption":"open"}), false),
        ("copy", json!({"type":"clipboard","label":"a","clipboardText":apple.repeat(500)}), true),
        ("copy past", json!({"type":"clipboard","label":"a","clipboardText":apple.repeat(500) + "a"}), false),
        ("address", json!({"type":"uri","label":"a","uri":uri(1_000)}), true),
        ("address past", json!({"type":"uri","label":"a","uri":uri(1_001)}), false),
        (
            "desktop address past",
            json!({"type":"uri","label":"a","uri":"tel:1","altUri":{"desktop":uri(1_001)}}),
            false,
        ),
        (
            "desktop address",
            json!({"type":"uri","label":"a","uri":"tel:1","altUri":{"desktop":uri(1_000)}}),
            true,
        ),
        ("dates", picker("date", "1900-01-01", "2100-12-31"), true),
        ("before the first", picker("date", "1899-12-31", "2100-12-31"), false),
        ("after the last", picker("date", "1900-01-01", "2101-01-01"), false),
        ("not in order", picker("time", "10:00", "10:00"), false),
        ("other mode", picker("datetime", "2026-01-01", "2026-01-02"), false),
        ("no mode", picker("week", "2026-01-01", "2026-01-02"), false),
        ("added by LINE", json!({"type":"teleport","label":"a"}), true),
        (
            "rich menus only",
            json!({"type":"richmenuswitch","label":"a","richMenuAliasId":"a","data":"d"}),
            false,
        ),
    ] {
        assert_eq!(pointer(body(json!({"type":"button","action":action}))).is_none(), ok, "{name}");
    }
    let tapped = |label: &str| {
        pointer(body(json!({"type":"text","text":"a","action":{"type":"message","label":label,"text":"a"}})))
    };
    assert_eq!(tapped(&family.repeat(40)), None);
    assert!(tapped(&family.repeat(41)).is_some(), "also where it is not shown");
}

#[test]
fn a_bubble_in_a_carousel_keeps_its_own_limit_and_all_together_theirs() {
    let bubble = |bytes: usize| {
        let layout = body(json!({"type":"text","text":"a"}));
        let rest = layout.to_string().len() - 1;
        body(json!({"type":"text","text":"a".repeat(bytes - rest)}))
    };
    let carousel = |sizes: &[usize]| {
        let bubbles: Vec<Value> = sizes.iter().map(|&bytes| bubble(bytes)).collect();
        json!({"type":"carousel","contents":bubbles})
    };
    let around = carousel(&[200, 200]).to_string().len() - 400;
    assert_eq!(pointer(carousel(&[30_000])), None);
    assert_eq!(pointer(carousel(&[200, 30_001])).as_deref(), Some("/contents/1"));
    assert_eq!(carousel(&[30_000, 20_000 - around]).to_string().len(), 50_000);
    assert_eq!(pointer(carousel(&[30_000, 20_000 - around])), None);
    assert!(pointer(carousel(&[30_000, 20_001 - around])).is_some_and(|fault| fault.contains("50001")));
    let families = |count: usize| pointer(body(json!({"type":"text","text":"👨‍👩‍👧‍👦".repeat(count)})));
    assert_eq!((families(1_190), families(1_200).is_some()), (None, true), "25 bytes each");
}

#[test]
fn ten_images_of_a_message_may_move() {
    let moving =
        |count: usize| FlexBox::vertical().children((0..count).map(|_| Image::new(url("a.png")).animated()));
    let bubble = |count| Bubble::new().body(moving(count));
    assert!(FlexMessage::new("alt", bubble(10)).is_ok());
    assert!(FlexMessage::new("alt", bubble(11)).is_err());
    assert!(FlexMessage::new("alt", FlexCarousel::new([bubble(5), bubble(5)])).is_ok());
    assert!(FlexMessage::new("alt", FlexCarousel::new([bubble(5), bubble(6)])).is_err(), "together");
}

#[test]
fn boxes_nest_up_to_the_bound() {
    let nested = |depth: usize| {
        let inner = json!({"type":"filler"});
        pointer(body(
            (1..depth).fold(inner, |child, _| json!({"type":"box","layout":"vertical","contents":[child]})),
        ))
    };
    assert_eq!(nested(64), None);
    assert!(nested(65).is_some());
}

#[test]
fn json_and_builders_go_together() {
    let stored = Component::from_json(json!({"type":"text","text":"受付","new":1})).unwrap();
    let bubble = Bubble::from_json(json!({"type":"bubble","size":"kilo"})).unwrap();
    let gradient = LinearGradient::new(0, "#000000", "#FFFFFF").with("angle", "22.5deg");
    let bubble = bubble.body(FlexBox::vertical().background(gradient).child(stored));
    assert_eq!(
        serde_json::to_value(Message::from(FlexMessage::new("alt", bubble).unwrap())).unwrap()["contents"],
        json!({"type":"bubble","size":"kilo","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"受付","new":1}],
            "background":{"type":"linearGradient","angle":"22.5deg","startColor":"#000000","endColor":"#FFFFFF"}}})
    );
    for bad in [json!([]), json!({}), json!("text"), Value::Null] {
        assert_eq!(Component::from_json(bad.clone()).unwrap_err(), InvalidMessage::NotAMessage);
        assert_eq!(Bubble::from_json(bad.clone()).unwrap_err(), InvalidMessage::NotAMessage);
        assert!(FlexMessage::new("alt", Container::from_json(bad)).is_err());
    }
}
