//! From a request to its answer.

use std::mem;
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use reqwest::multipart::{Form, Part};
use tokio::time::{Instant, timeout_at};
use tokio_util::io::ReaderStream;
use tracing::Span;
use url::Url;

use super::authority::Pass;
use super::classify::Received;
use super::flow::after;
use super::request::{Body, FileSource};
use super::retry::Effect;
use super::{Ambiguity, ApiError, Client, ErrorAnswer, RawAnswer, Request};
use crate::endpoint::{Auth, Host};

/// Longest JSON answer that is read. LINE's longest documented one (1,000 rich menus) stays below.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

impl Client {
    /// Makes any request: the layer on which all typed calls stand, for endpoints without one.
    ///
    /// # Errors
    /// Any [`ApiError`]. With a retry key, 409 is no error.
    pub async fn request(&self, request: &Request) -> Result<RawAnswer, ApiError> {
        let (answer, complete) = self.exchange(request).await?;
        complete.map(|()| answer)
    }

    /// Like [`request`](Self::request), but tells a complete body from one that broke off after a good status.
    #[tracing::instrument(
        name = "line",
        skip_all,
        fields(
            http.method = %request.endpoint.method,
            http.route = request.endpoint.path,
            http.status,
            line.request_id,
            attempts,
        )
    )]
    pub(super) async fn exchange(
        &self,
        request: &Request,
    ) -> Result<(RawAnswer, Result<(), ApiError>), ApiError> {
        let (url, pass) = self.check(request)?;
        let (url, pass, flow) = (&url, &pass, &self.inner.flow);
        let one_try = |left| async move {
            let (received, mut response, deadline) = self.head(request, url, pass, left).await?;
            let (body, complete) = read(&mut response, deadline).await;
            let answer = received.judge(body, request.retry_key.is_some())?;
            match complete.map_err(|interrupted| interrupted.of(answer.clone().into_error())) {
                // A question is asked again. Of anything else, the head has said that it is done.
                Err(error) if Effect::of(request) == Effect::None => Err(error),
                complete => Ok((answer, complete)),
            }
        };
        flow.run(request, pass, one_try).await
    }

    /// Like [`request`](Self::request), but leaves the body of content unread. What is no content, and 202 is none, is an
    /// error.
    #[tracing::instrument(
        name = "line",
        skip_all,
        fields(
            http.method = %request.endpoint.method,
            http.route = request.endpoint.path,
            http.status,
            line.request_id,
            attempts,
        )
    )]
    pub(super) async fn open(&self, request: &Request) -> Result<(Received, reqwest::Response), ApiError> {
        let (url, pass) = self.check(request)?;
        let (url, pass, flow) = (&url, &pass, &self.inner.flow);
        let one_try = |left| async move {
            let (received, mut response, deadline) = self.head(request, url, pass, left).await?;
            if received.is_content() {
                return Ok((received, response));
            }
            let (body, _) = read(&mut response, deadline).await;
            Err(match received.judge(body, false) {
                Err(error) => error,
                Ok(answer) if answer.status == StatusCode::ACCEPTED => {
                    ApiError::NotReady(answer.into_error())
                }
                Ok(answer) => answer.not_line(),
            })
        };
        flow.run(request, pass, one_try).await
    }

    /// The head of one try's answer, and until when its body may take.
    async fn head(
        &self,
        request: &Request,
        url: &Url,
        pass: &Pass<'_>,
        left: Duration,
    ) -> Result<(Received, reqwest::Response, Instant), ApiError> {
        let (authorization, left) = pass.show(left).await?;
        let deadline = after(left);
        let builder = self.prepare(request, url.clone(), authorization).await?;
        let sent = timeout_at(deadline, builder.send()).await;
        let mut response = sent.map_err(|_| timed_out(None))?.map_err(not_answered)?;
        let received = Received::new(response.status(), mem::take(response.headers_mut()));
        record(&received);
        Ok((received, response, deadline))
    }

    /// Where a request goes and what lets it through, if it can be made at all: found out before anybody waits for
    /// anything.
    fn check(&self, request: &Request) -> Result<(Url, Pass<'_>), ApiError> {
        let inner = &self.inner;
        let authorised = request.headers.contains_key(AUTHORIZATION);
        if request.endpoint.auth == Auth::UserToken && !authorised {
            return Err(ApiError::Invalid("this endpoint wants the access token of a user"));
        }
        if request.retry_key.is_some() && !request.endpoint.takes_retry_key {
            return Err(ApiError::Invalid("this endpoint takes no retry key"));
        }
        let url = request.url(match request.endpoint.host {
            Host::Api => &inner.api,
            Host::Data => &inner.data,
            Host::Access => &inner.access,
            Host::Manager => &inner.manager,
        })?;
        Ok((url, inner.authority.pass(request)?))
    }

    async fn prepare(
        &self,
        request: &Request,
        url: Url,
        authorization: Option<HeaderValue>,
    ) -> Result<reqwest::RequestBuilder, ApiError> {
        let inner = &self.inner;
        let mut builder =
            inner.http.request(request.endpoint.method.clone(), url).headers(request.headers.clone());
        if let Some(authorization) = authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        if let Some(key) = request.retry_key {
            builder = builder.header("X-Line-Retry-Key", key.to_string());
        }
        Ok(match &request.body {
            None => builder,
            Some(Body::Bytes(content_type, bytes)) => {
                builder.header(CONTENT_TYPE, content_type.clone()).body(bytes.clone())
            }
            Some(Body::File(content_type, path)) => {
                let (file, length) = opened(path).await?;
                builder.header(CONTENT_TYPE, content_type.clone()).header(CONTENT_LENGTH, length).body(file)
            }
            Some(Body::Multipart(fields, file)) => {
                let part = match file {
                    FileSource::Bytes(bytes) => Part::stream_with_length(
                        bytes.clone(),
                        u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                    ),
                    FileSource::Path(path) => {
                        let (file, length) = opened(path).await?;
                        Part::stream_with_length(file, length)
                    }
                };
                let part = part.file_name("ids.txt").mime_str("text/plain").map_err(not_answered)?;
                let fields = fields.iter().cloned();
                let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
                builder.multipart(form.part("file", part))
            }
        })
    }
}

/// A file as a body that is read while it is sent, and how long it is.
async fn opened(path: &Path) -> Result<(reqwest::Body, u64), ApiError> {
    let cannot = |_| ApiError::Invalid("the file to send cannot be opened");
    let file = tokio::fs::File::open(path).await.map_err(cannot)?;
    let length = file.metadata().await.map_err(cannot)?.len();
    Ok((reqwest::Body::wrap_stream(ReaderStream::new(file)), length))
}

fn record(received: &Received) {
    let span = Span::current();
    span.record("http.status", received.status.as_u16());
    if let Some(id) = &received.request_id {
        span.record("line.request_id", id.as_str());
    }
}

enum Interrupted {
    TooLong,
    TooSlow,
    Broken(reqwest::Error),
}

impl Interrupted {
    fn of(self, answer: Box<ErrorAnswer>) -> ApiError {
        match self {
            Self::TooLong => ApiError::TooLarge { max_bytes: MAX_ANSWER_BYTES, answer },
            Self::TooSlow => timed_out(Some(answer)),
            Self::Broken(error) => broken(error, Some(answer)),
        }
    }
}

/// Reads what comes, up to the bound and the deadline, and says whether that was all.
async fn read(response: &mut reqwest::Response, deadline: Instant) -> (Bytes, Result<(), Interrupted>) {
    let mut body = BytesMut::new();
    loop {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() > MAX_ANSWER_BYTES => {
                return (Bytes::new(), Err(Interrupted::TooLong));
            }
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => return (body.freeze(), Ok(())),
            Ok(Err(error)) => return (body.freeze(), Err(Interrupted::Broken(error))),
            Err(_) => return (body.freeze(), Err(Interrupted::TooSlow)),
        }
    }
}

fn timed_out(answer: Option<Box<ErrorAnswer>>) -> ApiError {
    ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer, source: None }
}

fn not_answered(error: reqwest::Error) -> ApiError {
    if error.is_builder() {
        ApiError::Invalid("the request cannot be written")
    } else if error.is_connect() {
        ApiError::Unreachable { source: Box::new(error.without_url()) }
    } else {
        broken(error, None)
    }
}

pub(super) fn broken(error: reqwest::Error, answer: Option<Box<ErrorAnswer>>) -> ApiError {
    let kind = if error.is_timeout() { Ambiguity::TimedOut } else { Ambiguity::Broken };
    ApiError::Ambiguous { kind, answer, source: Some(Box::new(error.without_url())) }
}
