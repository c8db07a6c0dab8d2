use crate::{
    body::InvitationRefusal, canned, consultation, disposal, faq, incident, launch, linking::LinkRefusal,
    post, queue::HeldBy, screening::Mark, settings, store::StoreError,
};

/// Why a service did not do as asked. Every refusal can be shown to the person who asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// There is no such thing, or it is gone.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Not theirs to do.
    #[error("not allowed")]
    NotAllowed,
    /// The workflow of posts says no.
    #[error("the post does not allow this")]
    Post(#[source] post::Refusal),
    /// The workflow of consultations says no.
    #[error("the consultation does not allow this")]
    Consultation(#[source] consultation::Refusal),
    /// The canned answer says no.
    #[error("the canned answer does not allow this")]
    Canned(#[source] canned::Refusal),
    /// The entry of the frequently asked questions says no.
    #[error("the entry does not allow this")]
    Faq(#[source] faq::Refusal),
    /// The part of the settings says no.
    #[error("the setting does not allow this")]
    Setting(#[source] settings::Refusal),
    /// The record of an incident says no.
    #[error("the incident does not allow this")]
    Incident(#[source] incident::Refusal),
    /// A colleague is on it already: it is taken over by naming them.
    #[error("it is claimed")]
    Claimed(#[source] HeldBy),
    /// The invitation cannot be used.
    #[error("the invitation cannot be used")]
    Invitation(#[source] InvitationRefusal),
    /// The way from trial to live says no.
    #[error("trial or live does not allow this")]
    Launch(#[source] launch::Refusal),
    /// The disposal says no.
    #[error("the disposal does not allow this")]
    Disposal(#[source] disposal::Refusal),
    /// A member and one of the staff are not linked.
    #[error("they cannot be linked")]
    Linking(#[source] LinkRefusal),
    /// The present rules must be accepted first.
    #[error("the present rules are not accepted")]
    RulesNotAccepted,
    /// An account or a body is not to be changed like this.
    #[error("the account or body cannot be changed like this")]
    Staffing(#[source] super::StaffingRefusal),
    /// The text holds personal information: where, and of what kind.
    #[error("the text holds personal information")]
    PersonalInformation(Vec<Mark>),
    /// What an answer holds must be confirmed by whoever sends it: where, and of what kind.
    #[error("what screening found must be confirmed")]
    ConfirmationNeeded(Vec<Mark>),
    /// Something cannot be allowed, has no reason, or the list is full.
    #[error("it cannot stand on the list of what is never personal")]
    WordList,
    /// A word about oneself is longer than this.
    #[error("longer than {max} characters")]
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// What should be released or dropped is not held, or not any more.
    #[error("it is not held")]
    NotHeld,
    /// What was held for this reason cannot be released: it is dropped, and a correction is handed in.
    #[error("it must not be sent")]
    NotReleasable,
    /// Too many others wrote at the same time. Try again.
    #[error("too many changes at the same time")]
    Busy,
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] StoreError),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
