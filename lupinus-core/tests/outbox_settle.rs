//! What an answer of the channel, or none, makes of an item: line by line.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{member, now};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    ids::{ContactId, OutboxId, RetryKey},
    outbox::{
        Addressee, HoldReason, Message, OutboxItem, OutboxState, PauseReason, Recipient, ReplyToken,
        RetryPolicy, SendOutcome, Sort,
    },
};
use serde_json::json;
use uuid::Uuid;

fn key(number: u128) -> RetryKey {
    RetryKey::from_uuid(Uuid::from_u128(number))
}

fn to() -> Addressee {
    Addressee { member: member(1), contact: Some(ContactId::new("U0")) }
}

fn item(recipient: Recipient) -> OutboxItem {
    OutboxItem {
        id: OutboxId::from_uuid(Uuid::from_u128(1)),
        retry_key: key(1),
        recipient,
        messages: vec![Message::Native { object: json!({ "type": "text", "text": "こんにちは" }) }],
        sort: Sort::Personal,
        subject: None,
        created_at: now(),
        expires_at: None,
        attempts: 0,
        first_tried_at: None,
        unanswered: false,
        maybe_accepted_at: None,
        released: BTreeSet::new(),
        state: OutboxState::Waiting { at: now() },
    }
}

fn push() -> OutboxItem {
    item(Recipient::Person(to()))
}

fn reply() -> OutboxItem {
    let until = now() + SignedDuration::from_secs(50);
    item(Recipient::Reply { token: ReplyToken::new("t"), until, to: to() })
}

fn after(item: &OutboxItem, outcome: SendOutcome, at: Timestamp) -> OutboxItem {
    item.settle(outcome, at, &RetryPolicy::default(), 0, key(2)).next
}

fn leased(item: &OutboxItem) -> OutboxItem {
    item.leased(now(), &RetryPolicy::default())
}

fn refused() -> SendOutcome {
    SendOutcome::Refused {
        status: 400,
        message: "m".to_owned(),
        property: Some("messages[0].text".to_owned()),
    }
}

#[test]
fn an_accepted_item_is_done_and_keeps_neither_address_nor_words() {
    for outcome in [
        SendOutcome::Accepted { request_id: Some("r".to_owned()) },
        SendOutcome::AlreadyAccepted { request_id: Some("r".to_owned()) },
    ] {
        for item in [push(), reply()] {
            let done = after(&leased(&item), outcome.clone(), now());
            assert_eq!(done.state, OutboxState::Done { at: now(), request_id: Some("r".to_owned()) });
            assert!(done.messages.is_empty());
            assert!(done.addressees().iter().all(|to| to.contact.is_none()));
            assert_eq!(done.addressees()[0].member, member(1));
        }
    }
}

#[test]
fn an_unanswered_push_is_repeated_with_the_same_key_ever_more_slowly() {
    let mut item = push();
    let mut waits = Vec::new();
    for _ in 0..14 {
        item = leased(&item);
        item = after(&item, SendOutcome::Ambiguous, now());
        let OutboxState::Waiting { at } = item.state else { panic!("{:?}", item.state) };
        waits.push(at.duration_since(now()));
        assert_eq!(item.retry_key, key(1));
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert!(waits[0] >= SignedDuration::from_secs(1));
    assert!(*waits.last().unwrap() <= SignedDuration::from_mins(10));
}

#[test]
fn a_push_is_not_repeated_once_its_key_protects_no_longer() {
    let policy = RetryPolicy::default();
    let tried = after(&leased(&push()), SendOutcome::Ambiguous, now());
    let late = now() + SignedDuration::from_hours(23);
    assert_eq!(tried.before_repeat(late - SignedDuration::from_secs(1), &policy), None);
    let held = OutboxState::Held { at: late, reason: HoldReason::KeyExpired };
    assert_eq!(tried.before_repeat(late, &policy), Some(held));
}

#[test]
fn an_unanswered_reply_is_repeated_inside_its_minute_and_never_becomes_a_push() {
    let first = after(&leased(&reply()), SendOutcome::Ambiguous, now());
    assert!(matches!(first.state, OutboxState::Waiting { .. }));
    assert!(matches!(first.recipient, Recipient::Reply { .. }));
    let late = now() + SignedDuration::from_secs(50);
    assert_eq!(first.before_repeat(late, &RetryPolicy::default()), Some(OutboxState::Unknown { at: late }));
    let last_try = after(&leased(&first), SendOutcome::Ambiguous, late - SignedDuration::from_millis(100));
    assert!(matches!(last_try.state, OutboxState::Unknown { .. }));
}

#[test]
fn an_invalid_token_means_accepted_only_if_an_earlier_attempt_had_no_answer() {
    let refused_at_once = after(&leased(&reply()), SendOutcome::InvalidReplyToken, now());
    assert!(matches!(refused_at_once.recipient, Recipient::Person(_)));
    assert_eq!(refused_at_once.state, OutboxState::Waiting { at: now() });
    assert_eq!(refused_at_once.retry_key, key(2));
    // Refused for being too fast is an answer: that attempt sent nothing.
    let limited = after(&leased(&reply()), SendOutcome::RateLimited, now());
    let second = after(&leased(&limited), SendOutcome::InvalidReplyToken, now());
    assert!(matches!(second.recipient, Recipient::Person(_)));
    // A dispatcher that died with it may have sent it.
    let abandoned = leased(&leased(&reply()));
    let second = after(&abandoned, SendOutcome::InvalidReplyToken, now());
    assert!(matches!(second.state, OutboxState::Done { .. }));
    let unanswered = after(&leased(&reply()), SendOutcome::Ambiguous, now());
    let second = after(&leased(&unanswered), SendOutcome::InvalidReplyToken, now());
    assert!(matches!(second.state, OutboxState::Done { .. }));
}

#[test]
fn a_reply_that_was_never_tried_in_time_becomes_a_push() {
    let late = now() + SignedDuration::from_secs(50);
    let pushed = reply().without_stale_token(late, key(3));
    assert!(matches!(pushed.recipient, Recipient::Person(_)));
    assert_eq!(pushed.retry_key, key(3));
    let in_time = reply().without_stale_token(late - SignedDuration::from_secs(1), key(3));
    assert!(matches!(in_time.recipient, Recipient::Reply { .. }));
    let tried = leased(&reply()).without_stale_token(late, key(3));
    assert!(matches!(tried.recipient, Recipient::Reply { .. }));
}

#[test]
fn what_is_refused_for_certain_fails_with_the_channels_own_words() {
    let failed = after(&leased(&push()), refused(), now());
    let OutboxState::Failed { status, message, property, .. } = failed.state else { panic!() };
    assert_eq!((status, message.as_str(), property.as_deref()), (400, "m", Some("messages[0].text")));
}

#[test]
fn the_rate_limit_waits_and_the_key_stays() {
    let item = after(&leased(&push()), SendOutcome::RateLimited, now());
    assert!(matches!(item.state, OutboxState::Waiting { at } if at > now()));
    assert_eq!(item.retry_key, key(1));
}

// R34
#[test]
fn a_full_quota_and_a_refused_token_pause_and_drop_nothing() {
    let policy = RetryPolicy::default();
    for (outcome, reason) in [
        (SendOutcome::QuotaExhausted, PauseReason::Quota),
        (SendOutcome::Unauthorised, PauseReason::Unauthorised),
    ] {
        let settled = leased(&push()).settle(outcome, now(), &policy, 0, key(2));
        assert_eq!(settled.pause_all, Some(reason));
        assert!(matches!(settled.next.state, OutboxState::Paused { until, .. } if until > now()));
        assert_eq!((settled.next.retry_key, settled.next.messages.len()), (key(1), 1));
    }
}

#[test]
fn jitter_spreads_the_wait_over_its_upper_half() {
    let wait = |jitter| {
        let next = leased(&push())
            .settle(SendOutcome::Ambiguous, now(), &RetryPolicy::default(), jitter, key(2))
            .next;
        let OutboxState::Waiting { at } = next.state else { panic!() };
        Duration::try_from(at.duration_since(now())).unwrap()
    };
    assert_eq!(wait(0), Duration::from_secs(1));
    assert_eq!(wait(999), Duration::from_secs(2));
}

// R28
#[test]
fn what_was_leased_is_handed_over_within_its_lease_and_before_its_expiry_alone() {
    let after = |seconds| now() + SignedDuration::from_secs(seconds);
    let expiring = OutboxItem { expires_at: Some(after(30)), ..push() };
    let cases = [
        ("at once", leased(&push()), 0, true),
        ("in the lease's last second", leased(&push()), 59, true),
        ("at its end: another may have it", leased(&push()), 60, false),
        ("before its expiry", leased(&expiring), 29, true),
        ("at its expiry", leased(&expiring), 30, false),
        ("never leased", push(), 0, false),
    ];
    for (name, item, seconds, expected) in cases {
        assert_eq!(item.may_be_handed_over(after(seconds)), expected, "{name}");
    }
}
