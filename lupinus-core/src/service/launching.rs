//! Trial and live: what must hold, who says so, and to whom is sent meanwhile.

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Role},
    audit::{Act, Subject},
    delivery::{Delivery, DeliveryState, GateTurn},
    hash::Sha256Hash,
    launch::{Check, Command, Context, Launch, Seen},
    member::Member,
    outbox::DeliveryKind,
    staff::Staff,
    store::{Entity, Scan, StoreExt},
};

/// Most of the latest deliveries that are looked at for a test.
const MAX_LOOKED_AT: usize = 200;

impl Work {
    /// A store without a member begins in trial. Answers whether it did; a store with members stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn begin_trial(&mut self) -> Result<bool, ServiceError> {
        let centre = self.centre().clone();
        let begun = centre.store.load::<Launch>(Launch::KEY).await?.is_some();
        if begun || centre.store.count(&Scan::keys(Member::KIND)).await? > 0 {
            return Ok(false);
        }
        self.insert(&Launch::trial(self.now()))?;
        self.audit(subject(), &Actor::system(), Act::new("launch.trial_begun")).await?;
        Ok(true)
    }

    /// What an administrator wants of trial and live. `texts` is the hash of the texts that members read.
    ///
    /// # Errors
    /// [`ServiceError::Launch`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn launch_command(
        &mut self,
        by: By,
        command: Command,
        texts: Sha256Hash,
    ) -> Result<Launch, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let read = centre.store.load::<Launch>(Launch::KEY).await?;
        let present = read.as_ref().map_or_else(Launch::live, |read| read.value.clone());
        let passed = match command {
            Command::Propose | Command::Confirm => {
                centre.checks(&present, texts).await?.iter().all(|(_, passed)| *passed)
            }
            _ => false,
        };
        let shown = match command {
            Command::See { seen, .. } => centre.seen_now(seen, texts),
            _ => Sha256Hash::ZERO,
        };
        let cx = Context { actor: &actor, passed, shown, now: self.now() };
        let decision = present.decide(command, &cx).map_err(ServiceError::Launch)?;
        match &read {
            Some(read) => self.update(read, &decision.next)?,
            None => self.insert(&decision.next)?,
        }
        if decision.next.is_trial() != present.is_trial() {
            self.move_turn().await?;
        }
        self.audit(subject(), &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// Whoever is about to let a delivery pass asks anew how far the centre is.
    async fn move_turn(&mut self) -> Result<(), ServiceError> {
        match self.centre().store.load::<GateTurn>(GateTurn::KEY).await? {
            Some(turn) => self.update(&turn, &turn.value.next())?,
            None => self.insert(&GateTurn::default())?,
        }
        Ok(())
    }
}

impl Centre {
    /// How far the centre is.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn launch(&self) -> Result<Launch, ServiceError> {
        let read = self.store.load::<Launch>(Launch::KEY).await?;
        Ok(read.map_or_else(Launch::live, |read| read.value))
    }

    /// The hash of what somebody sees who looks at this now.
    pub fn seen_now(&self, seen: Seen, texts: Sha256Hash) -> Sha256Hash {
        match seen {
            Seen::Hours => Sha256Hash::of_json(&self.policy().hours),
            Seen::Texts => texts,
            Seen::LineResponses | Seen::Backup => Sha256Hash::ZERO,
        }
    }

    /// The list, line by line: what must hold, and whether it does now.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn checks(
        &self,
        launch: &Launch,
        texts: Sha256Hash,
    ) -> Result<Vec<(Check, bool)>, ServiceError> {
        let now = self.now();
        let policy = self.policy();
        let staff: Vec<Staff> = self.staff_list().await?.into_iter().filter(|staff| staff.active).collect();
        let administrators = staff.iter().filter(|staff| staff.roles.has(Role::Administrator)).count();
        let mut checks = Vec::with_capacity(Check::ALL.len());
        for check in Check::ALL {
            let passed = match check {
                Check::Channel => launch.examined.as_ref().is_some_and(|examined| examined.is_good(now)),
                Check::Administrators => administrators >= 2,
                Check::SecondFactor => {
                    staff.iter().all(|staff| staff.second_factor.is_some() || !self.needs_own_factor(staff))
                }
                Check::Route => policy.routes.obstacle(&staff).is_none(),
                Check::Seen(seen) => {
                    let of = self.seen_now(seen, texts);
                    launch.seen.get(&seen).is_some_and(|known| known.counts(of, now))
                }
                Check::Test => self.test_arrived().await?,
                Check::Rules => self.staff_accepted_rules().await?,
            };
            checks.push((check, passed));
        }
        Ok(checks)
    }

    /// Whether a test was accepted for somebody, of the latest deliveries.
    async fn test_arrived(&self) -> Result<bool, ServiceError> {
        let scan = Scan::index(Delivery::KIND, "started").backwards().limit(MAX_LOOKED_AT);
        let page = self.store.page::<Delivery>(&scan).await?;
        Ok(page.items.iter().map(|delivery| &delivery.value).any(|delivery| {
            delivery.kind == DeliveryKind::Test
                && delivery.state == DeliveryState::Complete
                && delivery.recipients > 0
        }))
    }

    async fn staff_accepted_rules(&self) -> Result<bool, ServiceError> {
        let version = &self.policy().rules_version;
        let testing = self.testing_members().await?;
        Ok(testing.iter().any(|member| member.has_accepted(version)))
    }
}

fn subject() -> Subject {
    Subject::new(&Launch::KIND, Launch::KEY)
}
