//! What is asked for next, with what can be tapped below it.

use lupinus_core::{
    post::{Attachment, Category, Content, Field, MAX_ATTACHMENTS},
    screening::Action,
};

use super::max_chars;
use crate::{
    dialogue::{
        form::{Asking, Form},
        refusal,
        state::{Step, Tap},
        turn::Turn,
    },
    render::Marks,
};

/// Asks for what the form asks for.
pub(in crate::dialogue) fn show(turn: &mut Turn<'_>, mut form: Form) {
    if form.asking == Asking::Field(Field::Attachment) && form.is_wordless() {
        // Its words were taken back: nothing goes on without them.
        form.asking = Asking::Alt;
    }
    if matches!(form.asking, Asking::Field(Field::Attachment) | Asking::Alt) && !turn.bot.links.is_public() {
        // What members could not open is not asked for, and not left in a post.
        turn.say(if form.attachments.is_empty() {
            "submit-no-attachments"
        } else {
            "submit-attachments-off"
        });
        form.clear(Field::Attachment);
        form.advance(Field::Attachment);
    }
    match form.asking {
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
    let max = max_chars(field).to_string();
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
    offer_ways_on(turn, form, field);
}

/// How to go on without an answer.
pub(super) fn offer_ways_on(turn: &mut Turn<'_>, form: &Form, field: Field) {
    if Form::is_optional(field) && (field != Field::Attachment || form.attachments.is_empty()) {
        turn.offer("button-skip", "draft/skip");
    }
    if form.single {
        turn.offer("button-back", "draft/preview");
    }
    turn.offer("button-cancel", "menu/cancel");
}

pub(super) fn offer_categories(turn: &mut Turn<'_>, page: usize) {
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
        hints.push(refusal::hint(*problem, &turn.bot.texts));
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
    } else if form.attachments.iter().any(Attachment::is_unchecked) {
        turn.offer("button-checked", "draft/checked");
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
