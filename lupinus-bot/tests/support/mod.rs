//! A town to test in: a centre on a memory store, a bot, and LINE played by the emulator.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::sync::Arc;

use jiff::{Timestamp, civil::date, tz::TimeZone};
use lupinus_bot::{Blobs, Bot, Settings, Texts};
use lupinus_core::{
    actor::Role,
    body::Body,
    choices::Areas,
    clock::ManualClock,
    ids::{BodyId, SeededIds, StaffId},
    member::{Area, Member},
    outbox::OutboxItem,
    policy::Policy,
    screening::{NoTextReader, Screen, TextReader},
    service::{By, Centre},
    staff::{PasswordHash, Staff},
    store::{Batch, Entity, EntityBatch, Kind, MemoryStore, Scan, Store, StoreExt},
};
use lupinus_emulator::{Author, Emulator};
use lupinus_line::client::{Pacing, Retry};
use lupinus_line::{ChannelSecret, Client};
use serde_json::Value;
use uuid::Uuid;

pub(crate) struct Town {
    pub(crate) blobs: Blobs,
    pub(crate) line: Emulator,
    pub(crate) bot: Bot,
    pub(crate) centre: Centre,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: String,
    pub(crate) body: BodyId,
    pub(crate) checker: StaffId,
    pub(crate) approver: StaffId,
    pub(crate) consultant: StaffId,
    pub(crate) administrator: StaffId,
    /// A second one who answers.
    pub(crate) colleague: StaffId,
}

/// This hour in Japan.
pub(crate) fn local(year: i16, month: i8, day: i8, hour: i8) -> Timestamp {
    TimeZone::get("Asia/Tokyo").unwrap().to_timestamp(date(year, month, day).at(hour, 0, 0, 0)).unwrap()
}

/// A Thursday, ten in the morning: the centre is open.
pub(crate) fn thursday() -> Timestamp {
    local(2026, 10, 1, 10)
}

async fn bot(line: &Emulator, centre: Centre, texts: Texts, base: Option<&str>, blobs: Blobs) -> Bot {
    let client = Client::builder(lupinus_line::ChannelToken::from(line.channel_access_token()))
        .all_bases(line.url())
        .retry(Retry::never())
        .pacing(Pacing::off())
        .build()
        .unwrap();
    let secret = ChannelSecret::from(line.channel_secret());
    Bot::builder(centre, client, vec![secret])
        .settings(Settings {
            centre_name: "試験センター".to_owned(),
            public_base: base.map(str::to_owned),
            console: Some("https://console.example.jp/console".to_owned()),
            ..Settings::default()
        })
        .texts(texts)
        .blobs(Arc::new(blobs))
        .build()
        .await
        .unwrap()
}

impl Town {
    pub(crate) async fn new() -> Self {
        Self::on(Arc::new(MemoryStore::new())).await
    }

    pub(crate) async fn speaking(texts: Texts) -> Self {
        Self::with(Arc::new(MemoryStore::new()), texts, Some("https://bot.example.jp")).await
    }

    pub(crate) async fn on(store: Arc<dyn Store>) -> Self {
        Self::with(store, Texts::japanese(), Some("https://bot.example.jp")).await
    }

    /// Another bot of this town, over the same records.
    pub(crate) async fn another_bot(&self, store: Arc<dyn Store>) -> Bot {
        let ids = Arc::new(SeededIds::new(8));
        let centre =
            Centre::new(store, self.clock.clone(), ids, Screen::default(), self.centre.policy().clone());
        bot(&self.line, centre, Texts::japanese(), Some("https://bot.example.jp"), self.blobs.clone()).await
    }

    /// A town whose bot has no address from outside, or this one.
    pub(crate) async fn at(base: Option<&str>) -> Self {
        Self::with(Arc::new(MemoryStore::new()), Texts::japanese(), base).await
    }

    async fn with(store: Arc<dyn Store>, texts: Texts, base: Option<&str>) -> Self {
        Self::whole(store, texts, base, Arc::new(NoTextReader), Policy::default()).await
    }

    /// A town in which the text of files is read.
    pub(crate) async fn reading(reader: Arc<dyn TextReader>) -> Self {
        let store = Arc::new(MemoryStore::new());
        let base = Some("https://bot.example.jp");
        Self::whole(store, Texts::japanese(), base, reader, Policy::default()).await
    }

    /// A town with these rules.
    pub(crate) async fn under(policy: Policy) -> Self {
        let store = Arc::new(MemoryStore::new());
        let base = Some("https://bot.example.jp");
        Self::whole(store, Texts::japanese(), base, Arc::new(NoTextReader), policy).await
    }

    async fn whole(
        store: Arc<dyn Store>,
        texts: Texts,
        base: Option<&str>,
        reader: Arc<dyn TextReader>,
        mut policy: Policy,
    ) -> Self {
        let line = Emulator::start().await.unwrap();
        let clock = Arc::new(ManualClock::new(thursday()));
        let ids = Arc::new(SeededIds::new(7));
        policy.posts.serves_attachments = base.is_some();
        policy.areas = Areas::offering(["北部圏域", "南部圏域"].map(|area| Area(area.to_owned())).to_vec());
        let centre =
            Centre::new(store.clone(), clock.clone(), ids, Screen::default(), policy).reading_with(reader);
        let blobs = Blobs::in_memory();
        let bot = bot(&line, centre.clone(), texts, base, blobs.clone()).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = bot.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        line.set_webhook_url(format!("{url}/webhook"));

        let body = BodyId::from_uuid(Uuid::from_u128(1));
        let mut batch = Batch::new();
        batch.insert(&Body { id: body, name: "訪問看護連絡会".to_owned(), active: true }).unwrap();
        let staff = |number: u128, role| Staff {
            id: StaffId::from_uuid(Uuid::from_u128(number)),
            login: format!("staff{number}"),
            name: format!("職員{number}"),
            roles: [role].into_iter().collect(),
            active: true,
            password: PasswordHash::new("x"),
            second_factor: None,
            provider: None,
            failures: 0,
            locked_until: None,
            deputies: std::collections::BTreeSet::new(),
            created_at: thursday(),
        };
        let all = [
            staff(2, Role::Checker),
            staff(3, Role::Approver),
            staff(4, Role::Consultant),
            staff(5, Role::Administrator),
            staff(6, Role::Consultant),
        ];
        for staff in &all {
            batch.insert(staff).unwrap();
        }
        store.commit(batch).await.unwrap();
        let [checker, approver, consultant, administrator, colleague] = all.map(|staff| staff.id);
        Self {
            blobs,
            line,
            bot,
            centre,
            clock,
            store,
            url,
            body,
            checker,
            approver,
            consultant,
            administrator,
            colleague,
        }
    }

    /// Somebody who added the account.
    pub(crate) async fn friend(&self, name: &str) -> String {
        let user = self.line.create_user(name);
        self.line.follow(&user).await.unwrap();
        self.bot.drain().await.unwrap();
        user
    }

    /// Somebody who joined and answered no further question.
    pub(crate) async fn member(&self, name: &str) -> String {
        let user = self.friend(name).await;
        self.tap(&user, "rules/accept").await;
        self.tap(&user, "profile/done").await;
        user
    }

    /// A member who submits for the body.
    pub(crate) async fn submitter(&self, name: &str) -> String {
        let user = self.member(name).await;
        let (by, body) = (By::Staff(self.administrator), self.body);
        let (_, code) = self
            .centre
            .transact(|mut work| async move {
                let invited = work.invite(by, body).await?;
                work.done(invited)
            })
            .await
            .unwrap();
        self.say(&user, &format!("招待コード {}", code.reveal())).await;
        user
    }

    pub(crate) async fn say(&self, user: &str, text: &str) -> String {
        let message = self.line.say(user, text).await.unwrap();
        self.bot.drain().await.unwrap();
        message
    }

    pub(crate) async fn tap(&self, user: &str, data: &str) {
        self.line.postback(user, data).await.unwrap();
        self.bot.drain().await.unwrap();
    }

    /// What the bot sent to somebody, oldest first.
    pub(crate) fn told(&self, user: &str) -> Vec<Value> {
        let chat = self.line.messages(user);
        chat.into_iter()
            .filter(|message| message.from == Author::Bot)
            .map(|message| message.message)
            .collect()
    }

    /// The texts of the last `count` messages to somebody, in one.
    pub(crate) fn last(&self, user: &str, count: usize) -> String {
        let told = self.told(user);
        let from = told.len().saturating_sub(count);
        told[from..]
            .iter()
            .map(|message| {
                message["text"].as_str().or(message["altText"].as_str()).unwrap_or_default().to_owned()
            })
            .collect::<Vec<_>>()
            .join("\n----\n")
    }

    /// The labels that are offered under the last message to somebody.
    pub(crate) fn offered(&self, user: &str) -> Vec<String> {
        let told = self.told(user);
        let items = told.last().map(|message| message["quickReply"]["items"].clone()).unwrap_or_default();
        items
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| item["action"]["label"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    pub(crate) async fn member_of(&self, user: &str) -> Member {
        let contact = lupinus_core::ids::ContactId::new(user);
        self.centre.member_by_contact(&contact).await.unwrap().unwrap().value
    }

    /// Somebody sends something that is no text: `image`, `video`, `audio`, `file`.
    pub(crate) async fn send(&self, user: &str, kind: &str, name: &str, bytes: &[u8]) -> String {
        use base64::Engine as _;
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let message = serde_json::json!({ "type": kind, "content": content, "fileName": name,
            "contentType": "application/octet-stream" });
        let message = self.line.send_message(user, message).await.unwrap();
        self.bot.drain().await.unwrap();
        message
    }

    /// Makes the rules that somebody accepted the ones of former times.
    pub(crate) async fn accepted_older_rules(&self, user: &str) {
        let read = self.centre.member(self.member_of(user).await.id).await.unwrap();
        let mut older = read.value.clone();
        "0".clone_into(&mut older.consent.as_mut().unwrap().rules_version);
        let mut batch = Batch::new();
        batch.update(&older, read.version).unwrap();
        self.store.commit(batch).await.unwrap();
    }

    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        let all = self.store.all::<OutboxItem>(Scan::keys(OutboxItem::KIND), 10_000).await.unwrap();
        all.into_iter().map(|item| item.value).collect()
    }

    /// Every byte that the store holds of these kinds of records.
    pub(crate) async fn everything(&self) -> String {
        let mut all = String::new();
        for kind in [
            "inbox",
            "outbox",
            "dialogue",
            "member",
            "consultation",
            "post",
            "audit",
            "audit_tip",
            "staff",
            "body",
            "invitation",
            "delivery",
            "recipients",
            "menu_link",
            "code_failures",
            "link_key",
            "staff_link",
            "link_offer",
        ] {
            let mut scan = Scan::keys(Kind::from_name(kind)).limit(1_000);
            loop {
                let page = self.store.scan(&scan).await.unwrap();
                for record in page.records {
                    all.push_str(&record.body);
                    all.push_str(&serde_json::to_string(&record).unwrap());
                }
                match page.next {
                    Some(next) => scan = scan.after(Some(next)),
                    None => break,
                }
            }
        }
        all
    }
}
