//! Consultations (相談): the rule first, then the words, and nothing written is lost.

use jiff::Timestamp;
use lupinus_core::{
    consultation::{Media, MediaState, Rating, Said, Topic},
    ids::ConsultationId,
    inbox::InboxItem,
    service::{LookedInto, ServiceError},
};

use super::{commands::means, faq, form::Fetched, join, state::Step, turn::Turn};
use crate::incoming::{Incoming, What, Words, lane_of};

/// How many messages outside any dialogue wait for the tap that makes them a consultation.
const MAX_KEPT: usize = 10;
/// How many topics are offered at a time.
const TOPICS_A_PAGE: usize = 9;

/// They want to ask something.
pub(super) async fn begin(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if join::stands_in_the_way(turn) {
        return Ok(());
    }
    if is_closed(turn) {
        return Ok(());
    }
    let open = turn.bot.centre.unresolved_consultation_of(turn.id()).await?;
    turn.go(Step::Consult { topic: None });
    if let Some(open) = open {
        turn.say("consult-rule");
        turn.say("consult-continue");
        turn.offer("button-resolved", format!("consult/resolve/{}", open.value.id));
        turn.offer("button-cancel", "menu/cancel");
        return Ok(());
    }
    turn.say("consult-rule");
    turn.say("consult-ask");
    // Somebody may have asked the same.
    if faq::is_any(turn).await? {
        turn.offer("button-faq", "menu/faq");
    }
    offer_topics(turn, &Topic::ALL, 0, "consult", "");
    turn.offer("button-cancel", "menu/cancel");
    Ok(())
}

/// They wrote what was asked for, or that they skip the topic.
pub(super) async fn written(
    turn: &mut Turn<'_>,
    topic: Option<Topic>,
    words: &Words,
) -> Result<(), ServiceError> {
    if means(&turn.bot.texts, "words-skip", &words.text) {
        let words = turn.text("consult-words");
        turn.ask_words(&words);
        turn.offer("button-cancel", "menu/cancel");
        return Ok(());
    }
    ask(turn, words, topic).await
}

/// R2: while LINE's own chat is on, nothing is taken. Answers whether that is so, and says it.
fn is_closed(turn: &mut Turn<'_>) -> bool {
    let is_closed = turn.bot.line_chat.is_on();
    if is_closed {
        turn.leave_step();
        turn.say("consult-not-open");
        turn.offer_menu();
    }
    is_closed
}

/// As [`is_closed`], for words that came: they are not kept, but for those that waited already.
fn is_closed_to(turn: &mut Turn<'_>, words: &Words) -> bool {
    if !turn.bot.line_chat.is_on() {
        return false;
    }
    turn.leave_step();
    if words.confirmed {
        keep(turn, words);
        turn.say("consult-not-open-kept");
    } else {
        turn.erases = true;
        turn.say("consult-not-open-dropped");
    }
    turn.offer_menu();
    true
}

/// Offers topics, as many as fit, for a tap on `PART/topic/NAME` with what stands `behind`; and a way round to the others.
pub(super) fn offer_topics(turn: &mut Turn<'_>, topics: &[Topic], page: usize, part: &str, behind: &str) {
    let texts = turn.bot.texts.clone();
    let pages = topics.len().div_ceil(TOPICS_A_PAGE).max(1);
    let page = page.min(pages - 1);
    for topic in topics.iter().skip(page * TOPICS_A_PAGE).take(TOPICS_A_PAGE) {
        turn.offer_words(texts.topic(*topic), format!("{part}/topic/{}{behind}", topic.name()));
    }
    if pages > 1 {
        turn.offer("button-more-topics", format!("{part}/topics/{}", (page + 1) % pages));
    }
}

/// They tapped something about a consultation.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    let (head, value) = rest.split_once('/').unwrap_or((rest, ""));
    match head {
        "topics" | "topic" if is_closed(turn) => {}
        "topics" => {
            turn.go(Step::Consult { topic: None });
            let words = turn.text("consult-topics");
            turn.ask_words(&words);
            offer_topics(turn, &Topic::ALL, value.parse().unwrap_or(0), "consult", "");
            turn.offer("button-cancel", "menu/cancel");
        }
        "topic" => {
            if join::stands_in_the_way(turn) {
                return Ok(());
            }
            let topic = Topic::from_name(value);
            turn.go(Step::Consult { topic });
            let name = topic.map(|topic| turn.bot.texts.topic(topic)).unwrap_or_default();
            let words = turn.text_with("consult-topic-chosen", &[("topic", &name)]);
            turn.ask_words(&words);
            turn.offer("button-cancel", "menu/cancel");
        }
        "free" if value == "send" => return send_offered(turn).await,
        "free" => {
            turn.erases = true;
            turn.dialogue.kept.clear();
            turn.leave_step();
            turn.say("free-dropped");
            turn.offer_menu();
        }
        "resolve" => match value.parse::<ConsultationId>() {
            Ok(id) => resolve(turn, id).await?,
            Err(_) => return super::stale(turn),
        },
        "rate" => return rated(turn, value).await,
        _ => return super::stale(turn),
    }
    Ok(())
}

/// Hands a text to the centre.
pub(super) async fn ask(
    turn: &mut Turn<'_>,
    words: &Words,
    topic: Option<Topic>,
) -> Result<(), ServiceError> {
    if is_closed_to(turn, words) {
        return Ok(());
    }
    if !turn.has_accepted() {
        // Kept, masked, until the rules are accepted.
        keep(turn, words);
        join::stands_in_the_way(turn);
        return Ok(());
    }
    if words.text.trim().is_empty() {
        let words = turn.text("consult-empty");
        turn.ask_words(&words);
        return Ok(());
    }
    let said = Said {
        text: words.text.clone(),
        masked: words.masked.clone(),
        channel_message: Some(words.message.clone()),
        topic,
    };
    let (by, recipient) = (turn.by(), turn.recipient.clone());
    let asked = turn.work.ask(by, said, recipient).await?;
    turn.told = asked.told;
    turn.leave_step();
    if !words.masked.is_empty() {
        crate::figures::masked();
    }
    Ok(())
}

/// A picture or file for the open consultation: held until one of the staff has looked (R11).
pub(super) async fn show(turn: &mut Turn<'_>, message: &str, fetched: Fetched) -> Result<(), ServiceError> {
    let key = match fetched {
        Fetched::Bytes(_, Some((_, LookedInto::Refused(kinds)))) => {
            crate::figures::masked();
            let kinds = turn.bot.texts.kinds(&kinds);
            let words = turn.text_with("consult-media-personal", &[("kinds", &kinds)]);
            turn.ask_words(&words);
            return Ok(());
        }
        Fetched::Bytes(bytes, Some((media_type, LookedInto::Taken(_)))) => {
            let size_bytes = bytes.len() as u64;
            let Ok(sha256) = turn.bot.blobs.put(bytes).await else { return Err(ServiceError::Busy) };
            let state = MediaState::Held { sha256, viewer: None };
            let media = Media { media_type: media_type.to_owned(), size_bytes, state };
            let by = turn.by();
            turn.work.show(by, media, message.to_owned()).await?;
            turn.leave_step();
            "consult-media-held"
        }
        Fetched::Bytes(_, None) | Fetched::TooLarge => "consult-media-kind",
        Fetched::Gone => "attachment-gone",
    };
    let words = turn.text(key);
    turn.ask_words(&words);
    turn.offer_again();
    Ok(())
}

/// A text outside any dialogue: part of the open consultation, or offered as a new one, and in any case kept.
pub(super) async fn free(turn: &mut Turn<'_>, words: &Words) -> Result<(), ServiceError> {
    if is_closed_to(turn, words) {
        return Ok(());
    }
    if turn.has_accepted() && turn.bot.centre.unresolved_consultation_of(turn.id()).await?.is_some() {
        return ask(turn, words, None).await;
    }
    if let Some(rating) = typed_rating(turn, words) {
        let last = turn.bot.centre.consultations_of(turn.id(), None, 1).await?.items.into_iter().next();
        if let Some(last) = last.filter(|last| last.value.is_resolved()) {
            return rate(turn, last.value.id, rating).await;
        }
    }
    keep(turn, words);
    if !words.masked.is_empty() {
        crate::figures::masked();
        let kinds = turn.bot.texts.kinds(&words.masked);
        turn.say_with("free-masked", &[("kinds", &kinds)]);
    }
    if join::stands_in_the_way(turn) {
        return Ok(());
    }
    offer_kept(turn);
    Ok(())
}

/// Asks what is to become of what waits.
pub(super) fn offer_kept(turn: &mut Turn<'_>) {
    turn.say("free-offer");
    turn.offer("button-send-consultation", "consult/free/send");
    turn.offer("button-drop", "consult/free/drop");
    turn.offer("button-help", "menu/help");
}

fn keep(turn: &mut Turn<'_>, words: &Words) {
    if turn.dialogue.kept.len() < MAX_KEPT {
        turn.dialogue.kept.push(words.clone());
    } else {
        turn.say("free-full");
    }
}

/// What waited becomes a consultation: the first text in this change, the others as events right behind it, so that each is
/// worked on once and in order.
async fn send_offered(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if turn.dialogue.kept.is_empty() {
        return super::stale(turn);
    }
    if join::stands_in_the_way(turn) {
        return Ok(());
    }
    if turn.bot.line_chat.is_on() {
        turn.say("consult-not-open-kept");
        turn.offer_menu();
        return Ok(());
    }
    let mut texts = std::mem::take(&mut turn.dialogue.kept).into_iter();
    let Some(first) = texts.next() else { return super::stale(turn) };
    turn.erases = true;
    ask(turn, &first, None).await?;
    let Some(contact) = turn.member.contact.clone() else { return Ok(()) };
    let now: Timestamp = turn.work.now();
    // Right behind the tap, and before whatever the person did after it: an unsend must find what it takes back.
    let (happened_at, place) = turn.happened;
    for (number, words) in (place + 1..).zip(texts) {
        let incoming = Incoming {
            contact: contact.clone(),
            reply: None,
            received_at: now,
            what: What::Text(Words { confirmed: true, ..words.clone() }),
        };
        let Ok(event) = serde_json::to_value(&incoming) else { continue };
        turn.work.insert(&InboxItem {
            event_id: format!("confirmed-{}", words.message),
            lane: lane_of(&contact),
            happened_at,
            number,
            received_at: now,
            event: Some(event),
            failures: 0,
        })?;
    }
    Ok(())
}

async fn resolve(turn: &mut Turn<'_>, id: ConsultationId) -> Result<(), ServiceError> {
    let (by, recipient) = (turn.by(), turn.recipient.clone());
    turn.work.resolve_by_member(by, id, recipient).await?;
    turn.told = true;
    turn.leave_step();
    Ok(())
}

/// They typed that it is resolved.
pub(super) async fn resolve_open(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if let Some(open) = turn.bot.centre.unresolved_consultation_of(turn.id()).await? {
        return resolve(turn, open.value.id).await;
    }
    turn.say("consult-none-open");
    turn.offer_menu();
    Ok(())
}

/// They tapped whether it helped: nothing is asked back, and a second tap puts the first one right.
async fn rated(turn: &mut Turn<'_>, value: &str) -> Result<(), ServiceError> {
    let (id, rating) = value.split_once('/').unwrap_or((value, ""));
    let (Ok(id), Some(rating)) = (id.parse::<ConsultationId>(), Rating::from_name(rating)) else {
        return super::stale(turn);
    };
    rate(turn, id, rating).await
}

/// What stands on a button, typed.
fn typed_rating(turn: &Turn<'_>, words: &Words) -> Option<Rating> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let typed = letters(&words.text);
    Rating::ALL.into_iter().find(|rating| letters(&turn.bot.texts.rating(*rating)) == typed)
}

async fn rate(turn: &mut Turn<'_>, id: ConsultationId, rating: Rating) -> Result<(), ServiceError> {
    let by = turn.by();
    turn.work.rate_consultation(by, id, rating).await?;
    turn.say("consult-rated");
    turn.offer_again();
    Ok(())
}
