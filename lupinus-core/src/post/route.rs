use std::{collections::BTreeSet, num::NonZeroU8};

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{Content, ContentProblem, Field, InvalidContent, Urgency};
use crate::{
    actor::{Role, Roles},
    ids::StaffId,
};

/// Most steps of a route that is set at the console. The file's may have more.
pub const MAX_STEPS: usize = 5;
/// Longest name of a route or a step that is set at the console, in characters.
pub const MAX_STEP_NAME_CHARS: usize = 20;

/// Names a route in the city's settings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RouteId(pub String);

/// Who may give the yes of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvers {
    /// Whoever holds this role.
    Role(Role),
    /// These people.
    Staff(BTreeSet<StaffId>),
}

impl Approvers {
    /// Whether somebody with this id and these roles is one of them.
    pub fn include(&self, id: StaffId, roles: &Roles) -> bool {
        match self {
            Self::Role(role) => roles.has(*role),
            Self::Staff(named) => named.contains(&id),
        }
    }
}

/// One step of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteStep {
    /// What staff read: 「確認」, 「承認」.
    pub name: String,
    /// Who may agree.
    pub approvers: Approvers,
    /// How many of them must.
    pub required: NonZeroU8,
}

/// An approval route (承認経路): its steps in order, each with how many must agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Its name in the settings.
    pub id: RouteId,
    /// What staff read.
    pub name: String,
    /// At least one step.
    pub steps: Vec<RouteStep>,
    /// Whether a second person signs after the sending (緊急配信).
    pub review_afterwards: bool,
}

impl Route {
    fn step(name: &str, role: Role) -> RouteStep {
        RouteStep { name: name.to_owned(), approvers: Approvers::Role(role), required: NonZeroU8::MIN }
    }

    /// One approver says yes.
    pub fn one_step() -> Self {
        Self {
            id: RouteId("one_step".to_owned()),
            name: "承認のみ".to_owned(),
            steps: vec![Self::step("承認", Role::Approver)],
            review_afterwards: false,
        }
    }

    /// A checker, then an approver.
    pub fn checker_then_approver() -> Self {
        Self {
            id: RouteId("checker_then_approver".to_owned()),
            name: "確認と承認".to_owned(),
            steps: vec![Self::step("確認", Role::Checker), Self::step("承認", Role::Approver)],
            review_afterwards: false,
        }
    }

    /// Whether it can be set at the console: its steps have names and people, and are not more than [`MAX_STEPS`].
    fn is_sound(&self) -> bool {
        let named = |name: &str| !name.trim().is_empty() && name.chars().count() <= MAX_STEP_NAME_CHARS;
        let is_asked =
            |step: &RouteStep| !matches!(&step.approvers, Approvers::Staff(people) if people.is_empty());
        (1..=MAX_STEPS).contains(&self.steps.len())
            && named(&self.name)
            && self.steps.iter().all(|step| named(&step.name) && is_asked(step))
    }

    /// One approver now, a second signature afterwards.
    pub fn emergency() -> Self {
        Self {
            id: RouteId("emergency".to_owned()),
            name: "緊急配信".to_owned(),
            steps: vec![Self::step("緊急承認", Role::Approver)],
            review_afterwards: true,
        }
    }
}

/// The city's routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routes {
    /// For everything that can wait.
    pub normal: Route,
    /// For emergencies.
    pub emergency: Route,
}

impl Routes {
    /// Whether they can be set at the console in the place of these: each is sound or as it was, and an emergency is signed
    /// by a second person afterwards (R17).
    pub(crate) fn may_replace(&self, present: &Self) -> bool {
        let pairs = [(&self.normal, &present.normal), (&self.emergency, &present.emergency)];
        pairs.into_iter().all(|(next, present)| next == present || next.is_sound())
            && self.emergency.review_afterwards
    }

    /// The route for this urgency.
    pub fn for_urgency(&self, urgency: Urgency) -> &Route {
        match urgency {
            Urgency::Normal => &self.normal,
            Urgency::Emergency => &self.emergency,
        }
    }
}

impl Default for Routes {
    fn default() -> Self {
        Self { normal: Route::one_step(), emergency: Route::emergency() }
    }
}

/// What a city decides about posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostPolicy {
    /// Whether personal information that screening would block may pass when a checker confirms it, one by one.
    /// Otherwise it keeps a post from being handed in.
    pub confirm_instead_of_block: bool,
    /// Most drafts of one author.
    pub max_drafts_per_author: usize,
    /// Whether members can open pictures and files: there is an address under which they are served. Otherwise no post is handed in
    /// with any.
    pub serves_attachments: bool,
}

impl PostPolicy {
    /// Everything that keeps a content from being handed in at `now` under these rules; nothing when it may be.
    pub fn problems(&self, content: &Content, now: Timestamp, zone: &TimeZone) -> Vec<InvalidContent> {
        let mut problems = content.problems(now, zone);
        if !self.serves_attachments && !content.attachments.is_empty() {
            let problem = ContentProblem::UnservedAttachment;
            problems.push(InvalidContent { field: Field::Attachment, problem });
        }
        problems
    }
}

impl Default for PostPolicy {
    fn default() -> Self {
        Self { confirm_instead_of_block: false, max_drafts_per_author: 20, serves_attachments: true }
    }
}
