//! Members who write, take back and join; staff who answer and send. Each goes on when what they did was acknowledged.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use lupinus_core::ids::{ConsultationId, PostId};
use lupinus_emulator::Emulator;
use lupinus_tests::{Desk, letters};
use rand::{RngExt as _, rngs::StdRng};
use tokio_util::sync::CancellationToken;

/// Most that one person writes, and has answered: a consultation has 200 entries.
const MOST: usize = 90;

/// What a member wrote, in order, and which of it they took back.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) said: Vec<String>,
    pub(crate) unsent: BTreeSet<usize>,
}

/// What the console said to something that staff did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It is done.
    Done,
    /// It is not.
    Refused,
    /// Nothing, or that the store does not answer: nobody knows.
    Nothing,
}

async fn pause(random: &mut StdRng, most: u64) {
    tokio::time::sleep(Duration::from_millis(random.random_range(most / 4..most))).await;
}

/// Waits until the webhook whose body holds all of `words` was answered 200, with redeliveries where the emulator's own grow rare.
async fn acknowledged(line: &Emulator, words: &[&str]) -> String {
    for again in 1_u64.. {
        let webhooks = line.webhooks();
        let own = webhooks.iter().rev().find(|webhook| words.iter().all(|word| webhook.body.contains(word)));
        let own = own.expect("the emulator remembers its webhooks");
        if own.attempts.iter().any(|attempt| attempt.status == Some(200)) {
            return own.event_ids[0].clone();
        }
        assert!(again < 400, "never acknowledged: {words:?}, last {:?}", own.attempts.last());
        tokio::time::sleep(Duration::from_millis(100)).await;
        if again.is_multiple_of(4) {
            line.redeliver(&own.event_ids[0]).await.unwrap();
        }
    }
    unreachable!()
}

pub(crate) async fn writes(
    line: Arc<Emulator>,
    user: String,
    number: usize,
    stop: CancellationToken,
    mut random: StdRng,
) -> Written {
    let mut written = Written::default();
    let (mut messages, mut events) = (Vec::new(), Vec::new());
    while !stop.is_cancelled() && messages.len() < MOST {
        let text = format!("{}からの続き {}", letters(number), letters(messages.len()));
        messages.push(line.say(&user, &text).await.unwrap());
        events.push(acknowledged(&line, &[&text]).await);
        written.said.push(text);
        if random.random_bool(0.1) {
            let taken_back = random.random_range(0..messages.len());
            if written.unsent.insert(taken_back) {
                line.unsend(&user, &messages[taken_back]).await.unwrap();
                acknowledged(&line, &["\"unsend\"", &messages[taken_back]]).await;
            }
        }
        if random.random_bool(0.1) {
            // LINE delivers something once more, with and without the word for it.
            let former = &events[random.random_range(0..events.len())];
            let delivered =
                if random.random() { line.redeliver(former).await } else { line.repeat(former).await };
            delivered.unwrap();
        }
        pause(&mut random, 250).await;
    }
    written
}

/// People who begin to follow, one after the other.
pub(crate) async fn joins(line: Arc<Emulator>, stop: CancellationToken, mut random: StdRng) -> Vec<String> {
    let mut joined = Vec::new();
    while !stop.is_cancelled() {
        let user = line.create_user(&format!("新しい友だち{}", letters(joined.len())));
        line.follow(&user).await.unwrap();
        acknowledged(&line, &["\"follow\"", &user]).await;
        joined.push(user);
        pause(&mut random, 1_500).await;
    }
    joined
}

/// One of the staff, who is signed in again when that is asked for.
struct Clerk {
    desk: Desk,
    login: &'static str,
    is_in: bool,
}

impl Clerk {
    fn new(url: &str, login: &'static str) -> Self {
        Self { desk: Desk::at(url), login, is_in: false }
    }

    async fn does(&mut self, path: &str, fields: &[(&str, &str)]) -> Heard {
        if !self.is_in {
            self.is_in = self.desk.signs_in(self.login).await.is_ok_and(|page| page.status == 303);
            if !self.is_in {
                return Heard::Refused;
            }
        }
        match self.desk.sends(path, fields).await {
            Ok(page) if page.status == 303 => {
                self.is_in = !page.location.is_some_and(|location| location.contains("sign-in"));
                if self.is_in { Heard::Done } else { Heard::Refused }
            }
            Ok(page) if page.status < 500 => {
                self.is_in &= page.status == 409;
                Heard::Refused
            }
            _ => Heard::Nothing,
        }
    }
}

/// One of the staff answers these, by turns; texts begin with the place of the consultation among all.
pub(crate) async fn answers(
    url: String,
    login: &'static str,
    first: usize,
    consultations: Vec<ConsultationId>,
    stop: CancellationToken,
    mut random: StdRng,
) -> Vec<Vec<(String, Heard)>> {
    let mut clerk = Clerk::new(&url, login);
    let mut answers = vec![Vec::new(); consultations.len()];
    let mut taken = vec![false; consultations.len()];
    while !stop.is_cancelled() {
        let number = random.random_range(0..consultations.len());
        let path = format!("/consultations/{}", consultations[number]);
        if !taken[number] {
            // Refused to somebody who is signed in: it is taken already.
            let heard = clerk.does(&format!("{path}/take"), &[]).await;
            taken[number] = heard == Heard::Done || (heard == Heard::Refused && clerk.is_in);
        } else if answers[number].len() < MOST {
            let text = format!("{}への答え {}", letters(first + number), letters(answers[number].len()));
            let heard = clerk.does(&format!("{path}/answer"), &[("text", &text)]).await;
            answers[number].push((text, heard));
        }
        pause(&mut random, 120).await;
    }
    answers
}

pub(crate) async fn sends(
    url: String,
    posts: Vec<PostId>,
    stop: CancellationToken,
    mut random: StdRng,
) -> Vec<Heard> {
    let mut clerk = Clerk::new(&url, "approver");
    let mut heard = vec![Heard::Refused; posts.len()];
    for (post, heard) in posts.iter().zip(&mut heard) {
        while *heard == Heard::Refused && !stop.is_cancelled() {
            let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
            *heard = clerk.does(&format!("/posts/{post}/send"), &fields).await;
            pause(&mut random, 1_500).await;
        }
    }
    heard
}
