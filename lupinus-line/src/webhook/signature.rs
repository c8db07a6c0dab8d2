//! The only way from bytes to events leads through the signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Envelope;
use crate::{ChannelSecret, DecodeError};

/// Name of the header that carries the signature (case does not matter).
pub const SIGNATURE_HEADER: &str = "x-line-signature";

/// Why a request is not taken for LINE's. Answer 401 or 400 and do nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no signature header.
    #[error("the signature header is missing")]
    Missing,
    /// The header is not the Base64 form of 32 bytes.
    #[error("the signature header is malformed")]
    Malformed,
    /// None of the secrets makes this signature for this body.
    #[error("the signature does not match")]
    Mismatch,
    /// There is no secret to check with, or only empty ones: a mistake of configuration.
    #[error("no channel secret is configured")]
    NoSecret,
}

/// A request body whose signature was checked. Only this can be parsed.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    body: &'a [u8],
    secret: usize,
}

/// Checks the signature of a request over its raw body, in constant time, before anything is parsed.
///
/// Several secrets serve several channels at one address, and what is still under way while a secret is replaced. LINE signs with
/// a new secret at once: until it is given here, webhooks are refused, and come back only where redelivery is on.
/// `signature` is the value of [`SIGNATURE_HEADER`], `body` the bytes exactly as they came.
///
/// # Errors
/// [`SignatureError`], each meaning that the body must not be looked at.
pub fn verify<'a>(
    secrets: &[ChannelSecret],
    signature: Option<&[u8]>,
    body: &'a [u8],
) -> Result<Verified<'a>, SignatureError> {
    let encoded = signature.ok_or(SignatureError::Missing)?;
    let expected = STANDARD.decode(encoded).map_err(|_| SignatureError::Malformed)?;
    if expected.len() != 32 {
        return Err(SignatureError::Malformed);
    }
    let mut usable = false;
    let mut matched = None;
    for (index, secret) in secrets.iter().enumerate() {
        let Some(mut mac) = keyed(secret) else { continue };
        usable = true;
        mac.update(body);
        if mac.verify_slice(&expected).is_ok() && matched.is_none() {
            matched = Some(index);
        }
    }
    match matched {
        Some(secret) => Ok(Verified { body, secret }),
        None if usable => Err(SignatureError::Mismatch),
        None => Err(SignatureError::NoSecret),
    }
}

/// Signs a body as LINE does: for tests of your own, and for what plays LINE. A bot itself signs nothing.
///
/// # Errors
/// [`SignatureError::NoSecret`] when the secret is empty: [`verify`] takes no such signature.
///
/// # Examples
/// ```
/// use lupinus_line::{ChannelSecret, webhook};
/// let secret = ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
/// let signature = webhook::sign(&secret, br#"{"events":[]}"#)?;
/// assert!(webhook::verify(&[secret], Some(signature.as_bytes()), br#"{"events":[]}"#).is_ok());
/// # Ok::<(), webhook::SignatureError>(())
/// ```
pub fn sign(secret: &ChannelSecret, body: &[u8]) -> Result<String, SignatureError> {
    let mac = keyed(secret).ok_or(SignatureError::NoSecret)?.chain_update(body);
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

/// `None` for an empty secret: with an empty key anybody can sign.
fn keyed(secret: &ChannelSecret) -> Option<Hmac<Sha256>> {
    let key = secret.expose().as_bytes();
    if key.is_empty() { None } else { Hmac::new_from_slice(key).ok() }
}

impl<'a> Verified<'a> {
    /// For a body that was checked before and has become owned since.
    #[cfg(feature = "axum")]
    pub(super) const fn checked(body: &'a [u8], secret: usize) -> Self {
        Self { body, secret }
    }

    /// The bytes that were signed.
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Which of the secrets signed, counted from 0: when the old one no longer appears, a rotation is over.
    pub const fn secret_index(&self) -> usize {
        self.secret
    }

    /// Decodes the body. Each event is decoded alone: a malformed one does not lose its neighbours.
    ///
    /// # Errors
    /// [`DecodeError`] when the envelope itself is not a webhook body.
    pub fn parse(&self) -> Result<Envelope, DecodeError> {
        Envelope::parse(self.body)
    }
}

impl std::fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verified")
            .field("body_bytes", &self.body.len())
            .field("secret_index", &self.secret)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    const EMPTY: &str = r#"{"destination":"U00112233445566778899aabbccddeeff","events":[]}"#;
    const EMPTY_SIGNATURE: &str = "6gL+qRtAgRB5/vB2OCVga9z1qh5g8J+zMvXPj99edGs=";
    const ESCAPED: &str = r#"{"destination":"U00112233445566778899aabbccddeeff","events":[{"type":"message","text":"庭の藤 \uD83C\uDF4E"}]}"#;
    const ESCAPED_SIGNATURE: &str = "o1RCyIaOe7KL/RJSLmsOCSnw22SELCQtIf2cibsu54c=";

    fn outcome(secrets: &[&str], signature: Option<&str>, body: &str) -> Result<usize, SignatureError> {
        let secrets: Vec<_> = secrets.iter().copied().map(ChannelSecret::from).collect();
        verify(&secrets, signature.map(str::as_bytes), body.as_bytes())
            .map(|verified| verified.secret_index())
    }

    // R35
    #[test]
    fn signatures_are_judged_over_the_raw_bytes() {
        use SignatureError as E;
        let unpadded = EMPTY_SIGNATURE.trim_end_matches('=');
        let spaced = EMPTY.replace(':', ": ");
        let unescaped = ESCAPED.replace("\\uD83C\\uDF4E", "🍎");
        for (name, secrets, signature, body, expected) in [
            ("no events", &[SECRET][..], Some(EMPTY_SIGNATURE), EMPTY, Ok(0)),
            ("escapes", &[SECRET], Some(ESCAPED_SIGNATURE), ESCAPED, Ok(0)),
            ("escapes interpreted", &[SECRET], Some(ESCAPED_SIGNATURE), &unescaped, Err(E::Mismatch)),
            ("spaces added", &[SECRET], Some(EMPTY_SIGNATURE), &spaced, Err(E::Mismatch)),
            ("line end added", &[SECRET], Some(EMPTY_SIGNATURE), &format!("{EMPTY}\n"), Err(E::Mismatch)),
            ("other body", &[SECRET], Some(EMPTY_SIGNATURE), ESCAPED, Err(E::Mismatch)),
            ("other secret", &["x"], Some(EMPTY_SIGNATURE), EMPTY, Err(E::Mismatch)),
            ("rotation, new first", &["new", SECRET], Some(EMPTY_SIGNATURE), EMPTY, Ok(1)),
            ("no secrets", &[], Some(EMPTY_SIGNATURE), EMPTY, Err(E::NoSecret)),
            ("empty secret", &[""], Some(EMPTY_SIGNATURE), EMPTY, Err(E::NoSecret)),
            ("missing", &[SECRET], None, EMPTY, Err(E::Missing)),
            ("empty header", &[SECRET], Some(""), EMPTY, Err(E::Malformed)),
            ("not base64", &[SECRET], Some("ばら"), EMPTY, Err(E::Malformed)),
            ("unpadded", &[SECRET], Some(unpadded), EMPTY, Err(E::Malformed)),
            ("too short", &[SECRET], Some("AAAA"), EMPTY, Err(E::Malformed)),
        ] {
            assert_eq!(outcome(secrets, signature, body), expected, "{name}");
        }
    }

    // R35
    #[test]
    fn a_signature_made_with_an_empty_secret_is_refused() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(EMPTY.as_bytes());
        let forged = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(outcome(&["", SECRET], Some(&forged), EMPTY), Err(SignatureError::Mismatch));
        assert_eq!(outcome(&[""], Some(&forged), EMPTY), Err(SignatureError::NoSecret));
    }

    #[test]
    fn a_verified_body_is_not_printed() {
        let secrets = [ChannelSecret::from(SECRET)];
        let verified = verify(&secrets, Some(ESCAPED_SIGNATURE.as_bytes()), ESCAPED.as_bytes()).unwrap();
        assert!(!format!("{verified:?}").contains('庭'));
        assert_eq!(verified.body(), ESCAPED.as_bytes());
    }
}
