//! A request as data: the layer below the typed calls.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use url::{Url, form_urlencoded};

use super::ApiError;
use crate::RetryKey;
use crate::endpoint::Endpoint;
use crate::secret::AccessToken;

/// A request to any endpoint, known to this crate or not. `Debug` shows the path template, not its ids.
///
/// ```
/// use http::Method;
/// use lupinus_line::client::Request;
/// use lupinus_line::endpoint::{Endpoint, Host};
///
/// const DEMOGRAPHIC: Endpoint = Endpoint::new(Method::GET, Host::Api, "/v2/bot/insight/demographic");
/// let request = Request::new(DEMOGRAPHIC);
/// ```
#[derive(Clone)]
pub struct Request {
    pub(super) endpoint: Endpoint,
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Body>,
    pub(super) retry_key: Option<RetryKey>,
    /// How long the call may take at most, whatever the client allows.
    pub(super) time_left: Duration,
    fault: Option<&'static str>,
}

#[derive(Clone)]
pub(super) enum Body {
    /// Bytes of a type.
    Bytes(HeaderValue, Bytes),
    /// A file of a type, sent piece by piece.
    File(HeaderValue, PathBuf),
    /// Fields, and a file of text.
    Multipart(Vec<(&'static str, String)>, FileSource),
}

/// Where a file to be sent is. One on disk is opened anew for each try.
#[derive(Clone)]
pub(super) enum FileSource {
    Bytes(Bytes),
    Path(PathBuf),
}

impl Request {
    /// A request without body.
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            segments: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            retry_key: None,
            time_left: Duration::MAX,
            fault: None,
        }
    }

    /// Fills the next `{placeholder}` of the path. It is percent-encoded.
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        self.segments.push(value.as_ref().to_owned());
        self
    }

    /// Adds a query parameter. It is percent-encoded.
    pub fn query(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Sends JSON.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.json_of_about(body, 1_024)
    }

    /// Sends JSON of which it is known about how long it is.
    pub(super) fn json_of_about<T: Serialize + ?Sized>(mut self, body: &T, size_bytes: usize) -> Self {
        let mut bytes = Vec::with_capacity(size_bytes);
        match serde_json::to_writer(&mut bytes, body) {
            Ok(()) => {
                let json = HeaderValue::from_static("application/json");
                self.body = Some(Body::Bytes(json, bytes.into()));
            }
            Err(_) => self.fault = Some("the body does not serialise"),
        }
        self
    }

    /// Sends a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.bytes(HeaderValue::from_static("application/x-www-form-urlencoded"), body.into())
    }

    /// Adds a header. Marked sensitive, so that nothing prints it.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            Err(_) => self.fault = Some("a header cannot hold what it should"),
        }
        self
    }

    /// Lets the access token of a user, or of another channel, authorise the call instead of the client's own.
    pub fn bearer(self, token: &impl AccessToken) -> Self {
        self.header(AUTHORIZATION, &format!("Bearer {}", token.text()))
    }

    /// Sends bytes.
    pub fn bytes(mut self, content_type: HeaderValue, bytes: Bytes) -> Self {
        self.body = Some(Body::Bytes(content_type, bytes));
        self
    }

    /// Sends a file piece by piece. It is opened anew for each try.
    pub fn file(mut self, content_type: HeaderValue, path: impl Into<PathBuf>) -> Self {
        self.body = Some(Body::File(content_type, path.into()));
        self
    }

    pub(super) fn multipart(mut self, fields: Vec<(&'static str, String)>, file: FileSource) -> Self {
        self.body = Some(Body::Multipart(fields, file));
        self
    }

    /// Makes the request repeatable. LINE refuses the key where the endpoint does not take one, and so does this client.
    pub const fn retry_key(mut self, key: RetryKey) -> Self {
        self.retry_key = Some(key);
        self
    }

    /// Bounds the call to what is left of something else.
    pub(super) const fn within(mut self, time_left: Duration) -> Self {
        self.time_left = time_left;
        self
    }

    /// The whole address: `base`, the path with its placeholders filled, the query. No slash is doubled or added.
    pub(super) fn url(&self, base: &Url) -> Result<Url, ApiError> {
        if let Some(fault) = self.fault {
            return Err(ApiError::Invalid(fault));
        }
        let mut url = base.clone();
        let mut values = self.segments.iter();
        {
            let mut path =
                url.path_segments_mut().map_err(|()| ApiError::Invalid("the base address has no path"))?;
            path.pop_if_empty();
            for part in self.endpoint.path.split('/').skip(1) {
                if part.starts_with('{') {
                    let value = values.next().ok_or(ApiError::Invalid("a path placeholder is not filled"))?;
                    if value.is_empty() || value.bytes().all(|byte| byte == b'.') {
                        return Err(ApiError::Invalid("a path placeholder is filled with nothing"));
                    }
                    path.push(value);
                } else {
                    path.push(part);
                }
            }
        }
        if values.next().is_some() {
            return Err(ApiError::Invalid("there are more values than path placeholders"));
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.endpoint.method)
            .field("path", &self.endpoint.path)
            .field("retry_key", &self.retry_key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint;

    #[test]
    fn paths_are_encoded_and_never_gain_a_slash() {
        let bulk = || Request::new(endpoint::BULK_LINK_RICH_MENU);
        let link = |menu| Request::new(endpoint::LINK_RICH_MENU).segment("U1").segment(menu);
        for (name, base, request, expected) in [
            ("plain", "https://h", bulk(), Some("https://h/v2/bot/richmenu/bulk/link")),
            ("base with slash", "https://h/", bulk(), Some("https://h/v2/bot/richmenu/bulk/link")),
            ("base with path", "https://h/x/", bulk(), Some("https://h/x/v2/bot/richmenu/bulk/link")),
            ("filled", "https://h", link("m"), Some("https://h/v2/bot/user/U1/richmenu/m")),
            (
                "encoded",
                "https://h",
                link("../a?b#c"),
                Some("https://h/v2/bot/user/U1/richmenu/..%2Fa%3Fb%23c"),
            ),
            ("dots", "https://h", link(".."), None),
            ("empty", "https://h", link(""), None),
            ("unfilled", "https://h", Request::new(endpoint::LINK_RICH_MENU).segment("U1"), None),
            ("overfilled", "https://h", bulk().segment("U1"), None),
            (
                "query",
                "https://h",
                Request::new(endpoint::FOLLOWERS).query("limit", 10).query("start", "a&b="),
                Some("https://h/v2/bot/followers/ids?limit=10&start=a%26b%3D"),
            ),
        ] {
            let url = request.url(&Url::parse(base).unwrap()).ok().map(String::from);
            assert_eq!(url.as_deref(), expected, "{name}");
        }
    }
}
