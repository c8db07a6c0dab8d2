//! Replies: free, without a retry key, within their minute.

use std::time::Duration;

use lupinus_core::outbox::{OutboxItem, OutboxState};
use lupinus_emulator::{Fault, Settings};
use lupinus_tests::{City, Desk, Plan};

const REPLY: &str = "/v2/bot/message/reply";
const PUSH: &str = "/v2/bot/message/push";

struct Chat {
    city: City,
    nurse: String,
    before: usize,
    requests: usize,
}

impl Chat {
    async fn begun() -> Self {
        Self::planned(Plan::default()).await
    }

    async fn planned(plan: Plan) -> Self {
        let city = City::planned(plan).await;
        let nurse = city.member("看護師").await;
        let (before, requests) = (city.had(&nurse).len(), city.line.requests().len());
        Self { city, nurse, before, requests }
    }

    fn fault(&self, fault: impl Fn(Fault) -> Fault) {
        self.city.line.fault(fault(Fault::new("POST", REPLY)));
    }

    /// How often the help that was asked for arrived.
    fn helped(&self) -> usize {
        self.city.said_since(&self.nurse, self.before).matches("【使い方】").count()
    }

    fn tries(&self, path: &str) -> usize {
        self.city.line.requests().iter().skip(self.requests).filter(|request| request.path == path).count()
    }

    async fn item(&self) -> OutboxItem {
        self.city.outbox().await.pop().expect("there is an answer")
    }
}

#[tokio::test]
async fn an_answer_rides_on_the_free_reply() {
    // R38
    let chat = Chat::begun().await;
    let used = chat.city.line.quota_used();
    chat.city.talk(&chat.nurse, "使い方").await;
    assert_eq!((chat.helped(), chat.tries(REPLY), chat.tries(PUSH)), (1, 1, 0));
    assert_eq!(chat.city.line.quota_used(), used);
    let keyed = chat.city.line.requests().into_iter().find(|r| r.path == REPLY && r.retry_key.is_some());
    assert!(keyed.is_none(), "LINE refuses a retry key on a reply");
}

#[tokio::test]
async fn an_unanswered_reply_is_repeated_with_its_token_and_an_invalid_token_then_means_done() {
    for (name, times) in [("cut once", 1), ("cut twice", 2)] {
        let chat = Chat::begun().await;
        chat.fault(|fault| fault.drop_after().times(1));
        if times == 2 {
            chat.fault(|fault| fault.drop_before().times(1));
        }
        chat.city.talk(&chat.nurse, "使い方").await;
        chat.city.drain_for(4, Duration::from_secs(11)).await;
        assert_eq!((chat.helped(), chat.tries(PUSH)), (1, 0), "{name}");
        assert_eq!(chat.tries(REPLY), times + 1, "{name}");
        assert!(
            matches!(chat.item().await.state, OutboxState::Done { .. }),
            "{name}: {:?}",
            chat.item().await.state
        );
    }
}

#[tokio::test]
async fn a_reply_that_never_got_through_is_repeated_within_its_minute() {
    type Row = (&'static str, fn(Fault) -> Fault);
    let rows: [Row; 3] = [
        ("500", |fault| fault.status(500)),
        ("a broken connection", Fault::drop_before),
        ("the rate limit", |fault| fault.status(429)),
    ];
    for (name, row) in rows {
        let chat = Chat::begun().await;
        chat.fault(row);
        chat.city.talk(&chat.nurse, "使い方").await;
        assert_eq!(chat.helped(), 0, "{name}");
        chat.city.drain_for(4, Duration::from_secs(11)).await;
        assert_eq!((chat.helped(), chat.tries(REPLY), chat.tries(PUSH)), (1, 2, 0), "{name}");
    }
}

#[tokio::test]
async fn a_reply_that_timed_out_and_was_accepted_is_said_once() {
    let patience = Duration::from_secs(1);
    let chat = Chat::planned(Plan { patience, ..Plan::default() }).await;
    chat.fault(|fault| fault.delay(patience * 2));
    chat.city.talk(&chat.nurse, "使い方").await;
    chat.city.drain_for(4, Duration::from_secs(11)).await;
    lupinus_tests::eventually("the delayed one", Duration::from_secs(5), async || {
        (chat.tries(REPLY) == 2).then_some(())
    })
    .await;
    assert_eq!((chat.helped(), chat.tries(PUSH)), (1, 0));
}

#[tokio::test]
async fn after_its_minute_an_unanswered_reply_is_unknown_shown_to_staff_and_never_pushed() {
    type Row = (&'static str, fn(Fault) -> Fault, usize);
    let rows: [Row; 2] = [("accepted", Fault::drop_after, 1), ("not accepted", Fault::drop_before, 0)];
    for (name, row, copies) in rows {
        let chat = Chat::begun().await;
        chat.fault(|fault| row(fault).times(100));
        chat.city.talk(&chat.nurse, "使い方").await;
        chat.city.drain_for(12, Duration::from_secs(9)).await;
        let item = chat.item().await;
        assert!(matches!(item.state, OutboxState::Unknown { .. }), "{name}: {:?}", item.state);
        chat.city.line.clear_faults();
        chat.city.drain_for(30, Duration::from_mins(10)).await;
        assert_eq!((chat.helped(), chat.tries(PUSH)), (copies, 0), "{name}");
        let page = Desk::sign_in(&chat.city, "approver").await.get("/outbox").await;
        assert!(
            page.shows("不明") && page.shows("返信が届いたか確認できませんでした"),
            "{name}: {}",
            page.html
        );
    }
}

#[tokio::test]
async fn a_reply_that_line_refused_for_certain_becomes_a_push() {
    // R38: the token is older than the bot believes.
    let chat = Chat::begun().await;
    chat.city.line.set_settings(Settings { reply_token_life_ms: 1_000, ..chat.city.line.settings() });
    chat.city.pass(Duration::from_secs(1));
    chat.city.line.say(&chat.nurse, "使い方").await.unwrap();
    chat.city.pass(Duration::from_secs(20));
    chat.city.drain().await;
    assert_eq!((chat.helped(), chat.tries(REPLY), chat.tries(PUSH)), (1, 1, 1));
    assert!(matches!(chat.item().await.state, OutboxState::Done { .. }));
}

#[tokio::test]
async fn a_reply_that_was_never_tried_in_time_becomes_a_push() {
    // R38: the bot was away for more than a minute.
    let chat = Chat::begun().await;
    chat.city.pass(Duration::from_secs(1));
    chat.city.line.say(&chat.nurse, "使い方").await.unwrap();
    chat.city.pass(Duration::from_secs(90));
    chat.city.drain().await;
    assert_eq!((chat.helped(), chat.tries(REPLY), chat.tries(PUSH)), (1, 0, 1));
}

#[tokio::test]
async fn what_one_person_reads_stays_in_order_while_an_earlier_answer_is_repeated() {
    let chat = Chat::begun().await;
    chat.fault(Fault::drop_before);
    chat.city.talk(&chat.nurse, "使い方").await;
    chat.city.talk(&chat.nurse, "ルール").await;
    chat.city.drain_for(6, Duration::from_secs(8)).await;
    let said = chat.city.said_since(&chat.nurse, chat.before);
    let (help, rules) = (said.find("【使い方】").unwrap(), said.find("【利用ルール】").unwrap());
    assert!(help < rules, "{said}");
    assert_eq!(chat.helped(), 1);
}
