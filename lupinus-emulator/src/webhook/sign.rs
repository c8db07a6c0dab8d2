//! The signature of a webhook.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Base64 of the HMAC-SHA256 of the raw body, keyed with the channel secret as text.
pub(crate) fn signature(channel_secret: &str, body: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(channel_secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        }
        // HMAC takes keys of any length: this does not happen, and would be a signature that nobody accepts.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_the_platform_makes() {
        let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
        let empty = r#"{"destination":"U00112233445566778899aabbccddeeff","events":[]}"#;
        assert_eq!(signature(secret, empty.as_bytes()), "6gL+qRtAgRB5/vB2OCVga9z1qh5g8J+zMvXPj99edGs=");
        let text = r#"{"destination":"U00112233445566778899aabbccddeeff","events":[{"type":"message","text":"庭の藤 \uD83C\uDF4E"}]}"#;
        assert_eq!(signature(secret, text.as_bytes()), "o1RCyIaOe7KL/RJSLmsOCSnw22SELCQtIf2cibsu54c=");
    }
}
