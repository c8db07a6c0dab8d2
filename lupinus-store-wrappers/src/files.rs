//! Files: `LUPINUS1`, the length of the key's name, the name, the nonce, and what is sealed.

use lupinus_core::{sealing::Seal, store::BoxError};

use crate::{
    Keys,
    envelope::{self, NONCE_BYTES, Sealed},
    error::Unreadable,
};

const BEGIN: &[u8] = b"LUPINUS1";

fn place(name: &str) -> Vec<u8> {
    [b"lupinus file 1\0", name.as_bytes()].concat()
}

/// The name of the key, and what follows it.
fn parts(sealed: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = sealed.strip_prefix(BEGIN)?.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(name).ok()?, rest))
}

impl Seal for Keys {
    fn seal(&self, at: &str, bytes: &[u8]) -> Result<Vec<u8>, BoxError> {
        let sealed = envelope::seal(self, &place(at), bytes.to_vec())?;
        let name = self.newest();
        let length = u8::try_from(name.len())?;
        Ok([BEGIN, &[length], name.as_bytes(), &sealed.nonce, &sealed.bytes].concat())
    }

    fn open(&self, at: &str, sealed: &[u8]) -> Result<Vec<u8>, BoxError> {
        let (name, rest) = parts(sealed).ok_or(Unreadable::Plain)?;
        let (nonce, bytes) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Unreadable::Form)?;
        Ok(envelope::open(self, name, &place(at), Sealed { nonce: *nonce, bytes: bytes.to_vec() })?)
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        parts(sealed).is_some_and(|(name, _)| name == self.newest())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn keys(names: &[&str]) -> Keys {
        let drawn = names.iter().map(|name| Keys::draw(name).unwrap().expose_secret().to_owned());
        drawn.collect::<Vec<_>>().join("\n").parse().unwrap()
    }

    #[test]
    fn a_file_is_read_at_its_place_with_its_key_and_nowhere_else() {
        let ours = keys(&["a", "b"]);
        let sealed = ours.seal("one", b"flyer").unwrap();
        assert_eq!(ours.open("one", &sealed).unwrap(), b"flyer");
        assert!(!sealed.windows(5).any(|bytes| bytes == b"flyer"));
        let why = |keys: &Keys, place, bytes: &[u8]| keys.open(place, bytes).unwrap_err().to_string();
        assert!(why(&ours, "two", &sealed).contains("the key a is another one"));
        assert!(why(&keys(&["a"]), "one", &sealed).contains("the key a is another one"));
        assert!(why(&keys(&["b"]), "one", &sealed).contains("the key a, which is not among the keys"));
        assert!(why(&ours, "one", b"flyer").contains("not encrypted"));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ours.open("one", &changed).is_err(), "byte {at}");
            assert!(ours.open("one", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_file_is_sealed_differently_each_time_and_with_the_first_key() {
        let ours = keys(&["a", "b"]);
        assert_ne!(ours.seal("one", b"flyer").unwrap(), ours.seal("one", b"flyer").unwrap());
        let sealed = ours.seal("one", b"flyer").unwrap();
        assert!(ours.is_current(&sealed) && !keys(&["c"]).is_current(&sealed) && !ours.is_current(b"flyer"));
    }
}
