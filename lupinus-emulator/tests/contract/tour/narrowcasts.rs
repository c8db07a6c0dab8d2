//! Narrowcasts, aggregation units, notification messages.

use std::time::Duration;

use lupinus_emulator::Settings;
use serde_json::json;

use super::{Tour, text};

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let usual = tour.line.settings();
    tour.line.set_settings(Settings { background_ms: 10_000, ..usual.clone() });
    let request_id =
        tour.post("/v2/bot/message/narrowcast", json!({"messages": text()})).await.request_id().to_owned();
    let progress = format!("/v2/bot/message/progress/narrowcast?requestId={request_id}");
    let event = format!("/v2/bot/insight/message/event?requestId={request_id}");
    for phase in ["waiting", "sending", "succeeded"] {
        assert_eq!(tour.get(&progress).await.body["phase"], phase);
        tour.get(&event).await;
        tour.line.advance(Duration::from_secs(6));
    }
    let redelivery = json!({"type": "redelivery", "requestId": request_id});
    let again = json!({"messages": text(), "recipient": redelivery});
    let request_id = tour.post("/v2/bot/message/narrowcast", again).await.request_id().to_owned();
    tour.line.advance(Duration::from_secs(11));
    let failed = tour.get(&format!("/v2/bot/message/progress/narrowcast?requestId={request_id}")).await.body;
    assert_eq!((&failed["phase"], &failed["errorCode"]), (&json!("failed"), &json!(2)));
    tour.line.set_settings(usual);

    let user = tour.user.clone();
    for unit in ["a", "b"] {
        let tagged = json!({"to": user, "messages": text(), "customAggregationUnits": [unit]});
        tour.post("/v2/bot/message/push", tagged).await;
    }
    assert_eq!(tour.get("/v2/bot/message/aggregation/info").await.body["numOfCustomAggregationUnits"], 2);
    let first = tour.get("/v2/bot/message/aggregation/list?limit=1").await.body;
    let next = first["next"].as_str().unwrap();
    let second = tour.get(&format!("/v2/bot/message/aggregation/list?limit=1&start={next}")).await.body;
    assert_eq!(
        (&first["customAggregationUnits"], &second["customAggregationUnits"]),
        (&json!(["a"]), &json!(["b"]))
    );

    tour.control("PUT", &format!("/users/{user}"), json!({"phone": "+818000001234"})).await;
    let to = "3a1dbc2f6a5e2b4ac2bbb1d2ba4ad2c44b1a7f7cd5cd60b0a6ebc6d5cf2d1e0f";
    assert_eq!(tour.api.post("/bot/pnp/push", json!({"to": to, "messages": text()})).await.status, 422);
    let to = crate::support::sha256_hex("+818000001234");
    tour.post("/bot/pnp/push", json!({"to": to, "messages": text()})).await;
    tour.get("/v2/bot/message/delivery/pnp?date=20261005").await;
    let sticker =
        json!({"to": user, "productId": "1", "productType": "STICKER", "sendPresentMessage": false});
    tour.post("/shop/v3/mission", sticker).await;
    tour.post("/v2/bot/message/markAsRead", json!({"chat": {"userId": user}})).await;
}
