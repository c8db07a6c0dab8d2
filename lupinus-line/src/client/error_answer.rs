//! What LINE said with a call that did not succeed.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::RequestId;

/// Everything that came back with a call that did not succeed. LINE's texts change without notice and may quote the
/// request, so that `Display` and `Debug` show the status and the property paths only: no words, no headers, no body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorAnswer {
    /// The status.
    pub status: StatusCode,
    /// LINE's name for the request.
    pub request_id: Option<RequestId>,
    /// LINE's message, in English. Empty when there is none.
    pub message: String,
    /// The word for the error (`invalid_grant`), in answers about tokens and logins.
    pub code: Option<String>,
    /// What is wrong where.
    pub details: Vec<Detail>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came, as far as it came. Empty when it was longer than what is read.
    pub raw: Bytes,
}

/// One fault of a refused request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail {
    /// What is wrong, in English.
    pub message: String,
    /// Where: `messages[0].text`, or inside a Flex message a JSON pointer from its contents.
    pub property: Option<String>,
}

impl ErrorAnswer {
    /// Reads headers and body as LINE writes them; whatever else they hold is kept raw. Useful to make errors for tests
    /// of one's own.
    pub fn new(status: StatusCode, headers: HeaderMap, raw: Bytes) -> Self {
        let said: Value = serde_json::from_slice(&raw).unwrap_or_default();
        let word = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
        let details = said.get("details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self {
            status,
            request_id: id_header(&headers, "x-line-request-id"),
            // `message` everywhere but in the token calls.
            message: ["message", "error_description", "error"]
                .iter()
                .find_map(|name| word(&said, name))
                .unwrap_or_default(),
            code: word(&said, "error"),
            details: details
                .iter()
                .map(|detail| Detail {
                    message: word(detail, "message").unwrap_or_default(),
                    property: word(detail, "property"),
                })
                .collect(),
            headers,
            raw,
        }
    }

    /// The paths of the properties that LINE names.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.details.iter().filter_map(|detail| detail.property.as_deref())
    }
}

/// A header that names a request, if it is there and has the form of a name.
pub(super) fn id_header(headers: &HeaderMap, name: &str) -> Option<RequestId> {
    headers.get(name)?.to_str().ok().and_then(|id| RequestId::new(id).ok())
}

impl fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status.as_u16())?;
        for property in self.properties() {
            write!(f, ", {property}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ErrorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorAnswer")
            .field("status", &self.status.as_u16())
            .field("properties", &self.properties().collect::<Vec<_>>())
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detail").field("property", &self.property).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_error_bodies_are_read_and_anything_else_is_kept() {
        for (body, message, code, properties) in [
            (
                r#"{"message":"m","details":[{"message":"d","property":"to[1]"},{}],"new":1}"#,
                "m",
                None,
                vec!["to[1]"],
            ),
            (
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                "expired",
                Some("invalid_grant"),
                vec![],
            ),
            (r#"{"error":"invalid_grant"}"#, "invalid_grant", Some("invalid_grant"), vec![]),
            (r#"{"message":null,"key":null}"#, "", None, vec![]),
            // One odd value costs none of the others.
            (r#"{"message":"m","details":{},"error":7}"#, "m", None, vec![]),
            (r#"{"message":7,"details":[7,{"property":"to[1]"}]}"#, "", None, vec!["to[1]"]),
            ("<html>", "", None, vec![]),
            ("", "", None, vec![]),
        ] {
            let answer = ErrorAnswer::new(
                StatusCode::BAD_REQUEST,
                HeaderMap::new(),
                Bytes::from_static(body.as_bytes()),
            );
            assert_eq!((answer.message.as_str(), answer.code.as_deref()), (message, code), "{body}");
            assert_eq!(answer.properties().collect::<Vec<_>>(), properties, "{body}");
            assert_eq!(answer.raw, body.as_bytes());
        }
    }
}
