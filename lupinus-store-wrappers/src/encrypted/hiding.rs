use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_core::store::{Kind, Scan, StoreError};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Index values that are kept as a keyed hash: the same value has the same hash, so that it is found and is unique.
#[derive(Clone)]
pub(super) struct Hiding {
    keyed: Hmac<Sha256>,
    indexes: BTreeSet<(String, String)>,
}

impl Hiding {
    pub(super) fn new(key: &[u8; 32], indexes: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(key);
        Self { keyed: Hmac::new(&(*block).into()), indexes: indexes.into_iter().collect() }
    }

    /// Hides nothing.
    pub(super) fn none() -> Self {
        Self::new(&[0; 32], [])
    }

    pub(super) fn hides(&self, kind: &Kind, index: &str) -> bool {
        self.indexes.iter().any(|(of, hidden)| of == kind.as_str() && hidden == index)
    }

    /// What is kept instead of the value.
    pub(super) fn hidden(&self, kind: &Kind, index: &str, value: &str) -> String {
        let mut keyed = self.keyed.clone();
        for part in [kind.as_str(), index] {
            keyed.update(part.as_bytes());
            keyed.update(&[0]);
        }
        keyed.update(value.as_bytes());
        URL_SAFE_NO_PAD.encode(keyed.finalize().into_bytes())
    }

    /// The scan as the store beneath must make it.
    pub(super) fn scan(&self, scan: &Scan) -> Result<Scan, StoreError> {
        let Some(index) = scan.index.as_deref().filter(|index| self.hides(&scan.kind, index)) else {
            return Ok(scan.clone());
        };
        match &scan.to {
            None if scan.from.is_empty() => Ok(scan.clone()),
            Some(to) if to.strip_suffix('\0') == Some(&scan.from) => {
                Ok(scan.clone().exactly(self.hidden(&scan.kind, index, &scan.from)))
            }
            _ => Err(StoreError::Invalid("a range of an index whose values are hidden")),
        }
    }
}
