//! What authorises a call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use tokio::time::{Instant, timeout, timeout_at};

use super::{ApiError, Request};
use crate::ChannelToken;
use crate::endpoint::Auth;
use crate::token::{Source, TokenError, TokenProvider, TokenSource};

/// Where the client has its channel access token from.
pub(super) enum Authority {
    /// Only calls that carry their own credentials can be made.
    None,
    Fixed(HeaderValue),
    Provider(Arc<dyn TokenProvider>),
}

impl Authority {
    /// `None` when the token is fixed and no header may hold it.
    pub(super) fn new(source: TokenSource) -> Option<Self> {
        Some(match source.0 {
            Source::None => Self::None,
            Source::Fixed(token) => Self::Fixed(bearer(&token)?),
            Source::Provider(provider) => Self::Provider(provider),
        })
    }

    /// What lets this request through, if it asks for anything of the client's.
    pub(super) fn pass(&self, request: &Request) -> Result<Pass<'_>, ApiError> {
        let wanted =
            request.endpoint.auth == Auth::ChannelToken && !request.headers.contains_key(AUTHORIZATION);
        Ok(match self {
            _ if !wanted => Pass::Nothing,
            Self::None => return Err(ApiError::Invalid("this client has no channel access token")),
            Self::Fixed(header) => Pass::Fixed(header),
            Self::Provider(provider) => Pass::Asked { provider: &**provider, last: Mutex::default() },
        })
    }
}

/// What lets one call through, over all its tries.
pub(super) enum Pass<'a> {
    Nothing,
    Fixed(&'a HeaderValue),
    Asked {
        provider: &'a dyn TokenProvider,
        /// What the last try was made with.
        last: Mutex<Option<ChannelToken>>,
    },
}

impl Pass<'_> {
    /// What the next try carries, and how much of the time that is left is left then.
    pub(super) async fn show(&self, left: Duration) -> Result<(Option<HeaderValue>, Duration), ApiError> {
        let (provider, last) = match self {
            Self::Nothing => return Ok((None, left)),
            Self::Fixed(header) => return Ok((Some((*header).clone()), left)),
            Self::Asked { provider, last } => (provider, last),
        };
        let begun = Instant::now();
        let token = timeout(left, provider.token()).await.unwrap_or(Err(TokenError::TimedOut));
        let token = token.map_err(ApiError::NoToken)?;
        let header = bearer(&token).ok_or(ApiError::NoToken(TokenError::Unusable))?;
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        match left.saturating_sub(begun.elapsed()) {
            Duration::ZERO => Err(ApiError::NoToken(TokenError::TimedOut)),
            left => Ok((Some(header), left)),
        }
    }

    /// Tells the provider when LINE has refused its token, also when no further try follows: a channel that refuses every token
    /// must not use them up. The refused token.
    pub(super) async fn tell_refused(&self, error: &ApiError, deadline: Instant) -> Option<ChannelToken> {
        let (Self::Asked { provider, last }, ApiError::Unauthorised(_)) = (self, error) else { return None };
        let refused = last.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        timeout_at(deadline, provider.refused(&refused)).await.ok().map(|()| refused)
    }

    /// Whether the provider has another token than the refused one.
    pub(super) async fn has_another(&self, refused: &ChannelToken, deadline: Instant) -> bool {
        let Self::Asked { provider, .. } = self else { return false };
        matches!(timeout_at(deadline, provider.token()).await, Ok(Ok(token)) if token != *refused)
    }
}

fn bearer(token: &ChannelToken) -> Option<HeaderValue> {
    if !token.fits_in_a_header() {
        return None;
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_with_a_token_is_not_printed() {
        let header = bearer(&ChannelToken::from("sekrit")).unwrap();
        assert_eq!(header.to_str().unwrap(), "Bearer sekrit");
        assert!(!format!("{header:?}").contains("sekrit"));
    }
}
