//! The keys that records and files are encrypted with: drawing them, and changing them.

use std::{fs, io, io::Write as _, path::Path};

use anyhow::{Context as _, anyhow, bail};
use lupinus_bot::{Blobs, SystemClock};
use lupinus_core::{clock::Clock as _, store::Store as _};
use lupinus_store_wrappers::{Encrypted, InvalidKeys, Keys};
use secrecy::ExposeSecret as _;

/// Draws a key, and writes it into `file` above the others, or below them. The file is put in place whole, for its owner alone
/// when it is new. Answers what to do now.
///
/// # Errors
/// When the file cannot be written, holds something else, or holds a key of this name.
pub fn draw(file: &Path, name: Option<String>, behind: bool) -> anyhow::Result<String> {
    let name =
        name.unwrap_or_else(|| jiff::tz::TimeZone::UTC.to_datetime(SystemClock.now()).date().to_string());
    let line = Keys::draw(&name).map_err(|error| anyhow!(error)).context("cannot draw a key")?;
    let line = line.expose_secret();
    let before = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    let text = match (before.trim_end(), behind) {
        ("", _) => format!("{line}\n"),
        (before, false) => format!("{line}\n{before}\n"),
        (before, true) => format!("{before}\n{line}\n"),
    };
    match text.parse::<Keys>() {
        Ok(_) => {}
        Err(InvalidKeys::Twice(name)) => {
            bail!("{} holds a key {name} already: give the new one another name with --name", file.display())
        }
        Err(error) => bail!("{}: {error}; or name another file", file.display()),
    }
    put_in_place(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    let file = file.display();
    Ok(if behind {
        format!(
            "The key {name} stands in {file} and decrypts from the next start on. Start every program again with this file, then \
             move the key's line to the top, start them again, and run: reference-bot keys rotate"
        )
    } else if before.trim().is_empty() {
        format!(
            "The key {name} stands in {file}. Set LUPINUS_KEYS_FILE to it before the store holds anything; records that are \
             there come over by export and import. Keep a copy where the backups are not: without it nothing can be read."
        )
    } else {
        format!(
            "The key {name} stands on top of {file} and encrypts from the next start on. Keep a copy where the backups are not. To \
             encrypt with it what is there already, run: reference-bot keys rotate"
        )
    })
}

/// Puts a file in another's place, with that one's owner and permissions.
fn put_in_place(file: &Path, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut unfinished = tempfile::Builder::new().prefix(".lupinus-keys-").tempfile_in(folder)?;
    unfinished.write_all(text.as_bytes())?;
    #[cfg(unix)]
    if let Ok(before) = fs::metadata(file) {
        use std::os::unix::fs::MetadataExt as _;
        std::os::unix::fs::chown(unfinished.path(), Some(before.uid()), Some(before.gid()))?;
        unfinished.as_file().set_permissions(before.permissions())?;
    }
    unfinished.as_file().sync_all()?;
    unfinished.persist(file)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Encrypts anew whatever the first key does not encrypt. Answers what came of it, and whether nothing is left.
///
/// # Errors
/// When store or folder fail; what was done stays done.
pub async fn rotate(
    store: &Encrypted,
    files: &Blobs,
    keys: &Keys,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<(String, bool)> {
    let records = store.size().await.context("cannot tell how much the store holds")?.records;
    let rotation = store
        .rotate(&mut progress)
        .await
        .context("the records were encrypted anew in part: run it again, and it goes on there")?;
    let resealed = files
        .reseal(|done, of| progress(records + done, records + of))
        .await
        .context("the files were encrypted anew in part: run it again, and it goes on there")?;
    let newest = keys.newest();
    let done = format!(
        "{} records and {} files were encrypted anew with the key {newest}",
        rotation.resealed, resealed.done
    );
    let mut troubles = Vec::new();
    if !rotation.left.is_empty() {
        let left: Vec<String> =
            rotation.left.iter().map(|(key, count)| format!("{count} records with {key}")).collect();
        troubles.push(format!(
            "Still encrypted with another: {}. Another program writes with an older key: start it again with this file of keys, \
             and run this again",
            left.join(", ")
        ));
    }
    if rotation.unreadable > 0 {
        let named: Vec<String> = rotation.unreadable_keys.iter().map(ToString::to_string).collect();
        let more = if rotation.unreadable > named.len() as u64 { ", …" } else { "" };
        troubles.push(format!(
            "{} records cannot be read and were left as they are ({}{more}): put back the key that each was encrypted with, or \
             put the store back from a backup, and run this again; until then keep every key",
            rotation.unreadable,
            named.join(", ")
        ));
    }
    if resealed.damaged > 0 {
        troubles.push(format!(
            "{} files are damaged and were left as they are: put them back from a backup",
            resealed.damaged
        ));
    }
    if !troubles.is_empty() {
        return Ok((format!("{done}. {}", troubles.join(". ")), false));
    }
    let older: Vec<&str> = keys.names().skip(1).collect();
    let said = if older.is_empty() {
        format!("{done}.")
    } else {
        format!(
            "{done}. Nothing needs the other keys any more ({}), but backups from before: take their lines out of the file, and \
             keep them as long as those backups",
            older.join(", ")
        )
    };
    Ok((said, true))
}
