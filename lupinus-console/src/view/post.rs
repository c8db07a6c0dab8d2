use lupinus_core::{
    calendar::{date_year_ja, time_ja},
    post::{Content, Field, FieldMark, Post, PostState, Urgency, Venue},
    screening::Action,
};

use super::{Names, Seg, When, marks};

/// One line of a list of posts.
pub(crate) struct PostRow {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) category: &'static str,
    pub(crate) state: &'static str,
    pub(crate) state_css: &'static str,
    pub(crate) emergency: bool,
    pub(crate) correction: bool,
    /// What the time is: 「提出」, 「配信」, …
    pub(crate) what: &'static str,
    pub(crate) at: String,
    pub(crate) near: Option<(String, &'static str)>,
    pub(crate) holder: Option<String>,
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

fn shown_title(title: &str) -> String {
    if title.trim().is_empty() { "(無題)".to_owned() } else { title.to_owned() }
}

/// The nearest date that a post must not miss.
fn near(content: &Content, when: &When<'_>) -> Option<(String, &'static str)> {
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
    pub(crate) text: String,
    pub(crate) segs: Vec<Seg>,
}

/// Every field of a content that says something, in the order of forms, with what screening found in it.
pub(crate) fn field_texts(content: &Content, found: &[FieldMark]) -> Vec<FieldText> {
    let mut texts = Vec::new();
    let mut add = |field: Field, nth: usize, before: &str, text: &str, screened: bool| {
        let mut segs = Vec::new();
        if !before.is_empty() {
            segs.push(Seg { text: before.to_owned(), css: "", note: String::new() });
        }
        let found = if screened { marks::of_text(found, field, nth) } else { Vec::new() };
        segs.extend(marks::marked(text, found.iter()));
        texts.push(FieldText { field, text: format!("{before}{text}"), segs });
    };
    add(Field::Category, 0, "", content.category.label_ja(), false);
    add(Field::Title, 0, "", &content.title, true);
    add(Field::Body, 0, "", &content.body, true);
    if let Some(event) = &content.event {
        add(Field::Date, 0, "", &date_year_ja(event.date), false);
        let time = match (event.starts, event.ends) {
            (Some(starts), Some(ends)) => Some(format!("{}–{}", time_ja(starts), time_ja(ends))),
            (Some(starts), None) => Some(format!("{}から", time_ja(starts))),
            (None, Some(ends)) => Some(format!("{}まで", time_ja(ends))),
            (None, None) => None,
        };
        if let Some(time) = time {
            add(Field::Time, 0, "", &time, false);
        }
        match &event.venue {
            Some(Venue::Place(place)) => add(Field::Venue, 0, "", place, true),
            Some(Venue::Online(how)) => add(Field::Venue, 0, "オンライン:", how, true),
            None => {}
        }
        if let Some(capacity) = event.capacity {
            add(Field::Capacity, 0, "", &format!("{capacity}名"), false);
        }
        if let Some(day) = event.apply_by {
            add(Field::ApplyBy, 0, "", &date_year_ja(day), false);
        }
        for (field, text) in
            [(Field::Fee, &event.fee), (Field::Contact, &event.contact), (Field::Hosts, &event.hosts)]
        {
            if let Some(text) = text {
                add(field, 0, "", text, true);
            }
        }
    }
    for (place, attachment) in content.attachments.iter().enumerate() {
        add(Field::Attachment, 2 * place, "", &attachment.name, true);
        add(Field::Attachment, 2 * place + 1, "説明:", &attachment.alt, true);
    }
    if let Some(link) = &content.link {
        add(Field::Link, 0, "", link, true);
    }
    texts
}
