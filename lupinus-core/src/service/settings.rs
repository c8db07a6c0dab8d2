//! What is in force: the file's rules, and what administrators changed while the program runs.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use super::{By, Centre, ServiceError, Work};
use crate::{
    audience::Audience,
    audit::Subject,
    choices::Usage,
    delivery::Delivery,
    ids::PostId,
    policy::Policy,
    post::{Post, PostState},
    screening::Screen,
    settings::{Command, Context, Part, Setting},
    store::{Entity, RecordKey, Scan, StoreExt},
};

/// The policy in force. Clones of a centre share it.
pub(super) struct InForce {
    file: Policy,
    /// With the numbers of the versions that it is made of.
    changed: RwLock<Option<([u32; Part::ALL.len()], &'static Policy)>>,
}

impl fmt::Debug for InForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InForce")
    }
}

impl InForce {
    pub(super) fn new(file: Policy, screen: &Screen) -> Arc<Self> {
        screen.decide(file.screening.clone());
        Arc::new(Self { file, changed: RwLock::default() })
    }

    fn policy(&self) -> &Policy {
        match *self.changed.read().unwrap_or_else(PoisonError::into_inner) {
            Some((_, policy)) => policy,
            None => &self.file,
        }
    }

    /// Whoever decides at this moment does so by the policy that they began with, so that it stays where it is: a few kilobytes
    /// for each change of a setting until the program ends, and a city changes a few dozen a year.
    fn put_in_force(&self, settings: &[Setting], screen: &Screen) {
        let numbers = Part::ALL
            .map(|part| settings.iter().find(|setting| setting.part == part).map_or(0, Setting::number));
        let mut changed = self.changed.write().unwrap_or_else(PoisonError::into_inner);
        let known = changed.as_ref().map_or([0; Part::ALL.len()], |(known, _)| *known);
        // What was read before a change may come after it.
        let later = numbers.iter().zip(&known).all(|(number, known)| number >= known);
        if later && known != numbers {
            let policy: &'static Policy = Box::leak(Box::new(Setting::applied(&self.file, settings)));
            screen.decide(policy.screening.clone());
            *changed = Some((numbers, policy));
        }
    }
}

impl Centre {
    /// The rules in force: the city's file, and what administrators changed since.
    pub fn policy(&self) -> &Policy {
        self.policy.policy()
    }

    /// The rules as the city's file has them.
    pub fn policy_of_file(&self) -> &Policy {
        &self.policy.file
    }

    /// Every part that can be changed, in the order of [`Part::ALL`], with its versions.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn settings(&self) -> Result<Vec<Setting>, ServiceError> {
        let keys = Part::ALL.map(|part| RecordKey::new(Setting::KIND, part.name()));
        let stored = self.store.load_many::<Setting>(&keys).await?;
        let parts = Part::ALL.into_iter().zip(stored);
        Ok(parts.map(|(part, stored)| stored.map_or(Setting::untouched(part), |it| it.value)).collect())
    }

    /// Reads the settings again: at the start, after a change, and now and then, since another process may have changed them. They
    /// are in force from then on.
    ///
    /// # Errors
    /// [`ServiceError::Store`]; what was in force stays so.
    pub async fn reload_settings(&self) -> Result<(), ServiceError> {
        self.policy.put_in_force(&self.settings().await?, &self.screen);
        Ok(())
    }

    /// How far the city's choices are used, by members and in audiences. Reads every post and every delivery, of which a city has dozens a year.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn usage_of_choices(&self) -> Result<Usage, ServiceError> {
        let mut usage = Usage::default();
        for (standing, count) in self.standings().await? {
            usage.members(&standing, count);
        }
        let mut audiences: HashMap<PostId, Vec<Audience>> = HashMap::new();
        self.each(Scan::keys(Post::KIND), |post: Post| {
            let of_post = audiences.entry(post.id).or_default();
            of_post.push(post.audience);
            if let PostState::Scheduled { audience, .. } = post.state {
                of_post.push(audience);
            }
        })
        .await?;
        self.each(Scan::keys(Delivery::KIND), |delivery: Delivery| {
            audiences.entry(delivery.post).or_default().push(delivery.audience);
        })
        .await?;
        for audiences in audiences.values() {
            usage.post(audiences);
        }
        Ok(usage)
    }

    /// What an administrator wants of a part of the settings. In force when it returns, in this program; in others, or
    /// where the store fails just then, within a minute.
    ///
    /// # Errors
    /// As [`Work::change_setting`].
    pub async fn change_setting(&self, by: By, part: Part, command: &Command) -> Result<(), ServiceError> {
        self.transact(|mut work| async move {
            work.change_setting(by, part, command.clone()).await?;
            work.done(())
        })
        .await?;
        // It is saved: where it cannot be read again now, it is in force within a minute, as in other programs.
        let _ = self.reload_settings().await;
        Ok(())
    }
}

impl Work {
    /// What an administrator wants of a part of the settings.
    ///
    /// # Errors
    /// [`ServiceError::Setting`]; [`ServiceError::Store`].
    pub async fn change_setting(
        &mut self,
        by: By,
        part: Part,
        command: Command,
    ) -> Result<Setting, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let read = centre.store.load::<Setting>(part.name()).await?;
        let untouched = Setting::untouched(part);
        let present = read.as_ref().map_or(&untouched, |read| &read.value);
        let file = part.of(centre.policy_of_file());
        let staff = centre.staff_list().await?;
        let usage = match part {
            Part::Areas | Part::Professions => centre.usage_of_choices().await?,
            _ => Usage::default(),
        };
        let cx = Context { actor: &actor, file: &file, staff: &staff, usage: &usage, now: self.now() };
        let decision = present.decide(command, &cx).map_err(ServiceError::Setting)?;
        match &read {
            Some(read) => self.update(read, &decision.next)?,
            None => self.insert(&decision.next)?,
        }
        self.audit(Subject::new(&Setting::KIND, part.name()), &actor, decision.act).await?;
        Ok(decision.next)
    }
}
