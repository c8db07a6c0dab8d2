//! How many webhooks a second are durable when LINE has its answer: the bot's own server, over each store, beside a server that
//! appends the same bytes to a bare log and one that answers without storing anything, by turns in one run.
//!
//! `cargo run --release -p lupinus-tests --bin intake -- --help`
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so")]

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode},
    routing::post,
};
use clap::Parser;
use jiff::Timestamp;
use lupinus_bot::Bot;
use lupinus_core::{store::Store, testkit::Pace};
use lupinus_emulator::Emulator;
use lupinus_line::{ChannelSecret, ChannelToken, Client, webhook};
use lupinus_store_postgres::testkit::Schema;
use lupinus_store_sled::SledStore;
use lupinus_tests::{centre, members, no_real_line, user_id};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Mutex, oneshot},
};

const IN_FLIGHT: [usize; 3] = [1, 64, 256];
const PEOPLE: usize = 1_000;

/// How many webhooks a second are durable when LINE has its answer, beside a bare log of the same bytes and a server that stores nothing.
/// Figures are ratios of one run: they hold from machine to machine, absolute ones do not.
#[derive(Debug, Parser)]
struct Arguments {
    /// A server of PostgreSQL: measured, too, in a schema that is removed.
    #[arg(long, env = "LUPINUS_POSTGRES_URL")]
    postgres: Option<String>,
    /// A port of this machine at which another server takes the same webhooks at `/webhook`, signed with `secret`.
    #[arg(long, env = "LUPINUS_INTAKE_PORT")]
    other: Option<u16>,
    /// Where the stores are, for as long as this runs.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// How long each server is asked at a time.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often it is asked; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

type Secrets = Arc<Vec<ChannelSecret>>;

fn secrets() -> Vec<ChannelSecret> {
    vec![ChannelSecret::from("secret")]
}

/// What somebody sends.
#[derive(Clone, Copy, Debug)]
enum Says {
    /// Nothing to screen: what is measured is the inbox.
    Sticker,
    /// A question: who asks is looked up, and what they ask is screened.
    Text,
}

impl Says {
    fn message(self, number: u64) -> Value {
        match self {
            Self::Sticker => {
                json!({ "id": number.to_string(), "type": "sticker", "quoteToken": "q", "stickerId": "16581242",
                "packageId": "8515", "stickerResourceType": "STATIC", "keywords": ["thanks"] })
            }
            Self::Text => json!({ "id": number.to_string(), "type": "text", "quoteToken": "q",
                "text": "週末に吸引器を貸してくれる業者を教えてください。" }),
        }
    }

    /// A webhook as LINE sends it, signed, from one of many.
    fn request(self, number: u64) -> Vec<u8> {
        let who = usize::try_from(number).unwrap() % PEOPLE;
        let body = json!({ "destination": user_id(1_000_000), "events": [{
            "type": "message", "mode": "active", "timestamp": Timestamp::now().as_millisecond(),
            "webhookEventId": format!("01EVENT{number:019}"), "deliveryContext": { "isRedelivery": false },
            "source": { "type": "user", "userId": user_id(who) }, "replyToken": format!("{number:0>32}"),
            "message": self.message(number),
        }] })
        .to_string();
        let signature = webhook::sign(&secrets()[0], body.as_bytes()).unwrap();
        let length = body.len();
        format!(
            "POST /webhook HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json; charset=utf-8\r\nx-line-signature: \
             {signature}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// Sends a request and waits until its answer is there as a whole.
async fn asked(connection: &mut TcpStream, request: &[u8]) {
    connection.write_all(request).await.unwrap();
    let (mut answer, mut read) = ([0; 4_096], 0);
    loop {
        let more = connection.read(&mut answer[read..]).await.unwrap();
        assert!(more > 0, "the server hung up");
        read += more;
        let text = std::str::from_utf8(&answer[..read]).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            assert!(head.starts_with("http/1.1 200"), "{text}");
            return;
        }
    }
}

/// A server that is asked.
#[derive(Debug)]
struct Server {
    name: &'static str,
    port: u16,
    says: Says,
}

impl Server {
    async fn served(name: &'static str, says: Says, router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { name, port, says }
    }

    async fn bot(name: &'static str, says: Says, store: Arc<dyn Store>) -> Self {
        let centre = centre(store);
        members(&centre, &Emulator::start().await.unwrap(), PEOPLE).await;
        let client = Client::builder(ChannelToken::from("token")).build().unwrap();
        let bot = Bot::builder(centre, client, secrets()).build().await.unwrap();
        Self::served(name, says, bot.router()).await
    }

    /// Over as many connections as there are to be requests in flight, each of which waits for its answer.
    async fn pace(&self, in_flight: usize, round: Duration, numbers: &Arc<AtomicU64>) -> Pace {
        let mut connections = Vec::new();
        for _ in 0..in_flight {
            let connection = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
            connection.set_nodelay(true).unwrap();
            connections.push(Mutex::new(connection));
        }
        let (says, numbers, connections) = (self.says, Arc::clone(numbers), Arc::new(connections));
        Pace::of(in_flight, round, move |task, _| {
            let (numbers, connections) = (Arc::clone(&numbers), Arc::clone(&connections));
            async move {
                let request = says.request(numbers.fetch_add(1, Ordering::Relaxed));
                asked(&mut *connections[task].lock().await, &request).await;
            }
        })
        .await
    }
}

fn is_sound(secrets: &Secrets, headers: &HeaderMap, body: &Bytes) -> bool {
    let signature = headers.get(webhook::SIGNATURE_HEADER).map(HeaderValue::as_bytes);
    webhook::verify(secrets, signature, body).is_ok_and(|verified| verified.parse().is_ok())
}

/// Verifies, reads and answers.
fn answers() -> Router {
    let sound = async |State(secrets): State<Secrets>, headers: HeaderMap, body: Bytes| {
        if is_sound(&secrets, &headers, &body) { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    };
    Router::new().route("/webhook", post(sound)).with_state(Arc::new(secrets()))
}

type Line = (Bytes, oneshot::Sender<()>);

/// Verifies, reads, appends what came to a file, syncs it with whatever else waits, and answers.
fn bare_log(folder: &Path) -> Router {
    let mut log = File::create(folder.join("log")).unwrap();
    let (sender, lines) = mpsc::channel::<Line>();
    thread::spawn(move || {
        while let Ok(first) = lines.recv() {
            let group: Vec<Line> = std::iter::once(first).chain(lines.try_iter().take(1_023)).collect();
            let bytes: Vec<u8> = group.iter().flat_map(|(line, _)| line.iter().copied()).collect();
            log.write_all(&bytes).unwrap();
            log.sync_data().unwrap();
            for (_, answer) in group {
                let _ = answer.send(());
            }
        }
    });
    let logs = async |State((secrets, log)): State<(Secrets, mpsc::Sender<Line>)>,
                      headers: HeaderMap,
                      body: Bytes| {
        if !is_sound(&secrets, &headers, &body) {
            return StatusCode::UNAUTHORIZED;
        }
        let (answer, answered) = oneshot::channel();
        log.send((body, answer)).unwrap();
        answered.await.unwrap();
        StatusCode::OK
    };
    Router::new().route("/webhook", post(logs)).with_state((Arc::new(secrets()), sender))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[tokio::main]
async fn main() {
    no_real_line().unwrap();
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir_in(&arguments.folder).unwrap();
    let sled =
        |name: &str| -> Arc<dyn Store> { Arc::new(SledStore::open(folder.path().join(name)).unwrap()) };
    let mut servers = vec![
        Server::served("answers, stores nothing", Says::Sticker, answers()).await,
        Server::served("bare log", Says::Sticker, bare_log(folder.path())).await,
        Server::bot("bot on sled", Says::Sticker, sled("stickers")).await,
        Server::bot("bot on sled, texts", Says::Text, sled("texts")).await,
    ];
    let schema = arguments.postgres.map(Schema::on);
    if let Some(schema) = &schema {
        let store = Arc::new(schema.store().await);
        servers.push(Server::bot("bot on PostgreSQL", Says::Sticker, store).await);
    }
    if let Some(port) = arguments.other {
        servers.push(Server { name: "the other server", port, says: Says::Sticker });
    }
    let first = u64::try_from(Timestamp::now().as_millisecond()).unwrap() * 1_000_000;
    let numbers = Arc::new(AtomicU64::new(first));
    let round = Duration::from_secs(arguments.seconds);
    for in_flight in IN_FLIGHT {
        let mut rates = vec![Vec::new(); servers.len()];
        for _ in 0..arguments.rounds {
            for (server, rates) in servers.iter().zip(&mut rates) {
                let pace = server.pace(in_flight, round, &numbers).await;
                println!("{:<24} {in_flight:>4} in flight: {pace}", server.name);
                rates.push(pace.per_second);
            }
        }
        let beside = |number: usize, other: usize| {
            median(rates[number].iter().zip(&rates[other]).map(|(rate, other)| rate / other).collect())
        };
        for (number, server) in servers.iter().enumerate().skip(1) {
            println!(
                "{:<24} {in_flight:>4} in flight: {:.2} of answering alone, {:.2} of the bare log",
                server.name,
                beside(number, 0),
                beside(number, 1)
            );
        }
    }
}
