//! Handing in a post: one question after the other, the preview exactly as members will see it.

use jiff::civil::Time;
use lupinus_core::{
    audience::Audience,
    post::{
        Attachment, Category, Content, Field, MAX_ATTACHMENTS, MAX_BODY_CHARS, MAX_LINE_CHARS,
        MAX_TITLE_CHARS, Post, Urgency,
    },
    screening::Action,
    service::{Draft, ServiceError},
};

use super::{
    form::{Asking, Fetched, Form, date, people, venue},
    state::{Step, Tap},
    turn::Turn,
};
use crate::{incoming::Words, media, render::Marks};

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

/// Asks for what the form asks for.
pub(super) fn show(turn: &mut Turn<'_>, form: Form) {
    let asking = form.asking;
    match asking {
        Asking::Field(field) => ask_field(turn, &form, field),
        Asking::Alt => {
            let proposal =
                turn.text_with("submit-alt-proposal", &[("title", &form.title.clone().unwrap_or_default())]);
            let words = turn.text_with("submit-alt", &[("proposal", &proposal)]);
            turn.ask_words(&words);
            turn.offer("button-alt-proposal", "draft/alt");
        }
        Asking::Preview => preview(turn, &form),
        Asking::Which => which(turn, &form),
    }
    turn.dialogue.step = Step::Draft(Box::new(form));
}

fn ask_field(turn: &mut Turn<'_>, form: &Form, field: Field) {
    let max = match field {
        Field::Title => MAX_TITLE_CHARS,
        Field::Body => MAX_BODY_CHARS,
        _ => MAX_LINE_CHARS,
    };
    let max = max.to_string();
    let words = match field {
        Field::Category => turn.text("submit-category"),
        Field::Title => turn.text_with("submit-title", &[("max", &max)]),
        Field::Body => turn.text_with("submit-body", &[("max", &max)]),
        Field::Date => turn.text("submit-date"),
        Field::Time => turn.text("submit-time"),
        Field::Venue => turn.text("submit-venue"),
        Field::Capacity => turn.text("submit-capacity"),
        Field::ApplyBy => turn.text("submit-apply-by"),
        Field::Fee => turn.text("submit-fee"),
        Field::Contact => turn.text("submit-contact"),
        Field::Hosts => turn.text("submit-hosts"),
        Field::Attachment => turn.text_with("submit-attachment", &[("max", &MAX_ATTACHMENTS.to_string())]),
        Field::Link => turn.text("submit-link"),
    };
    if field == Field::Category {
        turn.say_words(&words);
        offer_categories(turn, 0);
        return;
    }
    turn.ask_words(&words);
    match field {
        Field::Date => turn.offer_choice(turn.text("button-pick-date"), "draft/date", Tap::PickDate),
        Field::ApplyBy => turn.offer_choice(turn.text("button-pick-date"), "draft/apply_by", Tap::PickDate),
        Field::Time => turn.offer_choice(turn.text("button-pick-time"), "draft/time", Tap::PickTime),
        Field::Venue => turn.offer("button-online", "draft/online"),
        Field::Fee => turn.offer("button-free", "draft/free"),
        Field::Attachment => {
            turn.offer_choice(turn.text("button-pictures"), "draft/pictures", Tap::Pictures);
            if !form.attachments.is_empty() {
                turn.offer("button-done", "draft/skip");
                turn.offer("button-no-attachments", "draft/clear/attachment");
            }
        }
        _ => {}
    }
    if Form::is_optional(field) && (field != Field::Attachment || form.attachments.is_empty()) {
        turn.offer("button-skip", "draft/skip");
    }
    if form.single {
        turn.offer("button-back", "draft/preview");
    }
    turn.offer("button-cancel", "menu/cancel");
}

fn offer_categories(turn: &mut Turn<'_>, page: usize) {
    let texts = turn.bot.texts.clone();
    for category in Category::ALL.into_iter().skip(page * 10).take(10) {
        turn.offer_words(texts.category(category), format!("draft/category/{}", category.name()));
    }
    turn.offer("button-more-categories", format!("draft/categories/{}", 1 - page.min(1)));
    turn.offer("button-cancel", "menu/cancel");
}

/// The post exactly as members will see it, and what stands in its way.
fn preview(turn: &mut Turn<'_>, form: &Form) {
    let content = Content { sender: turn.sender.clone(), ..form.content() };
    turn.say("submit-preview");
    turn.show(turn.bot.render.post(&content, Marks::default()));
    let check = turn.bot.centre.check_content(&content);
    let mut hints: Vec<String> = Vec::new();
    for problem in &check.problems {
        hints.push(format!("・{}:{}", turn.bot.texts.field(problem.field), problem.sentence_ja));
    }
    let mut blocked = false;
    for mark in &check.marks {
        let key = match mark.mark.action {
            Action::Block => "submit-blocked",
            Action::Warn => "submit-warned",
            Action::Allow => continue,
        };
        blocked |= mark.mark.action == Action::Block;
        let kind = turn.bot.texts.kinds(&[mark.mark.kind]);
        let hint = turn.text_with(key, &[("field", &turn.bot.texts.field(mark.field)), ("kind", &kind)]);
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    let ready = check.problems.is_empty() && !blocked;
    let hints = hints.join("\n");
    match (ready, hints.is_empty()) {
        (true, true) => turn.say("submit-ready"),
        (true, false) => turn.say_with("submit-ready-hints", &[("hints", &hints)]),
        (false, _) => turn.say_with("submit-not-ready", &[("hints", &hints)]),
    }
    if ready {
        turn.offer("button-hand-in", "draft/submit");
    }
    turn.offer("button-edit", "draft/which");
    turn.offer("button-later", "menu/cancel");
    turn.offer("button-discard", "draft/discard");
}

fn which(turn: &mut Turn<'_>, form: &Form) {
    turn.say("submit-which");
    let texts = turn.bot.texts.clone();
    for field in form.fields() {
        turn.offer_words(texts.field(field), format!("draft/edit/{}", field.name()));
    }
    // An event's fields fill all places: the way back then stands below the field.
    turn.offer("button-back", "draft/preview");
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
            set_alt(&mut form, &alt);
        }
        ("edit", _) => {
            let Some(field) = Field::from_name(value) else { return super::stale(turn) };
            form.asking = Asking::Field(field);
            form.single = true;
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
            set_alt(&mut form, &text);
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

fn set_alt(form: &mut Form, alt: &str) {
    let mut wordless = form.attachments.iter_mut().filter(|attachment| attachment.alt.trim().is_empty());
    if let Some(first) = wordless.next() {
        first.alt = alt.chars().take(MAX_LINE_CHARS).collect();
    }
    // Several pictures may have come at once: each needs its words. Then another can follow, until they say so.
    form.asking = if wordless.next().is_some() { Asking::Alt } else { Asking::Field(Field::Attachment) };
}

/// Takes a written answer to the field that is asked for, or says what is wrong with it and asks again.
#[expect(clippy::unused_async, reason = "handlers of an answer have one shape")]
async fn answer(
    turn: &mut Turn<'_>,
    mut form: Form,
    text: &str,
    message: Option<&str>,
) -> Result<(), ServiceError> {
    let Asking::Field(field) = form.asking else { return super::stale(turn) };
    let max = match field {
        Field::Title => MAX_TITLE_CHARS,
        Field::Body => MAX_BODY_CHARS,
        _ => MAX_LINE_CHARS,
    };
    let length = text.chars().count();
    if length > max && field != Field::Link {
        turn.say_with("submit-too-long", &[("max", &max.to_string()), ("length", &length.to_string())]);
        show(turn, form);
        return Ok(());
    }
    let today = turn.bot.centre.policy().hours.date_of(turn.work.now());
    let own = Some(text.to_owned()).filter(|text| !text.is_empty());
    let taken = match field {
        Field::Category => {
            let texts = &turn.bot.texts;
            form.category = Category::ALL.into_iter().find(|category| texts.category(*category) == text);
            form.category.is_some()
        }
        Field::Title => {
            form.title = own.map(|title| title.replace('\n', " "));
            form.title.is_some()
        }
        Field::Body => {
            form.body = own;
            form.body.is_some()
        }
        Field::Date | Field::ApplyBy => {
            let (date, time, problems) = date(text, today);
            if !problems.is_empty() || date.is_none() {
                let problems = problems.join("\n");
                turn.say_with("submit-date-problem", &[("problems", &problems)]);
                show(turn, form);
                return Ok(());
            }
            if field == Field::ApplyBy && form.date.is_some_and(|day| date.is_some_and(|by| by > day)) {
                turn.say("submit-apply-by-late");
                show(turn, form);
                return Ok(());
            }
            if field == Field::Date {
                form.date = date;
                if let Some(time) = time {
                    form.set_time(time);
                }
            } else {
                form.apply_by = date;
            }
            true
        }
        Field::Time => match lupinus_core::calendar::read_time(text) {
            Ok(time) => {
                form.set_time(time);
                true
            }
            Err(problem) => {
                turn.say_with("submit-date-problem", &[("problems", &problem.sentence_ja())]);
                false
            }
        },
        Field::Venue => {
            form.venue = own.as_deref().map(venue);
            form.venue.is_some()
        }
        Field::Capacity => {
            form.capacity = people(text);
            if form.capacity.is_none() {
                turn.say("submit-capacity-problem");
            }
            form.capacity.is_some()
        }
        Field::Fee => {
            form.fee = own;
            form.fee.is_some()
        }
        Field::Contact => {
            form.contact = own;
            form.contact.is_some()
        }
        Field::Hosts => {
            form.hosts = own;
            form.hosts.is_some()
        }
        Field::Link => {
            form.link =
                own.filter(|link| link.starts_with("https://") && !link.contains(char::is_whitespace));
            if form.link.is_none() {
                turn.say("submit-link-problem");
            }
            form.link.is_some()
        }
        Field::Attachment => {
            turn.say("submit-attachment-words");
            false
        }
    };
    if taken {
        if let Some(message) = message {
            form.sources.retain(|_, known| *known != field);
            form.sources.insert(message.to_owned(), field);
        }
        form.advance(field);
    }
    show(turn, form);
    Ok(())
}

/// They sent a picture or file for the draft.
pub(super) async fn attach(
    turn: &mut Turn<'_>,
    message: &str,
    name: Option<&str>,
    fetched: Fetched,
) -> Result<(), ServiceError> {
    let Step::Draft(form) = turn.dialogue.step.clone() else {
        turn.say("media-refused");
        return Ok(());
    };
    let mut form = *form;
    let bytes = match fetched {
        Fetched::Bytes(bytes) => bytes,
        Fetched::TooLarge => {
            turn.say("attachment-too-large");
            show(turn, form);
            return Ok(());
        }
        Fetched::Gone => {
            turn.say("attachment-gone");
            show(turn, form);
            return Ok(());
        }
    };
    let Some(media_type) = media::media_type(&bytes) else {
        turn.say("attachment-kind");
        show(turn, form);
        return Ok(());
    };
    let size_bytes = bytes.len() as u64;
    let Ok(sha256) = turn.bot.blobs.put(bytes).await else {
        return Err(ServiceError::Busy);
    };
    let number = form.attachments.len() + 1;
    let extension = match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "pdf",
    };
    let name = name.map_or_else(
        || format!("{}{number}.{extension}", turn.text("attachment-name")),
        |name| name.chars().take(MAX_LINE_CHARS).collect(),
    );
    form.attachments.push(Attachment {
        name,
        media_type: media_type.to_owned(),
        size_bytes,
        sha256,
        alt: String::new(),
    });
    form.sources.insert(message.to_owned(), Field::Attachment);
    form.asking = Asking::Alt;
    turn.say("attachment-taken");
    show(turn, form);
    Ok(())
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
