//! Extractors for axum.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::{Envelope, SIGNATURE_HEADER, SignatureError, Verified, verify};
use crate::{ChannelSecret, DecodeError};

/// Longest body that is read unless another length is set, in bytes. LINE names no bound: this is ours, and the most
/// that LINE takes in the other direction.
pub const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Who may sign webhooks, and how much of one is read. A part of the state of an axum router.
///
/// It is the whole state in the simplest router; in another, implement [`FromRef`] for it. It is asked for at every
/// request, so that a state can hand out new secrets while the bot runs.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    secrets: Arc<[ChannelSecret]>,
    max_body_bytes: usize,
}

/// The body of a webhook request whose signature was checked, in an axum handler.
///
/// For what is to be kept or passed on as it came; [`Envelope`] is an extractor, too, and decodes at once.
#[derive(Clone)]
pub struct SignedBody {
    body: Bytes,
    secret: usize,
}

/// Why a request was turned away, before any handler saw it. As a response it is the status and a sentence that says
/// nothing about the request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// It is not signed by LINE: 401. [`SignatureError::NoSecret`] is a mistake of this side: 500.
    #[error("a webhook is not signed as it must be")]
    Signature(#[source] SignatureError),
    /// The body is longer than is read: 413.
    #[error("a webhook is too long")]
    TooLarge,
    /// The body broke off: 400.
    #[error("a webhook cannot be read to its end")]
    Unreadable,
    /// The body is signed, but no webhook: 400.
    #[error("a signed webhook does not decode")]
    Malformed(#[source] DecodeError),
}

impl WebhookConfig {
    /// Takes what one of the secrets signed: several, while one is being replaced.
    pub fn new(secrets: impl IntoIterator<Item = ChannelSecret>) -> Self {
        Self { secrets: secrets.into_iter().collect(), max_body_bytes: MAX_BODY_BYTES }
    }

    /// Reads at most so many bytes of a body, instead of [`MAX_BODY_BYTES`]. Limits of axum itself do not count here.
    pub fn max_body_bytes(mut self, max_body_bytes: usize) -> Self {
        self.max_body_bytes = max_body_bytes;
        self
    }
}

impl SignedBody {
    /// The body with the proof that it was checked; [`Verified::parse`] decodes it.
    pub fn verified(&self) -> Verified<'_> {
        Verified::checked(&self.body, self.secret)
    }

    /// The bytes that were signed.
    pub fn into_bytes(self) -> Bytes {
        self.body
    }
}

impl WebhookRejection {
    /// The status of the response.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Signature(SignatureError::NoSecret) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable | Self::Malformed(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl<S> FromRequest<S> for SignedBody
where
    S: Send + Sync,
    WebhookConfig: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let config = WebhookConfig::from_ref(state);
        let (parts, body) = request.into_parts();
        // Whoever does not even claim to be LINE is not listened to.
        let Some(signature) = parts.headers.get(SIGNATURE_HEADER) else {
            return Err(WebhookRejection::Signature(SignatureError::Missing));
        };
        let body = read(body, config.max_body_bytes).await?;
        let secret = verify(&config.secrets, Some(signature.as_bytes()), &body)
            .map_err(WebhookRejection::Signature)?
            .secret_index();
        Ok(Self { body, secret })
    }
}

impl<S> FromRequest<S> for Envelope
where
    S: Send + Sync,
    WebhookConfig: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let body = SignedBody::from_request(request, state).await?;
        body.verified().parse().map_err(WebhookRejection::Malformed)
    }
}

async fn read(body: Body, max_bytes: usize) -> Result<Bytes, WebhookRejection> {
    match Limited::new(body, max_bytes).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if is_length_limit(error.as_ref()) => Err(WebhookRejection::TooLarge),
        Err(_) => Err(WebhookRejection::Unreadable),
    }
}

/// Whether a bound was met: ours, or that of a layer further out, which axum wraps.
fn is_length_limit(mut error: &(dyn Error + 'static)) -> bool {
    loop {
        if error.is::<LengthLimitError>() {
            return true;
        }
        let Some(source) = error.source() else { return false };
        error = source;
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        let source = self.source().map(tracing::field::display);
        if matches!(self, Self::Signature(SignatureError::NoSecret) | Self::Malformed(_)) {
            tracing::error!(http.status = self.status().as_u16(), source, "{self}");
        } else {
            tracing::warn!(http.status = self.status().as_u16(), source, "{self}");
        }
        (self.status(), self.to_string()).into_response()
    }
}

impl fmt::Debug for SignedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedBody")
            .field("body_bytes", &self.body.len())
            .field("secret_index", &self.secret)
            .finish()
    }
}
