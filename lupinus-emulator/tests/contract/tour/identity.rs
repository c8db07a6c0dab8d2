//! Channel tokens, account links, LIFF apps.

use serde_json::json;

use super::Tour;
use crate::support::key::{AssertionKey, claims};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Tour<'_> {
    async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> crate::support::Answer {
        let request = self.api.http.post(format!("{}{path}", self.line.url())).form(fields);
        self.send("POST", path, request).await
    }
}

pub(super) async fn walk(tour: &mut Tour<'_>) {
    let (id, secret) = (tour.line.channel_id().to_owned(), tour.line.channel_secret().to_owned());
    let key = AssertionKey::new();
    let kid = tour.line.register_assertion_key(&key.jwk()).unwrap();
    let assertion = key.sign(&kid, &claims(&id, tour.line.now().as_second()));
    let grant = ("grant_type", "client_credentials");
    let by_secret = [grant, ("client_id", &id), ("client_secret", &secret)];
    let by_jwt = [grant, ("client_assertion_type", ASSERTION), ("client_assertion", &assertion)];
    tour.form("/oauth2/v3/token", &by_secret).await;
    tour.form("/oauth2/v3/token", &by_jwt).await;
    let token =
        tour.form("/oauth2/v2.1/token", &by_jwt).await.body["access_token"].as_str().unwrap().to_owned();
    tour.get(&format!("/oauth2/v2.1/verify?access_token={token}")).await;
    let kids =
        format!("/oauth2/v2.1/tokens/kid?client_assertion_type={ASSERTION}&client_assertion={assertion}");
    tour.get(&kids).await;
    let revoke = [("client_id", id.as_str()), ("client_secret", &secret), ("access_token", &token)];
    tour.form("/oauth2/v2.1/revoke", &revoke).await;
    let short = tour.form("/v2/oauth/accessToken", &by_secret).await.body["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    tour.form("/v2/oauth/verify", &[("access_token", &short)]).await;
    tour.form("/v2/oauth/revoke", &[("access_token", &short)]).await;

    tour.call("POST", &format!("/v2/bot/user/{}/linkToken", tour.user.clone()), None).await;

    let account = std::mem::replace(&mut tour.api, super::login_channel(&tour.line).await);
    let app = json!({"view": {"type": "full", "url": "https://example.org/app"}, "description": "受付",
        "features": {"qrCode": true}, "permanentLinkPattern": "concat", "scope": ["openid"], "botPrompt": "normal"});
    let id = tour.post("/liff/v1/apps", app).await.body["liffId"].as_str().unwrap().to_owned();
    tour.get("/liff/v1/apps").await;
    tour.put(&format!("/liff/v1/apps/{id}"), json!({"view": {"type": "tall"}})).await;
    tour.delete(&format!("/liff/v1/apps/{id}")).await;
    tour.api = account;
}
