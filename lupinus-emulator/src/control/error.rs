//! What a control call answers when it cannot be done.

use axum::{
    extract::MatchedPath,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::people::ControlError;

/// A refused control call.
#[derive(Debug)]
pub(super) struct ControlRefusal {
    status: StatusCode,
    message: String,
}

impl ControlRefusal {
    /// 400.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// 403.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }

    /// 404.
    pub(super) fn unknown(what: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: format!("{what} is unknown") }
    }
}

impl From<ControlError> for ControlRefusal {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Unknown(what) => Self::unknown(what),
            ControlError::Invalid(_) | ControlError::Blocked | ControlError::NoMember => {
                Self::bad(error.to_string())
            }
        }
    }
}

impl IntoResponse for ControlRefusal {
    fn into_response(self) -> Response {
        (self.status, axum::Json(json!({"message": self.message}))).into_response()
    }
}

pub(super) async fn unknown_path() -> ControlRefusal {
    ControlRefusal::unknown("this control call")
}

/// 405: the path is right, and what may be done with it is in `Allow` and in a sentence.
pub(super) async fn wrong_method(method: Method, path: MatchedPath) -> Response {
    let allowed = super::methods_of(path.as_str());
    let refusal = ControlRefusal {
        status: StatusCode::METHOD_NOT_ALLOWED,
        message: format!("{method} is not what this control call takes, but {}", allowed.join(" or ")),
    };
    ([(header::ALLOW, allowed.join(", "))], refusal).into_response()
}
