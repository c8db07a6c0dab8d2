//! Who can walk a route to its end: different people at each step.

use super::{Route, RouteStep, Routes, Urgency};
use crate::{actor::Permission, staff::Staff};

/// Where a post does not get any further, with the staff that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a post of urgency {urgency:?} gets no further than step {} of its route: {why}", step + 1)]
pub struct Obstacle {
    /// On the route of these posts.
    pub urgency: Urgency,
    /// At this step, from 0.
    pub step: usize,
    /// Why.
    pub why: Lack,
}

/// What a step of a route lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// People who may do what they are asked for: to sign a post is to read it, and to sign the last step is to decide it.
    #[error("whom it asks may not read posts, or not decide them at the last step")]
    Permission,
    /// People, beside those whom the other steps need.
    #[error("too few different people can sign it")]
    People,
}

impl Routes {
    /// Each route, with what it is for.
    pub fn all(&self) -> [(Urgency, &Route); 2] {
        [Urgency::Normal, Urgency::Emergency].map(|urgency| (urgency, self.for_urgency(urgency)))
    }

    /// Where posts would not get any further: the first step of the first route that these people cannot walk. Deputies are not counted
    /// on, nor is the signature after an emergency a step; of a post that one of them wrote it says nothing, since an author signs nowhere.
    /// `None` when every route has its people.
    pub fn obstacle(&self, staff: &[Staff]) -> Option<Obstacle> {
        self.all().into_iter().find_map(|(urgency, route)| {
            let (step, why) = route.obstacle(staff)?;
            Some(Obstacle { urgency, step, why })
        })
    }
}

impl Route {
    fn obstacle(&self, staff: &[Staff]) -> Option<(usize, Lack)> {
        if self.steps.is_empty() {
            return Some((0, Lack::People));
        }
        let staff: Vec<&Staff> = staff.iter().filter(|staff| staff.active).collect();
        let step = self.unsigned(&staff)?;
        Some((step, if self.lacks_permission(step, &staff) { Lack::Permission } else { Lack::People }))
    }

    /// Whether there would be people enough for this step, if all of them might do what it asks for.
    fn lacks_permission(&self, step: usize, staff: &[&Staff]) -> bool {
        let Some(asked) = self.steps.get(step) else { return false };
        let needed = usize::from(asked.required.get());
        let named = staff.iter().filter(|staff| asked.names(staff)).count();
        let able = staff.iter().filter(|staff| self.is_signed_by(step, staff)).count();
        able < needed && needed <= named
    }

    /// Whether this one may give the yes of this step, and see what it is to.
    fn is_signed_by(&self, step: usize, staff: &Staff) -> bool {
        let may = |permission| staff.roles.permit(permission);
        let is_last = step + 1 == self.steps.len();
        self.steps.get(step).is_some_and(|step| step.names(staff))
            && may(Permission::ReadPosts)
            && (!is_last || may(Permission::DecidePost))
    }

    /// The first step that lacks somebody when each of these signs once, however they are distributed (a maximum matching of
    /// people to yeses, one augmenting path after the other).
    fn unsigned(&self, staff: &[&Staff]) -> Option<usize> {
        let mut signing = vec![None; staff.len()];
        self.steps.iter().enumerate().find_map(|(step, asked)| {
            let found = (0..asked.required.get())
                .all(|_| self.is_found_for(step, staff, &mut signing, &mut vec![false; staff.len()]));
            (!found).then_some(step)
        })
    }

    /// Finds somebody for this step: who is free, or whose step somebody else can sign.
    fn is_found_for(
        &self,
        step: usize,
        staff: &[&Staff],
        signing: &mut [Option<usize>],
        asked: &mut [bool],
    ) -> bool {
        for (place, person) in staff.iter().enumerate() {
            if asked[place] || !self.is_signed_by(step, person) {
                continue;
            }
            asked[place] = true;
            if signing[place].is_none_or(|other| self.is_found_for(other, staff, signing, asked)) {
                signing[place] = Some(step);
                return true;
            }
        }
        false
    }
}

impl RouteStep {
    fn names(&self, staff: &Staff) -> bool {
        self.approvers.include(staff.id, &staff.roles)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU8;

    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::{
        actor::Role,
        ids::StaffId,
        post::{Approvers, RouteId},
        staff::PasswordHash,
    };

    const ADMINISTRATOR: &[Role] = &[Role::Administrator];
    const CHECKER: &[Role] = &[Role::Checker];
    const APPROVER: &[Role] = &[Role::Approver];
    const BOTH: &[Role] = &[Role::Checker, Role::Approver];
    const CONSULTANT: &[Role] = &[Role::Consultant];
    const AUDITOR: &[Role] = &[Role::Auditor];

    fn id(number: u128) -> StaffId {
        StaffId::from_uuid(Uuid::from_u128(number))
    }

    /// People with these roles, numbered from 0.
    fn people(roles: &[&[Role]]) -> Vec<Staff> {
        let one = |(number, roles): (u128, &&[Role])| Staff {
            id: id(number),
            login: format!("staff{number}"),
            name: format!("職員{number}"),
            roles: roles.iter().copied().collect(),
            active: true,
            password: PasswordHash::new("x"),
            second_factor: None,
            provider: None,
            failures: 0,
            locked_until: None,
            deputies: std::collections::BTreeSet::new(),
            created_at: Timestamp::UNIX_EPOCH,
        };
        (0..).zip(roles).map(one).collect()
    }

    fn named(numbers: &[u128]) -> Approvers {
        Approvers::Staff(numbers.iter().map(|number| id(*number)).collect())
    }

    fn normal(steps: &[(Approvers, u8)]) -> Routes {
        let step = |(approvers, required): &(Approvers, u8)| RouteStep {
            name: "決裁".to_owned(),
            approvers: approvers.clone(),
            required: NonZeroU8::new(*required).unwrap(),
        };
        let steps = steps.iter().map(step).collect();
        let id = RouteId("own".to_owned());
        // Nothing stands in the way of emergencies: they go the same way.
        let route = Route { id, name: "市の承認経路".to_owned(), steps, review_afterwards: false };
        Routes { normal: route.clone(), emergency: route }
    }

    // R15
    #[test]
    fn a_route_is_walked_by_different_people_who_may_do_what_they_are_asked_for() {
        use {Approvers::Role as R, Lack as L, Role as Is};
        let (checker, approver) = (R(Is::Checker), R(Is::Approver));
        for (what, steps, staff, expected) in [
            ("one approver", vec![(approver.clone(), 1)], &[APPROVER][..], None),
            ("the one who decides, by name", vec![(named(&[0]), 1)], &[APPROVER, CHECKER], None),
            ("both of two, by name", vec![(named(&[0, 1]), 2)], &[APPROVER, APPROVER], None),
            ("nobody", vec![(approver.clone(), 1)], &[CHECKER, CHECKER], Some((0, L::People))),
            ("a step that two must sign", vec![(approver.clone(), 2)], &[APPROVER, APPROVER, APPROVER], None),
            ("one too few for it", vec![(approver.clone(), 2)], &[APPROVER, CHECKER], Some((0, L::People))),
            (
                "one person for both steps",
                vec![(checker.clone(), 1), (approver.clone(), 1)],
                &[BOTH],
                Some((1, L::People)),
            ),
            ("two for two steps", vec![(checker.clone(), 1), (approver.clone(), 1)], &[BOTH, BOTH], None),
            (
                "whoever stands first is not taken where only they can sign later",
                vec![(named(&[0, 1, 3]), 1), (named(&[0, 4]), 1), (named(&[2, 5]), 1)],
                &[APPROVER, APPROVER, APPROVER, APPROVER, APPROVER, APPROVER],
                None,
            ),
            (
                "the same person, named twice",
                vec![(named(&[0]), 1), (named(&[0]), 1)],
                &[APPROVER, APPROVER],
                Some((1, L::People)),
            ),
            (
                "named, and may not read posts",
                vec![(named(&[0]), 1), (approver.clone(), 1)],
                &[CONSULTANT, APPROVER, APPROVER],
                Some((0, L::Permission)),
            ),
            (
                "may read but not decide, at the last step",
                vec![(approver.clone(), 1), (named(&[0]), 1)],
                &[AUDITOR, APPROVER, APPROVER],
                Some((1, L::Permission)),
            ),
            (
                "may read and not decide, before it",
                vec![(named(&[0]), 1), (approver.clone(), 1)],
                &[AUDITOR, APPROVER, APPROVER],
                None,
            ),
            (
                "a role that decides nothing",
                vec![(R(Is::Administrator), 1)],
                &[ADMINISTRATOR, ADMINISTRATOR],
                Some((0, L::Permission)),
            ),
            ("no step at all", vec![], &[APPROVER, APPROVER], Some((0, L::People))),
        ] {
            let found = normal(&steps).obstacle(&people(staff));
            let expected = expected.map(|(step, why)| Obstacle { urgency: Urgency::Normal, step, why });
            assert_eq!(found, expected, "{what}");
        }
    }

    #[test]
    fn whoever_is_stopped_signs_nothing_and_each_route_is_looked_at() {
        let mut staff = people(&[APPROVER, APPROVER, CHECKER]);
        assert_eq!(Routes::default().obstacle(&staff), None);
        let mut routes = Routes::default();
        routes.emergency.steps[0].approvers = named(&[2]);
        let why = Lack::Permission;
        let emergency = Some(Obstacle { urgency: Urgency::Emergency, step: 0, why });
        assert_eq!(routes.obstacle(&staff), emergency);
        (staff[0].active, staff[1].active) = (false, false);
        let why = Lack::People;
        assert_eq!(routes.obstacle(&staff), Some(Obstacle { urgency: Urgency::Normal, step: 0, why }));
    }
}
