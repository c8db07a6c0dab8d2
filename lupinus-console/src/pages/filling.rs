//! The form of a post: from what was typed to a content, and back.

use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};
use lupinus_core::{
    blob::{Blob, BlobError, MAX_BLOB_BYTES},
    calendar::find_dates,
    hash::Sha256Hash,
    post::{
        Attachment, Category, Content, EventDetails, Field, FieldMark, InvalidContent, MAX_ATTACHMENTS, Venue,
    },
    screening::{Action, Context, PiiKind},
    service::LookedInto,
};

use crate::{
    console::Settings,
    error::Problem,
    fields::Fields,
    text::{Text, say},
};

/// What is wrong at one place of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The field's name; `""` for the whole.
    pub(super) field: &'static str,
    pub(super) sentence: Text,
}

impl Wrong {
    fn at(field: Field, sentence: impl Into<Text>) -> Self {
        Self { field: field.name(), sentence: sentence.into() }
    }

    pub(super) fn whole(sentence: impl Into<Text>) -> Self {
        Self { field: "", sentence: sentence.into() }
    }
}

impl From<&InvalidContent> for Wrong {
    fn from(problem: &InvalidContent) -> Self {
        Self::at(problem.field, problem.sentence_ja())
    }
}

/// What screening found, at the fields it was found in.
pub(super) fn found(marks: &[FieldMark]) -> Vec<Wrong> {
    marks
        .iter()
        .filter(|mark| mark.mark.action == Action::Block)
        .map(|mark| {
            let kind = mark.mark.kind.label_ja();
            Wrong::at(mark.field, say!("{kind}と思われる記載があります。消すか、書き換えてください。", kind))
        })
        .collect()
}

fn parsed<T: std::str::FromStr>(
    fields: &Fields,
    name: &str,
    field: Field,
    sentence: &'static str,
    wrong: &mut Vec<Wrong>,
) -> Option<T> {
    let text = fields.some(name)?;
    let value = text.parse().ok();
    if value.is_none() {
        wrong.push(Wrong::at(field, sentence));
    }
    value
}

/// The content that a form describes, with what could not be read.
pub(super) fn content_of(fields: &Fields, kept: &[Attachment], zone: &TimeZone) -> (Content, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let category = Category::from_name(fields.text("category"));
    if category.is_none() {
        wrong.push(Wrong::at(Field::Category, "カテゴリを選んでください。"));
    }
    let category = category.unwrap_or(Category::Other);
    let date: Option<Date> =
        parsed(fields, "date", Field::Date, "開催日は 2026-10-05 の形で入力してください。", &mut wrong);
    let time = "時刻は 18:30 の形で入力してください。";
    let starts: Option<Time> = parsed(fields, "starts", Field::Time, time, &mut wrong);
    let ends: Option<Time> = parsed(fields, "ends", Field::Time, time, &mut wrong);
    let capacity: Option<u32> =
        parsed(fields, "capacity", Field::Capacity, "定員は数字で入力してください。", &mut wrong);
    let apply_by: Option<Date> = parsed(
        fields,
        "apply_by",
        Field::ApplyBy,
        "申込締切は 2026-10-01 の形で入力してください。",
        &mut wrong,
    );
    let expires: Option<Date> =
        parsed(fields, "expires", Field::Body, "掲載期限は 2026-10-31 の形で入力してください。", &mut wrong);
    let venue = match (fields.some_owned("venue"), fields.text("venue_kind")) {
        (Some(text), "online") => Some(Venue::Online(text)),
        (Some(text), _) => Some(Venue::Place(text)),
        (None, _) => None,
    };
    let event = date.map(|date| EventDetails {
        date,
        starts,
        ends,
        venue,
        capacity,
        apply_by,
        fee: fields.some_owned("fee"),
        contact: fields.some_owned("contact"),
        hosts: fields.some_owned("hosts"),
    });
    let parts = ["starts", "ends", "venue", "capacity", "apply_by", "fee", "contact", "hosts"];
    if event.is_none()
        && fields.some("date").is_none()
        && parts.iter().any(|part| fields.some(part).is_some())
    {
        wrong.push(Wrong::at(Field::Date, "開催の詳細を入力したときは、開催日も入力してください。"));
    }
    // Through the end of its last day.
    let expires_at = expires.and_then(|day| zone.to_timestamp(day.tomorrow().ok()?.at(0, 0, 0, 0)).ok());
    let mut attachments = Vec::new();
    for attachment in kept {
        let hash = attachment.sha256.to_hex();
        if !fields.has("drop_attachment", &hash) {
            let alt = fields.some_owned(&format!("alt_{hash}")).unwrap_or_else(|| attachment.alt.clone());
            attachments.push(Attachment { alt, ..attachment.clone() });
        }
    }
    let content = Content {
        category,
        title: fields.text("title").trim().to_owned(),
        body: fields.text("body").trim().to_owned(),
        event,
        attachments,
        link: fields.some_owned("link"),
        expires_at,
        sender: None,
    };
    (content, wrong)
}

/// What a file is, by its first bytes: its name proves nothing.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        _ => None,
    }
}

/// Adds the files that came with a form to the content, and keeps them once nothing is wrong with the form: else they come again
/// with it.
pub(super) async fn attach(
    app: &Settings,
    fields: &Fields,
    content: &mut Content,
    wrong: &mut Vec<Wrong>,
) -> Result<(), Problem> {
    let checked = fields.ticked("persons_checked");
    for attachment in &mut content.attachments {
        attachment.checked |= checked;
    }
    let Some(blob) = &app.blob else { return Ok(()) };
    let mut kept = Vec::new();
    for file in fields.files("file") {
        if content.attachments.len() >= MAX_ATTACHMENTS {
            wrong.push(Wrong::at(Field::Attachment, "添付は3つまでです。"));
            break;
        }
        let Some(media_type) = media_type(&file.bytes) else {
            wrong.push(Wrong::at(Field::Attachment, "添付できるのは JPEG・PNG の画像と PDF です。"));
            continue;
        };
        if file.bytes.len() > MAX_BLOB_BYTES {
            wrong.push(Wrong::at(Field::Attachment, "添付は1つ10MBまでです。"));
            continue;
        }
        let look = match app.centre.look_into(media_type, file.bytes.clone(), Context::Post).await {
            LookedInto::Taken(look) => look,
            LookedInto::Refused(kinds) => {
                let kinds = Text::list("、", kinds.into_iter().map(PiiKind::label_ja));
                let sentence = say!(
                    "PDFの中に個人情報と思われる記載があります({kinds})。消してから、もう一度選んでください。",
                    kinds
                );
                wrong.push(Wrong::at(Field::Attachment, sentence));
                continue;
            }
        };
        kept.push(file.bytes.clone());
        let alt = fields.some_owned("file_alt").unwrap_or_default();
        content.attachments.push(Attachment {
            name: file.name.chars().filter(|c| !c.is_control()).take(100).collect(),
            media_type: media_type.to_owned(),
            size_bytes: file.bytes.len() as u64,
            sha256: Sha256Hash::of(&file.bytes),
            alt,
            look: Some(look),
            checked,
        });
    }
    if wrong.is_empty() {
        for bytes in kept {
            put(blob.as_ref(), bytes).await?;
        }
    }
    Ok(())
}

async fn put(blob: &dyn Blob, bytes: bytes::Bytes) -> Result<(), Problem> {
    blob.put(bytes).await.map(|_| ()).map_err(|error| match error {
        BlobError::TooLarge => Problem::too_large(),
        _ => Problem::broken(None),
    })
}

/// A form filled in with a content.
pub(super) fn filled(content: &Content, zone: &TimeZone) -> Fields {
    let mut fields = Fields::default();
    fields.set("category", content.category.name());
    fields.set("title", &content.title);
    fields.set("body", &content.body);
    if let Some(event) = &content.event {
        let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        fields.set("date", event.date.to_string());
        fields.set("starts", event.starts.map(clock).unwrap_or_default());
        fields.set("ends", event.ends.map(clock).unwrap_or_default());
        if let Some(venue) = &event.venue {
            fields.set("venue", venue.text());
            fields.set("venue_kind", if matches!(venue, Venue::Online(_)) { "online" } else { "place" });
        }
        fields.set("capacity", event.capacity.map(|capacity| capacity.to_string()).unwrap_or_default());
        fields.set("apply_by", event.apply_by.map(|day| day.to_string()).unwrap_or_default());
        fields.set("fee", event.fee.clone().unwrap_or_default());
        fields.set("contact", event.contact.clone().unwrap_or_default());
        fields.set("hosts", event.hosts.clone().unwrap_or_default());
    }
    fields.set("link", content.link.clone().unwrap_or_default());
    if let Some(last) = content.expires_at.and_then(|at| zone.to_datetime(at).date().yesterday().ok()) {
        fields.set("expires", last.to_string());
    }
    fields
}

/// A form filled in with an old content for another time (昨年の投稿から): without its days, and with a word at the body about those
/// that are written in it.
pub(super) fn copied(content: &Content, zone: &TimeZone, today: Date) -> (Fields, Vec<Wrong>) {
    let undated = Content { expires_at: None, ..content.clone() };
    let fields = filled(&undated, zone).without(&["date", "apply_by"]);
    let dates = find_dates(&content.body, today);
    let written: Vec<Text> = dates.iter().filter_map(|written| written.date).take(5).map(Text::Day).collect();
    let mut wrong = Vec::new();
    if !written.is_empty() {
        let sentence = say!(
            "本文に前の日付があります({dates})。今回の日付に直してください。",
            dates = Text::list("、", written)
        );
        wrong.push(Wrong::at(Field::Body, sentence));
    }
    (fields, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.set(name, *value);
        }
        fields
    }

    #[test]
    fn a_form_filled_with_a_content_gives_the_same_content() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let fields = typed(&[
            ("category", "training"),
            ("title", "研修会"),
            ("body", "本文"),
            ("date", "2026-10-05"),
            ("starts", "18:30"),
            ("ends", "20:00"),
            ("venue", "Zoom"),
            ("venue_kind", "online"),
            ("capacity", "30"),
            ("apply_by", "2026-10-01"),
            ("fee", "無料"),
            ("link", "https://example.jp/"),
            ("expires", "2026-10-04"),
        ]);
        let (content, wrong) = content_of(&fields, &[], &zone);
        assert_eq!(wrong, []);
        let (again, wrong) = content_of(&filled(&content, &zone), &[], &zone);
        assert_eq!((again, wrong), (content, Vec::new()));
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let fields = typed(&[("category", "?"), ("date", "10月5日"), ("capacity", "三十")]);
        let (_, wrong) = content_of(&fields, &[], &zone);
        let at: Vec<&str> = wrong.iter().map(|wrong| wrong.field).collect();
        assert_eq!(at, ["category", "date", "capacity"]);
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(media_type(b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(media_type(b"<svg onload=alert(1)>"), None);
    }
}
