//! Stable links to attachments that nobody can guess.

use std::{fmt, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_core::{
    hash::Sha256Hash,
    post::Attachment,
    service::{Centre, ServiceError},
    store::{Entity, IndexEntry, Kind, RecordClass, StoreError, StoreExt},
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::bot::Inner;

/// How much of the signature a link carries, in bytes: 128 bits.
const TAG_BYTES: usize = 16;

/// The key with which links are signed. Made once and kept in the store, so that a link outlives restarts and moves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkKey {
    hex: String,
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

impl Entity for LinkKey {
    const KIND: Kind = Kind::new("link_key");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        "media".to_owned()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// The centre's key, made if there is none.
async fn link_key(centre: &Centre) -> Result<LinkKey, ServiceError> {
    if let Some(found) = centre.store().load::<LinkKey>("media").await? {
        return Ok(found.value);
    }
    let fresh = LinkKey { hex: Sha256Hash::of(&centre.ids().secret()).to_hex() };
    let mut batch = lupinus_core::store::Batch::new();
    lupinus_core::store::EntityBatch::insert(&mut batch, &fresh)?;
    match centre.store().commit(batch).await {
        Ok(()) => Ok(fresh),
        // Another process was quicker.
        Err(StoreError::Conflict(_)) => {
            let found = centre.store().load::<LinkKey>("media").await?;
            Ok(found.ok_or(ServiceError::Busy)?.value)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes the links under which attachments are served: the same file always has the same link, and no link can be guessed.
#[derive(Clone)]
pub struct MediaLinks {
    base: Option<Arc<str>>,
    key: Arc<str>,
}

impl fmt::Debug for MediaLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaLinks({})", self.base.as_deref().unwrap_or("none"))
    }
}

impl MediaLinks {
    /// Links below `base`, signed with the centre's key.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn of(centre: &Centre, base: Option<&str>) -> Result<Self, ServiceError> {
        let key = link_key(centre).await?;
        Ok(Self { base: base.map(|base| Arc::from(base.trim_end_matches('/'))), key: Arc::from(key.hex) })
    }

    /// Whether files can be served at all.
    pub fn is_public(&self) -> bool {
        self.base.is_some()
    }

    /// The link of an attachment; `None` when the bot has no public address.
    pub fn link(&self, attachment: &Attachment) -> Option<String> {
        let base = self.base.as_deref()?;
        Some(format!("{base}/media/{}", self.token(attachment.sha256)?))
    }

    fn token(&self, hash: Sha256Hash) -> Option<String> {
        let mut bytes = from_hex(&hash.to_hex())?;
        let tag = self.tag(&bytes)?;
        bytes.extend_from_slice(tag.get(..TAG_BYTES)?);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn tag(&self, hash: &[u8]) -> Option<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()).ok()?;
        mac.update(b"lupinus media ");
        mac.update(hash);
        Some(mac.finalize().into_bytes().to_vec())
    }

    /// The file that a token names, if it was signed here.
    fn open(&self, token: &str) -> Option<Sha256Hash> {
        use subtle::ConstantTimeEq as _;
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (hash, tag) = bytes.split_at_checked(32)?;
        let expected = self.tag(hash)?;
        let signed: bool = expected.get(..TAG_BYTES)?.ct_eq(tag).into();
        let hex = hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        signed.then(|| hex.parse().ok()).flatten()
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// What a file is, by its first bytes. Only these are taken as attachments.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"%PDF-") {
        Some("application/pdf")
    } else {
        None
    }
}

/// `GET /media/{token}`
pub(crate) async fn serve(State(bot): State<Arc<Inner>>, Path(token): Path<String>) -> Response {
    let Some(hash) = bot.links.open(&token) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let bytes = match bot.blobs.get(hash).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = %error, "a file cannot be served");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let kind = media_type(&bytes).unwrap_or("application/octet-stream");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(key: &str) -> MediaLinks {
        MediaLinks { base: Some(Arc::from("https://bot.example.jp")), key: Arc::from(key) }
    }

    #[test]
    fn a_link_is_stable_and_serves_only_where_it_was_signed() {
        // R38
        let (ours, other) = (links("one"), links("two"));
        let hash = Sha256Hash::of(b"flyer");
        let token = ours.token(hash).unwrap();
        assert_eq!(ours.token(hash), Some(token.clone()));
        assert_eq!(ours.open(&token), Some(hash));
        assert_eq!(other.open(&token), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(ours.open(&URL_SAFE_NO_PAD.encode(&bytes)), None, "byte {at}");
            bytes[at] ^= 1;
        }
        for bad in ["", "a", &hash.to_hex(), &token[..token.len() - 1], &format!("{token}AAAA")] {
            assert_eq!(ours.open(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"%PDF-1.7", Some("application/pdf")),
            (b"GIF89a", None),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(media_type(bytes), kind);
        }
    }
}
