//! Keys in the forms in which LINE hands them out or takes them.

use std::sync::Arc;

use rustls::SignatureScheme;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, SignatureVerificationAlgorithm, alg_id};
use rustls::sign::SigningKey;
use serde::Deserialize;

use super::{der, from_base64url, provider};

/// An RSA key that signs as `RS256`.
#[derive(Clone)]
pub(crate) struct RsaPrivateKey(Arc<dyn SigningKey>);

impl RsaPrivateKey {
    /// From PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        Self::load(PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?)
    }

    pub(crate) fn from_jwk(jwk: &RsaPrivateJwk) -> Option<Self> {
        let mut numbers = vec![der::unsigned(&[])]; // version: two primes
        for number in [&jwk.n, &jwk.e, &jwk.d, &jwk.p, &jwk.q, &jwk.dp, &jwk.dq, &jwk.qi] {
            numbers.push(der::unsigned(&from_base64url(number)?));
        }
        Self::load(PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der::sequence(&numbers))))
    }

    /// `None` for a key that is no usable RSA key. Signs once, since some contradictions show only then.
    fn load(key: PrivateKeyDer<'static>) -> Option<Self> {
        let key = Self(provider()?.key_provider.load_private_key(key).ok()?);
        key.sign(b"a first signature").map(|_| key)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])?.sign(message).ok()
    }
}

/// The members of a private RSA key in JSON ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-6.3)).
#[derive(Deserialize)]
pub(crate) struct RsaPrivateJwk {
    pub(crate) kty: String,
    pub(crate) alg: Option<String>,
    n: String,
    e: String,
    d: String,
    p: String,
    q: String,
    dp: String,
    dq: String,
    qi: String,
}

/// A point of P-256 that checks `ES256`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EcPublicKey([u8; 65]);

impl EcPublicKey {
    /// From the members `x` and `y` of a JWK. Whether the point is on the curve shows when something is checked.
    pub(crate) fn from_coordinates(x: &str, y: &str) -> Option<Self> {
        let (x, y) = (from_base64url(x)?, from_base64url(y)?);
        let mut point = [4; 65]; // 4: both coordinates follow
        let (to_x, to_y) = point.get_mut(1..)?.split_at_mut_checked(32)?;
        if x.len() != to_x.len() || y.len() != to_y.len() {
            return None;
        }
        to_x.copy_from_slice(&x);
        to_y.copy_from_slice(&y);
        Some(Self(point))
    }

    /// Whether `signature`, two numbers of 32 bytes, was made over `message` by the owner of this key.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_at_checked(32).filter(|(_, s)| s.len() == 32) else {
            return false;
        };
        let signature = der::sequence(&[der::unsigned(r), der::unsigned(s)]);
        let Some(provider) = provider() else { return false };
        let p256 = |algorithm: &&&dyn SignatureVerificationAlgorithm| {
            algorithm.public_key_alg_id() == alg_id::ECDSA_P256
                && algorithm.signature_alg_id() == alg_id::ECDSA_SHA256
        };
        let algorithm = provider.signature_verification_algorithms.all.iter().find(p256);
        algorithm.is_some_and(|p256| p256.verify_signature(&self.0, message, &signature).is_ok())
    }
}
