//! Load, decide, commit: the services that the bot and the console call. They hold no rules; those are in the decisions.
//!
//! Every change is one [`Batch`](crate::store::Batch): the new state with the version it was decided on, its audit entry, and what is to be sent.
//! A conflict loads and decides again.

mod beside;
mod bundle;
mod canned;
mod consultations;
mod dispatch;
mod disposing;
mod error;
mod faq;
mod figures;
mod finding;
mod identities;
mod incidents;
mod intake;
mod invitations;
mod launching;
mod linking;
mod members;
mod planning;
mod publishing;
mod queue;
mod screening;
mod sending;
mod settings;
mod signing_in;
mod staffing;
mod testing;
mod trail;
mod wording;
mod work;

use std::sync::Arc;

pub use self::{
    beside::{Beside, MAX_COMPARED},
    bundle::{Look, LookReason, MemberBundle},
    consultations::{
        Asked, ConsultationFigures, ConsultationFilter, ConsultationsFound, Handled,
        MAX_CONSULTATIONS_LOOKED_AT, Vetting,
    },
    dispatch::{Leased, Settlement},
    error::ServiceError,
    finding::{MAX_LOOKED_AT, PostsFound},
    intake::{Arrived, MAX_FAILURES, Received},
    invitations::{BodyFigures, CODE_WINDOW, MAX_CODE_FAILURES, Redemption},
    linking::LinkedStaff,
    members::{Erased, HeldAboutMember, MAX_AUDIENCE, ProfileChange},
    planning::{MAX_PLANNED, Plan},
    publishing::{ContentCheck, Draft, SendingPreview},
    queue::{About, MAX_QUEUE, Queue, QueueStamp, Queued},
    screening::LookedInto,
    signing_in::SignedInBy,
    staffing::{MAX_NAME_CHARS, NewStaff, SoleAdministrator, StaffChanged, StaffingRefusal},
    trail::AuditReport,
    wording::{MAX_LISTED_WORDS, WordDecision},
    work::{Decided, Work},
};
use crate::{
    actor::{Actor, Origin},
    clock::Clock,
    ids::{IdSource, MemberId, StaffId},
    member::{Member, MemberState},
    policy::Policy,
    screening::{NoTextReader, Screen, TextReader},
    staff::Staff,
    store::{Store, StoreExt, Stored},
};

/// How often a decision is taken again after a conflict.
const MAX_TRIES: usize = 20;

/// The coordination centre: everything that its services need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Centre {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) screen: Screen,
    pub(crate) reader: Arc<dyn TextReader>,
    policy: Arc<settings::InForce>,
}

/// Who asks, as the bot or the console knows them. The service loads what a decision must know of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A member on LINE.
    Member(MemberId),
    /// One of the staff, signed in at the console.
    Staff(StaffId),
    /// One of the staff in the stead of another (代決).
    Deputy {
        /// Who acts.
        deputy: StaffId,
        /// For whom.
        replaced: StaffId,
    },
    /// The program itself.
    System,
}

impl Centre {
    /// A centre over these.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        screen: Screen,
        policy: Policy,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            policy: settings::InForce::new(policy, &screen),
            screen,
            reader: Arc::new(NoTextReader),
        }
    }

    /// The same, with somebody who reads the text of files. Without, a person looks into every file.
    pub fn reading_with(self, reader: Arc<dyn TextReader>) -> Self {
        Self { reader, ..self }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The screening of texts.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Now.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Where ids and secrets come from.
    pub fn ids(&self) -> &Arc<dyn IdSource> {
        &self.ids
    }

    /// What a decision must know of who asks.
    pub(crate) async fn actor(&self, by: By) -> Result<Actor, ServiceError> {
        match by {
            By::System => Ok(Actor::system()),
            By::Member(id) => {
                let member = self.member(id).await?.value;
                if member.state != MemberState::Following {
                    return Err(ServiceError::NotAllowed);
                }
                Ok(Actor::member(id, member.submits_for))
            }
            By::Staff(id) => {
                let staff = self.active_staff(id).await?;
                Ok(Actor::staff(id, staff.roles))
            }
            By::Deputy { deputy, replaced } => {
                let (acting, absent) = (self.active_staff(deputy).await?, self.active_staff(replaced).await?);
                if !absent.deputies.contains(&deputy) {
                    return Err(ServiceError::NotAllowed);
                }
                let mut actor = Actor::staff(deputy, acting.roles);
                actor.on_behalf_of = Some((replaced, absent.roles));
                actor.origin = Origin::Console;
                Ok(actor)
            }
        }
    }

    async fn active_staff(&self, id: StaffId) -> Result<Staff, ServiceError> {
        match self.store.load::<Staff>(&id.to_string()).await? {
            Some(staff) if staff.value.active => Ok(staff.value),
            _ => Err(ServiceError::NotAllowed),
        }
    }

    /// A member by our id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn member(&self, id: MemberId) -> Result<Stored<Member>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("member"))
    }

    /// Runs one load-decide-commit until it commits, or another error than a conflict ends it.
    ///
    /// `decide` is handed a fresh [`Work`] for each try and hands it back with [`Work::done`]; it has no other effect.
    ///
    /// The crate's page has examples.
    ///
    /// # Errors
    /// What `decide` answers; [`ServiceError::Busy`] after too many conflicts; [`ServiceError::Store`].
    pub async fn transact<T, F, Fut>(&self, decide: F) -> Result<T, ServiceError>
    where
        F: Fn(Work) -> Fut,
        Fut: Future<Output = Result<Decided<T>, ServiceError>>,
    {
        for _ in 0..MAX_TRIES {
            let Decided { value, work } = decide(Work::new(self.clone())).await?;
            match work.commit().await {
                Ok(()) => return Ok(value),
                Err(crate::store::StoreError::Conflict(key)) => {
                    tracing::debug!(record = %key, "decided again after a conflict");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(ServiceError::Busy)
    }
}
