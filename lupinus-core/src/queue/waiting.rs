use std::{collections::HashMap, time::Duration};

use jiff::{Timestamp, civil::Date};

use super::Claim;
use crate::{
    audit::Subject,
    calendar::OfficeHours,
    consultation::Consultation,
    faq::{Faq, State},
    ids::{ConsultationId, FaqId, OutboxId, PostId, StaffId},
    outbox::{OutboxItem, OutboxState},
    post::{Content, Post, PostState, Urgency},
    store::Entity,
};

/// After how much **opening time** something that waits is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until somebody takes a post in.
    pub take: Duration,
    /// Until a post in review is decided, and until somebody else has looked at an entry of the frequently asked questions.
    pub decide: Duration,
    /// Until a returned post comes back from its author.
    pub mend: Duration,
    /// Until an approved post has its day.
    pub schedule: Duration,
    /// Until a member has an answer.
    pub answer: Duration,
    /// How many days before its deadline or day a post presses, whatever its age.
    pub days_before: i32,
    /// For how many days a failed sending is shown: whoever has mended it otherwise need not look at it for ever.
    pub failed_days: u32,
}

impl Default for Patience {
    /// Half a day to take in, a day to decide and to schedule, five to mend, two hours to answer.
    fn default() -> Self {
        Self {
            take: Duration::from_hours(4),
            decide: Duration::from_hours(8),
            mend: Duration::from_hours(40),
            schedule: Duration::from_hours(8),
            answer: Duration::from_hours(2),
            days_before: 1,
            failed_days: 7,
        }
    }
}

/// What waits, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// An emergency was approved by one and needs a second signature (R17).
    SecondSignature(PostId),
    /// Somebody was replaced by a deputy and has not looked at it yet (後閲).
    LaterSight(PostId),
    /// Handed in; nobody has taken it.
    Submitted(PostId),
    /// In somebody's hands; to be returned, rejected or approved.
    InReview(PostId),
    /// Returned, and its author has let the time pass.
    NotMended(PostId),
    /// Approved; it has no day yet.
    Approved(PostId),
    /// Its sending failed, in part or whole.
    SendingFailed(PostId),
    /// A member waits for the centre.
    Consultation(ConsultationId),
    /// An entry of the frequently asked questions waits for a second pair of eyes.
    Faq(FaqId),
    /// A delivery is held at the gate, has failed, is of unknown fate, or pauses.
    Delivery(OutboxId),
}

impl Matter {
    /// What a claim on it names; `None` where the workflow itself says who has it, or where several may look.
    pub fn claimed_as(self) -> Option<Subject> {
        match self {
            Self::Submitted(_) | Self::Consultation(_) | Self::Faq(_) => None,
            Self::SecondSignature(id)
            | Self::LaterSight(id)
            | Self::InReview(id)
            | Self::NotMended(id)
            | Self::Approved(id)
            | Self::SendingFailed(id) => Some(Subject::new(&Post::KIND, id)),
            Self::Delivery(id) => Some(Subject::new(&OutboxItem::KIND, id)),
        }
    }
}

/// How much something presses. In the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pressing {
    /// An emergency, or something that stands still.
    Now,
    /// Late, or its deadline is near.
    Late,
    /// In its time.
    InTime,
}

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub matter: Matter,
    /// Since when.
    pub since: Timestamp,
    /// How long that is in **opening time**.
    pub age: Duration,
    /// How much it presses.
    pub pressing: Pressing,
    /// Who is on it.
    pub on_it: Option<StaffId>,
    /// Whether they are by a claim, and not by the workflow.
    pub claimed: bool,
}

/// What one looks at when saying what waits.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The centre's opening hours.
    pub hours: &'a OfficeHours,
    /// When something is late.
    pub patience: &'a Patience,
    /// Who is on what.
    pub claims: &'a HashMap<Subject, Claim>,
    /// Now.
    pub now: Timestamp,
}

impl Sight<'_> {
    fn waiting(&self, matter: Matter, since: Timestamp, limit: Option<Duration>) -> Waiting {
        let age = self.hours.open_duration(since, self.now);
        let pressing = match limit {
            None => Pressing::Now,
            Some(limit) if age >= limit => Pressing::Late,
            Some(_) => Pressing::InTime,
        };
        let claim = matter.claimed_as().and_then(|subject| self.claims.get(&subject));
        let on_it = claim.filter(|claim| claim.counts(self.now)).map(|claim| claim.by);
        Waiting { matter, since, age, pressing, on_it, claimed: on_it.is_some() }
    }
}

/// What of a post waits: nothing, one thing, or one beside a later sight.
pub fn of_post(post: &Post, sight: &Sight<'_>) -> Vec<Waiting> {
    let patience = sight.patience;
    let mut found = Vec::new();
    if post.needs_review && !matches!(post.state, PostState::Withdrawn | PostState::Rejected) {
        found.push(sight.waiting(Matter::SecondSignature(post.id), post.updated_at, None));
    }
    if let Some(replaced) = post.later_sight.first() {
        let waiting = sight.waiting(Matter::LaterSight(post.id), post.updated_at, Some(patience.decide));
        // It waits for them, and for nobody else.
        found.push(Waiting { on_it: Some(*replaced), claimed: false, ..waiting });
    }
    let own = match &post.state {
        PostState::Submitted => {
            let since = post.submitted_at.unwrap_or(post.updated_at);
            Some(sight.waiting(Matter::Submitted(post.id), since, Some(patience.take)))
        }
        PostState::InReview { reviewer, .. } => {
            let since = post.submitted_at.unwrap_or(post.updated_at);
            let waiting = sight.waiting(Matter::InReview(post.id), since, Some(patience.decide));
            Some(Waiting { on_it: waiting.on_it.or(Some(*reviewer)), ..waiting })
        }
        PostState::Returned => {
            let waiting = sight.waiting(Matter::NotMended(post.id), post.updated_at, Some(patience.mend));
            (waiting.pressing == Pressing::Late || presses(post, sight)).then_some(waiting)
        }
        PostState::Approved => {
            Some(sight.waiting(Matter::Approved(post.id), post.updated_at, Some(patience.schedule)))
        }
        PostState::Failed { .. } if post.was_called_off() => None,
        PostState::Failed { at, .. } => {
            let shown = Duration::from_hours(24 * u64::from(patience.failed_days));
            let past = Duration::try_from(sight.now.duration_since(*at)).unwrap_or_default();
            (past < shown).then(|| sight.waiting(Matter::SendingFailed(post.id), *at, None))
        }
        _ => None,
    };
    found.extend(own.map(|mut waiting| {
        let in_review = matches!(waiting.matter, Matter::Submitted(_) | Matter::InReview(_));
        if post.urgency == Urgency::Emergency && (in_review || matches!(waiting.matter, Matter::Approved(_)))
        {
            waiting.pressing = Pressing::Now;
        } else if presses(post, sight) {
            waiting.pressing = waiting.pressing.min(Pressing::Late);
        }
        waiting
    }));
    found
}

/// Whether the first day that a post must not miss is near.
fn presses(post: &Post, sight: &Sight<'_>) -> bool {
    let Some(day) = post.revision().and_then(|revision| first_day(&revision.content, sight.hours)) else {
        return false;
    };
    let days = sight.hours.date_of(sight.now).until(day).map_or(0, |span| span.get_days());
    days <= sight.patience.days_before
}

/// The first day that a content must not miss: until when one may apply, when it is, when it expires.
fn first_day(content: &Content, hours: &OfficeHours) -> Option<Date> {
    let event = content.event.as_ref();
    [
        event.and_then(|event| event.apply_by),
        event.map(|event| event.date),
        content.expires_at.map(|at| hours.date_of(at)),
    ]
    .into_iter()
    .flatten()
    .min()
}

/// A consultation whose member waits for the centre.
pub fn of_consultation(consultation: &Consultation, sight: &Sight<'_>) -> Option<Waiting> {
    let since = consultation.waiting_since?;
    let matter = Matter::Consultation(consultation.id);
    let waiting = sight.waiting(matter, since, Some(sight.patience.answer));
    Some(Waiting { on_it: consultation.handler, ..waiting })
}

/// An entry of the frequently asked questions that somebody else than its writer is to look at.
pub fn of_faq(entry: &Faq, sight: &Sight<'_>) -> Option<Waiting> {
    let waits = entry.state == State::Draft;
    waits.then(|| sight.waiting(Matter::Faq(entry.id), entry.since(), Some(sight.patience.decide)))
}

/// A delivery that waits for a person. What only waits for the month or the token presses less: it goes on by itself.
pub fn of_item(item: &OutboxItem, sight: &Sight<'_>) -> Option<Waiting> {
    let matter = Matter::Delivery(item.id);
    match &item.state {
        OutboxState::Held { at, .. } | OutboxState::Failed { at, .. } | OutboxState::Unknown { at } => {
            Some(sight.waiting(matter, *at, None))
        }
        OutboxState::Paused { .. } => Some(sight.waiting(matter, item.created_at, Some(Duration::ZERO))),
        OutboxState::Waiting { .. }
        | OutboxState::Leased { .. }
        | OutboxState::Done { .. }
        | OutboxState::Dropped { .. } => None,
    }
}

/// The list: what presses most first, then what waits longest.
pub fn in_order(mut list: Vec<Waiting>) -> Vec<Waiting> {
    list.sort_by_key(|waiting| (waiting.pressing, waiting.since, waiting.matter));
    list
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        actor::Who,
        ids::DeliveryId,
        post::{Category, EventDetails},
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn staff(number: u128) -> StaffId {
        StaffId::from_uuid(Uuid::from_u128(number))
    }

    /// Begun, handed in and changed on Monday at 9:00; its day is so many days later.
    fn post(state: PostState, day: &str) -> Post {
        let content = Content {
            category: Category::Training,
            title: "研修".to_owned(),
            body: "学びます。".to_owned(),
            event: Some(EventDetails {
                date: day.parse().unwrap(),
                starts: None,
                ends: None,
                venue: None,
                capacity: None,
                apply_by: None,
                fee: None,
                contact: None,
                hosts: None,
            }),
            attachments: Vec::new(),
            link: None,
            expires_at: None,
            sender: None,
        };
        let monday = at("2026-10-05T09:00:00+09:00");
        let id = PostId::from_uuid(Uuid::from_u128(9));
        let mut post = Post::new(id, Who::System, None, Urgency::Normal, content, Vec::new(), monday);
        post.submitted_at = Some(monday);
        post.state = state;
        post
    }

    fn seen(post: &Post, now: &str) -> Vec<(Pressing, u64)> {
        let (hours, patience, claims) = (OfficeHours::default(), Patience::default(), HashMap::new());
        let sight = Sight { hours: &hours, patience: &patience, claims: &claims, now: at(now) };
        let found = of_post(post, &sight);
        found.iter().map(|waiting| (waiting.pressing, waiting.age.as_secs() / 60)).collect()
    }

    #[test]
    fn a_post_is_late_after_so_much_opening_time_or_when_its_day_is_near() {
        use Pressing::{InTime, Late, Now};
        let far = "2026-11-20";
        let failed = || PostState::Failed {
            delivery: DeliveryId::from_uuid(Uuid::from_u128(1)),
            at: at("2026-10-05T09:00:00+09:00"),
        };
        let review = || PostState::InReview { step: 0, reviewer: staff(1) };
        for (name, post, now, expected) in [
            (
                "just handed in",
                post(PostState::Submitted, far),
                "2026-10-05T09:14:00+09:00",
                vec![(InTime, 14)],
            ),
            ("half a day", post(PostState::Submitted, far), "2026-10-05T13:00:00+09:00", vec![(Late, 240)]),
            // 17:15 to 8:30 is nobody's time.
            ("the next morning", post(review(), far), "2026-10-06T08:30:00+09:00", vec![(Late, 495)]),
            (
                "in the night",
                post(PostState::Approved, far),
                "2026-10-05T15:00:00+09:00",
                vec![(InTime, 360)],
            ),
            (
                "its day is tomorrow",
                post(PostState::Submitted, "2026-10-06"),
                "2026-10-05T09:14:00+09:00",
                vec![(Late, 14)],
            ),
            ("returned just now", post(PostState::Returned, far), "2026-10-05T15:00:00+09:00", vec![]),
            (
                "returned, its day is near",
                post(PostState::Returned, "2026-10-06"),
                "2026-10-05T15:00:00+09:00",
                vec![(Late, 360)],
            ),
            (
                "returned a week ago",
                post(PostState::Returned, far),
                "2026-10-13T09:00:00+09:00",
                vec![(Late, 2_625)],
            ),
            ("failed", post(failed(), far), "2026-10-05T09:30:00+09:00", vec![(Now, 30)]),
            ("failed long ago", post(failed(), far), "2026-10-12T09:00:00+09:00", vec![]),
            ("a draft", post(PostState::Draft, far), "2026-10-12T09:00:00+09:00", vec![]),
        ] {
            assert_eq!(seen(&post, now), expected, "{name}");
        }
    }

    /// R17
    #[test]
    fn an_emergency_presses_until_a_second_person_has_signed() {
        let delivery = DeliveryId::from_uuid(Uuid::from_u128(1));
        let now = "2026-10-05T09:14:00+09:00";
        let mut storm = post(PostState::Submitted, "2026-11-20");
        storm.urgency = Urgency::Emergency;
        assert_eq!(seen(&storm, now), [(Pressing::Now, 14)]);
        storm.state = PostState::Sent { delivery, at: at("2026-10-05T09:00:00+09:00") };
        storm.needs_review = true;
        assert_eq!(seen(&storm, now), [(Pressing::Now, 14)]);
        storm.needs_review = false;
        assert_eq!(seen(&storm, now), []);
    }

    #[test]
    fn a_claim_says_who_is_on_it_and_what_waits_for_one_person_is_nobody_elses() {
        let mut reviewed = post(PostState::InReview { step: 0, reviewer: staff(1) }, "2026-11-20");
        reviewed.later_sight = vec![staff(3)];
        let (hours, patience) = (OfficeHours::default(), Patience::default());
        let subject = Subject::new(&Post::KIND, reviewed.id);
        let now = at("2026-10-05T09:14:00+09:00");
        let mut claims = HashMap::new();
        let who = |claims: &HashMap<Subject, Claim>| -> Vec<_> {
            let sight = Sight { hours: &hours, patience: &patience, claims, now };
            of_post(&reviewed, &sight).iter().map(|waiting| (waiting.on_it, waiting.claimed)).collect()
        };
        assert_eq!(who(&claims), [(Some(staff(3)), false), (Some(staff(1)), false)]);
        claims.insert(subject.clone(), Claim { subject: subject.clone(), by: staff(2), at: now });
        assert_eq!(who(&claims), [(Some(staff(3)), false), (Some(staff(2)), true)]);
        let yesterday = at("2026-10-04T09:14:00+09:00");
        claims.insert(subject.clone(), Claim { subject, by: staff(2), at: yesterday });
        assert_eq!(who(&claims), [(Some(staff(3)), false), (Some(staff(1)), false)]);
    }

    #[test]
    fn what_presses_comes_first_and_then_what_waits_longest() {
        let waiting = |number: u128, pressing, since: &str| Waiting {
            matter: Matter::Submitted(PostId::from_uuid(Uuid::from_u128(number))),
            since: at(since),
            age: Duration::ZERO,
            pressing,
            on_it: None,
            claimed: false,
        };
        let list = in_order(vec![
            waiting(1, Pressing::InTime, "2026-10-05T01:00:00Z"),
            waiting(2, Pressing::Late, "2026-10-05T03:00:00Z"),
            waiting(3, Pressing::Now, "2026-10-05T04:00:00Z"),
            waiting(4, Pressing::Late, "2026-10-05T02:00:00Z"),
        ]);
        let numbers: Vec<Matter> = list.iter().map(|waiting| waiting.matter).collect();
        let expected =
            [3, 4, 2, 1].map(|number| Matter::Submitted(PostId::from_uuid(Uuid::from_u128(number))));
        assert_eq!(numbers, expected);
    }
}
