//! What can go wrong when calling LINE, cut by what the caller does next.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::ErrorAnswer;
use crate::token::TokenError;
use crate::{DecodeError, RequestId};

/// The cause of an error, of any type.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call to LINE that did not succeed. Texts and chains are free of ids, addresses and content; what LINE said is in
/// [`answer`](Self::answer).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// LINE looked at the request and refused it: repeating it changes nothing. Statuses 400, 403, 404, 413, 415 and
    /// whatever else has no variant of its own.
    #[error("LINE refused the request ({0})")]
    Refused(Box<ErrorAnswer>),
    /// The reply token was used before, is too old, or is none. After an unanswered try of the same reply, within the
    /// token's minute, it means that the try had been accepted; after it nobody knows.
    #[error("LINE refused the reply token")]
    InvalidReplyToken(Box<ErrorAnswer>),
    /// The channel access token is wrong or expired (401): nothing works until it is replaced.
    #[error("LINE does not accept the channel access token")]
    Unauthorised(Box<ErrorAnswer>),
    /// There is no channel access token to call with: nothing was sent.
    #[error("no call without a channel access token")]
    NoToken(#[source] TokenError),
    /// The month's messages are used up (429): wait for the next month or buy more.
    #[error("the monthly limit of messages is reached")]
    QuotaExhausted(Box<ErrorAnswer>),
    /// Too many requests (429): wait and repeat with the same retry key.
    #[error("LINE's rate limit is exceeded")]
    RateLimited(Box<ErrorAnswer>),
    /// No certain answer: LINE may have accepted the request. Repeat only with the same retry key.
    #[error("no certain answer from LINE ({kind})")]
    Ambiguous {
        /// How the answer was missed.
        kind: Ambiguity,
        /// What was answered, if anything was.
        answer: Option<Box<ErrorAnswer>>,
        /// The cause, if it was below HTTP.
        #[source]
        source: Option<BoxError>,
    },
    /// No connection came about: LINE has certainly not seen the request.
    #[error("LINE cannot be reached")]
    Unreachable {
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// The client held the call back and sent nothing: within the call's time it would have exceeded a rate of LINE's or the
    /// client's own number of calls at once. Later it can be made.
    #[error("held back, nothing was sent ({0})")]
    HeldBack(Brake),
    /// The content is being prepared (202): ask again in a moment.
    #[error("the content is not ready yet")]
    NotReady(Box<ErrorAnswer>),
    /// The thing existed and does not any more (410), such as content its sender took back.
    #[error("the content is gone")]
    Gone(Box<ErrorAnswer>),
    /// A success whose body is not what LINE documents. Sends do not end so: what LINE accepted is accepted.
    #[error("the answer with status {} does not decode", answer.status.as_u16())]
    Decode {
        /// What was answered.
        answer: Box<ErrorAnswer>,
        /// What is wrong.
        #[source]
        source: DecodeError,
    },
    /// The request could not be made, and was not: a mistake of the caller.
    #[error("not a possible request: {0}")]
    Invalid(&'static str),
    /// The answer is longer than the caller allowed.
    #[error("the answer is longer than {max_bytes} bytes")]
    TooLarge {
        /// What was allowed.
        max_bytes: usize,
        /// What was answered, without its body.
        answer: Box<ErrorAnswer>,
    },
}

/// What held a call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Brake {
    /// The [pacing](super::Pacing): LINE allows no more calls of this kind now.
    Rate {
        /// How long it takes at least until one more is allowed.
        wait: Duration,
    },
    /// The client makes as many calls at once as it [may](super::ClientBuilder::concurrency).
    Concurrency,
}

impl fmt::Display for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate { wait } => write!(f, "LINE's rate allows it in {wait:.1?}"),
            Self::Concurrency => f.write_str("too many calls at once"),
        }
    }
}

/// How an answer was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ambiguity {
    /// LINE answered with a status of 500 or above, or 408.
    Status(StatusCode),
    /// Nothing came in time.
    TimedOut,
    /// The connection broke after the request was begun.
    Broken,
    /// Something answered that is not LINE: a proxy, or the sign-in page of a network.
    NotLine(StatusCode),
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {}", status.as_u16()),
            Self::TimedOut => f.write_str("timed out"),
            Self::Broken => f.write_str("connection broken"),
            Self::NotLine(status) => {
                write!(f, "status {} without LINE's request id, so not from LINE", status.as_u16())
            }
        }
    }
}

impl ApiError {
    /// What was answered, if anything was: status, headers, LINE's message and details, the raw body.
    pub fn answer(&self) -> Option<&ErrorAnswer> {
        match self {
            Self::Refused(answer)
            | Self::InvalidReplyToken(answer)
            | Self::Unauthorised(answer)
            | Self::QuotaExhausted(answer)
            | Self::RateLimited(answer)
            | Self::NotReady(answer)
            | Self::Gone(answer)
            | Self::Decode { answer, .. }
            | Self::TooLarge { answer, .. } => Some(answer),
            Self::Ambiguous { answer, .. } => answer.as_deref(),
            Self::NoToken(_) | Self::Unreachable { .. } | Self::HeldBack(_) | Self::Invalid(_) => None,
        }
    }

    /// LINE's name for the request, if it answered.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.answer()?.request_id.as_ref()
    }

    /// The HTTP status, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// Whether LINE may have done what was asked although this is an error. A send may then only be repeated with the
    /// same retry key, and a reply not at all after its minute.
    pub const fn may_have_been_accepted(&self) -> bool {
        matches!(self, Self::Ambiguous { .. } | Self::Decode { .. } | Self::TooLarge { .. })
    }

    /// Whether the same call can succeed later without anybody changing anything.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NoToken(error) => error.is_transient(),
            Self::Ambiguous { .. }
            | Self::Unreachable { .. }
            | Self::RateLimited(_)
            | Self::HeldBack(_)
            | Self::NotReady(_) => true,
            _ => false,
        }
    }

    /// Whether LINE knows no such thing (404).
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// The kind in one word, fit for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::InvalidReplyToken { .. } => "invalid_reply_token",
            Self::Unauthorised { .. } => "unauthorised",
            Self::NoToken(_) => "no_token",
            Self::QuotaExhausted { .. } => "quota_exhausted",
            Self::RateLimited { .. } => "rate_limited",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unreachable { .. } => "unreachable",
            Self::HeldBack(_) => "held_back",
            Self::NotReady { .. } => "not_ready",
            Self::Gone { .. } => "gone",
            Self::Decode { .. } => "decode",
            Self::Invalid(_) => "invalid",
            Self::TooLarge { .. } => "too_large",
        }
    }
}
