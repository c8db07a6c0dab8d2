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

use super::{consult, join, turn::Turn};
use crate::render::{self, RenderError};

/// How many entries are shown at a time: the bubbles of one carousel.
const LISTED: usize = 10;

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
    let few = turn.bot.centre.published_faqs(None, LISTED + 1).await?;
    if few.len() <= LISTED {
        if few.is_empty() {
            turn.say("faq-none");
        } else {
            show_cards(turn, &few);
        }
        turn.offer("button-consult", "menu/consult");
        return Ok(());
    }
    let topics: Vec<Topic> =
        turn.bot.centre.faq_topics().await?.into_iter().map(|(topic, _)| topic).collect();
    turn.say("faq-topics");
    consult::offer_topics(turn, &topics, page, "faq", "/0");
    turn.offer("button-consult", "menu/consult");
    Ok(())
}

/// The entries under a topic, the latest first, a page at a time; where they were withdrawn meanwhile, what else there is.
async fn entries(turn: &mut Turn<'_>, topic: Topic, page: usize) -> Result<(), ServiceError> {
    let page = page.min(MAX_FAQS / LISTED);
    let until = (page + 1) * LISTED;
    let found = turn.bot.centre.published_faqs(Some(topic), until + 1).await?;
    let Some(here) = found.get(page * LISTED..until.min(found.len())).filter(|here| !here.is_empty()) else {
        return topics(turn, 0).await;
    };
    show_cards(turn, here);
    if found.len() > until {
        turn.offer("button-more-faq", format!("faq/topic/{}/{}", topic.name(), page + 1));
    }
    turn.offer("button-faq", "menu/faq");
    turn.offer("button-consult", "menu/consult");
    Ok(())
}

fn show_cards(turn: &mut Turn<'_>, entries: &[Faq]) {
    let cards = carousel(turn, entries);
    turn.show(cards);
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
            entries(turn, topic, page.parse().unwrap_or(0)).await
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
    turn.offer("button-consult", "menu/consult");
    Ok(())
}
