//! JSON web tokens in their compact form: read, checked, made. Which algorithm is meant is always the caller's to say.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
        RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A token taken apart; nothing about it has been checked.
pub(crate) struct Parts<'t> {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: &'t str,
    signature: Vec<u8>,
}

impl<'t> Parts<'t> {
    /// Takes a token apart; `None` if it is none.
    pub(crate) fn of(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let json = |part: &str| serde_json::from_slice::<Value>(&decode(part)?).ok();
        Some(Self { header: json(header)?, claims: json(claims)?, signed, signature: decode(signature)? })
    }

    /// Whether it is signed with this public RSA key (`RS256`).
    pub(crate) fn is_signed_by(&self, key: &RsaPublicKey) -> bool {
        let key = RsaPublicKeyComponents { n: &key.n, e: &key.e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, self.signed.as_bytes(), &self.signature).is_ok()
    }

    /// Whether it is signed with this secret (`HS256`).
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
        mac.is_ok_and(|mac| mac.chain_update(self.signed).verify_slice(&self.signature).is_ok())
    }

    /// Whether it is signed with the platform's own key (`ES256`).
    pub(crate) fn is_signed_by_platform(&self, key: &SigningKey) -> bool {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.pair.public_key());
        key.verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token signed with a secret (`HS256`).
pub(crate) fn with_secret(claims: &Value, secret: &str) -> String {
    let signed = format!("{}.{}", encoded(&json!({"typ": "JWT", "alg": "HS256"})), encoded(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    // HMAC takes keys of any length.
    let signature = mac.map(|mac| mac.chain_update(&signed).finalize().into_bytes());
    let signature = signature.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
    format!("{signed}.{signature}")
}

/// The platform's key for ID tokens of apps (`ES256`).
pub(crate) struct SigningKey {
    pair: EcdsaKeyPair,
    kid: String,
}

impl SigningKey {
    /// A new key as PKCS#8 in Base64.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(crate) fn make() -> Result<String, ring::error::Unspecified> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
        Ok(STANDARD.encode(document))
    }

    /// The key that [`SigningKey::make`] has made; `None` if it is none.
    pub(crate) fn of(pkcs8: &str) -> Option<Self> {
        let document = STANDARD.decode(pkcs8).ok()?;
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &random).ok()?;
        let digest = Sha256::digest(pair.public_key());
        let kid = URL_SAFE_NO_PAD.encode(digest);
        Some(Self { pair, kid })
    }

    /// A token signed with this key.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": self.kid});
        let signed = format!("{}.{}", encoded(&header), encoded(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The public half as a JWK.
    pub(crate) fn jwk(&self) -> Value {
        // An uncompressed point: 4, x, y.
        let point = self.pair.public_key().as_ref();
        let coordinate = |from: usize| point.get(from..from + 32).map(|half| URL_SAFE_NO_PAD.encode(half));
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "kid": self.kid, "x": coordinate(1), "y": coordinate(33),
        })
    }
}

/// A public RSA key, as it is registered for assertions.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub(crate) struct RsaPublicKey {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl RsaPublicKey {
    /// The key of a JWK, as LINE's console takes it.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub(crate) fn of_jwk(jwk: &Value) -> Result<Self, &'static str> {
        if jwk["kty"] != "RSA" || jwk["alg"] != "RS256" {
            return Err("the key must have kty RSA and alg RS256");
        }
        if jwk["use"] != "sig" && jwk["key_ops"] != json!(["verify"]) {
            return Err("the key must have use sig, or key_ops [\"verify\"]");
        }
        if !jwk["kid"].is_null() {
            return Err("the key must have no kid: it gets one here");
        }
        if !jwk["d"].is_null() {
            return Err("this is the private key: give the public one, with n and e alone");
        }
        let number = |key: &str| URL_SAFE_NO_PAD.decode(jwk[key].as_str()?).ok();
        let (Some(n), Some(e)) = (number("n"), number("e")) else {
            return Err("n and e must be numbers in Base64url without padding");
        };
        if n.len() != 256 {
            return Err("n must have 2,048 bits");
        }
        Ok(Self { n, e })
    }
}

impl TryFrom<Value> for RsaPublicKey {
    type Error = &'static str;

    fn try_from(jwk: Value) -> Result<Self, Self::Error> {
        Self::of_jwk(&jwk)
    }
}

impl From<RsaPublicKey> for Value {
    fn from(key: RsaPublicKey) -> Self {
        let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        json!({"kty": "RSA", "alg": "RS256", "use": "sig", "n": number(key.n), "e": number(key.e)})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_checked_by_the_key_it_was_signed_with_and_no_other() {
        let claims = json!({"sub": "U1"});
        let new = || SigningKey::of(&SigningKey::make().unwrap()).unwrap();
        let (key, other) = (new(), new());
        let token = key.sign(&claims).unwrap();
        let parts = Parts::of(&token).unwrap();
        assert_eq!((&parts.claims, &parts.header["alg"]), (&claims, &json!("ES256")));
        assert!(parts.is_signed_by_platform(&key) && !parts.is_signed_by_platform(&other));
        let token = with_secret(&claims, "secret");
        let parts = Parts::of(&token).unwrap();
        assert!(parts.is_signed_with("secret") && !parts.is_signed_with("secre"));
        assert!(!parts.is_signed_by_platform(&key));
        assert!(Parts::of("a.b").is_none() && Parts::of("").is_none());
    }

    #[test]
    fn the_secret_signs_as_line_does() {
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVWFhYWFiYmJiY2NjY2RkZGRlZWVlZmZmZjAwMDAxMTExIiwiYXVkIjoiMjAwOTk5MDAwMSIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwLCJub25jZSI6Im4tN2YzYSIsImFtciI6WyJsaW5lc3NvIl0sIm5hbWUiOiJGdWppIEhhbmEifQ.947l4mL7CK3Kc3fqIBx3D2_ZEIrLe7XhT_ldwWSnh6w";
        let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
        let parts = Parts::of(token).unwrap();
        assert!(parts.is_signed_with(secret));
        assert_eq!(with_secret(&parts.claims, secret), token);
    }

    #[test]
    fn a_key_that_the_console_refuses_is_refused() {
        let good = json!({"kty": "RSA", "alg": "RS256", "use": "sig", "e": "AQAB", "n": "A".repeat(342)});
        assert!(RsaPublicKey::of_jwk(&good).is_ok());
        for (key, value) in [
            ("kty", json!("EC")),
            ("alg", json!("RS512")),
            ("use", json!("enc")),
            ("kid", json!("x")),
            ("n", json!("AAAA")),
            ("e", json!(3)),
            ("d", json!("x")),
        ] {
            let mut wrong = good.clone();
            wrong[key] = value;
            assert!(RsaPublicKey::of_jwk(&wrong).is_err(), "{key}");
        }
    }
}
