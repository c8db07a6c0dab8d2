//! Frequently asked questions (よくある質問): what others asked and the centre answered, for members to read before they ask.

use lupinus_core::{
    consultation::Topic,
    faq::{Faq, MAX_FAQS, Wording},
    ids::FaqId,
    service::ServiceError,
};
use lupinus_line::{
    Message,
    message::{
        FlexMessage,
        flex::{Bubble, Button, Carousel, FlexBox, Size, Spacing, Text},
    },
};

use super::{join, turn::Turn};
use crate::render::{self, RenderError};

/// How many entries are shown at a time: the bubbles of one carousel.
const LISTED: usize = 10;
/// How many topics are offered at a time.
const TOPICS_A_PAGE: usize = 9;

/// Whether there is anything to read.
pub(super) async fn is_any(turn: &Turn<'_>) -> Result<bool, ServiceError> {
    Ok(!turn.bot.centre.published_faqs(None, 1).await?.is_empty())
}

/// Shows what there is: the entries themselves while they are few, otherwise their topics.
pub(super) async fn list(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if join::stands_in_the_way(turn) {
        return Ok(());
    }
    turn.leave_step();
    topics(turn, 0).await
}

async fn topics(turn: &mut Turn<'_>, page: usize) -> Result<(), ServiceError> {
    let topics = turn.bot.centre.faq_topics().await?;
    if topics.iter().map(|(_, entries)| entries).sum::<u64>() <= LISTED as u64 {
        return entries(turn, None, 0).await;
    }
    turn.say("faq-topics");
    let page = page.min(topics.len() / TOPICS_A_PAGE);
    for (topic, _) in topics.iter().skip(page * TOPICS_A_PAGE).take(TOPICS_A_PAGE) {
        let label = turn.bot.texts.topic(*topic);
        turn.offer_words(label, format!("faq/topic/{}/0", topic.name()));
    }
    if topics.len() > TOPICS_A_PAGE {
        let other = if (page + 1) * TOPICS_A_PAGE < topics.len() { page + 1 } else { 0 };
        turn.offer("button-more-topics", format!("faq/topics/{other}"));
    }
    turn.offer("button-ask-centre", "menu/consult");
    Ok(())
}

/// The entries under a topic, or all, the latest first, a page at a time.
async fn entries(turn: &mut Turn<'_>, topic: Option<Topic>, page: usize) -> Result<(), ServiceError> {
    let page = page.min(MAX_FAQS / LISTED);
    let until = (page + 1) * LISTED;
    let mut found = turn.bot.centre.published_faqs(topic, until + 1).await?;
    let is_more = found.len() > until;
    found.truncate(until);
    let shown: Vec<Faq> = found.into_iter().skip(page * LISTED).collect();
    if shown.is_empty() {
        turn.say("faq-none");
        turn.offer("button-ask-centre", "menu/consult");
        return Ok(());
    }
    let message = carousel(turn, &shown);
    turn.show(message);
    if let (true, Some(topic)) = (is_more, topic) {
        turn.offer("button-more-faq", format!("faq/topic/{}/{}", topic.name(), page + 1));
    }
    if topic.is_some() {
        turn.offer("button-faq", "menu/faq");
    }
    turn.offer("button-ask-centre", "menu/consult");
    Ok(())
}

fn carousel(turn: &Turn<'_>, entries: &[Faq]) -> Result<Message, RenderError> {
    let texts = &turn.bot.texts;
    let mut alt = texts.get("faq-alt");
    let mut bubbles = Vec::new();
    for (entry, wording) in entries.iter().filter_map(|entry| Some((entry, entry.published()?))) {
        let Wording { question, topic, .. } = wording;
        alt = format!("{alt}\n・{question}");
        let body = FlexBox::vertical()
            .spacing(Spacing::Sm)
            .child(Text::new(texts.topic(*topic)).bold().size(Size::Sm).color("#1F5F8B").wrap())
            .child(Text::new(question.as_str()).bold().size(Size::Md).wrap());
        let read = render::tap(&texts.get("button-read-answer"), &format!("faq/show/{}", entry.id))?;
        bubbles.push(Bubble::new().body(body).footer(FlexBox::vertical().child(Button::new(read))));
    }
    Ok(FlexMessage::new(render::cut_utf16(&alt, 400), Carousel::new(bubbles))?.into())
}

/// They tapped something about the questions.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    if join::stands_in_the_way(turn) {
        return Ok(());
    }
    let mut parts = rest.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("topics"), Some(page), None) => topics(turn, page.parse().unwrap_or(0)).await,
        (Some("topic"), Some(name), Some(page)) => {
            let Some(topic) = Topic::from_name(name) else { return super::stale(turn) };
            entries(turn, Some(topic), page.parse().unwrap_or(0)).await
        }
        (Some("show"), Some(id), None) => {
            let Ok(id) = id.parse::<FaqId>() else { return super::stale(turn) };
            show(turn, id).await
        }
        _ => super::stale(turn),
    }
}

/// One entry with its answer, as words that can be copied and whose links can be tapped. What was withdrawn meanwhile is not shown.
async fn show(turn: &mut Turn<'_>, id: FaqId) -> Result<(), ServiceError> {
    let entry = turn.bot.centre.published_faq(id).await?;
    if let Some((entry, wording)) = entry.as_ref().and_then(|entry| Some((entry, entry.published()?))) {
        let at = turn.bot.render.zone().to_datetime(entry.since()).date();
        let words = [
            ("question", wording.question.as_str()),
            ("answer", &wording.answer),
            ("at", &turn.bot.texts.date(at)),
        ];
        turn.say_with("faq-answer", &words);
    } else {
        turn.say("faq-gone");
    }
    turn.offer("button-faq", "menu/faq");
    turn.offer("button-ask-centre", "menu/consult");
    Ok(())
}
