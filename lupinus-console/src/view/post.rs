use lupinus_core::{
    calendar::time_ja,
    post::{Content, Field, FieldMark, Post, PostState, Urgency, Venue},
    screening::Action,
};

use super::{Names, Seg, When, marks};
use crate::text::{Text, say};

/// One line of a list of posts.
pub(crate) struct PostRow {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) body: Text,
    pub(crate) category: &'static str,
    pub(crate) state: &'static str,
    pub(crate) state_css: &'static str,
    pub(crate) emergency: bool,
    pub(crate) correction: bool,
    /// What the time is: 「提出」, 「配信」, …
    pub(crate) what: &'static str,
    pub(crate) at: Text,
    pub(crate) near: Option<(Text, &'static str)>,
    pub(crate) holder: Option<Text>,
    pub(crate) marks: usize,
}

impl PostRow {
    pub(crate) fn new(post: &Post, names: &Names, when: &When<'_>) -> Self {
        let content = post.revision().map(|revision| &revision.content);
        let (what, at) = match &post.state {
            PostState::Scheduled { at, .. } => ("配信", *at),
            PostState::Sent { at, .. } => ("配信済み", *at),
            PostState::Submitted | PostState::InReview { .. } => {
                ("提出", post.submitted_at.unwrap_or(post.updated_at))
            }
            _ => ("更新", post.updated_at),
        };
        let holder = match &post.state {
            PostState::InReview { reviewer, .. } => Some(names.staff(*reviewer)),
            _ => None,
        };
        Self {
            id: post.id.to_string(),
            title: shown_title(post.title()),
            body: names.body(post.body),
            category: content.map_or("", |content| content.category.label_ja()),
            state: post.state_label_ja(),
            state_css: post.state.name(),
            emergency: post.urgency == Urgency::Emergency,
            correction: post.corrects.is_some(),
            what,
            at: when.at(at),
            near: content.and_then(|content| near(content, when)).filter(|_| !post.state.is_final()),
            holder,
            marks: post.revision().map_or(0, |revision| {
                revision.marks.iter().filter(|found| found.mark.action != Action::Allow).count()
            }),
        }
    }
}

fn shown_title(title: &str) -> Text {
    if title.trim().is_empty() { Text::from("(無題)") } else { Text::given(title) }
}

/// The nearest date that a post must not miss.
fn near(content: &Content, when: &When<'_>) -> Option<(Text, &'static str)> {
    let event = content.event.as_ref();
    let dates = [
        event.and_then(|event| event.apply_by).map(|day| ("申込締切", day)),
        event.map(|event| ("開催日", event.date)),
        content.expires_at.map(|at| ("掲載期限", when.zone.to_datetime(at).date())),
    ];
    let nearest = dates.into_iter().flatten().min_by_key(|(_, day)| *day)?;
    Some(when.until(nearest.0, nearest.1))
}

/// A field of a content, as it is shown.
pub(crate) struct FieldText {
    pub(crate) field: Field,
    pub(crate) text: Text,
    pub(crate) segs: Vec<Seg>,
    /// Whether it is the text that stands for an attachment, and not its name.
    pub(crate) is_alt: bool,
}

impl FieldText {
    /// Words of the console's.
    fn said(field: Field, text: Text) -> Self {
        Self { field, segs: vec![Seg::said(text.clone())], text, is_alt: false }
    }

    /// What somebody wrote, with what screening found in it.
    fn written(field: Field, text: &str, found: &[FieldMark], nth: usize) -> Self {
        let found = marks::of_text(found, field, nth);
        Self { field, text: Text::given(text), segs: marks::marked(text, found.iter()), is_alt: false }
    }

    /// With this before it; `whole` is the two together.
    fn behind(mut self, before: &'static str, whole: Text) -> Self {
        self.segs.insert(0, Seg::said(before.into()));
        Self { text: whole, ..self }
    }
}

/// Every field of a content that says something, in the order of forms, with what screening found in it.
pub(crate) fn field_texts(content: &Content, found: &[FieldMark]) -> Vec<FieldText> {
    let mut texts = vec![
        FieldText::said(Field::Category, content.category.label_ja().into()),
        FieldText::written(Field::Title, &content.title, found, 0),
        FieldText::written(Field::Body, &content.body, found, 0),
    ];
    if let Some(event) = &content.event {
        texts.push(FieldText::said(Field::Date, Text::DayOfYear(event.date)));
        let time = match (event.starts, event.ends) {
            (Some(starts), Some(ends)) => Some(format!("{}–{}", time_ja(starts), time_ja(ends)).into()),
            (Some(starts), None) => Some(say!("{starts}から", starts = time_ja(starts))),
            (None, Some(ends)) => Some(say!("{ends}まで", ends = time_ja(ends))),
            (None, None) => None,
        };
        texts.extend(time.map(|time| FieldText::said(Field::Time, time)));
        texts.extend(event.venue.as_ref().map(|venue| {
            let text = FieldText::written(Field::Venue, venue.text(), found, 0);
            match venue {
                Venue::Place(_) => text,
                Venue::Online(how) => text.behind("オンライン:", say!("オンライン:{how}", how)),
            }
        }));
        let capacity = event.capacity.map(|capacity| say!("{n}名", n = capacity));
        texts.extend(capacity.map(|capacity| FieldText::said(Field::Capacity, capacity)));
        texts.extend(event.apply_by.map(|day| FieldText::said(Field::ApplyBy, Text::DayOfYear(day))));
        for (field, text) in
            [(Field::Fee, &event.fee), (Field::Contact, &event.contact), (Field::Hosts, &event.hosts)]
        {
            texts.extend(text.as_ref().map(|text| FieldText::written(field, text, found, 0)));
        }
    }
    for (place, file) in content.attachments.iter().enumerate() {
        texts.push(FieldText::written(Field::Attachment, &file.name, found, 2 * place));
        let alt = FieldText::written(Field::Attachment, &file.alt, found, 2 * place + 1);
        let alt = alt.behind("説明:", say!("説明:{alt}", alt = file.alt));
        texts.push(FieldText { is_alt: true, ..alt });
    }
    texts.extend(content.link.as_ref().map(|link| FieldText::written(Field::Link, link, found, 0)));
    texts
}
