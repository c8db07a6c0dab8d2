//! Messages, content, numbers, people, the account itself.

use std::time::Duration;

use serde_json::json;

use super::{Tour, text};

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let user = tour.user.clone();
    let image = tour.line.send_image(&user, b"picture", "image/png").await.unwrap();
    let video = tour.line.send_message(&user, json!({"type": "video", "content": "AAAA"})).await.unwrap();
    tour.get(&format!("/v2/bot/message/{image}/content")).await;
    tour.get(&format!("/v2/bot/message/{image}/content/preview")).await;
    tour.get(&format!("/v2/bot/message/{video}/content/transcoding")).await;
    tour.line.say(&user, "相談です").await.unwrap();
    let event = tour.bot.last().event(0);
    tour.post("/v2/bot/message/reply", json!({"replyToken": event["replyToken"], "messages": text()})).await;
    tour.post("/v2/bot/chat/markAsRead", json!({"markAsReadToken": event["message"]["markAsReadToken"]}))
        .await;
    tour.post("/v2/bot/message/push", json!({"to": user, "messages": text()})).await;
    tour.post("/v2/bot/message/multicast", json!({"to": [user], "messages": text()})).await;
    tour.post("/v2/bot/message/broadcast", json!({"messages": text()})).await;
    for kind in ["reply", "push", "multicast", "narrowcast", "broadcast"] {
        tour.post(&format!("/v2/bot/message/validate/{kind}"), json!({"messages": text()})).await;
    }
    tour.get("/v2/bot/message/quota").await;
    tour.line.set_quota(lupinus_emulator::Quota::limited(200, 0));
    tour.get("/v2/bot/message/quota").await;
    tour.get("/v2/bot/message/quota/consumption").await;
    tour.line.advance(Duration::from_hours(24));
    for kind in ["reply", "push", "multicast", "broadcast"] {
        for date in ["20180330", "20261005", "20261006"] {
            tour.get(&format!("/v2/bot/message/delivery/{kind}?date={date}")).await;
        }
    }
    tour.get(&format!("/v2/bot/profile/{user}")).await;
    tour.get("/v2/bot/followers/ids").await;
    tour.get("/v2/bot/info").await;
    tour.get("/v2/bot/channel/webhook/endpoint").await;
    let endpoint = tour.get("/v2/bot/channel/webhook/endpoint").await.body["endpoint"].clone();
    tour.put("/v2/bot/channel/webhook/endpoint", json!({"endpoint": endpoint})).await;
    tour.post("/v2/bot/channel/webhook/test", json!({})).await;
    tour.post("/v2/bot/chat/loading/start", json!({"chatId": user})).await;
}
