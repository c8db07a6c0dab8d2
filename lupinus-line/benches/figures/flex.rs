//! A carousel of ten bubbles, made and written out, beside `serde_json::json!` of the same.

use criterion::Criterion;
use lupinus_line::message::flex::{
    AspectMode, Bubble, BubbleSize, Button, Carousel, FlexBox, Image, Separator, Size, Spacing, Text,
};
use lupinus_line::message::{Action, FlexMessage, MediaUrl, Message};
use serde_json::{Value, json};

use super::table::{BARE, OURS};

fn ours() -> String {
    let bubbles = (0..10).map(|n| {
        let picture = MediaUrl::new(format!("https://cdn.example.org/course/{n}.jpg")).unwrap();
        let row = |name: &str, value: &str| {
            FlexBox::baseline()
                .spacing(Spacing::Sm)
                .child(Text::new(name).color("#8c8c8c").size(Size::Sm).flex(1))
                .child(Text::new(value).color("#333333").size(Size::Sm).wrap().flex(4))
        };
        Bubble::new()
            .size(BubbleSize::Kilo)
            .hero(Image::new(picture).size(Size::Full).aspect_ratio(20, 13).aspect_mode(AspectMode::Cover))
            .body(
                FlexBox::vertical()
                    .spacing(Spacing::Md)
                    .child(Text::new(format!("研修会 第{n}回")).bold().size(Size::Xl).wrap())
                    .child(Separator::new())
                    .child(row("日時", "2026年8月8日 10時30分から"))
                    .child(row("会場", "市民センター 3階 大会議室"))
                    .child(row("定員", "30名")),
            )
            .footer(
                FlexBox::vertical()
                    .spacing(Spacing::Sm)
                    .child(Button::primary(Action::postback(format!("apply={n}")).unwrap().label("申し込む")))
                    .child(Button::new(
                        Action::uri(format!("https://example.org/course/{n}")).unwrap().label("くわしく"),
                    )),
            )
    });
    let message = Message::from(FlexMessage::new("研修会のお知らせ", Carousel::new(bubbles)).unwrap());
    serde_json::to_string(&message).unwrap()
}

fn bare() -> String {
    let bubbles: Vec<Value> = (0..10)
        .map(|n| {
            let row = |name: &str, value: &str| {
                json!({"type": "box", "layout": "baseline", "spacing": "sm", "contents": [
                    {"type": "text", "text": name, "color": "#8c8c8c", "size": "sm", "flex": 1},
                    {"type": "text", "text": value, "color": "#333333", "size": "sm", "wrap": true, "flex": 4},
                ]})
            };
            json!({
                "type": "bubble",
                "size": "kilo",
                "hero": {
                    "type": "image",
                    "url": format!("https://cdn.example.org/course/{n}.jpg"),
                    "size": "full",
                    "aspectRatio": "20:13",
                    "aspectMode": "cover",
                },
                "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": [
                    {
                        "type": "text",
                        "text": format!("研修会 第{n}回"),
                        "weight": "bold",
                        "size": "xl",
                        "wrap": true,
                    },
                    {"type": "separator"},
                    row("日時", "2026年8月8日 10時30分から"),
                    row("会場", "市民センター 3階 大会議室"),
                    row("定員", "30名"),
                ]},
                "footer": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": [
                    {
                        "type": "button",
                        "action": {"type": "postback", "data": format!("apply={n}"), "label": "申し込む"},
                        "style": "primary",
                    },
                    {
                        "type": "button",
                        "action": {
                            "type": "uri",
                            "uri": format!("https://example.org/course/{n}"),
                            "label": "くわしく",
                        },
                    },
                ]},
            })
        })
        .collect();
    serde_json::to_string(&json!({
        "type": "flex",
        "altText": "研修会のお知らせ",
        "contents": {"type": "carousel", "contents": bubbles},
    }))
    .unwrap()
}

pub(crate) fn measure(criterion: &mut Criterion) {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(value(&ours()), value(&bare()), "both make the same message");
    let mut group = criterion.benchmark_group("carousel of ten");
    group.bench_function(BARE, |bencher| bencher.iter(bare));
    group.bench_function(OURS, |bencher| bencher.iter(ours));
    group.finish();
}
