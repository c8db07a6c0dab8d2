//! What is due now and then.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    member::{Member, MemberState},
    service::{Centre, ServiceError},
    store::{Batch, Entity as _, EntityBatch as _, Scan, StoreError, StoreExt, Stored},
};
use tokio_util::sync::CancellationToken;

use crate::{bot::Inner, dialogue::Dialogue, figures, files, intake::Chain, unsent};

/// How often.
const INTERVAL: Duration = Duration::from_mins(1);
/// How often files that belong to nothing are looked for, in passes.
const FILES_EVERY: u32 = 60;
/// For how long a file may belong to nothing: the form that it came with is handed in by then, or was refused.
const FILE_PATIENCE: Duration = Duration::from_hours(24);
/// After how long without a word a dialogue is forgotten, with the draft in it.
const DIALOGUE_DAYS: i64 = 30;
/// How many things of a kind are done in one pass.
const AT_A_TIME: usize = 200;

/// The sweeper's loop.
pub(crate) async fn run(bot: Arc<Inner>, shutdown: CancellationToken) {
    for number in (0..FILES_EVERY).cycle() {
        if let Err(error) = pass(&bot).await {
            tracing::error!(error = %Chain(&error), "sweeping failed");
        }
        if number == 0 {
            files::sweep(&bot, FILE_PATIENCE).await;
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// One pass: step by step, and one that fails keeps no other from its turn. Answers the first failure; the others are in the log.
pub(crate) async fn pass(bot: &Inner) -> Result<(), ServiceError> {
    let centre = &bot.centre;
    // First, so that whatever follows goes by what is in force.
    if let Err(error) = centre.reload_settings().await {
        tracing::warn!(error = %Chain(&error), "the settings cannot be read; those of before stand");
    }
    // Another process may have accepted a word.
    if let Err(error) = centre.reload_words().await {
        tracing::warn!(error = %Chain(&error), "the accepted words cannot be read");
    }
    let failures = [
        clear(centre).await,
        resolve_silent(bot).await,
        centre.remind_overdue().await.map(drop),
        unsent::sweep(bot).await,
        forget_dialogues(bot).await,
        forget_those_who_left(bot).await,
        backlog(centre).await,
        // Last, since many records may go.
        centre.carry_out_disposals(AT_A_TIME).await.map(drop),
    ];
    let mut failures = failures.into_iter().filter_map(Result::err);
    let first = failures.next();
    for error in failures {
        tracing::error!(error = %Chain(&error), "sweeping failed in another step, too");
    }
    first.map_or(Ok(()), Err)
}

/// What was worked off long ago goes.
async fn clear(centre: &Centre) -> Result<(), ServiceError> {
    while centre.sweep_inbox().await? > 0 {}
    while centre.sweep_outbox().await? > 0 {}
    Ok(())
}

async fn resolve_silent(bot: &Inner) -> Result<(), ServiceError> {
    if bot.centre.resolve_silent_consultations(AT_A_TIME).await? > 0 {
        bot.enqueued.notify_one();
    }
    Ok(())
}

/// Says to the metrics how much waits.
async fn backlog(centre: &Centre) -> Result<(), ServiceError> {
    let attention = centre.outbox_attention(AT_A_TIME).await?.len();
    figures::backlog(centre.inbox_backlog().await?, centre.outbox_backlog().await?, attention);
    Ok(())
}

async fn forget_dialogues(bot: &Inner) -> Result<(), ServiceError> {
    let store = bot.centre.store();
    let until = bot.centre.now().checked_sub(SignedDuration::from_hours(24 * DIALOGUE_DAYS));
    let until = until.unwrap_or(Timestamp::MIN).as_millisecond().max(0);
    let scan = Scan::index(Dialogue::KIND, "changed").between("", format!("{until:015}")).limit(AT_A_TIME);
    let old = store.page::<Dialogue>(&scan).await?;
    forget(bot, &old.items).await
}

/// Deletes dialogues, and the pictures and files of their drafts with them.
async fn forget(bot: &Inner, dialogues: &[Stored<Dialogue>]) -> Result<(), ServiceError> {
    if dialogues.is_empty() {
        return Ok(());
    }
    let mut batch = Batch::new();
    batch.erases = true;
    let mut dropped = Vec::new();
    for dialogue in dialogues {
        batch.delete(&dialogue.value, dialogue.version);
        dropped.extend(dialogue.value.files());
    }
    match bot.centre.store().commit(batch).await {
        Ok(()) => {
            files::forget(bot, dropped).await;
            Ok(())
        }
        // Somebody took their dialogue up again just now: the next pass sees.
        Err(StoreError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The dialogues of those who left, were erased or blocked the account go, a part of all at each pass.
async fn forget_those_who_left(bot: &Inner) -> Result<(), ServiceError> {
    let store = bot.centre.store();
    let mut place = bot.swept.lock().await;
    let scan = Scan::keys(Dialogue::KIND).after(place.take()).limit(AT_A_TIME);
    let some = store.page::<Dialogue>(&scan).await?;
    *place = some.next;
    let mut gone = Vec::new();
    for dialogue in some.items {
        let member = store.load::<Member>(&dialogue.value.member.to_string()).await?;
        let is_gone = match member.map(|member| member.value.state) {
            Some(MemberState::Following) => false,
            Some(MemberState::Blocked) => !dialogue.value.is_at_rest(),
            Some(MemberState::Left) | None => true,
        };
        if is_gone {
            gone.push(dialogue);
        }
    }
    forget(bot, &gone).await
}
