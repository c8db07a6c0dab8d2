//! Groups and rooms.

use serde_json::json;

use super::Tour;

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let user = tour.user.clone();
    for (kind, name) in [("group", "訪問看護"), ("room", "")] {
        let body = json!({"type": kind, "name": name, "members": [user]});
        let made = tour.control("POST", "/groups", body).await;
        let id = made["groupId"].as_str().unwrap().to_owned();
        tour.control("PUT", &format!("/groups/{id}/account"), json!({})).await;
        let base = format!("/v2/bot/{kind}/{id}");
        if kind == "group" {
            assert_eq!(tour.get(&format!("{base}/summary")).await.body["groupName"], name);
        }
        assert_eq!(tour.get(&format!("{base}/members/count")).await.body["count"], 1);
        assert_eq!(tour.get(&format!("{base}/members/ids")).await.body["memberIds"], json!([user]));
        assert_eq!(tour.get(&format!("{base}/member/{user}")).await.body["userId"], user);
        tour.call("POST", &format!("{base}/leave"), None).await;
        assert_eq!(tour.api.get(&format!("{base}/members/count")).await.status, 404);
    }
}
