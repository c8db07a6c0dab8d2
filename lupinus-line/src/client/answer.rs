//! Good answers.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Ambiguity, ApiError, ErrorAnswer};
use crate::decode::odd_is_default;
use crate::{DecodeError, MessageId, QuoteToken, RequestId};

/// What LINE answered, with its name for the request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// LINE's name for the request; it always sends one.
    pub request_id: Option<RequestId>,
}

impl<T> Answer<T> {
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: map(self.value), request_id: self.request_id }
    }
}

/// LINE has accepted a send. Accepted is not delivered: LINE does not say who was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Delivery {
    /// Accepted just now.
    Accepted {
        /// LINE's name for the request.
        request_id: Option<RequestId>,
        /// The messages in order; replies and pushes only.
        sent: Vec<SentMessage>,
    },
    /// An earlier request with the same retry key was accepted (409). Nothing was sent twice.
    AlreadyAccepted {
        /// LINE's name for the request that was accepted.
        accepted_request_id: Option<RequestId>,
        /// LINE's name for this request.
        request_id: Option<RequestId>,
        /// The messages of the accepted request; pushes only.
        sent: Vec<SentMessage>,
    },
}

impl Delivery {
    /// LINE's name for the request that was accepted: the one to record.
    pub fn accepted_request_id(&self) -> Option<&RequestId> {
        match self {
            Self::Accepted { request_id, .. } => request_id.as_ref(),
            Self::AlreadyAccepted { accepted_request_id, .. } => accepted_request_id.as_ref(),
        }
    }

    /// LINE's name for this request.
    pub fn request_id(&self) -> Option<&RequestId> {
        match self {
            Self::Accepted { request_id, .. } | Self::AlreadyAccepted { request_id, .. } => {
                request_id.as_ref()
            }
        }
    }

    /// The messages as LINE names them, in order; replies and pushes only.
    pub fn sent(&self) -> &[SentMessage] {
        match self {
            Self::Accepted { sent, .. } | Self::AlreadyAccepted { sent, .. } => sent,
        }
    }
}

/// A message that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SentMessage {
    /// Names the message.
    pub id: MessageId,
    /// Lets a later message quote it. Some kinds have none.
    #[serde(default, deserialize_with = "odd_is_default")]
    pub quote_token: Option<QuoteToken>,
}

/// An answer before it is decoded: of the raw layer, [`Client::request`](super::Client::request).
#[derive(Clone)]
#[non_exhaustive]
pub struct RawAnswer {
    /// 2xx, or 409 to a request with a retry key.
    pub status: StatusCode,
    /// LINE's name for the request.
    pub request_id: Option<RequestId>,
    /// With 409: LINE's name for the request that was accepted.
    pub accepted_request_id: Option<RequestId>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body. May hold personal data.
    pub body: Bytes,
}

impl RawAnswer {
    /// Decodes the body.
    ///
    /// # Errors
    /// [`ApiError::Decode`].
    pub fn json<T: DeserializeOwned>(self) -> Result<Answer<T>, ApiError> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(Answer { value, request_id: self.request_id }),
            Err(error) => Err(self.undecodable(error.into())),
        }
    }

    /// Something that is not LINE has answered.
    pub(super) fn not_line(self) -> ApiError {
        let kind = Ambiguity::NotLine(self.status);
        ApiError::Ambiguous { kind, answer: Some(self.into_error()), source: None }
    }

    pub(super) fn undecodable(self, source: DecodeError) -> ApiError {
        ApiError::Decode { answer: self.into_error(), source }
    }

    /// As what an error carries.
    pub(super) fn into_error(self) -> Box<ErrorAnswer> {
        Box::new(ErrorAnswer::new(self.status, self.headers, self.body))
    }

    pub(super) fn done(self) -> Answer<()> {
        Answer { value: (), request_id: self.request_id }
    }
}

impl std::fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAnswer")
            .field("status", &self.status.as_u16())
            .field("request_id", &self.request_id)
            .field("accepted_request_id", &self.accepted_request_id)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
