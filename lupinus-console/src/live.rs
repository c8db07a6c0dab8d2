//! Tells open pages that something changed, and nothing of what.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures::{Stream, stream};
use lupinus_core::{
    hash::Sha256Hash,
    ids::StaffId,
    service::{QueueStamp, ServiceError},
};
use tokio::{sync::watch, time::Instant};

use crate::{console::App, gate::Desk};

/// Most streams at once.
pub(crate) const MAX_STREAMS: usize = 64;
/// Most streams of one person: their open tabs.
pub(crate) const MAX_STREAMS_EACH: usize = 4;
/// How often the store is asked, once for all streams.
const EVERY: Duration = Duration::from_secs(2);
/// How long one stream lives, unless said otherwise. The browser opens the next by itself, through the gate: an ended session
/// ends it.
pub(crate) const LIFE: Duration = Duration::from_secs(25);

/// The streams there are, and what the queue stood at last.
#[derive(Debug)]
pub(crate) struct Live {
    streams: Mutex<HashMap<StaffId, usize>>,
    known: tokio::sync::Mutex<Option<(Instant, QueueStamp)>>,
    ended: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            streams: Mutex::default(),
            known: tokio::sync::Mutex::default(),
            ended: watch::Sender::new(false),
        }
    }
}

impl Live {
    /// Ends every stream, and those to come at once.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    fn enter(app: &App, who: StaffId) -> Option<Place> {
        let mut streams = app.live.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let own = streams.get(&who).copied().unwrap_or(0);
        if own >= MAX_STREAMS_EACH || streams.values().sum::<usize>() >= MAX_STREAMS {
            return None;
        }
        streams.insert(who, own + 1);
        Some(Place { app: Arc::clone(app), who })
    }

    /// What the queue stands at, read at most once in [`EVERY`].
    async fn stamp(&self, app: &App) -> Result<QueueStamp, ServiceError> {
        let mut known = self.known.lock().await;
        if let Some((at, stamp)) = *known
            && at.elapsed() < EVERY
        {
            return Ok(stamp);
        }
        let stamp = app.centre.queue_stamp().await?;
        *known = Some((Instant::now(), stamp));
        Ok(stamp)
    }
}

/// One stream's place among the streams; free again when it is dropped.
struct Place {
    app: App,
    who: StaffId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.app.live.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = streams.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                streams.remove(&self.who);
            }
        }
    }
}

/// One page that listens.
struct Listener {
    place: Place,
    desk: Desk,
    /// What the page has heard of.
    heard: Option<String>,
    until: Instant,
    ended: watch::Receiver<bool>,
}

impl Listener {
    /// The next thing to say; `None` when the stream is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            let stamp = self.place.app.live.stamp(&self.place.app).await;
            match stamp.map(|stamp| name(&stamp.seen_by(|permission| self.desk.may(permission)))) {
                Ok(now) if self.heard.as_ref() != Some(&now) => {
                    let event = Event::default().id(&now);
                    // The first is only noted: the page has just been drawn.
                    let event = if self.heard.is_some() { event.event("changed").data("1") } else { event };
                    self.heard = Some(now);
                    return Some((Ok(event), self));
                }
                Ok(_) => {}
                // The page asks again when the store is back.
                Err(_) => return None,
            }
            let next = (Instant::now() + EVERY).min(self.until);
            let is_over = tokio::select! {
                () = tokio::time::sleep_until(next) => Instant::now() >= self.until,
                _ = self.ended.wait_for(|ended| *ended) => true,
            };
            if is_over {
                return None;
            }
        }
    }
}

fn name(stamp: &Sha256Hash) -> String {
    stamp.short()
}

fn listening(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, Listener::next)
}

/// 「something changed」, as server-sent events. Without a free place the browser is told to leave it (204); the page then
/// asks once a minute.
pub(crate) async fn events(State(app): State<App>, desk: Desk, headers: HeaderMap) -> Response {
    let Some(place) = Live::enter(&app, desk.staff.id) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let heard = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let listener = Listener {
        place,
        desk,
        heard,
        until: Instant::now() + app.stream_life,
        ended: app.live.ended.subscribe(),
    };
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    (unbuffered, Sse::new(listening(listener))).into_response()
}
