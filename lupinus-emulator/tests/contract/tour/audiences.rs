//! Audiences.

use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::{Tour, text};

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let user = tour.user.clone();
    let upload = "/v2/bot/audienceGroup/upload";
    let body = json!({"description": "職種", "isIfaAudience": false, "audiences": [{"id": user}]});
    let id = tour.post(upload, body).await.body["audienceGroupId"].clone();
    tour.put(
        upload,
        json!({"audienceGroupId": id, "uploadDescription": "後から", "audiences": [{"id": user}]}),
    )
    .await;
    let by_file = "/v2/bot/audienceGroup/upload/byFile";
    let file = || Part::text(format!("{user}\n")).file_name("ids.txt").mime_str("text/plain").unwrap();
    let form = Form::new().text("description", "圏域").part("file", file());
    let request = tour.api.request("POST", by_file).multipart(form);
    let of_file = tour.send("POST", by_file, request).await.body["audienceGroupId"].clone();
    let form = Form::new().text("audienceGroupId", of_file.to_string()).part("file", file());
    let request = tour.api.request("PUT", by_file).multipart(form);
    tour.send("PUT", by_file, request).await;
    let sent = tour.post("/v2/bot/message/broadcast", json!({"messages": text()})).await;
    let request_id = sent.request_id();
    let click = json!({"requestId": request_id, "url": "https://example.org/1"});
    tour.control("POST", &format!("/users/{user}/clicks"), click).await;
    let of_clicks =
        json!({"description": "見た人", "requestId": request_id, "clickUrl": "https://example.org/1"});
    tour.post("/v2/bot/audienceGroup/click", of_clicks).await;
    tour.post("/v2/bot/audienceGroup/imp", json!({"description": "届いた人", "requestId": request_id})).await;
    let one = format!("/v2/bot/audienceGroup/{id}");
    tour.put(&format!("{one}/updateDescription"), json!({"description": "職種 2"})).await;
    let read = tour.get(&one).await.body;
    assert_eq!(read["audienceGroup"]["status"], "READY");
    assert_eq!(read["jobs"][0]["jobStatus"], "FINISHED");
    let first = tour.get("/v2/bot/audienceGroup/list?page=1&size=3").await.body;
    assert_eq!((&first["totalCount"], &first["hasNextPage"]), (&json!(4), &json!(true)));
    tour.get("/v2/bot/audienceGroup/list?page=2&size=3&status=READY&description=a&createRoute=MESSAGING_API")
        .await;
    tour.control("PUT", &format!("/audiences/{of_file}"), json!({"shared": true})).await;
    let shared = tour.get("/v2/bot/audienceGroup/shared/list?page=1").await.body;
    assert_eq!(shared["audienceGroups"][0]["audienceGroupId"], of_file);
    tour.get(&format!("/v2/bot/audienceGroup/shared/{of_file}")).await;
    let by_audience = json!({"messages": text(), "recipient": {"type": "audience", "audienceGroupId": id}});
    tour.post("/v2/bot/message/narrowcast", by_audience).await;
    tour.delete(&one).await;
    let gone =
        json!({"message": "audience group not found", "details": [{"message": "AUDIENCE_GROUP_NOT_FOUND"}]});
    assert_eq!(tour.api.get(&one).await.body, gone);
}
