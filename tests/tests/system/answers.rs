//! What goes out: every answer of LINE to a delivery, a broadcast or a consultation's answer, and what follows from it. Counted by
//! the emulator.

use std::time::Duration;

use lupinus_core::{
    audience::Audience,
    consultation,
    ids::{OutboxId, PostId},
    outbox::{HoldReason, OutboxItem, OutboxState, PauseReason, Sort},
    post,
    service::By,
};
use lupinus_emulator::{Fault, Quota, RequestEntry};
use lupinus_tests::{City, Desk, Plan, eventually};
use serde_json::json;

const MULTICAST: &str = "/v2/bot/message/multicast";
const TITLE: &str = "様式改定のお知らせ";
const MINUTE: Duration = Duration::from_mins(1);
const IMPATIENT: Duration = Duration::from_secs(1);

/// A way to people that has a retry key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A post to the members.
    Multicast,
    /// A post to every friend of the account.
    Broadcast,
    /// The centre's answer to one member's question.
    Push,
}

const WAYS: [Way; 3] = [Way::Multicast, Way::Broadcast, Way::Push];

impl Way {
    const fn path(self) -> &'static str {
        match self {
            Self::Multicast => MULTICAST,
            Self::Broadcast => "/v2/bot/message/broadcast",
            Self::Push => "/v2/bot/message/push",
        }
    }
}

struct Scene {
    city: City,
    way: Way,
    /// Five members.
    members: Vec<String>,
    /// What goes out with the next drain.
    item: OutboxId,
    post: Option<PostId>,
}

impl Scene {
    /// Five members, and something that goes out to them, or to the first, with the next drain.
    async fn set(way: Way) -> Self {
        Self::planned(way, Plan::default()).await
    }

    /// The same, where the bot waits for an answer no longer than a second.
    async fn impatient(way: Way) -> Self {
        Self::planned(way, Plan { patience: IMPATIENT, ..Plan::default() }).await
    }

    async fn planned(way: Way, plan: Plan) -> Self {
        let city = City::planned(plan).await;
        let members = city.members(5).await;
        let post = match way {
            Way::Multicast => Some(city.scheduled(TITLE).await),
            Way::Broadcast => {
                let id = city.approved(TITLE).await;
                let schedule =
                    post::Command::Schedule { at: city.centre.now(), audience: Audience::AllFriends };
                city.command(By::Staff(city.team.approver), id, schedule).await;
                Some(id)
            }
            Way::Push => {
                city.talk(&members[0], "相談").await;
                city.talk(&members[0], "様式はどこにありますか。").await;
                answer(&city, &members[0]).await;
                None
            }
        };
        // Into the outbox, and not out of it.
        city.centre.start_due_posts().await.unwrap();
        let item = city.outbox().await.into_iter().map(|item| item.id).max().unwrap();
        Self { city, way, members, item, post }
    }

    fn fault(&self, fault: impl Fn(Fault) -> Fault) {
        self.city.line.fault(fault(Fault::new("POST", self.way.path())));
    }

    /// How often each had it to whom it goes.
    fn copies(&self) -> Vec<usize> {
        match self.way {
            Way::Multicast | Way::Broadcast => {
                self.members.iter().map(|member| self.city.copies(member, TITLE)).collect()
            }
            Way::Push => {
                vec![self.city.said(&self.members[0]).iter().filter(|text| text.contains(TITLE)).count()]
            }
        }
    }

    fn nobody_had_it(&self) {
        assert!(self.copies().iter().all(|copies| *copies == 0), "{:?}: {:?}", self.way, self.copies());
    }

    fn each_had_it_once(&self) {
        assert!(self.copies().iter().all(|copies| *copies == 1), "{:?}: {:?}", self.way, self.copies());
    }

    fn requests(&self) -> Vec<RequestEntry> {
        self.city.line.requests().into_iter().filter(|request| request.path == self.way.path()).collect()
    }

    /// Every attempt had the one retry key.
    fn one_key(&self) {
        let keys: std::collections::HashSet<_> = self
            .requests()
            .into_iter()
            .map(|request| request.retry_key.expect("what is no reply has a key"))
            .collect();
        assert_eq!(keys.len(), 1, "{keys:?}");
    }

    async fn chunk(&self) -> OutboxItem {
        self.city.outbox().await.into_iter().find(|item| item.id == self.item).unwrap()
    }

    /// How the post stands, if it is one.
    async fn post_is(&self, state: &str) {
        if let Some(post) = self.post {
            assert_eq!(self.city.state_of(post).await, state, "{:?}", self.way);
        }
    }

    async fn is_sent(&self) {
        let chunk = self.chunk().await;
        assert!(matches!(chunk.state, OutboxState::Done { .. }), "{:?}: {:?}", self.way, chunk.state);
        self.post_is("sent").await;
        assert!(chunk.addressees().iter().all(|to| to.contact.is_none()), "addresses are kept after use");
        assert!(chunk.sort != Sort::Personal || chunk.messages.is_empty(), "words are kept after use");
    }
}

/// The centre answers somebody's question.
async fn answer(city: &City, member: &str) {
    use consultation::Command;
    let (id, by) = (city.consultations(member).await[0].id, By::Staff(city.team.consultant));
    for command in [Command::Take, Command::Answer { text: format!("{TITLE}にあります。") }] {
        let done = city.centre.transact(|mut work| {
            let command = command.clone();
            async move {
                let handled = work.consultation_command(by, id, command).await?;
                work.done(handled)
            }
        });
        done.await.unwrap();
    }
}

#[tokio::test]
async fn what_is_accepted_is_done_and_its_request_id_recorded() {
    for way in WAYS {
        let scene = Scene::set(way).await;
        scene.city.drain().await;
        scene.each_had_it_once();
        scene.is_sent().await;
        let accepted = scene.requests().remove(0).request_id;
        let OutboxState::Done { request_id, .. } = scene.chunk().await.state else { unreachable!() };
        assert_eq!(request_id.as_deref(), Some(accepted.as_str()));
    }
}

#[tokio::test]
async fn what_was_accepted_and_whose_answer_was_cut_is_known_by_its_409() {
    for way in WAYS {
        let scene = Scene::set(way).await;
        scene.fault(Fault::drop_after);
        scene.city.drain().await;
        assert!(!scene.chunk().await.is_settled(), "nobody can know yet");
        scene.city.drain_for(1, MINUTE).await;
        let statuses: Vec<_> = scene.requests().iter().map(|request| request.status).collect();
        assert_eq!(statuses, [Some(200), Some(409)]);
        scene.one_key();
        scene.each_had_it_once();
        scene.is_sent().await;
        let accepted = scene.requests().remove(0).request_id;
        let OutboxState::Done { request_id, .. } = scene.chunk().await.state else { unreachable!() };
        assert_eq!(request_id.as_deref(), Some(accepted.as_str()), "the accepted request's id is recorded");
    }
}

#[tokio::test]
async fn the_rate_limit_makes_it_wait_with_its_key() {
    for way in WAYS {
        let scene = Scene::set(way).await;
        scene.fault(|fault| fault.status(429).times(3));
        scene.city.drain().await;
        scene.nobody_had_it();
        assert!(matches!(scene.chunk().await.state, OutboxState::Waiting { .. }));
        let before = scene.requests().len();
        scene.city.drain().await;
        assert_eq!(scene.requests().len(), before, "it did not wait");
        scene.city.drain_for(5, MINUTE).await;
        assert_eq!(scene.requests().len(), 4);
        scene.one_key();
        scene.each_had_it_once();
        scene.is_sent().await;
    }
}

#[tokio::test]
async fn the_monthly_limit_pauses_whatever_is_not_free_and_it_goes_when_there_is_more() {
    // R34
    for way in WAYS {
        let scene = Scene::set(way).await;
        scene.city.line.set_quota(Quota::limited(200, 200));
        scene.city.drain_for(20, Duration::from_hours(1)).await;
        scene.nobody_had_it();
        let chunk = scene.chunk().await;
        let is_paused = matches!(chunk.state, OutboxState::Paused { reason: PauseReason::Quota, .. });
        // At night a post waits for the morning instead.
        assert!(
            is_paused || matches!(chunk.state, OutboxState::Waiting { .. }),
            "{way:?}: {:?}",
            chunk.state
        );
        scene.city.set_time("2026-10-08T10:00:00+09:00".parse().unwrap());
        scene.city.line.set_quota(Quota::limited(5_000, 200));
        scene.city.drain_for(10, MINUTE).await;
        scene.each_had_it_once();
        scene.is_sent().await;
    }
}

#[tokio::test]
async fn the_monthly_limit_pauses_the_delivery_drops_nothing_and_staff_are_told() {
    // R34
    let scene = Scene::set(Way::Multicast).await;
    let city = &scene.city;
    let second = city.scheduled("もう一つのお知らせ").await;
    city.line.set_quota(Quota::limited(200, 198));
    city.drain().await;
    scene.nobody_had_it();
    let chunks = city.chunks().await;
    assert!(
        chunks
            .iter()
            .all(|chunk| matches!(chunk.state, OutboxState::Paused { reason: PauseReason::Quota, .. }))
    );
    let approver = Desk::sign_in(city, "approver").await;
    let page = approver.get("/outbox").await;
    assert!(page.shows("投稿の配信(5人)"), "staff are not told: {}", page.html);

    // Replies are free and still go.
    let before = city.had(&scene.members[0]).len();
    city.talk(&scene.members[0], "使い方").await;
    assert!(city.said_since(&scene.members[0], before).contains("使い方"), "a reply was held back");

    // Days later still nothing is dropped, and with a larger plan both go out.
    city.drain_for(20, Duration::from_hours(2)).await;
    scene.nobody_had_it();
    city.set_time("2026-10-08T10:00:00+09:00".parse().unwrap());
    city.line.set_quota(Quota::limited(5_000, 198));
    city.drain_for(10, MINUTE).await;
    scene.each_had_it_once();
    assert!(scene.members.iter().all(|member| city.copies(member, "もう一つのお知らせ") == 1));
    scene.post_is("sent").await;
    assert_eq!(city.state_of(second).await, "sent");
}

#[tokio::test]
async fn a_new_month_lets_a_paused_delivery_go_on_by_itself() {
    // R34
    let scene = Scene::set(Way::Multicast).await;
    scene.city.line.set_quota(Quota::limited(200, 198));
    scene.city.set_time("2026-10-30T10:00:00+09:00".parse().unwrap());
    scene.city.drain_for(3, MINUTE).await;
    scene.nobody_had_it();
    scene.city.set_time("2026-11-02T10:00:00+09:00".parse().unwrap());
    scene.city.drain_for(3, Duration::from_secs(400)).await;
    scene.each_had_it_once();
    scene.is_sent().await;
}

#[tokio::test]
async fn what_line_refuses_fails_with_its_own_words_and_the_property() {
    for (way, status) in WAYS.into_iter().flat_map(|way| [400_u16, 403, 404].map(|status| (way, status))) {
        let scene = Scene::set(way).await;
        let body = json!({
            "message": "The request body has 1 error(s)",
            "details": [{"message": "May not be empty", "property": "messages[0].altText"}],
        });
        scene.fault(|fault| fault.response(status, body.clone()));
        scene.city.drain_for(10, MINUTE).await;
        scene.nobody_had_it();
        assert_eq!(scene.requests().len(), 1, "{way:?} {status} was tried again");
        let OutboxState::Failed { status: kept, message, property, .. } = scene.chunk().await.state else {
            panic!("{way:?} {status}: {:?}", scene.chunk().await.state)
        };
        assert_eq!(kept, status);
        assert_eq!(property.as_deref(), Some("messages[0].altText"), "{way:?} {status}");
        assert!(message.contains("The request body has 1 error(s)"), "{way:?} {status}: {message}");
        scene.post_is("failed").await;
        let page = Desk::sign_in(&scene.city, "approver").await.get("/outbox").await;
        assert!(page.shows(&format!("応答 {status}")) && page.shows("messages[0].altText"), "{}", page.html);
    }
}

#[tokio::test]
async fn a_refused_token_pauses_all_sending_until_it_works_again() {
    for way in WAYS {
        let scene = Scene::set(way).await;
        let city = &scene.city;
        city.line.fault(Fault::new("POST", "/v2/bot/message/*").status(401).times(2));
        city.drain().await;
        scene.nobody_had_it();
        let chunk = scene.chunk().await;
        assert!(
            matches!(chunk.state, OutboxState::Paused { reason: PauseReason::Unauthorised, .. }),
            "{way:?}: {:?}",
            chunk.state
        );

        // Nothing else is even tried, not for somebody else either.
        let (before, had) = (city.line.requests().len(), city.had(&scene.members[1]).len());
        city.talk(&scene.members[1], "使い方").await;
        assert_eq!(city.line.requests().len(), before, "something was sent while the token was refused");

        // It is asked again after the pause, and again; then everything goes, and nothing twice.
        city.drain_for(12, MINUTE).await;
        scene.each_had_it_once();
        scene.is_sent().await;
        let help = city.said_since(&scene.members[1], had);
        assert_eq!(help.matches("【使い方】").count(), 1, "{help}");
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_followed_by_the_same_key_until_one_says_something() {
    type Row = (&'static str, fn(Fault) -> Fault);
    let rows: [Row; 6] = [
        ("500", |fault| fault.status(500)),
        ("503", |fault| fault.status(503)),
        ("a broken connection, not accepted", Fault::drop_before),
        ("a broken connection, accepted", Fault::drop_after),
        ("a time-out", |fault| fault.delay(IMPATIENT * 2)),
        ("a page that is not LINE's", |fault| fault.response(502, json!("<html>bad gateway</html>"))),
    ];
    for (way, (name, row)) in WAYS.into_iter().flat_map(|way| rows.map(|row| (way, row))) {
        let scene = if name == "a time-out" { Scene::impatient(way).await } else { Scene::set(way).await };
        scene.fault(|fault| row(fault).times(3));
        scene.city.drain().await;
        let chunk = scene.chunk().await;
        assert!(matches!(chunk.state, OutboxState::Waiting { .. }), "{way:?} {name}: {:?}", chunk.state);
        // At once means not at all: it waits, longer each time.
        let before = scene.requests().len();
        scene.city.drain().await;
        assert_eq!(scene.requests().len(), before, "{way:?} {name}: it did not wait");
        scene.city.drain_for(8, MINUTE).await;
        scene.is_sent().await;
        // What the emulator delayed is carried out in the end, too.
        eventually(name, Duration::from_secs(5), async || (scene.requests().len() >= 4).then_some(())).await;
        scene.one_key();
        scene.each_had_it_once();
    }
}

#[tokio::test]
async fn after_the_keys_day_a_person_decides_and_nothing_is_said_twice() {
    for way in WAYS {
        let scene = Scene::set(way).await;
        scene.fault(|fault| fault.drop_after().times(1));
        scene.fault(|fault| fault.drop_before().times(100_000));
        scene.city.drain_for(3, MINUTE).await;
        scene.city.drain_for(150, Duration::from_secs(601)).await;
        let chunk = scene.chunk().await;
        assert!(
            matches!(chunk.state, OutboxState::Held { reason: HoldReason::KeyExpired, .. }),
            "{way:?}: {:?} after {} attempts",
            chunk.state,
            chunk.attempts
        );
        // Back to normal: still nothing goes by itself.
        scene.city.line.clear_faults();
        let before = scene.requests().len();
        scene.city.drain_for(50, Duration::from_hours(1)).await;
        assert_eq!(scene.requests().len(), before);
        scene.each_had_it_once();
        let page = Desk::sign_in(&scene.city, "approver").await.get("/outbox").await;
        assert!(page.shows("24時間以内に結果を確認できませんでした"), "{}", page.html);
    }
}

#[tokio::test]
async fn of_many_chunks_only_the_one_that_failed_is_tried_again() {
    let scene = Scene::set(Way::Multicast).await;
    let city = &scene.city;
    city.drain().await;
    let more = city.members(600).await;
    city.scheduled("全員へのお知らせ").await;
    city.line.fault(Fault::new("POST", MULTICAST).drop_after().skip(1));
    city.drain_for(3, MINUTE).await;
    let all: Vec<&String> = scene.members.iter().chain(&more).collect();
    let copies: Vec<usize> = all.iter().map(|member| city.copies(member, "全員へのお知らせ")).collect();
    assert!(copies.iter().all(|copies| *copies == 1), "{copies:?}");
    let statuses: Vec<_> = scene.requests().iter().skip(1).map(|request| request.status).collect();
    assert_eq!(statuses, [Some(200), Some(200), Some(409)]);
}
