//! What the handles of a store and its writer have in common.

use std::{
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use lupinus_core::store::{BoxError, StoreError};

use crate::{
    index::{Index, Refused, guarded},
    watch::Pulse,
};

/// Shared by reads and the writer.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Held for reading during a read, and for writing while a group is applied: a read sees whole groups.
    state: RwLock<State>,
    /// A read found the index broken.
    suspect: AtomicBool,
    pub(crate) path: PathBuf,
    pub(crate) pulse: Arc<Pulse>,
}

#[derive(Debug)]
pub(crate) enum State {
    Open(Index),
    /// The index is broken and is built anew as soon as it can be.
    Down(String),
    Closed,
}

#[derive(Debug, thiserror::Error)]
enum NotOpen {
    #[error("the index is being built anew: {0}")]
    Down(String),
    #[error("the store is closed")]
    Closed,
    #[error("a read takes too long")]
    Slow,
    #[error("{0}: only a new start of the program helps, and loses nothing")]
    Lost(&'static str),
}

pub(crate) fn closed() -> BoxError {
    NotOpen::Closed.into()
}

pub(crate) fn slow() -> BoxError {
    NotOpen::Slow.into()
}

pub(crate) fn lost(why: &'static str) -> BoxError {
    NotOpen::Lost(why).into()
}

impl Shared {
    pub(crate) fn new(index: Index, path: PathBuf, pulse: Arc<Pulse>) -> Self {
        Self { state: RwLock::new(State::Open(index)), suspect: AtomicBool::new(false), path, pulse }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the writer.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.pulse.waits_for_reads(|| self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the index, on this thread.
    pub(crate) fn ask<T>(
        &self,
        doing: &'static str,
        ask: impl FnOnce(&Index) -> Result<T, Refused>,
    ) -> Result<T, StoreError> {
        let state = self.read();
        let index = state.index(doing)?;
        guarded(|| ask(index)).map_err(|refused| match refused {
            Refused::Store(error) => error,
            Refused::Index(error) => {
                self.suspect.store(true, Ordering::Release);
                StoreError::Unavailable(doing, error.into())
            }
        })
    }

    /// Whether the writer should look after the index.
    pub(crate) fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::Acquire)
    }

    /// Whether a read found the index broken since this was asked last.
    pub(crate) fn take_suspicion(&self) -> bool {
        self.suspect.swap(false, Ordering::AcqRel)
    }
}

impl State {
    pub(crate) fn index(&self, doing: &'static str) -> Result<&Index, StoreError> {
        match self {
            Self::Open(index) => Ok(index),
            Self::Down(why) => Err(StoreError::Unavailable(doing, NotOpen::Down(why.clone()).into())),
            Self::Closed => Err(StoreError::Unavailable(doing, closed())),
        }
    }
}
