//! Why there is no token.

use std::sync::Arc;

use crate::ApiError;
use crate::client::BoxError;

/// There is no channel access token to call with. Cheap to clone: all who waited for one token hear of the same cause.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// LINE issues none: the credentials are wrong, or too many tokens are valid already. Somebody must look.
    #[error("LINE issues no channel access token")]
    Refused(#[source] Arc<ApiError>),
    /// None could be had just now: LINE could not be reached, did not answer, or was asked too often.
    #[error("no channel access token could be had")]
    Unavailable(#[source] Arc<ApiError>),
    /// None came in the time that the call had.
    #[error("no channel access token came in time")]
    TimedOut,
    /// What was issued cannot stand in a header.
    #[error("the channel access token is not usable")]
    Unusable,
    /// For providers and issuers of one's own.
    #[error("the provider of channel access tokens failed")]
    Other {
        /// Whether asking again later can help.
        transient: bool,
        /// The cause. Its text must hold no secret: it is logged.
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl TokenError {
    /// For providers and issuers of one's own: a failure, and whether asking again later can help.
    pub fn other(transient: bool, source: impl Into<BoxError>) -> Self {
        Self::Other { transient, source: Arc::from(source.into()) }
    }

    /// Whether asking again later can help without anybody changing anything.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::TimedOut => true,
            Self::Refused(_) | Self::Unusable => false,
            Self::Other { transient, .. } => *transient,
        }
    }

    /// The kind in one word, fit for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Unavailable(_) => "unavailable",
            Self::TimedOut => "timed_out",
            Self::Unusable => "unusable",
            Self::Other { .. } => "other",
        }
    }
}

impl From<ApiError> for TokenError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Decode { .. } | ApiError::TooLarge { .. } => Self::Unavailable(Arc::new(error)),
            _ if error.is_transient() => Self::Unavailable(Arc::new(error)),
            _ => Self::Refused(Arc::new(error)),
        }
    }
}
