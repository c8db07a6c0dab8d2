//! Webhooks: building events, signing, sending, sending again.

mod dress;
mod event;
mod sign;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) use self::{event::complete, sign::signature};
use crate::{
    log::{MAX_WEBHOOKS, Verdict, WebhookAttempt, WebhookEntry},
    shared::Shared,
};

/// Sends one body with these events. With `wait` it returns after the first try, without it at once; redeliveries
/// always go on in the background.
pub(crate) async fn send(shared: &Arc<Shared>, events: Vec<Value>, wait: bool) {
    let task = first_try(Arc::clone(shared), events);
    if wait {
        task.await;
    } else {
        spawn(shared, task);
    }
}

/// Runs a task until it ends or the platform does.
fn spawn(shared: &Arc<Shared>, task: impl Future<Output = ()> + Send + 'static) {
    let stop = shared.stop.clone();
    tokio::spawn(async move { stop.run_until_cancelled(task).await });
}

async fn first_try(shared: Arc<Shared>, events: Vec<Value>) {
    let body = body_of(&shared, &events);
    let event_ids: Vec<String> = event_ids(&events);
    let seq = {
        let mut state = shared.state();
        let seq = state.new_seq();
        for event in &events {
            if let Some(id) = event["webhookEventId"].as_str() {
                state.events.insert(id.to_owned(), event.clone());
            }
        }
        if state.webhooks.len() >= MAX_WEBHOOKS
            && let Some(oldest) = state.webhooks.pop_front()
        {
            for id in &oldest.event_ids {
                state.events.remove(id);
            }
        }
        state.webhooks.push_back(WebhookEntry { seq, event_ids, body: body.clone(), attempts: Vec::new() });
        seq
    };
    let redelivery = events.iter().any(|event| event["deliveryContext"]["isRedelivery"] == json!(true));
    let generation = shared.state().generation;
    let verdict = attempt(&shared, seq, &events, body, redelivery).await;
    if !matches!(verdict, Verdict::Ok | Verdict::NoWebhookUrl) && !events.is_empty() {
        let again = Arc::clone(&shared);
        spawn(&shared, async move { redeliver(again, seq, events, generation).await });
    }
}

/// Sends failed events again, with the flag, until they are taken or the tries are used up.
async fn redeliver(shared: Arc<Shared>, seq: u64, mut events: Vec<Value>, generation: u64) {
    for event in &mut events {
        event["deliveryContext"]["isRedelivery"] = json!(true);
    }
    let mut tried = 0;
    loop {
        let wait = {
            let state = shared.state();
            let settings = &state.settings;
            if !settings.redelivery || tried >= settings.redelivery_tries || state.generation != generation {
                return;
            }
            Duration::from_millis(settings.redelivery_interval_ms.saturating_mul(1 << tried.min(20)))
        };
        tokio::time::sleep(wait).await;
        if shared.state().generation != generation {
            return;
        }
        tried += 1;
        let body = body_of(&shared, &events);
        if attempt(&shared, seq, &events, body, true).await == Verdict::Ok {
            return;
        }
    }
}

/// One try: signs, posts, notes how it ended.
async fn attempt(shared: &Shared, seq: u64, events: &[Value], body: String, redelivery: bool) -> Verdict {
    let (url, limit, at) = {
        let mut state = shared.state();
        let at = state.clock.now();
        for token in events.iter().filter_map(|event| event["replyToken"].as_str()) {
            if let Some(known) = state.reply_tokens.get_mut(token) {
                known.delivered_at = at;
            }
        }
        (state.webhook_url.clone(), Duration::from_millis(state.settings.webhook_timeout_ms), at)
    };
    let outcome = match url {
        Some(url) => post(shared, &url, body, limit).await,
        None => Outcome { status: None, verdict: Verdict::NoWebhookUrl, duration: Duration::ZERO },
    };
    let duration_ms = u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX);
    let mut state = shared.state();
    if let Some(entry) = state.webhooks.iter_mut().rev().find(|entry| entry.seq == seq) {
        let (status, verdict) = (outcome.status, outcome.verdict);
        entry.attempts.push(WebhookAttempt { at, status, verdict, duration_ms, redelivery });
    }
    outcome.verdict
}

/// Whether webhooks can go to an address.
pub(crate) fn is_webhook_url(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// How one POST to a webhook address ended.
pub(crate) struct Outcome {
    pub(crate) status: Option<u16>,
    pub(crate) verdict: Verdict,
    pub(crate) duration: Duration,
}

/// Posts a signed body.
pub(crate) async fn post(shared: &Shared, url: &str, body: String, limit: Duration) -> Outcome {
    let started = Instant::now();
    let request = shared
        .http
        .post(url)
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", "LineBotWebhook/2.0")
        .header("x-line-signature", signature(&shared.keys.channel_secret, body.as_bytes()))
        .timeout(limit)
        .body(Bytes::from(body));
    let (status, verdict) = match request.send().await {
        Ok(answer) if answer.status().is_success() => (Some(answer.status().as_u16()), Verdict::Ok),
        Ok(answer) => (Some(answer.status().as_u16()), Verdict::ErrorStatusCode),
        Err(error) if error.is_timeout() => (None, Verdict::RequestTimeout),
        Err(error) if error.is_connect() || error.is_builder() => (None, Verdict::CouldNotConnect),
        Err(_) => (None, Verdict::Unclassified),
    };
    Outcome { status, verdict, duration: started.elapsed() }
}

/// The request body for some events.
pub(crate) fn body_of(shared: &Shared, events: &[Value]) -> String {
    let state = shared.state();
    dress::body(&shared.bot_user_id, events, &state.settings, state.clock.now())
}

/// The ids of some events.
pub(crate) fn event_ids(events: &[Value]) -> Vec<String> {
    events.iter().filter_map(|event| event["webhookEventId"].as_str().map(str::to_owned)).collect()
}
