//! Opening the store that the settings name.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use lupinus_bot::Blobs;
use lupinus_core::store::{MemoryStore, Store};
use lupinus_store_sled::SledStore;

use crate::settings::StoreUrl;

/// The folder for pictures and files, inside that of the store.
const FILES: &str = "files";

/// Opens the store, off the async threads.
///
/// # Errors
/// When it cannot be opened; the message says what to do.
pub async fn open(url: &StoreUrl) -> anyhow::Result<Arc<dyn Store>> {
    match url {
        StoreUrl::Memory => Ok(Arc::new(MemoryStore::new())),
        StoreUrl::Sled(path) => {
            let path = path.clone();
            let store = tokio::task::spawn_blocking(move || {
                SledStore::options()
                    .on_rebuild(|progress| {
                        tracing::debug!(
                            done = progress.done_bytes,
                            of = progress.total_bytes,
                            "building the index"
                        );
                    })
                    .open(path)
            });
            let store = store.await.context("opening the store was broken off")?;
            Ok(Arc::new(store.with_context(|| format!("cannot open the store {url}"))?))
        }
    }
}

/// Where pictures and files are kept: beside the records.
///
/// # Errors
/// When the folder cannot be made.
pub fn files(url: &StoreUrl) -> anyhow::Result<Blobs> {
    match url {
        StoreUrl::Memory => Ok(Blobs::in_memory()),
        StoreUrl::Sled(path) => {
            let folder: PathBuf = path.join(FILES);
            Blobs::in_folder(&folder).with_context(|| format!("cannot use the folder {}", folder.display()))
        }
    }
}

/// Whether a store holds nothing at all.
///
/// # Errors
/// When it cannot be asked.
pub async fn is_empty(store: &dyn Store) -> anyhow::Result<bool> {
    Ok(store.kinds().await.context("cannot list what the store holds")?.is_empty())
}
