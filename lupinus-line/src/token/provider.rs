//! Where tokens come from.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::TokenError;
use crate::ChannelToken;

/// Gives a client its channel access token, call by call.
///
/// [`RenewingToken`](super::RenewingToken) is one that issues and renews. Make one of your own where tokens are kept by
/// another service:
///
/// ```
/// use async_trait::async_trait;
/// use lupinus_line::token::{TokenError, TokenProvider};
/// use lupinus_line::{ChannelToken, Client};
///
/// #[derive(Debug)]
/// struct FromFile(std::path::PathBuf);
///
/// #[async_trait]
/// impl TokenProvider for FromFile {
///     async fn token(&self) -> Result<ChannelToken, TokenError> {
///         match std::fs::read_to_string(&self.0) {
///             Ok(text) => Ok(ChannelToken::from(text.trim_end())),
///             Err(error) => Err(TokenError::other(true, error)),
///         }
///     }
///
///     async fn refused(&self, _: &ChannelToken) {} // whoever writes the file renews it
/// }
///
/// let client = Client::builder(FromFile("/run/secrets/line-token".into())).build()?;
/// # Ok::<(), lupinus_line::client::BuildError>(())
/// ```
#[async_trait]
pub trait TokenProvider: fmt::Debug + Send + Sync + 'static {
    /// The token to use now. Called for every call, so that it should mostly be at hand; may be called by many at once, and
    /// may be dropped at any point when a call has no more time.
    ///
    /// # Errors
    /// [`TokenError`]; the call then fails with [`ApiError::NoToken`](crate::ApiError::NoToken), and nothing was sent.
    async fn token(&self) -> Result<ChannelToken, TokenError>;

    /// LINE refused this token (401). What [`token`](Self::token) gives next decides what becomes of the call: another token
    /// lets it be made once more, the same one ends it. Many calls may report the same token, also long after it was
    /// replaced.
    async fn refused(&self, token: &ChannelToken);
}

#[async_trait]
impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        (**self).token().await
    }

    async fn refused(&self, token: &ChannelToken) {
        (**self).refused(token).await;
    }
}

/// One token for ever: a long-lived one from the console. When LINE refuses it, nothing else can be done.
#[derive(Clone, Debug)]
pub struct FixedToken(ChannelToken);

impl FixedToken {
    /// Always this token.
    pub const fn new(token: ChannelToken) -> Self {
        Self(token)
    }
}

#[async_trait]
impl TokenProvider for FixedToken {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        Ok(self.0.clone())
    }

    async fn refused(&self, _: &ChannelToken) {}
}

/// Where a client has its tokens from: a [`ChannelToken`], which is then checked when the client is made, or any
/// [`TokenProvider`].
#[derive(Clone, Debug)]
pub struct TokenSource(pub(crate) Source);

#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Only calls that need none can be made.
    None,
    Fixed(ChannelToken),
    Provider(Arc<dyn TokenProvider>),
}

impl From<ChannelToken> for TokenSource {
    fn from(token: ChannelToken) -> Self {
        Self(Source::Fixed(token))
    }
}

impl<P: TokenProvider> From<P> for TokenSource {
    fn from(provider: P) -> Self {
        Self(Source::Provider(Arc::new(provider)))
    }
}
