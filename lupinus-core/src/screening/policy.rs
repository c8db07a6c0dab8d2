//! What follows from a finding.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Confidence, Owner, PiiKind};

/// Where the text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// An announcement, checked before it is submitted, approved and sent: contacts are an organisation's
    /// unless something says otherwise.
    Post,
    /// A chat message, checked as it arrives or is answered: contacts are a person's unless something says
    /// otherwise.
    Consultation,
}

/// What to do about a finding, from the mildest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Allow,
    /// A human confirms.
    Warn,
    /// A post cannot be submitted; a consultation is masked before it is stored or shown.
    Block,
}

/// Decides the action for a finding. A city may bring its own.
pub trait ScreeningPolicy: fmt::Debug + Send + Sync + 'static {
    /// What follows from a finding of `kind` held with `confidence` in `context`.
    fn action(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Action;
}

/// The shipped policy.
///
/// | kind | post | consultation |
/// |---|---|---|
/// | of a person, from [`DefaultPolicy::BLOCK_FROM`] on | block | block |
/// | of a person, less sure | warn | warn |
/// | age beside a name | warn | allow |
/// | a professional's name | warn | allow |
/// | of an organisation | allow | allow |
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultPolicy;

impl DefaultPolicy {
    /// The confidence from which a person's data is blocked and not only pointed out.
    pub const BLOCK_FROM: Confidence = Confidence::percent(50);
}

impl ScreeningPolicy for DefaultPolicy {
    fn action(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Action {
        match (kind.owner(), kind, context) {
            (Owner::Organisation, ..) => Action::Allow,
            (Owner::Professional, ..) | (_, PiiKind::Age, _) => match context {
                Context::Post => Action::Warn,
                Context::Consultation => Action::Allow,
            },
            (Owner::Person, ..) if confidence >= Self::BLOCK_FROM => Action::Block,
            (Owner::Person, ..) => Action::Warn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_its_table() {
        let sure = Confidence::percent(90);
        let unsure = Confidence::percent(20);
        for (kind, confidence, post, consultation) in [
            (PiiKind::PersonName, sure, Action::Block, Action::Block),
            (PiiKind::PersonName, unsure, Action::Warn, Action::Warn),
            (PiiKind::MyNumber, sure, Action::Block, Action::Block),
            (PiiKind::ProfessionalName, sure, Action::Warn, Action::Allow),
            (PiiKind::Age, sure, Action::Warn, Action::Allow),
            (PiiKind::OrgPhone, sure, Action::Allow, Action::Allow),
        ] {
            assert_eq!(DefaultPolicy.action(kind, confidence, Context::Post), post, "{kind} in a post");
            assert_eq!(
                DefaultPolicy.action(kind, confidence, Context::Consultation),
                consultation,
                "{kind} in a consultation"
            );
        }
    }
}
