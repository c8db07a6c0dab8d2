//! The state table of consultations cell by cell.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod consulting;

use std::time::Duration;

use consulting::{
    COLLEAGUE, CONSULTANT, DAY, World, actor, answer, cell_time, check, columns, commands, monday, people,
    picture, said, staff,
};
use jiff::Timestamp;
use lupinus_core::{
    calendar::OfficeHours,
    consultation::{Command, Decision, MediaState, Refusal, State, Verdict},
    ids::ConsultationId,
    outbox::Message,
};
use uuid::Uuid;

const CONSULTANTS: &[&str] = &["consultant", "colleague", "deputy of a consultant"];

/// Who may, and what becomes of open, assigned, awaiting member, resolved, resolved long ago. `-`: not in this state.
/// Whoever is not named may not, in any state.
fn table() -> Vec<(&'static str, &'static [&'static str], [&'static str; 5])> {
    let same = ["open", "assigned", "awaiting_member", "resolved", "resolved"];
    vec![
        ("message", &["member"], ["open", "assigned", "assigned", "assigned", "window over"]),
        ("show", &["member"], ["open", "assigned", "assigned", "-", "-"]),
        // A picture is looked at and settled in any state; nobody has opened those of the columns.
        ("look", CONSULTANTS, same),
        ("settle", CONSULTANTS, ["not looked at"; 5]),
        ("take", CONSULTANTS, ["assigned", "-", "-", "-", "-"]),
        ("assign", CONSULTANTS, ["assigned", "-", "-", "-", "-"]),
        ("answer", &["consultant"], ["-", "awaiting_member", "awaiting_member", "-", "-"]),
        ("answer", &["colleague", "deputy of a consultant"], ["-", "awaiting_member", "-", "-", "-"]),
        ("resolve", CONSULTANTS, ["resolved", "resolved", "resolved", "-", "-"]),
        ("resolve", &["member"], ["resolved", "resolved", "resolved", "-", "-"]),
        ("resolve_by_silence", &["system"], ["not silent", "not silent", "resolved", "-", "-"]),
        ("transfer", CONSULTANTS, same),
        ("note", CONSULTANTS, same),
        ("tag", CONSULTANTS, same),
        ("untag", CONSULTANTS, same),
        ("erase", &["member", "system"], same),
        (
            "forget",
            &["member", "system", "administrator"],
            ["resolved", "resolved", "resolved", "resolved", "resolved"],
        ),
        ("refer", CONSULTANTS, ["open", "assigned", "awaiting_member", "-", "-"]),
        ("classify", CONSULTANTS, same),
        ("rate", &["member"], ["-", "-", "-", "resolved", "window over"]),
        ("reopen", CONSULTANTS, ["-", "-", "-", "assigned", "assigned"]),
    ]
}

fn outcome(decided: &Result<Decision, Refusal>) -> &'static str {
    match decided {
        Ok(decision) => decision.next.state.name(),
        Err(Refusal::NotNow { .. }) => "-",
        Err(Refusal::NotAllowed) => "not allowed",
        Err(Refusal::WindowOver) => "window over",
        Err(Refusal::NotSilentYet) => "not silent",
        Err(Refusal::NotLookedAt) => "not looked at",
        Err(Refusal::SomebodyLooks) => "somebody looks",
        Err(Refusal::NotConfirmed) => "not confirmed",
        Err(Refusal::NothingHeld) => "nothing held",
        Err(_) => "another refusal",
    }
}

fn told(decision: &Decision) -> Vec<&'static str> {
    let name = |message: &Message| match message {
        Message::ConsultationReceived { .. } => "received",
        Message::ConsultationMasked { .. } => "masked",
        Message::ConsultationAnswer { .. } => "answer",
        Message::ConsultationResolved { by_silence: false, .. } => "resolved",
        Message::ConsultationResolved { by_silence: true, .. } => "resolved by silence",
        _ => "something else",
    };
    decision.tell.iter().map(name).collect()
}

#[test]
fn the_state_table_holds_cell_by_cell() {
    let mut world = World::new();
    let mut cells = 0;
    for (column, (state, consultation)) in columns(&mut world).into_iter().enumerate() {
        for command in commands(picture(&consultation)) {
            for (who, _) in people() {
                let row = table().into_iter().find(|row| row.0 == command.name() && row.1.contains(&who));
                let expected = row.map_or("not allowed", |row| row.2[column]);
                let decided = world.decide(&consultation, command.clone(), who, cell_time());
                let cell = format!("{state}, {}, {who}", command.name());
                assert_eq!(outcome(&decided), expected, "{cell}");
                if let Ok(decision) = decided {
                    check(&decision.next, &cell);
                    assert!(decision.act.action.starts_with("consultation."), "{cell}");
                    assert_eq!(
                        (decision.next.id, decision.next.member, decision.next.opened_at),
                        (consultation.id, consultation.member, consultation.opened_at),
                        "{cell}"
                    );
                }
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 5 * 19 * 10);
}

#[test]
fn the_member_is_told_what_the_table_says_and_nothing_of_the_rest() {
    let mut world = World::new();
    let columns = columns(&mut world);
    for (name, who, expected) in [
        // In opening hours: a word at the beginning, silence for what follows.
        ("message", "member", [&[] as &[&str], &[], &[], &["received"], &[]]),
        ("show", "member", [&[], &[], &[], &[], &[]]),
        ("look", "consultant", [&[], &[], &[], &[], &[]]),
        ("take", "consultant", [&[], &[], &[], &[], &[]]),
        ("assign", "consultant", [&[], &[], &[], &[], &[]]),
        ("answer", "consultant", [&[], &["answer"], &["answer"], &[], &[]]),
        ("resolve", "consultant", [&["resolved"], &["resolved"], &["resolved"], &[], &[]]),
        ("resolve", "member", [&["resolved"], &["resolved"], &["resolved"], &[], &[]]),
        ("resolve_by_silence", "system", [&[], &[], &["resolved by silence"], &[], &[]]),
        ("transfer", "consultant", [&[], &[], &[], &[], &[]]),
        ("note", "consultant", [&[], &[], &[], &[], &[]]),
        ("tag", "consultant", [&[], &[], &[], &[], &[]]),
        ("untag", "consultant", [&[], &[], &[], &[], &[]]),
        ("erase", "member", [&[], &[], &[], &[], &[]]),
        ("forget", "member", [&[], &[], &[], &[], &[]]),
    ] {
        for ((state, consultation), expected) in columns.iter().zip(expected) {
            let all = commands(picture(consultation));
            let command = all.into_iter().find(|command| command.name() == name).unwrap();
            let decided = world.decide(consultation, command, who, cell_time());
            let told = decided.as_ref().map_or_else(|_| Vec::new(), told);
            assert_eq!(told, expected, "{state}, {name}, {who}");
        }
    }
}

// R11
#[test]
fn the_table_of_a_held_picture_holds_cell_by_cell() {
    let mut world = World::new();
    let [(_, held), ..] = columns(&mut world);
    let entry = picture(&held);
    let look = |instead_of| Command::Look { entry, instead_of };
    let settle = |verdict| Command::Settle { entry, verdict };
    let keep = settle(Verdict::Keep { confirmed: true });
    let opened = world.then(&held, look(None), "consultant", monday());
    let kept = world.then(&opened, keep.clone(), "consultant", monday());
    let removed = world.then(&opened, settle(Verdict::Remove), "consultant", monday());
    let columns = [&held, &opened, &kept, &removed];
    let of_consultant = Some(staff(CONSULTANT));
    for (name, command, who, expected) in [
        // What becomes of: held, opened by the consultant, kept, removed.
        ("look", look(None), "consultant", ["held", "held", "nothing held", "nothing held"]),
        ("look", look(None), "colleague", ["held", "somebody looks", "nothing held", "nothing held"]),
        (
            "take over",
            look(of_consultant),
            "colleague",
            ["held", "taken over", "nothing held", "nothing held"],
        ),
        (
            "take over",
            look(Some(staff(99))),
            "colleague",
            ["held", "somebody looks", "nothing held", "nothing held"],
        ),
        ("take over", look(of_consultant), "checker", ["not allowed"; 4]),
        ("take over", look(of_consultant), "member", ["not allowed"; 4]),
        ("keep", keep.clone(), "consultant", ["not looked at", "kept", "nothing held", "nothing held"]),
        (
            "keep",
            keep.clone(),
            "colleague",
            ["not looked at", "somebody looks", "nothing held", "nothing held"],
        ),
        (
            "keep without a word",
            settle(Verdict::Keep { confirmed: false }),
            "consultant",
            ["not looked at", "not confirmed", "nothing held", "nothing held"],
        ),
        (
            "remove",
            settle(Verdict::Remove),
            "consultant",
            ["not looked at", "removed", "nothing held", "nothing held"],
        ),
        (
            "remove",
            settle(Verdict::Remove),
            "colleague",
            ["not looked at", "somebody looks", "nothing held", "nothing held"],
        ),
    ] {
        for (column, expected) in columns.iter().zip(expected) {
            let decided = world.decide(column, command.clone(), who, cell_time());
            let becomes = match &decided {
                Ok(decision) => match decision.next.thread[1].media.as_ref().unwrap().state {
                    MediaState::Held { viewer, .. } => {
                        assert_eq!(viewer, actor(who).staff_id(), "{name}, {who}");
                        let taken_over = decision.act.action == "consultation.media_taken_over";
                        if taken_over { "taken over" } else { "held" }
                    }
                    MediaState::Checked { .. } => "kept",
                    MediaState::Removed { .. } => "removed",
                },
                Err(_) => outcome(&decided),
            };
            assert_eq!(becomes, expected, "{name}, {who}");
            let told = decided.map(|decision| decision.tell.len()).unwrap_or_default();
            assert_eq!(told, usize::from(expected == "removed"), "{name}, {who}");
        }
    }
    // Whoever it was taken over from sees it no more; the trail names them.
    let taken = world.decide(&opened, look(of_consultant), "colleague", cell_time()).unwrap();
    assert!(!taken.next.thread[1].media.as_ref().unwrap().is_visible_to(staff(CONSULTANT)));
    assert_eq!(taken.act.detail["from"], serde_json::json!(staff(CONSULTANT)));
    assert_eq!(outcome(&world.decide(&taken.next, keep, "consultant", cell_time())), "somebody looks");
}

#[test]
fn silence_begins_with_the_answer_and_lasts_as_long_as_the_policy_says() {
    let mut world = World::new();
    let open = world.open(monday()).next;
    let taken = world.then(&open, Command::Take, "consultant", monday());
    let answered = world.then(&taken, answer(), "consultant", monday() + DAY);
    let almost = monday() + 8 * DAY - Duration::from_millis(1);
    let refused = world.decide(&answered, Command::ResolveBySilence, "system", almost);
    assert_eq!(refused, Err(Refusal::NotSilentYet));
    let resolved = world.then(&answered, Command::ResolveBySilence, "system", monday() + 8 * DAY);
    assert_eq!(resolved.state, State::Resolved { at: monday() + 8 * DAY, by_silence: true });
    // Nobody waits unanswered until they are forgotten.
    let more = Command::Message(said("もう一点", "m2"));
    let asked_again = world.then(&answered, more, "member", monday() + 2 * DAY);
    let much_later = monday() + 400 * DAY;
    let refused = world.decide(&asked_again, Command::ResolveBySilence, "system", much_later);
    assert_eq!(refused, Err(Refusal::NotSilentYet));
    assert_eq!(
        world.decide(&open, Command::ResolveBySilence, "system", much_later),
        Err(Refusal::NotSilentYet)
    );
    assert_eq!(
        world.decide(&taken, Command::ResolveBySilence, "system", much_later),
        Err(Refusal::NotSilentYet)
    );
}

#[test]
fn a_resolved_consultation_goes_back_to_whoever_had_it_until_the_window_ends() {
    let mut world = World::new();
    let open = world.open(monday()).next;
    let resolved = world.then(&open, Command::Resolve, "colleague", monday());
    let last = monday() + 14 * DAY - Duration::from_millis(1);
    let again = world.then(&resolved, Command::Message(said("もう一点", "m2")), "member", last);
    assert_eq!(again.state, State::Assigned { to: staff(COLLEAGUE) });
    assert_eq!((again.reopened, again.resolved_at, again.waiting_since), (1, None, Some(last)));
    let late =
        world.decide(&resolved, Command::Message(said("もう一点", "m2")), "member", monday() + 14 * DAY);
    assert_eq!(late, Err(Refusal::WindowOver));
    // Its member resolved it before anybody had it: it is open again, for everybody to see.
    let own = world.then(&open, Command::Resolve, "member", monday());
    let again = world.then(&own, Command::Message(said("もう一点", "m2")), "member", monday() + DAY);
    assert_eq!(again.state, State::Open);
}

#[test]
fn a_transfer_keeps_the_state_and_moves_the_hands() {
    let mut world = World::new();
    for (state, consultation) in columns(&mut world) {
        let command = Command::Transfer { to: staff(COLLEAGUE), summary: None };
        let next = world.then(&consultation, command, "consultant", cell_time());
        assert_eq!(next.state.name(), consultation.state.name(), "{state}");
        assert_eq!(next.handler, Some(staff(COLLEAGUE)), "{state}");
        assert_eq!(next.waiting_since, consultation.waiting_since, "{state}");
    }
}

#[test]
fn times_are_counted_in_opening_hours() {
    let mut world = World::new();
    let hours = OfficeHours::default();
    // Friday 17:00; fifteen minutes are left of the day, and Monday begins at 8:30.
    let friday: Timestamp = "2026-10-02T17:00:00+09:00".parse().unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let open = world.open(friday).next;
    assert_eq!(open.waiting_time(&hours, at("2026-10-05T08:40:00+09:00")), Some(Duration::from_mins(25)));
    let taken = world.then(&open, Command::Take, "consultant", at("2026-10-05T08:45:00+09:00"));
    let answered = world.then(&taken, answer(), "consultant", at("2026-10-05T09:00:00+09:00"));
    assert_eq!(answered.time_to_first_answer(&hours), Some(Duration::from_mins(45)));
    assert_eq!(answered.waiting_time(&hours, at("2026-10-06T09:00:00+09:00")), None);
    let resolved = world.then(&answered, Command::Resolve, "member", at("2026-10-05T20:00:00+09:00"));
    assert_eq!(resolved.time_to_resolution(&hours), Some(Duration::from_hours(9)));
}

#[test]
fn the_automatic_answer_comes_once_in_a_closed_period() {
    let mut world = World::new();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let opening = Some(at("2026-10-05T08:30:00+09:00"));
    let received = |closed_until, joined| {
        let consultation = ConsultationId::from_uuid(Uuid::from_u128(100));
        vec![Message::ConsultationReceived { consultation, closed_until, joined }]
    };
    let follow_up = || Command::Message(said("追加です", "m2"));
    let saturday = world.open(at("2026-10-03T11:00:00+09:00"));
    assert_eq!(saturday.tell, received(opening, false));
    let sunday =
        world.decide(&saturday.next, follow_up(), "member", at("2026-10-04T22:00:00+09:00")).unwrap();
    assert_eq!(sunday.tell, []);
    let monday = world.decide(&sunday.next, follow_up(), "member", at("2026-10-05T09:00:00+09:00")).unwrap();
    assert_eq!(monday.tell, []);
    let evening = world.decide(&monday.next, follow_up(), "member", at("2026-10-05T19:00:00+09:00")).unwrap();
    assert_eq!(evening.tell, received(Some(at("2026-10-06T08:30:00+09:00")), true));
}

#[test]
fn no_debug_output_holds_what_was_said() {
    let mut world = World::new();
    let open = world.open(monday());
    let taken = world.then(&open.next, Command::Take, "consultant", monday());
    let answered = world.decide(&taken, answer(), "consultant", monday()).unwrap();
    let noted = Command::Note { text: "来週また連絡".to_owned() };
    let noted = world.decide(&answered.next, noted, "consultant", monday()).unwrap();
    let shown = format!(
        "{open:?} {answered:?} {noted:?} {:?} {:?}",
        commands(open.next.thread[0].id),
        said("秘密", "m9")
    );
    for words in ["ポンプの業者", "ご紹介", "来週", "秘密", "追加で"] {
        assert!(!shown.contains(words), "{words}");
    }
}

#[test]
fn an_answer_may_be_added_to_and_a_button_pressed_twice_says_nothing_twice() {
    let mut world = World::new();
    let open = world.open(monday()).next;
    let assigned = world.then(&open, Command::Take, "consultant", monday());
    let answered = world.then(&assigned, answer(), "consultant", monday());
    let again = world.decide(&answered, answer(), "consultant", monday()).unwrap_err();
    assert!(matches!(again, Refusal::NotNow { .. }));
    let more = Command::Answer { text: "もう1社ありました。".to_owned() };
    assert_eq!(world.then(&answered, more, "consultant", monday()).thread.len(), 3);
}

#[test]
fn an_answer_with_an_open_placeholder_does_not_go() {
    let mut world = World::new();
    let open = world.open(monday()).next;
    let assigned = world.then(&open, Command::Take, "consultant", monday());
    let open = Command::Answer { text: "{職種}の方は窓口へどうぞ。".to_owned() };
    assert_eq!(world.decide(&assigned, open, "consultant", monday()), Err(Refusal::Unfilled));
}
