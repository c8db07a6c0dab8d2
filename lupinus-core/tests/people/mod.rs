//! A centre in memory, with its clock, for the tests of the services for people.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use lupinus_core::{
    actor::{Role, Roles},
    audit::{AuditEntry, AuditTip, verify_chain},
    clock::ManualClock,
    consultation::{Command, Said},
    ids::{ConsultationId, ContactId, IdSource, MemberId, StaffId},
    member::Member,
    outbox::{Addressee, Message, OutboxItem, Recipient, ReplyToken},
    policy::Policy,
    screening::Screen,
    service::{Asked, By, Centre, Handled, NewStaff, ProfileChange, ServiceError, SoleAdministrator},
    staff::{PasswordHash, Staff},
    store::{Entity, Kind, MemoryStore, RecordKey, Scan, Store, StoreExt},
};
use uuid::Uuid;

/// Ids in the order they are asked for.
#[derive(Debug, Default)]
pub(crate) struct CountingIds(AtomicU64);

impl CountingIds {
    /// From this number on, for a centre that goes on where another one was.
    pub(crate) fn from(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }
}

impl IdSource for CountingIds {
    fn uuid(&self, _now: Timestamp) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }

    fn secret(&self) -> [u8; 32] {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let mut secret = [0; 32];
        for (place, byte) in secret.iter_mut().enumerate() {
            *byte = u8::try_from((number * 31 + place as u64 * 7) % 251).unwrap();
        }
        secret
    }
}

pub(crate) struct Town {
    pub(crate) centre: Centre,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: MemoryStore,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn roles(of: &[Role]) -> Roles {
    of.iter().copied().collect()
}

impl Town {
    /// A centre on a Monday at 10:00, under these rules.
    pub(crate) fn with(policy: Policy) -> Self {
        let clock = Arc::new(ManualClock::new(at("2026-10-05T10:00:00+09:00")));
        let store = MemoryStore::new();
        let ids = Arc::new(CountingIds::default());
        let centre = Centre::new(Arc::new(store.clone()), clock.clone(), ids, Screen::default(), policy);
        Self { centre, clock, store }
    }

    pub(crate) fn new() -> Self {
        Self::with(Policy::default())
    }

    pub(crate) async fn administrator(&self) -> StaffId {
        let account = account("admin", &[Role::Administrator]);
        let made = self.centre.transact(|mut work| {
            let account = account.clone();
            async move {
                let staff = work.create_first_administrator(account).await?;
                work.done(staff.id)
            }
        });
        made.await.unwrap()
    }

    pub(crate) async fn staff(&self, by: StaffId, login: &str, of: &[Role]) -> StaffId {
        let account = account(login, of);
        let made = self.centre.transact(|mut work| {
            let account = account.clone();
            async move {
                let staff = work.create_staff(By::Staff(by), account).await?;
                work.done(staff.id)
            }
        });
        made.await.unwrap()
    }

    /// Somebody who added the account and accepted the rules.
    pub(crate) async fn member(&self, address: &str) -> MemberId {
        let member = self.follow(address).await.id;
        self.accept(member).await.unwrap();
        member
    }

    pub(crate) async fn follow(&self, address: &str) -> Member {
        let contact = ContactId::new(address);
        let done = self.centre.transact(|mut work| {
            let contact = contact.clone();
            async move {
                let member = work.follow(&contact).await?;
                work.done(member)
            }
        });
        done.await.unwrap()
    }

    pub(crate) async fn unfollow(&self, address: &str) -> Option<MemberId> {
        let contact = ContactId::new(address);
        let done = self.centre.transact(|mut work| {
            let contact = contact.clone();
            async move {
                let member = work.unfollow(&contact).await?;
                work.done(member)
            }
        });
        done.await.unwrap()
    }

    pub(crate) async fn accept(&self, member: MemberId) -> Result<Member, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let member = work.accept_rules(By::Member(member)).await?;
            work.done(member)
        });
        done.await
    }

    pub(crate) async fn profile(
        &self,
        member: MemberId,
        changes: &[ProfileChange],
    ) -> Result<Member, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let member = work.update_profile(By::Member(member), changes).await?;
            work.done(member)
        });
        done.await
    }

    pub(crate) async fn ask(
        &self,
        member: MemberId,
        text: &str,
        message: &str,
    ) -> Result<Asked, ServiceError> {
        let said = Said {
            text: text.to_owned(),
            masked: Vec::new(),
            channel_message: Some(message.to_owned()),
            topic: None,
        };
        let recipient = self.reply_to(member).await;
        let done = self.centre.transact(|mut work| {
            let (said, recipient) = (said.clone(), recipient.clone());
            async move {
                let asked = work.ask(By::Member(member), said, recipient).await?;
                work.done(asked)
            }
        });
        done.await
    }

    pub(crate) async fn reply_to(&self, member: MemberId) -> Recipient {
        let contact = self.centre.member(member).await.unwrap().value.contact;
        Recipient::Reply {
            token: ReplyToken::new("token"),
            until: self.centre.now() + std::time::Duration::from_mins(1),
            to: Addressee { member, contact },
        }
    }

    pub(crate) async fn command(
        &self,
        by: By,
        id: ConsultationId,
        command: Command,
    ) -> Result<Handled, ServiceError> {
        let done = self.centre.transact(|mut work| {
            let command = command.clone();
            async move {
                let handled = work.consultation_command(by, id, command).await?;
                work.done(handled)
            }
        });
        done.await
    }

    pub(crate) async fn answer(&self, by: StaffId, id: ConsultationId, text: &str) -> Handled {
        self.command(By::Staff(by), id, Command::Take).await.unwrap();
        self.command(By::Staff(by), id, Command::Answer { text: text.to_owned() }).await.unwrap()
    }

    pub(crate) async fn roles(
        &self,
        by: StaffId,
        id: StaffId,
        of: &[Role],
        sole: SoleAdministrator,
    ) -> Result<(Staff, usize), ServiceError> {
        let roles = roles(of);
        let done = self.centre.transact(|mut work| {
            let roles = roles.clone();
            async move {
                let changed = work.change_roles(By::Staff(by), id, roles, sole).await?;
                work.done((changed.staff, changed.administrators))
            }
        });
        done.await
    }

    /// Everything in the outbox, in the order it was made.
    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        let mut items: Vec<OutboxItem> = self
            .store
            .all(Scan::keys(OutboxItem::KIND), 10_000)
            .await
            .unwrap()
            .into_iter()
            .map(|stored| stored.value)
            .collect();
        items.sort_by_key(|item| item.id);
        items
    }

    /// What was said to somebody, in order.
    pub(crate) async fn said_to(&self, member: MemberId) -> Vec<Message> {
        let items = self.outbox().await;
        items
            .into_iter()
            .filter(|item| item.addressees().iter().any(|to| to.member == member))
            .flat_map(|item| item.messages)
            .collect()
    }

    /// The trail's entries, one subject after the other, each chain verified.
    pub(crate) async fn trail(&self) -> Vec<AuditEntry> {
        let mut all = Vec::new();
        for tip in self.store.all::<AuditTip>(Scan::keys(AuditTip::KIND), 10_000).await.unwrap() {
            let scan = Scan::keys(AuditEntry::KIND).prefix(format!("{}#", tip.value.subject.as_str()));
            let chain: Vec<AuditEntry> =
                self.store.all(scan, 10_000).await.unwrap().into_iter().map(|entry| entry.value).collect();
            verify_chain(&tip.value, &chain).unwrap();
            all.extend(chain);
        }
        all
    }

    pub(crate) async fn actions(&self) -> Vec<String> {
        self.trail().await.into_iter().map(|entry| entry.action).collect()
    }

    /// Whether any record, its key or its index entries hold these words.
    pub(crate) async fn holds(&self, words: &str) -> bool {
        for kind in self.store.kinds().await.unwrap() {
            let mut scan = Scan::keys(Kind::from_name(kind.as_str().to_owned())).limit(1_000);
            loop {
                let page = self.store.scan(&scan).await.unwrap();
                for record in page.records {
                    if serde_json::to_string(&record).unwrap().contains(words) || record.body.contains(words)
                    {
                        return true;
                    }
                }
                match page.next {
                    Some(next) => scan.after = Some(next),
                    None => break,
                }
            }
        }
        false
    }

    pub(crate) async fn version_of<T: Entity>(&self, key: &str) -> u64 {
        let record = self.store.get(&RecordKey::new(T::KIND, key)).await.unwrap().unwrap();
        record.version.number()
    }
}

pub(crate) fn account(login: &str, of: &[Role]) -> NewStaff {
    NewStaff {
        login: login.to_owned(),
        name: format!("職員 {login}"),
        roles: roles(of),
        password: PasswordHash::new("$argon2id$fixed"),
    }
}
