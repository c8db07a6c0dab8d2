//! What LINE says of tokens.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::{ChannelId, ChannelSecret, ChannelToken, TokenKeyId};

use super::Signer;

/// The id and the secret of a channel, with which it shows that it is itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCredentials {
    channel: ChannelId,
    secret: ChannelSecret,
}

impl ChannelCredentials {
    /// The two together.
    pub const fn new(channel: ChannelId, secret: ChannelSecret) -> Self {
        Self { channel, secret }
    }

    /// The channel.
    pub const fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// Its secret.
    pub const fn secret(&self) -> &ChannelSecret {
        &self.secret
    }
}

/// With what a channel shows that it is itself: its secret, or a signature. Never both and never a part of either, so that
/// LINE cannot take one for the other.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Its secret.
    Secret(ChannelCredentials),
    /// A signature.
    Assertion(Signer),
}

impl From<ChannelCredentials> for Credentials {
    fn from(credentials: ChannelCredentials) -> Self {
        Self::Secret(credentials)
    }
}

impl From<Signer> for Credentials {
    fn from(signer: Signer) -> Self {
        Self::Assertion(signer)
    }
}

/// A channel access token that was just issued.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The token.
    #[serde(rename = "access_token")]
    pub token: ChannelToken,
    /// How long it is valid, counted from its issue, in whole seconds.
    #[serde(deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// Names the token; v2.1 only. LINE advises to store it with the token.
    pub key_id: Option<TokenKeyId>,
}

impl IssuedToken {
    /// A token that is valid for so long: for [issuers](super::TokenIssuer) of one's own, and for tokens that were kept over
    /// a restart.
    pub const fn new(token: ChannelToken, expires_in: Duration) -> Self {
        Self { token, expires_in, key_id: None }
    }
}

/// What LINE says of a channel access token that is valid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VerifiedToken {
    /// Whose token it is.
    #[serde(rename = "client_id")]
    pub channel: ChannelId,
    /// How long it is valid from now on, in whole seconds; about a century for a long-lived one.
    #[serde(deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// What it permits, as LINE writes it.
    pub scope: Option<String>,
}

/// A number of seconds; less than nothing is nothing.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}
