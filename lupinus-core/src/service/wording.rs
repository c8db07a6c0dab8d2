//! The words that are never personal: suggested where staff let a finding pass, accepted or declined by an administrator.

use serde_json::json;

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    ids::{StaffId, WordId},
    screening::{self, AllowList, Allowance, ListedWord, WordState},
    store::{Cursor, Entity, Paged, Scan, StoreExt, Stored},
};

/// Most words that are accepted.
pub const MAX_LISTED_WORDS: usize = 5_000;

/// What an administrator makes of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordDecision {
    /// What was suggested is never personal from now on.
    Accept,
    /// What was suggested is not: it is deleted.
    Decline,
    /// What was accepted is not any more: it is deleted.
    Remove,
}

impl Centre {
    /// The words that are suggested, or accepted, the oldest first.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn listed_words(
        &self,
        by: By,
        accepted: bool,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<ListedWord>, ServiceError> {
        if !self.actor(by).await?.may(Permission::ManageWords) {
            return Err(ServiceError::NotAllowed);
        }
        let state = if accepted { "accepted " } else { "suggested " };
        let scan = Scan::index(ListedWord::KIND, "state").prefix(state);
        Ok(self.store.page(&scan.after(after).limit(limit)).await?)
    }

    /// How many words wait for an administrator.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn suggested_words(&self) -> Result<u64, ServiceError> {
        Ok(self.store.count(&Scan::index(ListedWord::KIND, "state").prefix("suggested ")).await?)
    }

    /// Reads the accepted words again: at the start, after a decision, and now and then, since another process may have decided.
    /// They count from then on.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn reload_words(&self) -> Result<(), ServiceError> {
        let scan = Scan::index(ListedWord::KIND, "state").prefix("accepted ");
        let accepted = self.store.all::<ListedWord>(scan, MAX_LISTED_WORDS).await?;
        match AllowList::new(accepted.iter().map(|word| word.value.allowance.text.as_str())) {
            Ok(list) => self.screen.accept(list),
            Err(error) => tracing::error!(%error, "the accepted words cannot be used; those of before stand"),
        }
        Ok(())
    }

    async fn word(&self, id: WordId) -> Result<Stored<ListedWord>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("word"))
    }

    /// An administrator's decision on a word. Counts when it returns.
    ///
    /// # Errors
    /// As [`Work::decide_word`].
    pub async fn decide_word(&self, by: By, id: WordId, decision: WordDecision) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.decide_word(by, id, decision).await?;
            work.done(())
        })
        .await?;
        self.reload_words().await
    }

    /// An administrator writes a word down. Counts when it returns.
    ///
    /// # Errors
    /// As [`Work::add_word`].
    pub async fn add_word(&self, by: By, allowance: &Allowance) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.add_word(by, allowance).await?;
            work.done(())
        })
        .await?;
        self.reload_words().await
    }
}

impl Work {
    /// An administrator's decision on a word. What is removed leaves the disk.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`], also when somebody has decided already; [`ServiceError::WordList`] when
    /// there are too many;
    /// [`ServiceError::Store`].
    pub async fn decide_word(
        &mut self,
        by: By,
        id: WordId,
        decision: WordDecision,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let (actor, staff) = administrator(&centre, by).await?;
        let read = centre.word(id).await?;
        // Somebody else may have decided since the list was read.
        let is_suggested = read.value.state == WordState::Suggested;
        if is_suggested == (decision == WordDecision::Remove) {
            return Err(ServiceError::NotFound("word"));
        }
        let act = match decision {
            WordDecision::Accept => {
                self.refuse_too_many(&centre).await?;
                let state = WordState::Accepted { by: staff, at: self.now() };
                self.update(&read, &ListedWord { state, ..read.value.clone() })?;
                "word.accepted"
            }
            WordDecision::Decline | WordDecision::Remove => {
                self.delete(&read);
                self.erases();
                if is_suggested { "word.declined" } else { "word.removed" }
            }
        };
        self.audit_word(&read.value, &actor, act).await
    }

    /// An administrator writes down a word that is never personal; one that was suggested is accepted by it.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::WordList`]; [`ServiceError::Store`].
    pub async fn add_word(&mut self, by: By, allowance: &Allowance) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let (actor, staff) = administrator(&centre, by).await?;
        if !allowance.is_complete() {
            return Err(ServiceError::WordList);
        }
        self.refuse_too_many(&centre).await?;
        let state = WordState::Accepted { by: staff, at: self.now() };
        if let Some(known) = known(&centre, &allowance.text).await? {
            self.update(&known, &ListedWord { state, ..known.value.clone() })?;
            return self.audit_word(&known.value, &actor, "word.accepted").await;
        }
        let word = ListedWord { state, ..self.suggestion(&centre, staff, allowance.clone(), None) };
        self.insert(&word)?;
        self.audit_word(&word, &actor, "word.accepted").await
    }

    /// Somebody let these pass in `found_in`: each becomes a suggestion for the list, unless it stands there.
    pub(super) async fn suggest(
        &mut self,
        actor: &Actor,
        allowances: &[Allowance],
        found_in: &Subject,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let Some(staff) = actor.staff_id() else { return Err(ServiceError::NotAllowed) };
        let mut suggested: Vec<String> = Vec::new();
        for allowance in allowances {
            let Ok(index) = ListedWord::index_of(&allowance.text) else { continue };
            if suggested.contains(&index) || known(&centre, &allowance.text).await?.is_some() {
                continue;
            }
            suggested.push(index);
            let word = self.suggestion(&centre, staff, allowance.clone(), Some(found_in.clone()));
            self.insert(&word)?;
            self.audit_word(&word, actor, "word.suggested").await?;
        }
        Ok(())
    }

    fn suggestion(
        &self,
        centre: &Centre,
        by: StaffId,
        allowance: Allowance,
        found_in: Option<Subject>,
    ) -> ListedWord {
        let id = WordId::from_uuid(centre.ids.uuid(self.now()));
        ListedWord { id, allowance, found_in, by, at: self.now(), state: WordState::Suggested }
    }

    async fn refuse_too_many(&self, centre: &Centre) -> Result<(), ServiceError> {
        let accepted = Scan::index(ListedWord::KIND, "state").prefix("accepted ");
        let full = centre.store.count(&accepted).await? >= MAX_LISTED_WORDS as u64;
        if full { Err(ServiceError::WordList) } else { Ok(()) }
    }

    /// The trail says of what kind the word is and why it may stand, and not the word.
    async fn audit_word(
        &mut self,
        word: &ListedWord,
        actor: &Actor,
        action: &'static str,
    ) -> Result<(), ServiceError> {
        let Allowance { kind, reason, .. } = &word.allowance;
        let act = Act::new(action).detail(json!({ "kind": kind, "reason": reason }));
        Ok(self.audit(Subject::new(&ListedWord::KIND, word.id), actor, act).await?)
    }
}

impl Centre {
    /// Refuses allowances without a reason, of what cannot be allowed, or with a comment that holds personal information.
    pub(super) fn check_allowances(&self, allowances: &[Allowance]) -> Result<(), ServiceError> {
        for allowance in allowances {
            if !allowance.is_complete() {
                return Err(ServiceError::WordList);
            }
            if let Some(comment) = &allowance.comment {
                self.refuse_personal(comment, screening::Context::StaffAnswer)?;
            }
        }
        Ok(())
    }
}

async fn administrator(centre: &Centre, by: By) -> Result<(Actor, StaffId), ServiceError> {
    let actor = centre.actor(by).await?;
    let staff = actor.staff_id().filter(|_| actor.may(Permission::ManageWords));
    staff.map(|staff| (actor, staff)).ok_or(ServiceError::NotAllowed)
}

async fn known(centre: &Centre, text: &str) -> Result<Option<Stored<ListedWord>>, ServiceError> {
    let Ok(index) = ListedWord::index_of(text) else { return Ok(None) };
    Ok(centre.store.first(&Scan::index(ListedWord::KIND, "word").exactly(index)).await?)
}
