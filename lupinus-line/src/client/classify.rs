//! From status, headers and body to a good answer or an error.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use serde_json::{Map, Value};

use super::error_answer::id_header;
use super::{Ambiguity, ApiError, ErrorAnswer, RawAnswer};
use crate::RequestId;

/// Part of the one text by which LINE tells the monthly limit from the rate limit
/// ([source](https://developers.line.biz/en/reference/messaging-api/#error-messages)).
const MONTHLY_LIMIT: &str = "monthly limit";
/// The text for a reply token that is used, expired or unknown (same source).
const INVALID_REPLY_TOKEN: &str = "invalid reply token";

/// What came back, before it is judged.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) request_id: Option<RequestId>,
    pub(super) headers: HeaderMap,
}

impl Received {
    pub(super) fn new(status: StatusCode, headers: HeaderMap) -> Self {
        Self { status, request_id: id_header(&headers, "x-line-request-id"), headers }
    }

    /// As what an error carries.
    pub(super) fn answer(self, raw: Bytes) -> Box<ErrorAnswer> {
        Box::new(ErrorAnswer::new(self.status, self.headers, raw))
    }

    /// Whether the bytes that follow are what somebody sent, and not a proxy's page.
    pub(super) fn is_content(&self) -> bool {
        let is_page =
            || self.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        self.status == StatusCode::OK && (self.request_id.is_some() || !is_page())
    }

    pub(super) fn judge(self, body: Bytes, with_retry_key: bool) -> Result<RawAnswer, ApiError> {
        let Self { status, request_id, headers } = self;
        if status.is_success() || (status == StatusCode::CONFLICT && with_retry_key) {
            let accepted_request_id = id_header(&headers, "x-line-accepted-request-id");
            return Ok(RawAnswer { status, request_id, accepted_request_id, headers, body });
        }
        Err(error(Box::new(ErrorAnswer::new(status, headers, body))))
    }
}

/// Whether this has the form that LINE gives its bodies.
pub(super) fn is_object(body: &[u8]) -> bool {
    serde_json::from_slice::<Map<String, Value>>(body).is_ok()
}

fn error(answer: Box<ErrorAnswer>) -> ApiError {
    let status = answer.status;
    let ambiguous = if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        Some(Ambiguity::Status(status))
    } else if status.is_redirection()
        || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        || (matches!(status.as_u16(), 401 | 403 | 404)
            && answer.request_id.is_none()
            && !is_object(&answer.raw))
    {
        Some(Ambiguity::NotLine(status)) // LINE redirects no call and is no proxy, and names its refusals
    } else {
        None
    };
    if let Some(kind) = ambiguous {
        return ApiError::Ambiguous { kind, answer: Some(answer), source: None };
    }
    let says = |text: &str| answer.message.to_ascii_lowercase().contains(text);
    match status {
        StatusCode::UNAUTHORIZED => ApiError::Unauthorised(answer),
        StatusCode::GONE => ApiError::Gone(answer),
        StatusCode::TOO_MANY_REQUESTS if says(MONTHLY_LIMIT) => ApiError::QuotaExhausted(answer),
        StatusCode::TOO_MANY_REQUESTS => ApiError::RateLimited(answer),
        StatusCode::BAD_REQUEST if says(INVALID_REPLY_TOKEN) => ApiError::InvalidReplyToken(answer),
        _ => ApiError::Refused(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &'static str, with_retry_key: bool) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert("x-line-request-id", "0b1d9f6a".parse().unwrap());
        let received = Received::new(StatusCode::from_u16(status).unwrap(), headers);
        match received.judge(Bytes::from_static(body.as_bytes()), with_retry_key) {
            Ok(answer) => {
                assert_eq!(answer.request_id.unwrap().as_str(), "0b1d9f6a");
                "ok"
            }
            Err(error) => {
                assert_eq!(error.request_id().unwrap().as_str(), "0b1d9f6a");
                let answer = error.answer().unwrap();
                assert_eq!((answer.status.as_u16(), &answer.raw[..]), (status, body.as_bytes()), "{error:?}");
                assert_eq!(answer.headers.len(), 1);
                error.kind()
            }
        }
    }

    #[test]
    fn every_status_has_its_meaning() {
        for (status, body, with_key, expected) in [
            (200, "{}", false, "ok"),
            (202, "{}", false, "ok"),
            (302, "", false, "ambiguous"),
            (407, "", false, "ambiguous"),
            (408, "", false, "ambiguous"),
            (400, r#"{"message":"Invalid reply token"}"#, false, "invalid_reply_token"),
            (400, r#"{"message":"The request body has 1 error(s)","details":[]}"#, false, "refused"),
            (400, r#"{"message":null,"key":null,"stacktrace":null,"code":null}"#, false, "refused"),
            (400, r#"{"error":"invalid_client","error_description":"invalid client_id"}"#, false, "refused"),
            (400, "<html>", false, "refused"),
            (401, "", false, "unauthorised"),
            (403, r#"{"message":"Access to this API is not available for your account"}"#, false, "refused"),
            (404, r#"{"message":"Not found"}"#, false, "refused"),
            (409, r#"{"message":"The retry key is already accepted"}"#, true, "ok"),
            (409, r#"{"message":"conflict"}"#, false, "refused"),
            (410, r#"{"message":"The content is gone"}"#, false, "gone"),
            (413, "", false, "refused"),
            (415, "", false, "refused"),
            (429, r#"{"message":"You have reached your monthly limit."}"#, false, "quota_exhausted"),
            (
                429,
                r#"{"message":"The API rate limit has been exceeded. Try again later."}"#,
                false,
                "rate_limited",
            ),
            (429, r#"{"message":"something new"}"#, false, "rate_limited"),
            (429, "", false, "rate_limited"),
            (500, r#"{"message":"monthly limit"}"#, false, "ambiguous"),
            (502, "<html>", false, "ambiguous"),
            (504, "", true, "ambiguous"),
        ] {
            assert_eq!(judged(status, body, with_key), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_names_properties_and_prints_no_words_of_line() {
        let body = r#"{"message":"The key '山田' is bad","details":[{"message":"U5a1e0000111122223333444455556666","property":"messages[0].text"},{"message":"x"}]}"#;
        let received = Received::new(StatusCode::BAD_REQUEST, HeaderMap::new());
        let error = received.judge(Bytes::from_static(body.as_bytes()), false).unwrap_err();
        let printed = format!("{error} {error:?}");
        assert!(printed.contains("messages[0].text") && printed.contains("400"), "{printed}");
        assert!(!printed.contains("山田") && !printed.contains("U5a1e"), "{printed}");
        let ApiError::Refused(refusal) = error else { panic!("refused") };
        assert_eq!((refusal.message.as_str(), refusal.details.len()), ("The key '山田' is bad", 2));
        assert_eq!(refusal.raw, body.as_bytes());
    }
}
