use lupinus_core::{actor::Permission as P, audit::Subject};

use crate::gate::Desk;

/// Within the console, the page of a subject, if there is one.
pub(crate) fn place(subject: &Subject) -> Option<String> {
    let (kind, id) = subject.as_str().split_once('/')?;
    let part = match kind {
        "post" => "posts",
        "consultation" => "consultations",
        "body" => "bodies",
        "member" => "members",
        "staff" => "staff",
        "incident" => "incidents",
        "canned_answer" => "answers",
        "faq" => "faq",
        "setting" => "settings",
        "disposal" => "disposals",
        _ => return None,
    };
    Some(format!("/{part}/{id}"))
}

/// The page of a subject, if this one may open it.
pub(crate) fn place_for(desk: &Desk, subject: &Subject) -> Option<String> {
    let needed = match subject.as_str().split_once('/')?.0 {
        "post" => P::ReadPosts,
        "consultation" | "canned_answer" | "faq" => P::ReadConsultations,
        "incident" => P::HandleIncidents,
        "body" => P::ManageBodies,
        "member" => P::ManageMembers,
        "staff" => P::ManageStaff,
        "disposal" | "setting" => P::ManageSettings,
        _ => return place(subject),
    };
    place(subject).filter(|_| desk.may(needed))
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
            assert_eq!(place(&Subject::new(&kind, 7)).as_deref(), expected, "{kind:?}");
        }
    }
}
