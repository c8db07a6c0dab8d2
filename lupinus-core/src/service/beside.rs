//! The posts that one stands beside.

use super::{By, Centre, ServiceError};
use crate::{
    actor::Permission,
    post::{Clash, Fingerprint, Post, PostState, SIMILAR_PERCENT, clash},
    store::{Entity, Scan, StoreExt},
};

/// How many posts one is compared with: those begun last.
pub const MAX_COMPARED: usize = 300;
/// Most that are named of each sort.
const NAMED: usize = 5;

/// What one post stands beside.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Posts that say nearly the same, with how much of 100; the most alike first.
    pub similar: Vec<(Post, u8)>,
    /// Events at the same time, the nearest first.
    pub clashes: Vec<(Post, Clash)>,
}

impl Centre {
    /// What `post` stands beside, among the last [`MAX_COMPARED`]: for whoever has to decide whether both go out.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not see posts of every body (R24); [`ServiceError::Store`].
    pub async fn beside(&self, by: By, post: &Post) -> Result<Beside, ServiceError> {
        if !self.actor(by).await?.may(Permission::ReadPosts) {
            return Err(ServiceError::NotAllowed);
        }
        let Some(content) = post.revision().map(|revision| &revision.content) else {
            return Ok(Beside::default());
        };
        let own = Fingerprint::of(content);
        let scan = Scan::keys(Post::KIND).backwards().limit(MAX_COMPARED);
        let mut beside = Beside::default();
        for other in self.store.page::<Post>(&scan).await?.items {
            let other = other.value;
            let counts =
                !matches!(other.state, PostState::Draft | PostState::Rejected | PostState::Withdrawn);
            // A correction is like what it corrects, and meant to be.
            let related =
                other.id == post.id || other.corrects == Some(post.id) || post.corrects == Some(other.id);
            let Some(theirs) = other.revision().map(|revision| &revision.content) else { continue };
            if !counts || related {
                continue;
            }
            let likeness = own.likeness(&Fingerprint::of(theirs));
            let near =
                content.event.as_ref().zip(theirs.event.as_ref()).and_then(|(own, other)| clash(own, other));
            if let Some(near) = near {
                beside.clashes.push((other.clone(), near));
            }
            if likeness >= SIMILAR_PERCENT {
                beside.similar.push((other, likeness));
            }
        }
        beside.similar.sort_by_key(|(_, likeness)| std::cmp::Reverse(*likeness));
        beside.clashes.sort_by_key(|(_, near)| *near);
        beside.similar.truncate(NAMED);
        beside.clashes.truncate(NAMED);
        Ok(beside)
    }
}
