//! Works off the inbox: one person's events in order, different persons at the same time, every effect in one change with the
//! event's completion.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    blob::MAX_BLOB_BYTES,
    inbox::InboxItem,
    member::{Member, MemberState},
    outbox::{Addressee, Recipient},
    screening::Context,
    service::{By, ServiceError, Work},
    store::{StoreError, StoreExt, Stored},
};
use lupinus_line::{ApiError, MessageId};
use tokio_util::sync::CancellationToken;

use crate::{
    bot::Inner,
    dialogue::{self, Dialogue, Fetched, Turn},
    figures, files,
    incoming::{Incoming, MediaSort, What},
    intake::Chain,
    media::media_type,
    unsent,
};

/// For how long after its receipt a reply token is used: LINE promises a minute.
const REPLY_LIFE: SignedDuration = SignedDuration::from_secs(50);
/// For how long an event is tried again without counting, while what it needs is out of reach.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How many events are read at a time.
const PAGE: usize = 200;

/// After how many times [`Settings::settle`](crate::Settings::settle) a lane is worked off that is never quiet.
const MOST_SETTLES: u32 = 20;

/// What a pass over the inbox did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pass {
    /// Events worked off.
    pub(crate) done: usize,
    /// Lanes that stopped at a failure.
    pub(crate) failed: usize,
    /// When the next lane will have settled, of those that were left alone.
    pub(crate) settled_at: Option<Timestamp>,
}

/// Whether a pass leaves alone what arrived just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrivals {
    /// What arrived is all that will: work it off.
    Complete,
    /// Something that happened earlier may still be on its way.
    Settling,
}

#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("a service failed")]
    Service(#[from] ServiceError),
    #[error("a file cannot be fetched")]
    Fetch(#[source] ApiError),
}

impl WorkError {
    /// Whether it says nothing about the event: the world is out of reach, and comes back.
    fn is_transient(&self) -> bool {
        match self {
            Self::Service(ServiceError::Busy | ServiceError::Store(StoreError::Unavailable(..))) => true,
            Self::Service(_) => false,
            Self::Fetch(error) => {
                error.is_transient() || matches!(error, ApiError::Unauthorised { .. } | ApiError::NoToken(_))
            }
        }
    }
}

/// The worker's loop.
pub(crate) async fn run(bot: Arc<Inner>, shutdown: CancellationToken) {
    let mut arrivals = Arrivals::Settling;
    while !shutdown.is_cancelled() {
        let looked = bot.centre.now();
        let nap = match pass(&bot, arrivals).await {
            Ok(Pass { done: 1.., failed: 0, .. }) => continue,
            Ok(Pass { settled_at: Some(at), .. }) => {
                let rest = Duration::try_from(at.duration_since(looked)).unwrap_or_default();
                rest.clamp(Duration::from_millis(1), bot.settings.poll)
            }
            Ok(_) => bot.settings.poll,
            Err(error) => {
                tracing::error!(error = %Chain(&error), "the inbox cannot be read");
                bot.settings.poll
            }
        };
        arrivals = Arrivals::Settling;
        tokio::select! {
            () = bot.arrived.notified() => {}
            () = tokio::time::sleep(nap) => {
                // By a clock that stands still nothing would ever settle.
                if bot.centre.now() == looked {
                    arrivals = Arrivals::Complete;
                }
            }
            () = shutdown.cancelled() => {}
        }
    }
}

/// Works off what waits now.
pub(crate) async fn pass(bot: &Inner, arrivals: Arrivals) -> Result<Pass, ServiceError> {
    // Two passes at once would let two events of one person overtake each other.
    let _alone = bot.working.lock().await;
    let mut pass = Pass::default();
    let mut stopped: HashSet<String> = HashSet::new();
    let mut after = None;
    loop {
        let page = bot.centre.waiting_events(after.take(), PAGE).await?;
        let mut lanes: Vec<Vec<Stored<InboxItem>>> = Vec::new();
        for item in page.items {
            if stopped.contains(&item.value.lane) {
                continue;
            }
            match lanes.last_mut() {
                Some(lane) if lane.first().is_some_and(|first| first.value.lane == item.value.lane) => {
                    lane.push(item);
                }
                _ => lanes.push(vec![item]),
            }
        }
        if arrivals == Arrivals::Settling {
            let now = bot.centre.now();
            lanes.retain(|lane| match settles_at(lane, bot.settings.settle) {
                Some((name, at)) if at > now => {
                    pass.settled_at = Some(pass.settled_at.map_or(at, |other| other.min(at)));
                    stopped.insert(name.to_owned());
                    false
                }
                _ => true,
            });
        }
        let mut worked = stream::iter(lanes)
            .map(|lane| work_lane(bot, lane))
            .buffer_unordered(bot.settings.concurrency.max(1));
        while let Some((done, failed)) = worked.next().await {
            pass.done += done;
            if let Some(lane) = failed {
                pass.failed += 1;
                stopped.insert(lane);
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(pass),
        }
    }
}

/// A lane's name, and when it will have settled: some time after the last arrival, but not for ever after the first.
fn settles_at(lane: &[Stored<InboxItem>], settle: Duration) -> Option<(&str, Timestamp)> {
    let arrivals = || lane.iter().map(|item| item.value.received_at);
    let later = |at: Timestamp, by| at.saturating_add(by).unwrap_or(Timestamp::MAX);
    let quiet = later(arrivals().max()?, settle);
    let patient = later(arrivals().min()?, settle.saturating_mul(MOST_SETTLES));
    Some((&lane.first()?.value.lane, quiet.min(patient)))
}

/// One person's events, one after the other, up to the first that fails.
async fn work_lane(bot: &Inner, lane: Vec<Stored<InboxItem>>) -> (usize, Option<String>) {
    let mut done = 0;
    for item in lane {
        match work_on(bot, &item).await {
            Ok(()) => done += 1,
            Err(error) => {
                if failed(bot, &item, &error).await {
                    done += 1;
                } else {
                    return (done, Some(item.value.lane));
                }
            }
        }
    }
    (done, None)
}

/// Counts a failure; answers whether the event is set aside, so that the lane goes on.
async fn failed(bot: &Inner, item: &Stored<InboxItem>, error: &WorkError) -> bool {
    figures::worked("failed");
    let id = item.value.event_id.as_str();
    tracing::warn!(webhook.event_id = id, error = %Chain(error), "an event failed");
    let age = bot.centre.now().duration_since(item.value.received_at);
    if error.is_transient() && age < PATIENCE {
        return false;
    }
    let counted = bot
        .centre
        .transact(|mut work| async move {
            let Some(fresh) = waiting(&work, item).await? else { return work.done(true) };
            let aside = work.fail_event(&fresh)?;
            if aside {
                apologise(bot, &mut work, item).await?;
            }
            work.done(aside)
        })
        .await;
    match counted {
        Ok(aside) => {
            if aside {
                figures::worked("set_aside");
                tracing::error!(webhook.event_id = id, "an event was set aside after repeated failures");
            }
            aside
        }
        Err(error) => {
            tracing::error!(webhook.event_id = id, error = %Chain(&error), "a failure cannot be recorded");
            false
        }
    }
}

/// Tells the person that we could not do it: nobody is left waiting for an answer that never comes.
async fn apologise(bot: &Inner, work: &mut Work, item: &Stored<InboxItem>) -> Result<(), ServiceError> {
    let Some(incoming) = decoded(item) else { return Ok(()) };
    if matches!(incoming.what, What::Unfollow | What::Unsend { .. }) {
        return Ok(());
    }
    if let Some(member) = bot.centre.member_by_contact(&incoming.contact).await? {
        let recipient = recipient(&incoming, &member.value, work.now());
        let object = serde_json::json!({ "type": "text", "text": bot.texts.get("failed") });
        let said = vec![lupinus_core::outbox::Message::Native { object }];
        work.send(recipient, said, lupinus_core::outbox::Sort::Personal, None, None)?;
    }
    Ok(())
}

fn decoded(item: &Stored<InboxItem>) -> Option<Incoming> {
    serde_json::from_value(item.value.event.clone()?).ok()
}

/// The event as it is now; `None` when it was worked off in the meantime.
async fn waiting(work: &Work, item: &Stored<InboxItem>) -> Result<Option<Stored<InboxItem>>, ServiceError> {
    let fresh = work.centre().store().load::<InboxItem>(&item.value.event_id).await?;
    Ok(fresh.filter(|fresh| fresh.value.event.is_some()))
}

fn recipient(incoming: &Incoming, member: &Member, now: Timestamp) -> Recipient {
    let to = Addressee { member: member.id, contact: Some(incoming.contact.clone()) };
    let until = incoming.received_at.saturating_add(REPLY_LIFE).unwrap_or(Timestamp::MAX);
    match &incoming.reply {
        Some(token) if now < until => Recipient::Reply { token: token.clone(), until, to },
        _ => Recipient::Person(to),
    }
}

#[tracing::instrument(skip_all, fields(webhook.event_id = %item.value.event_id))]
async fn work_on(bot: &Inner, item: &Stored<InboxItem>) -> Result<(), WorkError> {
    let Some(incoming) = decoded(item) else {
        // Written by another version, and not readable: nothing that trying again would change.
        tracing::error!("a stored event does not decode");
        figures::worked("undecodable");
        return Ok(finish_erased(bot, item).await?);
    };
    let lag = bot.centre.now().duration_since(item.value.happened_at);
    figures::lag(lag.as_secs_f64().max(0.0));
    match &incoming.what {
        What::Unfollow => unfollow(bot, item, &incoming).await?,
        What::Unsend { message } => unsend(bot, item, &incoming, message).await?,
        what => {
            if !matches!(what, What::Follow) {
                known(bot, &incoming).await?;
            }
            if let Some(message) = what.message()
                && unsent::is_unsent(bot, message).await?
            {
                figures::worked("unsent");
                return Ok(finish_erased(bot, item).await?);
            }
            let fetched = fetch(bot, &incoming).await?;
            converse(bot, item, &incoming, fetched).await?;
            if matches!(what, What::Code { .. } | What::Follow) {
                bot.roles_changed.notify_one();
            }
        }
    }
    tracing::debug!(event = incoming.what.name(), "worked off");
    bot.enqueued.notify_one();
    Ok(())
}

/// Ends an event whose content must leave the disk.
async fn finish_erased(bot: &Inner, item: &Stored<InboxItem>) -> Result<(), ServiceError> {
    bot.centre
        .transact(|mut work| async move {
            if let Some(fresh) = waiting(&work, item).await? {
                work.finish_event(&fresh)?;
                work.erases();
            }
            work.done(())
        })
        .await
}

/// Makes sure that we know who this is: somebody may write before their follow arrives, or after they left.
async fn known(bot: &Inner, incoming: &Incoming) -> Result<(), ServiceError> {
    let found = bot.centre.member_by_contact(&incoming.contact).await?;
    if found.is_some_and(|member| member.value.state == MemberState::Following) {
        return Ok(());
    }
    bot.centre
        .transact(|mut work| async move {
            work.follow(&incoming.contact).await?;
            work.done(())
        })
        .await
}

/// The bytes of a picture or file, when the dialogue wants one; before the change begins, since it takes its time.
async fn fetch(bot: &Inner, incoming: &Incoming) -> Result<Option<Fetched>, WorkError> {
    let What::Media { message, sort, size_bytes, .. } = &incoming.what else { return Ok(None) };
    if !matches!(sort, MediaSort::Image | MediaSort::File) {
        return Ok(None);
    }
    let Some(member) = bot.centre.member_by_contact(&incoming.contact).await? else { return Ok(None) };
    let store = bot.centre.store();
    let dialogue = store.load::<Dialogue>(&member.value.id.to_string()).await.map_err(ServiceError::from)?;
    let Some(dialogue) = dialogue else { return Ok(None) };
    let context = if bot.takes_media(&dialogue.value) {
        Context::Post
    } else if consults(bot, &member.value, &dialogue.value).await? {
        Context::Consultation
    } else {
        return Ok(None);
    };
    if size_bytes.is_some_and(|size| size > MAX_BLOB_BYTES as u64) {
        return Ok(Some(Fetched::TooLarge));
    }
    let Ok(id) = MessageId::new(message.as_str()) else { return Ok(Some(Fetched::Gone)) };
    let bytes = match bot.client.content(&id).await {
        Ok(content) => content.bytes(MAX_BLOB_BYTES).await,
        Err(error) => Err(error),
    };
    match bytes {
        Ok(bytes) => {
            let looked = match media_type(&bytes) {
                Some(kind) => Some((kind, bot.centre.look_into(kind, bytes.clone(), context).await)),
                None => None,
            };
            Ok(Some(Fetched::Bytes(bytes, looked)))
        }
        Err(ApiError::TooLarge { .. }) => Ok(Some(Fetched::TooLarge)),
        Err(ApiError::Gone { .. } | ApiError::Refused(_)) => Ok(Some(Fetched::Gone)),
        Err(error) => Err(WorkError::Fetch(error)),
    }
}

/// Whether a picture or file belongs to an open consultation, and the city takes such.
async fn consults(bot: &Inner, member: &Member, dialogue: &Dialogue) -> Result<bool, ServiceError> {
    if !bot.centre.policy().consultations.holds_media || !dialogue.consults() || bot.line_chat.is_on() {
        return Ok(false);
    }
    Ok(bot.centre.unresolved_consultation_of(member.id).await?.is_some())
}

/// The dialogue's next step, and the event's completion, in one change.
async fn converse(
    bot: &Inner,
    item: &Stored<InboxItem>,
    incoming: &Incoming,
    fetched: Option<Fetched>,
) -> Result<(), ServiceError> {
    let fetched = &fetched;
    let played = bot
        .centre
        .transact(|mut work| async move {
            let Some(fresh) = waiting(&work, item).await? else { return work.done(Vec::new()) };
            let mut dropped = Vec::new();
            let member = match &incoming.what {
                What::Follow => Some(work.follow(&incoming.contact).await?),
                _ => bot.centre.member_by_contact(&incoming.contact).await?.map(|member| member.value),
            };
            if let Some(member) = member {
                let mut turn = begin(bot, &mut work, member, incoming).await?;
                turn.happened = (fresh.value.happened_at, fresh.value.number);
                dialogue::play(&mut turn, &incoming.what, fetched.clone()).await?;
                dropped = turn.finish()?;
            }
            work.finish_event(&fresh)?;
            work.done(dropped)
        })
        .await;
    let error = match played {
        Ok(dropped) => {
            figures::worked("done");
            files::forget(bot, dropped).await;
            return Ok(());
        }
        Err(error) => error,
    };
    let Some(sentence) = dialogue::sentence(&error, &bot.texts) else { return Err(error) };
    figures::worked("refused");
    let sentence = sentence.as_str();
    // The refused change is gone whole; what is left to do is to say why.
    bot.centre
        .transact(|mut work| async move {
            let Some(fresh) = waiting(&work, item).await? else { return work.done(()) };
            if let Some(member) = bot.centre.member_by_contact(&incoming.contact).await? {
                let mut turn = begin(bot, &mut work, member.value, incoming).await?;
                turn.refuse(sentence);
                turn.finish()?;
            }
            if incoming.what.is_under_milder_rules() {
                // It is in no draft, and nobody has screened it under the rules for chats.
                work.erases();
            }
            work.finish_event(&fresh)?;
            work.done(())
        })
        .await
}

async fn begin<'a>(
    bot: &'a Inner,
    work: &'a mut Work,
    member: Member,
    incoming: &Incoming,
) -> Result<Turn<'a>, ServiceError> {
    let read = bot.centre.store().load::<Dialogue>(&member.id.to_string()).await?;
    let recipient = recipient(incoming, &member, work.now());
    let sender = bot.centre.sender_of(member.submits_for).await?;
    let mut turn = Turn::new(bot, work, member, read, recipient);
    turn.sender = sender;
    Ok(turn)
}

/// They blocked the account: nothing goes to them any more, and what was said in the dialogue is forgotten.
async fn unfollow(bot: &Inner, item: &Stored<InboxItem>, incoming: &Incoming) -> Result<(), ServiceError> {
    let dropped = bot
        .centre
        .transact(|mut work| async move {
            let Some(fresh) = waiting(&work, item).await? else { return work.done(Vec::new()) };
            let mut dropped = Vec::new();
            if let Some(member) = work.unfollow(&incoming.contact).await?
                && let Some(read) = bot.centre.store().load::<Dialogue>(&member.to_string()).await?
            {
                dropped = read.value.files();
                match read.value.while_blocked(work.now()) {
                    Some(rest) => work.update(&read, &rest)?,
                    None => work.delete(&read),
                }
                work.erases();
            }
            work.finish_event(&fresh)?;
            work.done(dropped)
        })
        .await?;
    files::forget(bot, dropped).await;
    Ok(())
}

/// They took a message back: it goes from the consultation, from the dialogue, from the profile and from the disk (R9).
async fn unsend(
    bot: &Inner,
    item: &Stored<InboxItem>,
    incoming: &Incoming,
    message: &str,
) -> Result<(), ServiceError> {
    let dropped = bot
        .centre
        .transact(|mut work| async move {
            let Some(fresh) = waiting(&work, item).await? else { return work.done(Vec::new()) };
            let (mut dropped, mut found) = (Vec::new(), false);
            if let Some(member) = bot.centre.member_by_contact(&incoming.contact).await? {
                let id = member.value.id;
                dropped = bot.centre.files_of_message(id, message).await?;
                found = work.unsend(By::Member(id), message).await?.is_some();
                if let Some(read) = bot.centre.store().load::<Dialogue>(&id.to_string()).await? {
                    let mut next = read.value.clone();
                    let told = next.untell(message);
                    if let Some(field) = told {
                        work.update_profile(By::Member(id), &[field.cleared()]).await?;
                    }
                    if next.unsend(message) || told.is_some() {
                        found = true;
                        next.changed_at = work.now();
                        let held = next.files();
                        dropped.extend(read.value.files().into_iter().filter(|file| !held.contains(file)));
                        work.update(&read, &next)?;
                        work.erases();
                    }
                }
            }
            if !found {
                // Also of somebody of whom nothing has arrived yet.
                unsent::remember(bot, &mut work, message).await?;
            }
            work.finish_event(&fresh)?;
            work.done(dropped)
        })
        .await?;
    files::forget(bot, dropped).await;
    Ok(())
}
