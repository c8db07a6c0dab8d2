use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    calendar::{OfficeHours, QuietHours},
    hash::Sha256Hash,
    ids::MemberId,
    outbox::{DeliveryKind, HoldReason, OutboxItem, Sort},
};

/// What must hold before anything reaches a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatePolicy {
    /// For how long the same content does not go to the same person again.
    pub repeat_window: Duration,
    /// Most deliveries to one person within an hour.
    pub per_person_per_hour: u32,
    /// Most messages (people reached) of the account within an hour.
    pub per_account_per_hour: u64,
    /// The members who may receive a drill or a test, beside the staff who are linked. Production goes to everybody else and to them.
    pub testers: HashSet<MemberId>,
    /// Whether the centre is in trial: nothing goes to members then. Where the gate is asked, this is as the centre stands.
    pub trial: bool,
}

impl Default for GatePolicy {
    fn default() -> Self {
        Self {
            repeat_window: Duration::from_hours(30 * 24),
            per_person_per_hour: 4,
            per_account_per_hour: 20_000,
            testers: HashSet::new(),
            trial: false,
        }
    }
}

/// One delivery to some people that has been accepted, or may have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub content: Sha256Hash,
    /// To whom.
    pub members: Vec<MemberId>,
}

/// What was sent within the gate's windows: what a verdict is taken by.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    had: HashSet<(MemberId, Sha256Hash)>,
    last_hour: HashMap<MemberId, u32>,
    account_last_hour: u64,
}

impl Ledger {
    /// The ledger of these sendings at `now`; what is older than the windows is passed over.
    pub fn of<'a>(sent: impl IntoIterator<Item = &'a Sent>, now: Timestamp, policy: &GatePolicy) -> Self {
        let since = |window: Duration| now.checked_sub(window).unwrap_or(Timestamp::MIN);
        let (window, hour) = (since(policy.repeat_window), since(Duration::from_hours(1)));
        let mut ledger = Self::default();
        for sent in sent {
            for member in &sent.members {
                if sent.at > window {
                    ledger.had.insert((*member, sent.content));
                }
                if sent.at > hour {
                    *ledger.last_hour.entry(*member).or_default() += 1;
                    ledger.account_last_hour += 1;
                }
            }
        }
        ledger
    }
}

/// What the gate says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may go.
    Go,
    /// Not before then: quiet hours.
    Wait(Timestamp),
    /// A person must decide.
    Hold(HoldReason),
    /// It is too late to say it to one person, and nobody need decide.
    Drop,
}

/// Whether `item` may reach phones at `now`. `members` are the people it goes to: for everyone, those whom we know. `approved` is
/// the hash of its post's approved content as it stands in the record now, `None` when nothing of that post is approved.
#[expect(
    clippy::too_many_arguments,
    reason = "a pure question, asked in one place, needs all that it goes by"
)]
pub fn may_dispatch(
    item: &OutboxItem,
    members: &[MemberId],
    approved: Option<Sha256Hash>,
    now: Timestamp,
    ledger: &Ledger,
    policy: &GatePolicy,
    hours: &OfficeHours,
    quiet: Option<&QuietHours>,
) -> Verdict {
    let expired = item.expires_at.is_some_and(|at| at <= now);
    let Sort::Delivery { kind, correction, urgent, content, .. } = &item.sort else {
        return if expired { Verdict::Drop } else { Verdict::Go };
    };
    if expired {
        return Verdict::Hold(HoldReason::Expired);
    }
    if approved != Some(*content) {
        return Verdict::Hold(HoldReason::ContentChanged);
    }
    if *kind != DeliveryKind::Production && !members.iter().all(|member| policy.testers.contains(member)) {
        return Verdict::Hold(HoldReason::WrongKind);
    }
    if *kind == DeliveryKind::Production && policy.trial {
        return Verdict::Hold(HoldReason::Trial);
    }
    if let Some(until) = quiet.and_then(|quiet| quiet.holds_until(now, hours))
        && !urgent
    {
        return Verdict::Wait(until);
    }
    // Whoever receives a test was named for it.
    if *kind == DeliveryKind::Test {
        return Verdict::Go;
    }
    // An item that was tried before asks again for what it may have had already: its own retry key keeps that single.
    if item.first_tried_at.is_some() {
        return Verdict::Go;
    }
    // What a person answered for is not asked again, and nothing else is taken for answered.
    let asks = |reason| !item.released.contains(&reason);
    if !correction
        && asks(HoldReason::Repeated)
        && members.iter().any(|member| ledger.had.contains(&(*member, *content)))
    {
        return Verdict::Hold(HoldReason::Repeated);
    }
    let most = policy.per_person_per_hour;
    if asks(HoldReason::PersonCeiling)
        && members.iter().any(|member| ledger.last_hour.get(member).is_some_and(|count| *count >= most))
    {
        return Verdict::Hold(HoldReason::PersonCeiling);
    }
    if asks(HoldReason::AccountCeiling)
        && ledger.account_last_hour + members.len() as u64 > policy.per_account_per_hour
    {
        return Verdict::Hold(HoldReason::AccountCeiling);
    }
    Verdict::Go
}
