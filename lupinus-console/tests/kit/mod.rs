//! A console over a centre in memory, and browsers that walk through it.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod authenticator;
pub(crate) mod provider;
pub(crate) mod says;
pub(crate) mod world;

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
};
use lupinus_console::{Console, ConsoleBuilder, Environment, create_first_administrator, hash_password};
use lupinus_core::{
    actor::{Role, Roles, Who},
    audience::Audience,
    blob::{Blob, BlobError},
    clock::ManualClock,
    consultation::{self, Said, Topic},
    faq,
    hash::Sha256Hash,
    ids::{BodyId, ConsultationId, ContactId, FaqId, MemberId, PostId, SeededIds, StaffId},
    launch::Launch,
    outbox::{Addressee, Channel, OutboxItem, Quota, Recipient, SendOutcome},
    policy::Policy,
    post::{Category, Command, Content, EventDetails, Post, Urgency, Venue},
    screening::{self, Screen},
    service::{By, Centre, Draft, NewStaff, ServiceError, Vetting},
    store::{MemoryStore, StoreExt},
};
use tower::ServiceExt;

tokio::task_local! {
    /// What the browsers of a test ask for as their language; nothing where it does not say.
    pub(crate) static READ_IN: &'static str;
}

/// Every account of the tests has it: hashing takes its time.
pub(crate) const PASSWORD: &str = "ただしい馬の電池のホチキス";

/// A channel that knows its quota and sends nothing.
#[derive(Debug)]
pub(crate) struct QuotaOnly(pub(crate) Quota);

#[async_trait::async_trait]
impl Channel for QuotaOnly {
    async fn send(&self, _: &OutboxItem, _: Option<&Post>, _: jiff::Timestamp) -> SendOutcome {
        SendOutcome::Unrenderable { message: "not a channel".to_owned() }
    }

    async fn quota(&self) -> Option<Quota> {
        Some(self.0)
    }
}

/// Files in memory.
#[derive(Debug, Default)]
pub(crate) struct Blobs(Mutex<HashMap<Sha256Hash, bytes::Bytes>>);

#[async_trait::async_trait]
impl Blob for Blobs {
    async fn put(&self, bytes: bytes::Bytes) -> Result<Sha256Hash, BlobError> {
        let hash = Sha256Hash::of(&bytes);
        self.0.lock().unwrap().insert(hash, bytes);
        Ok(hash)
    }

    async fn get(&self, hash: Sha256Hash) -> Result<Option<bytes::Bytes>, BlobError> {
        Ok(self.0.lock().unwrap().get(&hash).cloned())
    }

    async fn delete(&self, hash: Sha256Hash) -> Result<(), BlobError> {
        self.0.lock().unwrap().remove(&hash);
        Ok(())
    }

    async fn kept_for(&self, _: std::time::Duration) -> Result<Vec<Sha256Hash>, BlobError> {
        Ok(self.0.lock().unwrap().keys().copied().collect())
    }
}

pub(crate) struct City {
    pub(crate) centre: Centre,
    pub(crate) store: MemoryStore,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) console: Console,
    pub(crate) administrator: StaffId,
    hash: lupinus_core::staff::PasswordHash,
}

pub(crate) fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

impl City {
    /// A Monday at 10:00.
    pub(crate) async fn new() -> Self {
        Self::with(Policy::default(), |console| console).await
    }

    pub(crate) async fn with(policy: Policy, set: impl FnOnce(ConsoleBuilder) -> ConsoleBuilder) -> Self {
        let clock = Arc::new(ManualClock::new(at("2026-10-05T10:00:00+09:00")));
        let store = MemoryStore::new();
        let ids = Arc::new(SeededIds::new(1));
        let centre = Centre::new(Arc::new(store.clone()), clock.clone(), ids, Screen::default(), policy);
        let quota = Quota { limit: Some(200), used: 61 };
        let builder = Console::builder(centre.clone())
            .city("ルピナス市")
            .account("ルピナスセンター")
            .environment(Environment::Test)
            .stream_life(Duration::from_millis(20))
            .channel(Arc::new(QuotaOnly(quota)))
            .texts(Arc::new(says::Says));
        let console = set(builder).build();
        let hash = hash_password(PASSWORD).await.unwrap();
        let first = create_first_administrator(&centre, "admin", "管理 花子", PASSWORD).await.unwrap();
        Self { centre, store, clock, console, administrator: first.id, hash }
    }

    /// Has the text of files read from now on.
    pub(crate) fn read_files_with(
        &mut self,
        reader: Arc<dyn screening::TextReader>,
        set: impl FnOnce(ConsoleBuilder) -> ConsoleBuilder,
    ) {
        self.centre = self.centre.clone().reading_with(reader);
        self.console = set(Console::builder(self.centre.clone())).build();
    }

    pub(crate) async fn staff(&self, login: &str, name: &str, of: &[Role]) -> StaffId {
        let roles: Roles = of.iter().copied().collect();
        let account =
            NewStaff { login: login.to_owned(), name: name.to_owned(), roles, password: self.hash.clone() };
        let by = By::Staff(self.administrator);
        let made = self.centre.transact(|mut work| {
            let account = account.clone();
            async move {
                let staff = work.create_staff(by, account).await?;
                work.done(staff.id)
            }
        });
        made.await.unwrap()
    }

    /// A browser at whose desk this account is signed in.
    pub(crate) async fn desk(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.sign_in(login, PASSWORD).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login} could not sign in");
        browser
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.console)
    }

    /// A registered member.
    pub(crate) async fn member(&self, address: &str) -> MemberId {
        let contact = ContactId::new(address);
        let made = self.centre.transact(|mut work| {
            let contact = contact.clone();
            async move {
                let member = work.follow(&contact).await?;
                work.done(member.id)
            }
        });
        let id = made.await.unwrap();
        let accepted = self.centre.transact(|mut work| async move {
            work.accept_rules(By::Member(id)).await?;
            work.done(())
        });
        accepted.await.unwrap();
        id
    }

    /// One of the staff with a LINE account at this address.
    pub(crate) async fn link(&self, staff: StaffId, address: &str) -> MemberId {
        let member = self.member(address).await;
        let offered = self.centre.transact(|mut work| async move {
            let (_, code) = work.offer_link(By::Staff(staff)).await?;
            work.done(code)
        });
        let code = &offered.await.unwrap();
        let taken = self.centre.transact(|mut work| async move {
            work.redeem_code(By::Member(member), code).await?;
            work.done(())
        });
        taken.await.unwrap();
        member
    }

    /// The centre is in trial, or live.
    pub(crate) async fn put(&self, launch: &Launch) {
        let read = self.centre.store().load::<Launch>(Launch::KEY).await.unwrap();
        let read = &read;
        let put = self.centre.transact(|mut work| async move {
            match read {
                Some(read) => work.update(read, launch)?,
                None => work.insert(launch)?,
            }
            work.done(())
        });
        put.await.unwrap();
    }

    /// A test of an approved post to its author, who has a LINE account for it.
    pub(crate) async fn tested(&self, post: PostId) {
        let author = self.centre.post(post).await.unwrap().value.author;
        let Who::Staff(author) = author else { panic!("{author:?}") };
        self.link(author, "Utester").await;
        let to = &std::iter::once(author).collect();
        let sent = self.centre.transact(|mut work| async move {
            work.send_test(By::Staff(author), post, 1, to).await?;
            work.done(())
        });
        sent.await.unwrap();
    }

    pub(crate) async fn body(&self, name: &str) -> BodyId {
        let by = By::Staff(self.administrator);
        let made = self.centre.transact(|mut work| async move {
            let body = work.create_body(by, name).await?;
            work.done(body.id)
        });
        made.await.unwrap()
    }

    /// A post that staff-a wrote and staff-b has approved.
    pub(crate) async fn approved(&self) -> PostId {
        let author = self.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
        let approver = self.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
        let post = self.submitted(author, training("口腔ケア研修")).await;
        self.post_command(By::Staff(author), post, Command::Take).await.unwrap();
        let approve = Command::Approve { revision: 1, confirmed: false };
        self.post_command(By::Staff(approver), post, approve).await.unwrap();
        post
    }

    /// Sends a post that is approved, to everybody, now.
    pub(crate) async fn sent(&self, by: StaffId, post: PostId) {
        let schedule = Command::Schedule { at: self.centre.now(), audience: Audience::Members };
        self.post_command(By::Staff(by), post, schedule).await.unwrap();
        self.centre.start_due_posts().await.unwrap();
        for leased in self.centre.lease_due(100).await.unwrap() {
            if leased.post.as_ref().is_some_and(|carried| carried.id == post) {
                self.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
            }
        }
    }

    /// A post that was withdrawn and a consultation that was resolved, both in the fiscal year 2026; and then years go by.
    pub(crate) async fn years_later(&self) -> (PostId, ConsultationId) {
        let author = self.staff("earlier", "以前 一郎", &[Role::Checker, Role::Consultant]).await;
        let post = self.submitted(author, training("取りやめる研修")).await;
        let reason = "中止になりました。".to_owned();
        self.post_command(By::Staff(author), post, Command::Withdraw { reason }).await.unwrap();
        let member = self.member("Uearlier").await;
        let asked = self.asks(member, "吸引器を借りられる所を知りたいです。").await;
        for command in [consultation::Command::Take, consultation::Command::Resolve] {
            let command = &command;
            let done = self.centre.transact(|mut work| async move {
                work.consultation_command(By::Staff(author), asked, command.clone()).await?;
                work.done(())
            });
            done.await.unwrap();
        }
        loop {
            let due = self.centre.lease_due(100).await.unwrap();
            if due.is_empty() {
                break;
            }
            for leased in due {
                self.centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await.unwrap();
            }
        }
        self.clock.set(at("2032-04-05T10:00:00+09:00"));
        while self.centre.sweep_outbox().await.unwrap() > 0 {}
        (post, asked)
    }

    pub(crate) async fn submitted(&self, by: StaffId, content: Content) -> PostId {
        self.submitted_as(by, content, Urgency::Normal).await
    }

    pub(crate) async fn submitted_as(&self, by: StaffId, content: Content, urgency: Urgency) -> PostId {
        let made = self.centre.transact(|mut work| {
            let draft = Draft { content: content.clone(), urgency, audience: Audience::Members, body: None };
            async move {
                let post = work.draft_and_submit(By::Staff(by), draft).await?;
                work.done(post.id)
            }
        });
        made.await.unwrap()
    }

    pub(crate) async fn post_command(
        &self,
        by: By,
        id: PostId,
        command: Command,
    ) -> Result<Post, ServiceError> {
        let made = self.centre.transact(|mut work| {
            let command = command.clone();
            async move {
                let post = work.post_command(by, id, command).await?;
                work.done(post)
            }
        });
        made.await
    }

    /// A member's question, screened and masked as the bot does it.
    pub(crate) async fn asks(&self, member: MemberId, text: &str) -> ConsultationId {
        let screened = self.centre.screen().check(text, screening::Context::Consultation);
        let masked = screened
            .marks
            .iter()
            .filter(|mark| mark.action == screening::Action::Block)
            .map(|mark| mark.kind)
            .collect();
        let said = Said { text: screened.into_masked(), masked, channel_message: None, topic: None };
        let contact = self.centre.member(member).await.unwrap().value.contact;
        let made = self.centre.transact(|mut work| {
            let (said, contact) = (said.clone(), contact.clone());
            async move {
                let to = Recipient::Person(Addressee { member, contact });
                let asked = work.ask(By::Member(member), said, to).await?;
                work.done(asked.consultation)
            }
        });
        made.await.unwrap()
    }

    /// One of the staff answers it.
    pub(crate) async fn answered(&self, by: StaffId, id: ConsultationId, text: &str) {
        for command in [consultation::Command::Take, consultation::Command::Answer { text: text.to_owned() }]
        {
            let command = &command;
            let done = self.centre.transact(|mut work| async move {
                work.consultation_command(By::Staff(by), id, command.clone()).await?;
                work.done(())
            });
            done.await.unwrap();
        }
    }

    /// One of the staff drafts a frequently asked question from it.
    pub(crate) async fn faq(&self, by: StaffId, of: ConsultationId, question: &str) -> FaqId {
        let words = &faq::Words {
            question: question.to_owned(),
            answer: "市の福祉用具の窓口で借りられます。".to_owned(),
            topic: Topic::RehabEquipment,
        };
        let (_, seen) = self.centre.suggested_faq(By::Staff(by), of).await.unwrap();
        let drafted = self.centre.transact(|mut work| async move {
            let entry = work.draft_faq(By::Staff(by), of, words, seen, &Vetting::default()).await?;
            work.done(entry.id)
        });
        drafted.await.unwrap()
    }
}

/// A training that can be handed in as it is.
pub(crate) fn training(title: &str) -> Content {
    Content {
        category: Category::Training,
        title: title.to_owned(),
        body: "在宅での口腔ケアについて、実技を交えて学びます。".to_owned(),
        event: Some(EventDetails {
            date: "2026-10-20".parse().unwrap(),
            starts: Some("18:30".parse().unwrap()),
            ends: Some("20:00".parse().unwrap()),
            venue: Some(Venue::Place("市民会館 大会議室".to_owned())),
            capacity: Some(30),
            apply_by: Some("2026-10-15".parse().unwrap()),
            fee: Some("無料".to_owned()),
            contact: None,
            hosts: None,
        }),
        attachments: Vec::new(),
        link: None,
        expires_at: None,
        sender: None,
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands in the first hidden field of this name.
    pub(crate) fn value_of(&self, name: &str) -> String {
        value_after(&self.text, &format!("name=\"{name}\" value=\"")).unwrap()
    }

    /// The token of the page's forms.
    pub(crate) fn csrf(&self) -> String {
        value_after(&self.text, "name=\"csrf\" value=\"").unwrap_or_default()
    }

    pub(crate) fn has(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}

fn value_after(text: &str, before: &str) -> Option<String> {
    let start = text.find(before)? + before.len();
    let end = text[start..].find('"')? + start;
    Some(text[start..end].to_owned())
}

/// Keeps cookies, and the token of the last page that had one.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Whom the program sees at the other end; nobody where a test does not say.
    pub(crate) peer: Option<IpAddr>,
}

impl Browser {
    /// A new one in front of this console.
    pub(crate) fn at(console: &Console) -> Self {
        let language = READ_IN.try_with(|language| ("accept-language", (*language).to_owned()));
        let headers = language.into_iter().collect();
        Self { app: console.mounted(), cookies: Vec::new(), headers, peer: None }
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Page {
        let cookie: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "console.test");
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie.join("; "));
        }
        if !media_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(SocketAddr::new(peer, 50_211)));
        }
        let response = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, rest) = set.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, &format!("/console{path}"), "", Vec::new()).await
    }

    /// Posts these fields and no other.
    pub(crate) async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let body = form.finish().into_bytes();
        self.send(Method::POST, &format!("/console{path}"), "application/x-www-form-urlencoded", body).await
    }

    /// Posts these fields with the token of a page of ours.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get("/account").await.csrf();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all).await
    }

    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Page {
        let token = self.get("/sign-in").await.csrf();
        self.post_raw("/sign-in", &[("csrf", &token), ("login", login), ("password", password)]).await
    }
}

pub(crate) const MINUTE: Duration = Duration::from_mins(1);
