//! A plan reaches everybody once, whatever happens in between.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt as _;
use lupinus_line::client::{
    AggregationUnit, ChunkIndex, MAX_RECIPIENTS, MulticastPlan, OnError, Pacing, Retry,
};
use lupinus_line::token::{TokenError, TokenProvider};
use lupinus_line::{ApiError, ChannelToken, Client, Delivery, UserId};
use serde_json::Value;
use support::{Seen, Server, answer, hello};

const ID: &[(&str, &str)] = &[("x-line-request-id", "0b1d9f6a")];

fn users(count: usize) -> Vec<UserId> {
    (0..count).map(|n| UserId::new(format!("U{n:032x}")).unwrap()).collect()
}

fn plan(count: usize) -> MulticastPlan {
    MulticastPlan::new(users(count), hello()).unwrap()
}

fn client(base: &str, retry: Retry) -> Client {
    Client::builder(ChannelToken::from("t"))
        .all_bases(base)
        .retry(retry.first_wait(Duration::from_millis(1)))
        .pacing(Pacing::off())
        .build()
        .unwrap()
}

/// What LINE keeps: which keys it accepted, with what.
#[derive(Clone, Default)]
struct Accepted(Arc<Mutex<BTreeMap<String, Value>>>);

impl Accepted {
    /// Accepts a key once and answers 409 afterwards; the same key with another body is a fault.
    fn take(&self, request: &Seen) -> u16 {
        let key = request.headers["x-line-retry-key"].to_str().unwrap().to_owned();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let mut accepted = self.0.lock().unwrap();
        if let Some(before) = accepted.get(&key) {
            assert_eq!(*before, body, "a key must never come with anything else");
            return 409;
        }
        accepted.insert(key, body);
        200
    }

    /// Everybody who got it, as often as they did.
    fn reached(&self) -> Vec<String> {
        let accepted = self.0.lock().unwrap();
        let mut reached = Vec::new();
        for body in accepted.values() {
            let to = body["to"].as_array().unwrap();
            assert!((1..=MAX_RECIPIENTS).contains(&to.len()));
            reached.extend(to.iter().map(|user| user.as_str().unwrap().to_owned()));
        }
        reached.sort();
        reached
    }
}

fn everybody(count: usize) -> Vec<String> {
    users(count).into_iter().map(String::from).collect()
}

/// A LINE that accepts, and whose every third answer is lost on the way.
async fn forgetful(accepted: &Accepted) -> Server {
    let accepted = accepted.clone();
    let count = Arc::new(Mutex::new(0));
    Server::answering(move |request| {
        let status = accepted.take(request);
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count % 3 == 0 { answer(500, ID, "") } else { answer(status, ID, "{}") }
    })
    .await
}

#[tokio::test]
async fn everybody_is_reached_once_and_progress_is_told() {
    let accepted = Accepted::default();
    let server = forgetful(&accepted).await;
    let plan = plan(5_200);
    let reports: Vec<_> =
        client(&server.base, Retry::default().tries(10)).multicast_all(&plan).stream().collect().await;
    assert_eq!(reports.len(), 11);
    assert!(reports.iter().all(|report| report.result.is_ok()));
    let told: Vec<_> = reports.iter().map(|report| report.progress.chunks_done).collect();
    assert_eq!(told, (1..=11).collect::<Vec<_>>());
    let people: usize = reports.iter().map(|report| report.recipients).sum();
    let last = reports.last().unwrap().progress;
    assert!(last.is_complete() && !reports[9].progress.is_complete());
    assert_eq!((people, last.recipients_done, last.recipients), (5_200, 5_200, 5_200));
    assert_eq!(accepted.reached(), everybody(5_200));
}

#[tokio::test]
async fn a_run_dropped_in_the_middle_goes_on_and_reaches_everybody_once() {
    let accepted = Accepted::default();
    let server = forgetful(&accepted).await;
    let plan = plan(20_000);
    let stored = serde_json::to_string(&plan).unwrap();
    let mut done = BTreeSet::new();
    // As a process would that dies again and again: nothing but the stored plan and the chunks done goes over.
    for _ in 0..5 {
        let plan: MulticastPlan = serde_json::from_str(&stored).unwrap();
        let client = client(&server.base, Retry::never());
        let mut reports = client.multicast_all(&plan).without(done.clone()).at_once(7).stream();
        for _ in 0..6 {
            let Some(report) = reports.next().await else { break };
            if report.result.is_ok() {
                assert!(done.insert(report.chunk), "a chunk that is done is not sent again");
                assert_eq!(report.progress.chunks_done as usize, done.len());
            }
        }
        drop(reports);
    }
    assert!(done.len() < 40, "the drops came in the middle");
    let plan: MulticastPlan = serde_json::from_str(&stored).unwrap();
    let run = client(&server.base, Retry::default().tries(10)).multicast_all(&plan).without(done);
    let summary = run.finish().await;
    assert!(summary.progress.is_complete() && summary.failed.is_empty(), "{summary:?}");
    assert_eq!(summary.done.len(), 40);
    assert_eq!(accepted.reached(), everybody(20_000));
    assert!(server.seen().len() > 40, "some were asked twice, and answered 409");
}

#[tokio::test]
async fn a_chunk_that_was_accepted_unseen_is_a_success_at_the_next_run() {
    let accepted = Accepted::default();
    let server = {
        let accepted = accepted.clone();
        Server::answering(move |request| match accepted.take(request) {
            200 => answer(500, ID, ""),
            status => answer(status, ID, "{}"),
        })
        .await
    };
    let client = client(&server.base, Retry::never());
    let plan = plan(600);
    let first = client.multicast_all(&plan).finish().await;
    assert!(first.done.is_empty());
    assert!(first.failed.iter().all(|(_, error)| error.may_have_been_accepted()));
    let mut second = client.multicast_all(&plan).without(first.done).stream();
    while let Some(report) = second.next().await {
        assert!(matches!(report.result, Ok(Delivery::AlreadyAccepted { .. })), "{report:?}");
    }
    assert_eq!(accepted.reached(), everybody(600));
}

/// Refuses whatever goes to the user of this number, with this status and these words.
async fn refusing(number: usize, status: u16, body: &'static str) -> Server {
    let user = users(number + 1).pop().unwrap();
    Server::answering(move |request| {
        let text = std::str::from_utf8(&request.body).unwrap();
        if text.contains(user.as_str()) { answer(status, ID, body) } else { answer(200, ID, "{}") }
    })
    .await
}

#[tokio::test]
async fn a_chunk_that_is_refused_is_reported_and_the_others_go_on() {
    let server = refusing(750, 400, r#"{"message":"The property, to[250], is invalid"}"#).await;
    let summary =
        client(&server.base, Retry::default()).multicast_all(&plan(2_500)).at_once(1).finish().await;
    assert_eq!(summary.done, [0, 2, 3, 4].map(ChunkIndex::from).into());
    let [(chunk, ApiError::Refused(_))] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!(*chunk, ChunkIndex::from(1));
    assert_eq!((summary.progress.chunks_done, summary.progress.recipients_done), (4, 2_000));
    assert_eq!(server.seen().len(), 5, "what LINE refuses is not asked again");
}

#[tokio::test]
async fn a_run_that_shall_stop_stops() {
    let server = refusing(750, 400, "{}").await;
    let client = client(&server.base, Retry::default());
    let summary = client.multicast_all(&plan(2_500)).at_once(1).on_error(OnError::Stop).finish().await;
    assert_eq!((summary.done.len(), summary.failed.len()), (1, 1));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn the_monthly_limit_and_a_bad_token_end_a_run() {
    for (status, body, kind) in [
        (429, r#"{"message":"You have reached your monthly limit."}"#, "quota_exhausted"),
        (401, "{}", "unauthorised"),
    ] {
        let server = refusing(750, status, body).await;
        let summary =
            client(&server.base, Retry::default()).multicast_all(&plan(2_500)).at_once(1).finish().await;
        assert_eq!((summary.done.len(), summary.failed[0].1.kind()), (1, kind));
        assert_eq!(server.seen().len(), 2, "{kind}");
    }
}

#[tokio::test]
async fn what_is_under_way_when_a_run_ends_is_reported() {
    let server = Server::fixed(401, ID, "{}").await;
    let summary = client(&server.base, Retry::never()).multicast_all(&plan(10_000)).at_once(4).finish().await;
    assert_eq!(summary.failed.len(), 4, "four were under way, and sixteen not begun");
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_plan_whose_keys_line_has_forgotten_is_not_sent() {
    let server = Server::fixed(200, ID, "{}").await;
    let mut stored = serde_json::to_value(plan(600)).unwrap();
    let yesterday = jiff::Timestamp::now() - Duration::from_hours(24);
    stored["madeAt"] = yesterday.to_string().into();
    let old: MulticastPlan = serde_json::from_value(stored.clone()).unwrap();
    let client = client(&server.base, Retry::default());
    let summary = client.multicast_all(&old).at_once(1).finish().await;
    assert!(matches!(summary.failed[..], [(_, ApiError::Invalid(_))]), "{summary:?}");
    assert!(server.seen().is_empty());

    let rest = old.rest(&summary.done).unwrap();
    assert!(client.multicast_all(&rest).finish().await.progress.is_complete());

    // Nor one whose keys would be forgotten while a chunk is being tried.
    stored["madeAt"] = (yesterday + Duration::from_millis(900)).to_string().into();
    let nearly: MulticastPlan = serde_json::from_value(stored).unwrap();
    assert!(!client.multicast_all(&nearly).finish().await.progress.is_complete());
    assert_eq!(server.seen().len(), 2);
}

/// Has no token and never will.
#[derive(Debug)]
struct Dismissed(Arc<Mutex<usize>>);

#[async_trait::async_trait]
impl TokenProvider for Dismissed {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        *self.0.lock().unwrap() += 1;
        Err(TokenError::other(false, "the channel is closed"))
    }

    async fn refused(&self, _: &ChannelToken) {}
}

#[tokio::test]
async fn a_run_ends_when_nobody_can_get_a_token() {
    let asked = Arc::new(Mutex::new(0));
    let client = support::with_tokens(&support::nobody(), Dismissed(Arc::clone(&asked)));
    let summary = client.multicast_all(&plan(10_000)).at_once(2).finish().await;
    assert!((1..=2).contains(&summary.failed.len()), "{summary:?}");
    assert!(*asked.lock().unwrap() <= 2);
}

#[tokio::test]
async fn a_run_that_is_dropped_begins_nothing_more() {
    let (base, listener) = support::silent();
    listener.set_nonblocking(true).unwrap();
    let mut reports = client(&base, Retry::never()).multicast_all(&plan(10_000)).at_once(2).stream();
    assert!(futures::poll!(futures::StreamExt::next(&mut reports)).is_pending());
    let open = || listener.accept().ok();
    let mut taken = Vec::new();
    while taken.len() < 2 {
        taken.extend(open());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(reports);
    for (stream, _) in &mut taken {
        stream.set_nonblocking(true).unwrap();
        let mut piece = [0; 4096];
        // Ends, since the connection is closed.
        let closed = async {
            while !matches!(std::io::Read::read(stream, &mut piece), Ok(0)) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(10), closed).await; // long before a try ends by itself
        in_time.expect("what was under way is given up");
    }
    assert!(open().is_none(), "and no other is made");
}

#[tokio::test]
async fn whoever_is_patient_for_as_long_as_keys_live_can_send_a_plan() {
    let server = Server::fixed(200, ID, "{}").await;
    let client = client(&server.base, Retry::default().deadline(Duration::from_hours(24)));
    assert!(client.multicast_all(&plan(600)).finish().await.progress.is_complete());
}

#[tokio::test]
async fn so_many_chunks_are_under_way_at_once() {
    let under_way = Arc::new(Mutex::new((0_usize, 0_usize)));
    let gate = Arc::clone(&under_way);
    let app = axum::Router::new().fallback(move || {
        let gate = Arc::clone(&gate);
        async move {
            {
                let mut gate = gate.lock().unwrap();
                gate.0 += 1;
                gate.1 = gate.1.max(gate.0);
            }
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            gate.lock().unwrap().0 -= 1;
            answer(200, ID, "{}")
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = client(&base, Retry::never());
    let summary = client.multicast_all(&plan(10_000)).at_once(3).finish().await;
    assert!(summary.progress.is_complete());
    let most = under_way.lock().unwrap().1;
    assert!((2..=3).contains(&most), "{most}");
}

#[tokio::test]
async fn options_of_a_plan_are_sent_and_done_chunks_of_other_plans_do_not_count() {
    let server = Server::fixed(200, ID, "{}").await;
    let plan = plan(2).silently().counted_as(AggregationUnit::new("post_1").unwrap());
    let client = client(&server.base, Retry::never());
    let run = client.multicast_all(&plan).without([7.into()]);
    assert!(run.finish().await.progress.is_complete());
    let body: Value = serde_json::from_slice(&server.seen()[0].body).unwrap();
    assert_eq!(body["notificationDisabled"], true);
    assert_eq!(body["customAggregationUnits"], serde_json::json!(["post_1"]));
    assert_eq!(body["messages"], serde_json::to_value(hello()).unwrap());

    let mut nothing_left = client.multicast_all(&plan).without([0.into()]).stream();
    assert!(nothing_left.next().await.is_none());
}
