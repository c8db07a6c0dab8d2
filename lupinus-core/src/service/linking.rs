//! Links between staff and members: offered at the console, taken on LINE, undone from either side.

use serde_json::json;

use super::{By, Centre, ServiceError, Work, members, staffing};
use crate::{
    actor::{Actor, Permission, Who},
    audit::Act,
    body::InvitationCode,
    ids::{MemberId, StaffId},
    linking::{LinkOffer, LinkRefusal, StaffLink},
    member::{Member, MemberState},
    outbox::{Addressee, Message, Recipient, Sort},
    staff::Staff,
    store::{Entity, RecordKey, Scan, StoreExt, Stored},
};

/// One of the staff with the member that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedStaff {
    /// The account.
    pub staff: Staff,
    /// The member.
    pub member: Member,
    /// The link.
    pub link: StaffLink,
}

impl LinkedStaff {
    /// Whether they are reached: the account is in use, and the member follows.
    pub fn is_reached(&self) -> bool {
        self.staff.active && self.member.state == MemberState::Following && self.member.contact.is_some()
    }

    /// Whether a test of a post may go to them: they are reached, and may see posts of every body (R24).
    pub fn receives_tests(&self) -> bool {
        self.is_reached() && self.staff.roles.permit(Permission::ReadPosts)
    }

    /// Where they are reached.
    pub fn addressee(&self) -> Addressee {
        Addressee { member: self.member.id, contact: self.member.contact.clone() }
    }
}

impl Work {
    /// A code by which one of the staff links their LINE account: shown now and never again. It replaces the one before.
    ///
    /// # Errors
    /// [`ServiceError::Linking`]: [`LinkRefusal::StaffLinked`]; [`ServiceError::NotAllowed`] to anybody but staff themselves;
    /// [`ServiceError::Store`].
    pub async fn offer_link(&mut self, by: By) -> Result<(LinkOffer, InvitationCode), ServiceError> {
        let By::Staff(id) = by else { return Err(ServiceError::NotAllowed) };
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        if centre.link_of(id).await?.is_some() {
            return Err(ServiceError::Linking(LinkRefusal::StaffLinked));
        }
        let code = InvitationCode::from_random(&centre.ids.secret());
        let offer = LinkOffer::new(id, &code, self.now());
        match centre.store.load::<LinkOffer>(&id.to_string()).await? {
            Some(before) => self.update(&before, &offer)?,
            None => self.insert(&offer)?,
        }
        self.audit(staffing::subject(id), &actor, Act::new("staff.link_offered")).await?;
        Ok((offer, code))
    }

    /// Links the member who sent this code; `None` when it is of no offer. What was offered serves once.
    pub(super) async fn take_link(
        &mut self,
        member: MemberId,
        actor: &Actor,
        code: &InvitationCode,
    ) -> Result<Option<Result<Staff, LinkRefusal>>, ServiceError> {
        let centre = self.centre().clone();
        let offers: Vec<Stored<LinkOffer>> =
            centre.store.all(Scan::keys(LinkOffer::KIND), staffing::MAX_LIST).await?;
        let Some(offer) = offers.iter().find(|offer| offer.value.is_answered_by(code)) else {
            return Ok(None);
        };
        let id = offer.value.staff;
        let staff = centre.staff(id).await?.value;
        let linked = centre.store.load::<StaffLink>(&member.to_string()).await?;
        let link = match offer.value.taken_by(member, linked.as_ref().map(|linked| &linked.value), self.now())
        {
            Ok(_) if !staff.active => return Ok(Some(Err(LinkRefusal::Inactive))),
            Ok(_) if centre.link_of(id).await?.is_some() => return Ok(Some(Err(LinkRefusal::StaffLinked))),
            Ok(link) => link,
            Err(refusal) => return Ok(Some(Err(refusal))),
        };
        self.insert(&link)?;
        self.delete(offer);
        self.erases();
        self.audit(staffing::subject(id), &unnamed(actor), Act::new("staff.linked")).await?;
        self.audit(members::subject(member), actor, Act::new("member.linked")).await?;
        Ok(Some(Ok(staff)))
    }

    /// Undoes the link of one of the staff, and any code that was offered: one's own, or another's by an administrator. Whoever
    /// was linked is told on LINE. Nothing happens where there is nothing to undo.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn unlink(&mut self, by: By, id: StaffId) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.own_or_manager(by, id).await?;
        if let Some(offer) = centre.store.load::<LinkOffer>(&id.to_string()).await? {
            self.delete(&offer);
            self.audit(staffing::subject(id), &actor, Act::new("staff.link_withdrawn")).await?;
        }
        let Some(link) = centre.link_of(id).await? else { return Ok(()) };
        let member = centre.member(link.value.member).await?.value;
        self.undo_link(&link, &actor).await?;
        if member.state == MemberState::Following {
            let to = Recipient::Person(Addressee { member: member.id, contact: member.contact });
            self.send(to, vec![Message::StaffUnlinked], Sort::Personal, None, None)?;
        }
        Ok(())
    }

    /// Whether one of the staff is reminded on LINE, too, when a post waits for them too long: their own to say.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] to anybody but staff themselves; [`ServiceError::NotFound`] to whoever is not linked;
    /// [`ServiceError::Store`].
    pub async fn set_line_reminders(&mut self, by: By, reminds: bool) -> Result<(), ServiceError> {
        let By::Staff(id) = by else { return Err(ServiceError::NotAllowed) };
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let link = centre.link_of(id).await?.ok_or(ServiceError::NotFound("link"))?;
        if link.value.reminds != reminds {
            self.update(&link, &StaffLink { reminds, ..link.value.clone() })?;
            let act = Act::new("staff.line_reminders").detail(json!({ "on": reminds }));
            self.audit(staffing::subject(id), &actor, act).await?;
        }
        Ok(())
    }

    /// A member who leaves is nobody of the staff any more.
    pub(super) async fn unlink_member(
        &mut self,
        member: MemberId,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        match self.centre().store.load::<StaffLink>(&member.to_string()).await? {
            Some(link) => self.undo_link(&link, actor).await,
            None => Ok(()),
        }
    }

    async fn undo_link(&mut self, link: &Stored<StaffLink>, actor: &Actor) -> Result<(), ServiceError> {
        let StaffLink { member, staff, .. } = link.value;
        self.delete(link);
        self.erases();
        let (by_staff, by_member) = match actor.who {
            Who::Member(_) => (unnamed(actor), actor.clone()),
            Who::Staff(_) | Who::System => (actor.clone(), unnamed(actor)),
        };
        self.audit(staffing::subject(staff), &by_staff, Act::new("staff.unlinked")).await?;
        Ok(self.audit(members::subject(member), &by_member, Act::new("member.unlinked")).await?)
    }
}

/// Whoever it was, as the other one's chain says it: neither chain names the other, since a member who is erased is nobody's
/// number any more, and the trail stays (R12).
fn unnamed(actor: &Actor) -> Actor {
    Actor { origin: actor.origin, ..Actor::system() }
}

impl Centre {
    /// Which member one of the staff is.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn link_of(&self, staff: StaffId) -> Result<Option<Stored<StaffLink>>, ServiceError> {
        Ok(self.store.first(&Scan::index(StaffLink::KIND, "staff").exactly(staff.to_string())).await?)
    }

    /// The code that one of the staff has at hand to link with, if it still serves.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn link_offer(&self, staff: StaffId) -> Result<Option<LinkOffer>, ServiceError> {
        let offer = self.store.load::<LinkOffer>(&staff.to_string()).await?;
        Ok(offer.map(|offer| offer.value).filter(|offer| offer.is_open(self.now())))
    }

    /// All staff who are linked, by login, whether they can be reached or not.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn linked_staff(&self) -> Result<Vec<LinkedStaff>, ServiceError> {
        let links: Vec<Stored<StaffLink>> =
            self.store.all(Scan::keys(StaffLink::KIND), staffing::MAX_LIST).await?;
        let links: Vec<StaffLink> = links.into_iter().map(|link| link.value).collect();
        let members = self.members(links.iter().map(|link| link.member)).await?;
        let mut linked = Vec::with_capacity(links.len());
        for (links, members) in
            links.chunks(crate::store::MAX_PAGE).zip(members.chunks(crate::store::MAX_PAGE))
        {
            let keys: Vec<RecordKey> =
                links.iter().map(|link| RecordKey::new(Staff::KIND, link.staff.to_string())).collect();
            let staff = self.store.load_many::<Staff>(&keys).await?;
            linked.extend(links.iter().zip(members).zip(staff).filter_map(|((link, member), staff)| {
                Some(LinkedStaff { staff: staff?.value, member: member.clone()?, link: link.clone() })
            }));
        }
        linked.sort_by(|one, other| one.staff.login.cmp(&other.staff.login));
        Ok(linked)
    }
}
