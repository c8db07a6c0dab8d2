//! Handing in a post: one question after the other, the preview exactly as members will see it.

mod answer;
mod ask;
mod attach;

use jiff::civil::Time;
use lupinus_core::{
    audience::Audience,
    post::{Category, Field, MAX_BODY_CHARS, MAX_LINE_CHARS, MAX_TITLE_CHARS, Post, Urgency},
    service::{Draft, ServiceError},
};

use self::{answer::answer, ask::offer_categories};
pub(super) use self::{
    ask::show,
    attach::{attach, refuse_attachment},
};
use super::{
    form::{Asking, Form, venue},
    state::Step,
    turn::Turn,
};
use crate::incoming::Words;

/// The longest answer to a question, in `char`s.
const fn max_chars(field: Field) -> usize {
    match field {
        Field::Title => MAX_TITLE_CHARS,
        Field::Body => MAX_BODY_CHARS,
        _ => MAX_LINE_CHARS,
    }
}

/// They want to hand in a post.
#[expect(clippy::unused_async, reason = "handlers of a command have one shape")]
pub(super) async fn begin(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if super::join::stands_in_the_way(turn) {
        return Ok(());
    }
    if turn.member.submits_for.is_none() {
        turn.say("submit-for-submitters");
        turn.offer("button-invite", "menu/invite");
        turn.offer("button-consult", "menu/consult");
        return Ok(());
    }
    turn.leave_step();
    if turn.dialogue.parked.iter().any(|form| form.post.is_none()) {
        turn.say("submit-parked");
        turn.offer("button-continue", "draft/continue");
        turn.offer("button-new", "draft/new");
        return Ok(());
    }
    turn.say("submit-begin");
    show(turn, Form::new());
    Ok(())
}

/// They tapped an answer.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    let (head, value) = rest.split_once('/').unwrap_or((rest, ""));
    if turn.member.submits_for.is_none() {
        turn.say("submit-for-submitters");
        return Ok(());
    }
    match head {
        "new" => {
            turn.leave_step();
            turn.dialogue.unpark(None);
            turn.say("submit-begin");
            show(turn, Form::new());
            return Ok(());
        }
        "continue" => {
            turn.leave_step();
            let Some(form) = turn.dialogue.unpark(None) else { return super::stale(turn) };
            show(turn, form);
            return Ok(());
        }
        _ => {}
    }
    let Step::Draft(form) = turn.dialogue.step.clone() else { return super::stale(turn) };
    let mut form = *form;
    let asked = match form.asking {
        Asking::Field(field) => Some(field),
        _ => None,
    };
    match (head, asked) {
        ("categories", _) => {
            turn.say("submit-category");
            offer_categories(turn, value.parse().unwrap_or(0));
            return Ok(());
        }
        ("category", Some(Field::Category)) => {
            let Some(category) = Category::from_name(value) else { return super::stale(turn) };
            form.category = Some(category);
            form.advance(Field::Category);
        }
        ("skip", Some(field)) if Form::is_optional(field) => {
            if field != Field::Attachment {
                form.clear(field);
            }
            form.advance(field);
        }
        ("date", Some(Field::Date)) | ("apply_by", Some(Field::ApplyBy)) => {
            let picked = turn.picked.clone().unwrap_or_default();
            return answer(turn, form, &picked, None).await;
        }
        ("as-read", Some(Field::Date | Field::ApplyBy)) => {
            return answer(turn, form, value, None).await;
        }
        ("time", Some(Field::Time)) => {
            let Some(start) = turn.picked.as_deref().and_then(|picked| picked.parse::<Time>().ok()) else {
                return super::stale(turn);
            };
            (form.starts, form.ends) = (Some(start), None);
            form.advance(Field::Time);
        }
        ("online", Some(Field::Venue)) => {
            form.venue = Some(venue("オンライン"));
            form.advance(Field::Venue);
        }
        ("free", Some(Field::Fee)) => {
            form.fee = Some(turn.text("button-free"));
            form.advance(Field::Fee);
        }
        ("clear", _) if value == "attachment" => {
            form.clear(Field::Attachment);
        }
        ("alt", _) if form.asking == Asking::Alt => {
            let title = form.title.clone().unwrap_or_default();
            let alt = turn.text_with("submit-alt-proposal", &[("title", &title)]);
            set_alt(&mut form, &alt, None);
        }
        ("edit", _) => {
            let Some(field) = Field::from_name(value) else { return super::stale(turn) };
            form.asking = Asking::Field(field);
            form.single = true;
        }
        ("checked", _) if form.asking == Asking::Preview => {
            for attachment in &mut form.attachments {
                attachment.checked = true;
            }
        }
        ("which", _) => form.asking = Asking::Which,
        ("preview", _) => {
            form.single = false;
            form.asking = Asking::Preview;
        }
        ("discard", _) => {
            turn.erases = true;
            turn.drop_draft();
            turn.say("submit-discarded");
            turn.offer_menu();
            return Ok(());
        }
        ("submit", _) if form.asking == Asking::Preview => return hand_in(turn, &form).await,
        _ => return super::stale(turn),
    }
    show(turn, form);
    Ok(())
}

/// They wrote an answer.
pub(super) async fn written(turn: &mut Turn<'_>, mut form: Form, words: &Words) -> Result<(), ServiceError> {
    if !words.masked.is_empty() {
        // What is published must not hold it, and a masked word in a post helps nobody: it is asked for again.
        crate::figures::masked();
        let kinds = turn.bot.texts.kinds(&words.masked);
        turn.say_with("submit-masked", &[("kinds", &kinds), ("text", &words.text)]);
        show(turn, form);
        return Ok(());
    }
    let text = words.text.trim().to_owned();
    if super::commands::means(&turn.bot.texts, "words-skip", &text) {
        // Never the text of a field: it is skipped, or cannot be.
        match form.asking {
            Asking::Field(field) if Form::is_optional(field) => return Box::pin(tapped(turn, "skip")).await,
            Asking::Field(field) => {
                let field = turn.bot.texts.field(field);
                turn.say_with("submit-needed", &[("field", &field)]);
            }
            Asking::Alt => {
                let field = turn.text("field-alt");
                turn.say_with("submit-needed", &[("field", &field)]);
            }
            Asking::Preview | Asking::Which => turn.say("submit-choose"),
        }
        show(turn, form);
        return Ok(());
    }
    match form.asking {
        Asking::Field(_) => answer(turn, form, &text, Some(&words.message)).await,
        Asking::Alt => {
            set_alt(&mut form, &text, Some(&words.message));
            show(turn, form);
            Ok(())
        }
        // Words at the preview are no answer: show what can be done.
        Asking::Preview | Asking::Which => {
            turn.say("submit-choose");
            show(turn, form);
            Ok(())
        }
    }
}

fn set_alt(form: &mut Form, alt: &str, message: Option<&str>) {
    let wordless = form.attachments.iter_mut().find(|attachment| attachment.alt.trim().is_empty());
    if let Some(first) = wordless {
        first.alt = alt.chars().take(MAX_LINE_CHARS).collect();
        if let Some(message) = message {
            form.alts.insert(message.to_owned(), first.sha256);
        }
    }
    // Several pictures may have come at once: each needs its words. Then another can follow, until they say so.
    form.asking = if form.is_wordless() { Asking::Alt } else { Asking::Field(Field::Attachment) };
}

async fn hand_in(turn: &mut Turn<'_>, form: &Form) -> Result<(), ServiceError> {
    let by = turn.by();
    let content = form.content();
    let post: Post = if let Some(id) = form.post {
        turn.work.edit_and_submit(by, id, content).await?
    } else {
        let draft = Draft { content, urgency: Urgency::Normal, audience: Audience::Members, body: None };
        turn.work.draft_and_submit(by, draft).await?
    };
    turn.drop_draft();
    turn.say_with("submit-done", &[("title", post.title())]);
    turn.offer("button-posts", "menu/posts");
    turn.offer("button-submit", "menu/submit");
    Ok(())
}
