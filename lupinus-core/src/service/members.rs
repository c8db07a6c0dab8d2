use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::json;

use super::{By, Centre, ServiceError, Work, consultations, trail::DRAFT_ERASED};
use crate::{
    actor::Actor,
    audience::Audience,
    audit::{Act, Subject},
    body::Body,
    consultation::{Command, Consultation},
    ids::{ContactId, MemberId},
    member::{Area, Consent, MAX_PROFILE_CHARS, Member, MemberState, Profession, Reach, Standing},
    outbox::{OutboxItem, OutboxState},
    post::{Category, Post, PostState},
    screening,
    store::{Cursor, Entity, MAX_PAGE, Paged, RecordKey, Scan, StoreExt, Stored},
};

/// Most members of an audience.
pub const MAX_AUDIENCE: usize = 200_000;

/// Most consultations, and most drafts, that one erasure takes: its change fits one batch.
const MAX_ERASED: usize = 600;

/// One thing that a member says about themselves; `None` takes it back.
#[derive(Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// Their profession.
    Profession(Option<Profession>),
    /// Where they work: at most [`MAX_PROFILE_CHARS`].
    Organisation(Option<String>),
    /// Their area.
    Area(Option<Area>),
    /// The categories they want; empty for all.
    Topics(BTreeSet<Category>),
}

impl ProfileChange {
    const fn field(&self) -> &'static str {
        match self {
            Self::Profession(_) => "profession",
            Self::Organisation(_) => "organisation",
            Self::Area(_) => "area",
            Self::Topics(_) => "topics",
        }
    }
}

impl std::fmt::Debug for ProfileChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.field())
    }
}

/// What an erasure took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// How many consultations lost what was said in them.
    pub consultations: usize,
    /// How many drafts, never handed in, are gone.
    pub drafts: usize,
}

/// Everything that is held about a member, for them to see.
#[derive(Clone, Debug)]
pub struct HeldAboutMember {
    /// Profile, consent and state.
    pub member: Member,
    /// The body that they submit for.
    pub body: Option<Body>,
    /// Their consultations, the latest first. Notes among staff are in them: they too are held.
    pub consultations: Vec<Consultation>,
    /// How many posts they wrote.
    pub posts: u64,
    /// How many deliveries went to them.
    pub deliveries: u64,
}

impl Work {
    /// Somebody added the account, came back, or wrote without being known. Changes nothing for one who follows already.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn follow(&mut self, contact: &ContactId) -> Result<Member, ServiceError> {
        let centre = self.centre().clone();
        let Some(known) = centre.member_by_contact(contact).await? else {
            let id = MemberId::from_uuid(centre.ids.uuid(self.now()));
            let member = Member::new(id, contact.clone(), self.now());
            self.insert(&member)?;
            self.audit(subject(id), &Actor::member(id, None), Act::new("member.followed")).await?;
            return Ok(member);
        };
        if known.value.state == MemberState::Following {
            return Ok(known.value);
        }
        let member = Member { state: MemberState::Following, ..known.value.clone() };
        self.update(&known, &member)?;
        let actor = Actor::member(member.id, member.submits_for);
        self.audit(subject(member.id), &actor, Act::new("member.returned")).await?;
        Ok(member)
    }

    /// Somebody blocked the account. `None` when they are not known.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn unfollow(&mut self, contact: &ContactId) -> Result<Option<MemberId>, ServiceError> {
        let centre = self.centre().clone();
        let Some(known) = centre.member_by_contact(contact).await? else { return Ok(None) };
        let id = known.value.id;
        if known.value.state == MemberState::Following {
            self.update(&known, &Member { state: MemberState::Blocked, ..known.value.clone() })?;
            let actor = Actor::member(id, known.value.submits_for);
            self.audit(subject(id), &actor, Act::new("member.blocked")).await?;
        }
        Ok(Some(id))
    }

    /// A member accepts the present rules (R6).
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to all but members who follow; [`ServiceError::Store`].
    pub async fn accept_rules(&mut self, by: By) -> Result<Member, ServiceError> {
        let centre = self.centre().clone();
        let (stored, actor) = centre.own_record(by).await?;
        let rules_version = centre.policy().rules_version.clone();
        if stored.value.has_accepted(&rules_version) {
            return Ok(stored.value);
        }
        let act = Act::new("member.rules_accepted").detail(json!({ "rules_version": rules_version }));
        let consent = Some(Consent { rules_version, at: self.now() });
        let member = Member { consent, ..stored.value.clone() };
        self.update(&stored, &member)?;
        self.audit(subject(member.id), &actor, act).await?;
        Ok(member)
    }

    /// A member says something about themselves, changes it or takes it back.
    ///
    /// # Errors
    /// [`ServiceError::PersonalInformation`] when their own words hold some; [`ServiceError::TooLong`] when they are longer
    /// than [`MAX_PROFILE_CHARS`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn update_profile(
        &mut self,
        by: By,
        changes: &[ProfileChange],
    ) -> Result<Member, ServiceError> {
        let centre = self.centre().clone();
        let (stored, actor) = centre.own_record(by).await?;
        let mut member = stored.value.clone();
        for change in changes {
            match change {
                // What the city offers is nobody's name, whatever it looks like.
                ProfileChange::Profession(Some(offered)) if centre.policy().professions.offers(offered) => {
                    member.profession = Some(offered.clone());
                }
                ProfileChange::Profession(said) => {
                    member.profession = centre.profile_words(said.as_ref().map(|it| &*it.0))?.map(Profession);
                }
                ProfileChange::Organisation(said) => {
                    member.organisation = centre.profile_words(said.as_deref())?;
                }
                ProfileChange::Area(Some(area)) if centre.policy().areas.offers(area) => {
                    member.area = Some(area.clone());
                }
                ProfileChange::Area(said) => {
                    member.area = centre.profile_words(said.as_ref().map(|it| &*it.0))?.map(Area);
                }
                ProfileChange::Topics(topics) => member.topics.clone_from(topics),
            }
        }
        if member == stored.value {
            return Ok(member);
        }
        let overwrites = (stored.value.profession.is_some() && member.profession != stored.value.profession)
            || (stored.value.organisation.is_some() && member.organisation != stored.value.organisation)
            || (stored.value.area.is_some() && member.area != stored.value.area);
        self.update(&stored, &member)?;
        if overwrites {
            // What a member said before leaves the disk too.
            self.erases();
        }
        let fields: Vec<&str> = changes.iter().map(ProfileChange::field).collect();
        let act = Act::new("member.profile_changed").detail(json!({ "fields": fields }));
        self.audit(subject(member.id), &actor, act).await?;
        Ok(member)
    }

    /// A member leaves: their address, profile, consent, and all that was said in their consultations are gone with this
    /// change, and their drafts with them. What they handed in stays as a decision record under an id that names nobody (R12).
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to all but members who follow; [`ServiceError::Store`], also when there is more than one
    /// change can hold.
    pub async fn leave(&mut self, by: By) -> Result<Erased, ServiceError> {
        let centre = self.centre().clone();
        let (stored, actor) = centre.own_record(by).await?;
        self.erase(&centre, &stored, &actor, "member.left").await
    }

    /// An administrator erases a member who asked for it elsewhere, such as one who blocked the account before: what
    /// [`Work::leave`] does.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageMembers`](crate::actor::Permission::ManageMembers);
    /// [`ServiceError::NotFound`], also when they were erased before; [`ServiceError::Store`].
    pub async fn erase_member(&mut self, by: By, id: MemberId) -> Result<Erased, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.keeper_of_members(by).await?;
        let stored = centre.member(id).await?;
        if stored.value.state == MemberState::Left {
            return Err(ServiceError::NotFound("member"));
        }
        self.erase(&centre, &stored, &actor, "member.erased").await
    }

    async fn erase(
        &mut self,
        centre: &Centre,
        stored: &Stored<Member>,
        actor: &Actor,
        action: &'static str,
    ) -> Result<Erased, ServiceError> {
        let id = stored.value.id;
        self.erases();

        let scan = Scan::index(Consultation::KIND, "member").prefix(format!("{id} "));
        let held: Vec<Stored<Consultation>> = centre.store.all(scan, MAX_ERASED).await?;
        for consultation in &held {
            let cx = self.consultation_context(centre, actor);
            let decision =
                consultation.value.decide(Command::Forget, &cx).map_err(ServiceError::Consultation)?;
            self.update(consultation, &decision.next)?;
            self.audit(consultations::subject(decision.next.id), actor, decision.act).await?;
            self.erase_faq_drafts(decision.next.id, actor).await?;
        }

        let scan = Scan::index(Post::KIND, "author").prefix(format!("member/{id} "));
        let written: Vec<Stored<Post>> = centre.store.all(scan, MAX_AUDIENCE).await?;
        let drafts: Vec<_> =
            written.iter().filter(|post| matches!(post.value.state, PostState::Draft)).collect();
        for draft in drafts.iter().take(MAX_ERASED) {
            self.delete(draft);
            let about = Subject::new(&Post::KIND, draft.value.id);
            self.audit(about, actor, Act::new(DRAFT_ERASED)).await?;
        }

        self.unlink_member(id, actor).await?;
        self.drop_pending(centre, id).await?;
        if let Some(failures) = centre.code_failures(id).await? {
            self.delete(&failures);
        }

        let erased = Erased { consultations: held.len(), drafts: drafts.len().min(MAX_ERASED) };
        let left = Member {
            id,
            contact: None,
            state: MemberState::Left,
            consent: None,
            profession: None,
            organisation: None,
            area: None,
            topics: BTreeSet::new(),
            submits_for: None,
            joined_at: stored.value.joined_at,
        };
        self.update(stored, &left)?;
        let followed = stored.value.state == MemberState::Following;
        let act = Act::new(action).detail(json!({
            "consultations": erased.consultations, "drafts": erased.drafts, "followed": followed,
        }));
        self.audit(subject(id), actor, act).await?;
        Ok(erased)
    }

    /// What waits to be said to one who leaves is not said any more, and its words and address are gone. A dispatcher that has
    /// it in its hands at this moment has its own copy, and drops it when it comes back.
    async fn drop_pending(&mut self, centre: &Centre, id: MemberId) -> Result<(), ServiceError> {
        let scan = Scan::index(OutboxItem::KIND, "person").prefix(format!("{id} "));
        let pending: Vec<Stored<OutboxItem>> = centre.store.all(scan, MAX_ERASED).await?;
        for item in pending {
            let mut next = item.value.clone().stripped();
            if !matches!(item.value.state, OutboxState::Leased { .. }) {
                next.state = OutboxState::Dropped { at: self.now() };
            }
            self.update(&item, &next)?;
        }
        // Of a post that is still being sent, or held back.
        let mut chunks = HashMap::new();
        for index in ["due", "attention"] {
            let scan = Scan::index(OutboxItem::KIND, index);
            for item in centre.store.all::<OutboxItem>(scan, MAX_AUDIENCE).await? {
                chunks.insert(item.value.id, item);
            }
        }
        for chunk in chunks.into_values() {
            if let Some(next) = chunk.value.without_address_of(id) {
                self.update(&chunk, &next)?;
            }
        }
        Ok(())
    }
}

impl Centre {
    /// The member with this address on the channel.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn member_by_contact(
        &self,
        contact: &ContactId,
    ) -> Result<Option<Stored<Member>>, ServiceError> {
        let scan = Scan::index(Member::KIND, "contact").exactly(contact.as_str());
        Ok(self.store.first(&scan).await?)
    }

    /// Everything that is held about a member (R12).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn held_about(&self, id: MemberId) -> Result<HeldAboutMember, ServiceError> {
        let member = self.member(id).await?.value;
        let body = match member.submits_for {
            Some(body) => self.store.load::<Body>(&body.to_string()).await?.map(|body| body.value),
            None => None,
        };
        let scan = Scan::index(Consultation::KIND, "member").prefix(format!("{id} ")).backwards();
        let consultations = self.store.all(scan, MAX_AUDIENCE).await?;
        let posts = Scan::index(Post::KIND, "author").prefix(format!("member/{id} "));
        Ok(HeldAboutMember {
            member,
            body,
            consultations: consultations.into_iter().map(|stored| stored.value).collect(),
            posts: self.store.count(&posts).await?,
            deliveries: self.deliveries_to(id).await?,
        })
    }

    /// How many of the latest deliveries were accepted for a member: [`MAX_PAGE`] chunks are looked at.
    async fn deliveries_to(&self, id: MemberId) -> Result<u64, ServiceError> {
        let scan = Scan::index(OutboxItem::KIND, "sent").backwards().limit(MAX_PAGE);
        let page = self.store.page::<OutboxItem>(&scan).await?;
        let went = |item: &&Stored<OutboxItem>| {
            matches!(item.value.state, OutboxState::Done { .. })
                && item.value.addressees().iter().any(|to| to.member == id)
        };
        Ok(page.items.iter().filter(went).count() as u64)
    }

    /// One page of the registered members, of 1 to [`MAX_PAGE`].
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn registered_members(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Member>, ServiceError> {
        Ok(self.store.page(&Scan::index(Member::KIND, "registered").after(after).limit(limit)).await?)
    }

    /// How many members an audience holds now. Of all friends, those whom we know: the channel alone knows the others.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn audience_size(&self, audience: &Audience) -> Result<u64, ServiceError> {
        if *audience == Audience::Members {
            return Ok(self.store.count(&Scan::index(Member::KIND, "registered")).await?);
        }
        let standings = self.standings().await?;
        let covered = standings.iter().filter(|(standing, _)| audience.covers(standing));
        Ok(covered.map(|(_, count)| count).sum())
    }

    /// How the members stand now: each standing that somebody has, with how many have it.
    pub(super) async fn standings(&self) -> Result<BTreeMap<Standing, u64>, ServiceError> {
        if let Some(standings) = self.standings_in_index().await? {
            return Ok(standings);
        }
        let mut standings = BTreeMap::new();
        for member in self.store.all::<Member>(Scan::keys(Member::KIND), MAX_AUDIENCE).await? {
            *standings.entry(member.value.standing()).or_default() += 1;
        }
        Ok(standings)
    }

    /// The same without reading a member; `None` when the index leaves somebody out: who was written before there was one, or says
    /// more than a value holds.
    async fn standings_in_index(&self) -> Result<Option<BTreeMap<Standing, u64>>, ServiceError> {
        let counts = self.store.tally_all(Scan::index(Member::KIND, Standing::INDEX), MAX_AUDIENCE).await?;
        let counts = counts.into_iter();
        let standings: BTreeMap<Standing, u64> =
            counts.filter_map(|(value, count)| Some((Standing::read(&value)?, count))).collect();
        let members = self.store.count(&Scan::keys(Member::KIND)).await?;
        Ok((standings.values().sum::<u64>() == members).then_some(standings))
    }

    /// The members who do not follow: few, so that many are told apart by reading these.
    pub(super) async fn unreachable_members(&self) -> Result<HashSet<MemberId>, ServiceError> {
        let standings = self.standings_in_index().await?;
        let values: Option<Vec<String>> = standings.and_then(|standings| {
            let gone = |standing: &&Standing| matches!(standing.reach, Reach::Blocked | Reach::Left);
            standings.keys().filter(gone).map(Standing::written).collect()
        });
        let scans = match values {
            Some(values) => {
                let of = |value| Scan::index(Member::KIND, Standing::INDEX).exactly(value);
                values.into_iter().map(of).collect()
            }
            None => vec![Scan::keys(Member::KIND)],
        };
        let mut unreachable = HashSet::new();
        for scan in scans {
            let members = self.store.all::<Member>(scan, MAX_AUDIENCE).await?.into_iter();
            let gone = members.filter(|member| member.value.state != MemberState::Following);
            unreachable.extend(gone.map(|member| member.value.id));
        }
        Ok(unreachable)
    }

    /// The members under these ids, in their order; `None` where there is none.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn members(
        &self,
        ids: impl IntoIterator<Item = MemberId> + Send,
    ) -> Result<Vec<Option<Member>>, ServiceError> {
        let keys: Vec<RecordKey> =
            ids.into_iter().map(|id| RecordKey::new(Member::KIND, id.to_string())).collect();
        let mut members = Vec::with_capacity(keys.len());
        for keys in keys.chunks(MAX_PAGE) {
            let read = self.store.load_many::<Member>(keys).await?;
            members.extend(read.into_iter().map(|member| member.map(|member| member.value)));
        }
        Ok(members)
    }

    /// The members whom an audience holds now, in the order of their ids: at most [`MAX_AUDIENCE`].
    ///
    /// # Errors
    /// [`ServiceError::Store`], also when there are more.
    pub async fn audience_members(&self, audience: &Audience) -> Result<Vec<Member>, ServiceError> {
        let scan = match audience {
            Audience::Members | Audience::Where(_) => Scan::index(Member::KIND, "registered"),
            Audience::AllFriends => Scan::keys(Member::KIND),
        };
        let members = self.store.all::<Member>(scan, MAX_AUDIENCE).await?;
        Ok(members
            .into_iter()
            .map(|stored| stored.value)
            .filter(|member| audience.includes(member))
            .collect())
    }

    /// A member's own record, and the member as the one who acts.
    pub(super) async fn own_record(&self, by: By) -> Result<(Stored<Member>, Actor), ServiceError> {
        let By::Member(id) = by else { return Err(ServiceError::NotAllowed) };
        Ok((self.member(id).await?, self.actor(by).await?))
    }

    /// What a member writes about themselves: trimmed, screened, bounded. Blanks are nothing.
    fn profile_words(&self, said: Option<&str>) -> Result<Option<String>, ServiceError> {
        let Some(words) = said.map(str::trim).filter(|words| !words.is_empty()) else { return Ok(None) };
        if words.chars().count() > MAX_PROFILE_CHARS {
            return Err(ServiceError::TooLong { max: MAX_PROFILE_CHARS });
        }
        self.refuse_personal(words, screening::Context::Consultation)?;
        Ok(Some(words.to_owned()))
    }
}

pub(super) fn subject(id: MemberId) -> Subject {
    Subject::new(&Member::KIND, id)
}
