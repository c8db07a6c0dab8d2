//! What is remembered of a login while the user is at LINE.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::crypto::{NoRandomness, random_text, to_base64url};

/// Shortest [`CodeVerifier`], in characters
/// ([source](https://developers.line.biz/en/docs/line-login/integrate-pkce/)).
pub const MIN_VERIFIER: usize = 43;
/// Longest [`CodeVerifier`], in characters (same source).
pub const MAX_VERIFIER: usize = 128;
/// Longest [`State`] and [`Nonce`] that are accepted, in bytes. LINE states no bound.
const MAX_TEXT: usize = 512;

/// A text that can be no [`State`] or [`Nonce`]. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}: 1 to 512 letters, digits, '-', '_', '.', '~'")]
pub struct InvalidState(&'static str);

/// A text that can be no [`CodeVerifier`]. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid code verifier: {MIN_VERIFIER} to {MAX_VERIFIER} letters, digits, '-', '_', '.', '~'")]
pub struct InvalidCodeVerifier;

macro_rules! one_time_text {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// 256 random bits.
            ///
            /// # Errors
            /// [`NoRandomness`].
            pub fn random() -> Result<Self, NoRandomness> {
                random_text().map(Self)
            }

            /// Wraps a text of the caller's. It must be new for each login, and not to be guessed.
            ///
            /// # Errors
            /// [`InvalidState`] unless it is 1 to 512 characters that need no encoding.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidState> {
                let text = text.into();
                let valid = (1..=MAX_TEXT).contains(&text.len()) && is_unreserved(&text);
                if valid { Ok(Self(text)) } else { Err(InvalidState($what)) }
            }

            /// The text, as it stands in the address.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether `other` is the same text, found out in constant time but for the length.
            pub fn matches(&self, other: &str) -> bool {
                self.0.as_bytes().ct_eq(other.as_bytes()).into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidState;

            fn try_from(text: String) -> Result<Self, InvalidState> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

one_time_text! {
    /// Ties the return of a login to the session in which it began. Not printed.
    State, "state"
}
one_time_text! {
    /// Ties an ID token to the login for which it was made. Not printed.
    Nonce, "nonce"
}

/// Shows that whoever exchanges a code also began the login (PKCE). Not printed.
///
/// See [LINE docs/PKCE support for LINE Login](https://developers.line.biz/en/docs/line-login/integrate-pkce/).
///
/// ```
/// use lupinus_line::login::CodeVerifier;
/// let verifier = CodeVerifier::new("lupinus-offline-verifier-0123456789abcdefghi")?;
/// assert_eq!(verifier.challenge(), "i6W6lup9yjMbWGbR-fXjgRMuW_jEXl2r3Tb0mKDgk7Y");
/// # Ok::<(), lupinus_line::login::InvalidCodeVerifier>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// 256 random bits.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        random_text().map(Self)
    }

    /// Checks and wraps a text of the caller's.
    ///
    /// # Errors
    /// [`InvalidCodeVerifier`] unless it is [`MIN_VERIFIER`] to [`MAX_VERIFIER`] characters that need no encoding.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidCodeVerifier> {
        let text = text.into();
        let valid = (MIN_VERIFIER..=MAX_VERIFIER).contains(&text.len()) && is_unreserved(&text);
        if valid { Ok(Self(text)) } else { Err(InvalidCodeVerifier) }
    }

    /// The text, as it is sent with the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is sent ahead, when the login begins: the SHA-256 of the text (`S256`, the only method that LINE takes).
    pub fn challenge(&self) -> String {
        to_base64url(Sha256::digest(self.0.as_bytes()))
    }
}

impl TryFrom<String> for CodeVerifier {
    type Error = InvalidCodeVerifier;

    fn try_from(text: String) -> Result<Self, InvalidCodeVerifier> {
        Self::new(text)
    }
}

impl From<CodeVerifier> for String {
    fn from(verifier: CodeVerifier) -> Self {
        verifier.0
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

/// A login that was begun: keep it in the visitor's session **on the server**, let it serve once, and forget it after some
/// minutes. It can be serialised for that; whoever reads it could end the login in the visitor's place. Not printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingLogin {
    state: State,
    nonce: Nonce,
    verifier: CodeVerifier,
}

impl PendingLogin {
    /// All three random.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        Ok(Self { state: State::random()?, nonce: Nonce::random()?, verifier: CodeVerifier::random()? })
    }

    /// Three texts of the caller's.
    pub const fn new(state: State, nonce: Nonce, verifier: CodeVerifier) -> Self {
        Self { state, nonce, verifier }
    }

    /// What the return must carry.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What the ID token must carry.
    pub const fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    /// What goes with the code.
    pub const fn verifier(&self) -> &CodeVerifier {
        &self.verifier
    }
}

/// Whether nothing in the text needs encoding in an address ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)).
fn is_unreserved(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_has_43_to_128_characters_of_the_alphabet() {
        for (name, text, valid) in [
            ("shortest", "a".repeat(43), true),
            ("one less", "a".repeat(42), false),
            ("longest", "a".repeat(128), true),
            ("one more", "a".repeat(129), false),
            ("all kinds", format!("{}-._~09AZaz", "a".repeat(40)), true),
            ("a plus", format!("{}+", "a".repeat(43)), false),
            ("multibyte", "あ".repeat(20), false),
            ("empty", String::new(), false),
        ] {
            assert_eq!(CodeVerifier::new(text).is_ok(), valid, "{name}");
        }
    }

    #[test]
    fn a_state_is_the_same_or_it_is_not() {
        let state = State::new("abc").unwrap();
        assert!(state.matches("abc"));
        for other in ["", "ab", "abd", "abcd", "ABC"] {
            assert!(!state.matches(other), "{other}");
        }
        for bad in ["", "a b", "a%20b", "あ", &"a".repeat(513)] {
            assert!(State::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pending_login_survives_a_session_and_is_not_printed() {
        let pending = PendingLogin::random().unwrap();
        let stored = serde_json::to_string(&pending).unwrap();
        let read: PendingLogin = serde_json::from_str(&stored).unwrap();
        assert!(read.state().matches(pending.state().as_str()));
        assert!(read.nonce().matches(pending.nonce().as_str()));
        assert_eq!(read.verifier().as_str(), pending.verifier().as_str());
        let printed = format!("{pending:?}");
        for text in [pending.state().as_str(), pending.nonce().as_str(), pending.verifier().as_str()] {
            assert!(!printed.contains(text), "{printed}");
        }
        assert_ne!(pending.state().as_str(), pending.nonce().as_str());
        assert!(
            serde_json::from_str::<PendingLogin>(r#"{"state":"a","nonce":"b","verifier":"short"}"#).is_err()
        );
    }
}
