//! Server-sent events that say which parts of the platform have changed, so that a page can fetch just these.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    extract::{Query, State as Extract},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Params;
use crate::{
    shared::Shared,
    state::{ChatEntry, State},
};

/// How long changes are gathered before they are told.
const GATHER: Duration = Duration::from_millis(40);
/// How many times longer than the last look the wait before the next one is.
const REST: u32 = 10;
/// How often a line is sent when nothing happens, so that both ends notice a broken connection.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How many of the newest webhooks are looked at for new tries.
const RECENT: usize = 50;

/// `GET /_emulator/live?chat=…`: one `data:` line at once and after each change, with a version for each part.
pub(super) async fn live(
    Extract(shared): Extract<Arc<Shared>>,
    Query(params): Query<Params>,
) -> impl IntoResponse {
    let chat_id = params.get("chat").cloned().unwrap_or_default();
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let stop = shared.stop.clone();
        stop.run_until_cancelled(tell(&shared, &chat_id, sender)).await;
    });
    Sse::new(Told(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Tells versions until nobody listens any more.
async fn tell(shared: &Shared, chat_id: &str, told: mpsc::Sender<Value>) {
    let mut changes = shared.changes();
    let mut last = Value::Null;
    loop {
        changes.mark_unchanged();
        let started = Instant::now();
        let now = versions(&shared.state(), chat_id);
        let took = started.elapsed();
        if now != last {
            if told.send(now.clone()).await.is_err() {
                return;
            }
            last = now;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = told.closed() => return,
        }
        // With a million people it takes a while, during which nobody else gets at the state.
        tokio::time::sleep(GATHER.max(took * REST)).await;
    }
}

fn version(of: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

/// What the list of people shows.
struct People<'s>(&'s State);

impl Hash for People<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        for (id, person) in &self.0.people {
            let picture = person.profile.as_ref().and_then(|profile| profile.picture_url.as_deref());
            let (last, friendship) = (person.chat.last().map(address), person.friendship as u8);
            (id, &person.display_name, picture, friendship, last).hash(hasher);
            (person.read_up_to, person.loading_until).hash(hasher);
        }
        for (id, group) in &self.0.groups {
            let last = group.chat.last().map(address);
            (id, &group.name, group.has_account, last, group.read_up_to, group.members.len()).hash(hasher);
            group.members.iter().for_each(|member| member.hash(hasher));
        }
    }
}

/// One version for each part; it differs when the part does.
fn versions(state: &State, chat_id: &str) -> Value {
    let chat: Vec<_> = state.chat(chat_id).into_iter().flatten().map(address).collect();
    let own_menu = state.people.get(chat_id).and_then(|person| person.rich_menu.as_deref());
    let menu = state.rich_menus.seen_by(own_menu).map(|(id, menu)| (id, menu.image.is_some()));
    let tries: usize = state.webhooks.iter().rev().take(RECENT).map(|entry| entry.attempts.len()).sum();
    let platform =
        json!([state.settings, state.webhook_url, state.faults, state.ledger.limit(), state.clock.setting()]);
    json!({
        "people": version(People(state)),
        "chat": version(chat),
        "menu": version(menu),
        "requests": version(state.requests.back().map(|entry| entry.seq)),
        "webhooks": version((state.webhooks.back().map(|entry| entry.seq), tries)),
        "platform": version(platform.to_string()),
    })
}

/// Differs for every message, and for one that was taken back.
fn address(entry: &ChatEntry) -> (usize, usize) {
    (entry.message_id.as_ptr().addr(), entry.message.as_ptr().addr())
}

/// The events of one listener.
struct Told(mpsc::Receiver<Value>);

impl futures_core::Stream for Told {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|told| told.map(|versions| Ok(Event::default().data(versions.to_string()))))
    }
}
