//! 50,000 users in chunks of 500 against a server on this machine, beside the same requests by bare reqwest.
//!
//! The two take turns, because what else the machine does comes in waves that are longer than one of them takes.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use futures::StreamExt as _;
use lupinus_line::client::{CHUNKS_AT_ONCE, MulticastPlan, Pacing};
use lupinus_line::{ChannelToken, Client, Message, UserId};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

const USERS: usize = 50_000;
const WARM_UP: usize = 50;
const TURNS: usize = 1_000;

/// A server with a thread of its own that takes everything.
fn server() -> String {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let app =
                Router::new().fallback(|_body: Bytes| async { ([("x-line-request-id", "0b1d9f6a")], "{}") });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    receive.recv().unwrap()
}

#[derive(Serialize)]
struct Body<'a> {
    to: &'a [String],
    messages: &'a Value,
}

/// What bare reqwest needs for it.
struct Bare {
    http: reqwest::Client,
    url: String,
    users: Vec<String>,
    messages: Value,
}

async fn bare(all: &Arc<Bare>) {
    let requests = (0..USERS / 500).map(|chunk| {
        let all = Arc::clone(all);
        async move {
            let body = Body { to: &all.users[chunk * 500..][..500], messages: &all.messages };
            let request = all.http.post(&all.url).bearer_auth("tok-offline-1");
            let request = request.header("X-Line-Retry-Key", Uuid::new_v4().to_string()).json(&body);
            request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap()
        }
    });
    let answers: Vec<_> = futures::stream::iter(requests).buffer_unordered(CHUNKS_AT_ONCE).collect().await;
    assert_eq!(answers.len(), USERS / 500);
}

async fn ours(client: &Client, plan: &MulticastPlan) {
    let summary = client.multicast_all(plan).finish().await;
    assert!(summary.progress.is_complete());
}

/// The medians of bare reqwest and of this crate.
pub(crate) fn measure() -> (Duration, Duration) {
    let base = server();
    let users: Vec<_> = (0..USERS).map(|n| format!("U{n:032x}")).collect();
    let text = "明日は台風のため、市民センターは休館します。";

    let url = format!("{base}/v2/bot/message/multicast");
    let messages = json!([{"type": "text", "text": text}]);
    let client = Client::builder(ChannelToken::from("tok-offline-1"))
        .all_bases(&base)
        .pacing(Pacing::off()) // bare reqwest is not paced either
        .build()
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let plan = MulticastPlan::new(
        users.iter().map(|user| UserId::new(user.as_str()).unwrap()),
        Message::text(text).unwrap().into(),
    )
    .unwrap();

    let all = Arc::new(Bare { http, url, users, messages });

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // In a task of the runtime, as in a server, and not on the thread that started it.
    let (of_bare, of_ours) = runtime.block_on(async {
        let turns = tokio::spawn(async move {
            let (mut of_bare, mut of_ours) = (Vec::new(), Vec::new());
            for turn in 0..WARM_UP + TURNS {
                let start = Instant::now();
                bare(&all).await;
                let between = Instant::now();
                ours(&client, &plan).await;
                if turn >= WARM_UP {
                    of_bare.push(between - start);
                    of_ours.push(between.elapsed());
                }
            }
            (of_bare, of_ours)
        });
        turns.await.unwrap()
    });
    (median(of_bare), median(of_ours))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
