//! One call, as the operations see it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use jiff::civil::Date;
use serde_json::Value;

use crate::{answer::Refusal, ids, shared::Keys};

/// What kind of body an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expects {
    Nothing,
    Json,
    OptionalJson,
    Image,
    /// `application/x-www-form-urlencoded`; the operation says for itself what is wrong with it.
    Form,
    Multipart,
}

/// A call without its body.
pub(super) struct Head {
    /// The path as it was asked for.
    pub(super) path: String,
    pub(super) params: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) request_id: String,
    /// Name and bytes of each part of a multipart body.
    pub(super) parts: Vec<(String, Bytes)>,
}

/// A call.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) head: &'a Head,
    pub(super) body: &'a Bytes,
    pub(super) keys: &'a Keys,
}

/// The parameters of a query string.
pub(super) fn query(raw: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect()
}

/// 400 for a parameter of path or query.
pub(super) fn invalid_parameter(name: &str) -> Refusal {
    Refusal::bad(format!("The value for the '{name}' parameter is invalid"))
}

/// 400 for a header.
pub(super) fn invalid_header(name: &str) -> Refusal {
    Refusal::bad(format!("The value for the '{name}' header is invalid"))
}

/// `yyyyMMdd` as a date.
fn day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    Date::new(part(0, 4)?, i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?).ok()
}

impl Call<'_> {
    /// A parameter of the path; empty if the path has none of that name.
    pub(super) fn param(&self, name: &str) -> &str {
        self.head.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.head.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query that may come several times.
    pub(super) fn queries<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c str> {
        self.head.query.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query that must be there and not be empty.
    pub(super) fn needed_query(&self, name: &str) -> Result<&str, Refusal> {
        self.query(name).filter(|value| !value.is_empty()).ok_or_else(|| invalid_parameter(name))
    }

    /// A number of the query between 1 and `max`; `default` without it.
    pub(super) fn limit(&self, name: &str, default: usize, max: usize) -> Result<usize, Refusal> {
        match self.query(name).map(ids::number::<usize>) {
            None => Ok(default),
            Some(Some(limit)) if (1..=max).contains(&limit) => Ok(limit),
            Some(_) => Err(invalid_parameter(name)),
        }
    }

    /// A day of the query, `yyyyMMdd`.
    pub(super) fn day(&self, name: &str) -> Result<Date, Refusal> {
        self.query(name).and_then(day).ok_or_else(|| invalid_parameter(name))
    }

    /// A field of a form.
    pub(super) fn form(&self, name: &str) -> Option<String> {
        let mut fields = url::form_urlencoded::parse(self.body);
        fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// A part of a multipart body.
    pub(super) fn part(&self, name: &str) -> Option<&Bytes> {
        self.head.parts.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes)
    }

    /// A part of a multipart body as text.
    pub(super) fn text_part(&self, name: &str) -> Option<String> {
        String::from_utf8(self.part(name)?.to_vec()).ok()
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A header as text; 400 when it is there and is no text.
    pub(super) fn readable(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let Some(value) = self.head.headers.get(name) else { return Ok(None) };
        value.to_str().map(Some).map_err(|_| invalid_header(name))
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
            Expects::Form => media_type == "application/x-www-form-urlencoded",
            Expects::Multipart => media_type == "multipart/form-data",
            Expects::Image => matches!(media_type.as_str(), "image/jpeg" | "image/png"),
        };
        if right {
            return Ok(());
        }
        let message = format!("The content type, {media_type}, is not supported");
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
    }

    /// The body as a JSON object.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        let refuse = |line: usize, column: usize| {
            let message = "The request body could not be parsed as JSON";
            Refusal::bad(format!("{message} (line: {line}, column: {column})"))
        };
        match serde_json::from_slice(self.body) {
            Ok(body @ Value::Object(_)) => Ok(body),
            Ok(_) => Err(refuse(1, 1)),
            Err(error) => Err(refuse(error.line(), error.column())),
        }
    }
}
