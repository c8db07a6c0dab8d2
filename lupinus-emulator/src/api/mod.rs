//! LINE's API: which operations there are, and what every call goes through.
#![allow(clippy::unnecessary_wraps, reason = "all operations share one signature")]

mod bot;
mod call;
mod content;
mod messages;
mod numbers;
mod observe;
mod richmenu;
mod richmenu_bulk;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{RawPathParams, State as Extract},
    http::Request,
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use http::StatusCode;
use serde_json::json;

pub(crate) use self::observe::Cut;
use self::{
    call::{Call, Expects, Head},
    observe::RequestId,
};
use crate::{
    answer::{Answer, Refusal},
    shared::Shared,
    state::{Rate, State},
    webhook,
};

/// The largest request body: 2 MB.
const MAX_BODY: usize = 2 * 1024 * 1024;

/// What an operation answers.
type Outcome = Result<Answer, Refusal>;

/// How an operation is carried out.
#[derive(Clone, Copy)]
enum Work {
    /// On the state alone.
    Now(fn(&mut State, &Call<'_>) -> Outcome),
    /// The webhook test, which has to wait for the bot.
    WebhookTest,
}

/// One operation of the API.
#[derive(Clone, Copy)]
struct Operation {
    /// Names it in the rate limits.
    name: &'static str,
    method: MethodFilter,
    path: &'static str,
    rate: Rate,
    /// Whether it takes `X-Line-Retry-Key`.
    retry_key: bool,
    expects: Expects,
    work: Work,
}

const OTHER: Rate = Rate::per_second(2_000);

const fn get(
    name: &'static str,
    path: &'static str,
    work: fn(&mut State, &Call<'_>) -> Outcome,
) -> Operation {
    Operation {
        name,
        method: MethodFilter::GET,
        path,
        rate: OTHER,
        retry_key: false,
        expects: Expects::Nothing,
        work: Work::Now(work),
    }
}

const fn post(
    name: &'static str,
    path: &'static str,
    work: fn(&mut State, &Call<'_>) -> Outcome,
) -> Operation {
    Operation { method: MethodFilter::POST, expects: Expects::Json, ..get(name, path, work) }
}

const fn delete(
    name: &'static str,
    path: &'static str,
    work: fn(&mut State, &Call<'_>) -> Outcome,
) -> Operation {
    Operation { method: MethodFilter::DELETE, ..get(name, path, work) }
}

impl Operation {
    const fn rate(self, rate: Rate) -> Self {
        Self { rate, ..self }
    }

    const fn with_retry_key(self) -> Self {
        Self { retry_key: true, ..self }
    }

    const fn without_body(self) -> Self {
        Self { expects: Expects::Nothing, ..self }
    }
}

/// Every operation, named as in LINE's OpenAPI files.
fn operations() -> Vec<Operation> {
    let per_hour = Rate::per_hour;
    let webhook_rate = Rate::per_minute(1_000);
    vec![
        post("replyMessage", "/v2/bot/message/reply", messages::reply),
        post("pushMessage", "/v2/bot/message/push", messages::push).with_retry_key(),
        post("multicast", "/v2/bot/message/multicast", messages::multicast)
            .with_retry_key()
            .rate(Rate::per_second(200)),
        post("broadcast", "/v2/bot/message/broadcast", messages::broadcast)
            .with_retry_key()
            .rate(per_hour(60)),
        post("validateReply", "/v2/bot/message/validate/reply", messages::validate_reply),
        post("validatePush", "/v2/bot/message/validate/push", messages::validate_push),
        post("validateMulticast", "/v2/bot/message/validate/multicast", messages::validate_multicast),
        post("validateNarrowcast", "/v2/bot/message/validate/narrowcast", messages::validate_narrowcast),
        post("validateBroadcast", "/v2/bot/message/validate/broadcast", messages::validate_broadcast),
        get("getMessageContent", "/v2/bot/message/{messageId}/content", content::content),
        get("getMessageContentPreview", "/v2/bot/message/{messageId}/content/preview", content::preview),
        get(
            "getMessageContentTranscodingByMessageId",
            "/v2/bot/message/{messageId}/content/transcoding",
            content::transcoding,
        ),
        get("getMessageQuota", "/v2/bot/message/quota", numbers::quota),
        get("getMessageQuotaConsumption", "/v2/bot/message/quota/consumption", numbers::consumption),
        get("getNumberOfSentReplyMessages", "/v2/bot/message/delivery/reply", numbers::sent_replies),
        get("getNumberOfSentPushMessages", "/v2/bot/message/delivery/push", numbers::sent_pushes),
        get(
            "getNumberOfSentMulticastMessages",
            "/v2/bot/message/delivery/multicast",
            numbers::sent_multicasts,
        ),
        get(
            "getNumberOfSentBroadcastMessages",
            "/v2/bot/message/delivery/broadcast",
            numbers::sent_broadcasts,
        ),
        get("getProfile", "/v2/bot/profile/{userId}", users::profile),
        get("getFollowers", "/v2/bot/followers/ids", users::followers),
        get("getBotInfo", "/v2/bot/info", bot::info),
        get("getWebhookEndpoint", "/v2/bot/channel/webhook/endpoint", bot::webhook_endpoint)
            .rate(webhook_rate),
        Operation {
            method: MethodFilter::PUT,
            ..post("setWebhookEndpoint", "/v2/bot/channel/webhook/endpoint", bot::set_webhook_endpoint)
        }
        .rate(webhook_rate),
        Operation {
            work: Work::WebhookTest,
            expects: Expects::OptionalJson,
            ..post("testWebhookEndpoint", "/v2/bot/channel/webhook/test", bot::info)
        }
        .rate(per_hour(60)),
        post("showLoadingAnimation", "/v2/bot/chat/loading/start", users::loading)
            .rate(Rate::per_second(100)),
        post("markMessagesAsReadByToken", "/v2/bot/chat/markAsRead", users::mark_as_read),
        post("createRichMenu", "/v2/bot/richmenu", richmenu::create).rate(per_hour(100)),
        post("validateRichMenuObject", "/v2/bot/richmenu/validate", richmenu::validate),
        get("getRichMenuList", "/v2/bot/richmenu/list", richmenu::list).rate(Rate::per_second(10)),
        get("getRichMenu", "/v2/bot/richmenu/{richMenuId}", richmenu::read),
        delete("deleteRichMenu", "/v2/bot/richmenu/{richMenuId}", richmenu::delete).rate(per_hour(100)),
        get("getRichMenuImage", "/v2/bot/richmenu/{richMenuId}/content", richmenu::image),
        Operation {
            expects: Expects::Image,
            ..post("setRichMenuImage", "/v2/bot/richmenu/{richMenuId}/content", richmenu::set_image)
        },
        post("setDefaultRichMenu", "/v2/bot/user/all/richmenu/{richMenuId}", richmenu::set_default)
            .without_body(),
        get("getDefaultRichMenuId", "/v2/bot/user/all/richmenu", richmenu::default),
        delete("cancelDefaultRichMenu", "/v2/bot/user/all/richmenu", richmenu::cancel_default),
        post("linkRichMenuIdToUser", "/v2/bot/user/{userId}/richmenu/{richMenuId}", richmenu::link)
            .without_body(),
        get("getRichMenuIdOfUser", "/v2/bot/user/{userId}/richmenu", richmenu::of_user),
        delete("unlinkRichMenuIdFromUser", "/v2/bot/user/{userId}/richmenu", richmenu::unlink),
        post("linkRichMenuIdToUsers", "/v2/bot/richmenu/bulk/link", richmenu_bulk::link),
        post("unlinkRichMenuIdFromUsers", "/v2/bot/richmenu/bulk/unlink", richmenu_bulk::unlink),
        post("createRichMenuAlias", "/v2/bot/richmenu/alias", richmenu_bulk::create_alias),
        get("getRichMenuAliasList", "/v2/bot/richmenu/alias/list", richmenu_bulk::aliases),
        get("getRichMenuAlias", "/v2/bot/richmenu/alias/{richMenuAliasId}", richmenu_bulk::alias),
        post("updateRichMenuAlias", "/v2/bot/richmenu/alias/{richMenuAliasId}", richmenu_bulk::update_alias),
        delete(
            "deleteRichMenuAlias",
            "/v2/bot/richmenu/alias/{richMenuAliasId}",
            richmenu_bulk::delete_alias,
        )
        .rate(per_hour(100)),
    ]
}

/// LINE's API as a router. Unknown paths, and methods a path does not have, are 404 in LINE's form.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        let serve = move |shared: Extract<Arc<Shared>>, params: RawPathParams, request: Request<Body>| {
            serve(shared, operation, params, request)
        };
        router = router.route(operation.path, on(operation.method, serve));
    }
    router
        .method_not_allowed_fallback(not_found)
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(Arc::clone(shared), observe::observe))
        .with_state(Arc::clone(shared))
}

async fn not_found() -> Refusal {
    Refusal::not_found()
}

async fn serve(
    Extract(shared): Extract<Arc<Shared>>,
    operation: Operation,
    params: RawPathParams,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let head = Head {
        params: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query: call::query(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    };
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large").into_response();
    };
    let call = Call { head: &head, body: &body };
    let outcome = match operation.work {
        Work::Now(work) => {
            let mut state = shared.state();
            admit(&mut state, &shared.channel_access_token, &operation, &call)
                .and_then(|()| work(&mut state, &call))
        }
        Work::WebhookTest => {
            let admitted = admit(&mut shared.state(), &shared.channel_access_token, &operation, &call);
            match admitted {
                Ok(()) => test_webhook(&shared, &call).await,
                Err(refusal) => Err(refusal),
            }
        }
    };
    outcome.into_response()
}

/// What every call must pass: token, rate, content type, retry key.
fn admit(state: &mut State, token: &str, operation: &Operation, call: &Call<'_>) -> Result<(), Refusal> {
    if call.bearer() != Some(token) {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "Authentication failed. Confirm that the access token in the authorization header is valid.",
        ));
    }
    let now = state.clock.now();
    if state.settings.rate_limits && !state.buckets.take(operation.name, operation.rate, now) {
        return Err(Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "The API rate limit has been exceeded. Try again later.",
        ));
    }
    call.check_content_type(operation.expects)?;
    let Some(key) = call.header("x-line-retry-key") else { return Ok(()) };
    if !operation.retry_key {
        return Err(Refusal::bad("The request header 'X-Line-Retry-Key' is not supported by this API"));
    }
    if uuid::Uuid::try_parse(key).is_err() || key.len() != 36 {
        return Err(Refusal::bad("The value for the 'X-Line-Retry-Key' header is invalid"));
    }
    if let Some(accepted) = state.accepted(&key.to_ascii_lowercase()) {
        return Err(Refusal {
            accepted: Some(Box::new((accepted.request_id, accepted.sent_messages))),
            ..Refusal::new(StatusCode::CONFLICT, "The retry key is already accepted")
        });
    }
    Ok(())
}

async fn test_webhook(shared: &Shared, call: &Call<'_>) -> Outcome {
    let asked =
        if call.body.is_empty() { None } else { call.json()?["endpoint"].as_str().map(str::to_owned) };
    let (url, limit, at) = {
        let state = shared.state();
        let limit = std::time::Duration::from_millis(state.settings.webhook_timeout_ms);
        (asked.or_else(|| state.webhook_url.clone()), limit, state.clock.now())
    };
    let Some(url) = url else {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "Webhook endpoint not found"));
    };
    bot::check_endpoint(&url)?;
    let outcome = webhook::post(shared, &url, webhook::body_of(shared, &[]), limit).await;
    Ok(Answer::json(json!({
        "success": outcome.verdict == crate::log::Verdict::Ok,
        "timestamp": crate::clock::timestamp(at).to_string(),
        "statusCode": outcome.status.unwrap_or(0),
        "reason": outcome.verdict.reason(),
        "detail": outcome.status.map_or_else(|| outcome.verdict.reason().to_owned(), |status| status.to_string()),
    })))
}
