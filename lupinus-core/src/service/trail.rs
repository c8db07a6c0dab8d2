//! Reading the audit trail.

use std::collections::{BTreeMap, BTreeSet};

use super::{Centre, ServiceError, disposing::DISPOSED};
use crate::{
    audit::{AuditEntry, AuditTip, ChainFault, Subject, verify_chain},
    body::{Body, Invitation},
    canned::CannedAnswer,
    consultation::Consultation,
    disposal::Disposal,
    faq::Faq,
    ids::DisposalId,
    incident::Incident,
    member::Member,
    post::{Post, Revision},
    screening::ListedWord,
    settings::Setting,
    staff::Staff,
    store::{Entity, MAX_PAGE, RecordKey, Scan, StoreExt},
};

/// What the trail of a draft ends in that went with its author.
pub(super) const DRAFT_ERASED: &str = "post.draft_erased";
/// What the trail of an entry of the frequently asked questions ends in that went with what its member had said.
pub(super) const FAQ_ERASED: &str = "faq.erased";
/// What the trail says of an entry that lost the wordings which nobody had confirmed.
pub(super) const FAQ_WORDINGS_ERASED: &str = "faq.wordings_erased";

/// Longest chain of one subject that is read at once.
const MAX_CHAIN: usize = 100_000;

/// What a check of every chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Chains checked.
    pub subjects: u64,
    /// Entries checked.
    pub entries: u64,
    /// What is wrong; empty when nothing is.
    pub faults: Vec<ChainFault>,
}

impl Centre {
    /// The trail of one subject, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn audit_of(&self, subject: &Subject) -> Result<Vec<AuditEntry>, ServiceError> {
        let scan = Scan::keys(AuditEntry::KIND).prefix(format!("{}#", subject.as_str()));
        let entries = self.store.all::<AuditEntry>(scan, MAX_CHAIN).await?;
        Ok(entries.into_iter().map(|entry| entry.value).collect())
    }

    /// Checks every chain against its tip, that no entry stands without one, that whatever is changed with an entry has a chain,
    /// that posts are what their chains say, and that what is gone is so by the certificate of a disposal. `progress` hears the number of chains done.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn verify_audit(
        &self,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<AuditReport, ServiceError> {
        let mut report = AuditReport::default();
        let mut certificates = self.certificates().await?;
        let mut scan = Scan::keys(AuditTip::KIND).limit(MAX_PAGE);
        loop {
            let page = self.store.page::<AuditTip>(&scan).await?;
            for tip in page.items {
                let entries = self.audit_of(&tip.value.subject).await?;
                report.subjects += 1;
                report.entries += entries.len() as u64;
                if let Err(fault) = verify_chain(&tip.value, &entries) {
                    report.faults.push(fault);
                }
                if let Some(id) = tip.value.subject.id_of(&Post::KIND)
                    && let Some(post) = self.store.load::<Post>(id).await?
                {
                    report.faults.extend(differing(&post.value, &tip.value.subject, &entries));
                }
                let subject = &tip.value.subject;
                if self.is_gone(subject).await? && !is_accounted_for(&entries, &certificates) {
                    // It may have gone after its chain was read, by a disposal that was decided since.
                    certificates = self.certificates().await?;
                    if !is_accounted_for(&self.audit_of(subject).await?, &certificates) {
                        report.faults.push(ChainFault::Uncertified { subject: subject.clone() });
                    }
                }
                progress(report.subjects);
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        report.faults.extend(self.without_trail::<Post>().await?);
        report.faults.extend(self.without_trail::<Consultation>().await?);
        report.faults.extend(self.without_trail::<Member>().await?);
        report.faults.extend(self.without_trail::<Staff>().await?);
        report.faults.extend(self.without_trail::<Body>().await?);
        report.faults.extend(self.without_trail::<Invitation>().await?);
        report.faults.extend(self.without_trail::<Incident>().await?);
        report.faults.extend(self.without_trail::<ListedWord>().await?);
        report.faults.extend(self.without_trail::<CannedAnswer>().await?);
        report.faults.extend(self.without_trail::<Faq>().await?);
        report.faults.extend(self.without_trail::<Setting>().await?);
        report.faults.extend(self.without_trail::<Disposal>().await?);
        let stored = self.store.count(&Scan::keys(AuditEntry::KIND)).await?;
        if stored > report.entries {
            report.faults.push(ChainFault::Ownerless { entries: stored - report.entries });
        }
        Ok(report)
    }

    /// The records of a kind that no chain tells of: one that was deleted whole leaves nothing else to see.
    async fn without_trail<T: Entity>(&self) -> Result<Vec<ChainFault>, ServiceError> {
        let mut absent = Vec::new();
        let mut scan = Scan::keys(T::KIND).limit(MAX_PAGE);
        loop {
            let page = self.store.page::<T>(&scan).await?;
            let subjects: Vec<Subject> =
                page.items.iter().map(|record| Subject::new(&T::KIND, record.value.key())).collect();
            let keys: Vec<_> =
                subjects.iter().map(|subject| RecordKey::new(AuditTip::KIND, subject.as_str())).collect();
            let tips = self.store.load_many::<AuditTip>(&keys).await?;
            for (subject, tip) in subjects.into_iter().zip(tips) {
                if tip.is_none() {
                    absent.push(ChainFault::Absent { subject });
                }
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(absent),
            }
        }
    }
}

/// Whether a chain whose record is gone says why: it was a draft that went with whose words it held, or it is on a certificate.
fn is_accounted_for(entries: &[AuditEntry], certificates: &BTreeMap<DisposalId, BTreeSet<Subject>>) -> bool {
    let Some(last) = entries.last() else { return false };
    let by = last.detail.get("disposal").and_then(|id| id.as_str()?.parse().ok());
    let covered = by.filter(|_| last.action == DISPOSED).and_then(|id: DisposalId| certificates.get(&id));
    [DRAFT_ERASED, FAQ_ERASED].contains(&last.action.as_ref())
        || covered.is_some_and(|covered| covered.contains(&last.subject))
}

/// The revisions that are not what their chain says: each is named with its content when it is made, and whenever something
/// becomes of it.
fn differing(post: &Post, subject: &Subject, entries: &[AuditEntry]) -> Vec<ChainFault> {
    let named = |number| entries.iter().filter(move |entry| entry.revision == Some(number));
    let is_told = |revision: &Revision| {
        let hash = revision.hash.to_hex();
        let mut contents = named(revision.number).filter_map(|entry| entry.detail.get("content")).peekable();
        contents.peek().is_some() && contents.all(|content| content.as_str() == Some(hash.as_str()))
    };
    let altered = post
        .revisions
        .iter()
        .filter(|revision| revision.content.hash() != revision.hash || !is_told(revision));
    let gone = entries.iter().filter_map(|entry| entry.revision);
    let gone = gone.filter(|number| post.revision_number(*number).is_none());
    let numbers: BTreeSet<u32> = altered.map(|revision| revision.number).chain(gone).collect();
    numbers.into_iter().map(|revision| ChainFault::Differs { subject: subject.clone(), revision }).collect()
}
