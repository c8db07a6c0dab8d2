//! One message of each kind that a bot can send.

use serde_json::{Value, json};

use crate::screen::picture;

pub(crate) fn texts() -> Value {
    json!([
        {"type": "text", "text": "こんにちは。\n研修のご案内です https://example.org/k?id=1 をご覧ください。"},
        {"type": "text", "text": "$ 本日の受付は終わりました $",
         "emojis": [{"index": 0, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"},
                    {"index": 15, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "002"}]},
        {"type": "textV2", "text": "{smile} 相談を受け付けました。{{番号}} は 12 です。",
         "substitution": {"smile": {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "003"}}},
        {"type": "text", "text": "担当者からの回答です。",
         "sender": {"name": "相談窓口", "iconUrl": picture("8bc34a", 100, 100, "S")}},
        {"type": "sticker", "packageId": "446", "stickerId": "1990"},
    ])
}

pub(crate) fn media() -> Value {
    let small = picture("ffcc80", 300, 200, "small");
    json!([
        {"type": "image", "originalContentUrl": picture("ffcc80", 900, 600, "large"), "previewImageUrl": small},
        {"type": "video", "originalContentUrl": "https://media.example/v.mp4", "previewImageUrl": small, "trackingId": "intro-01"},
        {"type": "audio", "originalContentUrl": "https://media.example/a.m4a", "duration": 64_000},
        {"type": "location", "title": "市役所", "address": "中央1-1-1", "latitude": 35.68, "longitude": 139.76},
        {"type": "imagemap", "baseUrl": picture("b39ddb", 1040, 520, "map"), "altText": "館内図",
         "baseSize": {"width": 1040, "height": 520},
         "actions": [
            {"type": "message", "text": "1階", "area": {"x": 0, "y": 0, "width": 520, "height": 520}},
            {"type": "uri", "linkUri": "tel:0312345678", "area": {"x": 520, "y": 0, "width": 520, "height": 520}}]},
    ])
}

pub(crate) fn templates() -> Value {
    let action = |label: &str, data: &str| json!({"type": "postback", "label": label, "data": data});
    let column = |name: &str| {
        json!({"thumbnailImageUrl": picture("90caf9", 480, 318, "column"), "title": name, "text": "毎週水曜 19:00",
                   "actions": [action("くわしく", &format!("more={name}")), action("申し込む", &format!("apply={name}"))]})
    };
    json!([
        {"type": "template", "altText": "窓口", "template": {"type": "buttons",
            "thumbnailImageUrl": picture("a5d6a7", 480, 318, "desk"), "title": "窓口", "text": "日時を選んでください",
            "actions": [
                {"type": "datetimepicker", "label": "日時", "data": "slot", "mode": "datetime",
                 "initial": "2026-09-10T10:00", "min": "2026-09-01T09:00", "max": "2026-09-30T17:00"},
                {"type": "message", "label": "あとで", "text": "あとで決めます"},
                {"type": "uri", "label": "電話する", "uri": "tel:0312345678"},
                {"type": "postback", "label": "書いて送る", "data": "write", "inputOption": "openKeyboard", "fillInText": "氏名:\n用件:"}]}},
        {"type": "template", "altText": "確認", "template": {"type": "confirm", "text": "取り消しますか?",
            "actions": [{"type": "postback", "label": "はい", "data": "cancel=1", "displayText": "取り消します"},
                        {"type": "postback", "label": "いいえ", "data": "cancel=0"}]}},
        {"type": "template", "altText": "講座", "template": {"type": "carousel",
            "columns": [column("俳句"), column("書道"), column("体操")]}},
        {"type": "template", "altText": "写真", "template": {"type": "image_carousel", "columns": [
            {"imageUrl": picture("f48fb1", 500, 500, "one"), "action": {"type": "message", "label": "一枚目", "text": "一枚目"}},
            {"imageUrl": picture("ce93d8", 500, 500, "two"), "action": {"type": "postback", "label": "二枚目", "data": "two"}}]}},
    ])
}

/// The receipt of LINE's own gallery, with texts of ours.
pub(crate) fn receipt() -> Value {
    let line = |name: &str, price: &str| {
        json!({"type": "box", "layout": "horizontal", "contents": [
                {"type": "text", "text": name, "size": "sm", "color": "#555555", "flex": 0},
                {"type": "text", "text": price, "size": "sm", "color": "#111111", "align": "end"}]})
    };
    json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
            {"type": "text", "text": "領収書", "weight": "bold", "color": "#1DB446", "size": "sm"},
            {"type": "text", "text": "ふじ薬局", "weight": "bold", "size": "xxl", "margin": "md"},
            {"type": "text", "text": "中央1-1-1 市役所前", "size": "xs", "color": "#aaaaaa", "wrap": true},
            {"type": "separator", "margin": "xxl"},
            {"type": "box", "layout": "vertical", "margin": "xxl", "spacing": "sm", "contents": [
                line("包帯", "¥299"), line("体温計", "¥1,980"), line("マスク", "¥1,199"),
                {"type": "separator", "margin": "xxl"},
                {"type": "box", "layout": "horizontal", "margin": "xxl", "contents": [
                    {"type": "text", "text": "点数", "size": "sm", "color": "#555555"},
                    {"type": "text", "text": "3", "size": "sm", "color": "#111111", "align": "end"}]},
                line("合計", "¥3,478")]},
            {"type": "separator", "margin": "xxl"},
            {"type": "box", "layout": "horizontal", "margin": "md", "contents": [
                {"type": "text", "text": "支払番号", "size": "xs", "color": "#aaaaaa", "flex": 0},
                {"type": "text", "text": "#743289384279", "color": "#aaaaaa", "size": "xs", "align": "end"}]}]},
            "styles": {"footer": {"separator": true}}})
}

/// A card with a hero, stars on a baseline, and buttons.
pub(crate) fn shop() -> Value {
    let star = |colour: &str| json!({"type": "icon", "size": "sm", "url": picture(colour, 24, 24, "s")});
    let fact = |name: &str, text: &str| {
        json!({"type": "box", "layout": "baseline", "spacing": "sm", "contents": [
                {"type": "text", "text": name, "color": "#aaaaaa", "size": "sm", "flex": 1},
                {"type": "text", "text": text, "wrap": true, "color": "#666666", "size": "sm", "flex": 5}]})
    };
    json!({"type": "bubble",
            "hero": {"type": "image", "url": picture("ffab91", 800, 520, "hero"), "size": "full",
                "aspectRatio": "20:13", "aspectMode": "cover", "action": {"type": "postback", "label": "hero", "data": "hero"}},
            "body": {"type": "box", "layout": "vertical", "contents": [
                {"type": "text", "text": "ふじ訪問看護", "weight": "bold", "size": "xl"},
                {"type": "box", "layout": "baseline", "margin": "md", "contents": [
                    star("ffd54f"), star("ffd54f"), star("ffd54f"), star("cfd8dc"),
                    {"type": "text", "text": "3.0", "size": "sm", "color": "#999999", "margin": "md", "flex": 0}]},
                {"type": "box", "layout": "vertical", "margin": "lg", "spacing": "sm", "contents": [
                    fact("場所", "中央区1-1 ふじビル 2階、入口は北側です"), fact("時間", "10:00 - 23:00")]}]},
            "footer": {"type": "box", "layout": "vertical", "spacing": "sm", "flex": 0, "contents": [
                {"type": "button", "style": "link", "height": "sm", "action": {"type": "postback", "label": "電話", "data": "call"}},
                {"type": "button", "style": "primary", "action": {"type": "postback", "label": "予約する", "data": "book", "displayText": "予約します"}},
                {"type": "button", "style": "secondary", "color": "#ffe0b2", "action": {"type": "clipboard", "label": "番号をコピー", "clipboardText": "12"}},
                {"type": "box", "layout": "vertical", "contents": [], "margin": "sm"}]}})
}

/// Boxes with ratios, gradients, borders, offsets and spans.
pub(crate) fn boxes() -> Value {
    json!({"type": "bubble", "size": "kilo",
            "header": {"type": "box", "layout": "vertical", "backgroundColor": "#27ACB2", "paddingTop": "19px",
                "paddingAll": "12px", "paddingBottom": "16px", "contents": [
                {"type": "text", "text": "進み具合", "color": "#ffffff", "size": "md"},
                {"type": "text", "text": "70%", "color": "#ffffff", "size": "xs", "margin": "lg"},
                {"type": "box", "layout": "vertical", "backgroundColor": "#9FD8E36E", "height": "6px", "margin": "sm", "contents": [
                    {"type": "box", "layout": "vertical", "width": "70%", "height": "6px", "backgroundColor": "#0D8186",
                     "contents": [{"type": "filler"}]}]}]},
            "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": [
                {"type": "box", "layout": "horizontal", "spacing": "sm", "contents": [
                    {"type": "box", "layout": "vertical", "flex": 1, "height": "30px", "cornerRadius": "md",
                     "background": {"type": "linearGradient", "angle": "90deg", "startColor": "#ff0000", "endColor": "#0000ff"}, "contents": []},
                    {"type": "box", "layout": "vertical", "flex": 2, "height": "30px", "borderWidth": "medium", "borderColor": "#ff9800", "contents": []},
                    {"type": "box", "layout": "vertical", "width": "40px", "height": "30px", "backgroundColor": "#4caf50", "contents": []}]},
                {"type": "text", "wrap": true, "contents": [
                    {"type": "span", "text": "大きい", "size": "xl", "weight": "bold", "color": "#d32f2f"},
                    {"type": "span", "text": "と斜め", "style": "italic", "decoration": "underline"},
                    {"type": "span", "text": "と小さい", "size": "xs"}]},
                {"type": "text", "wrap": true, "maxLines": 2, "lineSpacing": "6px", "size": "sm",
                 "text": "とても長い文章は二行まで表示され、そのあとは省略されます。残りはここには見えませんので、くわしくはお問い合わせください。"},
                {"type": "text", "text": "折り返さない長い文章は一行で切られて点々になります"},
                {"type": "box", "layout": "vertical", "height": "60px", "backgroundColor": "#eceff1", "contents": [
                    {"type": "text", "text": "左上"},
                    {"type": "box", "layout": "vertical", "position": "absolute", "offsetBottom": "4px", "offsetEnd": "8px",
                     "backgroundColor": "#ffffffcc", "cornerRadius": "20px", "paddingAll": "xs", "contents": [{"type": "text", "text": "右下", "size": "xs"}]}]},
                {"type": "box", "layout": "horizontal", "justifyContent": "space-between", "contents": [
                    {"type": "text", "text": "A", "flex": 0}, {"type": "text", "text": "B", "flex": 0}, {"type": "text", "text": "C", "flex": 0}]},
                {"type": "box", "layout": "horizontal", "height": "50px", "alignItems": "center", "contents": [
                    {"type": "image", "url": picture("ffe082", 100, 50, "fit"), "size": "xs", "flex": 0, "aspectRatio": "2:1"},
                    {"type": "text", "text": "中央", "align": "center"}]}]}})
}

/// Ten bubbles in a row.
pub(crate) fn carousel() -> Value {
    let bubble = |number: u32| {
        json!({"type": "bubble", "size": "micro",
                "hero": {"type": "image", "url": picture("80cbc4", 320, 213, &number.to_string()), "size": "full", "aspectMode": "cover", "aspectRatio": "320:213"},
                "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": [
                    {"type": "text", "text": format!("第{number}回 研修"), "weight": "bold", "size": "sm", "wrap": true},
                    {"type": "text", "text": if number == 2 { "会場が変わりました。北館の三階です。" } else { "定員 20" }, "size": "xs", "color": "#8c8c8c", "wrap": true},
                    {"type": "filler"},
                    {"type": "button", "height": "sm", "style": "primary", "action": {"type": "postback", "label": "申込", "data": format!("apply={number}")}}]}})
    };
    json!({"type": "carousel", "contents": (1..=10).map(bubble).collect::<Vec<_>>()})
}

/// From right to left.
pub(crate) fn rtl() -> Value {
    json!({"type": "bubble", "size": "hecto", "direction": "rtl",
            "body": {"type": "box", "layout": "vertical", "contents": [
                {"type": "box", "layout": "horizontal", "spacing": "md", "contents": [
                    {"type": "text", "text": "一", "flex": 0}, {"type": "text", "text": "二", "align": "start"}]},
                {"type": "box", "layout": "vertical", "height": "40px", "contents": [
                    {"type": "text", "text": "x", "size": "xxs"},
                    {"type": "box", "layout": "vertical", "position": "absolute", "offsetStart": "6px", "offsetTop": "10px", "width": "20px", "height": "20px", "backgroundColor": "#3949ab", "contents": []}]}]}})
}

/// A Flex message around a container.
pub(crate) fn flex(contents: &Value) -> Value {
    json!([{"type": "flex", "altText": "flex", "contents": contents}])
}

/// Quick replies of every kind that has them.
pub(crate) fn quick_replies(icon: &str) -> Value {
    let item = |action: Value| json!({"type": "action", "action": action});
    json!({"items": [
        {"type": "action", "imageUrl": icon, "action": {"type": "message", "label": "はい", "text": "はい、お願いします"}},
        item(json!({"type": "postback", "label": "いいえ", "data": "no=1", "displayText": "いいえ"})),
        item(json!({"type": "datetimepicker", "label": "日付", "data": "day", "mode": "date", "min": "2026-01-01", "max": "2026-12-31", "initial": "2026-09-03"})),
        item(json!({"type": "datetimepicker", "label": "時刻", "data": "hour", "mode": "time", "initial": "09:30"})),
        item(json!({"type": "camera", "label": "カメラ"})),
        item(json!({"type": "cameraRoll", "label": "写真"})),
        item(json!({"type": "location", "label": "場所"})),
        item(json!({"type": "clipboard", "label": "コピー", "clipboardText": "03-1234-5678"})),
        item(json!({"type": "uri", "label": "電話", "uri": "tel:0312345678"})),
    ]})
}
