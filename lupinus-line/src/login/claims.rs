//! What an ID token says.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::open::open_enum;
use crate::{ChannelId, RawJson, UserId};

/// What a checked ID token says of a user. `Debug` prints nothing of it.
///
/// See [LINE docs/Get profile information from ID
/// tokens](https://developers.line.biz/en/docs/line-login/verify-id-token/#payload).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// Who made the token: `https://access.line.me`.
    pub iss: String,
    /// Who logged in.
    pub sub: UserId,
    /// The channel for which the token was made.
    pub aud: ChannelId,
    /// When the token ends.
    #[serde(deserialize_with = "instant")]
    pub exp: Timestamp,
    /// When the token was made.
    #[serde(deserialize_with = "instant")]
    pub iat: Timestamp,
    /// When the user logged in; only when the login set a
    /// [`max_age`](super::LoginRequest::max_age).
    #[serde(default, deserialize_with = "maybe_instant")]
    pub auth_time: Option<Timestamp>,
    /// The nonce of the login.
    pub nonce: Option<String>,
    /// How the user logged in.
    #[serde(default)]
    pub amr: Option<Vec<Amr>>,
    /// The name shown; with the scope `profile`.
    pub name: Option<String>,
    /// Address of the picture; with the scope `profile`.
    pub picture: Option<String>,
    /// The e-mail address; with the scope `email`.
    pub email: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: BTreeMap<String, RawJson>,
}

open_enum! {
    /// How a user logged in.
    Amr {
        /// By e-mail address and password.
        Password = "pwd",
        /// Without being asked.
        AutoLogin = "lineautologin",
        /// By QR code.
        QrCode = "lineqr",
        /// By single sign-on.
        SingleSignOn = "linesso",
        /// By a second factor, too.
        MultiFactor = "mfa",
    }
}

impl fmt::Debug for IdTokenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdTokenClaims(…)")
    }
}

/// Seconds since 1970, as JSON web tokens count.
pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    Timestamp::from_second(seconds).map_err(|_| serde::de::Error::custom("not a time"))
}

fn maybe_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let seconds = Option::<i64>::deserialize(deserializer)?;
    let instant = seconds.map(Timestamp::from_second).transpose();
    instant.map_err(|_| serde::de::Error::custom("not a time"))
}
