//! Who does something, and what they may do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, MemberId, StaffId};

/// A part that one of the staff plays. One person may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Staff accounts, bodies, invitations, settings.
    Administrator,
    /// Takes posts in, returns them.
    Checker,
    /// Approves, rejects, schedules, corrects.
    Approver,
    /// Answers consultations.
    Consultant,
    /// Reads the audit trail and figures, changes nothing.
    Auditor,
}

impl Role {
    /// Every role, for tables and forms.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Checker, Self::Approver, Self::Consultant, Self::Auditor];

    /// The word that staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Administrator => "管理者",
            Self::Checker => "確認者",
            Self::Approver => "承認者",
            Self::Consultant => "相談員",
            Self::Auditor => "監査",
        }
    }
}

/// Something a person may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See posts of every body.
    ReadPosts,
    /// Write a post in the centre's own name.
    WritePost,
    /// Take a post in and return it.
    CheckPost,
    /// Approve, reject, withdraw, schedule, send, send once more.
    DecidePost,
    /// See consultations.
    ReadConsultations,
    /// Take, answer, transfer and resolve consultations.
    AnswerConsultations,
    /// Staff accounts and roles.
    ManageStaff,
    /// Bodies and invitations.
    ManageBodies,
    /// Read the audit trail.
    ReadAudit,
    /// Release or drop what the gate holds back.
    ReleaseHeld,
    /// Decide which words are never personal.
    ManageWords,
    /// Open, keep and report incidents.
    HandleIncidents,
    /// See the figures of a period.
    ReadFigures,
    /// Look at what is held about a member, for a reason; erase it when they ask.
    ManageMembers,
    /// Change the settings that can be changed while the program runs.
    ManageSettings,
}

impl Permission {
    /// Every permission, for tables and tests.
    pub const ALL: [Self; 15] = [
        Self::ReadPosts,
        Self::WritePost,
        Self::CheckPost,
        Self::DecidePost,
        Self::ReadConsultations,
        Self::AnswerConsultations,
        Self::ManageStaff,
        Self::ManageBodies,
        Self::ReadAudit,
        Self::ReleaseHeld,
        Self::ManageWords,
        Self::HandleIncidents,
        Self::ReadFigures,
        Self::ManageMembers,
        Self::ManageSettings,
    ];
}

impl Role {
    /// The permission table.
    pub const fn permits(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => {
                matches!(
                    permission,
                    P::ManageStaff
                        | P::ManageBodies
                        | P::ReadAudit
                        | P::ReadPosts
                        | P::ManageWords
                        | P::HandleIncidents
                        | P::ReadFigures
                        | P::ManageMembers
                        | P::ManageSettings
                )
            }
            Self::Checker => matches!(
                permission,
                P::ReadPosts
                    | P::WritePost
                    | P::CheckPost
                    | P::ReadAudit
                    | P::HandleIncidents
                    | P::ReadFigures
            ),
            Self::Approver => matches!(
                permission,
                P::ReadPosts
                    | P::WritePost
                    | P::CheckPost
                    | P::DecidePost
                    | P::ReadAudit
                    | P::ReleaseHeld
                    | P::HandleIncidents
                    | P::ReadFigures
            ),
            Self::Consultant => matches!(
                permission,
                P::ReadConsultations | P::AnswerConsultations | P::HandleIncidents | P::ReadFigures
            ),
            Self::Auditor => matches!(permission, P::ReadPosts | P::ReadAudit | P::ReadFigures),
        }
    }
}

/// The roles that somebody holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Whether this role is among them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether one of them permits this.
    pub fn permit(&self, permission: Permission) -> bool {
        self.0.iter().any(|role| role.permits(permission))
    }

    /// Whether one of them is among these.
    pub fn meet(&self, others: &Self) -> bool {
        !self.0.is_disjoint(&others.0)
    }

    /// The roles, in order.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

/// Who did something, as the record keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A member, by our own id.
    Member(MemberId),
    /// One of the staff.
    Staff(StaffId),
    /// The program itself: a clock struck, a delivery ended.
    System,
}

/// Where a command came from, as the record keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The LINE account.
    Line,
    /// The staff's console.
    Console,
    /// A command line.
    CommandLine,
    /// The program itself.
    System,
}

/// Somebody who asks for something, with all that a decision needs to know of them. Services make it from what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// Their roles; none for a member.
    pub roles: Roles,
    /// The body that a member submits for.
    pub body: Option<BodyId>,
    /// The one they stand in for (代決), with that one's roles: allowed as deputy by them.
    pub on_behalf_of: Option<(StaffId, Roles)>,
    /// Where from.
    pub origin: Origin,
}

impl Actor {
    /// The program itself.
    pub fn system() -> Self {
        Self {
            who: Who::System,
            roles: Roles::default(),
            body: None,
            on_behalf_of: None,
            origin: Origin::System,
        }
    }

    /// A member on LINE.
    pub fn member(id: MemberId, body: Option<BodyId>) -> Self {
        Self { who: Who::Member(id), roles: Roles::default(), body, on_behalf_of: None, origin: Origin::Line }
    }

    /// One of the staff at the console.
    pub fn staff(id: StaffId, roles: Roles) -> Self {
        Self { who: Who::Staff(id), roles, body: None, on_behalf_of: None, origin: Origin::Console }
    }

    /// Their staff id, if they are staff.
    pub fn staff_id(&self) -> Option<StaffId> {
        match self.who {
            Who::Staff(id) => Some(id),
            Who::Member(_) | Who::System => None,
        }
    }

    /// Whether they themselves, or the one they stand in for, may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.permit(permission)
            || self.on_behalf_of.as_ref().is_some_and(|(_, roles)| roles.permit(permission))
    }
}
