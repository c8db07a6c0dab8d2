use lupinus_core::{actor::Permission as P, audit::Subject};

use crate::gate::Desk;

/// Within the console, the page of a subject, if there is one and this one may open it.
pub(crate) fn place(desk: &Desk, subject: &Subject) -> Option<String> {
    let (address, needed) = page_of(subject)?;
    desk.may(needed).then_some(address)
}

/// The page of a subject, and what it asks of whoever opens it.
fn page_of(subject: &Subject) -> Option<(String, P)> {
    let (kind, id) = subject.as_str().split_once('/')?;
    let (part, needed) = match kind {
        "post" => ("posts", P::ReadPosts),
        "consultation" => ("consultations", P::ReadConsultations),
        "canned_answer" => ("answers", P::ReadConsultations),
        "faq" => ("faq", P::ReadConsultations),
        "incident" => ("incidents", P::HandleIncidents),
        "body" => ("bodies", P::ManageBodies),
        "member" => ("members", P::ManageMembers),
        "staff" => ("staff", P::ManageStaff),
        "setting" => ("settings", P::ManageSettings),
        "disposal" => ("disposals", P::ManageSettings),
        _ => return None,
    };
    Some((format!("/{part}/{id}"), needed))
}

#[cfg(test)]
mod tests {
    use lupinus_core::{
        body::Body, canned::CannedAnswer, consultation::Consultation, disposal::Disposal, faq::Faq,
        incident::Incident, member::Member, outbox::OutboxItem, post::Post, staff::Staff, store::Entity,
    };

    use super::*;

    #[test]
    fn a_subject_with_a_page_leads_there_and_one_without_nowhere() {
        for (kind, expected) in [
            (Post::KIND, Some("/posts/7")),
            (Consultation::KIND, Some("/consultations/7")),
            (Body::KIND, Some("/bodies/7")),
            (Staff::KIND, Some("/staff/7")),
            (Incident::KIND, Some("/incidents/7")),
            (CannedAnswer::KIND, Some("/answers/7")),
            (Faq::KIND, Some("/faq/7")),
            (Member::KIND, Some("/members/7")),
            (Disposal::KIND, Some("/disposals/7")),
            (OutboxItem::KIND, None),
        ] {
            assert_eq!(
                page_of(&Subject::new(&kind, 7)).map(|(address, _)| address).as_deref(),
                expected,
                "{kind:?}"
            );
        }
    }
}
