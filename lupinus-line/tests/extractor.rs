//! What axum hands to a handler was signed; all else is turned away before.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::FromRef;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::post;
use futures::stream;
use http_body_util::Limited;
use lupinus_line::ChannelSecret;
use lupinus_line::webhook::{self, Envelope, SIGNATURE_HEADER, SignedBody, WebhookConfig, WebhookRejection};
use tower::ServiceExt as _;

const OLD: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const NEW: &str = "11223344556677889900aabbccddeeff";
const BODY: &str = r#"{"destination":"U99887766554433221100ffeeddccbbaa","events":[{"type":"join","timestamp":1,"x":"庭"},7]}"#;
const MAX: usize = 1_000;

fn config(secrets: &[&str]) -> WebhookConfig {
    WebhookConfig::new(secrets.iter().copied().map(ChannelSecret::from)).max_body_bytes(MAX)
}

/// Tells how many events decoded, and how many did not.
fn app(secrets: &[&str]) -> Router {
    async fn receive(envelope: Envelope) -> String {
        let good = envelope.events.iter().filter(|event| event.is_ok()).count();
        format!("{good} good, {} not", envelope.events.len() - good)
    }
    Router::new().route("/webhook", post(receive)).with_state(config(secrets))
}

fn signature(secret: &str, body: &str) -> String {
    webhook::sign(&ChannelSecret::from(secret), body.as_bytes()).unwrap()
}

fn request(signature: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/webhook");
    let request = match signature {
        Some(signature) => request.header(SIGNATURE_HEADER, signature),
        None => request,
    };
    request.body(body.into()).unwrap()
}

async fn answer(app: Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let text = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(text.to_vec()).unwrap())
}

// R35
#[tokio::test]
async fn only_signed_webhooks_reach_the_handler() {
    let both = &[NEW, OLD][..];
    let long = format!("{BODY}{}", " ".repeat(MAX));
    let fits = format!("{BODY}{}", " ".repeat(MAX - BODY.len()));
    let bad = StatusCode::BAD_REQUEST;
    let unsigned = StatusCode::UNAUTHORIZED;
    for (name, secrets, signature, body, expected) in [
        ("new secret", both, Some(signature(NEW, BODY)), BODY, StatusCode::OK),
        ("old secret", both, Some(signature(OLD, BODY)), BODY, StatusCode::OK),
        ("as long as may be", both, Some(signature(NEW, &fits)), &fits, StatusCode::OK),
        ("after the rotation", &[NEW], Some(signature(OLD, BODY)), BODY, unsigned),
        ("no header", both, None, BODY, unsigned),
        ("malformed header", both, Some("AAAA".to_owned()), BODY, unsigned),
        ("another body's signature", both, Some(signature(NEW, "{}")), BODY, unsigned),
        ("too long", both, Some(signature(NEW, &long)), &long, StatusCode::PAYLOAD_TOO_LARGE),
        ("no JSON", both, Some(signature(NEW, "庭")), "庭", bad),
        ("no webhook", both, Some(signature(NEW, "{}")), "{}", bad),
        ("empty", both, Some(signature(NEW, "")), "", bad),
        ("no secret", &[], Some(signature(NEW, BODY)), BODY, StatusCode::INTERNAL_SERVER_ERROR),
        ("an empty secret", &[""], Some(signature(NEW, BODY)), BODY, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let request = request(signature.as_deref(), body.to_owned());
        let (status, text) = answer(app(secrets), request).await;
        assert_eq!(status, expected, "{name}: {text}");
        assert_eq!(text == "1 good, 1 not", status == StatusCode::OK, "{name}: {text}");
        assert!(!text.contains('庭'), "nothing of the request comes back: {text}");
    }
}

#[tokio::test]
async fn a_body_of_unknown_length_is_bounded_and_may_break_off() {
    let chunk = || Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 600]));
    let signature = signature(NEW, BODY);
    for (name, chunks, expected) in [
        ("in pieces", vec![Ok(Bytes::from(&BODY[..9])), Ok(Bytes::from(&BODY[9..]))], StatusCode::OK),
        ("too long", vec![chunk(), chunk()], StatusCode::PAYLOAD_TOO_LARGE),
        ("broken", vec![chunk(), Err(std::io::Error::other("gone"))], StatusCode::BAD_REQUEST),
    ] {
        let request = request(Some(&signature), Body::from_stream(stream::iter(chunks)));
        assert_eq!(answer(app(&[NEW]), request).await.0, expected, "{name}");
    }
}

#[tokio::test]
async fn the_body_of_an_unsigned_request_is_not_read() {
    let read = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&read);
    let body = Body::from_stream(stream::once(async move {
        noted.store(true, Ordering::SeqCst);
        Ok::<_, std::io::Error>(Bytes::from_static(BODY.as_bytes()))
    }));
    assert_eq!(answer(app(&[NEW]), request(None, body)).await.0, StatusCode::UNAUTHORIZED);
    assert!(!read.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_signed_body_is_handed_over_as_it_came() {
    async fn receive(body: SignedBody) -> Bytes {
        assert_eq!(body.verified().secret_index(), 1);
        assert_eq!(body.verified().parse().unwrap().raw_json(), BODY);
        assert!(!format!("{body:?}").contains('庭'));
        body.into_bytes()
    }
    let app = Router::new().route("/webhook", post(receive)).with_state(config(&[NEW, OLD]));
    let signature = signature(OLD, BODY);
    assert_eq!(answer(app, request(Some(&signature), BODY)).await, (StatusCode::OK, BODY.to_owned()));
}

#[derive(Clone)]
struct Bot {
    secrets: Arc<Mutex<Vec<&'static str>>>,
}

impl FromRef<Bot> for WebhookConfig {
    fn from_ref(bot: &Bot) -> Self {
        config(&bot.secrets.lock().unwrap())
    }
}

#[tokio::test]
async fn a_state_can_change_the_secrets_while_the_bot_runs() {
    let bot = Bot { secrets: Arc::new(Mutex::new(vec![OLD])) };
    let app: Router = Router::new().route("/webhook", post(|_: Envelope| async {})).with_state(bot.clone());
    let signature = signature(NEW, BODY);
    let status = async || answer(app.clone(), request(Some(&signature), BODY)).await.0;
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    *bot.secrets.lock().unwrap() = vec![NEW, OLD];
    assert_eq!(status().await, StatusCode::OK);
}

#[tokio::test]
async fn a_handler_may_answer_a_rejection_itself() {
    async fn receive(envelope: Result<Envelope, WebhookRejection>) -> axum::response::Response {
        match envelope {
            Ok(_) => StatusCode::OK.into_response(),
            Err(rejection) => (rejection.status(), "ours").into_response(),
        }
    }
    let app = Router::new().route("/webhook", post(receive)).with_state(config(&[NEW]));
    let expected = (StatusCode::UNAUTHORIZED, "ours".to_owned());
    assert_eq!(answer(app, request(None, BODY)).await, expected);
}

#[tokio::test]
async fn a_bound_further_out_is_told_from_a_broken_body() {
    let limited = Limited::new(Body::from(BODY), 10);
    let signature = signature(NEW, BODY);
    let (status, _) = answer(app(&[NEW]), request(Some(&signature), Body::new(limited))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}
