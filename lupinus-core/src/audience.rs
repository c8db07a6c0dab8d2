//! Who is to receive a post.

use serde::{Deserialize, Serialize};

use crate::{
    member::{Area, Member, Profession, Reach, Standing},
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
    /// Whether it holds for members who stand like this. What a member did not say, they are not.
    pub fn holds(&self, standing: &Standing) -> bool {
        match self {
            Self::And(all) => all.iter().all(|expr| expr.holds(standing)),
            Self::Or(any) => any.iter().any(|expr| expr.holds(standing)),
            Self::Not(expr) => !expr.holds(standing),
            Self::Profession(profession) => standing.profession.as_ref() == Some(profession),
            Self::Area(area) => standing.area.as_ref() == Some(area),
            Self::Topic(topic) => standing.topics.is_empty() || standing.topics.contains(topic),
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
        self.covers(&member.standing())
    }

    /// Whether members who stand like this are in it.
    pub fn covers(&self, standing: &Standing) -> bool {
        match self {
            Self::Members => standing.reach == Reach::Registered,
            Self::Where(expr) => standing.reach == Reach::Registered && expr.holds(standing),
            Self::AllFriends => matches!(standing.reach, Reach::Registered | Reach::Friend),
        }
    }
}
