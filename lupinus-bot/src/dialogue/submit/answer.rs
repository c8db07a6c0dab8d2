//! Written answers: taken, or asked for again with what is wrong.

use lupinus_core::{
    calendar,
    post::{Category, Field},
    service::ServiceError,
};

use super::{
    ask::{offer_ways_on, show},
    max_chars,
};
use crate::dialogue::{
    commands::named,
    form::{Asking, Form, people, plain_date, venue},
    refusal,
    state::Step,
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
    let own = Some(text.to_owned()).filter(|text| !text.is_empty());
    let taken = match field {
        Field::Category => {
            let labels = Category::ALL.into_iter().map(|category| turn.bot.texts.category(category));
            let found = named(labels, text).and_then(|place| Category::ALL.get(place));
            form.category = found.copied();
            if form.category.is_none() {
                turn.say("choices-unknown");
            }
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
        Field::Date | Field::ApplyBy => match dated(turn, &mut form, field, text, message) {
            Dated::Taken => true,
            Dated::Asked => false,
            Dated::Partly => {
                turn.dialogue.step = Step::Draft(Box::new(form));
                return Ok(());
            }
        },
        Field::Time => match calendar::read_time(text) {
            Ok(time) => {
                form.set_time(time);
                true
            }
            Err(problem) => {
                turn.say_with(
                    "submit-date-problem",
                    &[("problems", &refusal::of_date(&problem, &turn.bot.texts))],
                );
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

/// What became of a written date.
enum Dated {
    /// It is in the form.
    Taken,
    /// Something is wrong with it, and said.
    Asked,
    /// A part was read, and they are asked whether that is what they mean.
    Partly,
}

/// Takes a date, when the whole text is one. What stands beside it must not vanish without a word.
fn dated(turn: &mut Turn<'_>, form: &mut Form, field: Field, text: &str, message: Option<&str>) -> Dated {
    let today = turn.bot.centre.policy().hours.date_of(turn.work.now());
    let read = calendar::read_date(text, today);
    let (Some(date), true) = (read.date, read.problems.is_empty()) else {
        let texts = &turn.bot.texts;
        let problems: Vec<String> =
            read.problems.iter().map(|problem| refusal::of_date(problem, texts)).collect();
        turn.say_with("submit-date-problem", &[("problems", &problems.join("\n"))]);
        return Dated::Asked;
    };
    if field == Field::ApplyBy && form.date.is_some_and(|day| date > day) {
        turn.say("submit-apply-by-late");
        return Dated::Asked;
    }
    // A deadline is a day.
    let time = read.time.filter(|_| field == Field::Date);
    if !read.complete || time != read.time {
        let mut shown = turn.bot.texts.date(date);
        if let Some(time) = time {
            shown = format!("{shown} {}", turn.bot.texts.period(time.start, time.end));
        }
        turn.say_with("submit-date-partly", &[("read", &shown)]);
        turn.offer("button-date-as-read", format!("draft/as-read/{}", plain_date(date, time)));
        offer_ways_on(turn, form, field);
        if let Some(message) = message {
            form.sources.insert(message.to_owned(), field);
        }
        return Dated::Partly;
    }
    if field == Field::Date {
        form.date = Some(date);
        if let Some(time) = time {
            form.set_time(time);
        }
    } else {
        form.apply_by = Some(date);
    }
    Dated::Taken
}
