//! What LINE says of users and their tokens.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::Scope;
use crate::token::seconds;
use crate::{ApiError, ChannelId, RawJson, RefreshToken, UserId, UserToken};

/// An ID token as it came: good for nothing before it is [checked](super::IdTokenVerifier). Personal: not printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct IdToken(String);

impl IdToken {
    /// The token.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for IdToken {
    fn from(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl From<String> for IdToken {
    fn from(token: String) -> Self {
        Self(token)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

/// What a login gives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserTokens {
    /// Acts for the user.
    pub access_token: UserToken,
    /// How long the access token is valid, in whole seconds (30 days).
    #[serde(deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// Gives a new access token, until 90 days after the access token was issued.
    pub refresh_token: RefreshToken,
    /// Says who the user is; with the scope `openid`.
    pub id_token: Option<IdToken>,
    /// What the user allowed. LINE never names `email` here.
    #[serde(default, deserialize_with = "scopes")]
    pub scope: Vec<Scope>,
}

/// What a refresh token gives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RefreshedTokens {
    /// Acts for the user.
    pub access_token: UserToken,
    /// How long the access token is valid, in whole seconds.
    #[serde(deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// Gives the next one. Its own life is not extended by use.
    pub refresh_token: RefreshToken,
    /// What the user allowed.
    #[serde(default, deserialize_with = "scopes")]
    pub scope: Vec<Scope>,
}

/// What LINE says of a user's access token that is valid, and of this channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VerifiedUserToken {
    /// The channel for which it was issued.
    #[serde(rename = "client_id")]
    pub channel: ChannelId,
    /// How long it is valid from now on, in whole seconds.
    #[serde(deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// What it permits.
    #[serde(default, deserialize_with = "scopes")]
    pub scope: Vec<Scope>,
}

/// Why a user's access token is not to be believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UserTokenError {
    /// LINE does not know it, or could not be asked.
    #[error("the access token could not be checked")]
    Api(#[source] ApiError),
    /// It is good, but was issued for another channel: somebody passes on what another app got from the user.
    #[error("the access token is for another channel")]
    OtherChannel,
    /// It has ended.
    #[error("the access token has expired")]
    Expired,
}

impl VerifiedUserToken {
    pub(crate) fn judge(self, channel: &ChannelId) -> Result<Self, UserTokenError> {
        if self.channel != *channel {
            return Err(UserTokenError::OtherChannel);
        }
        if self.expires_in.is_zero() { Err(UserTokenError::Expired) } else { Ok(self) }
    }
}

/// Id, name and picture of a user. `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// Who it is.
    pub sub: UserId,
    /// The name shown; with the scope `profile`.
    pub name: Option<String>,
    /// Address of the picture; with the scope `profile`.
    pub picture: Option<String>,
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfo(…)")
    }
}

/// What LINE Login says of itself ([OpenID Connect
/// Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html)).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OpenIdConfiguration {
    /// Who makes ID tokens.
    pub issuer: String,
    /// Where users log in.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    pub token_endpoint: Option<String>,
    /// Where the public keys are.
    pub jwks_uri: Option<String>,
    /// Algorithms of ID tokens.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Methods of PKCE.
    #[serde(default)]
    pub code_challenge_methods_supported: Vec<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: BTreeMap<String, RawJson>,
}

/// Scopes with spaces between.
fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Scope>, D::Error> {
    let scopes = Option::<String>::deserialize(deserializer)?;
    let scopes = scopes.unwrap_or_default();
    Ok(scopes.split_ascii_whitespace().map(|scope| Scope::from(scope.to_owned())).collect())
}
