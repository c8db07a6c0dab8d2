//! What follows from a finding.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Confidence, Owner, PiiKind};

/// Where the text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// An announcement, checked before it is submitted, approved and sent: contacts are an organisation's
    /// unless something says otherwise.
    Post,
    /// A chat message, checked as it arrives: contacts are a person's unless something says otherwise.
    Consultation,
    /// What staff write in or about a consultation, checked before it is sent or kept: it names offices and suppliers, so that
    /// contacts are an organisation's unless something says otherwise, but for mobile numbers.
    StaffAnswer,
}

impl Context {
    /// Every context, for tables and tests.
    pub const ALL: [Self; 3] = [Self::Post, Self::Consultation, Self::StaffAnswer];
}

/// What to do about a finding, from the mildest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Allow,
    /// A human confirms: whoever approves a post or sends an answer; of a consultation, whoever reads it.
    Warn,
    /// A post cannot be submitted, an answer not be sent; a consultation is masked before it is stored or shown.
    Block,
}

/// Decides the action for a finding. A city may bring its own.
pub trait ScreeningPolicy: fmt::Debug + Send + Sync + 'static {
    /// What follows from a finding of `kind` held with `confidence` in `context`.
    fn action(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Action;
}

/// The shipped policy.
///
/// | kind | post | consultation, staff's answer |
/// |---|---|---|
/// | of a person, from [`DefaultPolicy::BLOCK_FROM`] on; a word of the city | block | block |
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
                Context::Consultation | Context::StaffAnswer => Action::Allow,
            },
            (Owner::Person, ..) if confidence >= Self::BLOCK_FROM => Action::Block,
            (Owner::Person, ..) => Action::Warn,
        }
    }
}

/// The shipped policy with what a city decides otherwise, for single kinds in single contexts.
#[derive(Clone, Debug, Default)]
pub struct CityPolicy {
    own: BTreeMap<(Context, PiiKind), Action>,
}

/// Why a city cannot decide so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} can only be blocked: nobody may collect it here, whatever a city decides")]
pub struct NotForACity {
    /// Of which kind.
    pub kind: PiiKind,
}

impl CityPolicy {
    /// Decides what follows from findings of this kind in this context. What a detector is not sure of is confirmed by a person
    /// where this says block.
    ///
    /// # Errors
    /// [`NotForACity`] for what the law decides.
    pub fn set(&mut self, context: Context, kind: PiiKind, action: Action) -> Result<(), NotForACity> {
        if action != Action::Block && !kind.can_be_allowed() {
            return Err(NotForACity { kind });
        }
        self.own.insert((context, kind), action);
        Ok(())
    }
}

impl ScreeningPolicy for CityPolicy {
    fn action(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Action {
        match self.own.get(&(context, kind)) {
            None => DefaultPolicy.action(kind, confidence, context),
            Some(Action::Block) if confidence < DefaultPolicy::BLOCK_FROM => Action::Warn,
            Some(own) => *own,
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
            assert_eq!(
                DefaultPolicy.action(kind, confidence, Context::StaffAnswer),
                consultation,
                "{kind} in an answer"
            );
        }
    }

    #[test]
    fn a_city_decides_for_single_kinds_in_single_contexts_and_the_rest_is_as_shipped() {
        let mut policy = CityPolicy::default();
        policy.set(Context::Post, PiiKind::ProfessionalName, Action::Allow).unwrap();
        policy.set(Context::StaffAnswer, PiiKind::OrgPhone, Action::Block).unwrap();
        let (sure, unsure) = (Confidence::percent(90), Confidence::percent(20));
        for (kind, confidence, context, action) in [
            (PiiKind::ProfessionalName, sure, Context::Post, Action::Allow),
            (PiiKind::OrgPhone, sure, Context::StaffAnswer, Action::Block),
            (PiiKind::OrgPhone, unsure, Context::StaffAnswer, Action::Warn),
            (PiiKind::OrgPhone, sure, Context::Post, Action::Allow),
            (PiiKind::PersonName, sure, Context::Post, Action::Block),
        ] {
            assert_eq!(policy.action(kind, confidence, context), action, "{kind} in {context:?}");
        }
        let refused = policy.set(Context::Post, PiiKind::MyNumber, Action::Warn);
        assert_eq!(refused, Err(NotForACity { kind: PiiKind::MyNumber }));
    }
}
