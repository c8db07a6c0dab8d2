//! The state outside: as a document to export and import, and in a folder that survives a restart.

mod document;
mod folder;

use std::sync::Arc;

pub use self::{document::ImportError, folder::KeepError};
pub(crate) use self::{
    document::{export, import},
    folder::{Folder, Keys},
};
use crate::shared::Shared;

/// How long changes are gathered before they are saved.
const GATHER: std::time::Duration = std::time::Duration::from_millis(300);
/// How many times as long as a save took the next one waits, so that saving takes at most a tenth of the time.
const REST: u32 = 9;

/// Saves the state after each change, until the platform is stopped.
pub(crate) async fn keep(shared: Arc<Shared>, folder: Arc<Folder>) {
    let mut changes = shared.changes();
    let mut failed = false;
    while changes.changed().await.is_ok() {
        tokio::time::sleep(GATHER).await;
        changes.mark_unchanged();
        let started = std::time::Instant::now();
        let (state, place) = (Arc::clone(&shared), Arc::clone(&folder));
        let saved = tokio::task::spawn_blocking(move || place.save(&state)).await;
        if let Ok(Err(error)) = &saved
            && !failed
        {
            let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            eprintln!("lupinus-emulator: {error}: {source}; it is tried again with the next change");
        }
        failed = !matches!(saved, Ok(Ok(())));
        tokio::time::sleep(started.elapsed() * REST).await;
    }
}
