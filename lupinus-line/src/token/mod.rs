//! Channel access tokens: where a [`Client`](crate::Client) has them from.
//!
//! | kind | life | number | made by | here |
//! |---|---|---|---|---|
//! | long-lived | without end | 1 | the console | [`ChannelToken`], [`FixedToken`] |
//! | short-lived | 30 days | 30, the oldest is revoked | id and secret | [`RenewingToken::short_lived`] |
//! | v2.1 | up to 30 days | 30, the next is refused | signature | [`RenewingToken::v2_1`] |
//! | stateless | 15 minutes | without limit, never revoked | either | [`RenewingToken::stateless`] |
//!
//! LINE advises against long-lived tokens. Where several processes serve one channel, or a process starts often, the
//! stateless kind is the one that cannot run out: each short-lived token beyond the thirtieth revokes the oldest, which
//! another process may still be using. See
//! [LINE docs/Channel access token](https://developers.line.biz/en/docs/basics/channel-access-token/).
//!
//! A client asks its [`TokenProvider`] for each call. When LINE refuses a token (401), the client tells the provider, and
//! makes the call once more if it then gives another: what was answered with 401 was not done.
//!
//! ```
//! use std::sync::Arc;
//! use lupinus_line::token::{ChannelCredentials, RenewingToken};
//! use lupinus_line::{ChannelId, ChannelSecret, Client};
//!
//! let channel = ChannelCredentials::new(ChannelId::new("2009990001")?, ChannelSecret::from("0f1e2d3c"));
//! let issuing = Client::without_token()?; // makes the calls that issue tokens
//! let client = Client::builder(RenewingToken::stateless(issuing, channel)).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod issued;
mod key;
mod provider;
mod renewing;

pub use error::TokenError;
pub(crate) use issued::seconds;
pub use issued::{ChannelCredentials, Credentials, IssuedToken, VerifiedToken};
pub use key::{AssertionKey, InvalidKey, InvalidTokenLife, MAX_TOKEN_LIFE, Signer, TokenLife};
pub(crate) use provider::Source;
pub use provider::{FixedToken, TokenProvider, TokenSource};
pub use renewing::{RenewingToken, TokenIssuer};

#[cfg(doc)]
use crate::ChannelToken;
