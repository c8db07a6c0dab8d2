//! Frequently asked questions: drafted from what was answered, published by somebody else, withdrawn at once, and read by members.

use std::cmp::Reverse;

use serde_json::json;

use super::{
    By, Centre, ServiceError, Vetting, Work, consultations,
    trail::{FAQ_ERASED, FAQ_WORDINGS_ERASED},
};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    consultation::{Consultation, Topic},
    faq::{Command, Context, Decision, Faq, FaqQuery, MAX_FAQS, Refusal, State, Why, Words},
    hash::Sha256Hash,
    ids::{ConsultationId, FaqId},
    screening::{self, AllowList, Allowance, OwnWords},
    store::{Entity, Scan, StoreExt, Stored},
};

impl Centre {
    /// The entries that fit, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to those who may not read consultations; [`ServiceError::Store`].
    pub async fn faqs(&self, by: By, query: &FaqQuery) -> Result<Vec<Stored<Faq>>, ServiceError> {
        self.may_read_consultations(by).await?;
        let mut found = Vec::new();
        for state in State::NAMES.into_iter().filter(|name| query.state.is_none_or(|asked| asked == *name)) {
            let scan = Scan::index(Faq::KIND, "state").prefix(format!("{state} ")).backwards();
            found.extend(self.store.all::<Faq>(scan, 2 * MAX_FAQS).await?);
        }
        found.retain(|entry| query.fits(&entry.value));
        found.sort_by_key(|entry| Reverse(entry.value.since()));
        Ok(found)
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn faq(&self, by: By, id: FaqId) -> Result<Stored<Faq>, ServiceError> {
        self.may_read_consultations(by).await?;
        self.load_faq(id).await
    }

    /// The entry that came from a consultation and was not withdrawn.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn faq_of(&self, by: By, id: ConsultationId) -> Result<Option<Stored<Faq>>, ServiceError> {
        self.may_read_consultations(by).await?;
        self.offered_of(id).await
    }

    /// What a draft from this consultation begins with: what was asked and answered, as it is masked there, and masked once more as what
    /// many read; and by what [`Work::draft_faq`] tells that these words still stand there.
    ///
    /// # Errors
    /// [`ServiceError::Faq`] with [`Refusal::NotAnswered`]; [`ServiceError::NotFound`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::Store`].
    pub async fn suggested_faq(
        &self,
        by: By,
        id: ConsultationId,
    ) -> Result<(Words, Sha256Hash), ServiceError> {
        let consultation = self.consultation(by, id).await?.value;
        let words = Words::suggested_by(&consultation).ok_or(ServiceError::Faq(Refusal::NotAnswered))?;
        let masked = |text: &str| self.screen.check(text, screening::Context::Post).into_masked();
        let begins = Words { question: masked(&words.question), answer: masked(&words.answer), ..words };
        Ok((begins, words.fingerprint()))
    }

    /// The topics under which members find something, with how much.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn faq_topics(&self) -> Result<Vec<(Topic, u64)>, ServiceError> {
        let mut topics = Vec::new();
        for topic in Topic::ALL {
            topics.push((topic, self.store.count(&published(Some(topic))).await?));
        }
        topics.retain(|(_, entries)| *entries > 0);
        Ok(topics)
    }

    /// What members read under a topic, or under all, the latest first; at most `limit`.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn published_faqs(&self, topic: Option<Topic>, limit: usize) -> Result<Vec<Faq>, ServiceError> {
        let page = self.store.page::<Faq>(&published(topic).backwards().limit(limit)).await?;
        Ok(page.items.into_iter().map(|read| read.value).collect())
    }

    /// One entry that members read; `None` of what they do not.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn published_faq(&self, id: FaqId) -> Result<Option<Faq>, ServiceError> {
        let read = self.store.load::<Faq>(&id.to_string()).await?;
        Ok(read.map(|read| read.value).filter(|entry| entry.published().is_some()))
    }

    async fn load_faq(&self, id: FaqId) -> Result<Stored<Faq>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("entry"))
    }

    async fn offered_of(&self, id: ConsultationId) -> Result<Option<Stored<Faq>>, ServiceError> {
        Ok(self.store.first(&Scan::index(Faq::KIND, "offered_of").exactly(id.to_string())).await?)
    }

    /// Whether there is still something in a consultation that an entry could come from.
    async fn has_words(&self, id: ConsultationId) -> Result<bool, ServiceError> {
        let source = self.store.load::<Consultation>(&id.to_string()).await?;
        Ok(source.is_some_and(|source| Words::suggested_by(&source.value).is_some()))
    }

    /// What many read is screened as a post is. Answers what was allowed of what stands there.
    fn vetted_words(&self, words: &Words, vetting: &Vetting) -> Result<Vec<Allowance>, ServiceError> {
        let mut used = Vec::new();
        for text in [&words.question, &words.answer] {
            for allowance in self.vetted(text, screening::Context::Post, vetting)? {
                if !used.contains(&allowance) {
                    used.push(allowance);
                }
            }
        }
        Ok(used)
    }

    /// Before members read it, it is screened once more: a list or a rule may have changed since it was written.
    fn still_vetted(&self, entry: &Faq) -> Result<(), ServiceError> {
        let Some(wording) = entry.wording() else { return Ok(()) };
        let allowed = wording.allowed.iter().map(|allowance| allowance.text.as_str());
        let allowed = AllowList::new(allowed).map_err(|_| ServiceError::WordList)?;
        let own = OwnWords { allowed, ..OwnWords::default() };
        for text in [&wording.question, &wording.answer] {
            let screened = self.screen.check_within(text, screening::Context::Post, &own);
            if screened.blocks() {
                return Err(ServiceError::PersonalInformation(screened.marks));
            }
        }
        Ok(())
    }
}

impl Work {
    /// A new draft from an answered consultation, screened as a post is. It stands in the consultation's trail too. `seen` are the words
    /// that whoever writes has read: what its member takes back meanwhile comes into no draft.
    ///
    /// # Errors
    /// [`ServiceError::PersonalInformation`] and [`ServiceError::ConfirmationNeeded`]; [`ServiceError::WordList`];
    /// [`ServiceError::Faq`]; [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn draft_faq(
        &mut self,
        by: By,
        consultation: ConsultationId,
        words: &Words,
        seen: Sha256Hash,
        vetting: &Vetting,
    ) -> Result<Faq, ServiceError> {
        let centre = self.centre().clone();
        let actor = consultant(&centre, by).await?;
        let source = centre.consultation(by, consultation).await?.value;
        let said = Words::suggested_by(&source).ok_or(ServiceError::Faq(Refusal::NotAnswered))?;
        if said.fingerprint() != seen {
            return Err(ServiceError::Faq(Refusal::ConsultationChanged));
        }
        if centre.offered_of(consultation).await?.is_some() {
            return Err(ServiceError::Faq(Refusal::OfferedAlready));
        }
        let allowed = centre.vetted_words(words, vetting)?;
        if centre.store.count(&Scan::keys(Faq::KIND)).await? >= MAX_FAQS as u64 {
            return Err(ServiceError::Faq(Refusal::Full));
        }
        let id = FaqId::from_uuid(centre.ids.uuid(self.now()));
        let cx = Context { actor: &actor, now: self.now() };
        let drafted = Faq::draft(id, consultation, words, allowed.clone(), &cx).map_err(ServiceError::Faq)?;
        self.insert(&drafted.next)?;
        self.audit(subject(id), &actor, drafted.act).await?;
        // Whoever erases the consultation in this very moment meets this entry, and one of the two begins again.
        let act = Act::new("consultation.faq_drafted").detail(json!({ "faq": id }));
        self.audit(consultations::subject(consultation), &actor, act).await?;
        self.let_pass(id, &actor, &allowed).await?;
        Ok(drafted.next)
    }

    /// What staff do with an entry. What is written is screened first, with what whoever writes says of what is found; so is what is to be
    /// published. What somebody may be recognised by is gone at once, and not withdrawn, when the words that it came from are gone: no
    /// erasure would reach it any more.
    ///
    /// # Errors
    /// As [`Work::draft_faq`].
    pub async fn faq_command(
        &mut self,
        by: By,
        id: FaqId,
        mut command: Command,
        vetting: &Vetting,
    ) -> Result<Faq, ServiceError> {
        let centre = self.centre().clone();
        let actor = consultant(&centre, by).await?;
        let stored = centre.load_faq(id).await?;
        let publishes = matches!(command, Command::Publish { .. });
        let mut let_pass = Vec::new();
        if let Command::Change { words, allowed, .. } = &mut command {
            *allowed = centre.vetted_words(words, vetting)?;
            let_pass.clone_from(allowed);
        }
        let cx = Context { actor: &actor, now: self.now() };
        let Decision { next, act } = stored.value.decide(command, &cx).map_err(ServiceError::Faq)?;
        if publishes {
            centre.still_vetted(&next)?;
        }
        let is_withdrawn = |state: &State| matches!(state, State::Withdrawn { .. });
        let comes_back = is_withdrawn(&stored.value.state) && !is_withdrawn(&next.state);
        if comes_back && centre.offered_of(next.consultation).await?.is_some() {
            return Err(ServiceError::Faq(Refusal::OfferedAlready));
        }
        let is_recognisable = matches!(next.state, State::Withdrawn { why: Why::Recognisable, .. });
        if is_recognisable {
            if !centre.has_words(next.consultation).await? {
                self.delete(&stored);
                self.erases();
                self.audit(subject(id), &actor, act).await?;
                self.audit(subject(id), &actor, Act::new(FAQ_ERASED)).await?;
                return Ok(next);
            }
            // Whoever erases those words in this very moment meets this, and one of the two begins again.
            let act = Act::new("consultation.faq_recognisable").detail(json!({ "faq": id }));
            self.audit(consultations::subject(next.consultation), &actor, act).await?;
        }
        self.update(&stored, &next)?;
        self.audit(subject(id), &actor, act).await?;
        self.let_pass(id, &actor, &let_pass).await?;
        Ok(next)
    }

    /// What was allowed stands in the trail, and is suggested for the list of what is never personal.
    async fn let_pass(
        &mut self,
        id: FaqId,
        actor: &Actor,
        allowed: &[Allowance],
    ) -> Result<(), ServiceError> {
        for Allowance { kind, reason, .. } in allowed {
            let act = Act::new("faq.finding_allowed").detail(json!({ "kind": kind, "reason": reason }));
            self.audit(subject(id), actor, act).await?;
        }
        self.suggest(actor, allowed, &subject(id)).await
    }

    /// What a member said is erased: each wording from it that nobody confirmed goes in the same change, and the entry with the last (R9,
    /// R12). What somebody confirmed is nobody's: two people have seen to that.
    pub(super) async fn erase_faq_drafts(
        &mut self,
        consultation: ConsultationId,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let scan = Scan::index(Faq::KIND, "consultation").exactly(consultation.to_string());
        let entries = self.centre().store.all::<Faq>(scan, MAX_FAQS).await?;
        for entry in &entries {
            let act = match entry.value.without_unconfirmed() {
                Some(left) if left == entry.value => continue,
                Some(left) => {
                    self.update(entry, &left)?;
                    Act::new(FAQ_WORDINGS_ERASED).detail(json!({ "wording": left.number() }))
                }
                None => {
                    self.delete(entry);
                    Act::new(FAQ_ERASED)
                }
            };
            self.audit(subject(entry.value.id), actor, act).await?;
        }
        Ok(())
    }
}

async fn consultant(centre: &Centre, by: By) -> Result<Actor, ServiceError> {
    let actor = centre.actor(by).await?;
    if actor.may(Permission::AnswerConsultations) { Ok(actor) } else { Err(ServiceError::NotAllowed) }
}

fn published(topic: Option<Topic>) -> Scan {
    match topic {
        Some(topic) => Scan::index(Faq::KIND, "topic").prefix(format!("{} ", topic.name())),
        None => Scan::index(Faq::KIND, "state").prefix("published "),
    }
}

fn subject(id: FaqId) -> Subject {
    Subject::new(&Faq::KIND, id)
}
