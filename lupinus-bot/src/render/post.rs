use lupinus_core::{
    outbox::DeliveryKind,
    post::{Category, Content, Field, Venue},
};
use lupinus_line::{
    Message,
    message::{
        Action, FlexMessage, MediaUrl,
        flex::{AspectMode, Bubble, Button, FlexBox, Image, Size, Spacing, Text},
    },
};

use super::{Marks, RenderError, cut_graphemes, cut_utf16};
use crate::{Texts, media::MediaLinks};

/// Longest alternative text we write, in UTF-16 units: what fits a notification, and some more.
const ALT_UTF16: usize = 400;

/// The colour behind a category's name: dark enough for white letters (contrast above 4.5 : 1). The name stands there in words,
/// so that nothing hangs on the colour alone.
const fn colour(category: Category) -> &'static str {
    match category {
        Category::Emergency | Category::SafetyAlert | Category::Infection => "#A61B1B",
        Category::Training | Category::CaseStudy => "#1F5F8B",
        Category::Networking | Category::Initiative => "#3F6B2A",
        Category::Meeting | Category::Survey | Category::FormUpdate => "#5B4A8A",
        Category::Notice | Category::ContactChange => "#6B5210",
        Category::Resource | Category::Vacancy | Category::Other => "#4A5560",
    }
}

/// The marks that stand before everything else.
fn marks(marks: Marks, texts: &Texts) -> String {
    let kind = match marks.kind {
        DeliveryKind::Production => String::new(),
        DeliveryKind::Test => texts.get("mark-test"),
        DeliveryKind::Drill => texts.get("mark-drill"),
    };
    let correction = if marks.correction { texts.get("mark-correction") } else { String::new() };
    kind + &correction
}

/// The particulars, as label and words, in the order in which people ask for them.
pub(super) fn rows(content: &Content, texts: &Texts) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Some(sender) = &content.sender {
        rows.push((texts.get("row-sender"), sender.clone()));
    }
    let Some(event) = &content.event else { return rows };
    let mut when = texts.date(event.date);
    if let Some(starts) = event.starts {
        when = format!("{when} {}", texts.period(starts, event.ends));
    }
    rows.push((texts.get("row-date"), when));
    if let Some(venue) = &event.venue {
        let label = match venue {
            Venue::Place(_) => texts.get("row-place"),
            Venue::Online(_) => texts.get("row-online"),
        };
        rows.push((label, venue.text().to_owned()));
    }
    if let Some(capacity) = event.capacity {
        rows.push((
            texts.field(Field::Capacity),
            texts.with("row-people", &[("count", &capacity.to_string())]),
        ));
    }
    if let Some(by) = event.apply_by {
        rows.push((texts.field(Field::ApplyBy), texts.date(by)));
    }
    for (field, words) in
        [(Field::Fee, &event.fee), (Field::Hosts, &event.hosts), (Field::Contact, &event.contact)]
    {
        if let Some(words) = words {
            rows.push((texts.field(field), words.clone()));
        }
    }
    rows.retain(|(_, words)| !words.trim().is_empty());
    rows
}

/// What is read aloud, and shown in notifications and lists.
fn alt_text(content: &Content, marks: &str, texts: &Texts) -> String {
    let mut alt = format!("{marks}【{}】{}", texts.category(content.category), content.title);
    let rows = rows(content, texts);
    if content.event.is_none() {
        alt = format!("{alt} {}", content.body);
    }
    for (label, words) in rows {
        alt = format!("{alt} {label} {words}");
    }
    for attachment in &content.attachments {
        alt = format!("{alt} {} {}", texts.field(Field::Attachment), attachment.alt);
    }
    cut_utf16(alt.trim(), ALT_UTF16)
}

fn row(label: String, words: String) -> FlexBox {
    FlexBox::horizontal()
        .spacing(Spacing::Md)
        .child(Text::new(label).size(Size::Sm).color("#555555").flex(4).wrap())
        .child(Text::new(words).size(Size::Sm).color("#111111").flex(9).wrap())
}

fn link_button(label: &str, address: &str) -> Result<Button, RenderError> {
    let label = cut_graphemes(label, lupinus_line::message::MAX_FLEX_LABEL_GRAPHEMES);
    Ok(Button::secondary(Action::uri(address)?.label(label)).margin(Spacing::Sm))
}

/// A post as one bubble: the same content gives the same bytes.
pub(super) fn render(
    content: &Content,
    how: Marks,
    texts: &Texts,
    links: &MediaLinks,
) -> Result<Message, RenderError> {
    let marks = marks(how, texts);
    let mut tag = FlexBox::vertical().background_color(colour(content.category)).padding(Spacing::Md);
    if !marks.is_empty() {
        tag = tag.child(Text::new(marks.as_str()).bold().size(Size::Md).color("#FFFFFF").wrap());
    }
    tag =
        tag.child(Text::new(texts.category(content.category)).bold().size(Size::Sm).color("#FFFFFF").wrap());

    let mut body = FlexBox::vertical().spacing(Spacing::Sm);
    body = body.child(Text::new(filled(&content.title)).bold().size(Size::Lg).color("#111111").wrap());
    let rows = rows(content, texts);
    if !rows.is_empty() {
        let rows = rows.into_iter().map(|(label, words)| row(label, words));
        body = body.child(FlexBox::vertical().spacing(Spacing::Sm).children(rows).margin(Spacing::Md));
    }
    body = body
        .child(Text::new(filled(&content.body)).size(Size::Md).color("#111111").wrap().margin(Spacing::Md));

    let mut bubble = Bubble::new();
    let mut footer = Vec::new();
    if let Some(link) = &content.link
        && let Ok(button) = link_button(&texts.get("post-open-link"), link)
    {
        footer.push(button);
    }
    let mut pictured = false;
    for attachment in &content.attachments {
        let address = links.link(attachment).ok_or(RenderError::NoLink)?;
        let is_picture = attachment.media_type.starts_with("image/");
        if is_picture && !attachment.alt.trim().is_empty() {
            // The picture's words, for those who cannot see it.
            let words = texts.with("post-picture", &[("alt", &attachment.alt)]);
            body = body.child(Text::new(words).size(Size::Xs).color("#555555").wrap().margin(Spacing::Md));
        }
        if is_picture
            && !pictured
            && let Ok(url) = MediaUrl::new(address.as_str())
        {
            pictured = true;
            let open = Action::uri(address.as_str())?.label(cut_graphemes(&attachment.alt, 40));
            let picture = Image::new(url)
                .size(Size::Full)
                .aspect_ratio(20, 13)
                .aspect_mode(AspectMode::Fit)
                .background_color("#F2F2F2")
                .action(&open);
            bubble = bubble.hero(picture);
            continue;
        }
        let kind = match attachment.media_type.as_str() {
            "application/pdf" => texts.get("kind-pdf"),
            _ if is_picture => texts.get("kind-picture"),
            _ => texts.get("kind-file"),
        };
        let label = texts.with("post-open-file", &[("name", &attachment.name), ("kind", &kind)]);
        footer.push(link_button(&label, &address)?);
    }
    let mut bubble = bubble.header(tag).body(body);
    if !footer.is_empty() {
        bubble = bubble.footer(FlexBox::vertical().children(footer));
    }
    Ok(FlexMessage::new(alt_text(content, &marks, texts), bubble)?.into())
}

/// LINE refuses empty texts: what is not written yet shows as a dash.
fn filled(words: &str) -> &str {
    if words.trim().is_empty() { "—" } else { words }
}
