use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD, prelude::BASE64_STANDARD_NO_PAD};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::NoRandomness;

/// Longest name of a key, in bytes. Shorter than a key, so that none is taken for a name.
pub const MAX_KEY_NAME_BYTES: usize = 32;

/// Most keys at once.
pub const MAX_KEYS: usize = 64;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// Keys by name: the first encrypts, all of them decrypt. `Debug` shows the names alone.
///
/// # Examples
/// ```
/// use lupinus_store_wrappers::Keys;
///
/// let keys: Keys = "
/// ## the newest first
/// 2026-11:ZWMxNWM5ZTQ0YjQ4NjY2OGIxYzE4MzE4ZjE4NmM0ODU=
/// 2025-11:NjM5ZGQ2NTNiOTAxYzRlMDk3YTk3MWY0ZGYzYzM0YTI=
/// "
/// .replace("##", "#")
/// .parse()?;
/// assert_eq!(keys.newest(), "2026-11");
/// assert_eq!(format!("{keys:?}"), r#"Keys(["2026-11", "2025-11"])"#);
/// # Ok::<(), lupinus_store_wrappers::InvalidKeys>(())
/// ```
#[derive(Clone)]
pub struct Keys(Arc<Ring>);

struct Ring {
    newest: Named,
    others: Vec<Named>,
}

/// One key.
pub(crate) struct Named {
    pub(crate) name: Box<str>,
    pub(crate) cipher: XChaCha20Poly1305,
}

/// Why a text holds no [`Keys`]. Quotes none of it but names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKeys {
    /// No line with a key.
    #[error("it holds no key: write a line NAME:KEY, the key being 32 random bytes in base64")]
    None,
    /// A line that is something else.
    #[error(
        "line {0} is no key: write NAME:KEY, the name of 1 to 32 letters, digits, '.', '-' and '_', the key 32 random \
         bytes in base64"
    )]
    Line(usize),
    /// Two keys of one name.
    #[error("two keys have the name {0}: give the newer one another")]
    Twice(String),
    /// More than [`MAX_KEYS`].
    #[error("it holds more than {MAX_KEYS} keys: leave out those that encrypt nothing any more")]
    TooMany,
}

impl Keys {
    /// A line with a new key of this name.
    ///
    /// # Errors
    /// [`InvalidKeys::Line`] in the chain when the name is not one; when the system gives no randomness.
    pub fn draw(name: &str) -> Result<SecretString, Box<dyn std::error::Error + Send + Sync>> {
        if !is_name(name) {
            return Err(InvalidKeys::Line(1).into());
        }
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(key.as_mut()).map_err(|_| NoRandomness)?;
        Ok(format!("{name}:{}", STANDARD.encode(key.as_ref())).into())
    }

    /// The name of the key that encrypts.
    pub fn newest(&self) -> &str {
        &self.first().name
    }

    /// The names of all, the one that encrypts first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all().map(|key| &*key.name)
    }

    pub(crate) fn first(&self) -> &Named {
        &self.0.newest
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Named> {
        self.all().find(|key| &*key.name == name)
    }

    fn all(&self) -> impl Iterator<Item = &Named> {
        std::iter::once(&self.0.newest).chain(&self.0.others)
    }
}

impl std::str::FromStr for Keys {
    type Err = InvalidKeys;

    /// One `NAME:KEY` a line, or several on one with commas between them; `#` begins a line that is a remark.
    fn from_str(text: &str) -> Result<Self, InvalidKeys> {
        let mut keys: Vec<Named> = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'))
        {
            for written in line.split(',').map(str::trim).filter(|written| !written.is_empty()) {
                let key = read(written).ok_or(InvalidKeys::Line(number + 1))?;
                if keys.iter().any(|other| other.name == key.name) {
                    return Err(InvalidKeys::Twice(key.name.into()));
                }
                keys.push(key);
            }
        }
        if keys.len() > MAX_KEYS {
            return Err(InvalidKeys::TooMany);
        }
        let mut keys = keys.into_iter();
        let newest = keys.next().ok_or(InvalidKeys::None)?;
        Ok(Self(Arc::new(Ring { newest, others: keys.collect() })))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.names().collect::<Vec<_>>()).finish()
    }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_KEY_NAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

fn read(written: &str) -> Option<Named> {
    let (name, key) = written.split_once(':')?;
    let bytes = Zeroizing::new(BASE64_STANDARD_NO_PAD.decode(key.trim().trim_end_matches('=')).ok()?);
    let key = Zeroizing::new(<[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok()?);
    let name = name.trim();
    is_name(name).then(|| Named { name: name.into(), cipher: XChaCha20Poly1305::new(&Key::from(*key)) })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const KEY: &str = "ZWMxNWM5ZTQ0YjQ4NjY2OGIxYzE4MzE4ZjE4NmM0ODU=";

    #[test]
    fn keys_are_read_in_their_order_from_lines_or_with_commas() {
        let unpadded = KEY.trim_end_matches('=');
        for text in [
            format!("# ours\nb:{KEY}\n\n  a : {unpadded}  \r\n"),
            format!("b:{KEY},a:{KEY}"),
            format!("b:{KEY}, a:{KEY},\n"),
        ] {
            let keys: Keys = text.parse().unwrap();
            assert_eq!(keys.names().collect::<Vec<_>>(), ["b", "a"], "{text}");
        }
    }

    #[test]
    fn what_holds_no_keys_is_refused_and_not_quoted() {
        let many = (0..=MAX_KEYS).map(|n| format!("k{n}:{KEY}")).collect::<Vec<_>>().join(",");
        for (name, text, expected) in [
            ("nothing", String::new(), InvalidKeys::None),
            ("a remark alone", format!("# a:{KEY}"), InvalidKeys::None),
            ("no name", KEY.to_owned(), InvalidKeys::Line(1)),
            ("an empty name", format!("a:{KEY}\n:{KEY}"), InvalidKeys::Line(2)),
            ("a long name", format!("{}:{KEY}", "a".repeat(33)), InvalidKeys::Line(1)),
            ("a name with a space", format!("a b:{KEY}"), InvalidKeys::Line(1)),
            ("a key that is short", "a:c2hvcnQ=".to_owned(), InvalidKeys::Line(1)),
            ("a key that is long", format!("a:{KEY}{KEY}"), InvalidKeys::Line(1)),
            ("a key and its name the wrong way round", format!("{KEY}:a"), InvalidKeys::Line(1)),
            ("a name twice", format!("a:{KEY}\na:{KEY}"), InvalidKeys::Twice("a".to_owned())),
            ("too many", many, InvalidKeys::TooMany),
        ] {
            let refused = text.parse::<Keys>().unwrap_err();
            assert_eq!(refused, expected, "{name}");
            assert!(!refused.to_string().contains(&KEY[..8]), "{name}: {refused}");
        }
    }

    #[test]
    fn drawn_keys_are_read_and_differ() {
        let drawn = [Keys::draw("a").unwrap(), Keys::draw("a").unwrap()];
        assert_ne!(drawn[0].expose_secret(), drawn[1].expose_secret());
        assert_eq!(drawn[0].expose_secret().parse::<Keys>().unwrap().newest(), "a");
        assert!(Keys::draw("a name").is_err());
    }
}
