//! The state table of posts, cell by cell: every state, every command, everybody who might try.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use common::{
    Rules, approver, author, checker, consultant, content, delivery, draft, mark, now, staff, with_roles,
};
use jiff::ToSpan;
use lupinus_core::{
    actor::{Actor, Role},
    audience::Audience,
    post::{Command, Field, FieldMark, FindingAt, Post, PostState, Refusal, Route},
    screening::{AllowReason, Allowance, PiiKind},
};

/// A post in each state, with what led there where that matters.
fn states(rules: &Rules) -> Vec<Post> {
    let go =
        |post: &Post, command, actor: &Actor| post.decide(command, &rules.cx(actor, now())).unwrap().next;
    let draft = draft();
    let submitted = go(&draft, Command::Submit, &author());
    let in_review = go(&submitted, Command::Take, &checker());
    let comment = "連絡先を事務局にしてください。".to_owned();
    let returned = go(&in_review, Command::Return { comment, field: Some(Field::Contact) }, &checker());
    let rejected = go(&in_review, Command::Reject { reason: "対象外です。".to_owned() }, &approver());
    let withdrawn = go(&submitted, Command::Withdraw { reason: "中止になりました。".to_owned() }, &author());
    let approved = go(&in_review, Command::Approve { revision: 1, confirmed: false }, &approver());
    let scheduled = go(&approved, Command::Schedule { at: now(), audience: Audience::Members }, &approver());
    let sending = go(&scheduled, Command::Due { delivery: delivery() }, &Actor::system());
    let sent = go(&sending, Command::Finish { complete: true, recipients: 353 }, &Actor::system());
    let failed = go(&sending, Command::Finish { complete: false, recipients: 353 }, &Actor::system());
    vec![
        draft, submitted, in_review, returned, rejected, withdrawn, approved, scheduled, sending, sent,
        failed,
    ]
}

/// A post that a checker took in under these rules.
fn taken(rules: &Rules) -> Post {
    let submitted = draft().decide(Command::Submit, &rules.cx(&author(), now())).unwrap().next;
    submitted.decide(Command::Take, &rules.cx(&checker(), now())).unwrap().next
}

fn commands() -> Vec<Command> {
    vec![
        Command::Edit { content: Box::new(content("研修(変更)")), marks: Vec::new() },
        Command::Propose(Audience::Members),
        Command::Submit,
        Command::Recall,
        Command::Take,
        Command::Return { comment: "直してください。".to_owned(), field: None },
        Command::Reject { reason: "対象外です。".to_owned() },
        Command::Approve { revision: 1, confirmed: true },
        Command::Allow { at: finding(), allowance: allowance(AllowReason::Published) },
        Command::Withdraw { reason: "中止です。".to_owned() },
        Command::Schedule { at: now(), audience: Audience::Members },
        Command::Unschedule,
        Command::Due { delivery: delivery() },
        Command::Finish { complete: true, recipients: 1 },
        Command::Cancel { reason: "中止です。".to_owned() },
        Command::Resend { delivery: delivery() },
        Command::Sign,
        Command::Seen,
    ]
}

fn finding() -> FindingAt {
    let FieldMark { field, nth, mark } = mark();
    FindingAt { revision: 1, field, nth, start: mark.start, end: mark.end }
}

fn allowance(reason: AllowReason) -> Allowance {
    Allowance { kind: PiiKind::PersonName, text: "褥瘡".to_owned(), reason, comment: None }
}

/// The table: who may, and what follows. Recall, taking by an approver, sending once more, and drafts that their author alone withdraws are ours:
/// ARCHITECTURE says why.
fn expected(state: &str, command: &str) -> Option<(&'static [&'static str], &'static str)> {
    const OPEN: [&str; 6] = ["draft", "submitted", "in_review", "returned", "approved", "scheduled"];
    Some(match (state, command) {
        ("draft", "edit" | "propose") => (&["author"], "draft"),
        ("returned", "edit" | "propose") => (&["author"], "returned"),
        ("draft" | "returned", "submit") => (&["author"], "submitted"),
        ("submitted", "recall") => (&["author"], "draft"),
        ("submitted", "take") => (&["checker", "approver"], "in_review"),
        ("in_review", "return") => (&["checker", "approver"], "returned"),
        ("in_review", "reject") => (&["approver"], "rejected"),
        ("in_review", "approve") => (&["approver"], "approved"),
        ("in_review", "allow") => (&["checker", "approver"], "in_review"),
        ("draft", "withdraw") => (&["author"], "withdrawn"),
        (state, "withdraw") if OPEN.contains(&state) => (&["author", "approver"], "withdrawn"),
        ("approved", "schedule") => (&["approver"], "scheduled"),
        ("scheduled", "unschedule") => (&["approver", "system"], "approved"),
        ("scheduled", "due") => (&["system"], "sending"),
        ("sending", "finish") => (&["system"], "sent"),
        ("sending", "cancel") => (&["approver"], "sending"),
        ("failed", "resend") => (&["approver"], "sending"),
        _ => return None,
    })
}

#[test]
fn every_cell_of_the_table_is_as_it_is_written_down() {
    let rules = Rules::of(Route::one_step());
    let people = [
        ("author", author()),
        ("another member", Actor::member(common::member(2), Some(common::body()))),
        ("checker", checker()),
        ("approver", approver()),
        ("consultant", consultant()),
        ("administrator", with_roles(staff(4), &[Role::Administrator])),
        ("system", Actor::system()),
    ];
    let mut cells = 0;
    for mut post in states(&rules) {
        post.revisions[0].marks = vec![mark()];
        for command in commands() {
            for (name, actor) in &people {
                let what = format!("{} {} by {name}", post.state.name(), command.name());
                let outcome = post.decide(command.clone(), &rules.cx(actor, now()));
                match expected(post.state.name(), command.name()) {
                    Some((who, next)) if who.contains(name) => {
                        assert_eq!(outcome.expect(&what).next.state.name(), next, "{what}");
                    }
                    Some(_) => assert_eq!(outcome.unwrap_err(), Refusal::NotAllowed, "{what}"),
                    None => {
                        assert!(matches!(outcome, Err(Refusal::NotNow { .. })), "{what}: {outcome:?}");
                    }
                }
                cells += 1;
            }
        }
    }
    assert_eq!(cells, PostState::NAMES.len() * 18 * people.len());
}

// R7
#[test]
fn a_finding_is_let_pass_by_somebody_else_with_a_reason_and_then_asks_for_no_confirmation() {
    let rules = Rules::of(Route::one_step());
    let mut post = states(&rules).remove(2);
    post.revisions[0].marks = vec![mark()];
    let approve = || Command::Approve { revision: 1, confirmed: false };
    let asked = post.decide(approve(), &rules.cx(&approver(), now())).unwrap_err();
    assert_eq!(asked, Refusal::ConfirmationNeeded);

    let allow = |at: FindingAt, allowance: Allowance| Command::Allow { at, allowance };
    let refused = |command| post.decide(command, &rules.cx(&checker(), now())).unwrap_err();
    assert_eq!(refused(allow(finding(), allowance(AllowReason::Other))), Refusal::ReasonNeeded);
    let elsewhere = FindingAt { start: 3, ..finding() };
    assert_eq!(refused(allow(elsewhere, allowance(AllowReason::Published))), Refusal::Edited);
    let other = Allowance { text: "予防".to_owned(), ..allowance(AllowReason::Published) };
    assert_eq!(refused(allow(finding(), other)), Refusal::Edited);

    let decision = post
        .decide(allow(finding(), allowance(AllowReason::Published)), &rules.cx(&checker(), now()))
        .unwrap();
    assert_eq!(decision.act.detail["kind"], "person_name");
    assert_eq!(decision.act.detail["reason"], "published");
    assert!(!decision.act.detail.to_string().contains("褥瘡"), "the trail names no words");
    assert!(decision.next.revisions == post.revisions, "nothing of the content changes");
    assert!(decision.next.decide(approve(), &rules.cx(&approver(), now())).is_ok());

    let writer = with_roles(staff(9), &[Role::Checker]);
    post.author = writer.who;
    let own = post.decide(allow(finding(), allowance(AllowReason::Published)), &rules.cx(&writer, now()));
    assert_eq!(own.unwrap_err(), Refusal::OwnPost);
}

// R16
#[test]
fn a_return_a_rejection_and_a_withdrawal_need_words() {
    let rules = Rules::of(Route::one_step());
    let in_review = &states(&rules)[2];
    for words in ["", "  ", "\n"] {
        for command in [
            Command::Return { comment: words.to_owned(), field: None },
            Command::Reject { reason: words.to_owned() },
            Command::Withdraw { reason: words.to_owned() },
        ] {
            let refused = in_review.decide(command, &rules.cx(&approver(), now())).unwrap_err();
            assert_eq!(refused, Refusal::ReasonNeeded);
        }
    }
}

// R15
#[test]
fn an_author_cannot_approve_their_own_post_even_as_a_deputy() {
    let rules = Rules::of(Route::one_step());
    let writer = with_roles(staff(9), &[Role::Checker, Role::Approver]);
    let mut post = draft();
    post.author = writer.who;
    post.state = PostState::InReview { step: 0, reviewer: staff(1) };
    let approve = || Command::Approve { revision: 1, confirmed: false };
    assert_eq!(post.decide(approve(), &rules.cx(&writer, now())).unwrap_err(), Refusal::OwnPost);
    // The writer as somebody's deputy, and somebody as the writer's deputy.
    let approver_roles: lupinus_core::actor::Roles = [Role::Approver].into_iter().collect();
    let as_deputy = Actor { on_behalf_of: Some((staff(2), approver_roles.clone())), ..writer };
    assert_eq!(post.decide(approve(), &rules.cx(&as_deputy, now())).unwrap_err(), Refusal::OwnPost);
    let for_writer = Actor { on_behalf_of: Some((staff(9), approver_roles)), ..approver() };
    assert_eq!(post.decide(approve(), &rules.cx(&for_writer, now())).unwrap_err(), Refusal::OwnPost);
}

// R15
#[test]
fn a_deputy_decides_with_both_names_and_the_one_replaced_is_asked_to_look() {
    let rules = Rules::of(Route::one_step());
    let in_review = &states(&rules)[2];
    let absent = (staff(2), [Role::Approver].into_iter().collect());
    let deputy = Actor { on_behalf_of: Some(absent), ..checker() };
    let approve = Command::Approve { revision: 1, confirmed: false };
    let decision = in_review.decide(approve, &rules.cx(&deputy, now())).unwrap();
    let approval = &decision.next.approvals[0];
    assert_eq!((approval.by, approval.on_behalf_of), (staff(1), Some(staff(2))));
    assert_eq!(decision.next.later_sight, [staff(2)]);
    let seen = decision.next.decide(Command::Seen, &rules.cx(&approver(), now())).unwrap();
    assert!(seen.next.later_sight.is_empty());
}

#[test]
fn a_step_that_asks_for_two_takes_two_different_people() {
    let mut route = Route::one_step();
    route.steps[0].required = std::num::NonZeroU8::new(2).unwrap();
    let rules = Rules::of(route);
    let in_review = &taken(&rules);
    let approve = || Command::Approve { revision: 1, confirmed: false };
    let once = in_review.decide(approve(), &rules.cx(&approver(), now())).unwrap().next;
    assert_eq!(once.state.name(), "in_review");
    assert_eq!(once.decide(approve(), &rules.cx(&approver(), now())).unwrap_err(), Refusal::AlreadyApproved);
    let other = with_roles(staff(7), &[Role::Approver]);
    assert_eq!(once.decide(approve(), &rules.cx(&other, now())).unwrap().next.state, PostState::Approved);
}

#[test]
fn a_route_of_two_steps_asks_the_checker_first() {
    let rules = Rules::of(Route::checker_then_approver());
    let in_review = &taken(&rules);
    let approve = || Command::Approve { revision: 1, confirmed: false };
    assert_eq!(in_review.decide(approve(), &rules.cx(&approver(), now())).unwrap_err(), Refusal::NotAllowed);
    let checked = in_review.decide(approve(), &rules.cx(&checker(), now())).unwrap().next;
    assert!(matches!(checked.state, PostState::InReview { step: 1, .. }));
    assert!(checked.approved_revision().is_none());
    let approved = checked.decide(approve(), &rules.cx(&approver(), now())).unwrap().next;
    assert_eq!(approved.state, PostState::Approved);
}

// R14, R18
#[test]
fn an_edit_makes_a_new_revision_and_voids_every_approval() {
    let rules = Rules::of(Route::checker_then_approver());
    let in_review = &taken(&rules);
    let approve = Command::Approve { revision: 1, confirmed: false };
    let checked = in_review.decide(approve, &rules.cx(&checker(), now())).unwrap().next;
    let comment = "締切を入れてください。".to_owned();
    let command = Command::Return { comment, field: Some(Field::ApplyBy) };
    let returned = checked.decide(command, &rules.cx(&approver(), now())).unwrap().next;
    assert!(returned.approvals.is_empty());
    let edit = Command::Edit { content: Box::new(content("研修(締切あり)")), marks: Vec::new() };
    let edited = returned.decide(edit, &rules.cx(&author(), now())).unwrap().next;
    assert_eq!(edited.revision().unwrap().number, 2);
    assert_ne!(edited.revision().unwrap().hash, edited.revisions[0].hash);
    let again = edited.decide(Command::Submit, &rules.cx(&author(), now())).unwrap().next;
    let taken = again.decide(Command::Take, &rules.cx(&checker(), now())).unwrap().next;
    let stale = Command::Approve { revision: 1, confirmed: false };
    assert_eq!(taken.decide(stale, &rules.cx(&checker(), now())).unwrap_err(), Refusal::Edited);
}

#[test]
fn nobody_signs_afterwards_for_an_author_or_for_one_who_signed() {
    let rules = Rules::of(Route::emergency());
    let in_review = &taken(&rules);
    let approve = Command::Approve { revision: 1, confirmed: false };
    let approved = in_review.decide(approve, &rules.cx(&approver(), now())).unwrap().next;
    let deputy_of = |id| Actor {
        on_behalf_of: Some((id, [Role::Approver].into_iter().collect())),
        ..with_roles(staff(8), &[Role::Checker])
    };
    let for_first = deputy_of(staff(2));
    let refused = approved.decide(Command::Sign, &rules.cx(&for_first, now())).unwrap_err();
    assert_eq!(refused, Refusal::AlreadyApproved);
    let for_third = deputy_of(staff(5));
    let signed = approved.decide(Command::Sign, &rules.cx(&for_third, now())).unwrap().next;
    assert_eq!(signed.later_sight, [staff(5)]);
}

#[test]
fn whoever_is_replaced_is_asked_to_look_whatever_the_deputy_decided() {
    let rules = Rules::of(Route::one_step());
    let in_review = &states(&rules)[2];
    let absent = (staff(2), [Role::Approver].into_iter().collect());
    let deputy = Actor { on_behalf_of: Some(absent), ..checker() };
    let reject = Command::Reject { reason: "対象外です。".to_owned() };
    let rejected = in_review.decide(reject, &rules.cx(&deputy, now())).unwrap().next;
    assert_eq!(rejected.later_sight, [staff(2)]);
}

// R17
#[test]
fn an_emergency_goes_out_on_one_approval_and_waits_for_a_second_signature() {
    let rules = Rules::of(Route::emergency());
    let in_review = &taken(&rules);
    let approve = Command::Approve { revision: 1, confirmed: false };
    let approved = in_review.decide(approve, &rules.cx(&approver(), now())).unwrap().next;
    assert!(approved.needs_review);
    let itself = approved.decide(Command::Sign, &rules.cx(&approver(), now())).unwrap_err();
    assert_eq!(itself, Refusal::AlreadyApproved);
    let second = with_roles(staff(8), &[Role::Approver]);
    let signed = approved.decide(Command::Sign, &rules.cx(&second, now())).unwrap().next;
    assert!(!signed.needs_review);
    assert_eq!(signed.signed.map(|(by, _)| by), Some(staff(8)));
}

// R28
#[test]
fn nothing_is_scheduled_or_started_past_its_expiry() {
    let rules = Rules::of(Route::one_step());
    let states = states(&rules);
    let (approved, scheduled) = (&states[6], &states[7]);
    let start = states[0].revision().unwrap().content.expiry(&rules.zone).unwrap();
    let late = Command::Schedule { at: start, audience: Audience::Members };
    assert_eq!(approved.decide(late, &rules.cx(&approver(), now())).unwrap_err(), Refusal::BadTime);
    let past = Command::Schedule { at: now() - 1.second(), audience: Audience::Members };
    assert_eq!(approved.decide(past, &rules.cx(&approver(), now())).unwrap_err(), Refusal::BadTime);
    let due = Command::Due { delivery: delivery() };
    let expired = scheduled.decide(due, &rules.cx(&Actor::system(), start)).unwrap().next;
    assert_eq!(expired.state, PostState::Approved);
}

// R32
#[test]
fn a_correction_is_a_new_post_that_names_the_one_it_corrects() {
    let rules = Rules::of(Route::one_step());
    let sent = &states(&rules)[9];
    let id = lupinus_core::ids::PostId::from_uuid(uuid::Uuid::from_u128(0x5001));
    let (actor, member) = (approver(), author());
    let cx = rules.cx(&actor, now());
    let correction = sent.correction(id, content("研修(会場変更)"), Vec::new(), &cx).unwrap();
    assert_eq!(
        (correction.corrects, &correction.corrects_deliveries[..]),
        (Some(sent.id), &[delivery()][..])
    );
    assert_eq!(correction.author, actor.who);
    let unsent = &states(&rules)[6];
    assert!(unsent.correction(id, content("x"), Vec::new(), &cx).is_err());
    let by_member = sent.correction(id, content("x"), Vec::new(), &rules.cx(&member, now()));
    assert_eq!(by_member.unwrap_err(), Refusal::NotAllowed);
    // From any desk that writes posts, and from no other.
    let by_checker = sent.correction(id, content("x"), Vec::new(), &rules.cx(&checker(), now()));
    assert_eq!(by_checker.unwrap().author, checker().who);
    let by_consultant = sent.correction(id, content("x"), Vec::new(), &rules.cx(&consultant(), now()));
    assert_eq!(by_consultant.unwrap_err(), Refusal::NotAllowed);
}

// R15
#[test]
fn a_post_walks_the_route_that_it_began_with_whatever_the_city_decides_meanwhile() {
    let (two_steps, one_step) = (Rules::of(Route::checker_then_approver()), Rules::of(Route::one_step()));
    let taken = taken(&two_steps);
    let yes = || Command::Approve { revision: 1, confirmed: false };

    // The city shortens its route before the first step, and after it.
    let early = taken.decide(yes(), &one_step.cx(&approver(), now())).unwrap_err();
    assert_eq!(early, Refusal::NotAllowed, "it is still the checkers' turn");
    let checked = taken.decide(yes(), &one_step.cx(&checker(), now())).unwrap().next;
    assert!(matches!(checked.state, PostState::InReview { step: 1, .. }));
    let approved = checked.decide(yes(), &one_step.cx(&approver(), now())).unwrap().next;
    assert_eq!((approved.state.clone(), approved.approvals.len()), (PostState::Approved, 2));

    // What comes back from its author begins with the route of that day.
    let comment = "直してください。".to_owned();
    let back = Command::Return { comment, field: None };
    let returned = checked.decide(back, &one_step.cx(&checker(), now())).unwrap().next;
    let again = returned.decide(Command::Submit, &one_step.cx(&author(), now())).unwrap().next;
    let again = again.decide(Command::Take, &one_step.cx(&checker(), now())).unwrap().next;
    let approved = again.decide(yes(), &one_step.cx(&approver(), now())).unwrap().next;
    assert_eq!((approved.state.clone(), approved.approvals.len()), (PostState::Approved, 1));
}

#[test]
fn a_post_of_before_it_kept_its_route_walks_the_one_in_force() {
    let (two_steps, one_step) = (Rules::of(Route::checker_then_approver()), Rules::of(Route::one_step()));
    let taken = taken(&two_steps);
    let mut stored = serde_json::to_value(&taken).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("route").is_some());
    let old: Post = serde_json::from_value(stored).unwrap();
    let yes = Command::Approve { revision: 1, confirmed: false };
    let approved = old.decide(yes, &one_step.cx(&approver(), now())).unwrap().next;
    assert_eq!(approved.state, PostState::Approved);
}
