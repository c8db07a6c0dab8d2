//! JSON web signatures in the compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)): three parts, two dots.
//!
//! Which algorithm a token must have is said by whoever checks it. What the token says of itself is only compared.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::{EcPublicKey, RsaPrivateKey, from_base64url, to_base64url};

/// Longest token that is looked at, in bytes. LINE states no bound; its tokens have less than 2,000.
pub(crate) const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Why a text is no signed token at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    TooLong,
    Form,
}

/// A token taken apart. Nothing of it is to be believed before one of the checks says yes.
pub(crate) struct Jws<'a> {
    signed: &'a str,
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions without which the token must not be understood: this crate knows none.
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, Malformed> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Malformed::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Malformed::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(Malformed::Form)?;
        let bytes = |part| from_base64url(part).ok_or(Malformed::Form);
        let (header, payload, signature) = (bytes(header)?, bytes(payload)?, bytes(signature)?);
        let header: Header = serde_json::from_slice(&header).map_err(|_| Malformed::Form)?;
        if header.crit.is_some() {
            return Err(Malformed::Form);
        }
        Ok(Self { signed, header, payload, signature })
    }

    /// Whether the token says that it was made with this algorithm.
    pub(crate) fn claims_algorithm(&self, algorithm: &str) -> bool {
        self.header.alg == algorithm
    }

    /// The name of the key.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The payload, if `secret` signed the token as `HS256`. An empty secret signs nothing.
    pub(crate) fn checked_hs256(&self, secret: &str) -> Option<&[u8]> {
        if secret.is_empty() || !self.claims_algorithm("HS256") {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(self.signed.as_bytes());
        mac.verify_slice(&self.signature).ok().map(|()| self.payload.as_slice())
    }

    /// The payload, if the owner of `key` signed the token as `ES256`.
    pub(crate) fn checked_es256(&self, key: &EcPublicKey) -> Option<&[u8]> {
        (self.claims_algorithm("ES256") && key.verifies(self.signed.as_bytes(), &self.signature))
            .then_some(self.payload.as_slice())
    }
}

/// A token of these parts, signed as `RS256`; `None` when the key does not sign.
pub(crate) fn sign_rs256(header: &Value, claims: &Value, key: &RsaPrivateKey) -> Option<String> {
    let signed = format!("{}.{}", to_base64url(header.to_string()), to_base64url(claims.to_string()));
    let signature = key.sign(signed.as_bytes())?;
    Some(format!("{signed}.{}", to_base64url(signature)))
}
