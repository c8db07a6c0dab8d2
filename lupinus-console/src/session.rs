//! Sessions on the server: one record each, named by the hash of the cookie's value.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use lupinus_core::{
    actor::Actor,
    audit::{Act, Subject},
    hash::Sha256Hash,
    ids::StaffId,
    service::{Centre, ServiceError},
    staff::Staff,
    store::{Batch, Entity, EntityBatch, IndexEntry, Kind, RecordClass, Scan, StoreError, StoreExt},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store,
};

use crate::gate;

/// How often a write is tried again after a conflict.
const MAX_TRIES: usize = 5;
/// Most sessions removed in one sweep.
const SWEEP: usize = 500;

/// One session. Its key is a hash: who reads the store cannot sign in with it.
#[derive(Clone, Serialize, Deserialize)]
struct StoredSession {
    key: String,
    data: HashMap<String, Value>,
    expires_at: Timestamp,
}

impl Entity for StoredSession {
    const KIND: Kind = Kind::new("session");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("expires", format!("{:015}", self.expires_at.as_millisecond()))]
    }
}

fn key_of(id: Id) -> String {
    Sha256Hash::of(format!("lupinus session {id}").as_bytes()).to_hex()
}

/// Sessions in the centre's own store, by the centre's own clock.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    centre: Centre,
    idle_limit: Duration,
}

impl Sessions {
    pub(crate) fn new(centre: Centre, idle_limit: Duration) -> Self {
        Self { centre, idle_limit }
    }

    fn stored(&self, record: &Record) -> StoredSession {
        let expires_at = self.centre.now().saturating_add(self.idle_limit).unwrap_or(Timestamp::MAX);
        StoredSession { key: key_of(record.id), data: record.data.clone(), expires_at }
    }

    async fn insert(&self, record: &Record) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.insert(&self.stored(record))?;
        self.centre.store().commit(batch).await
    }
}

fn backend(error: &StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        for _ in 0..MAX_TRIES {
            match self.insert(record).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict(_)) => record.id = Id::default(),
                Err(error) => return Err(backend(&error)),
            }
        }
        Err(session_store::Error::Backend("no free session id".to_owned()))
    }

    /// A session that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        for _ in 0..MAX_TRIES {
            let store = self.centre.store();
            let read =
                store.load::<StoredSession>(&key_of(record.id)).await.map_err(|error| backend(&error))?;
            let Some(read) = read else { return Ok(()) };
            let mut batch = Batch::new();
            let update = batch.update(&self.stored(record), read.version);
            update.map_err(|error| backend(&error))?;
            match store.commit(batch).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(backend(&error)),
            }
        }
        Err(session_store::Error::Backend("too many writes at the same time".to_owned()))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let read = self.centre.store().load::<StoredSession>(&key_of(*id)).await;
        let Some(read) = read.map_err(|error| backend(&error))? else { return Ok(None) };
        if read.value.expires_at <= self.centre.now() {
            return Ok(None);
        }
        let expiry_date = OffsetDateTime::from_unix_timestamp(read.value.expires_at.as_second())
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: read.value.data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        for _ in 0..MAX_TRIES {
            let store = self.centre.store();
            let read = store.load::<StoredSession>(&key_of(*id)).await.map_err(|error| backend(&error))?;
            let Some(read) = read else { return Ok(()) };
            let mut batch = Batch::new();
            batch.delete(&read.value, read.version);
            match store.commit(batch).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(backend(&error)),
            }
        }
        Err(session_store::Error::Backend("too many writes at the same time".to_owned()))
    }
}

/// Most sessions that are looked through at once: a staff of hundreds, with several each.
const MAX_OPEN: usize = 5_000;

/// Somebody's open session, as its owner and administrators see it.
pub(crate) struct Seat {
    /// Names it: a hash, which opens nothing.
    pub(crate) key: String,
    pub(crate) staff: StaffId,
    pub(crate) signed_in_at: Timestamp,
    pub(crate) seen_at: Timestamp,
}

/// The name of the session with this id.
pub(crate) fn name_of(id: Option<Id>) -> String {
    id.map(key_of).unwrap_or_default()
}

fn open(centre: &Centre) -> Scan {
    let now = format!("{:015}", centre.now().as_millisecond());
    Scan::index(StoredSession::KIND, "expires").between(now, "~")
}

/// The open sessions, the latest used first.
pub(crate) async fn seats(centre: &Centre) -> Result<Vec<Seat>, StoreError> {
    let sessions = centre.store().all::<StoredSession>(open(centre), MAX_OPEN).await?;
    let mut seats: Vec<Seat> = sessions
        .into_iter()
        .filter_map(|session| gate::seat(session.value.key, &session.value.data))
        .collect();
    seats.sort_by_key(|seat| std::cmp::Reverse(seat.seen_at));
    Ok(seats)
}

/// Ends somebody's open sessions for which `which` says so; the trail says how many. Whoever sits there signs in anew.
pub(crate) async fn end(
    centre: &Centre,
    by: &Actor,
    of: StaffId,
    which: impl Fn(&Seat) -> bool + Sync,
) -> Result<usize, ServiceError> {
    let which = &which;
    centre
        .transact(|mut work| async move {
            let mut ended = 0;
            for session in work.centre().store().all::<StoredSession>(open(work.centre()), MAX_OPEN).await? {
                let seat = gate::seat(session.value.key.clone(), &session.value.data);
                if seat.is_some_and(|seat| seat.staff == of && which(&seat)) {
                    work.delete(&session);
                    ended += 1;
                }
            }
            if ended > 0 {
                let act = Act::new("staff.sessions_ended").detail(json!({ "sessions": ended }));
                work.audit(Subject::new(&Staff::KIND, of), by, act).await?;
            }
            work.done(ended)
        })
        .await
}

/// Removes sessions whose time is over; answers how many.
pub(crate) async fn sweep(centre: &Centre) -> Result<usize, StoreError> {
    let until = format!("{:015}", centre.now().as_millisecond());
    let scan = Scan::index(StoredSession::KIND, "expires").between("", until).limit(SWEEP);
    let ended = centre.store().page::<StoredSession>(&scan).await?.items;
    let mut removed = 0;
    for session in ended {
        let mut batch = Batch::new();
        batch.delete(&session.value, session.version);
        match centre.store().commit(batch).await {
            Ok(()) => removed += 1,
            Err(StoreError::Conflict(_)) => {} // somebody came back in this very moment
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}
