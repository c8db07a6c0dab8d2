//! A post in the making: what was said so far, and what is asked for next.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::civil::{Date, Time};
use lupinus_core::{
    calendar::{self, WrittenTime},
    hash::Sha256Hash,
    ids::PostId,
    post::{Attachment, Category, Content, EventDetails, Field, MAX_ATTACHMENTS, Venue},
    service::LookedInto,
};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A picture or file that was fetched from the channel.
#[derive(Clone, Debug)]
pub(crate) enum Fetched {
    /// Here it is, with what it is and what came of looking into it; `None` for what is neither a picture nor a PDF file.
    Bytes(Bytes, Option<(&'static str, LookedInto)>),
    /// It is longer than may be.
    TooLarge,
    /// The channel does not have it any more.
    Gone,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asking {
    /// A field.
    Field(Field),
    /// What the first attachment without words shows.
    Alt,
    /// What to do with the finished draft.
    Preview,
    /// Which field to change.
    Which,
}

/// A post in the making.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Form {
    /// The returned post that it mends.
    pub(crate) post: Option<PostId>,
    /// What is asked for.
    pub(crate) asking: Asking,
    /// Whether one field alone is changed: after it comes the preview.
    pub(crate) single: bool,
    pub(crate) category: Option<Category>,
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) starts: Option<Time>,
    pub(crate) ends: Option<Time>,
    pub(crate) venue: Option<Venue>,
    pub(crate) capacity: Option<u32>,
    pub(crate) apply_by: Option<Date>,
    pub(crate) fee: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) hosts: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
    /// The message that each field came from, so that taking it back empties the field.
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, Field>,
    /// The message that each picture or file came with.
    #[serde(default)]
    pub(crate) pictures: BTreeMap<String, Sha256Hash>,
    /// The message that the words for a picture or file came from.
    #[serde(default)]
    pub(crate) alts: BTreeMap<String, Sha256Hash>,
}

/// The order of the questions. Hosts are asked for only when somebody wants to add them.
const ORDER: [Field; 12] = [
    Field::Category,
    Field::Title,
    Field::Body,
    Field::Date,
    Field::Time,
    Field::Venue,
    Field::Capacity,
    Field::ApplyBy,
    Field::Fee,
    Field::Contact,
    Field::Attachment,
    Field::Link,
];

impl Form {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self {
            post: None,
            asking: Asking::Field(Field::Category),
            single: false,
            category: None,
            title: None,
            body: None,
            date: None,
            starts: None,
            ends: None,
            venue: None,
            capacity: None,
            apply_by: None,
            fee: None,
            contact: None,
            hosts: None,
            link: None,
            attachments: Vec::new(),
            sources: BTreeMap::new(),
            pictures: BTreeMap::new(),
            alts: BTreeMap::new(),
        }
    }

    /// One that mends a post.
    pub(crate) fn of(post: PostId, content: &Content) -> Self {
        let event = content.event.clone();
        let event = event.as_ref();
        Self {
            post: Some(post),
            asking: Asking::Preview,
            category: Some(content.category),
            title: Some(content.title.clone()),
            body: Some(content.body.clone()),
            date: event.map(|event| event.date),
            starts: event.and_then(|event| event.starts),
            ends: event.and_then(|event| event.ends),
            venue: event.and_then(|event| event.venue.clone()),
            capacity: event.and_then(|event| event.capacity),
            apply_by: event.and_then(|event| event.apply_by),
            fee: event.and_then(|event| event.fee.clone()),
            contact: event.and_then(|event| event.contact.clone()),
            hosts: event.and_then(|event| event.hosts.clone()),
            link: content.link.clone(),
            attachments: content.attachments.clone(),
            ..Self::new()
        }
    }

    /// What members would see.
    pub(crate) fn content(&self) -> Content {
        let category = self.category.unwrap_or(Category::Other);
        let event = self.date.filter(|_| self.has_event()).map(|date| EventDetails {
            date,
            starts: self.starts,
            ends: self.ends,
            venue: self.venue.clone(),
            capacity: self.capacity,
            apply_by: self.apply_by,
            fee: self.fee.clone(),
            contact: self.contact.clone(),
            hosts: self.hosts.clone(),
        });
        Content {
            category,
            title: self.title.clone().unwrap_or_default(),
            body: self.body.clone().unwrap_or_default(),
            event,
            attachments: self.attachments.clone(),
            link: self.link.clone(),
            expires_at: None,
            sender: None,
        }
    }

    pub(crate) fn has_event(&self) -> bool {
        self.category.is_some_and(Category::is_event)
    }

    /// The fields that this post can have.
    pub(crate) fn fields(&self) -> Vec<Field> {
        Field::ALL.into_iter().filter(|field| self.has_event() || !field.is_of_events()).collect()
    }

    /// Whether a picture or file still needs its words.
    pub(crate) fn is_wordless(&self) -> bool {
        self.attachments.iter().any(|attachment| attachment.alt.trim().is_empty())
    }

    /// Goes to the question after `field`.
    pub(crate) fn advance(&mut self, field: Field) {
        if field == Field::Attachment && self.is_wordless() {
            self.asking = Asking::Alt;
            return;
        }
        if self.single {
            self.single = false;
            // An event needs its day, also when it became one just now.
            self.asking = if self.has_event() && self.date.is_none() {
                Asking::Field(Field::Date)
            } else {
                Asking::Preview
            };
            return;
        }
        let allowed = self.fields();
        let at = ORDER.iter().position(|known| *known == field).map_or(ORDER.len(), |at| at + 1);
        let next = ORDER
            .iter()
            .skip(at)
            .find(|field| allowed.contains(field) && !(**field == Field::Time && self.starts.is_some()));
        self.asking = next.map_or(Asking::Preview, |field| Asking::Field(*field));
    }

    /// Whether a field can be left out.
    pub(crate) const fn is_optional(field: Field) -> bool {
        !matches!(field, Field::Category | Field::Title | Field::Body | Field::Date)
    }

    /// Empties a field.
    pub(crate) fn clear(&mut self, field: Field) {
        match field {
            Field::Category => self.category = None,
            Field::Title => self.title = None,
            Field::Body => self.body = None,
            Field::Date => self.date = None,
            Field::Time => (self.starts, self.ends) = (None, None),
            Field::Venue => self.venue = None,
            Field::Capacity => self.capacity = None,
            Field::ApplyBy => self.apply_by = None,
            Field::Fee => self.fee = None,
            Field::Contact => self.contact = None,
            Field::Hosts => self.hosts = None,
            Field::Attachment => self.attachments.clear(),
            Field::Link => self.link = None,
        }
    }

    /// Empties what came from a message that was taken back. Answers whether there was something.
    pub(crate) fn unsend(&mut self, message: &str) -> bool {
        if let Some(field) = self.sources.remove(message) {
            self.clear(field);
            return true;
        }
        if let Some(file) = self.pictures.remove(message) {
            self.attachments.retain(|attachment| attachment.sha256 != file);
            if self.asking == Asking::Alt && !self.is_wordless() {
                self.asking = Asking::Field(Field::Attachment);
            }
            return true;
        }
        let Some(file) = self.alts.remove(message) else { return false };
        for attachment in self.attachments.iter_mut().filter(|attachment| attachment.sha256 == file) {
            attachment.alt.clear();
        }
        true
    }

    /// Whether a text that comes now belongs to the post.
    pub(crate) const fn takes_text(&self) -> bool {
        matches!(self.asking, Asking::Field(_) | Asking::Alt)
    }

    /// Whether a picture or file that comes now belongs to the post: many send the flyer first.
    pub(crate) fn takes_media(&self) -> bool {
        self.attachments.len() < MAX_ATTACHMENTS
    }

    pub(crate) fn set_time(&mut self, time: WrittenTime) {
        self.starts = Some(time.start);
        self.ends = time.end;
    }
}

/// A number of people: `30`, `30名`, `３０人`, `1,000名`. Two numbers are none: which one is meant, their writer knows.
pub(crate) fn people(text: &str) -> Option<u32> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let number = text.trim_matches(|c: char| !c.is_ascii_digit());
    let words = text.chars().count() - number.chars().count();
    // More words than a counter needs: not a number of people.
    if words > 4 { None } else { number.parse().ok() }
}

/// Online or at a place, as the words say.
pub(crate) fn venue(text: &str) -> Venue {
    let start = text.trim_start().to_lowercase();
    let online = ["オンライン", "zoom", "web", "ウェブ", "http", "online", "teams"];
    if online.iter().any(|word| start.starts_with(word)) {
        Venue::Online(text.trim().to_owned())
    } else {
        Venue::Place(text.trim().to_owned())
    }
}

/// A date and its time in the form that says the same to everybody and is read back whole: `2026-10-05 18:30〜20:00`.
pub(crate) fn plain_date(date: Date, time: Option<WrittenTime>) -> String {
    match time {
        None => date.to_string(),
        Some(WrittenTime { start, end: None }) => format!("{date} {}", calendar::time_ja(start)),
        Some(WrittenTime { start, end: Some(end) }) => {
            format!("{date} {}〜{}", calendar::time_ja(start), calendar::time_ja(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_people_is_read_as_people_write_it() {
        for (text, expected) in [
            ("30", Some(30)),
            ("３０名", Some(30)),
            ("先着 50 人", Some(50)),
            ("1,000名", Some(1_000)),
            ("30〜40名", None),
            ("0", Some(0)),
            ("なし", None),
            ("申込は0120までお電話ください", None),
        ] {
            assert_eq!(people(text), expected, "{text}");
        }
    }

    #[test]
    fn the_questions_of_an_event_come_in_order_and_others_are_spared_them() {
        let walk = |category| {
            let mut form = Form { category: Some(category), ..Form::new() };
            let mut asked = Vec::new();
            form.advance(Field::Category);
            while let Asking::Field(field) = form.asking {
                asked.push(field);
                form.advance(field);
            }
            asked
        };
        assert_eq!(walk(Category::Notice), [Field::Title, Field::Body, Field::Attachment, Field::Link]);
        assert_eq!(walk(Category::Training), ORDER[1..]);
    }

    #[test]
    fn a_message_taken_back_empties_the_field_it_came_from() {
        let mut form = Form { contact: Some("事務局".to_owned()), ..Form::new() };
        form.sources.insert("m1".to_owned(), Field::Contact);
        assert!(!form.unsend("m2"));
        assert!(form.unsend("m1"));
        assert_eq!(form.contact, None);
    }
}
