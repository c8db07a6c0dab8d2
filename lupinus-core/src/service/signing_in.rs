//! Signing in: what is counted when it fails, and what begins when it does not.

use jiff::Timestamp;
use serde_json::json;

use super::{Centre, ServiceError, Work, staffing::subject};
use crate::{
    actor::{Actor, Origin},
    audit::{Act, Subject},
    ids::StaffId,
    staff::{FactorProof, SignInFailures, Staff},
    store::{Entity, StoreExt, Stored},
};

impl Work {
    /// Somebody failed to sign in. At the policy's number of failures in a row the account is locked for its time; while it is,
    /// attempts change nothing of it. Answers until when it is locked.
    ///
    /// Every failure counts towards the ceiling of all of them, whether anybody has the login or not, so that one password tried
    /// on many accounts is seen as well, and the change takes as long for a login that nobody has.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sign_in_failed(&mut self, login: &str) -> Result<Option<Timestamp>, ServiceError> {
        self.count_failure().await?;
        let centre = self.centre().clone();
        let Some(stored) = centre.staff_by_login(login).await? else { return Ok(None) };
        if let Some(until) = centre.is_locked(&stored.value) {
            return Ok(Some(until));
        }
        let (most, time) = centre.policy().lockout;
        let failures = stored.value.failures.saturating_add(1);
        let locked_until = (failures >= most).then(|| self.now().checked_add(time).unwrap_or(Timestamp::MAX));
        let staff = Staff { failures, locked_until, ..stored.value.clone() };
        self.update(&stored, &staff)?;
        let act = Act::new("staff.sign_in_failed")
            .detail(json!({ "failures": failures, "locked_until": locked_until }));
        self.audit(subject(staff.id), &at_the_console(), act).await?;
        Ok(locked_until)
    }

    /// Counts a failure among all of them, and says so once when they have become too many.
    async fn count_failure(&mut self) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let ceiling = centre.policy().sign_in_ceiling;
        let known = centre.sign_in_failures().await?;
        let next = SignInFailures::after(known.as_ref().map(|known| &known.value), ceiling, self.now());
        match &known {
            Some(known) => self.update(known, &next)?,
            None => self.insert(&next)?,
        }
        if next.count == ceiling.0 {
            let act = Act::new("staff.sign_in_paused")
                .detail(json!({ "failures": next.count, "until": next.paused_until(ceiling, self.now()) }));
            self.audit(everybody(), &at_the_console(), act).await?;
        }
        Ok(())
    }

    /// From one address came more attempts than anybody makes: the trail says that it was so, and not from where.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sign_in_slowed(&mut self) -> Result<(), ServiceError> {
        self.audit(everybody(), &at_the_console(), Act::new("staff.sign_in_slowed")).await?;
        Ok(())
    }

    /// Somebody gave the right password, and the second factor if they have one: the count of failures begins anew.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] when the account is locked or not active, when the second factor is missing, or its code has
    /// served before; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn sign_in_succeeded(
        &mut self,
        id: StaffId,
        proof: Option<FactorProof>,
    ) -> Result<Staff, ServiceError> {
        let centre = self.centre().clone();
        let stored = centre.staff(id).await?;
        if !stored.value.active || centre.is_locked(&stored.value).is_some() {
            return Err(ServiceError::NotAllowed);
        }
        let second_factor = match (&stored.value.second_factor, proof) {
            (None, None) => None,
            (Some(factor), Some(proof)) => Some(factor.after(proof).ok_or(ServiceError::NotAllowed)?),
            (None, Some(_)) | (Some(_), None) => return Err(ServiceError::NotAllowed),
        };
        let staff = Staff { second_factor, failures: 0, locked_until: None, ..stored.value.clone() };
        if staff != stored.value {
            self.update(&stored, &staff)?;
        }
        let actor = Actor::staff(id, staff.roles.clone());
        let by = match proof {
            None => "password",
            Some(FactorProof::Code { .. }) => "code",
            Some(FactorProof::Recovery { .. }) => "recovery",
        };
        self.audit(subject(id), &actor, Act::new("staff.signed_in").detail(json!({ "by": by }))).await?;
        Ok(staff)
    }
}

impl Centre {
    /// Until when an account is locked; `None` when it is not.
    pub fn is_locked(&self, staff: &Staff) -> Option<Timestamp> {
        staff.locked_until.filter(|until| self.now() < *until)
    }

    /// Until when nobody can sign in, since too many attempts failed, whoever made them. Whoever is signed in stays so.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sign_in_paused(&self) -> Result<Option<Timestamp>, ServiceError> {
        let failures = self.sign_in_failures().await?;
        Ok(failures.and_then(|known| known.value.paused_until(self.policy().sign_in_ceiling, self.now())))
    }

    async fn sign_in_failures(&self) -> Result<Option<Stored<SignInFailures>>, ServiceError> {
        Ok(self.store.load(SignInFailures::KEY).await?)
    }
}

/// The chain of what concerns the door and no account.
fn everybody() -> Subject {
    Subject::new(&Staff::KIND, "sign_in")
}

fn at_the_console() -> Actor {
    Actor { origin: Origin::Console, ..Actor::system() }
}
