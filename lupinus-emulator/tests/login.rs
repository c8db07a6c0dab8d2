//! LINE Login as a web site meets it: the page, the code, tokens, ID tokens; LIFF apps; account links.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

mod support;

use std::{collections::HashMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use lupinus_emulator::{Emulator, Settings};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use support::{Answer, Api, Bot};

const CALLBACK: &str = "https://city.example/callback?from=line";

struct Site {
    line: Emulator,
    api: Api,
    /// Does not follow redirections, as a browser under test.
    browser: reqwest::Client,
    user: String,
}

async fn site() -> Site {
    let line = Emulator::start().await.unwrap();
    line.freeze("2026-10-05T01:00:00Z".parse().unwrap());
    let api = Api::of(&line);
    let user = line.create_user("佐藤 <花>");
    let browser = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    Site { line, api, browser: browser.build().unwrap(), user }
}

type Fields<'f> = Vec<(&'f str, &'f str)>;

impl Site {
    fn asked(&self) -> Fields<'_> {
        vec![
            ("response_type", "code"),
            ("client_id", self.line.login_channel_id()),
            ("redirect_uri", CALLBACK),
            ("state", "s-1"),
            ("scope", "profile openid email"),
            ("nonce", "n-1"),
        ]
    }

    fn url(&self) -> String {
        format!("{}/oauth2/v2.1/authorize", self.line.url())
    }

    async fn page(&self, asked: &Fields<'_>) -> reqwest::Response {
        self.browser.get(self.url()).query(asked).send().await.unwrap()
    }

    /// Answers the page; gives the parameters that the site gets.
    async fn answer(&self, asked: &Fields<'_>, chosen: &[(&str, &str)]) -> HashMap<String, String> {
        let form: Fields<'_> = asked.iter().chain(chosen).copied().collect();
        let answer = self.browser.post(self.url()).form(&form).send().await.unwrap();
        returned(&answer)
    }

    async fn code(&self, asked: &Fields<'_>) -> String {
        self.answer(asked, &[("user_id", &self.user), ("answer", "allow")]).await["code"].clone()
    }

    async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("client_id", self.line.login_channel_id()),
            ("client_secret", self.line.login_channel_secret()),
        ];
        form.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        form.extend(more);
        self.api.form("/oauth2/v2.1/token", &form).await
    }
}

fn returned(answer: &reqwest::Response) -> HashMap<String, String> {
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    let url = reqwest::Url::parse(location).unwrap();
    assert_eq!((url.host_str(), url.path()), (Some("city.example"), "/callback"));
    url.query_pairs().into_owned().collect()
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn text<'a>(answer: &'a Answer, key: &str) -> &'a str {
    answer.body[key].as_str().unwrap_or_else(|| panic!("{key} in {}", answer.body))
}

#[tokio::test]
async fn a_person_lets_a_site_in_and_the_site_learns_who_it_is() {
    let site = site().await;
    let page = site.page(&site.asked()).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("佐藤 &lt;花&gt;") && page.contains("openid") && !page.contains("<花>"));
    let got = site.answer(&site.asked(), &[("user_id", &site.user), ("answer", "allow")]).await;
    assert_eq!((got["state"].as_str(), got["from"].as_str()), ("s-1", "line"));
    let tokens = site.exchange(&got["code"], &[]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!((text(&tokens, "scope"), &tokens.body["expires_in"]), ("openid profile", &json!(2_592_000)));
    let (token, id_token) = (text(&tokens, "access_token"), text(&tokens, "id_token"));
    let now = site.line.now().as_second();
    let expected = json!({"iss": "https://access.line.me", "sub": site.user, "aud": site.line.login_channel_id(),
        "exp": now + 3_600, "iat": now, "name": "佐藤 <花>", "email": format!("{}@example.com", site.user.to_lowercase()),
        "nonce": "n-1", "amr": ["pwd"]});
    assert_eq!(claims(id_token), expected);
    assert_eq!(site.api.get_as("/v2/profile", token).await.body["userId"], site.user);
    let info = site.api.get_as("/oauth2/v2.1/userinfo", token).await.body;
    assert_eq!(info, json!({"sub": site.user, "name": "佐藤 <花>"}));
    assert_eq!(site.api.get_as("/friendship/v1/status", token).await.body["friendFlag"], false);
    let checked = site.api.get(&format!("/oauth2/v2.1/verify?access_token={token}")).await;
    assert_eq!(checked.body["client_id"], site.line.login_channel_id());
    let secret = [
        ("client_id", site.line.login_channel_id()),
        ("client_secret", site.line.login_channel_secret()),
        ("access_token", token),
    ];
    assert_eq!(site.api.form("/oauth2/v2.1/revoke", &secret).await.status, 200);
    assert_eq!(site.api.get_as("/v2/profile", token).await.status, 401);
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_for_its_own_address() {
    let site = site().await;
    let code = site.code(&site.asked()).await;
    let wrong = site.exchange(&code, &[("client_secret", "x")]).await;
    assert_eq!(text(&wrong, "error"), "invalid_client");
    let spent = site.exchange(&code, &[]).await;
    assert_eq!(
        (text(&spent, "error"), text(&spent, "error_description")),
        ("invalid_grant", "invalid authorization code")
    );
    let code = site.code(&site.asked()).await;
    let elsewhere = site.exchange(&code, &[("redirect_uri", "https://city.example/")]).await;
    assert_eq!(text(&elsewhere, "error"), "invalid_grant");
    let code = site.code(&site.asked()).await;
    site.line.advance(Duration::from_secs(601));
    assert_eq!(site.exchange(&code, &[]).await.status, 400);
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier() {
    let site = site().await;
    let verifier = "lupinus-offline-verifier-0123456789abcdefghi";
    let mut asked = site.asked();
    asked.extend([
        ("code_challenge", "i6W6lup9yjMbWGbR-fXjgRMuW_jEXl2r3Tb0mKDgk7Y"),
        ("code_challenge_method", "S256"),
    ]);
    assert_eq!(site.exchange(&site.code(&asked).await, &[("code_verifier", verifier)]).await.status, 200);
    let wrong = verifier.replace('i', "j");
    assert_eq!(site.exchange(&site.code(&asked).await, &[("code_verifier", &wrong)]).await.status, 400);
    assert_eq!(site.exchange(&site.code(&asked).await, &[]).await.status, 400);
}

#[tokio::test]
async fn a_refresh_token_serves_for_ninety_days_and_no_longer() {
    let site = site().await;
    let tokens = site.exchange(&site.code(&site.asked()).await, &[]).await;
    let refresh = text(&tokens, "refresh_token").to_owned();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh),
        ("client_id", site.line.login_channel_id()),
        ("client_secret", site.line.login_channel_secret()),
    ];
    site.line.advance(Duration::from_hours(31 * 24));
    let token = text(&tokens, "access_token");
    assert_eq!(site.api.get_as("/v2/profile", token).await.status, 401);
    let renewed = site.api.form("/oauth2/v2.1/token", &form).await;
    assert_eq!(site.api.get_as("/v2/profile", text(&renewed, "access_token")).await.status, 200);
    site.line.advance(Duration::from_hours(59 * 24));
    let late = site.api.form("/oauth2/v2.1/token", &form).await;
    assert_eq!((late.status, text(&late, "error_description")), (400, "invalid refresh token"));
}

#[tokio::test]
async fn mistakes_of_the_site_are_shown_or_sent_back() {
    let site = site().await;
    let with = |name: &'static str, value: &'static str| {
        let mut asked = site.asked();
        asked.retain(|(known, _)| *known != name);
        asked.push((name, value));
        asked
    };
    for (name, value) in [("client_id", "1"), ("redirect_uri", "nowhere")] {
        let page = site.page(&with(name, value)).await;
        assert_eq!((page.status().as_u16(), page.headers().get("location")), (400, None), "{name}");
    }
    for (name, value, error) in [
        ("response_type", "token", "UNSUPPORTED_RESPONSE_TYPE"),
        ("state", "", "INVALID_REQUEST"),
        ("scope", "everything", "INVALID_SCOPE"),
        ("scope", "email", "INVALID_SCOPE"),
        ("code_challenge_method", "plain", "INVALID_REQUEST"),
        ("prompt", "now", "INVALID_REQUEST"),
        ("prompt", "none", "LOGIN_REQUIRED"),
        ("max_age", "soon", "INVALID_REQUEST"),
        ("max_age", "-1", "INVALID_REQUEST"),
    ] {
        let page = site.page(&with(name, value)).await;
        assert_eq!(returned(&page)["error"], error, "{name}={value}");
    }
    let denied = site.answer(&site.asked(), &[("user_id", &site.user), ("answer", "deny")]).await;
    assert_eq!((denied["error"].as_str(), denied["state"].as_str()), ("ACCESS_DENIED", "s-1"));
    let settings =
        Settings { callback_urls: vec!["https://other.example/".to_owned()], ..site.line.settings() };
    site.line.set_settings(settings);
    assert_eq!(site.page(&site.asked()).await.status(), 400);
}

#[tokio::test]
async fn who_has_consented_once_is_let_through_without_a_page() {
    let site = site().await;
    let mut form = site.asked();
    form.retain(|(name, _)| *name != "scope");
    form.extend([("scope", "openid"), ("user_id", site.user.as_str()), ("answer", "allow")]);
    let answer = site.browser.post(site.url()).form(&form).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let silent = |scope: &'static str| {
        let mut asked = site.asked();
        asked.retain(|(name, _)| *name != "scope");
        asked.extend([("prompt", "none"), ("scope", scope)]);
        site.browser.get(site.url()).query(&asked).header("cookie", &cookie).send()
    };
    let got = returned(&silent("openid").await.unwrap());
    assert_eq!(site.exchange(&got["code"], &[]).await.status, 200);
    site.line.advance(Duration::from_mins(1));
    let within = async |max_age: &'static str| {
        let mut asked = site.asked();
        asked.retain(|(name, _)| *name != "scope");
        asked.extend([("prompt", "none"), ("scope", "openid"), ("max_age", max_age)]);
        returned(&site.browser.get(site.url()).query(&asked).header("cookie", &cookie).send().await.unwrap())
    };
    let got = within("60").await;
    let tokens = site.exchange(&got["code"], &[]).await;
    let logged_in_at = site.line.now().as_second() - 60;
    assert_eq!(claims(text(&tokens, "id_token"))["auth_time"], logged_in_at, "when they said who they are");
    assert_eq!(within("59").await["error"], "LOGIN_REQUIRED", "too long ago");
    let more = returned(&silent("openid profile").await.unwrap());
    assert_eq!(more["error"], "INTERACTION_REQUIRED", "more than was granted");
    let fresh = site.line.create_user("田中");
    let asked_of_other = site.browser.get(site.url());
    let mut asked = site.asked();
    asked.push(("prompt", "none"));
    let cookie = format!("lupinus_emulator_login={fresh}.0");
    let answer = asked_of_other.query(&asked).header("cookie", cookie).send().await.unwrap();
    assert_eq!(returned(&answer)["error"], "INTERACTION_REQUIRED");
}

#[tokio::test]
async fn a_login_can_make_friends_and_end() {
    let site = site().await;
    let (bot, address) = Bot::start().await;
    site.line.set_webhook_url(format!("http://{address}/webhook"));
    let mut asked = site.asked();
    asked.push(("bot_prompt", "aggressive"));
    let chosen = [("user_id", site.user.as_str()), ("answer", "allow"), ("befriend", "yes")];
    let got = site.answer(&asked, &chosen).await;
    assert_eq!(got["friendship_status_changed"], "true");
    assert_eq!(bot.until(1).await[0].event(0)["type"], "follow");
    let tokens = site.exchange(&got["code"], &[]).await;
    let token = text(&tokens, "access_token");
    assert_eq!(site.api.get_as("/friendship/v1/status", token).await.body["friendFlag"], true);
    assert_eq!(site.answer(&asked, &chosen).await["friendship_status_changed"], "false");
    let login = login_token(&site.line, &site.api).await;
    let channel = site.api.with_token(&login);
    let gone = channel.post("/user/v1/deauthorize", json!({"userAccessToken": token})).await;
    assert_eq!(gone.status, 204);
    assert_eq!(site.api.get_as("/v2/profile", token).await.status, 401);
    let again = channel.post("/user/v1/deauthorize", json!({"userAccessToken": token})).await;
    assert_eq!((again.status, again.message()), (400, "invalid token"));
}

async fn login_token(line: &Emulator, api: &Api) -> String {
    let (id, secret) = (line.login_channel_id(), line.login_channel_secret());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    text(&api.form("/oauth2/v3/token", &form).await, "access_token").to_owned()
}

#[tokio::test]
async fn an_id_token_is_checked_by_line_as_well() {
    let site = site().await;
    let tokens = site.exchange(&site.code(&site.asked()).await, &[]).await;
    let id_token = text(&tokens, "id_token").to_owned();
    let id = site.line.login_channel_id();
    let check = async |more: &[(&str, &str)]| {
        let mut form = vec![("id_token", id_token.as_str()), ("client_id", id)];
        form.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        form.extend(more);
        site.api.form("/oauth2/v2.1/verify", &form).await
    };
    assert_eq!(check(&[("nonce", "n-1"), ("user_id", &site.user)]).await.body["sub"], site.user);
    let (head, _) = id_token.rsplit_once('.').unwrap();
    let forged = format!("{head}.AAAA");
    for (name, value, description) in [
        ("id_token", forged.as_str(), "Invalid IdToken."),
        ("client_id", "1", "Invalid IdToken Audience."),
        ("nonce", "n-2", "Invalid IdToken Nonce."),
        ("user_id", "U1", "Invalid IdToken Subject Identifier."),
    ] {
        let refused = check(&[(name, value)]).await;
        assert_eq!((refused.status, text(&refused, "error_description")), (400, description));
    }
    site.line.advance(Duration::from_hours(1));
    assert_eq!(text(&check(&[]).await, "error_description"), "IdToken expired.");
}

#[tokio::test]
async fn a_liff_app_is_opened_with_an_id_token_of_the_published_key() {
    let site = site().await;
    let channel = site.api.with_token(&login_token(&site.line, &site.api).await);
    let app = json!({"view": {"type": "full", "url": "https://city.example/app/?a=1"}, "description": "受付",
                     "scope": ["openid", "profile"]});
    let id = text(&channel.post("/liff/v1/apps", app).await, "liffId").to_owned();
    let change = json!({"view": {"type": "tall"}});
    let request = channel.request("PUT", &format!("/liff/v1/apps/{id}")).json(&change);
    assert_eq!(channel.send(request).await.status, 200);
    let listed = channel.get("/liff/v1/apps").await.body["apps"][0].clone();
    assert_eq!(
        (&listed["view"]["type"], &listed["view"]["url"]),
        (&json!("tall"), &json!("https://city.example/app/?a=1"))
    );
    let address = format!("{}/liff/{id}/room/2?b=3", site.line.url());
    let page = site.browser.get(&address).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("佐藤"));
    let form = [("user_id", site.user.as_str()), ("answer", "open")];
    let opened = site.browser.post(&address).form(&form).send().await.unwrap();
    let url = reqwest::Url::parse(opened.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!((url.path(), url.query()), ("/app/room/2", Some("a=1&b=3")));
    let fragment = url.fragment().unwrap().to_owned();
    let handed: HashMap<String, String> =
        reqwest::Url::parse(&format!("x:?{fragment}")).unwrap().query_pairs().into_owned().collect();
    assert_eq!(claims(&handed["id_token"])["sub"], site.user);
    let keys = site.api.get("/oauth2/v2.1/certs").await.body["keys"][0].clone();
    let (signed, signature) = handed["id_token"].rsplit_once('.').unwrap();
    let half = |name: &str| URL_SAFE_NO_PAD.decode(keys[name].as_str().unwrap()).unwrap();
    let point = [vec![4], half("x"), half("y")].concat();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed.as_bytes(), &signature).unwrap();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &keys["kid"]));
    assert_eq!(site.api.get_as("/v2/profile", &handed["access_token"]).await.body["userId"], site.user);
    let checked = [("id_token", handed["id_token"].as_str()), ("client_id", site.line.login_channel_id())];
    assert_eq!(site.api.form("/oauth2/v2.1/verify", &checked).await.status, 200);
    // A page of another origin may ask who it is talking to.
    let profile = format!("{}/v2/profile", site.line.url());
    let preflight = site.browser.request(reqwest::Method::OPTIONS, &profile).send().await.unwrap();
    assert_eq!(preflight.headers()["access-control-allow-headers"], "authorization, content-type");
    let asked = site.browser.get(&profile).send().await.unwrap();
    assert_eq!(
        (asked.status().as_u16(), &asked.headers()["access-control-allow-origin"]),
        (401, &"*".parse().unwrap())
    );
    let sdk = site.browser.get(format!("{}/liff/edge/2/sdk.js", site.line.url())).send().await.unwrap();
    assert!(sdk.text().await.unwrap().contains("getIDToken"));
    assert_eq!(channel.delete(&format!("/liff/v1/apps/{id}")).await.status, 200);
    assert_eq!(channel.get("/liff/v1/apps").await.status, 404);
}

#[tokio::test]
async fn a_liff_address_that_leads_out_of_the_app_is_refused() {
    let site = site().await;
    let channel = site.api.with_token(&login_token(&site.line, &site.api).await);
    let app = json!({"view": {"type": "full", "url": "https://city.example/app/"}});
    let id = text(&channel.post("/liff/v1/apps", app).await, "liffId").to_owned();
    let form = [("user_id", site.user.as_str()), ("answer", "open")];
    for (path, status) in [
        ("room/..2", 303),
        ("a%2Fb", 303),
        ("..%2Fadmin", 400),
        ("room%2F..%2F..%2Fadmin", 400),
        ("..%5Cadmin", 400),
        ("%252e%252e/admin", 400),
        ("%252e.%2Fadmin", 400),
        ("..", 400),
        ("room/%2E%2E%2Froom", 400),
    ] {
        // As a program sends it: a browser would have solved the plain dots already.
        let address = format!("/liff/{id}/{path}");
        let status_of = async |method: &str, body: &str| raw(&site.line, method, &address, body).await;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        assert_eq!(status_of("POST", &body).await, if status == 303 { 302 } else { 400 }, "{path}");
        assert_eq!(status_of("GET", "").await, if status == 303 { 200 } else { 400 }, "{path}");
    }
    let address = format!("{}/liff/{id}/room", site.line.url());
    for answer in ["", "deny", "allow"] {
        let form = [("user_id", site.user.as_str()), ("answer", answer)];
        assert_eq!(site.browser.post(&address).form(&form).send().await.unwrap().status(), 400, "{answer}");
    }
    let elsewhere = [form[0], form[1], ("chat", "C00000000000000000000000000000000")];
    assert_eq!(site.browser.post(&address).form(&elsewhere).send().await.unwrap().status(), 400);
}

/// The status of a request whose path is sent as it stands.
async fn raw(line: &Emulator, method: &str, path: &str, body: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(line.address()).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_login_is_granted_by_nothing_but_a_yes() {
    let site = site().await;
    let asked = site.asked();
    for answer in [None, Some(""), Some("no"), Some("cancel"), Some("Allow")] {
        let form: Fields<'_> = asked
            .iter()
            .copied()
            .chain([("user_id", site.user.as_str())])
            .chain(answer.map(|answer| ("answer", answer)))
            .collect();
        let got = site.browser.post(site.url()).form(&form).send().await.unwrap();
        assert_eq!(got.status(), 400, "{answer:?}");
        assert!(!got.headers().contains_key("location"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_login_page_lists_fifty_people_and_a_search_finds_the_others() {
    let site = site().await;
    for number in 0..60 {
        site.line.create_user(&format!("会員{number:02}"));
    }
    let mut asked = site.asked();
    let listed = |page: &str| page.matches("type=\"radio\"").count();
    let page = site.page(&asked).await.text().await.unwrap();
    assert_eq!(listed(&page), 50);
    assert!(page.contains("はじめの50人") && !page.contains("会員59"));
    asked.push(("emulator.name", "会員59"));
    let page = site.page(&asked).await.text().await.unwrap();
    assert_eq!((listed(&page), page.contains("会員59")), (1, true));
    assert_eq!(
        page.matches("name=\"emulator.name\"").count(),
        1,
        "the web site does not see what was looked for"
    );
    // The search has lost nothing of what the web site asks for.
    assert_eq!(page.matches("name=\"nonce\" value=\"n-1\"").count(), 2);
    asked.pop();
    asked.push(("emulator.name", "誰か"));
    let page = site.page(&asked).await.text().await.unwrap();
    assert!(page.contains("その人はいません") && listed(&page) == 0);
    let few = self::site().await;
    assert!(!few.page(&few.asked()).await.text().await.unwrap().contains("type=\"search\""));
}

#[tokio::test]
async fn an_account_is_linked_by_the_person_the_token_was_for() {
    let site = site().await;
    let (bot, address) = Bot::start().await;
    site.line.set_webhook_url(format!("http://{address}/webhook"));
    let other = site.line.create_user("田中");
    let issue = async || {
        let path = format!("/v2/bot/user/{}/linkToken", site.user);
        text(&site.api.send(site.api.request("POST", &path)).await, "linkToken").to_owned()
    };
    let dialog = format!("{}/dialog/bot/accountLink", site.line.url());
    let link = async |token: &str, user: &str, nonce: &str| {
        let form = [("linkToken", token), ("nonce", nonce), ("user_id", user), ("answer", "link")];
        site.browser.post(&dialog).form(&form).send().await.unwrap().status().as_u16()
    };
    let token = issue().await;
    let asked = [("linkToken", token.as_str()), ("nonce", "0123456789")];
    let page = site.browser.get(&dialog).query(&asked).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("連携する"));
    assert_eq!(link(&token, &site.user, "012345678").await, 400, "a nonce has ten signs at least");
    let silent = [("linkToken", token.as_str()), ("nonce", "0123456789"), ("user_id", site.user.as_str())];
    assert_eq!(
        site.browser.post(&dialog).form(&silent).send().await.unwrap().status(),
        400,
        "nobody said yes"
    );
    assert_eq!(link(&token, &site.user, "0123456789").await, 200);
    let event = bot.until(1).await[0].event(0);
    assert_eq!((&event["link"]["result"], &event["link"]["nonce"]), (&json!("ok"), &json!("0123456789")));
    assert_eq!(event["source"]["userId"], site.user);
    assert!(event["replyToken"].is_string());
    assert_eq!(link(&token, &site.user, "0123456789").await, 400, "used");
    assert_eq!(link(&issue().await, &other, "0123456789").await, 200);
    let failed = bot.until(2).await[1].event(0);
    assert_eq!((&failed["link"]["result"], failed.get("source")), (&json!("failed"), None));
    let late = issue().await;
    site.line.advance(Duration::from_secs(601));
    assert_eq!(link(&late, &site.user, "0123456789").await, 400);
    assert_eq!(bot.got().len(), 2, "no event for a token that has run out");
}
