use super::Faq;
use crate::{consultation::Topic, search::Words};

/// Which entries somebody looks for: everything that is named must fit. `Debug` prints no words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaqQuery {
    /// Words that must occur in question and answer as they read now.
    pub words: Option<Words>,
    /// The [`State::name`](super::State::name) of the state.
    pub state: Option<&'static str>,
    /// Under what members find it.
    pub topic: Option<Topic>,
}

impl FaqQuery {
    /// Whether this one is looked for.
    pub fn fits(&self, entry: &Faq) -> bool {
        entry.wording().is_some_and(|wording| {
            let texts = [wording.question.as_str(), wording.answer.as_str()];
            self.state.is_none_or(|state| state == entry.state.name())
                && self.topic.is_none_or(|topic| topic == wording.topic)
                && self.words.as_ref().is_none_or(|words| words.occur_in(texts))
        })
    }
}
