use std::collections::HashMap;

use lupinus_core::{
    actor::Who,
    choices::Professions,
    consultation::{Consultation, State},
    ids::{BodyId, StaffId},
    member::Member,
    post::Post,
    service::{Centre, ServiceError},
    staff::Staff,
};

use crate::text::{Text, say};

/// The names behind our ids.
pub(crate) struct Names {
    pub(crate) staff: Vec<Staff>,
    bodies: HashMap<BodyId, String>,
}

impl Names {
    pub(crate) async fn load(centre: &Centre) -> Result<Self, ServiceError> {
        let bodies = centre.bodies().await?.into_iter().map(|body| (body.id, body.name)).collect();
        Ok(Self { staff: centre.staff_list().await?, bodies })
    }

    pub(crate) fn staff(&self, id: StaffId) -> Text {
        let found = self.staff.iter().find(|staff| staff.id == id);
        found.map_or_else(|| Text::from("(不明な職員)"), |staff| Text::given(&staff.name))
    }

    pub(crate) fn body(&self, id: Option<BodyId>) -> Text {
        match id {
            None => Text::from("センター"),
            Some(id) => {
                self.bodies.get(&id).map_or_else(|| Text::from("(不明な団体)"), |name| Text::given(name))
            }
        }
    }

    /// Every body, by name.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (BodyId, &str)> {
        let mut bodies: Vec<(BodyId, &str)> =
            self.bodies.iter().map(|(id, name)| (*id, name.as_str())).collect();
        bodies.sort_by_key(|(id, name)| (*name, *id));
        bodies.into_iter()
    }

    pub(crate) fn who(&self, who: Who) -> Text {
        match who {
            Who::Staff(id) => self.staff(id),
            Who::Member(_) => Text::from("会員#one"),
            Who::System => Text::from("システム"),
        }
    }

    pub(crate) fn author(&self, post: &Post) -> Text {
        match post.author {
            Who::Member(_) => say!("{body}の投稿担当者", body = self.body(post.body)),
            other => self.who(other),
        }
    }

    pub(crate) fn handler(&self, consultation: &Consultation) -> Option<Text> {
        match consultation.state {
            State::Assigned { to } | State::AwaitingMember { to } => Some(self.staff(to)),
            State::Open | State::Resolved { .. } => consultation.handler.map(|id| self.staff(id)),
        }
    }

    /// Those who named this one their deputy.
    pub(crate) fn stand_ins_of(&self, id: StaffId) -> impl Iterator<Item = &Staff> {
        self.staff.iter().filter(move |staff| staff.active && staff.deputies.contains(&id) && staff.id != id)
    }

    /// A member as staff read them: no name is held, so it is what they said of themselves.
    pub(crate) fn member(member: Option<&Member>, professions: &Professions) -> Text {
        let Some(member) = member else { return Text::from("退会した会員") };
        let profession = member.profession.as_ref();
        let profession = profession.map(|profession| professions.label(profession).to_owned());
        let said: Vec<String> =
            [profession, member.organisation.clone(), member.area.as_ref().map(|area| area.0.clone())]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
        if said.is_empty() { Text::from("会員(職種の登録なし)") } else { said.join(" / ").into() }
    }
}
