//! What to tell a person whom a service refused, or whose words do not fit: every sentence is in the catalogue, so that each
//! language has it and a city can replace it.

use lupinus_core::{
    body::InvitationRefusal,
    calendar::DateProblem,
    consultation,
    linking::LinkRefusal,
    post,
    post::{ContentProblem, InvalidContent},
    service::{Redemption, ServiceError},
};

use crate::Texts;

/// The sentence for the person who asked; `None` when it is no refusal but a fault, which is tried again.
pub(crate) fn sentence(error: &ServiceError, texts: &Texts) -> Option<String> {
    Some(match error {
        ServiceError::Post(refusal) => of_post(refusal, texts),
        ServiceError::Consultation(refusal) => of_consultation(refusal, texts),
        ServiceError::PersonalInformation(marks) => {
            let kinds: Vec<_> = marks.iter().map(|mark| mark.kind).collect();
            texts.with("personal-refused", &[("kinds", &texts.kinds(&kinds))])
        }
        ServiceError::TooLong { max } => texts.with("refused-long", &[("max", &max.to_string())]),
        ServiceError::NotFound(_) => texts.get("not-found"),
        ServiceError::RulesNotAccepted => texts.get("rules-first"),
        ServiceError::NotAllowed => texts.get("not-allowed"),
        _ => return None,
    })
}

fn of_post(refusal: &post::Refusal, texts: &Texts) -> String {
    use post::Refusal as R;
    texts.get(match refusal {
        R::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(|problem| hint(*problem, texts)).collect();
            return lines.join("\n");
        }
        R::NotNow { .. } => "refused-post-now",
        R::Edited => "refused-edited",
        R::ReasonNeeded => "refused-reason",
        R::PersonalInformation => "refused-personal",
        R::Expired => "problem-expired",
        R::TooManyRevisions => "refused-revisions",
        R::TooManyDrafts => "refused-drafts",
        // What members never ask for.
        R::NotAllowed
        | R::OwnPost
        | R::AlreadyApproved
        | R::ConfirmationNeeded
        | R::BadTime
        | R::NotAllowable
        | R::NobodyMissed
        | R::NobodyTests => "not-allowed",
    })
}

fn of_consultation(refusal: &consultation::Refusal, texts: &Texts) -> String {
    use consultation::Refusal as R;
    texts.get(match refusal {
        R::TooLong { max } => return texts.with("refused-long", &[("max", &max.to_string())]),
        R::NotNow { .. } => "refused-consultation-now",
        R::WindowOver => "refused-window",
        R::Empty => "consult-empty",
        R::Full => "refused-full",
        R::NothingToErase => "not-found",
        // What members never ask for.
        R::NotAllowed
        | R::NotAConsultant
        | R::NotSilentYet
        | R::SomebodyLooks
        | R::NotLookedAt
        | R::NotConfirmed
        | R::Unfilled
        | R::AnotherUnresolved
        | R::Merged
        | R::NotMergeable
        | R::NobodyThere
        | R::NothingHeld => "not-allowed",
    })
}

/// One line: the field, and what to do there.
pub(super) fn hint(problem: InvalidContent, texts: &Texts) -> String {
    let sentence = texts.get(of_content(problem.problem));
    texts.with("submit-problem", &[("field", &texts.field(problem.field)), ("sentence", &sentence)])
}

const fn of_content(problem: ContentProblem) -> &'static str {
    use ContentProblem as P;
    match problem {
        P::NoTitle => "problem-no-title",
        P::LongTitle => "problem-long-title",
        P::BrokenTitle => "problem-broken-title",
        P::NoBody => "problem-no-body",
        P::LongBody => "problem-long-body",
        P::ManyAttachments => "problem-many-attachments",
        P::WordlessAttachment => "problem-wordless-attachment",
        P::UncheckedAttachment => "problem-unchecked-attachment",
        P::UnservedAttachment => "problem-unserved-attachment",
        P::BadLink => "problem-bad-link",
        P::NoDate => "problem-no-date",
        P::LongLine => "problem-long-line",
        P::EndsBeforeStart => "problem-ends-before-start",
        P::NoSeats => "problem-no-seats",
        P::LateDeadline => "problem-late-deadline",
        P::Past => "problem-past",
        P::DeadlinePast => "problem-deadline-past",
        P::Expired => "problem-expired",
    }
}

/// What does not fit in a written date.
pub(super) fn of_date(problem: &DateProblem, texts: &Texts) -> String {
    use DateProblem as P;
    match problem {
        P::WeekdayDoesNotFit { date, written, actual } => texts.with(
            "date-weekday",
            &[
                ("date", &texts.day(*date)),
                ("written", &texts.weekday(*written)),
                ("actual", &texts.weekday(*actual)),
            ],
        ),
        P::EraDoesNotFit { written, actual } => {
            texts.with("date-era", &[("written", written), ("actual", actual)])
        }
        P::NotADate => texts.get("date-none"),
        P::NoSuchDay { month, day } => {
            texts.with("date-no-day", &[("month", &month.to_string()), ("day", &day.to_string())])
        }
        P::NoSuchTime => texts.get("date-no-time"),
        P::EndsBeforeStart => texts.get("problem-ends-before-start"),
        P::InThePast { date } => texts.with("date-past", &[("date", &texts.date(*date))]),
    }
}

/// Why a code did not serve; `None` when it did.
pub(super) fn of_code(redemption: &Redemption, texts: &Texts) -> Option<String> {
    Some(texts.get(match redemption {
        Redemption::Submitter(_) | Redemption::Linked(_) => return None,
        Redemption::Unknown => "code-unknown",
        Redemption::Refused(InvitationRefusal::Used) => "code-used",
        Redemption::Refused(InvitationRefusal::Expired) => "code-expired",
        Redemption::Refused(InvitationRefusal::Revoked) => "code-revoked",
        Redemption::NotLinked(LinkRefusal::Expired) => "link-expired",
        Redemption::NotLinked(LinkRefusal::MemberLinked | LinkRefusal::StaffLinked) => "link-linked",
        Redemption::NotLinked(LinkRefusal::Inactive) => "link-inactive",
        Redemption::TooMany { .. } => "code-too-many",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_text_in_every_language() {
        // R43
        use consultation::Refusal as C;
        use post::Refusal as R;
        let problem = |problem| InvalidContent { field: post::Field::Title, problem };
        let errors = [
            ServiceError::Post(R::Invalid(vec![problem(ContentProblem::NoTitle)])),
            ServiceError::Post(R::NotNow { state: "sent" }),
            ServiceError::Post(R::Edited),
            ServiceError::Post(R::ReasonNeeded),
            ServiceError::Post(R::PersonalInformation),
            ServiceError::Post(R::Expired),
            ServiceError::Post(R::TooManyRevisions),
            ServiceError::Post(R::OwnPost),
            ServiceError::Consultation(C::TooLong { max: 10 }),
            ServiceError::Consultation(C::WindowOver),
            ServiceError::Consultation(C::Empty),
            ServiceError::Consultation(C::Full),
            ServiceError::Consultation(C::NothingToErase),
            ServiceError::Post(R::TooManyDrafts),
            ServiceError::TooLong { max: 60 },
            ServiceError::NotFound("post"),
            ServiceError::NotAllowed,
        ];
        for texts in [Texts::japanese(), Texts::english()] {
            for error in &errors {
                let sentence = sentence(error, &texts).unwrap();
                assert!(sentence.contains([' ', '。']), "{error:?}: {sentence}");
            }
        }
        assert_eq!(sentence(&ServiceError::Busy, &Texts::japanese()), None, "a fault is tried again");
    }
}
