use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    ConsultationTotals, Figures, MemberFigures, MonthFigures, Period, PostFigures, PrivacyFigures, Sent,
    Spread, StaffFigures,
};
use crate::{
    actor::Who,
    audience::Audience,
    audit::AuditEntry,
    calendar::OfficeHours,
    consultation::{Consultation, State},
    delivery::{Delivery, DeliveryState},
    ids::{MemberId, PostId, StaffId},
    incident::Incident,
    member::{Profession, Reach, Standing},
    outbox::DeliveryKind,
    post::{Post, Urgency},
    staff::Staff,
};

/// The figures of a period in the making. Every record is handed in once; what lies outside of the period is left out.
#[derive(Debug)]
pub struct Counting {
    figures: Figures,
    hours: OfficeHours,
    ends: Vec<(Timestamp, Timestamp)>,
    posts: BTreeSet<PostId>,
    askers: BTreeSet<MemberId>,
    at_desk: BTreeSet<StaffId>,
    first_answers: Vec<Duration>,
    resolutions: Vec<Duration>,
}

impl Counting {
    /// Nothing counted yet. `hours` say when the centre is open, and whose clocks divide the months.
    pub fn new(period: Period, hours: OfficeHours, counted_at: Timestamp) -> Self {
        let months = period.months();
        let zone: &TimeZone = hours.time_zone();
        let ends = months.iter().map(|month| month.bounds(zone)).collect();
        let months = months.into_iter().map(|month| MonthFigures {
            month,
            joined: 0,
            left: 0,
            sent: Sent::default(),
            consultations: 0,
        });
        let figures = Figures {
            period,
            counted_at,
            members: MemberFigures::default(),
            posts: PostFigures::default(),
            consultations: ConsultationTotals::default(),
            privacy: PrivacyFigures::default(),
            staff: StaffFigures::default(),
            months: months.collect(),
            acts: BTreeMap::new(),
        };
        Self {
            figures,
            hours,
            ends,
            posts: BTreeSet::new(),
            askers: BTreeSet::new(),
            at_desk: BTreeSet::new(),
            first_answers: Vec::new(),
            resolutions: Vec::new(),
        }
    }

    /// The month of the period in which this lies.
    fn month(&mut self, at: Timestamp) -> Option<&mut MonthFigures> {
        let place = self.ends.iter().position(|(from, to)| (*from..*to).contains(&at))?;
        self.figures.months.get_mut(place)
    }

    /// So many members who stand like this now.
    pub fn members(&mut self, standing: &Standing, count: u64) {
        let members = &mut self.figures.members;
        match standing.reach {
            Reach::Registered => {
                members.registered += count;
                *members.by_profession.entry(standing.profession.clone()).or_default() += count;
                *members.by_area.entry(standing.area.clone()).or_default() += count;
                if standing.topics.is_empty() {
                    *members.by_topic.entry(None).or_default() += count;
                }
                for topic in &standing.topics {
                    *members.by_topic.entry(Some(*topic)).or_default() += count;
                }
            }
            Reach::Friend => members.following_only += count,
            Reach::Blocked => members.blocked += count,
            Reach::Left => {}
        }
    }

    /// An entry of the trail.
    pub fn act(&mut self, entry: &AuditEntry) {
        let Some(month) = self.month(entry.at) else { return };
        match entry.action.as_str() {
            "member.followed" | "member.returned" => month.joined += 1,
            "member.blocked" | "member.left" => month.left += 1,
            // Who had blocked it before was counted then.
            "member.erased" if entry.detail["followed"] == true => month.left += 1,
            "staff.signed_in" => {
                if let Who::Staff(id) = entry.who {
                    self.at_desk.insert(id);
                }
            }
            _ => {}
        }
        *self.figures.acts.entry(entry.action.clone()).or_default() += 1;
    }

    /// A sending, with its post as it stands. Once more to those whom it missed is the same post, and more people.
    pub fn delivery(&mut self, delivery: &Delivery, post: &Post) {
        if delivery.kind != DeliveryKind::Production {
            return;
        }
        let new = !self.posts.contains(&post.id);
        let people = u64::from(delivery.recipients);
        let Some(month) = self.month(delivery.started_at) else { return };
        month.sent.add(new, people);
        self.posts.insert(post.id);
        let posts = &mut self.figures.posts;
        posts.sent.add(new, people);
        let revision = post.revisions.iter().find(|revision| revision.number == delivery.revision);
        if let Some(revision) = revision.or(post.revision()) {
            posts.by_category.entry(revision.content.category).or_default().add(new, people);
        }
        posts.by_body.entry(post.body).or_default().add(new, people);
        posts.corrections += u64::from(new && post.corrects.is_some());
        posts.urgent += u64::from(new && post.urgency == Urgency::Emergency);
        posts.to_all_friends += u64::from(matches!(delivery.audience, Audience::AllFriends));
        posts.incomplete += u64::from(delivery.state == DeliveryState::Partial);
    }

    /// A consultation, with the profession of who asked, if that is known.
    pub fn consultation(&mut self, consultation: &Consultation, profession: Option<Profession>) {
        let Some(month) = self.month(consultation.opened_at) else { return };
        month.consultations += 1;
        self.askers.insert(consultation.member);
        self.first_answers.extend(consultation.time_to_first_answer(&self.hours));
        self.resolutions.extend(consultation.time_to_resolution(&self.hours));
        let masked = consultation.thread.iter().any(|entry| !entry.masked.is_empty());
        self.figures.privacy.masked += u64::from(masked);
        let totals = &mut self.figures.consultations;
        totals.opened += 1;
        if let State::Resolved { by_silence, .. } = consultation.state {
            totals.resolved += 1;
            totals.resolved_by_silence += u64::from(by_silence);
        }
        totals.reopened += u64::from(consultation.reopened > 0);
        totals.unanswered += u64::from(consultation.first_answer_at.is_none());
        if let Some(rated) = consultation.rated {
            *totals.by_rating.entry(rated.rating).or_default() += 1;
        }
        *totals.by_topic.entry(consultation.topic).or_default() += 1;
        *totals.by_profession.entry(profession).or_default() += 1;
    }

    /// An incident, whenever it began.
    pub fn incident(&mut self, incident: &Incident) {
        let begun_within = self.month(incident.opened_at).is_some();
        let privacy = &mut self.figures.privacy;
        privacy.incidents += u64::from(begun_within);
        privacy.incidents_open += u64::from(!incident.is_closed());
    }

    /// An account, as it stands now.
    pub fn staff(&mut self, staff: &Staff) {
        if staff.active {
            self.figures.staff.active += 1;
            for role in staff.roles.iter() {
                *self.figures.staff.by_role.entry(role).or_default() += 1;
            }
        }
    }

    /// The figures of what was handed in.
    pub fn finish(mut self) -> Figures {
        self.figures.consultations.members = self.askers.len() as u64;
        self.figures.consultations.first_answer = Spread::of(self.first_answers);
        self.figures.consultations.resolution = Spread::of(self.resolutions);
        self.figures.staff.signed_in = self.at_desk.len() as u64;
        self.figures.privacy.allowed = ["post.finding_allowed", "consultation.finding_allowed"]
            .into_iter()
            .map(|name| self.figures.act(name))
            .sum();
        self.figures
    }
}

impl Sent {
    const fn add(&mut self, new: bool, people: u64) {
        self.posts += new as u64;
        self.people += people;
    }
}
