//! Opening the store that the settings name.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use lupinus_bot::Blobs;
use lupinus_core::{
    sealing::HIDDEN_INDEXES,
    store::{MemoryStore, Store},
};
use lupinus_store_postgres::PostgresStore;
use lupinus_store_sled::SledStore;
use lupinus_store_wrappers::{Encrypted, Keys, Metered};

use crate::settings::StoreUrl;

/// The folder for pictures and files, inside that of the store.
const FILES: &str = "files";
/// The folder for pictures and files beside a database.
const FILES_BESIDE: &str = "./files";

/// The program's exit status when its store does not answer any more: a failure that may pass (`EX_TEMPFAIL`).
const LOST: i32 = 75;

/// Opens the store, off the async threads; encrypted when there are keys, and metered.
///
/// # Errors
/// When it cannot be opened; the message says what to do.
pub async fn open(url: &StoreUrl, keys: Option<&Keys>) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(keys) = keys {
        return Ok(Arc::new(Metered::new(Arc::new(open_encrypted(url, keys).await?))));
    }
    let store = beneath(url).await?;
    let is_encrypted =
        Encrypted::is(&*store).await.with_context(|| format!("cannot read the store {url}"))?;
    ensure!(
        !is_encrypted,
        "the store {url} is encrypted: set LUPINUS_KEYS_FILE to the file that holds its keys"
    );
    Ok(Arc::new(Metered::new(store)))
}

/// Opens the store with these keys.
///
/// # Errors
/// When it cannot be opened, or not with them; the message says what to do.
pub async fn open_encrypted(url: &StoreUrl, keys: &Keys) -> anyhow::Result<Encrypted> {
    let store = Encrypted::open(beneath(url).await?, keys.clone(), &HIDDEN_INDEXES).await;
    store.with_context(|| {
        format!("cannot open the store {url} with the keys of LUPINUS_KEYS_FILE (or LUPINUS_KEYS)")
    })
}

async fn beneath(url: &StoreUrl) -> anyhow::Result<Arc<dyn Store>> {
    match url {
        StoreUrl::Memory => Ok(Arc::new(MemoryStore::new())),
        StoreUrl::Postgres(address) => {
            let store = PostgresStore::options().open(address).await;
            Ok(Arc::new(store.with_context(|| format!("cannot open the store {url}"))?))
        }
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
                    // What is acknowledged is on the disk; the rest waits for ever. Whoever looks after the program starts it anew.
                    .on_lost(|| std::process::exit(LOST))
                    .open(path)
            });
            let store = store.await.context("opening the store was broken off")?;
            Ok(Arc::new(store.with_context(|| format!("cannot open the store {url}"))?))
        }
    }
}

/// Where pictures and files are kept: in the folder that the settings name, or beside the records; encrypted when there are keys.
///
/// # Errors
/// When the folder cannot be made.
pub fn files(url: &StoreUrl, folder: Option<&Path>, keys: Option<&Keys>) -> anyhow::Result<Blobs> {
    let sealed = |blobs: Blobs| match keys {
        Some(keys) => blobs.sealed(Arc::new(keys.clone())),
        None => blobs,
    };
    let Some(folder) = files_folder(url, folder) else { return Ok(sealed(Blobs::in_memory())) };
    let blobs = Blobs::in_folder(&folder);
    Ok(sealed(blobs.with_context(|| format!("cannot use the folder {}", folder.display()))?))
}

/// The folder for pictures and files; `None` in memory.
pub fn files_folder(url: &StoreUrl, folder: Option<&Path>) -> Option<PathBuf> {
    match (folder, url) {
        (Some(folder), _) => Some(folder.to_owned()),
        (None, StoreUrl::Sled(path)) => Some(path.join(FILES)),
        (None, StoreUrl::Postgres(_)) => Some(PathBuf::from(FILES_BESIDE)),
        (None, StoreUrl::Memory) => None,
    }
}

/// Whether a store holds nothing at all.
///
/// # Errors
/// When it cannot be asked.
pub async fn is_empty(store: &dyn Store) -> anyhow::Result<bool> {
    Ok(store.kinds().await.context("cannot list what the store holds")?.is_empty())
}
