//! The key with which a channel shows that it is itself, and what it signs.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::ChannelId;
use crate::crypto::{NO_PROVIDER, RsaPrivateJwk, RsaPrivateKey, provider, sign_rs256};

/// Longest life of a channel access token v2.1
/// ([source](https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/)).
pub const MAX_TOKEN_LIFE: Duration = Duration::from_hours(30 * 24);
/// How long an assertion is valid. LINE allows 30 minutes; this leaves room for a clock that is up to ten minutes slow or
/// up to twenty fast (same source).
const ASSERTION_LIFE: Duration = Duration::from_mins(10);
/// Who an assertion is for (same source). The slash at the end belongs to it.
const AUDIENCE: &str = "https://api.line.me/";

/// A text that is no assertion signing key. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The id is empty.
    #[error("the key has no id")]
    Id,
    /// Not a private RSA key in JSON with all of `n`, `e`, `d`, `p`, `q`, `dp`, `dq`, `qi`.
    #[error("the text is not a private RSA key in JSON")]
    Jwk,
    /// Not a private RSA key in PEM, or one with a passphrase.
    #[error("the text is not a private RSA key in PEM")]
    Pem,
    /// No key can be used, since the crate was built without cryptography and the application has installed none.
    #[error("{NO_PROVIDER}")]
    NoProvider,
}

/// An assertion signing key: a private RSA key (2,048 bits) whose public half is registered in the LINE Developers Console,
/// which then shows its id (`kid`). `Debug` shows the id only.
///
/// See [LINE docs/Issue channel access token v2.1](https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/).
#[derive(Clone)]
pub struct AssertionKey {
    id: String,
    key: RsaPrivateKey,
}

impl AssertionKey {
    /// From a private JWK, and the id that the console showed when the public one was registered.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn from_jwk(id: impl Into<String>, jwk: &str) -> Result<Self, InvalidKey> {
        let jwk: RsaPrivateJwk = serde_json::from_str(jwk).map_err(|_| InvalidKey::Jwk)?;
        if jwk.kty != "RSA" || jwk.alg.as_ref().is_some_and(|alg| alg != "RS256") {
            return Err(InvalidKey::Jwk);
        }
        Self::new(id.into(), RsaPrivateKey::from_jwk(&jwk), InvalidKey::Jwk)
    }

    /// From PEM, PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), and the id that the console showed.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn from_pem(id: impl Into<String>, pem: &str) -> Result<Self, InvalidKey> {
        Self::new(id.into(), RsaPrivateKey::from_pem(pem), InvalidKey::Pem)
    }

    fn new(id: String, key: Option<RsaPrivateKey>, otherwise: InvalidKey) -> Result<Self, InvalidKey> {
        let why_none = || if provider().is_none() { InvalidKey::NoProvider } else { otherwise };
        let key = key.ok_or_else(why_none)?;
        if id.is_empty() { Err(InvalidKey::Id) } else { Ok(Self { id, key }) }
    }
}

impl fmt::Debug for AssertionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssertionKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Signs for a channel: instead of its secret, which then needs to be nowhere.
#[derive(Clone, Debug)]
pub struct Signer {
    channel: ChannelId,
    key: AssertionKey,
}

impl Signer {
    /// A signer for this channel.
    pub const fn new(channel: ChannelId, key: AssertionKey) -> Self {
        Self { channel, key }
    }

    /// The channel.
    pub const fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// A JWT that shows, for ten minutes from `now` on, that the channel asks. `life` is how long the token asked for shall
    /// live; for v2.1 alone. `None` when the key does not sign.
    pub(crate) fn assertion(&self, now: Timestamp, life: Option<TokenLife>) -> Option<String> {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.key.id });
        let expires = now.checked_add(ASSERTION_LIFE).ok()?.as_second();
        let channel = self.channel.as_str();
        let mut claims = json!({ "iss": channel, "sub": channel, "aud": AUDIENCE, "exp": expires });
        if let (Some(life), Some(claims)) = (life, claims.as_object_mut()) {
            claims.insert("token_exp".to_owned(), life.seconds().into());
        }
        sign_rs256(&header, &claims, &self.key.key)
    }
}

/// How long a channel access token v2.1 shall live: one second to [`MAX_TOKEN_LIFE`], in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLife(Duration);

/// No possible [`TokenLife`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token lives 1 second to 30 days, not {0:?}")]
pub struct InvalidTokenLife(pub Duration);

impl TokenLife {
    /// As long as LINE allows: 30 days.
    pub const LONGEST: Self = Self(MAX_TOKEN_LIFE);

    /// Checks and wraps; parts of seconds are dropped.
    ///
    /// # Errors
    /// [`InvalidTokenLife`] below one second and above [`MAX_TOKEN_LIFE`].
    pub const fn new(life: Duration) -> Result<Self, InvalidTokenLife> {
        let seconds = life.as_secs();
        if seconds == 0 || life.as_nanos() > MAX_TOKEN_LIFE.as_nanos() {
            return Err(InvalidTokenLife(life));
        }
        Ok(Self(Duration::from_secs(seconds)))
    }

    const fn seconds(self) -> u64 {
        self.0.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWK: &str = include_str!("../../tests/data/assertion-key.jwk");
    const PEM: &str = include_str!("../../tests/data/assertion-key.pem");
    const PKCS1: &str = include_str!("../../tests/data/assertion-key-pkcs1.pem");
    // Made by another program with the same key; this kind of signature has no chance in it.
    const WITH_LIFE: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Imstb2ZmbGluZS0xIn0.eyJpc3MiOiIyMDA5OTkwMDAxIiwic3ViIjoiMjAwOTk5MDAwMSIsImF1ZCI6Imh0dHBzOi8vYXBpLmxpbmUubWUvIiwiZXhwIjoxNzkwMDAwNjAwLCJ0b2tlbl9leHAiOjI1OTIwMDB9.YP3Ja-CP8miR5_gdETezD0b8zGdXrSOr3mpAIP_owjFaFqIl5DvCqZPi4hJxSpcIfEskwBYNNsDf_wuM-EO3dIXAsBts-88IRzK5qiwLJY-Ff_h651UaKsEUiHd0jXXdaeRXO5XEf6lynxaYXyPezWs4mgG1P6A2hI5Mz2A-2epGaC3nn82mi_s63LdFnzYtn65l01SR3Z52Rr59HTudY4AL_oJ-uNSRVc-R2zYUug2BYwJAE_YLHf4siV3B-JIABCv4HwrPtst6CNiGjFoOfdL262oG0Usa9V5NVwO9HEuq8u7RPbOj0C-IkAVNPuAJx0xeCanvUoluRsDaHRfckg";
    const WITHOUT_LIFE: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Imstb2ZmbGluZS0xIn0.eyJpc3MiOiIyMDA5OTkwMDAxIiwic3ViIjoiMjAwOTk5MDAwMSIsImF1ZCI6Imh0dHBzOi8vYXBpLmxpbmUubWUvIiwiZXhwIjoxNzkwMDAwNjAwfQ.n7sUc_RpW-GwXQNsraN0IBX7lmfMLHZtMg0yntgloJnzFmNP1hdWksdZqiZGfmcxN2gTtjsu2Qquowm6yQF4Sx86lGCQQ9RO_16Hiky5dudZcvXiZP5GDce5lmxbcUOlPp9_pNtdyE3EUcGIAPJclXxFTDN6fCUYcAWDvieCfzlcwoCanKOUIBDMX_p_a7m-TRWGCxeyLh-_SS6Hnw0ocCOMmoPGqfjyC75P-aHLrgaxFBoOxvO6AR2CcAvbN0t8A1MBQGyu1Ojtj5ZSZ_4ox_6ruMUG2M-bCKFbBgcjnbj6JYRKQRPhO8lJZx9s0X7Ih6nE2wAh3uSt-KPHXVgN0Q";

    #[test]
    fn an_assertion_is_as_line_documents_it_whatever_form_the_key_has() {
        let keys = [
            AssertionKey::from_jwk("k-offline-1", JWK),
            AssertionKey::from_pem("k-offline-1", PEM),
            AssertionKey::from_pem("k-offline-1", PKCS1),
        ];
        for key in keys {
            let signer = Signer::new(ChannelId::new("2009990001").unwrap(), key.unwrap());
            let now = Timestamp::from_second(1_790_000_000).unwrap(); // ten minutes before `exp`
            assert_eq!(signer.assertion(now, Some(TokenLife::LONGEST)).unwrap(), WITH_LIFE);
            assert_eq!(signer.assertion(now, None).unwrap(), WITHOUT_LIFE);
        }
    }

    #[test]
    fn what_is_no_private_rsa_key_is_refused_without_being_printed() {
        let jwk = |from: &str, to: &str| JWK.replace(from, to);
        for (name, key, expected) in [
            ("no json", AssertionKey::from_jwk("k", "sekrit"), InvalidKey::Jwk),
            ("another kind", AssertionKey::from_jwk("k", &jwk("\"RSA\"", "\"EC\"")), InvalidKey::Jwk),
            ("another algorithm", AssertionKey::from_jwk("k", &jwk("RS256", "PS256")), InvalidKey::Jwk),
            ("the public half", AssertionKey::from_jwk("k", &jwk("\"d\"", "\"x\"")), InvalidKey::Jwk),
            (
                "a changed prime",
                AssertionKey::from_jwk("k", &jwk("\"p\": \"", "\"p\": \"A")),
                InvalidKey::Jwk,
            ),
            (
                "swapped exponents",
                {
                    let swapped =
                        jwk("\"dp\"", "\"_\"").replace("\"dq\"", "\"dp\"").replace("\"_\"", "\"dq\"");
                    AssertionKey::from_jwk("k", &swapped)
                },
                InvalidKey::Jwk,
            ),
            ("no pem", AssertionKey::from_pem("k", "sekrit"), InvalidKey::Pem),
            ("half a pem", AssertionKey::from_pem("k", &PEM[..900]), InvalidKey::Pem),
            ("no id", AssertionKey::from_pem("", PEM), InvalidKey::Id),
        ] {
            assert_eq!(key.map(|_| ()), Err(expected), "{name}");
        }
    }

    #[test]
    fn neither_the_key_nor_what_it_signs_is_printed() {
        let key = AssertionKey::from_pem("k-offline-1", PEM).unwrap();
        let signer = Signer::new(ChannelId::new("2009990001").unwrap(), key);
        let printed = format!("{signer:?} {signer:#?}");
        assert!(printed.contains("k-offline-1"));
        for line in PEM.lines().filter(|line| !line.starts_with('-')) {
            assert!(!printed.contains(line));
        }
        assert!(printed.len() < 300, "{printed}");
    }

    #[test]
    fn a_token_lives_a_second_to_thirty_days() {
        for (life, valid) in [
            (Duration::ZERO, false),
            (Duration::from_millis(999), false),
            (Duration::from_secs(1), true),
            (MAX_TOKEN_LIFE, true),
            (MAX_TOKEN_LIFE + Duration::from_nanos(1), false),
            (Duration::MAX, false),
        ] {
            assert_eq!(TokenLife::new(life).is_ok(), valid, "{life:?}");
        }
        assert_eq!(TokenLife::LONGEST.seconds(), 2_592_000);
    }
}
