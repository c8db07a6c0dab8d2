//! A store that fails and is late at random while everybody works: nothing is lost, and nothing happens twice.

use std::time::Duration;

use lupinus_core::{
    audience::Audience,
    consultation::{self, Voice},
    ids::{MemberId, StaffId},
    outbox::OutboxState,
    post::{self, Post, PostState, Urgency},
    service::{By, Draft, ServiceError},
    store::{Entity as _, Scan, StoreExt as _},
    testkit::{Drawn, Odds},
};
use lupinus_emulator::Settings;
use lupinus_tests::{City, Plan, content, eventually, unhindered};

/// Of a thousand commits eighty do not happen and eighty lose their answer; of a thousand other calls thirty fail.
const WEATHER: Odds = Odds { before: 80, after: 80, read: 30, late: 100, longest: Duration::from_millis(2) };
const ROUNDS: usize = 5;
const MEMBERS: usize = 4;

/// The seeds: three that stay, and one to be set by `LUPINUS_TEST_SEED`.
fn seeds() -> Vec<u64> {
    let own = std::env::var("LUPINUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    own.map_or_else(|| vec![1, 2, 3], |seed| vec![seed])
}

/// Somebody of the staff who got no answer looks how things stand, and does what is still to be done.
async fn persistently(mut step: impl AsyncFnMut() -> Result<bool, ServiceError>) {
    for _ in 0..200 {
        // A refusal, too, may come of what was done already.
        if let Ok(true) = step().await {
            return;
        }
    }
    panic!("the staff gave up");
}

/// One step towards a post with this title that goes to all members. Answers whether none is left.
async fn publish(city: &City, title: &str) -> Result<bool, ServiceError> {
    let posts = city.centre.store().all::<Post>(Scan::keys(Post::KIND), 1_000).await?;
    let found = posts
        .into_iter()
        .find(|post| post.value.revisions.last().is_some_and(|last| last.content.title == title));
    let (writer, approver) = (By::Staff(city.team.checker), By::Staff(city.team.approver));
    let Some(post) = found else {
        let draft = Draft {
            content: content(title),
            urgency: Urgency::Normal,
            audience: Audience::Members,
            body: None,
        };
        city.centre
            .transact(|mut work| {
                let draft = draft.clone();
                async move {
                    work.draft_and_submit(writer, draft).await?;
                    work.done(())
                }
            })
            .await?;
        return Ok(false);
    };
    let command = match post.value.state {
        PostState::Submitted => post::Command::Take,
        PostState::InReview { .. } => post::Command::Approve { revision: 1, confirmed: true },
        PostState::Approved => post::Command::Schedule { at: city.centre.now(), audience: Audience::Members },
        _ => return Ok(true),
    };
    city.centre
        .transact(|mut work| {
            let command = command.clone();
            async move {
                work.post_command(approver, post.value.id, command).await?;
                work.done(())
            }
        })
        .await?;
    Ok(false)
}

/// One step towards this answer to a member's consultation. Answers whether none is left.
async fn answer(city: &City, member: MemberId, text: &str, by: StaffId) -> Result<bool, ServiceError> {
    let Some(open) = city.centre.unresolved_consultation_of(member).await? else { return Ok(false) };
    if open.value.thread.iter().any(|entry| entry.text.as_deref() == Some(text)) {
        return Ok(true);
    }
    let command = match open.value.handler {
        None => consultation::Command::Take,
        Some(_) => consultation::Command::Answer { text: text.to_owned() },
    };
    city.centre
        .transact(|mut work| {
            let command = command.clone();
            async move {
                work.consultation_command(By::Staff(by), open.value.id, command).await?;
                work.done(())
            }
        })
        .await?;
    Ok(false)
}

/// A city whose members have each begun a consultation; LINE repeats at once what is not acknowledged.
async fn given_city(plan: Plan) -> (City, Vec<String>, Vec<MemberId>) {
    let city = City::planned(plan).await;
    let hurried = Settings { redelivery_interval_ms: 5, redelivery_tries: 16, ..city.line.settings() };
    city.line.set_settings(hurried);
    let members = city.members(MEMBERS).await;
    let mut ids = Vec::new();
    for member in &members {
        city.talk(member, "相談").await;
        city.talk(member, "はじめの質問です。").await;
        ids.push(city.id_of(member).await);
    }
    (city, members, ids)
}

fn word(round: usize) -> &'static str {
    ["一つ目", "二つ目", "三つ目", "四つ目", "五つ目"][round]
}

/// LINE has had its 200 for everything that people did.
async fn all_acknowledged(city: &City) {
    eventually("a 200 to every webhook", Duration::from_mins(1), async || {
        let webhooks = city.line.webhooks();
        let done =
            webhooks.iter().all(|hook| hook.attempts.iter().any(|attempt| attempt.status == Some(200)));
        done.then_some(())
    })
    .await;
}

/// What must hold when the sky is clear again and everything was worked off.
async fn nothing_is_lost_and_nothing_is_twice(city: &City, members: &[String], seed: u64) {
    for member in members {
        let said: Vec<String> = std::iter::once("はじめの質問です。".to_owned())
            .chain((0..ROUNDS).map(|round| format!("続きの質問の{}です。", word(round))))
            .collect();
        assert_eq!(city.asked(member).await, said, "seed {seed}");
        for round in 0..ROUNDS {
            let title = format!("{}のお知らせ", word(round));
            assert_eq!(city.copies(member, &title), 1, "{title}, seed {seed}");
            let answer = format!("{}への回答です。", word(round));
            let heard = city.said(member).iter().filter(|text| text.contains(&answer)).count();
            assert_eq!(heard, 1, "{answer}, seed {seed}");
        }
        let threads = city.consultations(member).await;
        let answers = threads.iter().flat_map(|consultation| &consultation.thread);
        let answers = answers.filter(|entry| matches!(entry.from, Voice::Staff(_))).count();
        assert_eq!((threads.len(), answers), (1, ROUNDS), "seed {seed}");
    }
    let posts = city.all::<Post>().await;
    assert_eq!(posts.len(), ROUNDS, "seed {seed}");
    assert!(posts.iter().all(|post| post.state.name() == "sent"), "seed {seed}");
    assert_eq!(city.centre.inbox_backlog().await.unwrap(), 0);
    for item in city.outbox().await {
        assert!(
            matches!(item.state, OutboxState::Done { .. } | OutboxState::Unknown { .. }),
            "{:?}, seed {seed}",
            item.state
        );
    }
    let audit = city.centre.verify_audit(|_| ()).await.unwrap();
    assert!(audit.faults.is_empty(), "{:?}, seed {seed}", audit.faults);
}

#[tokio::test]
async fn whatever_fails_at_random_every_message_post_and_answer_arrives_once() {
    // R35 R45
    let mut drawn = Drawn::default();
    for seed in seeds() {
        let policy = unhindered();
        let (city, members, ids) = given_city(Plan { policy, ..Plan::default() }).await;
        city.faulty.by_lot(seed, WEATHER);
        for round in 0..ROUNDS {
            persistently(async || publish(&city, &format!("{}のお知らせ", word(round))).await).await;
            for member in &members {
                city.pass(Duration::from_secs(1));
                city.line.say(member, &format!("続きの質問の{}です。", word(round))).await.unwrap();
            }
            all_acknowledged(&city).await;
            for _ in 0..8 {
                let _ = city.bot.drain().await;
                city.pass(Duration::from_secs(61));
            }
            for id in &ids {
                let text = format!("{}への回答です。", word(round));
                persistently(async || answer(&city, *id, &text, city.team.consultant).await).await;
            }
            let _ = city.bot.drain().await;
        }
        let more = city.faulty.calm();
        drawn.before += more.before;
        drawn.after += more.after;
        drawn.read += more.read;
        drawn.late += more.late;
        city.drain_for(6, Duration::from_secs(90)).await;
        nothing_is_lost_and_nothing_is_twice(&city, &members, seed).await;
    }
    assert!(drawn.before > 0 && drawn.after > 0 && drawn.read > 0 && drawn.late > 0, "{drawn:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_runs_through_bad_weather_says_everything_once() {
    let plan = Plan { policy: unhindered(), at: None, ..Plan::default() };
    let seed = seeds()[0];
    let (city, members, ids) = given_city(plan).await;
    city.faulty.by_lot(seed, WEATHER);
    for round in 0..ROUNDS {
        persistently(async || publish(&city, &format!("{}のお知らせ", word(round))).await).await;
        for member in &members {
            city.line.say(member, &format!("続きの質問の{}です。", word(round))).await.unwrap();
        }
        all_acknowledged(&city).await;
        for id in &ids {
            let text = format!("{}への回答です。", word(round));
            persistently(async || answer(&city, *id, &text, city.team.consultant).await).await;
        }
    }
    eventually("everything is worked off", Duration::from_mins(1), async || {
        let waiting = [city.centre.inbox_backlog().await, city.centre.outbox_backlog().await];
        let posts = city.centre.store().all::<Post>(Scan::keys(Post::KIND), 1_000).await.ok()?;
        let is_done = waiting.iter().all(|waiting| matches!(waiting, Ok(0)));
        (is_done && posts.iter().all(|post| post.value.state.name() == "sent")).then_some(())
    })
    .await;
    let drawn = city.faulty.calm();
    assert!(drawn.before + drawn.after > 0 && drawn.read > 0, "{drawn:?}");
    nothing_is_lost_and_nothing_is_twice(&city, &members, seed).await;
}
