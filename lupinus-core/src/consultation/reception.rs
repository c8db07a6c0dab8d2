use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{Entity, IndexEntry, Kind, RecordClass};

/// Whether the channel lets members consult: while LINE's own chat is on, nothing is taken (R2). Opening hours are another matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// Whether consultations are taken.
    pub is_open: bool,
    /// Since when it is like this.
    pub since: Timestamp,
}

impl Reception {
    /// The key of the one record that there is.
    pub const KEY: &str = "reception";
}

impl Entity for Reception {
    const KIND: Kind = Kind::new("reception");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}
