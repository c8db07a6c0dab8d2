//! Consultations that somebody looks for.

use crate::{
    consultation::{Consultation, ConsultationQuery},
    service::{By, Centre, ServiceError},
    store::{Cursor, Entity, Scan, StoreExt, Stored},
};

/// Most consultations that one question looks at; whoever wants more goes on from there.
pub const MAX_CONSULTATIONS_LOOKED_AT: usize = 1_000;
/// How many are read at a time.
const AT_A_TIME: usize = 100;

/// What was found, the latest first.
#[derive(Clone, Debug)]
pub struct ConsultationsFound {
    /// The consultations.
    pub items: Vec<Stored<Consultation>>,
    /// Where to go on; `None` when there are no more. There may be more although nothing was found:
    /// [`MAX_CONSULTATIONS_LOOKED_AT`].
    pub next: Option<Cursor>,
}

impl Centre {
    /// The consultations that fit, at most `limit`, by when they were opened. Nothing is indexed by its words: they are read one after the
    /// other, at most [`MAX_CONSULTATIONS_LOOKED_AT`] a question.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not read consultations (R24); [`ServiceError::Store`].
    pub async fn find_consultations(
        &self,
        by: By,
        query: &ConsultationQuery,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<ConsultationsFound, ServiceError> {
        self.may_read_consultations(by).await?;
        let scan = Scan::index(Consultation::KIND, "opened").backwards().after(after);
        let mut scan = scan.limit(AT_A_TIME);
        let (mut items, mut looked_at) = (Vec::new(), 0);
        loop {
            let page = self.store.page::<Consultation>(&scan).await?;
            let (read, mut at) = (page.items.len(), 0);
            for found in page.items {
                at += 1;
                if !query.fits(&found.value) {
                    continue;
                }
                let here =
                    Cursor { value: Consultation::stamp(found.value.opened_at), key: found.value.key() };
                items.push(found);
                if items.len() >= limit {
                    let more = at < read || page.next.is_some();
                    return Ok(ConsultationsFound { items, next: more.then_some(here) });
                }
            }
            looked_at += read;
            if page.next.is_none() || looked_at >= MAX_CONSULTATIONS_LOOKED_AT {
                return Ok(ConsultationsFound { items, next: page.next });
            }
            scan.after = page.next;
        }
    }
}
