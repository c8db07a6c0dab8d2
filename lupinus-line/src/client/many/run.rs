//! Carrying out a plan.

use std::collections::BTreeSet;
use std::fmt;
use std::future::ready;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt as _};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio_util::task::AbortOnDropHandle;

use super::super::flow::SHORTEST_TRY;
use super::super::send::is_false;
use super::super::{AggregationUnit, Ambiguity, ApiError, Client, Delivery, Request};
use super::{Chunk, ChunkIndex, MulticastPlan};
use crate::{UserId, endpoint};

/// How many chunks are under way at once, unless set otherwise. At a tenth of a second each, this is half of the 200 a second
/// that LINE allows.
pub const CHUNKS_AT_ONCE: usize = 10;

/// A [`MulticastPlan`] about to be carried out: [`stream`](Self::stream) reports each chunk, [`finish`](Self::finish) the
/// whole.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until the stream is polled"]
pub struct MulticastRun {
    client: Client,
    plan: MulticastPlan,
    done: BTreeSet<ChunkIndex>,
    at_once: usize,
    on_error: OnError,
}

/// What follows when a chunk fails.
///
/// The monthly limit, a token that LINE does not accept or that nobody can get, and a plan whose keys have expired end a run in any case: no other
/// chunk would fare better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnError {
    /// The others are sent.
    #[default]
    GoOn,
    /// None is begun any more. Those under way are reported.
    Stop,
}

/// What became of one chunk.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChunkReport {
    /// Which.
    pub chunk: ChunkIndex,
    /// How many people it is for.
    pub recipients: usize,
    /// What LINE answered. An error of a chunk that [may have been accepted](ApiError::may_have_been_accepted) is settled by
    /// another run of the same plan, while its keys live.
    pub result: Result<Delivery, ApiError>,
    /// How far the plan is now.
    pub progress: Progress,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Chunks that LINE accepted, those that were done before included.
    pub chunks_done: u32,
    /// All chunks.
    pub chunks: u32,
    /// The people in the chunks that LINE accepted.
    pub recipients_done: usize,
    /// All recipients.
    pub recipients: usize,
}

impl Progress {
    /// Whether LINE accepted all chunks.
    pub const fn is_complete(&self) -> bool {
        self.chunks_done == self.chunks
    }
}

/// What became of a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Summary {
    /// The chunks that LINE accepted, those that were done before included: keep them for the next run.
    pub done: BTreeSet<ChunkIndex>,
    /// The chunks that failed, in the order in which they did.
    pub failed: Vec<(ChunkIndex, ApiError)>,
    /// How far the plan is.
    pub progress: Progress,
}

/// The reports of a run, in the order in which chunks end. Dropping it stops the run; what was under way may have been
/// accepted, and another run of the same plan settles it without sending anything twice.
pub struct ChunkStream(BoxStream<'static, ChunkReport>);

impl Stream for ChunkStream {
    type Item = ChunkReport;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ChunkReport>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for ChunkStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkStream(…)")
    }
}

impl Client {
    /// Sends to any number of users, as planned. Each chunk is a [`multicast`](Self::multicast) with its own retry key, made
    /// again, paced and bounded as every call of this client.
    ///
    /// ```no_run
    /// use std::collections::BTreeSet;
    /// use futures::StreamExt as _;
    /// use lupinus_line::Client;
    /// use lupinus_line::client::{ChunkIndex, MulticastPlan};
    ///
    /// # fn store(done: ChunkIndex) {}
    /// # async fn send(client: Client, plan: MulticastPlan, done: BTreeSet<ChunkIndex>) {
    /// let mut reports = client.multicast_all(&plan).without(done).stream();
    /// while let Some(report) = reports.next().await {
    ///     match report.result {
    ///         Ok(_) => store(report.chunk), // with the plan, this is all that a restart needs
    ///         Err(error) => println!("chunk {}: {error}", report.chunk),
    ///     }
    ///     println!("{} of {}", report.progress.recipients_done, report.progress.recipients);
    /// }
    /// # }
    /// ```
    pub fn multicast_all(&self, plan: &MulticastPlan) -> MulticastRun {
        MulticastRun {
            client: self.clone(),
            plan: plan.clone(),
            done: BTreeSet::new(),
            at_once: CHUNKS_AT_ONCE,
            on_error: OnError::default(),
        }
    }
}

impl MulticastRun {
    /// Leaves out the chunks that an earlier run has done.
    pub fn without(mut self, done: impl IntoIterator<Item = ChunkIndex>) -> Self {
        let known = ChunkIndex::from(self.plan.chunk_count());
        self.done.extend(done.into_iter().filter(|chunk| *chunk < known));
        self
    }

    /// How many chunks are under way at once ([`CHUNKS_AT_ONCE`], at least 1). The client's own
    /// [bound](super::super::ClientBuilder::concurrency) holds besides.
    pub const fn at_once(mut self, chunks: usize) -> Self {
        self.at_once = chunks;
        self
    }

    /// What follows when a chunk fails.
    pub const fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    /// Sends the chunks and reports each. Nothing happens unless it is polled.
    pub fn stream(self) -> ChunkStream {
        let Self { client, plan, done, at_once, on_error } = self;
        let mut progress = Progress {
            chunks_done: 0,
            chunks: plan.chunk_count(),
            recipients_done: 0,
            recipients: plan.recipients().len(),
        };
        for chunk in done.iter().filter_map(|done| plan.chunk(*done)) {
            progress.count(chunk.recipients.len());
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stopped);
        // Written once: they may be much longer than the ids of a chunk.
        let messages = to_raw_value(plan.messages()).ok().map(Arc::<RawValue>::from);
        let todo = (0..plan.chunk_count()).map(ChunkIndex::from).filter(move |index| !done.contains(index));
        let reports = stream::iter(todo)
            .take_while(move |_| ready(!seen.load(Ordering::Relaxed)))
            .map(move |index| {
                let (client, plan, stopped) = (client.clone(), plan.clone(), Arc::clone(&stopped));
                let messages = messages.clone();
                // A task of its own, on whichever core is free. It ends with the stream.
                let chunk = AbortOnDropHandle::new(tokio::spawn(async move {
                    let (recipients, result) = client.send_chunk(&plan, messages.as_deref(), index).await;
                    if result.as_ref().is_err_and(|error| on_error == OnError::Stop || ends_a_run(error)) {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    (index, recipients, result)
                }));
                async move {
                    chunk.await.unwrap_or_else(|ended| match ended.try_into_panic() {
                        Ok(panic) => resume_unwind(panic),
                        Err(_) => (index, 0, Err(broken_off())), // the runtime ends
                    })
                }
            })
            .buffer_unordered(at_once.max(1))
            .map(move |(chunk, recipients, result)| {
                if result.is_ok() {
                    progress.count(recipients);
                }
                ChunkReport { chunk, recipients, result, progress }
            });
        ChunkStream(reports.boxed())
    }

    /// Sends the chunks and says what became of them.
    pub async fn finish(self) -> Summary {
        let (mut done, mut failed) = (self.done.clone(), Vec::new());
        let mut recipients_done =
            done.iter().filter_map(|done| self.plan.chunk(*done)).map(|chunk| chunk.recipients.len()).sum();
        let (chunks, recipients) = (self.plan.chunk_count(), self.plan.recipients().len());
        let mut reports = self.stream();
        while let Some(report) = reports.next().await {
            recipients_done = report.progress.recipients_done;
            match report.result {
                Ok(_) => {
                    done.insert(report.chunk);
                }
                Err(error) => failed.push((report.chunk, error)),
            }
        }
        let chunks_done = u32::try_from(done.len()).unwrap_or(u32::MAX);
        Summary { done, failed, progress: Progress { chunks_done, chunks, recipients_done, recipients } }
    }
}

impl Progress {
    const fn count(&mut self, recipients: usize) {
        self.chunks_done = self.chunks_done.saturating_add(1);
        self.recipients_done = self.recipients_done.saturating_add(recipients);
    }
}

fn broken_off() -> ApiError {
    ApiError::Ambiguous { kind: Ambiguity::Broken, answer: None, source: None }
}

/// Whether no other chunk would fare better.
const fn ends_a_run(error: &ApiError) -> bool {
    match error {
        ApiError::QuotaExhausted(_) | ApiError::Unauthorised(_) | ApiError::Invalid(_) => true,
        ApiError::NoToken(error) => !error.is_transient(),
        _ => false,
    }
}

/// What a user's id takes in a body: 33 characters, two quotes, a comma.
const RECIPIENT_BYTES: usize = 36;
/// What everything but recipients and messages takes at most.
const OTHER_BYTES: usize = 256;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    to: &'a [UserId],
    messages: &'a RawValue,
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_aggregation_units: Option<[&'a AggregationUnit; 1]>,
}

impl Client {
    async fn send_chunk(
        &self,
        plan: &MulticastPlan,
        messages: Option<&RawValue>,
        index: ChunkIndex,
    ) -> (usize, Result<Delivery, ApiError>) {
        let Some(Chunk { recipients, key, .. }) = plan.chunk(index) else {
            return (0, Err(ApiError::Invalid("the plan has no such chunk")));
        };
        let Some(messages) = messages else {
            return (recipients.len(), Err(ApiError::Invalid("the messages do not serialise")));
        };
        let time_left = Timestamp::now().duration_until(plan.keys_expire_at());
        let time_left = Duration::try_from(time_left).unwrap_or_default(); // none once it is over
        if time_left < SHORTEST_TRY {
            return (recipients.len(), Err(ApiError::Invalid("the retry keys of the plan have expired")));
        }
        let content = &plan.content;
        let body = Body {
            to: recipients,
            messages,
            notification_disabled: content.notification_disabled,
            custom_aggregation_units: content.custom_aggregation_unit.as_ref().map(|unit| [unit]),
        };
        let size_bytes = recipients.len() * RECIPIENT_BYTES + messages.get().len() + OTHER_BYTES;
        let request = Request::new(endpoint::MULTICAST).retry_key(key).within(time_left);
        let request = request.json_of_about(&body, size_bytes);
        (recipients.len(), self.deliver(request).await)
    }
}
