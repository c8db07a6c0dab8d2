//! From what is to be said to what LINE shows.
//!
//! The same functions make what members receive, what a submitter sees before handing in, and what the console shows.

mod notice;
mod post;

use jiff::tz::TimeZone;
use lupinus_core::{
    outbox::{DeliveryKind, Message as Said, OutboxItem, Sort},
    post::{Content, Post},
};
use lupinus_line::{
    Message, Messages,
    message::{Action, InvalidMessage, QuickReply, graphemes, utf16_len},
};

use crate::{Texts, media::MediaLinks};

/// Why something cannot be said on LINE. A fault of ours: it is never tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// LINE would refuse it.
    #[error("LINE would refuse this message: {0}")]
    Message(String),
    /// The post that is to be sent is not there.
    #[error("the post of this delivery is not there")]
    NoPost,
    /// There is no address under which members could open a picture or file.
    #[error("there is no public address under which pictures and files could be opened")]
    NoLink,
    /// The content is not the approved one.
    #[error("the content is not what was approved")]
    NotApproved,
}

impl From<InvalidMessage> for RenderError {
    fn from(error: InvalidMessage) -> Self {
        let mut words = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            words = format!("{words}: {error}");
            source = error.source();
        }
        Self::Message(words)
    }
}

/// How a post is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Production, 【テスト】 or 【訓練】.
    pub kind: DeliveryKind,
    /// Whether it corrects an earlier post: 【訂正】.
    pub correction: bool,
}

/// Turns what is to be said into LINE messages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer {
    texts: Texts,
    links: MediaLinks,
    zone: TimeZone,
    console: Option<String>,
}

impl Renderer {
    /// A renderer with these texts and links, showing times of `zone`.
    pub fn new(texts: Texts, links: MediaLinks, zone: TimeZone) -> Self {
        Self { texts, links, zone, console: None }
    }

    /// With the address under which staff reach the console.
    #[must_use]
    pub fn console(self, console: Option<String>) -> Self {
        Self { console, ..self }
    }

    /// A post as members see it.
    ///
    /// # Errors
    /// [`RenderError::Message`] when LINE would refuse it.
    pub fn post(&self, content: &Content, marks: Marks) -> Result<Message, RenderError> {
        post::render(content, marks, &self.texts, &self.links)
    }

    /// A post as members see it, as the JSON of one LINE message object: for previews.
    ///
    /// # Errors
    /// [`RenderError::Message`] when LINE would refuse it.
    pub fn post_json(&self, content: &Content, marks: Marks) -> Result<serde_json::Value, RenderError> {
        json(&self.post(content, marks)?)
    }

    /// What an outbox item says; `post` is the post it carries, if it carries one.
    ///
    /// # Errors
    /// [`RenderError`].
    pub fn item(&self, item: &OutboxItem, post: Option<&Post>) -> Result<Messages, RenderError> {
        let messages = item
            .messages
            .iter()
            .map(|said| self.said(said, &item.sort, post))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Messages::new(messages)?)
    }

    fn said(&self, said: &Said, sort: &Sort, post: Option<&Post>) -> Result<Message, RenderError> {
        match said {
            Said::Post { post: id, revision, hash, correction } => {
                let post = post.filter(|post| post.id == *id).ok_or(RenderError::NoPost)?;
                let content = &post.revision_number(*revision).ok_or(RenderError::NoPost)?.content;
                if content.hash() != *hash {
                    return Err(RenderError::NotApproved);
                }
                let kind = match sort {
                    Sort::Delivery { kind, .. } => *kind,
                    Sort::Personal | Sort::Farewell => DeliveryKind::Production,
                };
                self.post(content, Marks { kind, correction: *correction })
            }
            Said::Native { object } => Ok(Message::from_json(object.clone())?),
            other => notice::render(other, &self.texts, &self.zone, self.console.as_deref()),
        }
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

pub(crate) fn json(message: &Message) -> Result<serde_json::Value, RenderError> {
    serde_json::to_value(message).map_err(|_| RenderError::Message("the message is not JSON".to_owned()))
}

/// A text message, cut where LINE would cut it off.
pub(crate) fn text(words: &str) -> Result<Message, RenderError> {
    Ok(Message::text(cut_utf16(words, lupinus_line::message::MAX_TEXT_UTF16))?)
}

/// Something to tap: its label says it in the chat, its data comes back to us.
pub(crate) fn tap(label: &str, data: &str) -> Result<Action, RenderError> {
    let label = cut_graphemes(label, lupinus_line::message::MAX_LABEL_GRAPHEMES);
    Ok(Action::postback(data)?.display_text(label.as_str())?.label(label))
}

pub(crate) fn quick_reply(actions: Vec<Action>) -> Result<Option<QuickReply>, RenderError> {
    if actions.is_empty() { Ok(None) } else { Ok(Some(QuickReply::new(actions)?)) }
}

pub(crate) fn cut_utf16(text: &str, max: usize) -> String {
    if utf16_len(text) <= max {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.len_utf16();
        if used > max {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

pub(crate) fn cut_graphemes(text: &str, max: usize) -> String {
    if graphemes(text) <= max {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let mut longer = cut.clone();
        longer.push(c);
        if graphemes(&longer) >= max {
            break;
        }
        cut = longer;
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_it_would_be_refused() {
        assert_eq!(cut_utf16("あいう", 3), "あいう");
        assert_eq!(cut_utf16("あいうえ", 3), "あい…");
        assert_eq!(cut_utf16("🍎🍎", 3), "🍎…");
        assert_eq!(cut_graphemes("あいうえ", 3), "あい…");
        assert_eq!(cut_graphemes("あいう", 3), "あいう");
    }
}
