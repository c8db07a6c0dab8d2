//! Statistics.

use std::time::Duration;

use serde_json::json;

use super::{Tour, make_menu, text};

pub(super) async fn walk(tour: &mut Tour<'_>) {
    tour.get("/v2/bot/insight/demographic").await;
    for number in 0..30 {
        let user = tour.line.create_user(&number.to_string());
        tour.line.follow(&user).await.unwrap();
        let attributes = json!({"gender": "female", "age": "age_40", "area": "jp_13", "appType": "ios"});
        tour.control("PUT", &format!("/users/{user}"), json!({"attributes": attributes})).await;
    }
    let known = tour.get("/v2/bot/insight/demographic").await.body;
    assert_eq!((&known["available"], &known["areas"][0]["area"]), (&json!(true), &json!("unknown")));
    assert_eq!(known["ages"][0]["age"], "from40to44");
    for date in ["20161031", "20261006", "20261007"] {
        tour.get(&format!("/v2/bot/insight/followers?date={date}")).await;
        tour.get(&format!("/v2/bot/insight/message/delivery?date={date}")).await;
    }
    tour.line.advance(Duration::from_hours(24));
    let numbers = tour.get("/v2/bot/insight/followers?date=20261006").await.body;
    assert_eq!((&numbers["status"], &numbers["followers"]), (&json!("ready"), &json!(31)));

    let sent = tour.post("/v2/bot/message/broadcast", json!({"messages": text()})).await;
    let menu = make_menu(&tour.api).await;
    let day = |users: u64| json!({"impression": {"count": 90, "uniqueUsers": users}, "clicks": [{"count": 50, "uniqueUsers": users}]});
    let figures = json!({
        "messages": {sent.request_id(): {"overview": {"uniqueImpression": 25, "uniqueClick": 19},
            "messages": [{"seq": 1, "impression": 40, "mediaPlayed": 30, "uniqueMediaPlayed": 5}]}},
        "units": {"a": {"clicks": [{"seq": 1, "url": "https://example.org/", "click": 21, "uniqueClick": 20,
            "uniqueClickOfRequest": 20}]}},
        "richMenus": {&menu: {"20261005": day(15), "20261006": day(15)}},
    });
    tour.control("PUT", "/insight", figures).await;
    let event =
        tour.get(&format!("/v2/bot/insight/message/event?requestId={}", sent.request_id())).await.body;
    assert_eq!(event["overview"]["uniqueImpression"], 25);
    assert_eq!(event["overview"]["uniqueClick"], json!(null), "below 20");
    assert_eq!(event["messages"][0]["mediaPlayed"], json!(null), "few people, though often");
    let unit = "/v2/bot/insight/message/event/aggregation?customAggregationUnit=a&from=20261001&to=20261031";
    assert_eq!(tour.get(unit).await.body["clicks"][0]["click"], 21);
    let base = format!("/v2/bot/insight/richmenu/{menu}");
    let summary = tour.get(&format!("{base}/summary?from=20261001&to=20261031")).await.body;
    assert_eq!(summary["clicks"][0]["metrics"]["count"], 100);
    let daily = tour.get(&format!("{base}/daily?from=20261001&to=20261031")).await.body;
    assert_eq!(daily["impression"]["metrics"][1]["date"], "20261006");
    let few = tour.get(&format!("{base}/daily?from=20261006&to=20261006")).await.body;
    assert_eq!(few, json!({"richMenuId": menu}));
}
