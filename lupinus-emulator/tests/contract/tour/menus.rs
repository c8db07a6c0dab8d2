//! Rich menus.

use serde_json::json;

use super::{Tour, png};

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let user = tour.user.clone();
    let area = json!({"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": {"type": "message", "text": "x"}});
    let menu = json!({"size": {"width": 2500, "height": 843}, "selected": true, "name": "一", "chatBarText": "一", "areas": [area]});
    tour.post("/v2/bot/richmenu/validate", menu.clone()).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id =
            tour.post("/v2/bot/richmenu", menu.clone()).await.body["richMenuId"].as_str().unwrap().to_owned();
        let content = format!("/v2/bot/richmenu/{id}/content");
        let upload =
            tour.api.request("POST", &content).header("content-type", "image/png").body(png(2500, 843));
        tour.send("POST", &content, upload).await;
        tour.get(&content).await;
        tour.get(&format!("/v2/bot/richmenu/{id}")).await;
        ids.push(id);
    }
    tour.get("/v2/bot/richmenu/list").await;
    tour.call("POST", &format!("/v2/bot/user/all/richmenu/{}", ids[0]), None).await;
    tour.get("/v2/bot/user/all/richmenu").await;
    tour.delete("/v2/bot/user/all/richmenu").await;
    tour.call("POST", &format!("/v2/bot/user/{user}/richmenu/{}", ids[0]), None).await;
    tour.get(&format!("/v2/bot/user/{user}/richmenu")).await;
    tour.delete(&format!("/v2/bot/user/{user}/richmenu")).await;
    tour.post("/v2/bot/richmenu/bulk/link", json!({"richMenuId": ids[0], "userIds": [user]})).await;
    tour.post("/v2/bot/richmenu/bulk/unlink", json!({"userIds": [user]})).await;
    tour.post("/v2/bot/richmenu/alias", json!({"richMenuAliasId": "tab-a", "richMenuId": ids[0]})).await;
    tour.get("/v2/bot/richmenu/alias/tab-a").await;
    tour.post("/v2/bot/richmenu/alias/tab-a", json!({"richMenuId": ids[1]})).await;
    tour.get("/v2/bot/richmenu/alias/list").await;
    let batch =
        json!({"operations": [{"type": "link", "from": ids[0], "to": ids[1]}], "resumeRequestKey": "k"});
    tour.post("/v2/bot/richmenu/bulk/link", json!({"richMenuId": ids[0], "userIds": [user]})).await;
    tour.post("/v2/bot/richmenu/validate/batch", batch.clone()).await;
    let request_id = tour.post("/v2/bot/richmenu/batch", batch).await.request_id().to_owned();
    let progress = format!("/v2/bot/richmenu/progress/batch?requestId={request_id}");
    assert_eq!(tour.get(&progress).await.body["phase"], "succeeded");
    assert_eq!(tour.line.rich_menu(&user).as_ref(), Some(&ids[1]));
    tour.delete("/v2/bot/richmenu/alias/tab-a").await;
    tour.delete(&format!("/v2/bot/richmenu/{}", ids[1])).await;
}
