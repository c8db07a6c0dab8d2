//! What is read of consultations, and the lists of them.

use std::time::Duration;

use crate::{
    consultation::{Consultation, Reception},
    hash::Sha256Hash,
    ids::{ConsultationId, MemberId, StaffId},
    post::Post,
    service::{By, Centre, ServiceError},
    store::{Cursor, Entity, MAX_PAGE, Paged, Scan, StoreExt, Stored},
};

/// Which consultations a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsultationFilter {
    /// Those whose member waits for the centre, the longest wait first.
    Waiting,
    /// The unresolved ones in the hands of one of the staff, the longest wait first.
    Mine(StaffId),
    /// All unresolved ones, the oldest first.
    Unresolved,
    /// The resolved ones, the latest first.
    Resolved,
    /// All, the latest first.
    All,
}

/// How the consultations stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsultationFigures {
    /// How many members wait for the centre.
    pub waiting: u64,
    /// How many consultations are unresolved.
    pub unresolved: u64,
    /// How long the longest wait is, in opening hours; `None` when nobody waits.
    pub oldest_waiting: Option<Duration>,
}

/// How many posts are read at a time when files are looked for.
const FILES_PAGE: usize = 100;

impl Centre {
    /// One consultation, for those who may read consultations and for its own member.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also for another's to a member; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn consultation(
        &self,
        by: By,
        id: ConsultationId,
    ) -> Result<Stored<Consultation>, ServiceError> {
        if let By::Member(member) = by {
            let stored = self.load_consultation(id).await?;
            return if stored.value.member == member {
                Ok(stored)
            } else {
                Err(ServiceError::NotFound("consultation"))
            };
        }
        self.may_read_consultations(by).await?;
        self.load_consultation(id).await
    }

    /// One page of the staff's list, of 1 to [`MAX_PAGE`].
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not read consultations (R24); [`ServiceError::Store`].
    pub async fn consultations(
        &self,
        by: By,
        filter: ConsultationFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Consultation>, ServiceError> {
        use ConsultationFilter as F;
        self.may_read_consultations(by).await?;
        let scan = |index| Scan::index(Consultation::KIND, index);
        let scan = match filter {
            F::Waiting => scan("waiting"),
            F::Mine(staff) => scan("handler").prefix(format!("{staff} ")),
            F::Unresolved => scan("unresolved"),
            F::Resolved => scan("resolved").backwards(),
            F::All => scan("opened").backwards(),
        };
        Ok(self.store.page(&scan.after(after).limit(limit)).await?)
    }

    /// One page of a member's own consultations, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn consultations_of(
        &self,
        member: MemberId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Consultation>, ServiceError> {
        let scan = Scan::index(Consultation::KIND, "member").prefix(format!("{member} ")).backwards();
        Ok(self.store.page(&scan.after(after).limit(limit)).await?)
    }

    /// The consultation that a member's next message joins.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn unresolved_consultation_of(
        &self,
        member: MemberId,
    ) -> Result<Option<Stored<Consultation>>, ServiceError> {
        let scan = Scan::index(Consultation::KIND, "unresolved_of").exactly(member.to_string());
        Ok(self.store.first(&scan).await?)
    }

    /// How the consultations stand now.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn consultation_figures(&self) -> Result<ConsultationFigures, ServiceError> {
        let scan = |index| Scan::index(Consultation::KIND, index);
        let oldest: Option<Stored<Consultation>> = self.store.first(&scan("waiting")).await?;
        Ok(ConsultationFigures {
            waiting: self.store.count(&scan("waiting")).await?,
            unresolved: self.store.count(&scan("unresolved")).await?,
            oldest_waiting: oldest
                .and_then(|oldest| oldest.value.waiting_time(&self.policy().hours, self.now())),
        })
    }

    /// Resolves what is due by silence, at most `limit` at a time, each in a change of its own; says how many. Does nothing
    /// while the centre is closed: nobody gets a notice in the night.
    ///
    /// # Errors
    /// [`ServiceError::Store`]; [`ServiceError::Busy`].
    pub async fn resolve_silent_consultations(&self, limit: usize) -> Result<usize, ServiceError> {
        let now = self.now();
        if !self.policy().hours.is_open(now) {
            return Ok(0);
        }
        let Ok(until) = now.checked_sub(self.policy().consultations.silence) else { return Ok(0) };
        let scan = Scan::index(Consultation::KIND, "silent")
            .between("", format!("{}~", Consultation::stamp(until)))
            .limit(limit.clamp(1, MAX_PAGE));
        let due: Paged<Consultation> = self.store.page(&scan).await?;
        let mut resolved = 0;
        for stored in due.items {
            let id = stored.value.id;
            let done = self.transact(|mut work| async move {
                let handled = work.resolve_silent(id).await?;
                work.done(handled)
            });
            match done.await {
                Ok(_) => resolved += 1,
                // The member wrote, or somebody resolved it, a moment ago.
                Err(ServiceError::Consultation(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(resolved)
    }

    /// The pictures and files that a member's message brought into a consultation: gone when it is taken back.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn files_of_message(
        &self,
        member: MemberId,
        channel_message: &str,
    ) -> Result<Vec<Sha256Hash>, ServiceError> {
        let scan = Scan::index(Consultation::KIND, "channel_message").exactly(channel_message);
        let found = self.store.all::<Consultation>(scan, MAX_PAGE).await?;
        let own = found.into_iter().filter(|found| found.value.member == member);
        let entries = own.flat_map(|found| found.value.thread);
        Ok(entries
            .filter(|entry| entry.channel_message.as_deref() == Some(channel_message))
            .filter_map(|entry| entry.media?.file())
            .collect())
    }

    /// Those of these pictures and files that neither a consultation nor a post keeps. Two people may have sent the same.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn not_kept(&self, files: Vec<Sha256Hash>) -> Result<Vec<Sha256Hash>, ServiceError> {
        let mut free = Vec::with_capacity(files.len());
        for file in files {
            let scan = Scan::index(Consultation::KIND, "file").exactly(file.to_hex());
            if self.store.count(&scan).await? == 0 {
                free.push(file);
            }
        }
        let mut after = None;
        while !free.is_empty() {
            let page =
                self.store.page::<Post>(&Scan::keys(Post::KIND).limit(FILES_PAGE).after(after)).await?;
            for post in &page.items {
                let revisions = post.value.revisions.iter();
                let kept: Vec<Sha256Hash> = revisions
                    .flat_map(|revision| &revision.content.attachments)
                    .map(|attachment| attachment.sha256)
                    .collect();
                free.retain(|file| !kept.contains(file));
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(free)
    }

    /// Whether the channel lets members consult; `None` before anybody has said so.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn reception(&self) -> Result<Option<Reception>, ServiceError> {
        Ok(self.store.load::<Reception>(Reception::KEY).await?.map(|read| read.value))
    }

    /// Notes whether the channel lets members consult. Nothing is written when that is known.
    ///
    /// # Errors
    /// [`ServiceError::Store`]; [`ServiceError::Busy`].
    pub async fn note_reception(&self, is_open: bool) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            let next = Reception { is_open, since: work.now() };
            match work.centre().store.load::<Reception>(Reception::KEY).await? {
                Some(read) if read.value.is_open == is_open => {}
                Some(read) => work.update(&read, &next)?,
                None => work.insert(&next)?,
            }
            work.done(())
        })
        .await
    }

    pub(super) async fn last_consultation_of(
        &self,
        member: MemberId,
    ) -> Result<Option<Stored<Consultation>>, ServiceError> {
        Ok(self.consultations_of(member, None, 1).await?.items.into_iter().next())
    }
}
