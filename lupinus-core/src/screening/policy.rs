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

impl PiiKind {
    /// The mildest that a city may decide for this kind in this context. What a member writes about a person is masked before
    /// it is kept (R8), and what a post or an answer says about one is at least confirmed (R7).
    pub const fn mildest(self, context: Context) -> Action {
        match (self.owner(), context) {
            _ if !self.can_be_allowed() => Action::Block,
            _ if matches!(self, Self::Age) => Action::Allow,
            (Owner::Person, Context::Consultation) => Action::Block,
            (Owner::Person, Context::Post | Context::StaffAnswer) => Action::Warn,
            (Owner::Professional | Owner::Organisation, _) => Action::Allow,
        }
    }
}

/// What a city decides otherwise than its [`Screen`](super::Screen)'s policy, for single kinds in single contexts; by itself,
/// otherwise than the [`DefaultPolicy`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CityPolicy {
    own: BTreeMap<Context, BTreeMap<PiiKind, Action>>,
}

/// Why a city cannot decide so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {}, whatever a city decides", match .mildest {
    Action::Block => "can only be blocked here",
    _ => "can only be blocked or confirmed here",
})]
pub struct NotForACity {
    /// Of which kind.
    pub kind: PiiKind,
    /// The mildest that it can decide.
    pub mildest: Action,
}

impl CityPolicy {
    /// Decides what follows from findings of this kind in this context. What a detector is not sure of is confirmed by a person
    /// where this says block.
    ///
    /// # Errors
    /// [`NotForACity`] for what is milder than [`PiiKind::mildest`].
    pub fn set(&mut self, context: Context, kind: PiiKind, action: Action) -> Result<(), NotForACity> {
        let mildest = kind.mildest(context);
        if action < mildest {
            return Err(NotForACity { kind, mildest });
        }
        self.own.entry(context).or_default().insert(kind, action);
        Ok(())
    }

    /// What the city decides here; never milder than it may.
    pub fn own(&self, context: Context, kind: PiiKind) -> Option<Action> {
        let own = *self.own.get(&context)?.get(&kind)?;
        Some(own.max(kind.mildest(context)))
    }

    /// Whether all of it is the city's to decide.
    pub fn is_sound(&self) -> bool {
        let own = |(context, of): (&Context, &BTreeMap<PiiKind, Action>)| {
            of.iter().all(|(kind, action)| *action >= kind.mildest(*context))
        };
        self.own.iter().all(own)
    }

    /// What follows from a finding, where the city decides it.
    pub(super) fn decided(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Option<Action> {
        match self.own(context, kind) {
            Some(Action::Block) if confidence < DefaultPolicy::BLOCK_FROM => Some(Action::Warn),
            own => own,
        }
    }
}

impl ScreeningPolicy for CityPolicy {
    fn action(&self, kind: PiiKind, confidence: Confidence, context: Context) -> Action {
        let decided = self.decided(kind, confidence, context);
        decided.unwrap_or_else(|| DefaultPolicy.action(kind, confidence, context))
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
    }

    // R7, R8
    #[test]
    fn a_city_decides_nothing_milder_than_the_rule_that_nothing_personal_is_kept() {
        use Action::{Allow, Block, Warn};
        for (kind, [post, consultation, answer]) in [
            (PiiKind::MyNumber, [Block; 3]),
            (PiiKind::CityWord, [Block; 3]),
            (PiiKind::PersonName, [Warn, Block, Warn]),
            (PiiKind::Phone, [Warn, Block, Warn]),
            (PiiKind::Age, [Allow; 3]),
            (PiiKind::ProfessionalName, [Allow; 3]),
            (PiiKind::OrgPhone, [Allow; 3]),
        ] {
            for (context, mildest) in Context::ALL.into_iter().zip([post, consultation, answer]) {
                for action in [Allow, Warn, Block] {
                    let mut policy = CityPolicy::default();
                    let set = policy.set(context, kind, action);
                    assert_eq!(set.is_ok(), action >= mildest, "{kind} in {context:?}: {action:?}");
                }
                let stored = serde_json::json!({ context_name(context): { kind.as_str(): "allow" } });
                let stored: CityPolicy = serde_json::from_value(stored).unwrap();
                assert_eq!(stored.is_sound(), mildest == Allow, "{kind} in {context:?}");
                assert_eq!(stored.action(kind, Confidence::CERTAIN, context), mildest);
            }
        }
    }

    fn context_name(context: Context) -> String {
        serde_json::to_value(context).unwrap().as_str().unwrap().to_owned()
    }
}
