//! Signatures beside LINE's own SDKs. `data/signatures.jsonl` holds what the SDKs sign and judge: `sdk/check.mjs` and
//! `sdk/check.py` hold it against them, this test against the crate.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use lupinus_line::ChannelSecret;
use lupinus_line::webhook::{self, SignatureError};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    name: String,
    secret: String,
    body: String,
    signature: String,
    valid: bool,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = include_str!("data/signatures.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.iter().filter(|row| row.valid).count(), 25);
    assert_eq!(rows.len(), 50);
    rows
}

// R35
#[test]
fn what_the_sdks_sign_is_verified_and_nothing_else() {
    for Row { name, secret, body, signature, valid } in rows() {
        let secrets = [ChannelSecret::from(secret)];
        let verified = webhook::verify(&secrets, Some(signature.as_bytes()), body.as_bytes());
        assert_eq!(verified.is_ok(), valid, "{name}: {verified:?}");
    }
}

#[test]
fn this_crate_signs_as_the_sdks_do() {
    for Row { name, secret, body, signature, valid } in rows() {
        if valid {
            let signed = webhook::sign(&ChannelSecret::from(secret), body.as_bytes());
            assert_eq!(signed.as_ref(), Ok(&signature), "{name}");
        }
    }
}

#[test]
fn nothing_is_signed_with_an_empty_secret() {
    assert_eq!(webhook::sign(&ChannelSecret::from(""), b"{}"), Err(SignatureError::NoSecret));
}
