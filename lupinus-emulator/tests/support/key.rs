//! A key of our own that signs assertions.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{RSA_PKCS1_SHA256, RsaPublicKeyComponents},
};
use serde_json::{Value, json};

/// Made for these tests, and used nowhere else.
const PEM: &str = include_str!("../data/assertion-key.pem");

pub struct AssertionKey(RsaKeyPair);

impl AssertionKey {
    pub fn new() -> Self {
        let base64: String = PEM.lines().filter(|line| !line.starts_with('-')).collect();
        Self(RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap())
    }

    pub fn jwk(&self) -> Value {
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(self.0.public());
        let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
        json!({"kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": e})
    }

    pub fn sign(&self, kid: &str, claims: &Value) -> String {
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": kid});
        let signed = format!("{}.{}", encoded(&header), encoded(claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The claims of a good assertion.
pub fn claims(channel_id: &str, now_s: i64) -> Value {
    json!({"iss": channel_id, "sub": channel_id, "aud": "https://api.line.me/", "exp": now_s + 1_800,
           "token_exp": 86_400})
}
