//! ID tokens that somebody meant well, and those that nobody did.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use lupinus_line::client::Retry;
use lupinus_line::login::{
    Amr, Expected, IdToken, IdTokenError, IdTokenVerifier, LoginErrorCode, MAX_LEEWAY, Nonce, PendingLogin,
    ReturnError, SignedReturnError,
};
use lupinus_line::token::ChannelCredentials;
use lupinus_line::{ChannelId, ChannelSecret, Client, UserId};
use proptest::prelude::*;
use rustls::SignatureScheme;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use sha2::Sha256;
use support::{Server, answer};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// Signed with that secret by another program: aud 2009990001, iat 1790000000, exp 1790003600, nonce n-7f3a.
const WEB: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVWFhYWFiYmJiY2NjY2RkZGRlZWVlZmZmZjAwMDAxMTExIiwiYXVkIjoiMjAwOTk5MDAwMSIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwLCJub25jZSI6Im4tN2YzYSIsImFtciI6WyJsaW5lc3NvIl0sIm5hbWUiOiJGdWppIEhhbmEifQ.947l4mL7CK3Kc3fqIBx3D2_ZEIrLe7XhT_ldwWSnh6w";
/// Signed with the key of `KEYS` by another program: as above, without nonce.
const APP: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVWFhYWFiYmJiY2NjY2RkZGRlZWVlZmZmZjAwMDAxMTExIiwiYXVkIjoiMjAwOTk5MDAwMSIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwLCJhbXIiOlsicHdkIl0sIm5hbWUiOiJGdWppIEhhbmEifQ.uuzA-AoI9d5p0MgAa6EECeEfXXLUA_S5t5TG2LNm3RlYbcTH6jqUW4GZwC-Pv7_do95K4c2hxKEZYnG_Vi42sA";
const KEYS: &str = r#"{"keys":[
    {"kty":"RSA","alg":"RS256","use":"sig","kid":"key-0","n":"AQAB","e":"AQAB"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":"broken","crv":"P-256","x":"AAAA","y":"AAAA"},
    {"kty":"EC","alg":"ES256","use":"enc","kid":"not-for-this","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":"off-curve","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":"other-curve","crv":"P-384","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"OKP","alg":"ES256","use":"sig","kid":"other-kind","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"EC","alg":"ES384","use":"sig","kid":"other-use","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":"garbled","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"?TT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":5,"crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    {"kty":"EC","alg":"ES256","use":"sig","kid":"key-1","crv":"P-256","x":"w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig","y":"oTT_JryY6TM_hK1xUA9QzKiHCqvCkCIUIZH8G_JKD9M"},
    "nonsense"]}"#;
const X: &str = "w3xGUQAYE4L_tCY7W4fEdRmmjW1pka29WTo--hEUIig";

fn channel() -> ChannelCredentials {
    ChannelCredentials::new(ChannelId::new("2009990001").unwrap(), ChannelSecret::from(SECRET))
}

fn web() -> IdTokenVerifier {
    IdTokenVerifier::web(channel())
}

fn app(client: Client) -> IdTokenVerifier {
    IdTokenVerifier::app(ChannelId::new("2009990001").unwrap(), client)
}

/// Half an hour into the life of the tokens.
fn then() -> Timestamp {
    Timestamp::from_second(1_790_001_800).unwrap()
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn es256(header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let pem = include_bytes!("data/id-token-key.pem");
    Client::without_token().unwrap(); // installs a provider
    let provider = CryptoProvider::get_default().unwrap();
    let key = provider.key_provider.load_private_key(PrivateKeyDer::from_pem_slice(pem).unwrap()).unwrap();
    let signer = key.choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256]).unwrap();
    let der = signer.sign(signed.as_bytes()).unwrap();
    let (r, rest) = integer(&der[2..]);
    let (s, _) = integer(rest);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode([r, s].concat()))
}

/// The 32 bytes of an ASN.1 number, and what follows it.
fn integer(der: &[u8]) -> ([u8; 32], &[u8]) {
    let (number, rest) = der[2..].split_at(der[1].into());
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().rev().zip(number.iter().rev()) {
        *to = *from;
    }
    (bytes, rest)
}

fn claims() -> Value {
    json!({
        "iss": "https://access.line.me", "sub": "Uaaaabbbbccccddddeeeeffff00001111", "aud": "2009990001",
        "exp": 1_790_003_600, "iat": 1_790_000_000, "nonce": "n-7f3a", "amr": ["pwd", "new"], "new_claim": {"a": 1},
        "auth_time": 1_790_000_000, "email": "hana@example.org", "picture": "https://example.org/p"
    })
}

fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    claims
}

fn kind(error: &IdTokenError) -> &'static str {
    match error {
        IdTokenError::TooLong => "too long",
        IdTokenError::Malformed => "malformed",
        IdTokenError::Algorithm => "algorithm",
        IdTokenError::UnknownKey => "unknown key",
        IdTokenError::NoKeys { .. } => "no keys",
        IdTokenError::Signature => "signature",
        IdTokenError::Claims(_) => "claims",
        IdTokenError::Issuer => "issuer",
        IdTokenError::Audience => "audience",
        IdTokenError::Expired => "expired",
        IdTokenError::NotYetValid => "not yet valid",
        IdTokenError::Nonce => "nonce",
        IdTokenError::NotRecent => "not recent",
        IdTokenError::User => "user",
        _ => "new",
    }
}

async fn judged(verifier: &IdTokenVerifier, token: &str, expected: &Expected<'_>) -> &'static str {
    match verifier.verify_at(&IdToken::from(token), expected, then()).await {
        Ok(_) => "ok",
        Err(error) => kind(&error),
    }
}

#[tokio::test]
async fn good_tokens_of_both_kinds_are_believed() {
    let nonce = Nonce::new("n-7f3a").unwrap();
    let said = web().verify_at(&IdToken::from(WEB), &Expected::nonce(&nonce), then()).await.unwrap();
    assert_eq!(said.sub.as_str(), "Uaaaabbbbccccddddeeeeffff00001111");
    assert_eq!((said.name.as_deref(), said.amr), (Some("Fuji Hana"), Some(vec![Amr::SingleSignOn])));

    let line = Server::fixed(200, &[], KEYS).await;
    let app = app(line.client());
    let said = app.verify_at(&IdToken::from(APP), &Expected::any_nonce(), then()).await.unwrap();
    assert_eq!((said.exp.as_second(), said.iat.as_second()), (1_790_003_600, 1_790_000_000));
    assert_eq!(line.seen()[0].target, "/oauth2/v2.1/certs");

    let full = es256(&json!({"alg": "ES256", "kid": "key-1"}), &claims());
    let said = app.verify_at(&IdToken::from(full), &Expected::nonce(&nonce), then()).await.unwrap();
    assert_eq!(said.amr, Some(vec![Amr::Password, Amr::Unknown("new".to_owned())]));
    assert_eq!(said.other["new_claim"].value(), &json!({"a": 1}));
    assert_eq!(said.email.as_deref(), Some("hana@example.org"));
    assert_eq!(line.seen().len(), 1, "the keys are kept");
    let printed = format!("{said:?} {app:?} {:?}", web());
    for hidden in ["Uaaaa", "hana", "example.org", SECRET] {
        assert!(!printed.contains(hidden), "{printed}");
    }
}

#[tokio::test]
async fn the_algorithm_is_ours_to_choose_and_not_the_tokens() {
    let line = Server::fixed(200, &[], KEYS).await;
    let (web, app) = (web(), app(line.client()));
    let any = Expected::any_nonce();
    let unsigned = |alg: &str| format!("{}.{}.", part(&json!({"alg": alg, "kid": "key-1"})), part(&claims()));
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        for verifier in [&web, &app] {
            assert_eq!(judged(verifier, &unsigned(alg), &any).await, "algorithm", "{alg}");
        }
    }
    for alg in ["HS256", "ES256"] {
        let expected = |own: &str| if alg == own { "signature" } else { "algorithm" };
        assert_eq!(judged(&web, &unsigned(alg), &any).await, expected("HS256"), "{alg}, unsigned");
        assert_eq!(judged(&app, &unsigned(alg), &any).await, expected("ES256"), "{alg}, unsigned");
    }

    // The classic: the public key, which everybody has, taken for a secret.
    let point = URL_SAFE_NO_PAD.decode(X).unwrap();
    for secret in [KEYS.as_bytes(), X.as_bytes(), &point, b""] {
        let forged = hs256(&json!({"alg": "HS256", "kid": "key-1"}), &claims(), secret);
        assert_eq!(judged(&app, &forged, &any).await, "algorithm");
        let forged = hs256(&json!({"alg": "ES256", "kid": "key-1"}), &claims(), secret);
        assert_eq!(judged(&app, &forged, &any).await, "signature");
        let forged = hs256(&json!({"alg": "HS256"}), &claims(), secret);
        assert_eq!(judged(&web, &forged, &any).await, "signature");
    }
    // Good tokens of the other kind, and of other algorithms by the right secret.
    assert_eq!(judged(&app, WEB, &any).await, "algorithm");
    assert_eq!(judged(&web, APP, &any).await, "algorithm");
    for alg in ["HS384", "HS512", "RS256", "ES384", "hs256", "HS256 "] {
        let odd = hs256(&json!({"alg": alg}), &claims(), SECRET.as_bytes());
        assert_eq!(judged(&web, &odd, &any).await, "algorithm", "{alg}");
    }
    // An empty secret signs nothing.
    let empty = ChannelCredentials::new(ChannelId::new("2009990001").unwrap(), ChannelSecret::from(""));
    let forged = hs256(&json!({"alg": "HS256"}), &claims(), b"");
    assert_eq!(judged(&IdTokenVerifier::web(empty), &forged, &any).await, "signature");
}

#[tokio::test]
async fn only_published_keys_for_signatures_on_the_right_curve_count() {
    let line = Server::fixed(200, &[], KEYS).await;
    let app = app(line.client());
    let by = |kid: Value| es256(&json!({"alg": "ES256", "kid": kid}), &claims());
    for (kid, expected) in [
        (json!("key-1"), "ok"),
        (json!("key-0"), "unknown key"),
        (json!("broken"), "unknown key"),
        (json!("not-for-this"), "unknown key"),
        (json!("other-curve"), "unknown key"),
        (json!("other-kind"), "unknown key"),
        (json!("other-use"), "unknown key"),
        (json!("garbled"), "unknown key"),
        (json!("off-curve"), "signature"),
        (json!("key-2"), "unknown key"),
        (json!("../../etc/passwd"), "unknown key"),
        (json!(""), "unknown key"),
        (Value::Null, "unknown key"),
        (json!(1), "malformed"),
    ] {
        assert_eq!(judged(&app, &by(kid.clone()), &Expected::any_nonce()).await, expected, "{kid}");
    }
    assert_eq!(line.seen().len(), 1, "unknown names do not make LINE be asked without end");
    let (signed, signature) = APP.rsplit_once('.').unwrap();
    let good = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for (name, bytes) in [
        ("zeros", vec![0; 64]),
        ("short", good[..63].to_vec()),
        ("long", [&good[..], &[0]].concat()),
        ("a zero more", [&good[..32], &[0], &good[32..]].concat()),
        ("halves swapped", [&good[32..], &good[..32]].concat()),
        ("empty", Vec::new()),
        ("as ASN.1", [&[0x30, 0x44, 2, 0x20][..], &good[..32], &[2, 0x20], &good[32..]].concat()),
    ] {
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes));
        assert_eq!(judged(&app, &token, &Expected::any_nonce()).await, "signature", "{name}");
    }
}

#[tokio::test]
async fn what_a_token_says_must_be_true_here_and_now() {
    let (nonce, other) = (Nonce::new("n-7f3a").unwrap(), Nonce::new("n-7f3b").unwrap());
    let (user, stranger) = (
        UserId::new("Uaaaabbbbccccddddeeeeffff00001111").unwrap(),
        UserId::new("Uaaaabbbbccccddddeeeeffff00001112").unwrap(),
    );
    let any = Expected::any_nonce();
    let minutes = |minutes| Expected::any_nonce().max_age(Duration::from_mins(minutes));
    for (name, claims, expected, outcome) in [
        ("as it is", claims(), Expected::nonce(&nonce).user(&user), "ok"),
        ("another issuer", changed("iss", json!("https://access.line.me/")), any, "issuer"),
        ("another channel", changed("aud", json!("2009990002")), any, "audience"),
        ("a longer channel", changed("aud", json!("20099900010")), any, "audience"),
        ("many channels", changed("aud", json!(["2009990001"])), any, "claims"),
        ("no channel", changed("aud", Value::Null), any, "claims"),
        ("no end", changed("exp", Value::Null), any, "claims"),
        ("an end in words", changed("exp", json!("1790003600")), any, "claims"),
        ("an end beyond time", changed("exp", json!(i64::MAX)), any, "claims"),
        ("a broken end", changed("exp", json!(1.5e9)), any, "claims"),
        ("ended, within the leeway", changed("exp", json!(1_790_001_800 - 59)), any, "ok"),
        ("ended", changed("exp", json!(1_790_001_800 - 60)), any, "expired"),
        ("ended long ago", changed("exp", json!(-1)), any, "expired"),
        ("made in a moment", changed("iat", json!(1_790_001_800 + 60)), any, "ok"),
        ("made in the future", changed("iat", json!(1_790_001_800 + 61)), any, "not yet valid"),
        ("another nonce", claims(), Expected::nonce(&other), "nonce"),
        ("no nonce", changed("nonce", Value::Null), Expected::nonce(&nonce), "nonce"),
        ("an empty nonce", changed("nonce", json!("")), Expected::nonce(&nonce), "nonce"),
        ("a nonce that is none", changed("nonce", json!(["n-7f3a"])), Expected::nonce(&nonce), "claims"),
        ("recent", claims(), minutes(29), "ok"),
        ("not recent", claims(), minutes(28), "not recent"),
        ("of unknown age", changed("auth_time", Value::Null), minutes(1_000), "not recent"),
        ("from tomorrow", changed("auth_time", json!(1_790_090_000)), minutes(29), "not recent"),
        ("another user", claims(), any.user(&stranger), "user"),
        ("no user", changed("sub", json!("someone")), any, "claims"),
    ] {
        let token = hs256(&json!({"alg": "HS256"}), &claims, SECRET.as_bytes());
        assert_eq!(judged(&web(), &token, &expected).await, outcome, "{name}");
    }
    let ended = changed("exp", json!(1_790_001_800 - 300));
    let token = hs256(&json!({"alg": "HS256"}), &ended, SECRET.as_bytes());
    assert_eq!(
        judged(&web().leeway(MAX_LEEWAY * 100), &token, &any).await,
        "expired",
        "the leeway is bounded"
    );
    let token = IdToken::from(hs256(&json!({"alg": "HS256"}), &claims(), SECRET.as_bytes()));
    let now = web().verify(&token, &any).await;
    let is_over = Timestamp::now().as_second() > 1_790_003_600 + 60;
    assert!(now.is_err() || !is_over, "the clock is asked");
}

#[tokio::test]
async fn what_is_no_token_is_refused_before_anything_is_believed() {
    let any = Expected::any_nonce();
    let header = part(&json!({"alg": "HS256"}));
    let (signed, signature) = WEB.rsplit_once('.').unwrap();
    let long = format!("{WEB}{}", "A".repeat(16 * 1024));
    let big_claims = changed("name", json!("x".repeat(20_000)));
    for (name, token, expected) in [
        ("nothing", String::new(), "malformed"),
        ("words", "hello".to_owned(), "malformed"),
        ("dots", "..".to_owned(), "malformed"),
        ("two parts", signed.to_owned(), "malformed"),
        ("four parts", format!("{WEB}.AAAA"), "malformed"),
        ("five parts", format!("{WEB}.AAAA.AAAA"), "malformed"),
        ("no base64", format!("{header}.***.AAAA"), "malformed"),
        ("padding", format!("{WEB}="), "malformed"),
        ("the other alphabet", WEB.replace('_', "/"), "malformed"),
        ("space at the end", format!("{WEB} "), "malformed"),
        ("a header that is no JSON", format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode("{")), "malformed"),
        ("a header that is a list", format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode("[]")), "malformed"),
        ("no algorithm", hs256(&json!({"typ": "JWT"}), &claims(), SECRET.as_bytes()), "malformed"),
        (
            "two algorithms",
            {
                let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","alg":"HS256"}"#);
                format!("{header}.e30.AAAA")
            },
            "malformed",
        ),
        (
            "must be understood",
            {
                let header = json!({"alg": "HS256", "crit": ["b64"], "b64": false});
                hs256(&header, &claims(), SECRET.as_bytes())
            },
            "malformed",
        ),
        (
            "claims that are no JSON",
            {
                let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode("not json"));
                let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
                mac.update(signed.as_bytes());
                format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
            },
            "claims",
        ),
        ("claims that are a list", hs256(&json!({"alg": "HS256"}), &json!([1]), SECRET.as_bytes()), "claims"),
        ("too long", long, "too long"),
        ("too long and signed", hs256(&json!({"alg": "HS256"}), &big_claims, SECRET.as_bytes()), "too long"),
        ("another signature", format!("{signed}.{}", signature.replace('9', "8")), "signature"),
        ("no signature", format!("{signed}."), "signature"),
        ("half a signature", format!("{signed}.{}", &signature[..20]), "signature"),
    ] {
        assert_eq!(judged(&web(), &token, &any).await, expected, "{name}");
    }
}

proptest! {
    #[test]
    fn garbage_is_never_believed_and_never_a_panic(text in ".{0,200}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,40}", 0..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for token in [text, parts.join(".")] {
            prop_assert_ne!(runtime.block_on(judged(&web(), &token, &Expected::any_nonce())), "ok");
        }
    }

    #[test]
    fn a_token_with_one_character_changed_is_not_believed(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let at = at.index(WEB.len());
        let mut token = WEB.to_owned();
        token.replace_range(at..=at, &to);
        prop_assume!(token != WEB);
        prop_assert_ne!(runtime.block_on(judged(&web(), &token, &Expected::any_nonce())), "ok");
    }
}

/// Publishes what it is told to, or fails.
#[derive(Clone, Default)]
struct Certs {
    fails: Arc<AtomicBool>,
    renamed: Arc<Mutex<Option<&'static str>>>,
}

impl Certs {
    async fn served(&self) -> Server {
        let certs = self.clone();
        Server::answering(move |_| {
            if certs.fails.load(Ordering::SeqCst) {
                return answer(500, &[], "");
            }
            let name = certs.renamed.lock().unwrap().unwrap_or("key-1");
            answer(200, &[], Box::leak(KEYS.replace("key-1", name).into_boxed_str()))
        })
        .await
    }

    fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }
}

/// Lets time pass, while nobody talks with anybody.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn named(app: &IdTokenVerifier, kid: &str) -> &'static str {
    judged(app, &es256(&json!({"alg": "ES256", "kid": kid}), &claims()), &Expected::any_nonce()).await
}

fn asking(server: &Server) -> Client {
    Client::builder_without_token().all_bases(&server.base).retry(Retry::never()).build().unwrap()
}

#[tokio::test]
async fn a_new_key_is_fetched_and_made_up_names_ask_line_at_most_once_a_minute() {
    let certs = Certs::default();
    let line = certs.served().await;
    let app = app(asking(&line));
    assert_eq!(named(&app, "key-1").await, "ok");
    *certs.renamed.lock().unwrap() = Some("key-9");
    for number in 0..50 {
        assert_eq!(named(&app, &format!("made-up-{number}")).await, "unknown key");
    }
    assert_eq!(named(&app, "key-9").await, "unknown key", "within the minute");
    assert_eq!(line.seen().len(), 1);
    pass(Duration::from_secs(61)).await;
    let all = (0..20).map(|_| named(&app, "key-9"));
    assert!(futures::future::join_all(all).await.iter().all(|outcome| *outcome == "ok"));
    assert_eq!(line.seen().len(), 2, "one asks for all");
    assert_eq!(named(&app, "key-1").await, "unknown key", "LINE has withdrawn it");
}

#[tokio::test]
async fn whoever_stops_waiting_for_keys_does_not_take_them_from_the_others() {
    let (base, listener) = support::silent();
    let app = app(Client::builder_without_token().all_bases(&base).retry(Retry::never()).build().unwrap());
    let mut first = Box::pin(named(&app, "key-1"));
    let (mut stream, _) = loop {
        listener.set_nonblocking(true).unwrap();
        assert!(futures::poll!(&mut first).is_pending());
        if let Ok(asked) = listener.accept() {
            break asked;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    drop(first);
    let second = named(&app, "key-1");
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{KEYS}", KEYS.len());
    stream.set_nonblocking(false).unwrap();
    std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
    assert_eq!(second.await, "ok");
}

#[tokio::test]
async fn while_line_does_not_answer_old_keys_serve_for_a_day() {
    let certs = Certs::default();
    let line = certs.served().await;
    let app = app(asking(&line));
    certs.fail(true);
    assert_eq!(named(&app, "key-1").await, "no keys");
    assert_eq!(named(&app, "key-1").await, "no keys");
    assert_eq!(line.seen().len(), 1, "not asked again at once");
    certs.fail(false);
    pass(Duration::from_secs(6)).await;
    assert_eq!(named(&app, "key-1").await, "ok");

    certs.fail(true);
    pass(Duration::from_hours(2)).await;
    assert_eq!(named(&app, "key-1").await, "ok", "nobody waits for the new ones");
    assert_eq!(named(&app, "made-up").await, "no keys", "it could be a new key");
    let asked = line.seen().len();
    assert!((3..=4).contains(&asked), "{asked}");
    pass(Duration::from_hours(22)).await;
    assert_eq!(named(&app, "key-1").await, "no keys");
    certs.fail(false);
    pass(Duration::from_secs(6)).await;
    assert_eq!(named(&app, "key-1").await, "ok");
}

#[tokio::test]
async fn a_signed_return_is_read_like_any_other_once_it_is_believed() {
    let pending = PendingLogin::random().unwrap();
    let state = pending.state().as_str();
    let now = Timestamp::now().as_second();
    let signed = |name: &str, value: Value| {
        let mut claims = json!({"iss": "https://access.line.me", "aud": "2009990001", "exp": now + 600,
            "code": "abc", "state": state, "friendship_status_changed": true});
        claims[name] = value;
        format!("own=1&response={}", hs256(&json!({"alg": "HS256"}), &claims, SECRET.as_bytes()))
    };
    let web = web();
    let returned = web.read_signed_return(&pending, &signed("x", json!(1))).await.unwrap();
    assert_eq!((returned.code.as_str(), returned.friendship_changed), ("abc", Some(true)));
    for (query, expected) in [
        (signed("state", json!("other")), "state"),
        (signed("error", json!("ACCESS_DENIED")), "refused"),
        (signed("aud", json!("2009990002")), "audience"),
        (signed("iss", json!("https://example.org")), "issuer"),
        (signed("exp", json!(now - 600)), "expired"),
        (format!("code=abc&state={state}"), "malformed return"),
        (format!("{0}&{0}", signed("x", json!(1))), "malformed return"),
        (signed("x", json!(1)).replace("own=1&response=ey", "response=eyJ"), "malformed"),
    ] {
        let outcome = match web.read_signed_return(&pending, &query).await {
            Err(SignedReturnError::Signed(error)) => kind(&error),
            Err(SignedReturnError::Return(ReturnError::State)) => "state",
            Err(SignedReturnError::Return(ReturnError::Refused { code, .. })) => {
                assert_eq!(code, LoginErrorCode::AccessDenied);
                "refused"
            }
            Err(SignedReturnError::Return(ReturnError::Malformed)) => "malformed return",
            other => panic!("{other:?}"),
        };
        assert_eq!(outcome, expected, "{query}");
    }
}
