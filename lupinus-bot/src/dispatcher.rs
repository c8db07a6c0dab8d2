//! Sends what is due: leases an item, sends it outside of any change, records what became of it.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use lupinus_core::{
    outbox::{PauseReason, Recipient, SendOutcome},
    service::{Leased, ServiceError},
};
use tokio_util::sync::CancellationToken;

use crate::{bot::Inner, figures, intake::Chain};

/// How many items are leased at a time, for each that is sent at the same time.
const BATCH: usize = 2;

/// Until when sending waits for the world outside.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    /// The access token is refused: nothing goes.
    token: Option<Timestamp>,
    /// The month is used up: replies, which are free, still go.
    quota: Option<Timestamp>,
}

/// The dispatcher's loop.
pub(crate) async fn run(bot: Arc<Inner>, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let nap = match pass(&bot).await {
            Ok(1..) => continue,
            // While the token is refused what is due stays due: looking again at once would change nothing.
            Ok(0) if bot.pauses.lock().await.token.is_some() => bot.settings.poll,
            Ok(0) => until_next(&bot).await,
            Err(error) => {
                tracing::error!(error = %Chain(&error), "the outbox cannot be read");
                bot.settings.poll
            }
        };
        tokio::select! {
            () = bot.enqueued.notified() => {}
            () = tokio::time::sleep(nap) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

/// How long nothing is due, but never longer than the poll: another program may have put something into the outbox.
async fn until_next(bot: &Inner) -> std::time::Duration {
    let poll = bot.settings.poll;
    match bot.centre.next_due().await {
        Ok(Some(at)) => {
            // Something that is due already and was not taken just now is in other hands, or cannot be taken.
            let wait = at.duration_since(bot.centre.now());
            std::time::Duration::try_from(wait).ok().filter(|wait| !wait.is_zero()).unwrap_or(poll).min(poll)
        }
        _ => poll,
    }
}

/// Starts the posts that are due and sends what is due. Answers how much there was to do.
pub(crate) async fn pass(bot: &Inner) -> Result<usize, ServiceError> {
    let started = match bot.centre.start_due_posts().await {
        Ok(started) => started,
        // What is due in the outbox goes all the same.
        Err(error) => {
            tracing::error!(error = %Chain(&error), "the scheduled posts cannot be started");
            0
        }
    };
    let now = bot.centre.now();
    let quota_is_out = {
        let mut pauses = bot.pauses.lock().await;
        pauses.token = pauses.token.filter(|until| *until > now);
        pauses.quota = pauses.quota.filter(|until| *until > now);
        figures::paused(pauses.token.is_some());
        if pauses.token.is_some() {
            return Ok(started);
        }
        pauses.quota.is_some()
    };
    let concurrency = bot.settings.concurrency.max(1);
    let leased = bot.centre.lease_due(concurrency * BATCH).await?;
    let count = leased.len();
    let mut sends =
        stream::iter(leased).map(|item| send(bot, item, quota_is_out)).buffer_unordered(concurrency);
    while sends.next().await.is_some() {}
    Ok(started + count)
}

async fn send(bot: &Inner, leased: Leased, quota_is_out: bool) {
    let item = &leased.item.value;
    let late = !item.may_be_handed_over(bot.centre.now());
    if late {
        tracing::warn!(outbox.id = %item.id, "not sent: its lease, or it, has run out since it was taken");
    }
    let is_free = matches!(item.recipient, Recipient::Reply { .. });
    // LINE has just said so: asking again for each item would change nothing.
    let known = quota_is_out && !is_free;
    let outcome = if late {
        SendOutcome::RateLimited // as certain: LINE has not seen it
    } else if known {
        SendOutcome::QuotaExhausted
    } else {
        bot.channel.send(item, leased.post.as_ref(), bot.centre.now()).await
    };
    match bot.centre.settle(&leased, outcome).await {
        Ok(settlement) => {
            // Only LINE's own word makes a pause: what was concluded from the pause must not prolong it.
            if let Some(reason) = settlement.pause_all.filter(|_| !known) {
                pause(bot, reason).await;
            }
        }
        // The lease runs out, and the item is tried again with the same key.
        Err(error) => {
            tracing::error!(outbox.id = %item.id, error = %Chain(&error), "what became of a send cannot be recorded");
        }
    }
}

async fn pause(bot: &Inner, reason: PauseReason) {
    let until = bot.centre.now().saturating_add(bot.centre.policy().retry.pause).unwrap_or(Timestamp::MAX);
    let mut pauses = bot.pauses.lock().await;
    match reason {
        PauseReason::Unauthorised => {
            if pauses.token.replace(until).is_none() {
                tracing::error!("LINE refuses the access token: all sending pauses");
            }
        }
        PauseReason::Quota => {
            if pauses.quota.replace(until).is_none() {
                tracing::error!("the month's messages are used up: all sending but replies pauses");
            }
        }
    }
}
