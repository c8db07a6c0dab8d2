//! What members choose from when they say who they are: the city's professions and areas (圏域).
//!
//! A choice that somebody holds, or that an audience names, is never forgotten: what a city offers no longer is retired. Nobody can
//! choose it any more, and figures and audiences still name it. What nobody uses goes when the list is changed once more: until then
//! it may still be on a form that somebody has open, or in a program that has not read the settings again.

mod areas;
mod professions;
mod shipped;
mod usage;

pub use self::{
    areas::Areas,
    professions::{ProfessionChoice, ProfessionGroup, Professions},
    usage::{Usage, Used},
};

/// Most choices that stand beside each other. LINE shows [thirteen quick replies][limit]; two of them are ways out.
///
/// [limit]: https://developers.line.biz/en/reference/messaging-api/#quick-reply
pub const MAX_CHOICES: usize = 11;

/// Longest label of a choice, in `char`s: what fits on a quick reply, where LINE counts grapheme clusters, which are never more.
pub const MAX_LABEL_CHARS: usize = 20;

/// Most choices that are retired.
pub const MAX_RETIRED: usize = 100;

/// What is wrong with a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// Nothing can be chosen.
    #[error("nothing can be chosen")]
    Nothing,
    /// More than LINE shows at a time.
    #[error("LINE shows eleven at a time")]
    TooMany,
    /// More are retired than are kept.
    #[error("more than a hundred are retired")]
    TooManyRetired,
    /// A label or an id that is empty or too long: this one.
    #[error("{0:?} is empty or too long")]
    Length(String),
    /// A label or an id that stands twice: this one.
    #[error("{0:?} stands twice")]
    Twice(String),
}

/// The first of these that is empty, has spaces around it or is longer than `max` chars, or stands twice.
fn wrong_words<'a>(words: impl IntoIterator<Item = &'a str>, max: usize) -> Option<Unsound> {
    let mut known = std::collections::HashSet::new();
    words.into_iter().find_map(|word| {
        if word.is_empty() || word.trim() != word || word.chars().count() > max {
            return Some(Unsound::Length(word.to_owned()));
        }
        (!known.insert(word)).then(|| Unsound::Twice(word.to_owned()))
    })
}
