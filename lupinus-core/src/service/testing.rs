//! Tests (試験): a post to named staff, marked. Nothing of the post changes, and no member is reached.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use serde_json::json;

use super::{By, Centre, ServiceError, Work, dispatch::Leased, sending::Beginning};
use crate::{
    audit::Act,
    delivery::{Delivery, GatePolicy, Ledger, Verdict, may_dispatch},
    ids::{DeliveryId, MemberId, PostId, StaffId},
    member::Member,
    outbox::{DeliveryKind, Found, Message, OutboxItem, Sort},
    post::{Post, PostState, Refusal},
    store::Stored,
};

impl Work {
    /// Sends the present revision of a post, marked as a test, to these of the staff: each is linked, reached on LINE, and may see
    /// posts of every body (R24). It asks for no approval and counts for nothing but the month's messages.
    ///
    /// # Errors
    /// [`ServiceError::Post`]: [`Refusal::NobodyTests`] when nobody is named, or somebody who cannot be reached, and those of
    /// [`Post::tested_revision`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn send_test(
        &mut self,
        by: By,
        id: PostId,
        seen: u32,
        to: &BTreeSet<StaffId>,
    ) -> Result<Delivery, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let post = centre.post(id).await?.value;
        let zone = centre.policy().hours.time_zone();
        let tested = post.tested_revision(seen, &actor, zone, self.now()).map_err(ServiceError::Post)?;
        let members: Vec<_> = centre
            .linked_staff()
            .await?
            .into_iter()
            .filter(|linked| linked.receives_tests() && to.contains(&linked.staff.id))
            .map(|linked| linked.member)
            .collect();
        if to.is_empty() || members.len() != to.len() {
            return Err(ServiceError::Post(Refusal::NobodyTests));
        }
        let delivery = DeliveryId::from_uuid(centre.ids.uuid(self.now()));
        let act = Act::new("post.tested").revision(seen).detail(json!({ "delivery": delivery, "to": to }));
        self.audit_post(&post, &actor, act).await?;
        let audience = post.audience.clone();
        let begun = Beginning { id: delivery, kind: DeliveryKind::Test, audience, members, everyone: false };
        self.put_delivery(&post, tested, begun)
    }
}

impl Centre {
    /// Takes a test past the gate: the revision is the one that was tested, approved or not, or that its post's own sending in trial
    /// carries; its people may receive it at this moment; what was sent before says nothing about it, nor does it about what is
    /// sent. A test that nobody would begin now, or that is left with nobody, is dropped.
    pub(super) async fn lease_test(
        &self,
        read: Stored<OutboxItem>,
        item: OutboxItem,
        post: Option<Post>,
        now: Timestamp,
    ) -> Result<Option<Leased>, ServiceError> {
        let policy = self.policy();
        let zone = policy.hours.time_zone();
        let tested = match post.as_ref().zip(carried_revision(&item)) {
            Some((post, _)) if is_sent_by(post, &item) => Some(post.approved_revision()),
            Some((post, number)) => post.testable(number, zone, now).ok().map(Some),
            None => None,
        };
        let Some(tested) = tested else {
            return self.record_dropped(&read, item.dropped(now), "over").await;
        };
        let stands = tested.filter(|tested| tested.content.hash() == tested.hash).map(|tested| tested.hash);
        let testers = policy.gate.testers.union(&self.testers().await?).copied().collect();
        let gate = GatePolicy { testers, ..policy.gate.clone() };
        let mut reached = self.following_of(&item).await?;
        reached.retain(|member| gate.testers.contains(member));
        let item = match item.only_to(&reached, now) {
            Found::Ready(item) => item,
            Found::Over(next) => return self.record_dropped(&read, next.dropped(now), "nobody").await,
        };
        let members: Vec<MemberId> = item.addressees().iter().map(|to| to.member).collect();
        let (none, hours, quiet) = (Ledger::default(), &policy.hours, policy.quiet.as_ref());
        let verdict = may_dispatch(&item, &members, stands, now, &none, &gate, hours, quiet);
        let next = item.after(verdict, now, &policy.retry);
        match verdict {
            Verdict::Go => self.take(&read, next, post, None, Vec::new()).await,
            _ => self.record_state(&read, next).await,
        }
    }

    /// The members who are staff and receive tests now: in trial every post goes to them, and to nobody else.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn testing_members(&self) -> Result<Vec<Member>, ServiceError> {
        let linked = self.linked_staff().await?.into_iter().filter(super::LinkedStaff::receives_tests);
        Ok(linked.map(|linked| linked.member).collect())
    }

    pub(super) async fn testers(&self) -> Result<HashSet<MemberId>, ServiceError> {
        Ok(self.testing_members().await?.into_iter().map(|member| member.id).collect())
    }
}

/// Whether an item is of the sending that this post is in now.
fn is_sent_by(post: &Post, item: &OutboxItem) -> bool {
    matches!(item.sort, Sort::Delivery { delivery, .. } if post.state == PostState::Sending { delivery })
}

/// The number of the revision that an item carries.
fn carried_revision(item: &OutboxItem) -> Option<u32> {
    item.messages.iter().find_map(|message| match message {
        Message::Post { revision, .. } => Some(*revision),
        _ => None,
    })
}
