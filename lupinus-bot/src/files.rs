//! Pictures and files that nothing refers to any more are removed.

use std::time::Duration;

use lupinus_core::{
    hash::Sha256Hash,
    service::ServiceError,
    store::{Entity, Scan, StoreExt},
};

use crate::{bot::Inner, dialogue::Dialogue, intake::Chain};

/// How many records are read at a time.
const PAGE: usize = 100;

/// Removes those of these files that no post, no consultation and no dialogue holds. Two people may have sent the same file. What cannot be
/// removed now stays: nobody can reach it without its link.
pub(crate) async fn forget(bot: &Inner, files: Vec<Sha256Hash>) {
    if files.is_empty() {
        return;
    }
    match unheld(bot, files).await {
        Ok(files) => {
            for file in files {
                if let Err(error) = bot.blobs.delete(file).await {
                    tracing::warn!(error = %Chain(&error), "a file that nothing refers to cannot be removed");
                }
            }
        }
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "files that nothing may refer to were not looked for");
        }
    }
}

/// Removes what was kept at least so long ago and belongs to nothing: what was kept just before a crash, or for a form that was
/// refused.
pub(crate) async fn sweep(bot: &Inner, at_least: Duration) {
    match bot.blobs.kept_for(at_least).await {
        Ok(files) => forget(bot, files).await,
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "files that nothing may refer to were not looked for");
        }
    }
}

async fn unheld(bot: &Inner, files: Vec<Sha256Hash>) -> Result<Vec<Sha256Hash>, ServiceError> {
    let mut files = files;
    let mut after = None;
    while !files.is_empty() {
        let scan = Scan::keys(Dialogue::KIND).limit(PAGE).after(after);
        let page = bot.centre.store().page::<Dialogue>(&scan).await?;
        for dialogue in &page.items {
            let held = dialogue.value.files();
            files.retain(|file| !held.contains(file));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    bot.centre.not_kept(files).await
}
