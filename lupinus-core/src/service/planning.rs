//! What goes out when: planned and sent.

use jiff::Timestamp;

use super::{By, Centre, ServiceError};
use crate::{
    actor::Permission,
    delivery::Delivery,
    ids::PostId,
    outbox::{DeliveryKind, OutboxItem},
    post::Post,
    store::{Entity, RecordKey, Scan, StoreExt},
};

/// Most sendings that one look at a calendar shows of each sort.
pub const MAX_PLANNED: usize = 500;

/// What goes out, or went out, between two moments.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Posts that are scheduled, the earliest first.
    pub scheduled: Vec<Post>,
    /// Deliveries with their posts, the earliest first.
    pub sent: Vec<(Delivery, Post)>,
}

impl Centre {
    /// What is to go out from `from` on and before `to`, and what has begun to.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not see posts of every body (R24); [`ServiceError::Store`].
    pub async fn plan(&self, by: By, from: Timestamp, to: Timestamp) -> Result<Plan, ServiceError> {
        if !self.actor(by).await?.may(Permission::ReadPosts) {
            return Err(ServiceError::NotAllowed);
        }
        let within =
            |scan: Scan| scan.between(OutboxItem::stamp(from), OutboxItem::stamp(to)).limit(MAX_PLANNED);
        let scheduled = self.store.page::<Post>(&within(Scan::index(Post::KIND, "due"))).await?.items;
        let sent = self.store.page::<Delivery>(&within(Scan::index(Delivery::KIND, "started"))).await?.items;
        let key = |id: PostId| RecordKey::new(Post::KIND, id.to_string());
        let keys: Vec<RecordKey> = sent.iter().map(|delivery| key(delivery.value.post)).collect();
        let posts = self.store.load_many::<Post>(&keys).await?;
        let sent = sent.into_iter().zip(posts).filter_map(|(delivery, post)| {
            let (delivery, post) = (delivery.value, post?.value);
            (delivery.kind != DeliveryKind::Test || post.state.delivery() == Some(delivery.id))
                .then_some((delivery, post))
        });
        Ok(Plan { scheduled: scheduled.into_iter().map(|post| post.value).collect(), sent: sent.collect() })
    }
}
