//! What the emulator saw and what was acknowledged, against what the store says.

use std::collections::HashMap;

use lupinus_core::{
    consultation::{Consultation, Voice},
    delivery::{Delivery, DeliveryState},
    ids::{ContactId, MemberId},
    inbox::InboxItem,
    outbox::{OutboxItem, OutboxState},
    post::{Post, PostState},
    service::Centre,
    store::{Entity as _, Scan, StoreExt as _},
};
use lupinus_emulator::{Author, Emulator};

use super::people::{Heard, Written};

/// What people did and were told, over one episode.
#[derive(Debug)]
pub(crate) struct Told {
    /// Who writes, in order, with what they wrote.
    pub(crate) written: Vec<((MemberId, String), Written)>,
    /// What each of them was answered.
    pub(crate) answers: Vec<Vec<(String, Heard)>>,
    /// The posts' titles, and what the console said to their being sent.
    pub(crate) sent: Vec<(String, Heard)>,
    /// Everybody who was a member all the time.
    pub(crate) members: Vec<String>,
    /// Who began to follow.
    pub(crate) joined: Vec<String>,
}

/// What is wrong.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) lost: Vec<String>,
    pub(crate) duplicated: Vec<String>,
    pub(crate) reordered: Vec<String>,
    /// How much was looked at.
    pub(crate) looked_at: usize,
}

impl Score {
    /// Looks at what was to arrive once, and whether it did so in this order.
    fn compares(&mut self, what: &str, expected: &[&str], had: &[&str]) {
        self.looked_at += expected.len();
        let mut places = HashMap::new();
        for (place, text) in had.iter().enumerate() {
            places.entry(*text).or_insert_with(Vec::new).push(place);
        }
        let mut last = None;
        for text in expected {
            match places.get(text).map(Vec::as_slice) {
                None => self.lost.push(format!("{what}: {text}")),
                Some([place]) => {
                    if last.is_some_and(|last| last > *place) {
                        self.reordered.push(format!("{what}: {text}"));
                    }
                    last = Some(*place);
                }
                Some(_) => self.duplicated.push(format!("{what}: {text}")),
            }
        }
    }

    /// Looks at what may have been done or not: not twice, and not when it was refused.
    fn may_have(&mut self, what: &str, text: &str, heard: Heard, copies: usize) {
        self.looked_at += 1;
        if copies > 1 || (heard == Heard::Refused && copies > 0) {
            self.duplicated.push(format!("{what}: {text} ({copies} times, {heard:?})"));
        }
    }
}

pub(crate) async fn score(centre: &Centre, line: &Emulator, told: &Told) -> Score {
    let mut score = Score::default();
    let store = centre.store();
    let consultations = store.all::<Consultation>(Scan::keys(Consultation::KIND), 10_000).await.unwrap();
    for (((member, user), written), answers) in told.written.iter().zip(&told.answers) {
        let own: Vec<_> = consultations.iter().filter(|one| one.value.member == *member).collect();
        assert_eq!(own.len(), 1, "more than one consultation of one person");
        let said_by = |voice: fn(&Voice) -> bool| {
            let entries = own[0].value.thread.iter().filter(move |entry| voice(&entry.from));
            entries.filter_map(|entry| entry.text.as_deref()).collect::<Vec<_>>()
        };
        let kept = said_by(|voice| *voice == Voice::Member);
        let stays = |number: &usize| !written.unsent.contains(number);
        let expected = (0..written.said.len()).filter(stays).map(|number| written.said[number].as_str());
        score.compares("kept", &expected.collect::<Vec<_>>(), &kept);
        for number in &written.unsent {
            score.looked_at += 1;
            if kept.contains(&written.said[*number].as_str()) {
                score.lost.push(format!("its being taken back: {}", written.said[*number]));
            }
        }
        let phone = phone(line, user);
        let phone: Vec<&str> = phone.iter().map(String::as_str).collect();
        let done = |(text, heard): &'_ (String, Heard)| (*heard == Heard::Done).then_some(text.clone());
        let done: Vec<String> = answers.iter().filter_map(done).collect();
        let done: Vec<&str> = done.iter().map(String::as_str).collect();
        let seen: Vec<&str> = phone
            .iter()
            .filter_map(|message| {
                answers.iter().map(|(text, _)| text.as_str()).find(|text| message.contains(text))
            })
            .collect();
        score.compares("answered", &done, &seen);
        let in_thread = said_by(|voice| matches!(voice, Voice::Staff(_)));
        score.compares("in the thread", &done, &in_thread);
        for (text, heard) in answers.iter().filter(|(_, heard)| *heard != Heard::Done) {
            let copies = seen.iter().filter(|seen| *seen == text).count();
            score.may_have("answered", text, *heard, copies);
            let kept = in_thread.iter().filter(|kept| *kept == text).count();
            if copies != kept {
                score
                    .lost
                    .push(format!("said and not kept, or kept and not said: {text} ({copies}, {kept})"));
            }
        }
    }
    let posts = store.all::<Post>(Scan::keys(Post::KIND), 10_000).await.unwrap();
    for (title, heard) in &told.sent {
        let post = posts.iter().find(|post| post.value.title() == title).unwrap();
        let is_sent = matches!(post.value.state, PostState::Sent { .. });
        score.looked_at += 1;
        if *heard == Heard::Done && !is_sent {
            score.lost.push(format!("{title} is {}", post.value.state.name()));
        }
        for user in &told.members {
            let copies = phone(line, user).iter().filter(|message| message.contains(title.as_str())).count();
            if is_sent && copies == 0 {
                score.lost.push(format!("{title} for one of the members"));
            }
            score.may_have("posts", title, if is_sent { Heard::Done } else { Heard::Refused }, copies);
        }
    }
    for user in &told.joined {
        score.looked_at += 1;
        if centre.member_by_contact(&ContactId::new(user.as_str())).await.unwrap().is_none() {
            score.lost.push("somebody who joined".to_owned());
        }
        let phone = phone(line, user);
        let greeting =
            phone.first().map_or(0, |first| phone.iter().filter(|message| *message == first).count());
        if greeting > 1 {
            score.duplicated.push(format!("a greeting, {greeting} times"));
        }
    }
    stands(centre, &mut score).await;
    score
}

/// What must hold of the store whatever happened.
async fn stands(centre: &Centre, score: &mut Score) {
    let faults = centre.verify_audit(|_| {}).await.unwrap().faults;
    assert!(faults.is_empty(), "the trail is broken: {faults:?}");
    let store = centre.store();
    for delivery in store.all::<Delivery>(Scan::keys(Delivery::KIND), 10_000).await.unwrap() {
        if delivery.value.state != DeliveryState::Complete {
            score.lost.push(format!("a delivery is {:?}", delivery.value.state));
        }
    }
    for item in store.all::<OutboxItem>(Scan::keys(OutboxItem::KIND), 100_000).await.unwrap() {
        // A reply without an answer is closed as of unknown fate: that is what is promised.
        if !matches!(item.value.state, OutboxState::Done { .. } | OutboxState::Unknown { .. }) {
            score.lost.push(format!("something to say is {:?}", item.value.state));
        }
    }
}

/// What is still under way.
pub(crate) async fn left(centre: &Centre) -> String {
    let store = centre.store();
    let items = store.all::<OutboxItem>(Scan::keys(OutboxItem::KIND), 100_000).await.unwrap();
    let items = items.into_iter().filter(|item| !item.value.is_settled());
    let items: Vec<_> =
        items.map(|item| (item.value.created_at, item.value.attempts, item.value.state)).collect();
    let events = store.all::<InboxItem>(Scan::index(InboxItem::KIND, "open"), 100_000).await.unwrap();
    format!("at {} {items:?} {events:#?}", centre.now())
}

/// What somebody had from the account, in order.
fn phone(line: &Emulator, user: &str) -> Vec<String> {
    let chat = line.messages(user).into_iter().filter(|entry| entry.from == Author::Bot);
    chat.map(|entry| entry.message.to_string()).collect()
}
