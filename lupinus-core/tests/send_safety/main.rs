//! Every interleaving, within bounds, of two dispatchers that die, LINE that is not heard, a clock, and people who change their
//! minds: nothing reaches a phone that must not, and everything comes to an end. What can happen is in `model.rs`, and is decided
//! there by the functions that the services call.
//!
//! `Broken` breaks one rule after the other: the model finds each.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

#[path = "../common/mod.rs"]
mod common;
mod line;
mod model;
mod record;
mod town;

use std::{collections::BTreeSet, sync::Arc};

use common::{Rules, approver, author, checker, content, member, now};
use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    actor::Who,
    audience::Audience,
    ids::{ContactId, MemberId, OutboxId, PostId, RetryKey},
    outbox::{Addressee, Message, OutboxItem, OutboxState, Recipient, ReplyToken, Sort},
    policy::Policy,
    post::{Category, Command, Post, Route, Urgency},
};
use model::{Action, Broken, Budget, State, Town};
use stateright::{Checker, Model};
use uuid::Uuid;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

fn contact(member: MemberId) -> ContactId {
    ContactId::new(format!("U{}", member.uuid().simple()))
}

fn item(number: usize, recipient: Recipient, now: Timestamp) -> OutboxItem {
    let id = Uuid::from_u128(number as u128 + 1);
    OutboxItem {
        id: OutboxId::from_uuid(id),
        retry_key: RetryKey::from_uuid(id),
        recipient,
        messages: vec![Message::PostTaken { post: PostId::from_uuid(id), title: "研修".to_owned() }],
        sort: Sort::Personal,
        subject: None,
        created_at: now,
        expires_at: None,
        attempts: 0,
        first_tried_at: None,
        unanswered: false,
        maybe_accepted_at: None,
        released: BTreeSet::new(),
        state: OutboxState::Waiting { at: now },
    }
}

/// A notice with this title, approved by the workflow, and to be sent now.
fn scheduled(rules: &Rules, number: u128, title: &str, expires_in: Option<i64>) -> Post {
    let expires_at = expires_in.map(|seconds| now() + SignedDuration::from_secs(seconds));
    let content = common_notice(title, expires_at);
    let id = PostId::from_uuid(Uuid::from_u128(0x5000 + number));
    let mut post = Post::new(id, Who::Member(member(1)), None, Urgency::Normal, content, Vec::new(), now());
    let approve = Command::Approve { revision: 1, confirmed: true };
    let schedule = Command::Schedule { at: now(), audience: Audience::Members };
    for (actor, command) in [
        (author(), Command::Submit),
        (checker(), Command::Take),
        (approver(), approve),
        (approver(), schedule),
    ] {
        post = post.decide(command, &rules.cx(&actor, now())).unwrap().next;
    }
    post
}

fn common_notice(title: &str, expires_at: Option<Timestamp>) -> lupinus_core::post::Content {
    lupinus_core::post::Content { category: Category::Notice, event: None, expires_at, ..content(title) }
}

fn town(posts: &[(&str, Option<i64>)], items: Vec<OutboxItem>, budget: Budget) -> Town {
    let rules = Arc::new(Rules::of(Route::one_step()));
    let post = |(number, (title, expires_in)): (u128, &(&str, Option<i64>))| {
        scheduled(&rules, number, title, *expires_in)
    };
    let posts = (0..).zip(posts).map(post).collect();
    let policy = Policy { quiet: None, ..Policy::default() };
    // More of everything, for who has the time: a few minutes, and several GB.
    let more = u8::from(std::env::var_os("LUPINUS_WIDE_MODEL").is_some());
    let Budget { crashes, faults, ticks, staff } = budget;
    let staff = if staff > 0 { staff + more } else { 0 };
    let budget = Budget { crashes: crashes + more, faults, ticks: ticks + more, staff };
    let begins = State::of(now(), posts, items, budget);
    let steps = vec![61, 23 * HOUR];
    Town { policy, rules, begins, steps, done: Vec::new(), broken: None }
}

/// One post: dispatchers die and are stopped, LINE is not heard, the key's day goes by.
fn one_post() -> Town {
    town(&[("お知らせ", None)], Vec::new(), Budget { crashes: 1, faults: 2, ticks: 2, staff: 0 })
}

/// A post that is out of date within the lease, or a day later.
fn expiring(seconds: i64) -> Town {
    let posts = [("お知らせ", Some(seconds))];
    let mut town = town(&posts, Vec::new(), Budget { crashes: 1, faults: 1, ticks: 2, staff: 0 });
    town.steps = vec![31, 61, 24 * HOUR, -30 * MINUTE];
    town
}

/// A post that people change, stop, let go and drop, and a member who leaves, meanwhile.
fn changing_minds() -> Town {
    use Action::{Drops, Leaves, Releases, Stops, Tampers, Unschedules, Withdraws};

    let posts = [("お知らせ", Some(3 * HOUR))];
    let mut town = town(&posts, Vec::new(), Budget { crashes: 0, faults: 1, ticks: 2, staff: 2 });
    town.steps = vec![61, 4 * HOUR];
    town.done = vec![Tampers(0), Unschedules(0), Withdraws(0), Stops(0), Releases(0), Drops(0), Leaves];
    town
}

/// Two posts that say the same, or different things of which a person is to have one an hour.
fn two_posts(titles: [&str; 2]) -> Town {
    let posts = titles.map(|title| (title, None));
    let mut town = town(&posts, Vec::new(), Budget { crashes: 0, faults: 1, ticks: 1, staff: 1 });
    town.policy.gate.per_person_per_hour = 1;
    town.steps = vec![61, 61 * MINUTE];
    town.done = vec![Action::Releases(0), Action::Releases(1)];
    town
}

/// An answer within the minute, and something that the same person is owed after it.
fn replying() -> Town {
    let to = Addressee { member: member(1), contact: Some(contact(member(1))) };
    let until = now() + SignedDuration::from_secs(50);
    let reply = Recipient::Reply { token: ReplyToken::new("t"), until, to: to.clone() };
    let items = vec![item(0, reply, now()), item(1, Recipient::Person(to), now())];
    let mut town = town(&[], items, Budget { crashes: 1, faults: 2, ticks: 2, staff: 0 });
    town.steps = vec![3, 61];
    town
}

fn holds(name: &str, town: Town) {
    let checked = town.checker().symmetry_fn(State::representative).spawn_dfs().join();
    println!("{name}: {} steps, {} states", checked.state_count(), checked.unique_state_count());
    checked.assert_properties();
}

/// The shortest way to what must not be, in words.
fn found(town: Town, broken: Broken) -> Vec<String> {
    let town = Town { broken: Some(broken), ..town };
    let checked = town.checker().spawn_bfs().join();
    let path = checked
        .discovery("nothing reaches a phone that must not")
        .unwrap_or_else(|| panic!("the model does not see that {broken:?} is broken"));
    let mut told: Vec<String> =
        path.clone().into_actions().iter().map(|action| format!("{action:?}")).collect();
    told.push(path.last_state().wrong.unwrap().to_owned());
    println!("{broken:?}: {}", told.join(", "));
    told
}

// R14, R28, R29
#[test]
fn one_post_however_often_dispatchers_die_and_whatever_line_says() {
    holds("one post", one_post());
}

// R28
#[test]
fn nothing_goes_out_after_its_expiry_however_long_a_dispatcher_was_stopped() {
    holds("out of date within the lease", expiring(30));
    holds("out of date within the day", expiring(4 * HOUR));
}

// R14, R28
#[test]
fn what_is_changed_stopped_dropped_or_left_meanwhile_is_not_sent() {
    holds("changing minds", changing_minds());
}

// R29, R30
#[test]
fn two_posts_pass_the_gate_one_after_the_other() {
    holds("the same twice", two_posts(["お知らせ", "お知らせ"]));
    holds("two within an hour", two_posts(["お知らせ", "様式の改定"]));
}

// R38
#[test]
fn an_answer_is_said_once_by_reply_or_by_push() {
    holds("a reply and a push", replying());
}

#[test]
fn the_model_sees_each_rule_that_is_broken() {
    let last = |told: Vec<String>| told.last().unwrap().clone();
    assert_eq!(last(found(one_post(), Broken::RetryKey)), "somebody had the same words twice");
    assert_eq!(last(found(one_post(), Broken::LeaseEnd)), "whoever handed it over did not hold it any more");
    assert_eq!(last(found(changing_minds(), Broken::ContentHash)), "nobody had approved it");
    assert_eq!(
        last(found(two_posts(["お知らせ", "お知らせ"]), Broken::GateTurn)),
        "somebody had the same words twice"
    );
    assert_eq!(
        last(found(replying(), Broken::LeaseVersion)),
        "whoever handed it over did not hold it any more"
    );
}
