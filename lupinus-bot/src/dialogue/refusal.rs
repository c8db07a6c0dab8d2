//! What to tell a person whom a service refused.

use lupinus_core::service::ServiceError;

use crate::Texts;

/// The sentence for the person who asked; `None` when it is no refusal but a fault, which is tried again.
pub(crate) fn sentence(error: &ServiceError, texts: &Texts) -> Option<String> {
    Some(match error {
        ServiceError::Post(refusal) => refusal.sentence_ja(),
        ServiceError::Consultation(refusal) => refusal.sentence_ja(),
        ServiceError::PersonalInformation(marks) => {
            let kinds: Vec<_> = marks.iter().map(|mark| mark.kind).collect();
            texts.with("personal-refused", &[("kinds", &texts.kinds(&kinds))])
        }
        ServiceError::Invalid(sentence) => (*sentence).to_owned(),
        ServiceError::NotFound(_) => texts.get("not-found"),
        ServiceError::RulesNotAccepted => texts.get("rules-first"),
        ServiceError::NotAllowed => texts.get("not-allowed"),
        _ => return None,
    })
}
