//! Who staff are at the city's provider of identities.

use super::{By, Centre, ServiceError, StaffingRefusal, Work, staffing};
use crate::{
    actor::Actor,
    audit::Act,
    ids::StaffId,
    staff::{ProviderIdentity, ProviderLink, Staff},
    store::{Entity, Scan, StoreExt, Stored},
};

impl Work {
    /// Who somebody is at the city's provider: said by themselves alone, who have just shown again what opens their account without it.
    /// Nothing that a provider says of anybody links them.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] for another's; [`StaffingRefusal::LinkedAlready`]; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn link_provider(
        &mut self,
        by: By,
        id: StaffId,
        identity: ProviderIdentity,
    ) -> Result<(), ServiceError> {
        if by != By::Staff(id) {
            return Err(ServiceError::NotAllowed);
        }
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let stored = centre.staff(id).await?;
        if stored.value.provider.is_some() || centre.staff_at_provider(&identity).await?.is_some() {
            return Err(StaffingRefusal::LinkedAlready.into());
        }
        let provider = Some(ProviderLink { identity, since: self.now() });
        self.update(&stored, &Staff { provider, ..stored.value.clone() })?;
        self.audit(staffing::subject(id), &actor, Act::new("staff.provider_linked")).await?;
        Ok(())
    }

    /// An account is nobody's at the provider any more, until its owner links it anew: one's own, or another's by an administrator.
    /// Without a link nothing happens.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn unlink_provider(&mut self, by: By, id: StaffId) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.own_or_manager(by, id).await?;
        let stored = centre.staff(id).await?;
        if stored.value.provider.is_none() {
            return Ok(());
        }
        self.update(&stored, &Staff { provider: None, ..stored.value.clone() })?;
        self.provider_unlinked(id, &actor).await
    }

    pub(super) async fn provider_unlinked(&mut self, id: StaffId, actor: &Actor) -> Result<(), ServiceError> {
        self.erases();
        self.audit(staffing::subject(id), actor, Act::new("staff.provider_unlinked")).await?;
        Ok(())
    }
}

impl Centre {
    /// The account that is linked to this identity at the provider.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn staff_at_provider(
        &self,
        identity: &ProviderIdentity,
    ) -> Result<Option<Stored<Staff>>, ServiceError> {
        let linked = Scan::index(Staff::KIND, Staff::PROVIDER_INDEX).exactly(identity.index_value());
        Ok(self.store.first(&linked).await?)
    }
}
