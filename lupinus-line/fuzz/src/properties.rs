//! What must hold for any bytes. Used by the fuzz targets and, with the committed seeds, by an ordinary test. Each property says
//! what became of the bytes, so that a seed that no longer gets as far as it should is noticed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_line::webhook::{self, Envelope, Event, SignatureError};
use lupinus_line::{ChannelSecret, DecodeCategory, DecodeError};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::Sha256;

const OLD: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const NEW: &str = "11223344556677889900aabbccddeeff";

/// The first byte says how many of the next are a header; the rest is a body.
///
/// A body is taken with the signature that its secret makes and with no other header, body or secret.
///
/// Says whose signature the header is: 0 the new secret's, 1 the old one's.
pub fn signature(data: &[u8]) -> Result<usize, SignatureError> {
    let (&length, rest) = data.split_first().unwrap_or((&0, &[]));
    let (header, body) = rest.split_at(usize::from(length).min(rest.len()));
    let secrets = [NEW, OLD].map(ChannelSecret::from);
    let good = sign(OLD, body);

    let outcome = webhook::verify(&secrets, Some(header), body).map(|verified| verified.secret_index());
    match &outcome {
        Ok(secret) => {
            let made = [sign(NEW, body), sign(OLD, body)];
            assert_eq!(header, made[*secret].as_bytes(), "taken, though nobody signed it so");
        }
        Err(error) => {
            assert!(matches!(error, SignatureError::Malformed | SignatureError::Mismatch), "{error:?}");
            assert_ne!(header, good.as_bytes(), "refused, though signed");
        }
    }

    let verified =
        webhook::verify(&secrets, Some(good.as_bytes()), body).expect("signed with the old secret");
    assert_eq!((verified.secret_index(), verified.body()), (1, body));

    let refused = |secrets: &[ChannelSecret], header: Option<&[u8]>, body: &[u8]| {
        webhook::verify(secrets, header, body).expect_err("neither signed so, nor with this secret")
    };
    assert_eq!(refused(&secrets[..1], Some(good.as_bytes()), body), SignatureError::Mismatch);
    assert_eq!(refused(&secrets, None, body), SignatureError::Missing);
    assert_eq!(refused(&[], Some(good.as_bytes()), body), SignatureError::NoSecret);
    assert_eq!(refused(&secrets, Some(&[header, b"\0"].concat()), body), SignatureError::Malformed);
    let longer = [body, b"\n"].concat();
    assert_eq!(refused(&secrets, Some(good.as_bytes()), &longer), SignatureError::Mismatch);
    if let Some((_, shorter)) = body.split_last() {
        assert_eq!(refused(&secrets, Some(good.as_bytes()), shorter), SignatureError::Mismatch);
    }
    outcome
}

/// A signed body decodes without panic, keeps all that came, and decodes again to the same.
///
/// Says how many of its events decoded, and how many are malformed.
pub fn envelope(body: &[u8]) -> Result<(usize, usize), DecodeCategory> {
    let envelope = parse(body).map_err(|error| {
        assert!(!is_webhook(body), "refused, though it has events");
        error.category
    })?;
    assert_eq!(envelope.raw_json().as_bytes(), body);
    let printed = serde_json::to_string(&envelope).expect("what was JSON is JSON");
    assert_eq!(printed, trimmed(envelope.raw_json()));

    let again = parse(printed.as_bytes()).expect("what decoded decodes again");
    assert_eq!(again.destination, envelope.destination);
    assert_eq!(again.events.len(), envelope.events.len());
    for (before, after) in envelope.events.iter().zip(&again.events) {
        match (before, after) {
            (Ok(before), Ok(after)) => {
                assert!(envelope.raw_json().contains(before.raw_json()), "kept byte for byte");
                assert_same(before, after);
                assert_eq!(self::event(before.raw_json().as_bytes()), Ok(before.kind.name()));
            }
            (Err(before), Err(after)) => {
                assert!(envelope.raw_json().contains(before.raw.get()), "kept byte for byte");
                assert_eq!(before.raw.get(), after.raw.get());
                assert_eq!(before.webhook_event_id, after.webhook_event_id);
                assert!(Event::from_json(before.raw.get()).is_err(), "malformed alone, too");
            }
            _ => panic!("an event decodes differently the second time"),
        }
    }
    let _ = format!("{envelope:?}");
    let good = envelope.events.iter().filter(|event| event.is_ok()).count();
    Ok((good, envelope.events.len() - good))
}

/// An event decodes without panic, keeps all that came, and decodes again to the same.
///
/// Says of which kind it is.
pub fn event(text: &[u8]) -> Result<&'static str, DecodeCategory> {
    let text = std::str::from_utf8(text).map_err(|_| DecodeCategory::Syntax)?;
    let event = Event::from_json(text).map_err(|error| error.category)?;
    assert_eq!(event.raw_json(), trimmed(text), "kept byte for byte");
    let printed = serde_json::to_string(&event).expect("what was JSON is JSON");
    assert_eq!(printed, event.raw_json());
    assert_same(&event, &Event::from_json(&printed).expect("what decoded decodes again"));

    // In whatever order, white space and escapes it is stored. Not everything that is skipped is a `Value`.
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let stored: Event = serde_json::from_value(value).expect("the same JSON, otherwise written");
        assert_eq!(stored.kind.name(), event.kind.name());
        assert_common(&event, &stored);
    }
    let _ = format!("{event:?} {:?} {:?}", event.kind, event.source);
    Ok(event.kind.name())
}

fn assert_same(before: &Event, after: &Event) {
    assert_eq!(before, after);
    assert_eq!(before.kind, after.kind);
    assert_common(before, after);
}

fn assert_common(before: &Event, after: &Event) {
    assert_eq!(before.mode, after.mode);
    assert_eq!(before.timestamp, after.timestamp);
    assert_eq!(before.source, after.source);
    assert_eq!(before.webhook_event_id, after.webhook_event_id);
    assert_eq!(before.is_redelivery, after.is_redelivery);
    assert_eq!(before.reply_token, after.reply_token);
}

/// Whether this body, written anew without names given twice, has a list of events and is refused all the same.
fn is_webhook(body: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return false };
    value.get("events").is_some_and(Value::is_array) && parse(value.to_string().as_bytes()).is_err()
}

fn parse(body: &[u8]) -> Result<Envelope, DecodeError> {
    let signature = sign(OLD, body);
    webhook::verify(&[ChannelSecret::from(OLD)], Some(signature.as_bytes()), body).expect("signed").parse()
}

fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// JSON without the white space around it.
fn trimmed(json: &str) -> &str {
    serde_json::from_str::<&RawValue>(json).expect("it decoded").get()
}
