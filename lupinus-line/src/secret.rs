//! Texts that nobody else may see: none is printed, each is wiped from memory with its last clone.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq as _;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Arc<SecretString>);

        impl $name {
            /// The secret itself, to be stored where secrets are stored. Nothing else shows it.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(Arc::new(SecretString::from(value)))
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::from(value.to_owned())
            }
        }

        /// Compares in constant time, but for the length.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
            }
        }

        impl Eq for $name {}

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

secret! {
    /// The secret of a channel, with which LINE signs webhooks: 32 hexadecimal characters, used as text.
    /// Never printed; wiped from memory when dropped.
    ChannelSecret
}

secret! {
    /// A channel access token, which every call to LINE carries. Never printed; wiped from memory when dropped.
    ChannelToken
}

impl ChannelToken {
    /// Whether the token can stand in a header: it is not empty, and all its characters are printable ASCII.
    pub(crate) fn fits_in_a_header(&self) -> bool {
        !self.expose().is_empty() && self.expose().bytes().all(|byte| byte.is_ascii_graphic())
    }
}

secret! {
    /// The access token of a user, from LINE Login or LIFF. Never printed; wiped from memory when dropped.
    UserToken
}

secret! {
    /// Gives a new [`UserToken`] when the old one ends. Never printed; wiped from memory when dropped.
    RefreshToken
}

/// A token that authorises a call by standing in its header: a [`ChannelToken`] or a [`UserToken`].
pub trait AccessToken: sealed::Sealed {
    #[doc(hidden)]
    fn text(&self) -> &str;
}

impl AccessToken for ChannelToken {
    fn text(&self) -> &str {
        self.expose()
    }
}

impl AccessToken for UserToken {
    fn text(&self) -> &str {
        self.expose()
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ChannelToken {}
    impl Sealed for super::UserToken {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let printed =
            format!("{:?} {:?}", ChannelSecret::from("hush"), ChannelToken::from("hush".to_owned()));
        assert_eq!(printed, "ChannelSecret(…) ChannelToken(…)");
    }

    #[test]
    fn secrets_are_equal_when_their_texts_are() {
        assert_eq!(UserToken::from("a"), UserToken::from("a"));
        for other in ["b", "", "aa"] {
            assert_ne!(UserToken::from("a"), UserToken::from(other));
        }
        assert_eq!(serde_json::from_str::<RefreshToken>("\"a\"").unwrap().expose(), "a");
    }
}
