//! Tests (試験): a post to named staff, marked. Nothing of the post changes, and no member is reached.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use serde_json::json;

use super::{By, Centre, ServiceError, Work, dispatch::Leased, sending::Beginning};
use crate::{
    audit::Act,
    delivery::{Delivery, GatePolicy, Ledger, Verdict, may_dispatch},
    hash::Sha256Hash,
    ids::{DeliveryId, MemberId, PostId, StaffId},
    outbox::{DeliveryKind, Message, OutboxItem},
    post::{Post, Refusal},
    store::Stored,
};

impl Work {
    /// Sends the present revision of a post, marked as a test, to these of the staff: each is linked, and reached on LINE. It asks
    /// for no approval and counts for nothing but the month's messages.
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
            .filter(|linked| linked.is_reached() && to.contains(&linked.staff.id))
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
    /// Takes a test past the gate: the revision is the one that was tested, approved or not; its people are linked at this moment;
    /// what was sent before says nothing about it, nor does it about what is sent.
    pub(super) async fn lease_test(
        &self,
        read: Stored<OutboxItem>,
        item: OutboxItem,
        post: Option<Post>,
        now: Timestamp,
    ) -> Result<Option<Leased>, ServiceError> {
        let policy = self.policy();
        let members: Vec<MemberId> = item.addressees().iter().map(|to| to.member).collect();
        let testers = policy.gate.testers.union(&self.testers().await?).copied().collect();
        let gate = GatePolicy { testers, ..policy.gate.clone() };
        let stands = post.as_ref().and_then(|post| hash_of_carried(&item, post));
        let (none, hours, quiet) = (Ledger::default(), &policy.hours, policy.quiet.as_ref());
        let verdict = may_dispatch(&item, &members, stands, now, &none, &gate, hours, quiet);
        let next = item.after(verdict, now, &policy.retry);
        match verdict {
            Verdict::Go => self.take(&read, next, post, None, Vec::new()).await,
            _ => self.record_state(&read, next).await,
        }
    }

    /// The members who are staff and can be reached: whom a test may go to.
    pub(super) async fn testers(&self) -> Result<HashSet<MemberId>, ServiceError> {
        let linked = self.linked_staff().await?.into_iter().filter(super::LinkedStaff::is_reached);
        Ok(linked.map(|linked| linked.member.id).collect())
    }
}

/// The hash of the revision that an item carries, as it stands in its post.
fn hash_of_carried(item: &OutboxItem, post: &Post) -> Option<Sha256Hash> {
    let revision = item.messages.iter().find_map(|message| match message {
        Message::Post { revision, .. } => Some(*revision),
        _ => None,
    })?;
    let stands = post.revision_number(revision)?;
    (stands.content.hash() == stands.hash).then_some(stands.hash)
}
