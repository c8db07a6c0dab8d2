//! Random sequences of commands on a consultation.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod consulting;

use std::{collections::HashSet, time::Duration};

use consulting::{World, check, commands, monday, people, said, shown};
use lupinus_core::{
    calendar::OfficeHours,
    consultation::{Command, State, Voice},
    ids::EntryId,
    outbox::Message,
};
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Clone, Debug)]
struct Step {
    command: usize,
    text: u32,
    who: usize,
    hours: u64,
}

fn any_step() -> impl Strategy<Value = Step> {
    let patience = prop_oneof![4 => 0_u64..3, 2 => 3_u64..60, 1 => 60_u64..600];
    // Consultants and the member often, the others now and then.
    let who = prop_oneof![3 => Just(0_usize), 4 => Just(2_usize), 2 => Just(9_usize), 2 => 0_usize..10];
    (0_usize..19, any::<u32>(), who, patience).prop_map(|(command, text, who, hours)| Step {
        command,
        text,
        who,
        hours,
    })
}

fn command_of(step: &Step, sent: &[String], entry: EntryId) -> Command {
    let text = format!("words {}", step.text);
    match commands(entry).into_iter().nth(step.command).unwrap() {
        Command::Message(_) => Command::Message(said(&text, &format!("line {}", step.text))),
        Command::Show { .. } => shown(&format!("picture {}", step.text)),
        Command::Answer { .. } => Command::Answer { text },
        Command::Note { .. } => Command::Note { text },
        Command::Transfer { to, .. } => Command::Transfer { to, summary: Some(text) },
        Command::Refer { to, .. } => Command::Refer { to, summary: text },
        Command::Erase { .. } => {
            let nth = usize::try_from(step.text).unwrap() % sent.len().max(1);
            Command::Erase { channel_message: sent.get(nth).cloned().unwrap_or_default() }
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_consultation_stays_in_order(steps in prop::collection::vec(any_step(), 0..40)) {
        let mut world = World::new();
        let (people, mut now) = (people(), monday());
        let mut consultation = world.open(now).next;
        let (mut sent, mut erased) = (vec!["m1".to_owned()], Vec::<String>::new());
        let mut automatic = HashSet::new();
        for step in steps {
            now += Duration::from_hours(step.hours);
            let (who, asks) = &people[step.who];
            let picture = consultation.thread.iter().rfind(|entry| entry.media.is_some());
            let entry = picture.map_or(EntryId::from_uuid(Uuid::nil()), |entry| entry.id);
            let command = command_of(&step, &sent, entry);
            let Ok(decision) = world.decide(&consultation, command.clone(), who, now) else { continue };
            let next = &decision.next;
            check(next, who);
            let consultants = ["consultant", "colleague", "deputy of a consultant"];
            prop_assert!(["member", "system"].contains(who) || command == Command::Forget || consultants.contains(who), "{who} did {command:?}");

            // The thread only grows, and no word comes back.
            prop_assert!(next.thread.len() >= consultation.thread.len());
            for (before, after) in consultation.thread.iter().zip(&next.thread) {
                let looked_at = before.id == entry && matches!(command, Command::Look { .. } | Command::Settle { .. });
                prop_assert!(before == after || after.text.is_none() || looked_at);
                prop_assert_eq!(before.id, after.id);
            }
            match &command {
                Command::Message(said) => sent.push(said.channel_message.clone().unwrap()),
                Command::Erase { channel_message } => {
                    let told = consultation.thread.iter().find(|entry| entry.channel_message.as_ref() == Some(channel_message));
                    erased.extend(told.and_then(|entry| entry.text.clone()));
                }
                Command::Forget => {
                    prop_assert!(next.thread.iter().all(|entry| entry.text.is_none() && entry.channel_message.is_none()));
                    prop_assert!(next.notes.iter().all(|note| note.text.is_none()));
                }
                _ => {}
            }

            // A member hears answers and states, never a note; the automatic answer once in a closed period.
            for message in &decision.tell {
                match message {
                    Message::ConsultationAnswer { text, .. } => {
                        let last = next.thread.last().unwrap();
                        prop_assert_eq!(last.text.as_ref(), Some(text));
                        prop_assert_eq!(last.from, Voice::Staff(asks.staff_id().unwrap()));
                    }
                    Message::ConsultationReceived { closed_until: Some(_), .. } => {
                        let period = OfficeHours::default().closed_period(now).unwrap();
                        prop_assert!(automatic.insert(period.from), "twice in one closed period");
                    }
                    Message::ConsultationResolved { by_silence, .. } => {
                        prop_assert!(next.is_resolved());
                        let waited = matches!(consultation.state, State::AwaitingMember { .. });
                        prop_assert!(!by_silence || waited);
                    }
                    Message::ConsultationReferredOn { .. } => prop_assert!(!next.is_resolved()),
                    Message::ConsultationReceived { .. } | Message::ConsultationMasked { .. } => {}
                    other => prop_assert!(false, "{other:?}"),
                }
            }
            let trail = decision.act.detail.to_string();
            prop_assert!(!trail.contains("words"), "{trail}");
            consultation = decision.next;
        }
        let texts: Vec<_> = consultation.thread.iter().filter_map(|entry| entry.text.clone()).collect();
        for text in &erased {
            let again = sent.iter().filter(|message| **message == text.replace("words", "line")).count();
            prop_assert!(again > 1 || !texts.contains(text), "{text} is still there");
        }
    }
}
