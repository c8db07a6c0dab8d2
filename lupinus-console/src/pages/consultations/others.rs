//! The other consultations of the same member.

use lupinus_core::{
    consultation::{Consultation, Topic},
    service::ServiceError,
};

use crate::{console::Settings, gate::Desk, pages::when, text::Text};

/// Most of a member's other consultations that a page names.
const OTHERS: usize = 10;

/// Another consultation of the same member.
pub(super) struct Other {
    pub(super) id: String,
    pub(super) topic: &'static str,
    pub(super) opened: Text,
    pub(super) state: &'static str,
    pub(super) state_css: &'static str,
    /// What this one and the other are to each other.
    pub(super) tie: &'static str,
    /// Whether this one can go on in it.
    pub(super) mergeable: bool,
}

pub(super) async fn others(
    app: &Settings,
    desk: &Desk,
    one: &Consultation,
) -> Result<Vec<Other>, ServiceError> {
    let when = when(app);
    let found = app.centre.others_of_member(desk.me(), one, OTHERS).await?;
    let views = found.into_iter().map(|other| Other {
        id: other.id.to_string(),
        topic: other.topic.map_or("分類なし", Topic::label_ja),
        opened: when.at(other.opened_at),
        state: other.state.label_ja(),
        state_css: other.state.name(),
        tie: match (one.merged_into == Some(other.id), other.merged_into == Some(one.id)) {
            (true, _) => "この相談の統合先",
            (_, true) => "この相談に統合",
            _ => "",
        },
        mergeable: (other.is_resolved() || one.is_resolved())
            && other.opened_at <= one.opened_at
            && other.merged_into.is_none()
            && one.merged_into.is_none(),
    });
    Ok(views.collect())
}
