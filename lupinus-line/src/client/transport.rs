//! From a request to its answer.

use std::mem;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use tokio::time::timeout;
use tokio_util::io::ReaderStream;
use tracing::Span;
use url::Url;

use super::authority::Pass;
use super::classify::Received;
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
            let (authorization, left) = pass.show(left).await?;
            let sent = self.prepare(request, url.clone(), authorization).await?.timeout(left).send().await;
            let mut response = sent.map_err(not_answered)?;
            let received = Received::new(response.status(), mem::take(response.headers_mut()));
            record(&received);
            let (body, complete) = read(&mut response).await;
            let answer = received.judge(body, request.retry_key.is_some())?;
            let complete = complete.map_err(|interrupted| {
                let answer = answer.clone().into_error();
                match interrupted {
                    Interrupted::TooLong => ApiError::TooLarge { max_bytes: MAX_ANSWER_BYTES, answer },
                    Interrupted::Broken(error) => broken(error, Some(answer)),
                }
            });
            Ok((answer, complete))
        };
        flow.run(&request.endpoint, Effect::of(request), pass, one_try).await
    }

    /// Like [`request`](Self::request), but leaves the body of a success unread.
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
            let (authorization, left) = pass.show(left).await?;
            let sent = timeout(left, self.prepare(request, url.clone(), authorization).await?.send()).await;
            let mut response = sent.map_err(|_| no_head())?.map_err(not_answered)?;
            let received = Received::new(response.status(), mem::take(response.headers_mut()));
            record(&received);
            if received.status.is_success() {
                return Ok((received, response));
            }
            let (body, _) = read(&mut response).await;
            match received.judge(body, false) {
                Err(error) => Err(error),
                Ok(_) => Err(ApiError::Invalid("a success was judged a failure")),
            }
        };
        flow.run(&request.endpoint, Effect::of(request), pass, one_try).await
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

pub(super) enum Interrupted {
    TooLong,
    Broken(reqwest::Error),
}

/// Reads what comes, up to the bound, and says whether that was all.
pub(super) async fn read(response: &mut reqwest::Response) -> (Bytes, Result<(), Interrupted>) {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_ANSWER_BYTES => {
                return (Bytes::new(), Err(Interrupted::TooLong));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body.freeze(), Ok(())),
            Err(error) => return (body.freeze(), Err(Interrupted::Broken(error))),
        }
    }
}

fn no_head() -> ApiError {
    ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer: None, source: None }
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
