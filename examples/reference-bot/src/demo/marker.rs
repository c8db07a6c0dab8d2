//! What lies beside the records of a demonstration: that they are one, and who had which phone.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::cast::{Fate, Person};
use crate::settings::StoreUrl;

const NAME: &str = "demonstration.json";

/// The file `demonstration.json` in the store's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// What decided about the lots.
    pub(crate) seed: u64,
    /// How many milliseconds its clock is away from the machine's; `None` while it is being played.
    pub(crate) apart_ms: Option<i64>,
    /// Everybody with a phone.
    pub(crate) people: Vec<Phone>,
}

/// Somebody's phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Phone {
    /// Their LINE user id: made up, like everything here.
    pub(crate) user: String,
    /// Their nickname.
    pub(crate) name: String,
    /// Whether they have the account as a friend at the end.
    pub(crate) friend: bool,
}

impl Marker {
    /// The marker of a play that begins.
    pub(crate) fn playing(seed: u64, cast: &[Person]) -> Self {
        let people = cast.iter().map(|person| Phone {
            user: person.user.clone(),
            name: person.name.clone(),
            friend: !matches!(person.fate, Fate::Blocks(_)),
        });
        Self { seed, apart_ms: None, people: people.collect() }
    }

    /// The marker beside this store, if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn beside(url: &StoreUrl) -> anyhow::Result<Option<Self>> {
        let Some(path) = path(url) else { return Ok(None) };
        match std::fs::read(&path) {
            Ok(bytes) => {
                let marker = serde_json::from_slice(&bytes);
                Ok(Some(marker.with_context(|| format!("{} is not of this program", path.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Puts it beside the store.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn put(&self, url: &StoreUrl) -> anyhow::Result<()> {
        let Some(path) = path(url) else { return Ok(()) };
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut unfinished =
            tempfile::NamedTempFile::new_in(folder).context("cannot write beside the store")?;
        serde_json::to_writer(unfinished.as_file_mut(), self).context("cannot write beside the store")?;
        unfinished.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }
}

fn path(url: &StoreUrl) -> Option<PathBuf> {
    match url {
        StoreUrl::Sled(folder) => Some(folder.join(NAME)),
        StoreUrl::Memory | StoreUrl::Postgres(_) => None,
    }
}
