//! Coupons, paid plans, modules.

use serde_json::json;

use super::Tour;

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let user = tour.user.clone();
    for (_, coupon) in crate::bodies::coupons() {
        let id = tour.post("/v2/bot/coupon", coupon).await.body["couponId"].as_str().unwrap().to_owned();
        tour.get(&format!("/v2/bot/coupon/{id}")).await;
    }
    let listed = tour.get("/v2/bot/coupon?status=RUNNING&status=DRAFT&limit=2").await.body;
    let next = listed["next"].as_str().unwrap();
    tour.get(&format!("/v2/bot/coupon?start={next}")).await;
    let id = listed["items"][0]["couponId"].as_str().unwrap();
    let message = json!({"to": user, "messages": [{"type": "coupon", "couponId": id}]});
    tour.post("/v2/bot/message/push", message.clone()).await;
    tour.call("PUT", &format!("/v2/bot/coupon/{id}/close"), None).await;
    let again = tour.api.send(tour.api.request("PUT", &format!("/v2/bot/coupon/{id}/close"))).await;
    assert_eq!((again.status, again.message()), (410, "The coupon has already been closed."));
    let closed = tour.api.post("/v2/bot/message/push", message).await;
    assert_eq!(closed.property(), "messages[0].couponId");

    assert_eq!(tour.api.get("/v2/bot/membership/list").await.status, 404);
    let plan = json!({"membershipId": 4107, "title": "会員", "price": 500.0, "members": [user]});
    tour.control("PUT", "/memberships", json!({"memberships": [plan]})).await;
    tour.get("/v2/bot/membership/list").await;
    tour.get(&format!("/v2/bot/membership/subscription/{user}")).await;
    tour.get("/v2/bot/membership/4107/users/ids").await;

    let code = tour.control("POST", "/module-codes", json!({})).await["code"].as_str().unwrap().to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "https://example.org/"),
        ("client_id", tour.line.channel_id()),
        ("client_secret", tour.line.channel_secret()),
    ];
    let path = "/module/auth/v1/token";
    // LINE's own SDK for Node sends its channel access token with this call, too.
    let request = tour.api.http.post(format!("{}{path}", tour.line.url())).form(&form).bearer_auth("token");
    tour.send("POST", path, request).await;
    let bots = tour.get("/v2/bot/list").await.body;
    assert_eq!(bots["bots"][0]["userId"], tour.line.bot_user_id());
    tour.post(&format!("/v2/bot/chat/{user}/control/acquire"), json!({"expired": true, "ttl": 60})).await;
    tour.call("POST", &format!("/v2/bot/chat/{user}/control/release"), None).await;
    tour.post("/v2/bot/channel/detach", json!({"botId": tour.line.bot_user_id()})).await;
    assert_eq!(tour.get("/v2/bot/list").await.body["bots"], json!([]));
}
