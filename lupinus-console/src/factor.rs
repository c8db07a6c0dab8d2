//! The second factor: codes of an authenticator, and recovery codes for the day it is lost.

use jiff::Timestamp;
use lupinus_core::{
    body::InvitationCode,
    hash::Sha256Hash,
    ids::IdSource,
    staff::{FactorProof, FactorSecret, SecondFactor},
};
use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Secret, Totp};

/// How many recovery codes somebody gets.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// A fresh secret from the centre's source of secrets.
pub(crate) fn secret(ids: &dyn IdSource) -> FactorSecret {
    let random = ids.secret();
    FactorSecret::new(Secret::from(random[..SECRET_BYTES].to_vec()).to_base32())
}

/// What every authenticator takes: SHA-1, six digits, half a minute; a code may be half a minute off.
fn totp(secret: &FactorSecret, issuer: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret.expose()).ok()?;
    // A colon would end the name in the address that the authenticator reads.
    let plain = |words: &str| words.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .ok()
}

/// The step of the code, if it is one of now.
fn step(secret: &FactorSecret, code: &str, now: Timestamp) -> Option<u64> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    totp(secret, "", "lupinus")?.check(code, seconds)
}

/// Digits as they were typed: full-width ones and spaces are forgiven.
fn digits(typed: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    };
    typed.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// What is kept of a recovery code. It has the letters of an invitation, which nobody misreads from paper.
fn hash(code: &InvitationCode) -> Sha256Hash {
    Sha256Hash::of(format!("lupinus recovery {}", code.reveal()).as_bytes())
}

/// What was typed, if it is right: a code of the authenticator now, or one of the recovery codes.
pub(crate) fn proof(factor: &SecondFactor, typed: &str, now: Timestamp) -> Option<FactorProof> {
    if let Some(step) = step(&factor.secret, &digits(typed), now) {
        return Some(FactorProof::Code { step });
    }
    let hash = hash(&InvitationCode::parse(typed)?);
    factor.recovery.contains(&hash).then_some(FactorProof::Recovery { hash })
}

/// A factor that was proved by a code, with the recovery codes to be shown this once.
pub(crate) fn set_up(
    secret: FactorSecret,
    typed: &str,
    now: Timestamp,
    ids: &dyn IdSource,
) -> Option<(SecondFactor, Vec<String>)> {
    let last_step = step(&secret, &digits(typed), now)?;
    let codes: Vec<InvitationCode> =
        (0..RECOVERY_CODES).map(|_| InvitationCode::from_random(&ids.secret())).collect();
    let factor = SecondFactor {
        secret,
        last_step,
        recovery: codes.iter().map(hash).collect(),
        since: now,
        failures: 0,
        locked_until: None,
    };
    Some((factor, codes.iter().map(InvitationCode::reveal).collect()))
}

/// The secret as a picture for the authenticator's camera, and in groups of four for the keyboard.
pub(crate) fn shown(secret: &FactorSecret, issuer: &str, account: &str) -> Option<(String, String)> {
    let address = totp(secret, issuer, account)?.to_url().ok()?;
    let code = QrCode::new(address).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    let picture = picture.split_once("?>").map_or(picture.as_str(), |(_, drawing)| drawing).to_owned();
    let letters: Vec<char> = secret.expose().chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    Some((picture, groups.collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: SHA-1, the secret "12345678901234567890".
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = FactorSecret::new(SECRET);
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let step_then = u64::try_from(second).unwrap() / 30;
            assert_eq!(step(&secret, code, at(second)), Some(step_then), "{second}");
            assert_eq!(step(&secret, code, at(second + 30)), Some(step_then), "half a minute late");
            assert_eq!(step(&secret, code, at(second + 90)), None, "too late");
        }
        for typed in ["", "28708", "2870820", "abcdef", "28708２x"] {
            assert_eq!(step(&secret, &digits(typed), at(59)), None, "{typed}");
        }
        assert_eq!(step(&secret, &digits("２８７ ０８２"), at(59)), Some(1));
    }

    #[test]
    fn the_picture_has_no_style_and_the_secret_no_debug() {
        let secret = FactorSecret::new(SECRET);
        let (picture, typed) = shown(&secret, "市:センター", "kanri").unwrap();
        assert!(picture.trim_start().starts_with("<svg") && !picture.contains("style="), "{picture}");
        assert_eq!(typed, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(!format!("{secret:?}").contains("GEZD"));
    }
}
