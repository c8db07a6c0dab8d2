//! What a user brings back from LINE.

use std::fmt;

use serde::Deserialize;
use url::form_urlencoded;

use super::PendingLogin;

/// Longest query or form that is looked at, in bytes. What LINE sends stays far below.
pub const MAX_RETURN_BYTES: usize = 8 * 1024;

/// The one-time code of a login: valid for ten minutes, spent even by an exchange that fails. Not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Wraps a code that came another way, from a native app for instance.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// The return of a login that succeeded, and that began in this session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginReturn {
    /// What to exchange.
    pub code: Code,
    /// Whether the user became, or ceased to be, a friend meanwhile; only said when the login
    /// [offered it](super::LoginRequest::bot_prompt).
    pub friendship_changed: Option<bool>,
}

/// Why a return gives no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReturnError {
    /// It does not belong to this session: the state is absent or another. Never go on: somebody else's login may have been
    /// put upon the visitor.
    #[error("the return does not belong to this session")]
    State,
    /// LINE, or the user, has refused.
    #[error("the login was refused ({code})")]
    Refused {
        /// Why.
        code: LoginErrorCode,
        /// In words, in English. From the address, so that anybody may have written it: not for display.
        description: Description,
    },
    /// It is no return of a login: no code, or something twice.
    #[error("the return is malformed")]
    Malformed,
    /// It is longer than [`MAX_RETURN_BYTES`].
    #[error("the return is longer than {MAX_RETURN_BYTES} bytes")]
    TooLong,
}

/// Words that came with an error, perhaps. Not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Description(Option<String>);

impl Description {
    /// The words.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Description(…)")
    }
}

/// Why LINE did not let a user log in
/// ([source](https://developers.line.biz/en/docs/line-login/integrate-line-login/#receiving-an-error-response)).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginErrorCode {
    /// A parameter is missing or wrong.
    InvalidRequest,
    /// The user did not consent.
    AccessDenied,
    /// `response_type` is wrong.
    UnsupportedResponseType,
    /// A scope is wrong.
    InvalidScope,
    /// LINE failed.
    ServerError,
    /// Nobody is logged in, and [nobody should be asked](super::Prompt::None).
    LoginRequired,
    /// The user would have to be asked, and should not be.
    InteractionRequired,
    /// Anything else, as it came; not printed, since anybody may have written it.
    Unknown(String),
}

impl LoginErrorCode {
    /// The code in lower case; `"unknown"` for one that this crate does not know.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl From<String> for LoginErrorCode {
    fn from(code: String) -> Self {
        match code.to_ascii_lowercase().as_str() {
            "invalid_request" => Self::InvalidRequest,
            "access_denied" => Self::AccessDenied,
            "unsupported_response_type" => Self::UnsupportedResponseType,
            "invalid_scope" => Self::InvalidScope,
            "server_error" => Self::ServerError,
            "login_required" => Self::LoginRequired,
            "interaction_required" => Self::InteractionRequired,
            _ => Self::Unknown(code),
        }
    }
}

impl fmt::Display for LoginErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for LoginErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoginErrorCode({})", self.as_str())
    }
}

impl PendingLogin {
    /// Reads the query of the redirect address, or the form that was posted to it, without its leading `?`. The state is
    /// compared in constant time, before anything else is believed.
    ///
    /// # Errors
    /// [`ReturnError`].
    ///
    /// ```
    /// use lupinus_line::login::{LoginErrorCode, PendingLogin, ReturnError};
    /// let pending = PendingLogin::random()?;
    /// let state = pending.state().as_str();
    ///
    /// let returned = pending.read_return(&format!("code=b5fd32eacc791df&state={state}"))?;
    /// assert_eq!(returned.code.as_str(), "b5fd32eacc791df");
    ///
    /// let refused = pending.read_return(&format!("error=ACCESS_DENIED&state={state}"));
    /// assert!(matches!(refused, Err(ReturnError::Refused { code: LoginErrorCode::AccessDenied, .. })));
    ///
    /// assert_eq!(pending.read_return("code=b5fd32eacc791df&state=another"), Err(ReturnError::State));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_return(&self, query: &str) -> Result<LoginReturn, ReturnError> {
        self.judge(Returned::parse(query)?)
    }

    /// The return as LINE, or a signed text, says it.
    pub(super) fn judge(&self, returned: Returned) -> Result<LoginReturn, ReturnError> {
        let Returned { code, state, error, error_description, friendship_status_changed } = returned;
        match (&state, &error) {
            (Some(state), _) if self.state().matches(state) => {}
            // An error without state can come from LINE, and lets nobody in.
            (None, Some(_)) => {}
            _ => return Err(ReturnError::State),
        }
        if let Some(error) = error {
            let description = Description(error_description);
            return Err(ReturnError::Refused { code: LoginErrorCode::from(error), description });
        }
        let code = code.filter(|code| !code.is_empty()).ok_or(ReturnError::Malformed)?;
        let friendship_changed = match friendship_status_changed.as_deref() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        Ok(LoginReturn { code: Code(code), friendship_changed })
    }
}

/// The parameters of a return.
#[derive(Default, Deserialize)]
pub(super) struct Returned {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    #[serde(default, deserialize_with = "word")]
    friendship_status_changed: Option<String>,
}

/// A text, or a Boolean as its word: signed returns may hold either.
fn word<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Word {
        Text(String),
        Truth(bool),
    }
    Ok(Option::<Word>::deserialize(deserializer)?.map(|word| match word {
        Word::Text(text) => text,
        Word::Truth(truth) => truth.to_string(),
    }))
}

impl Returned {
    fn parse(query: &str) -> Result<Self, ReturnError> {
        if query.len() > MAX_RETURN_BYTES {
            return Err(ReturnError::TooLong);
        }
        let mut returned = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "code" => &mut returned.code,
                "state" => &mut returned.state,
                "error" => &mut returned.error,
                "error_description" => &mut returned.error_description,
                "friendship_status_changed" => &mut returned.friendship_status_changed,
                _ => continue, // the redirect address's own
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(ReturnError::Malformed);
            }
        }
        Ok(returned)
    }
}

/// The one parameter of a return that is signed.
pub(super) fn signed_text(query: &str) -> Result<String, ReturnError> {
    if query.len() > MAX_RETURN_BYTES {
        return Err(ReturnError::TooLong);
    }
    let mut found = form_urlencoded::parse(query.as_bytes())
        .filter_map(|(name, value)| (name == "response").then(|| value.into_owned()));
    match (found.next(), found.next()) {
        (Some(text), None) => Ok(text),
        _ => Err(ReturnError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::{CodeVerifier, Nonce, State};

    fn pending() -> PendingLogin {
        let verifier = CodeVerifier::new("lupinus-offline-verifier-0123456789abcdefghi").unwrap();
        PendingLogin::new(State::new("s-1").unwrap(), Nonce::new("n-1").unwrap(), verifier)
    }

    fn outcome(query: &str) -> String {
        match pending().read_return(query) {
            Ok(LoginReturn { code, friendship_changed }) => {
                format!("{} {friendship_changed:?}", code.as_str())
            }
            Err(ReturnError::Refused { code, .. }) => code.to_string(),
            Err(ReturnError::State) => "state".to_owned(),
            Err(ReturnError::Malformed) => "malformed".to_owned(),
            Err(ReturnError::TooLong) => "too long".to_owned(),
        }
    }

    #[test]
    fn a_return_gives_a_code_only_to_the_session_in_which_it_began() {
        for (query, expected) in [
            ("code=abc&state=s-1", "abc None"),
            ("state=s-1&code=a%2Bb&friendship_status_changed=true&own=x", "a+b Some(true)"),
            ("code=abc&state=s-1&friendship_status_changed=maybe", "abc None"),
            ("code=abc&state=s-2", "state"),
            ("code=abc&state=", "state"),
            ("code=abc", "state"),
            ("", "state"),
            ("code=abc&state=s-1&state=s-1", "malformed"),
            ("code=abc&code=def&state=s-1", "malformed"),
            ("code=&state=s-1", "malformed"),
            ("state=s-1", "malformed"),
            ("error=ACCESS_DENIED&state=s-1", "access_denied"),
            ("error=access_denied&error_description=x", "access_denied"),
            ("error=LOGIN_REQUIRED&state=s-1", "login_required"),
            ("error=NEW_ERROR&state=s-1&code=abc", "unknown"),
            ("error=ACCESS_DENIED&state=s-2", "state"),
        ] {
            assert_eq!(outcome(query), expected, "{query}");
        }
        let bytes = format!("code=abc&state=s-1&x={}", "x".repeat(MAX_RETURN_BYTES));
        assert_eq!(outcome(&bytes), "too long");
    }

    #[test]
    fn what_came_in_an_address_is_not_printed() {
        let returned = pending().read_return("code=sekrit&state=s-1").unwrap();
        let refused = pending().read_return("error=sekrit&error_description=sekrit&state=s-1").unwrap_err();
        let printed = format!("{returned:?} {refused:?} {refused}");
        assert!(!printed.contains("sekrit"), "{printed}");
        let ReturnError::Refused { description, .. } = refused else { panic!("refused") };
        assert_eq!(description.as_str(), Some("sekrit"));
    }
}
