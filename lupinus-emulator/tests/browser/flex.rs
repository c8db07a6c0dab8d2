//! Flex messages, measured.

use serde_json::{Value, json};

use crate::{
    gallery::{self, flex},
    phone::{self, Phone},
    screen::{NARROW, picture},
};

fn close(seen: f64, wanted: f64, what: &str) {
    assert!((seen - wanted).abs() < 0.6, "{what}: {seen}, not {wanted}");
}

/// The bounds of the components of the body's box in the last bubble.
async fn parts(phone: &Phone) -> Vec<[f64; 4]> {
    let found = phone.screen.js("[...[...document.querySelectorAll('.fx-bubble')].at(-1).querySelector('.body > .fx-box').children]\
             .map((one) => { const { x, y, width, height } = one.getBoundingClientRect(); return [x, y, width, height]; })")
        .await;
    serde_json::from_value(found).unwrap()
}

async fn show(phone: &Phone, body: Value) -> Vec<[f64; 4]> {
    phone.push(flex(&json!({"type": "bubble", "body": body}))).await;
    parts(phone).await
}

fn text(text: &str, more: &Value) -> Value {
    let mut part = json!({"type": "text", "text": text});
    part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    part
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_spaces_and_margins_are_as_documented() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let box_of = |more: Value| {
        let mut part = json!({"type": "box", "layout": "vertical", "contents": [], "height": "20px"});
        part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        part
    };
    let row = json!({"type": "box", "layout": "horizontal", "spacing": "sm", "contents": [
        box_of(json!({"flex": 1})), box_of(json!({"flex": 2})), box_of(json!({"width": "40px"})), box_of(json!({"flex": 1, "margin": "xl"}))]});
    let seen = show(&phone, row).await;
    // A mega bubble is 300 wide and pads its body by 20; 4 + 4 + 16 go to spaces and 40 to a fixed width.
    let share = (260.0 - 24.0 - 40.0) / 4.0;
    for (index, width) in [share, 2.0 * share, 40.0, share].into_iter().enumerate() {
        close(seen[index][2], width, "width");
    }
    close(seen[1][0] - (seen[0][0] + seen[0][2]), 4.0, "spacing");
    close(seen[3][0] - (seen[2][0] + seen[2][2]), 16.0, "a margin in place of the spacing");

    let column = json!({"type": "box", "layout": "vertical", "height": "200px", "spacing": "md", "contents": [
        text("a", &json!({})), {"type": "filler"}, text("b", &json!({"margin": "xxl"})), {"type": "separator"},
        {"type": "button", "height": "sm", "action": {"type": "message", "label": "c", "text": "c"}}]});
    let seen = show(&phone, column).await;
    close(seen[2][1] - (seen[1][1] + seen[1][3]), 20.0, "margin xxl");
    close(seen[3][3], 1.0, "a separator");
    close(seen[3][1] - (seen[2][1] + seen[2][3]), 8.0, "spacing md");
    close(seen[4][3], 40.0, "a small button");
    close(seen[4][1] + seen[4][3], seen[0][1] - 19.0 + 200.0 - 20.0, "the filler pushes to the end");

    let own = json!({"type": "box", "layout": "horizontal", "contents": [
        text("短い", &json!({"flex": 0})), text("残り", &json!({"align": "end"}))]});
    let seen = show(&phone, own).await;
    close(seen[0][2], 32.0, "two letters of 16 pixels");
    close(seen[0][2] + seen[1][2], 260.0, "the other one takes the rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_icons_stand_on_one_baseline() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let icon = json!({"type": "icon", "url": picture("ffd54f", 24, 24, "i"), "size": "xl"});
    let row = json!({"type": "box", "layout": "baseline", "contents": [
        icon, text("小", &json!({"size": "xxs", "flex": 0})), text("大", &json!({"size": "3xl", "flex": 0})), text("並", &json!({}))]});
    show(&phone, row).await;
    let baselines = phone.screen.js("[...document.querySelectorAll('.fx-box.baseline p')].map((one) => { const probe = document.createElement('span'); \
             probe.style.display = 'inline-block'; one.append(probe); const { bottom } = probe.getBoundingClientRect(); \
             probe.remove(); return bottom; })")
        .await;
    let icon = phone.screen.bounds(".fx-icon img").await;
    for baseline in baselines.as_array().unwrap() {
        close(baseline.as_f64().unwrap(), icon[1] + icon[3], "baseline");
    }
    assert_eq!(baselines.as_array().unwrap().len(), 3);
    close(icon[3], 22.0, "an icon of size xl");
}

#[tokio::test(flavor = "multi_thread")]
async fn bubbles_have_the_widths_and_corners_of_their_sizes() {
    let Some(phone) = phone::open((1280, 860)).await else { return };
    for (size, width, corner, padding) in [
        ("nano", 120.0, "10px", 10.0),
        ("micro", 160.0, "10px", 10.0),
        ("deca", 220.0, "10px", 14.0),
        ("hecto", 241.0, "10px", 14.0),
        ("kilo", 260.0, "10px", 13.0),
        ("mega", 300.0, "17px", 20.0),
        // As wide as the chat allows.
        ("giga", 358.0, "5px", 20.0),
    ] {
        let body = json!({"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": size}]});
        phone.push(flex(&json!({"type": "bubble", "size": size, "body": body}))).await;
        let last = "[...document.querySelectorAll('.fx-bubble')].at(-1)";
        let bounds = phone.screen.bounds_of(last).await;
        close(bounds[2], width, size);
        assert_eq!(
            phone.screen.js(&format!("getComputedStyle({last}).borderRadius")).await,
            corner,
            "{size}"
        );
        close(parts(&phone).await[0][0] - bounds[0], padding, size);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_colours_lines_and_places_are_as_asked() {
    let Some(phone) = phone::open(NARROW).await else { return };
    phone.push(flex(&gallery::boxes())).await;
    let style = async |selector: &str, property: &str| {
        phone.screen.js(&format!("getComputedStyle(document.querySelector('{selector}')).{property}")).await
    };
    assert_eq!(style(".header .fx-box", "backgroundColor").await, "rgb(39, 172, 178)");
    // paddingTop and paddingBottom win over paddingAll.
    assert_eq!(style(".header .fx-box", "padding").await, "19px 12px 16px");
    let bar = phone.screen.bounds(".header .fx-box .fx-box").await;
    let done = phone.screen.bounds(".header .fx-box .fx-box .fx-box").await;
    close(done[2], bar[2] * 0.7, "70%");
    let gradient = style(".body .horizontal > .fx-box", "backgroundImage").await;
    assert_eq!(gradient, "linear-gradient(90deg, rgb(255, 0, 0), rgb(0, 0, 255))");
    assert_eq!(style(".body .horizontal > .fx-box", "borderRadius").await, "8px");
    assert_eq!(style(".body .horizontal > .fx-box + .fx-box", "borderWidth").await, "2px");
    let spans = phone.screen.js("[...document.querySelectorAll('.body .fx-text span')].map((one) => { const s = getComputedStyle(one); \
             return [s.fontSize, s.fontWeight, s.fontStyle, s.textDecorationLine]; })")
        .await;
    assert_eq!(
        spans,
        json!([
            ["22px", "700", "normal", "none"],
            ["16px", "400", "italic", "underline"],
            ["13px", "400", "normal", "none"]
        ])
    );
    // Two lines of 14 pixels × 1.4, with 6 pixels between them.
    let clamped = phone.screen.bounds_of("document.querySelector('p.clamped').parentElement").await;
    close(clamped[3], 2.0 * 14.0 * 1.4 + 6.0, "maxLines and lineSpacing");
    let corner = phone.screen.bounds(".absolute").await;
    let around = phone.screen.bounds_of("document.querySelector('.absolute').parentElement").await;
    close(around[1] + around[3] - corner[1] - corner[3], 4.0, "offsetBottom");
    close(around[0] + around[2] - corner[0] - corner[2], 8.0, "offsetEnd");
    let fit = phone.screen.bounds(".body .fx-image .frame").await;
    assert_eq!((fit[2], fit[3]), (60.0, 30.0));

    phone.push(flex(&gallery::rtl())).await;
    let first = phone.screen.bounds("[dir=rtl] .horizontal .fx-text").await;
    let second = phone.screen.bounds("[dir=rtl] .horizontal .fx-text + .fx-text").await;
    close(first[0] - (second[0] + second[2]), 8.0, "from right to left");
    let around = phone.screen.bounds_of("document.querySelector('[dir=rtl] .absolute').parentElement").await;
    let square = phone.screen.bounds("[dir=rtl] .absolute").await;
    close(around[0] + around[2] - square[0] - square[2], 6.0, "offsetStart is on the right");
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_below_zero_move_against_the_direction() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let row = |more: Value| json!({"type": "box", "layout": "horizontal", "contents": [text("a", &json!({})), text("b", &more)]});
    let before = show(&phone, row(json!({}))).await;
    let top = phone.screen.bounds_of("[...document.querySelectorAll('.fx-bubble')].at(-1)").await;
    let after = show(&phone, row(json!({"offsetTop": "-6px", "offsetStart": "-10%"}))).await;
    let moved_top = phone.screen.bounds_of("[...document.querySelectorAll('.fx-bubble')].at(-1)").await;
    close(after[1][1] - moved_top[1], before[1][1] - top[1] - 6.0, "offsetTop");
    close(after[1][0], before[1][0] - 26.0, "offsetStart, of a box 260 wide");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carousel_of_ten_scrolls_to_its_end_and_its_bubbles_are_equally_high() {
    let Some(phone) = phone::open(NARROW).await else { return };
    phone.push(flex(&gallery::carousel())).await;
    let heights = phone.screen.js("[...new Set([...document.querySelectorAll('.columns .fx-bubble')].map((one) => one.offsetHeight))].length")
        .await;
    assert_eq!(heights, 1);
    let widths =
        phone.screen.js("[document.querySelector('.columns').scrollWidth, document.body.scrollWidth]").await;
    assert!(widths[0].as_f64().unwrap() >= 10.0 * 160.0 + 9.0 * 9.0);
    assert_eq!(widths[1], 390, "the page itself is not wider than the phone");
    let before = phone.heard();
    phone.screen.js("document.querySelector('.columns').scrollTo(10000, 0)").await;
    phone.screen.until("document.querySelector('.columns').scrollLeft > 1000").await;
    phone.screen.click(".columns .fx-bubble:last-child .fx-tap").await;
    assert_eq!(phone.next(before).await["postback"], json!({"data": "apply=10"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_shrink_or_grow_where_the_message_allows_it() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let long = "折り返さないとても長いことばを小さくして収める";
    let column = json!({"type": "box", "layout": "vertical", "contents": [
        text(long, &json!({"adjustMode": "shrink-to-fit"})), text("大", &json!({"scaling": true})), text("小", &json!({}))]});
    show(&phone, column).await;
    let shrunk = "(() => { const one = document.querySelector('.fx-text p'); \
                  return one.scrollWidth <= one.clientWidth && parseFloat(getComputedStyle(one).fontSize); })()";
    assert!(phone.screen.until(shrunk).await.as_f64().unwrap() < 16.0);
    phone.screen.js("document.documentElement.style.setProperty('--letters', '1.4')").await;
    let sizes = phone.screen.js("[...document.querySelectorAll('.fx-text p')].slice(1).map((one) => getComputedStyle(one).fontSize)").await;
    assert_eq!(sizes, json!(["22.4px", "16px"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_below_nought_move_a_box_up_and_towards_the_start() {
    let Some(phone) = phone::open(NARROW).await else { return };
    let square = |class: &str, more: Value| {
        let mut part = json!({"type": "box", "layout": "vertical", "width": "20px", "height": "20px", "contents": [], "backgroundColor": class});
        part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        part
    };
    let body = json!({"type": "box", "layout": "vertical", "height": "100px", "contents": [
        square("#111111", json!({})),
        square("#222222", json!({"offsetTop": "-2px", "offsetStart": "-3px"})),
        square("#333333", json!({"position": "relative", "offsetBottom": "-5px", "offsetEnd": "-1px"})),
        square("#444444", json!({"position": "absolute", "offsetTop": "-2px", "offsetStart": "-4px"})),
        square("#555555", json!({"position": "absolute", "offsetBottom": "-6px", "offsetEnd": "-7px"}))]});
    let drawn = format!(
        "await import('/_page/flex.js').then(({{ drawFlex }}) => \
         {{ document.querySelector('#chat').append(drawFlex({}, () => {{}})); return true; }})",
        json!({"type": "bubble", "body": body})
    );
    phone.screen.js(&drawn).await;
    let [first, up, down, corner, end] = parts(&phone).await.try_into().unwrap();
    let [left, top, width, height] =
        phone.screen.bounds_of("document.querySelector('.fx-bubble .body > .fx-box')").await;
    close(up[1], first[1] + 20.0 - 2.0, "two pixels up");
    close(up[0], first[0] - 3.0, "three towards the start");
    close(down[1], first[1] + 40.0 + 5.0, "five down");
    close(down[0], first[0] + 1.0, "one towards the end");
    close(corner[1], top - 2.0, "above the box");
    close(corner[0], left - 4.0, "before the box");
    close(end[1] + 20.0, top + height + 6.0, "below the box");
    close(end[0] + 20.0, left + width + 7.0, "behind the box");
    phone.screen.shot("offsets").await;
}
