//! What the bot and one person are talking about: a state for each person, and one handler a file.

mod commands;
mod consult;
mod faq;
mod form;
mod invite;
mod join;
mod mine;
mod posts;
mod profile;
mod refusal;
mod state;
mod submit;
mod turn;

use self::commands::Command;
pub(crate) use self::{
    commands::{code_in, is_command},
    form::Fetched,
    refusal::sentence,
    state::{Dialogue, Step},
    turn::Turn,
};
use crate::incoming::{MediaSort, What, Words};
use lupinus_core::{screening::Context, service::ServiceError};

/// Lets the dialogue take its next step. Everything that follows goes into the turn's work.
///
/// # Errors
/// [`ServiceError`]: those with a [`sentence`] are for the person, the others are tried again.
pub(crate) async fn play(
    turn: &mut Turn<'_>,
    what: &What,
    fetched: Option<Fetched>,
) -> Result<(), ServiceError> {
    match what {
        What::Follow => {
            join::greet(turn);
            Ok(())
        }
        What::Unfollow | What::Unsend { .. } => Ok(()),
        What::Code { code } => invite::redeem(turn, code).await,
        What::Tap { data, date, time } => {
            turn.picked = date.clone().or_else(|| time.clone());
            tapped(turn, data).await
        }
        What::Text(words) => said(turn, words).await,
        What::Media { message, name, sort, .. } => {
            if let Some(fetched) = fetched {
                if turn.dialogue.consults() {
                    turn.erases |= name.is_some();
                    return consult::show(turn, message, fetched).await;
                }
                return submit::attach(turn, message, name.as_deref(), fetched).await;
            }
            // Its name was screened for a draft that may be over by now.
            turn.erases |= name.is_some();
            refuse_media(turn, *sort);
            Ok(())
        }
        What::Other { kind } => {
            let key = match (kind.as_str(), &turn.dialogue.step) {
                ("location", _) => "location-refused",
                (_, Step::Idle) => "sticker-thanks",
                _ => "sticker-go-on",
            };
            if kind == "location" {
                let words = turn.text(key);
                turn.ask_words(&words);
            } else {
                turn.say(key);
            }
            turn.offer_again();
            Ok(())
        }
    }
}

/// Says why a picture, file, video or voice was not taken, and where one would be. What was offered stays.
fn refuse_media(turn: &mut Turn<'_>, sort: MediaSort) {
    if let Step::Draft(form) = turn.dialogue.step.clone() {
        return submit::refuse_attachment(turn, *form, sort);
    }
    let attachable = matches!(sort, MediaSort::Image | MediaSort::File) && turn.bot.links.is_public();
    let for_a_post =
        attachable && turn.member.submits_for.is_some() && matches!(turn.dialogue.step, Step::Idle);
    let words = turn.text(if for_a_post { "media-for-posts" } else { "media-refused" });
    turn.ask_words(&words);
    turn.offer_again();
}

/// Somebody tapped a button, or typed what stands on it.
async fn tapped(turn: &mut Turn<'_>, data: &str) -> Result<(), ServiceError> {
    let (head, rest) = data.split_once('/').unwrap_or((data, ""));
    match head {
        "menu" => match Command::from_data(rest) {
            Some(command) => run(turn, command).await,
            None => stale(turn),
        },
        "rules" => join::rules(turn, rest).await,
        "profile" => profile::tapped(turn, rest).await,
        "consult" => consult::tapped(turn, rest).await,
        "draft" => submit::tapped(turn, rest).await,
        "post" => posts::tapped(turn, rest).await,
        "mine" => mine::tapped(turn, rest).await,
        "faq" => faq::tapped(turn, rest).await,
        _ => stale(turn),
    }
}

/// A button of another time, or data that is none of ours.
#[expect(clippy::unnecessary_wraps, reason = "the end of a handler")]
fn stale(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    turn.say("button-old");
    turn.offer_menu();
    Ok(())
}

async fn run(turn: &mut Turn<'_>, command: Command) -> Result<(), ServiceError> {
    match command {
        Command::Help => help(turn).await,
        Command::Rules => {
            join::show_rules(turn);
            Ok(())
        }
        Command::Join => {
            join::again(turn);
            Ok(())
        }
        Command::Consult => consult::begin(turn).await,
        Command::Faq => faq::list(turn).await,
        Command::Resolved => consult::resolve_open(turn).await,
        Command::Submit => submit::begin(turn).await,
        Command::Posts => posts::list(turn).await,
        Command::Mine => mine::show(turn).await,
        Command::Invite => {
            invite::ask(turn);
            Ok(())
        }
        Command::Leave => {
            mine::ask_erase(turn);
            Ok(())
        }
        Command::Cancel => {
            cancel(turn);
            Ok(())
        }
    }
}

/// They stop: what becomes of what was begun is said.
fn cancel(turn: &mut Turn<'_>) {
    let key = match &turn.dialogue.step {
        Step::Draft(form) if form.post.is_some() => "cancelled-mending",
        Step::Draft(_) => "cancelled-draft",
        Step::Withdraw { .. } => "cancelled-withdrawing",
        _ => "cancelled",
    };
    turn.leave_step();
    turn.say(key);
    turn.offer_menu();
}

async fn help(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    let name = turn.bot.settings.centre_name.clone();
    turn.say_with("help", &[("centre", &name)]);
    if turn.member.submits_for.is_some() {
        turn.say("help-submitter");
    }
    turn.offer_menu();
    if turn.has_accepted() && faq::is_any(turn).await? {
        turn.offer("button-faq", "menu/faq");
    }
    Ok(())
}

/// Somebody wrote something.
async fn said(turn: &mut Turn<'_>, words: &Words) -> Result<(), ServiceError> {
    if words.confirmed {
        return consult::ask(turn, words, None).await;
    }
    let text = words.text.trim();
    if let Some(data) = turn.dialogue.chosen(&turn.bot.texts, text) {
        return tapped(turn, &data).await;
    }
    if !turn.dialogue.kept.is_empty() {
        for (key, data) in
            [("button-send-consultation", "consult/free/send"), ("button-drop", "consult/free/drop")]
        {
            if text == turn.text(key) {
                return tapped(turn, data).await;
            }
        }
    }
    if let Some(command) = Command::typed(&turn.bot.texts, text)
        && !turn.dialogue.is_reason(&turn.bot.texts, command, text)
    {
        return run(turn, command).await;
    }
    match turn.dialogue.step.clone() {
        Step::Draft(form) => submit::written(turn, *form, words).await,
        // The text may have been screened as a draft that has ended since: look again, under the rules for chats.
        step => {
            let words = &again(turn, words);
            match step {
                Step::Consult { topic } => consult::written(turn, topic, words).await,
                Step::Profile { field, walk } => profile::written(turn, field, walk, words).await,
                Step::Code => invite::typed(turn, words).await,
                Step::Withdraw { post } => posts::withdraw(turn, post, words).await,
                Step::Idle | Step::Draft(_) => consult::free(turn, words).await,
            }
        }
    }
}

/// The words under the rules for chats. What stood in the inbox under milder ones leaves the disk with this change: another bot had
/// what ended the draft in hand when they were screened, and no store tells that.
fn again(turn: &mut Turn<'_>, words: &Words) -> Words {
    if words.context == Context::Consultation {
        return words.clone();
    }
    let screened = turn.bot.centre.screen().check(&words.text, Context::Consultation);
    let mut masked = words.masked.clone();
    masked.extend(
        screened
            .marks
            .iter()
            .filter(|mark| mark.action == lupinus_core::screening::Action::Block)
            .map(|mark| mark.kind),
    );
    turn.erases |= masked.len() > words.masked.len();
    Words { text: screened.into_masked(), masked, context: Context::Consultation, ..words.clone() }
}
