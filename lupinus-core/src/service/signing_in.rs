//! Signing in: what is counted when it fails, and what begins when it does not.

use jiff::Timestamp;
use serde_json::json;

use super::{Centre, ServiceError, Work, staffing::subject};
use crate::{
    actor::{Actor, Origin, Role},
    audit::{Act, Subject},
    ids::StaffId,
    policy::{FactorOf, Passwords},
    staff::{FactorProof, ProviderIdentity, SecondFactor, SignInFailures, Staff},
    store::{Entity, StoreExt, Stored},
};

/// What somebody showed to sign in, before a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedInBy {
    /// The password of the account.
    Password,
    /// A token of the provider, which says that they are this one there.
    Provider(ProviderIdentity),
}

impl Work {
    /// Somebody gave a wrong password. At the policy's number of failures in a row passwords of the account are not looked at for its
    /// time; while that is so, attempts change nothing of it. Answers until when.
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
        let (failures, locked_until) = self.one_more(stored.value.failures);
        let staff = Staff { failures, locked_until, ..stored.value.clone() };
        self.failed(&stored, &staff, failures, locked_until).await
    }

    /// Somebody whom the account knows by now gave a wrong code: counted as [`Work::sign_in_failed`], but for codes, whatever was
    /// shown before them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn second_factor_failed(&mut self, id: StaffId) -> Result<Option<Timestamp>, ServiceError> {
        self.count_failure().await?;
        let centre = self.centre().clone();
        let stored = centre.staff(id).await?;
        let Some(factor) = &stored.value.second_factor else { return Ok(None) };
        if let Some(until) = centre.is_factor_locked(factor) {
            return Ok(Some(until));
        }
        let (failures, locked_until) = self.one_more(factor.failures);
        let factor = SecondFactor { failures, locked_until, ..factor.clone() };
        let staff = Staff { second_factor: Some(factor), ..stored.value.clone() };
        self.failed(&stored, &staff, failures, locked_until).await
    }

    /// How many failures there are with one more, and until when that many lock.
    fn one_more(&self, failures: u32) -> (u32, Option<Timestamp>) {
        let (most, time) = self.centre().policy().lockout;
        let failures = failures.saturating_add(1);
        let until = || self.now().checked_add(time).unwrap_or(Timestamp::MAX);
        (failures, (failures >= most).then(until))
    }

    async fn failed(
        &mut self,
        stored: &Stored<Staff>,
        staff: &Staff,
        failures: u32,
        locked_until: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, ServiceError> {
        self.update(stored, staff)?;
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

    /// Somebody gave the right password, or came from the provider as whom the account is linked to, and showed the second factor if
    /// they are asked for it. A right password ends the count of wrong ones; whoever comes from the provider says nothing about those,
    /// and no stranger's guesses keep them out.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] when the account is not active, when its passwords are locked or not taken, or it is not linked to
    /// this identity; when the second factor is missing or locked, or its code has served before; [`ServiceError::NotFound`];
    /// [`ServiceError::Store`].
    pub async fn sign_in_succeeded(
        &mut self,
        id: StaffId,
        by: &SignedInBy,
        proof: Option<FactorProof>,
    ) -> Result<Staff, ServiceError> {
        let centre = self.centre().clone();
        let stored = centre.staff(id).await?;
        let known = &stored.value;
        if !centre.is_open(known, by) {
            return Err(ServiceError::NotAllowed);
        }
        let second_factor = match (&known.second_factor, proof) {
            (factor, None) if !centre.asks_for_factor(known, by) => factor.clone(),
            (Some(factor), Some(proof)) => Some(centre.factor_after(factor, proof)?),
            (None, Some(_)) | (_, None) => return Err(ServiceError::NotAllowed),
        };
        let (failures, locked_until) = match by {
            SignedInBy::Password => (0, None),
            SignedInBy::Provider(_) => (known.failures, known.locked_until),
        };
        let staff = Staff { second_factor, failures, locked_until, ..known.clone() };
        if staff != *known {
            self.update(&stored, &staff)?;
        }
        let actor = Actor::staff(id, staff.roles.clone());
        let by = match (by, proof) {
            (SignedInBy::Password, None) => "password",
            (SignedInBy::Password, Some(FactorProof::Code { .. })) => "code",
            (SignedInBy::Password, Some(FactorProof::Recovery { .. })) => "recovery",
            (SignedInBy::Provider(_), None) => "provider",
            (SignedInBy::Provider(_), Some(FactorProof::Code { .. })) => "provider_code",
            (SignedInBy::Provider(_), Some(FactorProof::Recovery { .. })) => "provider_recovery",
        };
        self.audit(subject(id), &actor, Act::new("staff.signed_in").detail(json!({ "by": by }))).await?;
        Ok(staff)
    }

    /// Somebody who is signed in showed their second factor once more, before they change what opens their account.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without a second factor, and when it is locked or its code has served before;
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn second_factor_shown(&mut self, id: StaffId, proof: FactorProof) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let stored = centre.staff(id).await?;
        let factor = stored.value.second_factor.as_ref().ok_or(ServiceError::NotAllowed)?;
        let factor = centre.factor_after(factor, proof)?;
        self.update(&stored, &Staff { second_factor: Some(factor), ..stored.value.clone() })?;
        Ok(())
    }
}

impl Centre {
    /// Whether somebody may sign in with a password. Whoever is not linked to anybody at the provider has no other way.
    pub fn may_use_password(&self, staff: &Staff) -> bool {
        match self.policy().single_sign_on.passwords {
            Passwords::Everybody => true,
            Passwords::Administrators => staff.roles.has(Role::Administrator) || staff.provider.is_none(),
        }
    }

    /// Whether this opens the account, before a second factor.
    pub fn is_open(&self, staff: &Staff, by: &SignedInBy) -> bool {
        let opens = match by {
            SignedInBy::Password => self.may_use_password(staff) && self.is_locked(staff).is_none(),
            SignedInBy::Provider(identity) => staff.is_of(identity),
        };
        staff.active && opens
    }

    /// Whether somebody who has set up a second factor is asked for it.
    pub fn asks_for_factor(&self, staff: &Staff, by: &SignedInBy) -> bool {
        staff.second_factor.is_some() && self.asks_for_own_factor(by)
    }

    /// Whether their role asks them to set up a second factor of ours: not whoever signs in by the provider alone, and with its own.
    pub fn needs_own_factor(&self, staff: &Staff) -> bool {
        let elsewhere =
            self.policy().single_sign_on.second_factor == FactorOf::Provider && !self.may_use_password(staff);
        self.policy().second_factor.meet(&staff.roles) && !elsewhere
    }

    /// Whether our second factor counts for whoever signs in so.
    pub fn asks_for_own_factor(&self, by: &SignedInBy) -> bool {
        *by == SignedInBy::Password || self.policy().single_sign_on.second_factor == FactorOf::Ours
    }

    /// Until when an account takes no password, after too many wrong ones or too many wrong codes behind it; `None` when it does.
    pub fn is_locked(&self, staff: &Staff) -> Option<Timestamp> {
        let passwords = staff.locked_until.filter(|until| self.now() < *until);
        passwords.max(staff.second_factor.as_ref().and_then(|factor| self.is_factor_locked(factor)))
    }

    fn is_factor_locked(&self, factor: &SecondFactor) -> Option<Timestamp> {
        factor.locked_until.filter(|until| self.now() < *until)
    }

    fn factor_after(&self, factor: &SecondFactor, proof: FactorProof) -> Result<SecondFactor, ServiceError> {
        let open = self.is_factor_locked(factor).is_none();
        open.then(|| factor.after(proof)).flatten().ok_or(ServiceError::NotAllowed)
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
