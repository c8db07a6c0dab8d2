//! Posts that somebody looks for.

use super::{By, Centre, ServiceError};
use crate::{
    actor::Permission,
    post::{Post, PostQuery, Whose},
    store::{Cursor, Entity, Scan, StoreExt, Stored},
};

/// Most posts that one question looks at; whoever wants more goes on from there.
pub const MAX_LOOKED_AT: usize = 1_000;
/// How many are read at a time.
const AT_A_TIME: usize = 200;

/// What was found, the latest first.
#[derive(Clone, Debug)]
pub struct PostsFound {
    /// The posts.
    pub items: Vec<Stored<Post>>,
    /// Where to go on; `None` when there are no more. There may be more although nothing was found: [`MAX_LOOKED_AT`].
    pub next: Option<Cursor>,
}

impl Centre {
    /// The posts that fit, at most `limit`: within a state or a body by when they changed last, otherwise by when they were begun.
    /// Nothing is indexed by its words: posts are read one after the other, at most [`MAX_LOOKED_AT`] a question.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not see posts of every body (R24); [`ServiceError::Store`].
    pub async fn find_posts(
        &self,
        by: By,
        query: &PostQuery,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<PostsFound, ServiceError> {
        let actor = self.actor(by).await?;
        if !actor.may(Permission::ReadPosts) {
            return Err(ServiceError::NotAllowed);
        }
        let (index, prefix) = match (&query.state, query.whose) {
            (Some(state), _) => (Some("state"), format!("{state} ")),
            (None, Whose::Bodys(body)) => (Some("body"), format!("{body} ")),
            (None, _) => (None, String::new()),
        };
        let scan = index.map_or_else(|| Scan::keys(Post::KIND), |index| Scan::index(Post::KIND, index));
        let mut scan = scan.prefix(prefix).backwards().after(after).limit(AT_A_TIME);
        let zone = self.policy().hours.time_zone();
        let (mut items, mut looked_at) = (Vec::new(), 0);
        loop {
            let page = self.store.page::<Post>(&scan).await?;
            let (read, mut at) = (page.items.len(), 0);
            for post in page.items {
                at += 1;
                if !query.fits(&post.value, actor.who, zone) {
                    continue;
                }
                let here = cursor_at(&post.value, index);
                items.push(post);
                if items.len() >= limit {
                    let more = at < read || page.next.is_some();
                    return Ok(PostsFound { items, next: more.then_some(here) });
                }
            }
            looked_at += read;
            if page.next.is_none() || looked_at >= MAX_LOOKED_AT {
                return Ok(PostsFound { items, next: page.next });
            }
            scan.after = page.next;
        }
    }
}

/// Where a scan by this index, or by key, stands after this post.
fn cursor_at(post: &Post, index: Option<&str>) -> Cursor {
    let entry = post.indexes().into_iter().find(|entry| Some(entry.index.as_ref()) == index);
    Cursor { value: entry.map_or_else(String::new, |entry| entry.value), key: post.key() }
}
