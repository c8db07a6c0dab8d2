use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    By, Centre, ServiceError, StaffingRefusal, Work, members,
    staffing::{MAX_LIST, valid_name},
};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    body::{Body, Invitation, InvitationCode, InvitationRefusal},
    ids::{BodyId, InvitationId, MemberId},
    linking::LinkRefusal,
    member::Member,
    staff::Staff,
    store::{Entity, IndexEntry, Kind, MAX_PAGE, RecordClass, Scan, StoreExt, Stored},
};

/// How many codes that do not serve a member may try within [`CODE_WINDOW`].
pub const MAX_CODE_FAILURES: usize = 5;

/// For how long a code that did not serve counts.
pub const CODE_WINDOW: Duration = Duration::from_hours(1);

/// What became of a code. Every outcome is to be committed: those that do not serve are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// They submit for this body from now on.
    Submitter(Body),
    /// They are this one of the staff from now on.
    Linked(Box<Staff>),
    /// The code is of the staff, and does not serve.
    NotLinked(LinkRefusal),
    /// There is no such code.
    Unknown,
    /// The code is known and does not serve.
    Refused(InvitationRefusal),
    /// Too many attempts; the next one counts from `until` on.
    TooMany {
        /// From when on.
        until: Timestamp,
    },
}

/// A body in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyFigures {
    /// How many members submit for it.
    pub submitters: u64,
    /// How many invitations can be used.
    pub open_invitations: u64,
}

/// Codes that a member tried in vain: an obstacle to guessing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CodeFailures {
    member: MemberId,
    at: Vec<Timestamp>,
}

impl Entity for CodeFailures {
    const KIND: Kind = Kind::new("code_failures");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.member.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

impl Work {
    /// A new professional body, active at once.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::BadName`], [`StaffingRefusal::NameTaken`];
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageBodies`]; [`ServiceError::Store`].
    pub async fn create_body(&mut self, by: By, name: &str) -> Result<Body, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.allowed(by, Permission::ManageBodies).await?;
        let name = valid_name(name)?;
        if centre.store.count(&Scan::index(Body::KIND, "name").exactly(name.as_str())).await? > 0 {
            return Err(StaffingRefusal::NameTaken.into());
        }
        let body = Body { id: BodyId::from_uuid(centre.ids.uuid(self.now())), name, active: true };
        self.insert(&body)?;
        self.audit(Subject::new(&Body::KIND, body.id), &actor, Act::new("body.created")).await?;
        Ok(body)
    }

    /// Whether a body may hand in posts.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageBodies`]; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn set_body_active(&mut self, by: By, id: BodyId, active: bool) -> Result<Body, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.allowed(by, Permission::ManageBodies).await?;
        let stored = centre.body(id).await?;
        let body = Body { active, ..stored.value.clone() };
        if body != stored.value {
            self.update(&stored, &body)?;
            let action = if active { "body.activated" } else { "body.deactivated" };
            self.audit(Subject::new(&Body::KIND, id), &actor, Act::new(action)).await?;
        }
        Ok(body)
    }

    /// An invitation for a submitter of a body, with its code: shown now and never again.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::BodyInactive`]; [`ServiceError::NotAllowed`] without
    /// [`Permission::ManageBodies`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn invite(
        &mut self,
        by: By,
        body: BodyId,
    ) -> Result<(Invitation, InvitationCode), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.allowed(by, Permission::ManageBodies).await?;
        let created_by = actor.staff_id().ok_or(ServiceError::NotAllowed)?;
        if !centre.body(body).await?.value.active {
            return Err(StaffingRefusal::BodyInactive.into());
        }
        let code = InvitationCode::from_random(&centre.ids.secret());
        let life = centre.policy().invitation_life;
        let invitation = Invitation {
            id: InvitationId::from_uuid(centre.ids.uuid(self.now())),
            body,
            code_hash: code.hash(),
            created_by,
            created_at: self.now(),
            expires_at: self.now().checked_add(life).unwrap_or(Timestamp::MAX),
            used: None,
            revoked_at: None,
        };
        self.insert(&invitation)?;
        let act = Act::new("invitation.created").detail(json!({ "body": body }));
        self.audit(Subject::new(&Invitation::KIND, invitation.id), &actor, act).await?;
        Ok((invitation, code))
    }

    /// Calls an invitation back that nobody has used.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::InvitationClosed`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn revoke_invitation(&mut self, by: By, id: InvitationId) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.allowed(by, Permission::ManageBodies).await?;
        let stored: Stored<Invitation> =
            centre.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("invitation"))?;
        if !stored.value.is_open(self.now()) {
            return Err(StaffingRefusal::InvitationClosed.into());
        }
        self.update(&stored, &Invitation { revoked_at: Some(self.now()), ..stored.value.clone() })?;
        let act = Act::new("invitation.revoked");
        self.audit(Subject::new(&Invitation::KIND, id), &actor, act).await?;
        Ok(())
    }

    /// A member proves by a code that they submit for a body, or that they are one of the staff. Every outcome is to be committed.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to all but members who follow; [`ServiceError::Store`].
    pub async fn redeem_code(&mut self, by: By, code: &InvitationCode) -> Result<Redemption, ServiceError> {
        let centre = self.centre().clone();
        let (member, actor) = centre.own_record(by).await?;
        let id = member.value.id;
        let failures = centre.code_failures(id).await?;
        let since = self.now().checked_sub(CODE_WINDOW).unwrap_or(Timestamp::MIN);
        let mut recent: Vec<Timestamp> =
            failures.as_ref().map_or_else(Vec::new, |failures| failures.value.at.clone());
        recent.retain(|at| *at > since);
        if let (true, Some(first)) = (recent.len() >= MAX_CODE_FAILURES, recent.first()) {
            let until = first.checked_add(CODE_WINDOW).unwrap_or(Timestamp::MAX);
            return Ok(Redemption::TooMany { until });
        }
        let linked = self.take_link(id, &actor, code).await?;
        if let Some(Ok(staff)) = linked {
            if let Some(failures) = &failures {
                self.delete(failures);
            }
            return Ok(Redemption::Linked(Box::new(staff)));
        }
        let invited = match linked {
            Some(Err(refusal)) => Err(Redemption::NotLinked(refusal)),
            _ => centre.open_invitation(code, id, self.now()).await?,
        };
        let refused = match invited {
            Ok((invitation, used, body)) => {
                self.update(&invitation, &used)?;
                self.update(&member, &Member { submits_for: Some(body.id), ..member.value.clone() })?;
                if let Some(failures) = &failures {
                    self.delete(failures);
                }
                let act = Act::new("invitation.redeemed").detail(json!({ "body": body.id, "member": id }));
                self.audit(Subject::new(&Invitation::KIND, used.id), &actor, act).await?;
                let act =
                    Act::new("member.submits").detail(json!({ "body": body.id, "invitation": used.id }));
                self.audit(members::subject(id), &actor, act).await?;
                return Ok(Redemption::Submitter(body));
            }
            Err(refused) => refused,
        };
        recent.push(self.now());
        let act = Act::new("member.code_refused").detail(json!({ "failures": recent.len() }));
        let next = CodeFailures { member: id, at: recent };
        match &failures {
            Some(failures) => self.update(failures, &next)?,
            None => self.insert(&next)?,
        }
        self.audit(members::subject(id), &actor, act).await?;
        Ok(refused)
    }

    /// Staff take from a member that they submit for a body.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageBodies`]; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn remove_submitter(&mut self, by: By, id: MemberId) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.allowed(by, Permission::ManageBodies).await?;
        let stored = centre.member(id).await?;
        let Some(body) = stored.value.submits_for else { return Ok(()) };
        self.update(&stored, &Member { submits_for: None, ..stored.value.clone() })?;
        let act = Act::new("member.submits_no_more").detail(json!({ "body": body }));
        self.audit(members::subject(id), &actor, act).await?;
        Ok(())
    }
}

impl Centre {
    /// All bodies, by name.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn bodies(&self) -> Result<Vec<Body>, ServiceError> {
        let bodies = self.store.all(Scan::index(Body::KIND, "name"), MAX_LIST).await?;
        Ok(bodies.into_iter().map(|stored| stored.value).collect())
    }

    /// How many submit for each body, and how many of its invitations can be used now; a body that is not named has none of
    /// either.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn body_figures(&self) -> Result<HashMap<BodyId, BodyFigures>, ServiceError> {
        let mut figures: HashMap<BodyId, BodyFigures> = HashMap::new();
        let submitters = self.store.tally_all(Scan::index(Member::KIND, "submits_for"), MAX_LIST).await?;
        for (body, count) in submitters {
            if let Ok(body) = body.parse() {
                figures.entry(body).or_default().submitters = count;
            }
        }
        let now = self.now();
        let mut scan = Scan::keys(Invitation::KIND).limit(MAX_PAGE);
        loop {
            let page = self.store.page::<Invitation>(&scan).await?;
            for open in page.items.into_iter().filter(|stored| stored.value.is_open(now)) {
                figures.entry(open.value.body).or_default().open_invitations += 1;
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(figures),
            }
        }
    }

    /// A body.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn body(&self, id: BodyId) -> Result<Stored<Body>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("body"))
    }

    /// A body's invitations, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn invitations(&self, body: BodyId) -> Result<Vec<Invitation>, ServiceError> {
        let scan = Scan::index(Invitation::KIND, "body").exactly(body.to_string());
        let invitations = self.store.all(scan, MAX_LIST).await?;
        let mut invitations: Vec<Invitation> = invitations.into_iter().map(|stored| stored.value).collect();
        invitations.sort_by_key(|invitation| std::cmp::Reverse(invitation.created_at));
        Ok(invitations)
    }

    /// The members who submit for a body.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn submitters(&self, body: BodyId) -> Result<Vec<Member>, ServiceError> {
        let scan = Scan::index(Member::KIND, "submits_for").exactly(body.to_string());
        let members = self.store.all(scan, MAX_LIST).await?;
        Ok(members.into_iter().map(|stored| stored.value).collect())
    }

    /// Who asks, if they may do this.
    async fn allowed(&self, by: By, permission: Permission) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        if actor.may(permission) { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }

    /// The codes that a member tried in vain.
    pub(super) async fn code_failures(
        &self,
        id: MemberId,
    ) -> Result<Option<Stored<CodeFailures>>, ServiceError> {
        Ok(self.store.load(&id.to_string()).await?)
    }

    /// The invitation behind a code, used by this member, with its body; or why it does not serve.
    async fn open_invitation(
        &self,
        code: &InvitationCode,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Result<(Stored<Invitation>, Invitation, Body), Redemption>, ServiceError> {
        let scan = Scan::index(Invitation::KIND, "code").exactly(code.hash().to_hex());
        let Some(invitation) = self.store.first::<Invitation>(&scan).await? else {
            return Ok(Err(Redemption::Unknown));
        };
        let used = match invitation.value.redeem(member, now) {
            Ok(used) => used,
            Err(refusal) => return Ok(Err(Redemption::Refused(refusal))),
        };
        match self.store.load::<Body>(&used.body.to_string()).await? {
            Some(body) if body.value.active => Ok(Ok((invitation, used, body.value))),
            _ => Ok(Err(Redemption::Refused(InvitationRefusal::Revoked))),
        }
    }
}
