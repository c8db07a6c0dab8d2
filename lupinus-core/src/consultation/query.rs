use super::{Consultation, Topic};
use crate::{ids::StaffId, search::Words};

/// Which consultations somebody looks for: everything that is named must fit. `Debug` prints no words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationQuery {
    /// Words that must occur in what was said (masked), the notes and the tags.
    pub words: Option<Words>,
    /// The [`State::name`](super::State::name) of the state.
    pub state: Option<String>,
    /// What it is about; `Some(None)` for those of which nobody has said it.
    pub topic: Option<Option<Topic>>,
    /// Who has it, had it last, or is to have it next; `Some(None)` for nobody.
    pub handler: Option<Option<StaffId>>,
}

impl ConsultationQuery {
    /// Whether this one is looked for.
    pub fn fits(&self, consultation: &Consultation) -> bool {
        let c = consultation;
        self.state.as_deref().is_none_or(|state| state == c.state.name())
            && self.topic.is_none_or(|topic| topic == c.topic)
            && self.handler.is_none_or(|handler| handler == c.handler)
            && self.words.as_ref().is_none_or(|words| {
                let said = c.thread.iter().filter_map(|entry| entry.text.as_deref());
                let noted = c.notes.iter().filter_map(|note| note.text.as_deref());
                words.occur_in(said.chain(noted).chain(c.tags.iter().map(String::as_str)))
            })
    }
}
