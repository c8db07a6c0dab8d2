//! Random sequences of commands by random people: what must never happen does not.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use common::{Rules, body, content, delivery, draft, mark, member, now, staff, with_roles};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    actor::{Actor, Role, Who},
    audience::Audience,
    post::{Command, Field, FindingAt, Post, PostState, Route},
    screening::{AllowReason, Allowance, PiiKind},
};
use proptest::{collection::vec, prelude::*};

#[derive(Clone, Debug)]
struct Step {
    command: Command,
    actor: Actor,
    pause_hours: i64,
}

fn any_actor() -> impl Strategy<Value = Actor> {
    let roles = proptest::sample::subsequence(Role::ALL.to_vec(), 0..=4);
    prop_oneof![
        (1..4_u128).prop_map(|n| Actor::member(member(n), Some(body()))),
        (1..6_u128, roles.clone()).prop_map(|(n, roles)| with_roles(staff(n), &roles)),
        (1..6_u128, roles.clone(), 1..6_u128, roles).prop_map(|(n, own, m, other)| {
            let replaced = (staff(m), other.into_iter().collect());
            Actor { on_behalf_of: Some(replaced), ..with_roles(staff(n), &own) }
        }),
        Just(Actor::system()),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let words = || "理由です。".to_owned();
    prop_oneof![
        "[あ-ん]{1,8}"
            .prop_map(|title| Command::Edit { content: Box::new(content(&title)), marks: Vec::new() }),
        Just(Command::Submit),
        Just(Command::Recall),
        Just(Command::Take),
        Just(Command::Return { comment: words(), field: None }),
        Just(Command::Reject { reason: words() }),
        (1..4_u32, any::<bool>()).prop_map(|(revision, confirmed)| Command::Approve { revision, confirmed }),
        Just(Command::Allow {
            at: FindingAt { revision: 1, field: Field::Body, nth: 0, start: 0, end: "褥瘡".len() },
            allowance: Allowance {
                kind: PiiKind::PersonName,
                text: "褥瘡".to_owned(),
                reason: AllowReason::NotPersonal,
                comment: None,
            },
        }),
        Just(Command::Withdraw { reason: words() }),
        (0..2_000_i64).prop_map(|hours| Command::Schedule {
            at: now() + SignedDuration::from_hours(hours),
            audience: Audience::Members
        }),
        Just(Command::Unschedule),
        Just(Command::Due { delivery: delivery() }),
        any::<bool>().prop_map(|complete| Command::Finish { complete, recipients: 3 }),
        Just(Command::Cancel { reason: words() }),
        Just(Command::Resend { delivery: delivery() }),
        Just(Command::Sign),
        Just(Command::Seen),
    ]
}

/// Steps that lead somewhere, with random ones strewn in: pure chance hardly ever gets a post approved.
fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let random = (any_command(), any_actor(), 0..30_i64).prop_map(|(command, actor, pause_hours)| Step {
        command,
        actor,
        pause_hours,
    });
    let author = Actor::member(member(1), Some(body()));
    let staff_one = with_roles(staff(1), &[Role::Checker, Role::Approver]);
    let staff_two = with_roles(staff(2), &[Role::Approver]);
    let step = |command: Command, actor: &Actor| Step { command, actor: actor.clone(), pause_hours: 0 };
    let guided = [
        step(Command::Submit, &author),
        step(Command::Take, &staff_one),
        step(Command::Approve { revision: 1, confirmed: true }, &staff_one),
        step(Command::Approve { revision: 1, confirmed: true }, &staff_two),
        step(
            Command::Schedule { at: now() + SignedDuration::from_hours(40), audience: Audience::Members },
            &staff_two,
        ),
        Step { pause_hours: 40, ..step(Command::Due { delivery: delivery() }, &Actor::system()) },
        step(Command::Finish { complete: true, recipients: 3 }, &Actor::system()),
    ];
    (vec(random, 0..30), vec(any::<prop::sample::Index>(), guided.len())).prop_map(
        move |(mut steps, places)| {
            let mut places: Vec<usize> = places.iter().map(|place| place.index(steps.len() + 1)).collect();
            places.sort_unstable();
            for (shift, (step, place)) in guided.iter().zip(places).enumerate() {
                steps.insert(place + shift, step.clone());
            }
            steps
        },
    )
}

fn written_by(post: &Post, who: Who) -> bool {
    post.author == who || post.revisions.iter().any(|revision| revision.by == who)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    // R14, R15, R28
    #[test]
    fn nothing_is_ever_sent_that_somebody_else_did_not_approve_in_exactly_that_revision(
        steps in any_steps(),
        two_steps in any::<bool>(),
    ) {
        let rules = Rules::of(if two_steps { Route::checker_then_approver() } else { Route::one_step() });
        let mut post = draft();
        post.revisions[0].marks = vec![mark()];
        let mut clock: Timestamp = now();
        for Step { command, actor, pause_hours } in steps {
            clock += SignedDuration::from_hours(pause_hours);
            let before = post.clone();
            if let Ok(decision) = post.decide(command, &rules.cx(&actor, clock)) {
                post = decision.next;
            }
            // History is only ever added to.
            prop_assert!(post.revisions.starts_with(&before.revisions));
            prop_assert!(post.remarks.starts_with(&before.remarks));
            for revision in &post.revisions {
                prop_assert_eq!(revision.hash, revision.content.hash());
            }
            for approval in &post.approvals {
                let present = post.revision().unwrap();
                prop_assert_eq!(approval.revision, present.number);
                prop_assert_eq!(approval.hash, present.hash);
                prop_assert!(!written_by(&post, Who::Staff(approval.by)));
                if let Some(replaced) = approval.on_behalf_of {
                    prop_assert!(!written_by(&post, Who::Staff(replaced)));
                }
            }
            if matches!(post.state, PostState::Sending { .. }) && !matches!(before.state, PostState::Sending { .. }) {
                let sent = post.approved_revision();
                prop_assert!(sent.is_some(), "sending without an approved revision");
                prop_assert!(sent.unwrap().content.expiry(&rules.zone).unwrap() > clock, "sending past its expiry");
                for given in &post.allowed {
                    prop_assert!(!written_by(&post, Who::Staff(given.by)), "an author let their own finding pass");
                }
                let steps: std::collections::BTreeSet<usize> = post.approvals.iter().map(|given| given.step).collect();
                prop_assert_eq!(steps.len(), rules.route.steps.len());
            }
            if matches!(before.state, PostState::Sent { .. }) {
                prop_assert_eq!(post.revisions.len(), before.revisions.len());
            }
        }
    }
}

#[test]
fn the_random_sequences_do_reach_a_sending() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rules = Rules::of(Route::one_step());
    let mut sent = 0;
    for _ in 0..500 {
        let steps = any_steps().new_tree(&mut runner).unwrap().current();
        let (mut post, mut clock) = (draft(), now());
        for Step { command, actor, pause_hours } in steps {
            clock += SignedDuration::from_hours(pause_hours);
            if let Ok(decision) = post.decide(command, &rules.cx(&actor, clock)) {
                post = decision.next;
            }
        }
        sent += usize::from(matches!(
            post.state,
            PostState::Sending { .. } | PostState::Sent { .. } | PostState::Failed { .. }
        ));
    }
    assert!(sent >= 25, "only {sent} of 500 sequences sent anything: the property says little");
}
