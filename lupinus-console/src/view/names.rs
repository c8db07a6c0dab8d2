use std::collections::HashMap;

use lupinus_core::{
    actor::Who,
    consultation::{Consultation, State},
    ids::{BodyId, StaffId},
    member::Member,
    post::Post,
    service::{Centre, ServiceError},
    staff::Staff,
};

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

    pub(crate) fn staff(&self, id: StaffId) -> String {
        let found = self.staff.iter().find(|staff| staff.id == id);
        found.map_or_else(|| "(不明な職員)".to_owned(), |staff| staff.name.clone())
    }

    pub(crate) fn body(&self, id: Option<BodyId>) -> String {
        match id {
            None => "センター".to_owned(),
            Some(id) => self.bodies.get(&id).cloned().unwrap_or_else(|| "(不明な団体)".to_owned()),
        }
    }

    /// Every body, by name.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (BodyId, &str)> {
        let mut bodies: Vec<(BodyId, &str)> =
            self.bodies.iter().map(|(id, name)| (*id, name.as_str())).collect();
        bodies.sort_by_key(|(id, name)| (*name, *id));
        bodies.into_iter()
    }

    pub(crate) fn who(&self, who: Who) -> String {
        match who {
            Who::Staff(id) => self.staff(id),
            Who::Member(_) => "会員".to_owned(),
            Who::System => "システム".to_owned(),
        }
    }

    pub(crate) fn author(&self, post: &Post) -> String {
        match post.author {
            Who::Member(_) => format!("{}の投稿担当者", self.body(post.body)),
            other => self.who(other),
        }
    }

    pub(crate) fn handler(&self, consultation: &Consultation) -> Option<String> {
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
    pub(crate) fn member(
        member: Option<&Member>,
        professions: &[(lupinus_core::member::Profession, String)],
    ) -> String {
        let Some(member) = member else { return "退会した会員".to_owned() };
        let profession = member.profession.as_ref().map(|profession| {
            let known = professions.iter().find(|(id, _)| id == profession);
            known.map_or_else(|| profession.0.clone(), |(_, label)| label.clone())
        });
        let said: Vec<String> =
            [profession, member.organisation.clone(), member.area.as_ref().map(|area| area.0.clone())]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
        if said.is_empty() { "会員(職種の登録なし)".to_owned() } else { said.join(" / ") }
    }
}
