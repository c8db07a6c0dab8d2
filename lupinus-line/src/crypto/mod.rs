//! Signatures of JSON web tokens, made and checked by the cryptography that speaks TLS.
//!
//! There is one stack of cryptography in the process, the provider of rustls; `hmac` and `sha2`, which webhooks need
//! anyway, do the rest.

mod der;
mod jws;
mod keys;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::crypto::CryptoProvider;

pub(crate) use jws::{Jws, MAX_TOKEN_BYTES, Malformed, sign_rs256};
pub(crate) use keys::{EcPublicKey, RsaPrivateJwk, RsaPrivateKey};

/// The provider of the process: the one that the application has installed, or else one of those built in, which is installed
/// then. `None` when there is neither.
pub(crate) fn provider() -> Option<Arc<CryptoProvider>> {
    if CryptoProvider::get_default().is_none() {
        // Fails only when somebody else was faster, which is as good.
        let _ = built_in()?.install_default();
    }
    CryptoProvider::get_default().cloned()
}

#[cfg(feature = "ring")]
#[expect(clippy::unnecessary_wraps, reason = "without features there is none")]
fn built_in() -> Option<CryptoProvider> {
    Some(rustls::crypto::ring::default_provider())
}

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
#[expect(clippy::unnecessary_wraps, reason = "without features there is none")]
fn built_in() -> Option<CryptoProvider> {
    Some(rustls::crypto::aws_lc_rs::default_provider())
}

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
const fn built_in() -> Option<CryptoProvider> {
    None
}

/// What to do where there is no provider.
pub(crate) const NO_PROVIDER: &str = "there is no cryptography: turn on the feature `ring` or `aws-lc-rs` of lupinus-line, or \
     install a provider of rustls before";

/// The system gives no random bytes: nothing that must not be guessed can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// 256 random bits as 43 characters of `A-Z`, `a-z`, `0-9`, `-`, `_`.
pub(crate) fn random_text() -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(to_base64url(bytes))
}

/// Without padding, as in every part of a JSON web token.
pub(crate) fn to_base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_texts_differ_and_have_43_safe_characters() {
        let (one, other) = (random_text().unwrap(), random_text().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{one}");
    }
}
