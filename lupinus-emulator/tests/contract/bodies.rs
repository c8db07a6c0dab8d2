//! Good bodies, with every property that has a limit.

use serde_json::{Value, json};

const URL: &str = "https://cdn.example.org/a.jpg";

/// Ids of the emulator the bodies are sent to.
pub(crate) struct Known {
    pub(crate) user: String,
    pub(crate) menu: String,
    pub(crate) other_menu: String,
}

fn postback(label: &str) -> Value {
    json!({"type": "postback", "label": label, "data": "a=1", "displayText": "はい"})
}

fn filled_in() -> Value {
    json!({"type": "postback", "label": "書く", "data": "b", "inputOption": "openKeyboard", "fillInText": "第1\n"})
}

fn picker() -> Value {
    json!({"type": "datetimepicker", "label": "日時", "data": "d", "mode": "datetime",
           "initial": "2026-09-02T09:00", "min": "2026-09-01T09:00", "max": "2026-09-30t17:00"})
}

fn uri() -> Value {
    json!({"type": "uri", "label": "開く", "uri": "https://example.org/1", "altUri": {"desktop": "https://example.org/2"}})
}

fn clipboard() -> Value {
    json!({"type": "clipboard", "label": "写す", "clipboardText": "12"})
}

/// One message of every kind, by a name of our own.
pub(crate) fn messages() -> Vec<(&'static str, Value)> {
    let quick = |action: Value| json!({"type": "action", "imageUrl": URL, "action": action});
    let quick_replies: Vec<Value> = [
        postback("はい"),
        filled_in(),
        json!({"type": "message", "label": "言う", "text": "明日は"}),
        uri(),
        picker(),
        json!({"type": "camera", "label": "カメラ"}),
        json!({"type": "cameraRoll", "label": "写真"}),
        json!({"type": "location", "label": "場所"}),
        clipboard(),
    ]
    .map(quick)
    .into();
    vec![
        (
            "text",
            json!({"type": "text", "text": "$ 休館",
            "emojis": [{"index": 0, "productId": "5ac21a18040ab15980c9b43e", "emojiId": "001"}],
            "quickReply": {"items": quick_replies}, "sender": {"name": "受付", "iconUrl": URL}}),
        ),
        (
            "textV2",
            json!({"type": "textV2", "text": "{icon} {{お知らせ}}",
            "substitution": {"icon": {"type": "emoji", "productId": "5ac21a18040ab15980c9b43e", "emojiId": "002"}}}),
        ),
        (
            "mention",
            json!({"type": "textV2", "text": "{who} さん", "substitution": {"who": {"type": "mention",
            "mentionee": {"type": "user", "userId": "U5a1e0000111122223333444455556666"}}}}),
        ),
        ("sticker", json!({"type": "sticker", "packageId": "446", "stickerId": "1988"})),
        ("image", json!({"type": "image", "originalContentUrl": URL, "previewImageUrl": URL})),
        (
            "video",
            json!({"type": "video", "originalContentUrl": URL, "previewImageUrl": URL, "trackingId": "a-1"}),
        ),
        ("audio", json!({"type": "audio", "originalContentUrl": URL, "duration": 4200})),
        (
            "location",
            json!({"type": "location", "title": "会場", "address": "中央 1", "latitude": 38.26,
            "longitude": 140.87}),
        ),
        (
            "coupon",
            json!({"type": "coupon", "couponId": "01K2QCOUPN0000000000000001", "deliveryTag": "summer_fair"}),
        ),
        (
            "imagemap",
            json!({"type": "imagemap", "baseUrl": URL, "altText": "図",
            "baseSize": {"width": 1040, "height": 520},
            "video": {"originalContentUrl": URL, "previewImageUrl": URL, "area": area(0),
                      "externalLink": {"linkUri": "https://example.org/v", "label": "続き"}},
            "actions": [{"type": "message", "label": "一", "text": "1", "area": area(0)},
                        {"type": "uri", "label": "二", "linkUri": "https://example.org/2", "area": area(5)},
                        {"type": "clipboard", "clipboardText": "3", "area": area(10)}]}),
        ),
        (
            "buttons",
            json!({"type": "template", "altText": "窓口", "template": {"type": "buttons", "title": "題",
            "text": "日時", "thumbnailImageUrl": URL, "imageAspectRatio": "square", "imageSize": "contain",
            "imageBackgroundColor": "#FFFFFF", "defaultAction": uri(),
            "actions": [picker(), filled_in(), clipboard(), uri()]}}),
        ),
        (
            "plainButtons",
            json!({"type": "template", "altText": "窓口", "template": {"type": "buttons",
            "text": "日時", "actions": [postback("はい")]}}),
        ),
        (
            "confirm",
            json!({"type": "template", "altText": "確認", "template": {"type": "confirm", "text": "よいですか",
            "actions": [postback("はい"), {"type": "message", "label": "いいえ", "text": "いいえ"}]}}),
        ),
        (
            "carousel",
            json!({"type": "template", "altText": "講座", "template": {"type": "carousel",
            "imageAspectRatio": "rectangle", "imageSize": "cover", "columns": [
                {"text": "一", "title": "甲", "thumbnailImageUrl": URL, "imageBackgroundColor": "#000000",
                 "defaultAction": uri(), "actions": [postback("見る")]},
                {"text": "二", "title": "乙", "thumbnailImageUrl": URL, "actions": [uri()]}]}}),
        ),
        (
            "plainCarousel",
            json!({"type": "template", "altText": "講座", "template": {"type": "carousel",
            "columns": [{"text": "一", "actions": [postback("見る")]}]}}),
        ),
        (
            "imageCarousel",
            json!({"type": "template", "altText": "写真", "template": {"type": "image_carousel",
            "columns": [{"imageUrl": URL, "action": {"type": "uri", "label": "1", "uri": "https://example.org/1"}}]}}),
        ),
        ("flex", json!({"type": "flex", "altText": "票", "contents": bubble()})),
        (
            "flexVideo",
            json!({"type": "flex", "altText": "票", "contents": {"type": "bubble", "hero": {
            "type": "video", "url": URL, "previewUrl": URL, "aspectRatio": "16:9", "action": uri(),
            "altContent": {"type": "image", "url": URL}}}}),
        ),
        (
            "flexCarousel",
            json!({"type": "flex", "altText": "票", "contents": {"type": "carousel",
            "contents": [bubble(), bubble()]}}),
        ),
    ]
}

fn area(x: i64) -> Value {
    json!({"x": x, "y": 0, "width": 5, "height": 5})
}

/// A bubble with every component and every property that has a closed set of values.
fn bubble() -> Value {
    let placed = json!({"margin": "md", "position": "relative", "offsetTop": "1px", "offsetBottom": "sm",
                        "offsetStart": "5%", "offsetEnd": "none"});
    let with = |part: Value| {
        let (mut whole, Value::Object(placed)) = (part, placed.clone()) else { unreachable!() };
        whole.as_object_mut().unwrap().extend(placed);
        whole
    };
    let image = with(
        json!({"type": "image", "url": URL, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover",
        "align": "center", "gravity": "bottom", "backgroundColor": "#00FF00", "animated": false, "flex": 1, "action": uri()}),
    );
    let text = with(
        json!({"type": "text", "text": "受付", "weight": "bold", "size": "xl", "style": "italic",
        "decoration": "underline", "color": "#112233", "wrap": true, "maxLines": 2, "lineSpacing": "4px", "align": "end",
        "gravity": "top", "adjustMode": "shrink-to-fit", "scaling": true, "flex": 0, "action": postback("話")}),
    );
    let spans = json!({"type": "text", "contents": [{"type": "span", "text": "待ち", "weight": "regular",
        "size": "sm", "style": "normal", "decoration": "none", "color": "#000000"}]});
    let icon =
        with(json!({"type": "icon", "url": URL, "size": "sm", "aspectRatio": "2:1", "scaling": false}));
    let button = with(
        json!({"type": "button", "style": "primary", "height": "sm", "color": "#0000ff", "gravity": "center",
        "adjustMode": "shrink-to-fit", "scaling": false, "flex": 2, "action": clipboard()}),
    );
    json!({"type": "bubble", "size": "kilo", "direction": "ltr", "action": uri(),
        "header": {"type": "box", "layout": "vertical", "contents": [spans, picker_button()]},
        "hero": image,
        "body": with(json!({"type": "box", "layout": "horizontal", "spacing": "md", "paddingAll": "12px",
            "paddingTop": "lg", "paddingBottom": "0px", "paddingStart": "5%", "paddingEnd": "xxl", "width": "100%",
            "height": "90px", "maxWidth": "300px", "maxHeight": "50%", "backgroundColor": "#000000",
            "borderColor": "#11223344", "borderWidth": "semi-bold", "cornerRadius": "xl",
            "justifyContent": "space-between", "alignItems": "flex-end", "action": uri(),
            "background": {"type": "linearGradient", "angle": "90deg", "startColor": "#ffffff",
                           "endColor": "#000000", "centerColor": "#777777", "centerPosition": "30%"},
            "contents": [text, {"type": "separator", "margin": "lg", "color": "#999999"}, {"type": "filler", "flex": 1},
                {"type": "box", "layout": "baseline", "contents": [icon, {"type": "text", "text": "3 人"}]}]})),
        "footer": {"type": "box", "layout": "vertical", "contents": [button]},
        "styles": {"header": {"backgroundColor": "#eeeeee"}, "hero": {"separator": true},
                   "body": {"separatorColor": "#cccccc"}, "footer": {"separator": true}}})
}

fn picker_button() -> Value {
    json!({"type": "button", "action": picker()})
}

fn menu() -> Value {
    let area = |x: i64, action: Value| json!({"bounds": {"x": x, "y": 0, "width": 100, "height": 843}, "action": action});
    json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "メニュー",
        "areas": [area(0, postback("相談")), area(100, picker()), area(200, uri()), area(300, clipboard()),
            area(400, json!({"type": "richmenuswitch", "richMenuAliasId": "tab-b", "data": "to=b"})),
            area(500, json!({"type": "message", "text": "はい"})), area(600, filled_in())]})
}

fn batch(known: &Known) -> Value {
    json!({"operations": [{"type": "link", "from": known.menu, "to": known.menu},
        {"type": "unlink", "from": known.other_menu}], "resumeRequestKey": "key_1"})
}

fn app() -> Value {
    json!({"view": {"type": "full", "url": URL, "moduleMode": false}, "description": "受付",
        "features": {"ble": false, "qrCode": true}, "permanentLinkPattern": "concat",
        "scope": ["openid", "profile"], "botPrompt": "normal"})
}

/// A narrowcast with every kind of condition.
fn narrowcast() -> Value {
    json!({"messages": [{"type": "text", "text": "x"}], "notificationDisabled": false,
        "recipient": {"type": "operator", "and": [
            {"type": "audience", "audienceGroupId": 5},
            {"type": "operator", "not": {"type": "redelivery", "requestId": "x"}}]},
        "filter": {"demographic": {"type": "operator", "or": [
            {"type": "gender", "oneOf": ["male", "female"]},
            {"type": "age", "gte": "age_20", "lt": "age_65"},
            {"type": "appType", "oneOf": ["ios"]},
            {"type": "area", "oneOf": ["jp_13", "tw_01"]},
            {"type": "operator", "not": {"type": "subscriptionPeriod", "gte": "day_7", "lt": "day_30"}}]}},
        "limit": {"max": 100, "upToRemainingQuota": true, "forbidPartialDelivery": true}})
}

/// Coupons of every kind, by a name of our own.
pub(crate) fn coupons() -> Vec<(&'static str, Value)> {
    let coupon = |condition: Value, reward: Value| {
        json!({"title": "夏祭り", "description": "一枚", "usageCondition": "本人", "couponCode": "A-1",
            "imageUrl": URL, "barcodeImageUrl": URL, "visibility": "UNLISTED", "timezone": "ASIA_TOKYO",
            "maxUseCountPerTicket": 1, "startTimestamp": 1_790_000_000, "endTimestamp": 1_900_000_000,
            "acquisitionCondition": condition, "reward": reward})
    };
    let normal = || json!({"type": "normal"});
    let lottery = json!({"type": "lottery", "lotteryProbability": 50, "maxAcquireCount": 100});
    let priced = |kind: &str, price: Value| json!({"type": kind, "priceInfo": price});
    vec![
        ("lottery", coupon(lottery, json!({"type": "gift"}))),
        ("fixed", coupon(normal(), priced("discount", json!({"type": "fixed", "fixedAmount": 100})))),
        ("percentage", coupon(normal(), priced("discount", json!({"type": "percentage", "percentage": 10})))),
        (
            "explicit",
            coupon(
                normal(),
                priced(
                    "discount",
                    json!({"type": "explicit", "priceAfterDiscount": 80, "originalPrice": 100}),
                ),
            ),
        ),
        ("cashBack", coupon(normal(), priced("cashBack", json!({"type": "fixed", "fixedAmount": 100})))),
        (
            "cashBackPart",
            coupon(normal(), priced("cashBack", json!({"type": "percentage", "percentage": 5}))),
        ),
    ]
}

/// Operation and body, for everything that takes JSON.
pub(crate) fn all(known: &Known) -> Vec<(&'static str, Value)> {
    let text = || json!([{"type": "text", "text": "x"}]);
    let mut all = vec![
        ("pushMessage", json!({"to": known.user, "messages": text()})),
        ("multicast", json!({"to": [known.user], "messages": text(), "customAggregationUnits": ["unit_1"]})),
        ("broadcast", json!({"messages": text()})),
        ("replyMessage", json!({"replyToken": "0123456789abcdef0123456789abcdef", "messages": text()})),
        ("validateReply", json!({"messages": text()})),
        ("validateMulticast", json!({"messages": text()})),
        ("validateNarrowcast", json!({"messages": text()})),
        ("validateBroadcast", json!({"messages": text()})),
        ("setWebhookEndpoint", json!({"endpoint": "https://example.org/webhook"})),
        ("testWebhookEndpoint", json!({"endpoint": "https://example.org/webhook"})),
        ("showLoadingAnimation", json!({"chatId": known.user, "loadingSeconds": 20})),
        ("markMessagesAsReadByToken", json!({"markAsReadToken": "x"})),
        ("createRichMenu", menu()),
        ("validateRichMenuObject", menu()),
        ("linkRichMenuIdToUsers", json!({"richMenuId": known.menu, "userIds": [known.user]})),
        ("unlinkRichMenuIdFromUsers", json!({"userIds": [known.user]})),
        ("createRichMenuAlias", json!({"richMenuAliasId": "tab-a", "richMenuId": known.menu})),
        ("updateRichMenuAlias", json!({"richMenuId": known.menu})),
        ("richMenuBatch", batch(known)),
        ("validateRichMenuBatchRequest", batch(known)),
        ("narrowcast", narrowcast()),
        ("markMessagesAsRead", json!({"chat": {"userId": known.user}})),
        ("pushMessagesByPhone", json!({"to": "0".repeat(64), "messages": text()})),
        (
            "missionStickerV3",
            json!({"to": known.user, "productId": "1", "productType": "STICKER",
            "sendPresentMessage": true}),
        ),
        (
            "createAudienceGroup",
            json!({"description": "名", "isIfaAudience": false, "uploadDescription": "初",
            "audiences": [{"id": known.user}]}),
        ),
        ("addAudienceToAudienceGroup", json!({"audienceGroupId": 1, "audiences": [{"id": known.user}]})),
        ("createClickBasedAudienceGroup", json!({"description": "名", "requestId": "x", "clickUrl": URL})),
        ("createImpBasedAudienceGroup", json!({"description": "名", "requestId": "x"})),
        ("updateAudienceGroupDescription", json!({"description": "名"})),
        ("addLIFFApp", app()),
        ("updateLIFFApp", app()),
        ("detachModule", json!({"botId": known.user})),
        ("acquireChatControl", json!({"expired": true, "ttl": 60})),
    ];
    all.extend(coupons().into_iter().map(|(_, coupon)| ("createCoupon", coupon)));
    all.extend(messages().into_iter().map(|(_, message)| ("validatePush", json!({"messages": [message]}))));
    all
}
