//! What the platform answers, and LINE's error bodies.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// One entry of `details`; `property` is empty where it is about none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Detail {
    pub(crate) message: String,
    pub(crate) property: String,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: AnswerBody,
}

#[derive(Debug)]
enum AnswerBody {
    Json(Value),
    Bytes { content_type: String, data: Bytes },
    Nothing,
}

impl Answer {
    fn new(status: StatusCode, body: AnswerBody) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// 200 with a JSON body.
    pub(crate) fn json(body: Value) -> Self {
        Self::new(StatusCode::OK, AnswerBody::Json(body))
    }

    /// 200 with `{}`.
    pub(crate) fn empty() -> Self {
        Self::json(json!({}))
    }

    /// 202 with `{}`.
    pub(crate) fn accepted() -> Self {
        Self::accepted_with(json!({}))
    }

    /// 202 with a JSON body.
    pub(crate) fn accepted_with(body: Value) -> Self {
        Self::new(StatusCode::ACCEPTED, AnswerBody::Json(body))
    }

    /// 200 without a body.
    pub(crate) fn nothing() -> Self {
        Self::new(StatusCode::OK, AnswerBody::Nothing)
    }

    /// 202 without a body: the content is not ready.
    pub(crate) fn not_ready() -> Self {
        Self::new(StatusCode::ACCEPTED, AnswerBody::Nothing)
    }

    /// 200 with bytes.
    pub(crate) fn bytes(content_type: impl Into<String>, data: Bytes) -> Self {
        Self::new(StatusCode::OK, AnswerBody::Bytes { content_type: content_type.into(), data })
    }

    /// 200 with a page that shows and loads nothing but itself.
    pub(crate) fn html(page: String) -> Self {
        Self::bytes("text/html; charset=utf-8", page.into())
            .with_header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
            .with_header("cache-control", "no-store")
            .with_header("referrer-policy", "no-referrer")
    }

    /// 302.
    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(StatusCode::FOUND, AnswerBody::Nothing).with_header("location", location)
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with a header more.
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            AnswerBody::Json(value) => (self.status, axum::Json(value)).into_response(),
            AnswerBody::Bytes { content_type, data } => {
                let mut response = (self.status, Body::from(data)).into_response();
                if let Ok(value) = HeaderValue::from_str(&content_type) {
                    response.headers_mut().insert(header::CONTENT_TYPE, value);
                }
                response
            }
            AnswerBody::Nothing => self.status.into_response(),
        };
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A refusal in LINE's words.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) details: Vec<Detail>,
    /// The `error` of the token calls, whose bodies have a form of their own.
    pub(crate) error: Option<&'static str>,
    /// With 409: the request id of the request that was accepted, and what it had answered.
    pub(crate) accepted: Option<Box<(String, Option<Value>)>>,
}

/// What was wrong, handed to the request log beside the response.
#[derive(Clone, Debug)]
pub(crate) struct Wrong(pub(crate) String);

impl Refusal {
    /// A refusal without details.
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: Vec::new(), error: None, accepted: None }
    }

    /// 400.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400 in the form of the token calls.
    pub(crate) fn oauth(error: &'static str, description: &str) -> Self {
        Self { error: Some(error), ..Self::bad(description) }
    }

    /// 403: not for this account.
    pub(crate) fn not_entitled() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Access to this API is not available for your account")
    }

    /// 404 `Not found`.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    /// 400 with details, headed by their number.
    pub(crate) fn details(details: Vec<Detail>) -> Self {
        let message = format!("The request body has {} error(s)", details.len());
        Self { details, ..Self::bad(message) }
    }

    /// 400 with one detail.
    pub(crate) fn detail(message: &str, property: &str) -> Self {
        Self::details(vec![Detail { message: message.to_owned(), property: property.to_owned() }])
    }

    /// 400 for a property of the wrong type or form.
    pub(crate) fn property(path: &str) -> Self {
        Self::bad(format!("The property, {path}, in the request body is invalid (line: -, column: -)"))
    }

    /// The whole of it in one line, for the request log.
    fn sentence(&self) -> String {
        self.details.iter().fold(self.message.clone(), |mut all, detail| {
            all.push_str("; ");
            all.push_str(&detail.property);
            all.push_str(": ");
            all.push_str(&detail.message);
            all
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let wrong = Wrong(self.sentence());
        let mut body = match self.error {
            Some(error) => json!({"error": error, "error_description": self.message}),
            None => json!({"message": self.message}),
        };
        if !self.details.is_empty() {
            body["details"] = self
                .details
                .iter()
                .map(|detail| match detail.property.as_str() {
                    "" => json!({"message": detail.message}),
                    property => json!({"message": detail.message, "property": property}),
                })
                .collect();
        }
        let mut accepted_request_id = None;
        if let Some((request_id, sent_messages)) = self.accepted.map(|accepted| *accepted) {
            accepted_request_id = HeaderValue::from_str(&request_id).ok();
            if let Some(sent_messages) = sent_messages {
                body["sentMessages"] = sent_messages;
            }
        }
        let mut response = (self.status, axum::Json(body)).into_response();
        response.extensions_mut().insert(wrong);
        if let Some(value) = accepted_request_id {
            response.headers_mut().insert("x-line-accepted-request-id", value);
        }
        response
    }
}
