//! Written answers: taken, or asked for again with what is wrong.

use lupinus_core::{
    post::{Category, Field},
    service::ServiceError,
};

use super::{ask::show, max_chars};
use crate::dialogue::{
    form::{Asking, Form, date, people, venue},
    turn::Turn,
};

/// Takes a written answer to the field that is asked for, or says what is wrong with it and asks again.
pub(super) async fn answer(
    turn: &mut Turn<'_>,
    mut form: Form,
    text: &str,
    message: Option<&str>,
) -> Result<(), ServiceError> {
    let Asking::Field(field) = form.asking else { return crate::dialogue::stale(turn) };
    let max = max_chars(field);
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
