//! Bytes that people sent.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, Stream, StreamExt as _};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde::Deserialize;

use super::transport::broken;
use super::{Answer, ApiError, Client, ErrorAnswer, Request};
use crate::{MessageId, RequestId, RichMenuId, endpoint};

/// Bytes on their way: a piece at a time, never the whole in memory unless asked for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Content {
    /// What LINE says the bytes are, such as `image/jpeg`. Do not rely on it: the sender chose the file.
    pub content_type: Option<String>,
    /// How many bytes there are, where LINE says it.
    pub length_bytes: Option<u64>,
    /// LINE's name for the request.
    pub request_id: Option<RequestId>,
    /// The bytes.
    pub stream: ContentStream,
    answer: Box<ErrorAnswer>,
}

/// The pieces of a [`Content`] in order.
pub struct ContentStream(BoxStream<'static, Result<Bytes, ApiError>>);

impl Stream for ContentStream {
    type Item = Result<Bytes, ApiError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for ContentStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentStream(…)")
    }
}

impl Content {
    /// The whole in memory, unless it is longer than `max_bytes`.
    ///
    /// # Errors
    /// [`ApiError::TooLarge`], [`ApiError::Ambiguous`] when the connection breaks on the way.
    pub async fn bytes(mut self, max_bytes: usize) -> Result<Bytes, ApiError> {
        let too_large = || ApiError::TooLarge { max_bytes, answer: self.answer.clone() };
        if self
            .length_bytes
            .is_some_and(|length| usize::try_from(length).map_or(true, |length| length > max_bytes))
        {
            return Err(too_large());
        }
        let mut whole = BytesMut::new();
        while let Some(piece) = self.stream.next().await {
            let piece = piece?;
            if whole.len() + piece.len() > max_bytes {
                return Err(too_large());
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}

/// How far LINE has got with preparing a video or a sound.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum Transcoding {
    /// Not there yet.
    Processing,
    /// The content can be fetched.
    Succeeded,
    /// It never will be.
    Failed,
    /// A state this crate does not know.
    Unknown(String),
}

impl From<String> for Transcoding {
    fn from(status: String) -> Self {
        match status.as_str() {
            "processing" => Self::Processing,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            _ => Self::Unknown(status),
        }
    }
}

impl Client {
    /// The bytes of an image, video, sound or file that somebody sent. LINE deletes them after a while.
    ///
    /// # Errors
    /// [`ApiError::NotReady`] while LINE prepares a video or sound, [`ApiError::Gone`] after the sender took the
    /// message back, [`ApiError::Refused`] with 404 when LINE knows no such content, or any other.
    pub async fn content(&self, id: &MessageId) -> Result<Content, ApiError> {
        self.stream(Request::new(endpoint::CONTENT).segment(id.as_str())).await
    }

    /// A smaller image of an image or video that somebody sent.
    ///
    /// # Errors
    /// As for [`content`](Self::content).
    pub async fn content_preview(&self, id: &MessageId) -> Result<Content, ApiError> {
        self.stream(Request::new(endpoint::CONTENT_PREVIEW).segment(id.as_str())).await
    }

    /// Whether a video or sound is ready to be fetched.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn transcoding(&self, id: &MessageId) -> Result<Answer<Transcoding>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            status: Transcoding,
        }
        let answer =
            self.fetch::<Body>(Request::new(endpoint::CONTENT_TRANSCODING).segment(id.as_str())).await?;
        Ok(answer.map(|body| body.status))
    }

    /// The image of a rich menu.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when it has none, or any other.
    pub async fn rich_menu_image(&self, id: &RichMenuId) -> Result<Content, ApiError> {
        self.stream(Request::new(endpoint::RICH_MENU_IMAGE).segment(id.as_str())).await
    }

    async fn stream(&self, request: Request) -> Result<Content, ApiError> {
        let (received, response) = self.open(&request).await?;
        let header = |name| received.headers.get(name).and_then(|value| value.to_str().ok());
        let content_type = header(CONTENT_TYPE).map(str::to_owned);
        let length_bytes = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let answer = received.answer(Bytes::new());
        let request_id = answer.request_id.clone();
        let of_pieces = answer.clone();
        let pieces = response
            .bytes_stream()
            .map(move |piece| piece.map_err(|error| broken(error, Some(of_pieces.clone()))));
        Ok(Content { content_type, length_bytes, request_id, stream: ContentStream(pieces.boxed()), answer })
    }
}
