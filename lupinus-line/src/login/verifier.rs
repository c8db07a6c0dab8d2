//! Checking ID tokens without asking LINE each time.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::claims::instant;
use super::keys::{KeyShelf, NoKey};
use super::returned::{Returned, signed_text};
use super::{Expected, IdToken, IdTokenClaims, LoginReturn, PendingLogin, ReturnError};
use crate::crypto::{Jws, MAX_TOKEN_BYTES, Malformed};
use crate::token::ChannelCredentials;
use crate::{ApiError, ChannelId, Client, DecodeError};

/// Who makes ID tokens ([source](https://developers.line.biz/en/docs/line-login/verify-id-token/)).
const ISSUER: &str = "https://access.line.me";
/// How far the clocks of LINE and of this machine may differ, unless set otherwise.
const LEEWAY: Duration = Duration::from_mins(1);
/// How far they may differ at most.
pub const MAX_LEEWAY: Duration = Duration::from_mins(5);

/// Why an ID token is not to be believed. Nothing of what the token says is in here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenError {
    /// Longer than 16 KiB.
    #[error("the ID token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not three parts of base64url with a JSON header.
    #[error("the ID token is malformed")]
    Malformed,
    /// Made with another algorithm than the one for this kind of login, or with none.
    #[error("the ID token is not signed with the algorithm of this kind of login")]
    Algorithm,
    /// Signed with a key that LINE does not publish.
    #[error("the ID token names a key that LINE does not publish")]
    UnknownKey,
    /// LINE's keys could not be asked for: later, the same token may be good.
    #[error("LINE's keys cannot be had")]
    NoKeys {
        /// Why; `None` right after it had failed.
        #[source]
        source: Option<Box<ApiError>>,
    },
    /// The signature does not match: not LINE's, or changed.
    #[error("the signature of the ID token does not match")]
    Signature,
    /// Signed, but what it says does not decode.
    #[error("the claims of the ID token do not decode")]
    Claims(#[source] DecodeError),
    /// Not made by LINE Login.
    #[error("the ID token is from another issuer")]
    Issuer,
    /// Made for another channel.
    #[error("the ID token is for another channel")]
    Audience,
    /// It has ended.
    #[error("the ID token has expired")]
    Expired,
    /// Made in the future, by this machine's clock.
    #[error("the ID token is not valid yet")]
    NotYetValid,
    /// Not made for this login.
    #[error("the ID token is for another login")]
    Nonce,
    /// The user logged in too long ago, or the token does not say when.
    #[error("the login is not recent enough")]
    NotRecent,
    /// Another user than the one expected.
    #[error("the ID token is of another user")]
    User,
}

impl IdTokenError {
    /// Whether the same token may be good later.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::NoKeys { .. })
    }
}

/// Why a signed return gives no code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignedReturnError {
    /// The signed text is not to be believed.
    #[error("the signed return is not to be believed")]
    Signed(#[source] IdTokenError),
    /// It is, or there is none; but the return itself gives no code.
    #[error("the signed return gives no code")]
    Return(#[source] ReturnError),
}

/// Checks ID tokens on this machine, each kind with the one algorithm that LINE uses for it, whatever a token says of
/// itself. Cheap to clone; clones share LINE's keys. Make one and keep it.
///
/// See [LINE docs/Get profile information from ID
/// tokens](https://developers.line.biz/en/docs/line-login/verify-id-token/).
#[derive(Clone, Debug)]
pub struct IdTokenVerifier {
    channel: ChannelId,
    leeway: Duration,
    policy: Policy,
}

#[derive(Clone, Debug)]
enum Policy {
    /// `HS256`, with the secret of the channel.
    Secret(ChannelCredentials),
    /// `ES256`, with a key that LINE publishes.
    Published(KeyShelf),
}

impl IdTokenVerifier {
    /// For logins on the web ([`Client::exchange_code`]): signed with the secret of the channel (`HS256`).
    pub fn web(channel: ChannelCredentials) -> Self {
        Self { channel: channel.channel().clone(), leeway: LEEWAY, policy: Policy::Secret(channel) }
    }

    /// For LIFF apps, native apps and the SDKs: signed with a key that LINE publishes (`ES256`). The keys are asked for when
    /// first needed and once an hour; when a token names another, at most once a minute. While LINE does not answer, they
    /// serve for a day.
    pub fn app(channel: ChannelId, client: Client) -> Self {
        Self { channel, leeway: LEEWAY, policy: Policy::Published(KeyShelf::new(client)) }
    }

    /// How far the clocks of LINE and of this machine may differ (one minute), at most [`MAX_LEEWAY`].
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.min(MAX_LEEWAY);
        self
    }

    /// What the token says, if it is to be believed now.
    ///
    /// # Errors
    /// [`IdTokenError`].
    pub async fn verify(
        &self,
        token: &IdToken,
        expected: &Expected<'_>,
    ) -> Result<IdTokenClaims, IdTokenError> {
        self.verify_at(token, expected, Timestamp::now()).await
    }

    /// What the token says, if it was to be believed at a time.
    ///
    /// # Errors
    /// [`IdTokenError`].
    ///
    /// ```
    /// use lupinus_line::login::{Expected, IdToken, IdTokenVerifier, Nonce};
    /// use lupinus_line::token::ChannelCredentials;
    /// use lupinus_line::{ChannelId, ChannelSecret};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let secret = ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    /// let verifier = IdTokenVerifier::web(ChannelCredentials::new(ChannelId::new("2009990001")?, secret));
    /// let token = IdToken::from("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVWFhYWFiYmJiY2NjY2RkZGRlZWVlZmZmZjAwMDAxMTExIiwiYXVkIjoiMjAwOTk5MDAwMSIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwLCJub25jZSI6Im4tN2YzYSIsImFtciI6WyJsaW5lc3NvIl0sIm5hbWUiOiJGdWppIEhhbmEifQ.947l4mL7CK3Kc3fqIBx3D2_ZEIrLe7XhT_ldwWSnh6w");
    /// let nonce = Nonce::new("n-7f3a")?;
    ///
    /// let then = "2026-09-21T14:30:00Z".parse()?;
    /// let claims = verifier.verify_at(&token, &Expected::nonce(&nonce), then).await?;
    /// assert_eq!(claims.sub.as_str(), "Uaaaabbbbccccddddeeeeffff00001111");
    /// assert_eq!(claims.name.as_deref(), Some("Fuji Hana"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn verify_at(
        &self,
        token: &IdToken,
        expected: &Expected<'_>,
        now: Timestamp,
    ) -> Result<IdTokenClaims, IdTokenError> {
        let claims: IdTokenClaims = self.signed(token.expose()).await?;
        self.check(&claims.iss, &claims.aud, claims.exp, Some(claims.iat), now)?;
        if let Some(nonce) = expected.nonce {
            let same = claims.nonce.as_deref().is_some_and(|claimed| nonce.matches(claimed));
            if !same {
                return Err(IdTokenError::Nonce);
            }
        }
        if let Some(age) = expected.max_age {
            let at = claims.auth_time.ok_or(IdTokenError::NotRecent)?;
            if later(at, age.saturating_add(self.leeway)) < now || at > later(now, self.leeway) {
                return Err(IdTokenError::NotRecent);
            }
        }
        if expected.user.is_some_and(|user| *user != claims.sub) {
            return Err(IdTokenError::User);
        }
        Ok(claims)
    }

    /// Reads a return in one of the signed [modes](super::ResponseMode): the query or form with its one parameter
    /// `response`. LINE documents the modes but not what signs them; the algorithm and the key of this verifier are asked
    /// for, as for ID tokens.
    ///
    /// # Errors
    /// [`SignedReturnError`].
    pub async fn read_signed_return(
        &self,
        pending: &PendingLogin,
        query: &str,
    ) -> Result<LoginReturn, SignedReturnError> {
        let text = signed_text(query).map_err(SignedReturnError::Return)?;
        let signed = self.signed_return(&text).await.map_err(SignedReturnError::Signed)?;
        pending.judge(signed).map_err(SignedReturnError::Return)
    }

    async fn signed_return(&self, text: &str) -> Result<Returned, IdTokenError> {
        let signed: SignedReturn = self.signed(text).await?;
        self.check(&signed.iss, &signed.aud, signed.exp, None, Timestamp::now())?;
        Ok(signed.returned)
    }

    /// What a token says, if its signature is LINE's.
    async fn signed<T: DeserializeOwned>(&self, token: &str) -> Result<T, IdTokenError> {
        let jws = Jws::parse(token).map_err(|malformed| match malformed {
            Malformed::TooLong => IdTokenError::TooLong,
            Malformed::Form => IdTokenError::Malformed,
        })?;
        let payload = match &self.policy {
            Policy::Secret(channel) => {
                require(&jws, "HS256")?;
                jws.checked_hs256(channel.secret().expose())
            }
            Policy::Published(keys) => {
                require(&jws, "ES256")?;
                let key = match keys.find(jws.key_id().ok_or(IdTokenError::UnknownKey)?).await {
                    Ok(key) => key,
                    Err(NoKey::Unknown) => return Err(IdTokenError::UnknownKey),
                    Err(NoKey::Unasked(source)) => return Err(IdTokenError::NoKeys { source }),
                };
                jws.checked_es256(&key)
            }
        };
        let payload = payload.ok_or(IdTokenError::Signature)?;
        serde_json::from_slice(payload).map_err(|error| IdTokenError::Claims(error.into()))
    }

    fn check(
        &self,
        issuer: &str,
        audience: &ChannelId,
        expires: Timestamp,
        issued: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), IdTokenError> {
        if issuer != ISSUER {
            return Err(IdTokenError::Issuer);
        }
        if *audience != self.channel {
            return Err(IdTokenError::Audience);
        }
        if later(expires, self.leeway) <= now {
            return Err(IdTokenError::Expired);
        }
        if issued.is_some_and(|issued| issued > later(now, self.leeway)) {
            return Err(IdTokenError::NotYetValid);
        }
        Ok(())
    }
}

fn require(jws: &Jws<'_>, algorithm: &str) -> Result<(), IdTokenError> {
    if jws.claims_algorithm(algorithm) { Ok(()) } else { Err(IdTokenError::Algorithm) }
}

fn later(instant: Timestamp, span: Duration) -> Timestamp {
    instant.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// A return that is signed ([JARM](https://openid.net/specs/oauth-v2-jarm.html)).
#[derive(Deserialize)]
struct SignedReturn {
    iss: String,
    aud: ChannelId,
    #[serde(deserialize_with = "instant")]
    exp: Timestamp,
    #[serde(flatten)]
    returned: Returned,
}
