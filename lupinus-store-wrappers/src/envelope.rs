//! Bytes sealed with one of the keys: each with a nonce of its own, and with the place where they belong as associated data.

use chacha20poly1305::{XNonce, aead::AeadInOut as _};

use crate::{
    Keys,
    error::{NoRandomness, Unreadable},
};

/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 24;

/// What is sealed, beside the key's name.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; NONCE_BYTES],
    pub(crate) bytes: Vec<u8>,
}

/// Seals with the newest key. The nonce is 24 random bytes: among 2^64 of them two are the same with a probability of 2^-65.
pub(crate) fn seal(keys: &Keys, place: &[u8], mut bytes: Vec<u8>) -> Result<Sealed, NoRandomness> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| NoRandomness)?;
    // What does not fit would be longer than 256 GB.
    keys.first()
        .cipher
        .encrypt_in_place(&XNonce::from(nonce), place, &mut bytes)
        .map_err(|_| NoRandomness)?;
    Ok(Sealed { nonce, bytes })
}

/// What was sealed for this place with the key of this name.
pub(crate) fn open(keys: &Keys, name: &str, place: &[u8], sealed: Sealed) -> Result<Vec<u8>, Unreadable> {
    let Sealed { nonce, mut bytes } = sealed;
    let key = keys.named(name).ok_or_else(|| Unreadable::NoKey(name.to_owned()))?;
    match key.cipher.decrypt_in_place(&XNonce::from(nonce), place, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Unreadable::NotGenuine(name.to_owned())),
    }
}
