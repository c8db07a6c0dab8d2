//! Whether LINE's own chat is on for the account. While it is, what members write is kept on LINE's side too, and consultations stay
//! closed (R2).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lupinus_line::{ApiError, client::ChatMode};
use tokio_util::sync::CancellationToken;

use crate::{bot::Inner, figures, intake::Chain};

/// How often LINE is asked.
const INTERVAL: Duration = Duration::from_mins(5);
/// How long a failure waits.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
/// How long the start waits for the first answer.
const FIRST_ANSWER: Duration = Duration::from_secs(5);

/// What LINE said last. Before it has said anything, also before this start, its chat counts as off.
#[derive(Debug, Default)]
pub(crate) struct LineChat {
    is_on: AtomicBool,
}

impl LineChat {
    /// Whether consultations are closed.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }
}

/// Asks LINE. What was known before stands while there is no answer.
pub(crate) async fn check(bot: &Inner) -> Result<(), ApiError> {
    let is_on = bot.client.bot_info().await?.value.chat_mode != ChatMode::Bot;
    figures::consultations_open(!is_on);
    if is_on != bot.line_chat.is_on.swap(is_on, Ordering::Relaxed) {
        if is_on {
            tracing::error!(
                "LINE's own chat is on: consultations stay closed until it is off (the account's settings for responses)"
            );
        } else {
            tracing::info!("LINE's own chat is off: consultations are open");
        }
    }
    if let Err(error) = bot.centre.note_reception(!is_on).await {
        tracing::warn!(error = %Chain(&error), "the console cannot be told whether consultations are open; trying again");
    }
    Ok(())
}

/// Asks before anything is worked off, and does not wait for ever: until LINE answers, what it said before the start stands. Answers
/// how long until the next time.
pub(crate) async fn first(bot: &Inner) -> Duration {
    match bot.centre.reception().await {
        Ok(known) => {
            let is_on = known.is_some_and(|known| !known.is_open);
            bot.line_chat.is_on.store(is_on, Ordering::Relaxed);
            figures::consultations_open(!is_on);
        }
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "what LINE said of its own chat before is not known");
        }
    }
    match tokio::time::timeout(FIRST_ANSWER, asked(bot)).await {
        Ok(nap) => nap,
        Err(_) => AFTER_FAILURE,
    }
}

/// The loop, from `nap` on.
pub(crate) async fn run(bot: Arc<Inner>, mut nap: Duration, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(nap) => {}
            () = shutdown.cancelled() => return,
        }
        nap = asked(&bot).await;
    }
}

async fn asked(bot: &Inner) -> Duration {
    match check(bot).await {
        Ok(()) => INTERVAL,
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "whether LINE's own chat is on cannot be asked; trying again");
            AFTER_FAILURE
        }
    }
}
