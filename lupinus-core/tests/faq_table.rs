//! What may be done with a frequently asked question, in each state and by whom: the pure decisions.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use lupinus_core::{
    actor::{Actor, Role, Roles},
    consultation::Topic,
    faq::{Command, Context, Decision, Faq, Refusal, Seen, Why, Words},
    ids::{ConsultationId, FaqId, StaffId},
};
use proptest::prelude::*;
use uuid::Uuid;

const QUESTION: &str = "週末に吸引器を借りられる所はありますか。";
const ANSWER: &str = "市の福祉用具の貸出窓口で借りられます。";
const BOTH: Seen = Seen { nobody_named: true, nobody_told_by_all_together: true };

fn words(question: &str, answer: &str) -> Words {
    Words { question: question.to_owned(), answer: answer.to_owned(), topic: Topic::RehabEquipment }
}

fn change(question: &str, seen: u32) -> Command {
    Command::Change { words: words(question, ANSWER), allowed: Vec::new(), seen }
}

fn roles(roles: &[Role]) -> Roles {
    roles.iter().copied().collect()
}

fn person(number: u128) -> StaffId {
    StaffId::from_uuid(Uuid::from_u128(number))
}

fn consultant(number: u128) -> Actor {
    Actor::staff(person(number), roles(&[Role::Consultant]))
}

fn cx(actor: &Actor) -> Context<'_> {
    Context { actor, now: Timestamp::UNIX_EPOCH }
}

/// Drafted by the first.
fn drafted() -> Faq {
    let (id, of) = (FaqId::from_uuid(Uuid::from_u128(9)), ConsultationId::from_uuid(Uuid::from_u128(8)));
    Faq::draft(id, of, &words(QUESTION, ANSWER), Vec::new(), &cx(&consultant(1))).unwrap().next
}

fn then(entry: &Faq, command: Command, by: u128) -> Faq {
    entry.decide(command, &cx(&consultant(by))).unwrap().next
}

/// R15: the table, cell by cell. Drafted by the first of the staff, last changed by the second.
#[test]
fn who_may_do_what_with_an_entry_in_each_state() {
    let draft = then(&drafted(), change("吸引器は借りられますか。", 1), 2);
    let publish = Command::Publish { seen: 2, confirmed: BOTH };
    let published = then(&draft, publish.clone(), 3);
    let withdrawn = then(&published, Command::Withdraw { why: Why::Outdated }, 1);
    let recognisable = Command::Withdraw { why: Why::Recognisable };
    let told = then(&withdrawn, recognisable.clone(), 2);
    let mut deputy = consultant(4);
    deputy.on_behalf_of = Some((person(3), roles(&[Role::Consultant])));
    let people = [consultant(1), consultant(2), consultant(3), deputy];
    let not_allowed = [Err(Refusal::NotAllowed)];
    let ok = |name: &'static str| Ok(name);
    let expected = |cells: [Result<&'static str, Refusal>; 3]| [cells.as_slice(), &not_allowed].concat();
    let own = Err(Refusal::OwnWords);
    let not_now = Err(Refusal::NotNow);
    for (column, entry, command, cells) in [
        ("draft", &draft, change("変えた質問", 2), expected([ok("draft"); 3])),
        ("draft", &draft, Command::Revert { to: 1, seen: 2 }, expected([ok("draft"); 3])),
        ("draft", &draft, publish.clone(), expected([own, own, ok("published")])),
        ("draft", &draft, Command::Withdraw { why: Why::NotNeeded }, expected([ok("withdrawn"); 3])),
        ("published", &published, change("変えた質問", 2), expected([ok("draft"); 3])),
        ("published", &published, Command::Revert { to: 1, seen: 2 }, expected([ok("draft"); 3])),
        ("published", &published, publish.clone(), expected([not_now; 3])),
        ("published", &published, recognisable.clone(), expected([ok("withdrawn"); 3])),
        ("withdrawn", &withdrawn, change("変えた質問", 2), expected([ok("draft"); 3])),
        ("withdrawn", &withdrawn, Command::Revert { to: 1, seen: 2 }, expected([ok("draft"); 3])),
        ("withdrawn", &withdrawn, publish, expected([not_now; 3])),
        ("withdrawn", &withdrawn, Command::Withdraw { why: Why::Wrong }, expected([not_now; 3])),
        ("withdrawn", &withdrawn, recognisable.clone(), expected([ok("withdrawn"); 3])),
        ("recognisable", &told, recognisable.clone(), expected([not_now; 3])),
    ] {
        for (actor, cell) in people.iter().zip(cells) {
            let decided = entry.decide(command.clone(), &cx(actor));
            let led_to = decided.map(|decision| decision.next.state.name());
            assert_eq!(led_to, cell, "{command:?} of {column} by {:?}", actor.who);
        }
    }
}

#[test]
fn only_those_who_answer_consultations_draft_publish_and_withdraw() {
    let entry = drafted();
    for role in Role::ALL {
        let actor = Actor::staff(person(7), roles(&[role]));
        for command in [
            change("変えた質問", 1),
            Command::Publish { seen: 1, confirmed: BOTH },
            Command::Withdraw { why: Why::Wrong },
        ] {
            let allowed = entry.decide(command.clone(), &cx(&actor)) != Err(Refusal::NotAllowed);
            assert_eq!(allowed, role == Role::Consultant, "{command:?} by {role:?}");
        }
    }
}

#[test]
fn nothing_is_published_without_both_confirmations_or_with_a_masked_place() {
    let entry = drafted();
    let publish = |entry: &Faq, confirmed| {
        let seen = entry.number();
        entry.decide(Command::Publish { seen, confirmed }, &cx(&consultant(2))).map(|_| ())
    };
    for (nobody_named, nobody_told_by_all_together) in [(false, false), (true, false), (false, true)] {
        let confirmed = Seen { nobody_named, nobody_told_by_all_together };
        assert_eq!(publish(&entry, confirmed), Err(Refusal::NotConfirmed), "{confirmed:?}");
    }
    assert_eq!(publish(&entry, BOTH), Ok(()));
    for left in ["██氏名██さんの吸引器", "{職種}の方は借りられますか。"] {
        assert_eq!(publish(&then(&entry, change(left, 1), 1), BOTH), Err(Refusal::Unfilled), "{left}");
    }
}

#[test]
fn whoever_has_not_read_the_last_change_neither_overwrites_nor_publishes_it() {
    let changed = then(&drafted(), change("新しい質問", 1), 1);
    for command in [
        change("別の質問", 1),
        Command::Revert { to: 1, seen: 1 },
        Command::Publish { seen: 1, confirmed: BOTH },
    ] {
        assert_eq!(changed.decide(command.clone(), &cx(&consultant(2))), Err(Refusal::ChangedMeanwhile));
    }
}

fn any_command() -> impl Strategy<Value = (u128, u8, bool, bool)> {
    (1_u128..5, 0_u8..5, any::<bool>(), any::<bool>())
}

proptest! {
    /// R15: whatever happens, members read no words that one person alone has seen.
    #[test]
    fn whoever_wrote_the_words_that_members_read_did_not_confirm_them(
        steps in proptest::collection::vec(any_command(), 0..80),
    ) {
        let mut entry = drafted();
        // Who was the first to write what, whatever the entry says of it.
        let mut authors = BTreeMap::from([(QUESTION.to_owned(), person(1))]);
        for (step, (by, what, one, other)) in steps.into_iter().enumerate() {
            let seen = entry.number();
            let confirmed = Seen { nobody_named: one, nobody_told_by_all_together: other };
            if what == 4 {
                // Its member's words are erased.
                entry = entry.without_unconfirmed().unwrap_or(entry);
            }
            // Of words that are kept nowhere any more nobody knows who wrote them.
            authors.retain(|words, _| entry.wordings.iter().any(|wording| wording.question == *words));
            let command = match what {
                // Some new, some as somebody wrote them before, some as they are.
                0 => change(&format!("変えた質問{}", step % 4), seen),
                1 => Command::Revert { to: seen.saturating_sub(1), seen },
                2 => Command::Publish { seen, confirmed },
                4 => continue,
                _ => Command::Withdraw { why: if one { Why::Wrong } else { Why::Recognisable } },
            };
            let edits = what < 2;
            if let Ok(Decision { next, act }) = entry.decide(command, &cx(&consultant(by))) {
                prop_assert!(!edits || next.published().is_none(), "an edit empties the confirmation");
                prop_assert!(!act.detail.to_string().contains("質問"), "the trail holds no words");
                entry = next;
                if edits && let Some(wording) = entry.wording() {
                    authors.entry(wording.question.clone()).or_insert(person(by));
                }
            }
            if let Some(read) = entry.published() {
                prop_assert!(read.confirmed_by.is_some() && read.confirmed_by != authors.get(&read.question).copied());
            }
        }
    }
}

/// R15: whoever saves or takes up again somebody else's words does not make them a second person's.
#[test]
fn nobody_publishes_their_own_words_behind_somebody_elses_name() {
    let others = "吸引器は借りられますか。";
    let entry = then(&drafted(), change(others, 1), 2);
    for nothing in [change(others, 2), change(&format!(" {others}\n"), 2)] {
        assert_eq!(entry.decide(nothing, &cx(&consultant(1))), Err(Refusal::Unchanged));
    }
    let between = then(&entry, change("別の質問", 2), 1);
    let reverted = then(&between, Command::Revert { to: 2, seen: 3 }, 3);
    let publish = Command::Publish { seen: 4, confirmed: BOTH };
    for (by, whose) in [(1, "drafted it"), (2, "wrote it"), (3, "took it up again")] {
        let refused = reverted.decide(publish.clone(), &cx(&consultant(by)));
        assert_eq!(refused, Err(Refusal::OwnWords), "{whose}");
    }
    then(&reverted, publish, 4);
    let same = then(&entry, change("別の質問", 2), 1);
    let again = then(&same, change("別の質問 その2", 3), 1);
    let back = then(&again, change("別の質問", 4), 3);
    assert_eq!(back.decide(Command::Revert { to: 3, seen: 5 }, &cx(&consultant(4))), Err(Refusal::Unchanged));
}
