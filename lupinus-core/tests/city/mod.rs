//! A city in memory with more members than fit one chunk, for the tests of posts and their sending.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::{collections::BTreeMap, sync::Arc};

use lupinus_core::{
    actor::{Actor, Role},
    audience::Audience,
    audit::{Act, Subject},
    body::Body,
    clock::ManualClock,
    ids::{BodyId, ContactId, MemberId, OutboxId, PostId, SeededIds, StaffId},
    member::{Consent, Member, Profession},
    outbox::{HoldReason, OutboxState, Recipient, SendOutcome},
    policy::Policy,
    post::{Command, Post, Urgency},
    screening::Screen,
    service::{By, Centre, Draft, Leased, ServiceError, Work},
    staff::{PasswordHash, Staff},
    store::{Entity, MemoryStore, Store},
};
use uuid::Uuid;

use crate::common::{content, local};

pub(crate) struct City {
    pub(crate) centre: Centre,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) secretary: MemberId,
    pub(crate) checker: StaffId,
    pub(crate) approver: StaffId,
    pub(crate) consultant: StaffId,
}

pub(crate) const MEMBERS: u128 = 1_203;

impl City {
    pub(crate) async fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new())).await
    }

    pub(crate) async fn over(store: Arc<dyn Store>) -> Self {
        Self::ruled(store, Policy::default()).await
    }

    pub(crate) async fn ruled(store: Arc<dyn Store>, policy: Policy) -> Self {
        let clock = Arc::new(ManualClock::new(local(2026, 10, 1, 10)));
        let ids = Arc::new(SeededIds::new(1));
        let centre = Centre::new(store, clock.clone(), ids, Screen::default(), policy);
        let body = BodyId::from_uuid(Uuid::from_u128(1));
        let at = centre.now();
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let id = MemberId::from_uuid(Uuid::from_u128(0x100 + number));
            let mut member = Member::new(id, ContactId::new(format!("U{number:032x}")), at);
            // The last three are friends of the account and have not accepted the rules.
            member.consent = (number < MEMBERS - 3).then(|| Consent { rules_version: "1".to_owned(), at });
            member.profession = (number % 4 == 0).then(|| Profession("Nurse".to_owned()));
            member.submits_for = (number == 0).then_some(body);
            members.push(member);
        }
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
            created_at: at,
        };
        let all = [staff(1, Role::Checker), staff(2, Role::Approver), staff(3, Role::Consultant)];
        let body = Body { id: body, name: "訪問看護連絡会".to_owned(), active: true };
        let (members, staff, body) = (&members, &all, &body);
        let settled = centre.transact(|mut work| async move {
            make(&mut work, body, "body.created").await?;
            for member in members {
                make(&mut work, member, "member.followed").await?;
            }
            for staff in staff {
                make(&mut work, staff, "staff.created").await?;
            }
            work.done(())
        });
        settled.await.unwrap();
        let secretary = MemberId::from_uuid(Uuid::from_u128(0x100));
        let [checker, approver, consultant] = all.map(|staff| staff.id);
        Self { centre, clock, secretary, checker, approver, consultant }
    }

    pub(crate) async fn submit(&self, title: &str) -> Result<Post, ServiceError> {
        let content = content(title);
        let draft = Draft { content, urgency: Urgency::Normal, audience: Audience::Members, body: None };
        let (draft, by) = (&draft, By::Member(self.secretary));
        let decide = |mut work: lupinus_core::service::Work| async move {
            let post = work.draft_and_submit(by, draft.clone()).await?;
            work.done(post)
        };
        self.centre.transact(decide).await
    }

    pub(crate) async fn command(&self, by: By, post: PostId, command: Command) -> Result<Post, ServiceError> {
        let command = &command;
        let decide = |mut work: lupinus_core::service::Work| async move {
            let post = work.post_command(by, post, command.clone()).await?;
            work.done(post)
        };
        self.centre.transact(decide).await
    }

    pub(crate) async fn approved(&self, title: &str) -> Post {
        let post = self.submit(title).await.unwrap();
        self.command(By::Staff(self.checker), post.id, Command::Take).await.unwrap();
        let approve = Command::Approve { revision: 1, confirmed: false };
        self.command(By::Staff(self.approver), post.id, approve).await.unwrap()
    }

    pub(crate) async fn sending(&self, post: PostId, audience: Audience) -> Post {
        let schedule = Command::Schedule { at: self.centre.now(), audience };
        self.command(By::Staff(self.approver), post, schedule).await.unwrap();
        assert_eq!(self.centre.start_due_posts().await.unwrap(), 1);
        self.centre.post(post).await.unwrap().value
    }

    /// Links one of the staff with the member of this number, by the code that they send in their own chat.
    pub(crate) async fn link(&self, staff: StaffId, number: u128) -> MemberId {
        let member = MemberId::from_uuid(Uuid::from_u128(0x100 + number));
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

    /// Sends everything that is due, as a channel does that accepts all. Answers who got how many posts.
    pub(crate) async fn accept_all(&self) -> BTreeMap<MemberId, u32> {
        let mut got = BTreeMap::new();
        loop {
            let leased = self.centre.lease_due(10).await.unwrap();
            if leased.is_empty() {
                return got;
            }
            for item in leased {
                if item.post.is_some() {
                    for member in Self::rung_by(&item) {
                        *got.entry(member).or_default() += 1;
                    }
                }
                self.settle(&item, accepted()).await;
            }
        }
    }

    /// Whose phones an item rings: for everyone, all of them.
    pub(crate) fn rung_by(item: &Leased) -> Vec<MemberId> {
        match &item.item.value.recipient {
            Recipient::Everyone => {
                (0..MEMBERS).map(|number| MemberId::from_uuid(Uuid::from_u128(0x100 + number))).collect()
            }
            _ => item.item.value.addressees().iter().map(|to| to.member).collect(),
        }
    }

    /// What waits for a person, and why.
    pub(crate) async fn held(&self) -> Vec<(OutboxId, HoldReason)> {
        let items = self.centre.outbox_attention(100).await.unwrap().into_iter();
        items
            .filter_map(|item| match item.value.state {
                OutboxState::Held { reason, .. } => Some((item.value.id, reason)),
                _ => None,
            })
            .collect()
    }

    /// Stops what is being sent.
    pub(crate) async fn stop(&self, post: PostId) -> usize {
        let by = By::Staff(self.approver);
        let stopped = self.centre.transact(|mut work| async move {
            let held = work.stop_sending(by, post).await?;
            work.done(held)
        });
        stopped.await.unwrap()
    }

    /// Lets a held item go.
    pub(crate) async fn release(&self, item: OutboxId) {
        let by = By::Staff(self.approver);
        let released = self.centre.transact(|mut work| async move {
            work.release_held(by, item).await?;
            work.done(())
        });
        released.await.unwrap();
    }

    /// Lets a held item never go.
    pub(crate) async fn drop_held(&self, item: OutboxId) {
        let by = By::Staff(self.approver);
        let dropped = self.centre.transact(|mut work| async move {
            work.drop_held(by, item).await?;
            work.done(())
        });
        dropped.await.unwrap();
    }

    pub(crate) async fn settle(&self, item: &Leased, outcome: SendOutcome) -> OutboxState {
        self.centre.settle(item, outcome).await.unwrap().state
    }
}

pub(crate) fn accepted() -> SendOutcome {
    SendOutcome::Accepted { request_id: Some("r".to_owned()) }
}

/// A record with the beginning of its trail.
async fn make<T: Entity>(work: &mut Work, value: &T, action: &'static str) -> Result<(), ServiceError> {
    work.insert(value)?;
    work.audit(Subject::new(&T::KIND, value.key()), &Actor::system(), Act::new(action)).await?;
    Ok(())
}
