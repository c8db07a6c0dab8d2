//! The two secrets of a channel.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            pub(crate) fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(SecretString::from(value))
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(SecretString::from(value))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let printed =
            format!("{:?} {:?}", ChannelSecret::from("hush"), ChannelToken::from("hush".to_owned()));
        assert_eq!(printed, "ChannelSecret(…) ChannelToken(…)");
    }
}
