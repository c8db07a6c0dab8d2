use serde::{Deserialize, Serialize};

use super::Attachment;
use crate::screening::PiiKind;

/// What could be read of a picture or file when it was handed in (R11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Look {
    /// Nothing, or not all: a picture, a scan, something that cannot be read. A person looks, before it is handed in.
    Blind,
    /// Its text, which was screened.
    Read {
        /// What is to be confirmed in it; empty when nothing was found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        found: Vec<PiiKind>,
    },
}

impl Attachment {
    /// Whether a person has to say that nobody can be recognised in it, and has not.
    pub fn is_unchecked(&self) -> bool {
        !self.checked && !matches!(self.look, Some(Look::Read { .. }))
    }
}
