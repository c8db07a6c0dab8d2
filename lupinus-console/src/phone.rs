//! How a post will look on a phone.

use lupinus_core::{
    calendar::{date_ja, time_ja},
    choices::{Areas, Professions},
    outbox::DeliveryKind,
    post::{Content, Venue},
};

/// What members will see of a post, part after part, as data: the console draws it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phone {
    /// One bubble each.
    pub parts: Vec<PhonePart>,
}

/// One bubble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhonePart {
    /// Words.
    Text(String),
    /// A picture, by the text that stands for it.
    Picture {
        /// The text.
        alt: String,
    },
    /// What can be tapped below (quick replies).
    Choices(Vec<String>),
    /// A card.
    Card {
        /// The small line on top: category, correction.
        badge: String,
        /// Its headline.
        title: String,
        /// Label and value, line by line.
        rows: Vec<(String, String)>,
        /// Its text.
        body: String,
        /// The labels of its buttons.
        buttons: Vec<String>,
    },
}

impl Phone {
    /// How members choose their area.
    pub(crate) fn of_areas(areas: &Areas) -> Self {
        let choices = taps(areas.offered.iter().map(|area| area.0.as_str()));
        let question = "主に活動している圏域をお選びください。(3/4)".to_owned();
        Self { parts: vec![PhonePart::Text(question), choices] }
    }

    /// How members choose their profession: a group, and then one of it.
    pub(crate) fn of_professions(professions: &Professions) -> Self {
        let question = "職種をお選びください。自由に書いても構いません。(1/4)".to_owned();
        let groups = taps(professions.groups.iter().map(|group| group.label.as_str()));
        let mut parts = vec![PhonePart::Text(question), groups];
        for group in &professions.groups {
            parts.push(PhonePart::Text(format!("「{}」のうち、どれに当たりますか。", group.label)));
            parts.push(taps(group.professions.iter().map(|choice| choice.label.as_str())));
        }
        Self { parts }
    }
}

fn taps<'a>(labels: impl Iterator<Item = &'a str>) -> PhonePart {
    PhonePart::Choices(labels.chain(std::iter::once("スキップ")).map(str::to_owned).collect())
}

/// Shows a post as the channel will. The bot knows it exactly; without it the console draws a likeness.
pub trait PostPreview: std::fmt::Debug + Send + Sync + 'static {
    /// The post as those to whom it goes will see it, with its marks. `sender` is the body's name or the centre's.
    fn preview(&self, content: &Content, sender: &str, kind: DeliveryKind, correction: bool) -> Phone;
}

/// The console's own likeness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnPreview;

impl PostPreview for OwnPreview {
    fn preview(&self, content: &Content, sender: &str, kind: DeliveryKind, correction: bool) -> Phone {
        let mut rows = vec![("発信".to_owned(), sender.to_owned())];
        if let Some(event) = &content.event {
            let mut when = date_ja(event.date);
            if let Some(starts) = event.starts {
                when = format!("{when} {}", time_ja(starts));
            }
            if let Some(ends) = event.ends {
                when = format!("{when}–{}", time_ja(ends));
            }
            rows.push(("日時".to_owned(), when));
            let mut row = |label: &str, value: Option<String>| {
                if let Some(value) = value {
                    rows.push((label.to_owned(), value));
                }
            };
            match &event.venue {
                Some(Venue::Place(place)) => row("会場", Some(place.clone())),
                Some(Venue::Online(how)) => row("オンライン", Some(how.clone())),
                None => {}
            }
            row("定員", event.capacity.map(|capacity| format!("{capacity}名")));
            row("申込締切", event.apply_by.map(date_ja));
            row("参加費", event.fee.clone());
            row("問い合わせ先", event.contact.clone());
            row("共催・後援", event.hosts.clone());
        }
        let kind = match kind {
            DeliveryKind::Production => "",
            DeliveryKind::Test => "【テスト】",
            DeliveryKind::Drill => "【訓練】",
        };
        let correction = if correction { "【訂正】" } else { "" };
        let badge = format!("{kind}{correction}{}", content.category.label_ja());
        let mut parts = vec![PhonePart::Card {
            badge,
            title: content.title.clone(),
            rows,
            body: content.body.clone(),
            buttons: content.link.iter().map(|_| "くわしく見る".to_owned()).collect(),
        }];
        parts.extend(content.attachments.iter().map(|attachment| {
            if attachment.media_type.starts_with("image/") {
                PhonePart::Picture { alt: attachment.alt.clone() }
            } else {
                PhonePart::Text(format!("📎 {}\n{}", attachment.name, attachment.alt))
            }
        }));
        Phone { parts }
    }
}
