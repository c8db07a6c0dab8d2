//! Who is to receive a post.

use serde::{Deserialize, Serialize};

use crate::{
    member::{Area, Member, Profession},
    post::Category,
};

/// A condition on members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// All of these; of none at all, everybody.
    And(Vec<Expr>),
    /// One of these at least; of none at all, nobody.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// Of this profession.
    Profession(Profession),
    /// Of this area.
    Area(Area),
    /// Who wants this category: they chose it, or chose none.
    Topic(Category),
}

impl Expr {
    /// Whether it holds for a member. What a member did not say, they are not.
    pub fn holds(&self, member: &Member) -> bool {
        match self {
            Self::And(all) => all.iter().all(|expr| expr.holds(member)),
            Self::Or(any) => any.iter().any(|expr| expr.holds(member)),
            Self::Not(expr) => !expr.holds(member),
            Self::Profession(profession) => member.profession.as_ref() == Some(profession),
            Self::Area(area) => member.area.as_ref() == Some(area),
            Self::Topic(topic) => member.topics.is_empty() || member.topics.contains(topic),
        }
    }
}

/// Who is to receive a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every registered member.
    #[default]
    Members,
    /// The registered members for whom this holds.
    Where(Expr),
    /// Every friend of the account, registered or not: one broadcast, by explicit choice only.
    AllFriends,
}

impl Audience {
    /// Whether a member is in it. Of [`Audience::AllFriends`], every follower whom we know.
    pub fn includes(&self, member: &Member) -> bool {
        match self {
            Self::Members => member.is_registered(),
            Self::Where(expr) => member.is_registered() && expr.holds(member),
            Self::AllFriends => member.state == crate::member::MemberState::Following,
        }
    }
}
