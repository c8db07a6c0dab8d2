//! The examples, run as programs against a server on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use support::{Seen, Server, answer};

const ID: &[(&str, &str)] = &[("x-line-request-id", "0b1d9f6a")];
const USER: &str = "U5a1e0000111122223333444455556666";
const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// An example ready to run. They are built beside the tests; where only this file was asked for, now.
fn example(name: &str, base: &str) -> Command {
    static BUILT: Once = Once::new();
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    BUILT.call_once(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "-q", "--locked", "-p", "lupinus-line", "--examples"]);
        // What cargo tells a test of its package would make the build scripts of some crates run again.
        let of_the_package =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        for (name, _) in std::env::vars().filter(|(name, _)| of_the_package(name)) {
            build.env_remove(name);
        }
        assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    });
    let mut command = Command::new(folder.join(name));
    command
        .env("LINE_API_BASE", base)
        .env("LINE_CHANNEL_ACCESS_TOKEN", "tok-offline-1")
        .env("LINE_CHANNEL_SECRET", SECRET)
        .env("LISTEN", "127.0.0.1:0");
    command
}

async fn run(mut command: Command) -> (bool, String) {
    let out: Output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let printed = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8_lossy(&printed).into_owned())
}

/// An example that serves; it ends with the test.
struct Serving {
    child: Child,
    base: String,
}

impl Serving {
    async fn start(mut command: Command) -> Self {
        tokio::task::spawn_blocking(move || {
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            let mut printed = BufReader::new(child.stdout.take().unwrap());
            printed.read_line(&mut line).unwrap();
            std::thread::spawn(move || std::io::copy(&mut printed, &mut std::io::sink()));
            let address = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
            Self { child, base: format!("http://{address}") }
        })
        .await
        .unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

fn browser() -> reqwest::Client {
    lupinus_line::Client::without_token().unwrap(); // installs the provider that reqwest asks for
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn signed(body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// LINE's side of one webhook: a text under this id.
async fn deliver(bot: &Serving, id: &str, text: &str) -> u16 {
    let body = json!({ "destination": "U1", "events": [{
        "type": "message", "mode": "active", "timestamp": 1_790_000_000_000_u64, "webhookEventId": id,
        "source": { "type": "user", "userId": USER }, "replyToken": "4c1d7000000000000000000000013556",
        "message": { "id": "1", "type": "text", "text": text } }] })
    .to_string();
    let request = browser().post(format!("{}/webhook", bot.base));
    let request = request.header("x-line-signature", STANDARD.encode(signed(body.as_bytes())));
    request.body(body).send().await.unwrap().status().as_u16()
}

/// Waits until the server has seen so many requests.
async fn seen(server: &Server, count: usize) -> Vec<Seen> {
    for _ in 0..500 {
        if server.seen().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.seen()
}

#[tokio::test(flavor = "multi_thread")]
async fn example_01_pushes_a_message() {
    let server = Server::fixed(200, ID, "{}").await;
    let mut push = example("01_push_a_message", &server.base);
    push.args([USER, "こんにちは"]);
    let (ok, printed) = run(push).await;
    assert!(ok && printed.contains("accepted"), "{printed}");
    assert!(server.seen()[0].headers.contains_key("x-line-retry-key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn example_02_echoes_a_text() {
    let server = Server::fixed(200, ID, "{}").await;
    let bot = Serving::start(example("02_receive_a_webhook", &server.base)).await;
    assert_eq!(deliver(&bot, "01KA0000000000000000000001", "やまびこ").await, 200);
    let body = String::from_utf8(seen(&server, 1).await[0].body.to_vec()).unwrap();
    assert!(body.contains("やまびこ"), "{body}");
    let unsigned = browser().post(format!("{}/webhook", bot.base)).body("{}").send().await.unwrap();
    assert_eq!(unsigned.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn example_03_replies_once_and_pushes_where_it_was_too_late() {
    let server = Server::answering(|request| {
        let late =
            String::from_utf8_lossy(&request.body).contains("遅い") && request.target.ends_with("/reply");
        if late { answer(400, ID, r#"{"message":"Invalid reply token"}"#) } else { answer(200, ID, "{}") }
    })
    .await;
    let bot = Serving::start(example("03_reply_safely", &server.base)).await;
    for _ in 0..3 {
        assert_eq!(deliver(&bot, "01KA0000000000000000000001", "一度").await, 200);
    }
    assert_eq!(deliver(&bot, "01KA0000000000000000000002", "遅い").await, 200);
    seen(&server, 3).await;
    let expected = ["POST /v2/bot/message/reply", "POST /v2/bot/message/reply", "POST /v2/bot/message/push"];
    assert_eq!(targets(&server), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn example_04_carries_on_with_its_plan() {
    let refused = Arc::new(Mutex::new(true));
    let refuse = Arc::clone(&refused);
    let server = Server::answering(move |request| {
        let second = String::from_utf8_lossy(&request.body).contains("U00000000000000000000000000000599");
        let refuses = second && std::mem::take(&mut *refuse.lock().unwrap());
        if refuses { answer(400, ID, r#"{"message":"no"}"#) } else { answer(200, ID, "{}") }
    })
    .await;
    let folder = folder("example-04");
    let users: Vec<_> = (0..600).map(|number| format!("U{number:032}")).collect();
    fs::write(folder.join("users.txt"), users.join("\n")).unwrap();
    let multicast = || {
        let mut multicast = example("04_multicast_by_a_plan", &server.base);
        multicast.arg(folder.join("plan.json")).arg(folder.join("users.txt")).arg("お知らせ");
        multicast
    };
    let (ok, printed) = run(multicast()).await;
    assert!(!ok && printed.contains("run it again"), "{printed}");
    let (ok, printed) = run(multicast()).await;
    assert!(ok && printed.contains("complete: 2 chunks"), "{printed}");
    let seen = server.seen();
    let keys = |text: &str| -> Vec<_> {
        let with = seen.iter().filter(|request| String::from_utf8_lossy(&request.body).contains(text));
        with.map(|request| request.headers["x-line-retry-key"].clone()).collect()
    };
    let (first, second) = (keys(&users[0]), keys(&users[599]));
    assert_eq!((first.len(), second.len()), (1, 2), "what was done is not done again");
    assert_eq!(second[0], second[1], "and what was not is repeated with its key");

    // A day later LINE has forgotten what it accepted: nothing goes out unless it is asked for.
    let stored = folder.join("plan.json");
    let mut kept: serde_json::Value = serde_json::from_slice(&fs::read(&stored).unwrap()).unwrap();
    kept["plan"]["madeAt"] = "2026-01-01T00:00:00Z".into();
    kept["done"] = serde_json::json!([0]);
    fs::write(&stored, kept.to_string()).unwrap();
    let (ok, printed) = run(multicast()).await;
    assert!(!ok && printed.contains("--rest"), "{printed}");
    assert_eq!(server.seen().len(), seen.len());
    let mut rest = multicast();
    rest.arg("--rest");
    let (ok, printed) = run(rest).await;
    assert!(ok && printed.contains("100 of 100 people"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn example_05_rehearses_a_layout_and_sends_it() {
    let server = Server::fixed(200, ID, "{}").await;
    let mut flex = example("05_send_a_flex_message", &server.base);
    flex.arg(USER);
    let (ok, printed) = run(flex).await;
    assert!(ok && printed.contains("accepted"), "{printed}");
    let expected = ["POST /v2/bot/message/validate/push", "POST /v2/bot/message/push"];
    assert_eq!(targets(&server), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn example_06_makes_a_menu_and_clears_up_after_an_earlier_run() {
    let server = Server::answering(|request| {
        let list = r#"{"richmenus":[{"richMenuId":"old","name":"members-1"},{"richMenuId":"new","name":"members-1"},{"richMenuId":"other","name":"x"}]}"#;
        let body = if request.target.ends_with("/list") { list } else { r#"{"richMenuId":"new"}"# };
        answer(200, ID, body)
    })
    .await;
    let image = folder("example-06").join("menu.png");
    fs::write(&image, b"\x89PNG\r\n\x1a\n").unwrap();
    let mut menu = example("06_make_a_rich_menu", &server.base);
    menu.arg(image);
    let (ok, printed) = run(menu).await;
    assert!(ok && printed.contains("deleted old"), "{printed}");
    let expected = [
        "POST /v2/bot/richmenu/validate",
        "POST /v2/bot/richmenu",
        "POST /v2/bot/richmenu/new/content",
        "POST /v2/bot/user/all/richmenu/new",
        "GET /v2/bot/richmenu/list",
        "DELETE /v2/bot/richmenu/old",
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn example_07_saves_a_video_when_it_is_ready() {
    let asked = Arc::new(Mutex::new(0));
    let server = Server::answering(move |request| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        match (request.target.ends_with("/transcoding"), *asked) {
            (true, _) => answer(200, ID, r#"{"status":"succeeded"}"#),
            (false, 1) => answer(202, ID, ""),
            _ => answer(200, &[("content-type", "video/mp4")], "the bytes"),
        }
    })
    .await;
    let file = folder("example-07").join("video.mp4");
    let mut download = example("07_download_content", &server.base);
    download.arg("571900000000000002").arg(&file);
    let (ok, printed) = run(download).await;
    assert!(ok && printed.contains("video/mp4") && printed.contains("9 bytes"), "{printed}");
    assert_eq!(fs::read(file).unwrap(), b"the bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn example_08_issues_one_token_for_all_calls() {
    let server = Server::answering(|request| {
        answer(200, ID, match request.target.as_str() {
            "/oauth2/v3/token" => r#"{"access_token":"at-1","expires_in":899,"token_type":"Bearer"}"#,
            "/v2/bot/info" => {
                r#"{"userId":"U5a1e0000111122223333444455556666","basicId":"@a","displayName":"b","chatMode":"bot","markAsReadMode":"auto"}"#
            }
            _ => r#"{"totalUsage":7}"#,
        })
    })
    .await;
    for by_key in [false, true] {
        let mut tokens = example("08_renew_tokens", &server.base);
        tokens.env("LINE_CHANNEL_ID", "2009990001");
        if by_key {
            let key = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/assertion-key.pem");
            tokens.env("LINE_KEY_ID", "k-1").env("LINE_KEY_FILE", key);
        }
        let (ok, printed) = run(tokens).await;
        assert!(ok && printed.contains("7 messages this month"), "{printed}");
    }
    let expected = ["POST /oauth2/v3/token", "GET /v2/bot/info", "GET /v2/bot/message/quota/consumption"];
    assert_eq!(targets(&server), [expected, expected].concat());
    let body = |at: usize| String::from_utf8(server.seen()[at].body.to_vec()).unwrap();
    assert!(body(0).contains("client_secret=") && body(3).contains("client_assertion="));
}

#[tokio::test(flavor = "multi_thread")]
async fn example_09_greets_who_logged_in_and_nobody_else() {
    let id_token = Arc::new(Mutex::new(String::new()));
    let given = Arc::clone(&id_token);
    let server = Server::answering(move |_| {
        let body = json!({ "access_token": "a", "refresh_token": "r", "expires_in": 9, "token_type": "Bearer",
            "id_token": *given.lock().unwrap() });
        axum::response::IntoResponse::into_response(body.to_string())
    })
    .await;
    let mut login = example("09_log_in_with_line", &server.base);
    login.env("LINE_LOGIN_CHANNEL_ID", "2009990001").env("LINE_LOGIN_CHANNEL_SECRET", SECRET);
    let site = Serving::start(login).await;

    for is_honest in [true, false] {
        let sent = browser().get(format!("{}/login", site.base)).send().await.unwrap();
        let address = url::Url::parse(sent.headers()["location"].to_str().unwrap()).unwrap();
        let of = |name: &str| address.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
        let nonce = if is_honest { of("nonce") } else { "another".to_owned() };
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let now = jiff::Timestamp::now().as_second();
        let token = format!(
            "{}.{}",
            part(json!({ "typ": "JWT", "alg": "HS256" })),
            part(
                json!({ "iss": "https://access.line.me", "sub": USER, "aud": "2009990001", "exp": now + 600,
                "iat": now, "nonce": nonce, "name": "花" })
            ),
        );
        *id_token.lock().unwrap() = format!("{token}.{}", URL_SAFE_NO_PAD.encode(signed(token.as_bytes())));
        let back = format!("{}/return?code=c-1&state={}", site.base, of("state"));
        let page = browser().get(back).send().await.unwrap();
        assert_eq!(page.status().as_u16(), if is_honest { 200 } else { 403 });
        assert_eq!(page.text().await.unwrap().contains('花'), is_honest);
    }
}
