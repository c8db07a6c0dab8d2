//! Pictures and files that nothing refers to any more are removed.

use std::time::Duration;

use lupinus_core::{
    hash::Sha256Hash,
    post::Post,
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
    let files = without(bot, files, |dialogue: &Dialogue| dialogue.files()).await?;
    let mut free = Vec::new();
    for file in files {
        if !bot.centre.is_kept_for_consultation(file).await? {
            free.push(file);
        }
    }
    let files = free;
    without(bot, files, |post: &Post| {
        let revisions = post.revisions.iter().flat_map(|revision| &revision.content.attachments);
        revisions.map(|attachment| attachment.sha256).collect()
    })
    .await
}

/// Those of these files that no record of this kind holds.
async fn without<T: Entity>(
    bot: &Inner,
    mut files: Vec<Sha256Hash>,
    held: impl Fn(&T) -> Vec<Sha256Hash>,
) -> Result<Vec<Sha256Hash>, ServiceError> {
    let mut after = None;
    while !files.is_empty() {
        let page = bot.centre.store().page::<T>(&Scan::keys(T::KIND).limit(PAGE).after(after)).await?;
        for record in &page.items {
            let held = held(&record.value);
            files.retain(|file| !held.contains(file));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    Ok(files)
}
