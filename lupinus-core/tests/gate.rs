//! The gate in front of every phone.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{delivery, local, member, now};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    calendar::{OfficeHours, QuietHours},
    delivery::{GatePolicy, Ledger, Sent, Verdict, may_dispatch},
    hash::Sha256Hash,
    ids::{OutboxId, RetryKey},
    outbox::{Addressee, DeliveryKind, HoldReason, OutboxItem, OutboxState, Recipient, RetryPolicy, Sort},
};
use uuid::Uuid;

struct Case {
    item: OutboxItem,
    approved: Option<Sha256Hash>,
    now: Timestamp,
    sent: Vec<Sent>,
    policy: GatePolicy,
}

fn content() -> Sha256Hash {
    Sha256Hash::of(b"approved")
}

fn case() -> Case {
    let people = (1..=3).map(|n| Addressee { member: member(n), contact: None }).collect();
    let item = OutboxItem {
        id: OutboxId::from_uuid(Uuid::from_u128(1)),
        retry_key: RetryKey::from_uuid(Uuid::from_u128(2)),
        recipient: Recipient::People(people),
        messages: Vec::new(),
        sort: Sort::Delivery {
            delivery: delivery(),
            chunk: 0,
            kind: DeliveryKind::Production,
            correction: false,
            urgent: false,
            content: content(),
        },
        subject: None,
        created_at: now(),
        expires_at: None,
        attempts: 0,
        first_tried_at: None,
        unanswered: false,
        maybe_accepted_at: None,
        released: BTreeSet::new(),
        state: OutboxState::Waiting { at: now() },
    };
    Case { item, approved: Some(content()), now: now(), sent: Vec::new(), policy: GatePolicy::default() }
}

impl Case {
    fn verdict(&self) -> Verdict {
        let ledger = Ledger::of(&self.sent, self.now, &self.policy);
        let (hours, quiet) = (OfficeHours::default(), QuietHours::default());
        let members: Vec<_> = match &self.item.recipient {
            Recipient::Everyone => (1..=3).map(member).collect(),
            _ => self.item.addressees().iter().map(|to| to.member).collect(),
        };
        may_dispatch(
            &self.item,
            &members,
            self.approved,
            self.now,
            &ledger,
            &self.policy,
            &hours,
            Some(&quiet),
        )
    }

    fn sort(mut self, change: impl FnOnce(&mut bool, &mut bool, &mut DeliveryKind)) -> Self {
        if let Sort::Delivery { correction, urgent, kind, .. } = &mut self.item.sort {
            change(correction, urgent, kind);
        }
        self
    }

    fn sent(mut self, content: Sha256Hash, ago: Duration, members: &[u128]) -> Self {
        let members = members.iter().map(|n| member(*n)).collect();
        self.sent.push(Sent { at: self.now - SignedDuration::try_from(ago).unwrap(), content, members });
        self
    }
}

fn hold(reason: HoldReason) -> Verdict {
    Verdict::Hold(reason)
}

#[test]
fn an_approved_item_in_opening_hours_goes() {
    assert_eq!(case().verdict(), Verdict::Go);
}

// R28
#[test]
fn nothing_expired_goes_even_after_an_outage() {
    let mut case = case();
    case.item.expires_at = Some(case.now);
    assert_eq!(case.verdict(), hold(HoldReason::Expired));
    case.now -= SignedDuration::from_millis(1);
    assert_eq!(case.verdict(), Verdict::Go);
    // Not even one that was tried before.
    case.item.first_tried_at = Some(case.now);
    case.now += SignedDuration::from_hours(24 * 40);
    assert_eq!(case.verdict(), hold(HoldReason::Expired));
}

#[test]
fn what_comes_too_late_for_one_person_is_nobodys_work() {
    let mut reminder = Case { approved: None, ..case() };
    reminder.item.sort = Sort::Personal;
    reminder.item.expires_at = Some(reminder.now);
    assert_eq!(reminder.verdict(), Verdict::Drop);
    let left = reminder.item.after(Verdict::Drop, reminder.now, &RetryPolicy::default());
    assert_eq!(left.state, OutboxState::Dropped { at: reminder.now });
}

// R14
#[test]
fn content_that_is_not_the_approved_one_is_held() {
    for approved in [None, Some(Sha256Hash::of(b"tampered"))] {
        assert_eq!(Case { approved, ..case() }.verdict(), hold(HoldReason::ContentChanged));
    }
}

// R29
#[test]
fn the_same_content_to_the_same_person_is_held_forty_times_of_forty() {
    for minute in 0..40 {
        let again = case().sent(content(), Duration::from_mins(61 + minute), &[3, 9]);
        assert_eq!(again.verdict(), hold(HoldReason::Repeated));
    }
    let correction =
        case().sent(content(), Duration::from_hours(2), &[3]).sort(|correction, _, _| *correction = true);
    assert_eq!(correction.verdict(), Verdict::Go);
    let long_ago = case().sent(content(), Duration::from_hours(24 * 31), &[3]);
    assert_eq!(long_ago.verdict(), Verdict::Go);
    let others = case().sent(content(), Duration::from_hours(2), &[8, 9]);
    assert_eq!(others.verdict(), Verdict::Go);
}

// R30
#[test]
fn above_the_ceilings_a_person_decides() {
    let mut busy = case();
    for number in 0..4_u8 {
        busy = busy.sent(Sha256Hash::of(&[number]), Duration::from_mins(10), &[2]);
    }
    assert_eq!(busy.verdict(), hold(HoldReason::PersonCeiling));
    let mut account = case().sent(Sha256Hash::of(b"x"), Duration::from_mins(10), &[7, 8, 9]);
    account.policy.per_account_per_hour = 5;
    assert_eq!(account.verdict(), hold(HoldReason::AccountCeiling));
    account.policy.per_account_per_hour = 6;
    assert_eq!(account.verdict(), Verdict::Go);
}

// R31
#[test]
fn quiet_hours_hold_what_can_wait_until_the_morning() {
    let at = |day, hour| local(2026, 10, day, hour);
    let night = Case { now: at(1, 22), ..case() };
    assert_eq!(night.verdict(), Verdict::Wait(at(2, 8)));
    let urgent = Case { now: at(1, 22), ..case() }.sort(|_, urgent, _| *urgent = true);
    assert_eq!(urgent.verdict(), Verdict::Go);
}

// R27
#[test]
fn a_drill_goes_to_those_who_take_part_and_to_nobody_else() {
    let drill = || case().sort(|_, _, kind| *kind = DeliveryKind::Drill);
    assert_eq!(drill().verdict(), hold(HoldReason::WrongKind));
    let mut for_testers = drill();
    for_testers.policy.testers = (1..=3).map(member).collect();
    assert_eq!(for_testers.verdict(), Verdict::Go);
}

// R27
#[test]
fn in_trial_nothing_goes_to_members_whatever_a_person_let_pass() {
    let trial = |mut case: Case| {
        case.policy.trial = true;
        case.verdict()
    };
    assert_eq!(trial(case()), hold(HoldReason::Trial));
    assert_eq!(trial(case().sort(|_, urgent, _| *urgent = true)), hold(HoldReason::Trial));
    let night = Case { now: local(2026, 10, 1, 22), ..case() };
    assert_eq!(trial(night), hold(HoldReason::Trial), "and does not wait for the morning");
    let mut tried = case();
    tried.item.first_tried_at = Some(tried.now);
    tried.item.released.insert(HoldReason::Trial);
    assert_eq!(trial(tried), hold(HoldReason::Trial));
    let mut test = case().sort(|_, _, kind| *kind = DeliveryKind::Test);
    test.policy.testers = (1..=3).map(member).collect();
    assert_eq!(trial(test), Verdict::Go);
}

#[test]
fn an_item_that_may_have_arrived_is_not_held_for_its_own_earlier_attempt() {
    let mut tried = case().sent(content(), Duration::from_mins(5), &[1, 2, 3]);
    assert_eq!(tried.verdict(), hold(HoldReason::Repeated));
    tried.item.first_tried_at = Some(tried.now);
    assert_eq!(tried.verdict(), Verdict::Go);
}

#[test]
fn what_one_person_is_owed_passes_at_any_hour() {
    let at = local(2026, 10, 4, 3);
    let mut answer = Case { now: at, approved: None, ..case() };
    answer.item.sort = Sort::Personal;
    assert_eq!(answer.verdict(), Verdict::Go);
}

// R29, R30
#[test]
fn a_broadcast_asks_for_the_people_whom_we_know() {
    let mut everyone = case().sent(content(), Duration::from_hours(2), &[2]);
    everyone.item.recipient = Recipient::Everyone;
    assert_eq!(everyone.verdict(), hold(HoldReason::Repeated));
    let mut many = case();
    many.item.recipient = Recipient::Everyone;
    many.policy.per_account_per_hour = 2;
    assert_eq!(many.verdict(), hold(HoldReason::AccountCeiling));
}

// R31
#[test]
fn a_repeated_attempt_keeps_quiet_hours_too() {
    let mut tried = Case { now: local(2026, 10, 1, 22), ..case() };
    tried.item.first_tried_at = Some(local(2026, 10, 1, 17));
    assert_eq!(tried.verdict(), Verdict::Wait(local(2026, 10, 2, 8)));
}

#[test]
fn what_a_person_released_is_not_held_again_for_what_they_knew() {
    let mut released = case().sent(content(), Duration::from_hours(2), &[1]);
    released.item.released.insert(HoldReason::Repeated);
    assert_eq!(released.verdict(), Verdict::Go);
    // Nobody was asked about the ceilings.
    released.policy.per_account_per_hour = 0;
    assert_eq!(released.verdict(), hold(HoldReason::AccountCeiling));
    released.item.released.insert(HoldReason::AccountCeiling);
    assert_eq!(released.verdict(), Verdict::Go);
    released.item.expires_at = Some(released.now);
    assert_eq!(released.verdict(), hold(HoldReason::Expired));
}
