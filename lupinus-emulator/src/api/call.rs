//! One call, as the operations see it.

use std::collections::HashMap;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::answer::Refusal;

/// What kind of body an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expects {
    Nothing,
    Json,
    OptionalJson,
    Image,
}

/// A call without its body.
pub(super) struct Head {
    pub(super) params: Vec<(String, String)>,
    pub(super) query: HashMap<String, String>,
    pub(super) headers: HeaderMap,
    pub(super) request_id: String,
}

/// A call.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) head: &'a Head,
    pub(super) body: &'a Bytes,
}

/// The parameters of a query string.
pub(super) fn query(raw: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect()
}

impl Call<'_> {
    /// A parameter of the path; empty if the path has none of that name.
    pub(super) fn param(&self, name: &str) -> &str {
        self.head.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.head.query.get(name).map(String::as_str)
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The bearer token.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The media type of the body, without parameters.
    pub(super) fn media_type(&self) -> String {
        let given = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// 415 unless the body is what the operation takes.
    pub(super) fn check_content_type(&self, expects: Expects) -> Result<(), Refusal> {
        let media_type = self.media_type();
        let right = match expects {
            Expects::Nothing => true,
            Expects::Json => media_type == "application/json",
            Expects::OptionalJson => self.body.is_empty() || media_type == "application/json",
            Expects::Image => matches!(media_type.as_str(), "image/jpeg" | "image/png"),
        };
        if right {
            return Ok(());
        }
        let message = format!("The content type, {media_type}, is not supported");
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Refusal::bad(format!(
                "The request body could not be parsed as JSON (line: {line}, column: {column})"
            ))
        })
    }
}
