//! LINE's public keys, and how they are kept up to date.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::crypto::EcPublicKey;
use crate::{ApiError, Client, RawJson};

/// How old keys may be before they are asked for again.
const FRESH: Duration = Duration::from_hours(1);
/// How old keys may be when they cannot be asked for.
const USABLE: Duration = Duration::from_hours(24);
/// Time between two questions at least, however many tokens name keys that nobody knows …
const BETWEEN: Duration = Duration::from_mins(1);
/// … and after one that got no answer.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The public keys with which LINE signs ID tokens of apps.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct LoginKeys {
    keys: Vec<(String, EcPublicKey)>,
    raw: Vec<RawJson>,
}

#[derive(Deserialize)]
struct Wire {
    keys: Vec<RawJson>,
}

/// What is needed of a JWK ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    crv: &'a str,
    kid: &'a str,
    x: &'a str,
    y: &'a str,
    alg: Option<&'a str>,
    r#use: Option<&'a str>,
}

impl From<Wire> for LoginKeys {
    /// Each key alone: one that is of another kind, or malformed, does not lose the others.
    fn from(wire: Wire) -> Self {
        let keys = wire.keys.iter().filter_map(|raw| {
            let jwk = Jwk::deserialize(raw.value()).ok()?;
            let fits = jwk.kty == "EC"
                && jwk.crv == "P-256"
                && jwk.alg.is_none_or(|alg| alg == "ES256")
                && jwk.r#use.is_none_or(|purpose| purpose == "sig");
            let key = EcPublicKey::from_coordinates(jwk.x, jwk.y).filter(|_| fits)?;
            Some((jwk.kid.to_owned(), key))
        });
        Self { keys: keys.collect(), raw: wire.keys }
    }
}

impl LoginKeys {
    /// The ids of the keys that can check ID tokens.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(id, _)| id.as_str())
    }

    /// All keys as LINE sent them, also those of other kinds.
    pub fn raw(&self) -> &[RawJson] {
        &self.raw
    }

    pub(super) fn find(&self, id: &str) -> Option<&EcPublicKey> {
        self.keys.iter().find(|(known, _)| known == id).map(|(_, key)| key)
    }
}

impl fmt::Debug for LoginKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

/// Keys that are asked for when needed, and again when they are old or a token names another.
#[derive(Clone)]
pub(super) struct KeyShelf(Arc<Inner>);

struct Inner {
    client: Client,
    /// Read by every check; never held while LINE is asked.
    kept: RwLock<Option<Kept>>,
    /// Held while LINE is asked, so that one asks for all.
    asking: Mutex<Asking>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<LoginKeys>,
    since: Instant,
}

#[derive(Default)]
struct Asking {
    not_before: Option<Instant>,
    failed: bool,
}

impl Asking {
    fn may(&self) -> bool {
        self.not_before.is_none_or(|then| Instant::now() >= then)
    }
}

/// Why there is no key.
pub(super) enum NoKey {
    /// LINE has none of this name.
    Unknown,
    /// LINE did not answer, now or a moment ago.
    Unasked(Option<Box<ApiError>>),
}

impl KeyShelf {
    pub(super) fn new(client: Client) -> Self {
        Self(Arc::new(Inner { client, kept: RwLock::default(), asking: Mutex::default() }))
    }

    pub(super) async fn find(&self, id: &str) -> Result<EcPublicKey, NoKey> {
        if let Some(key) = self.kept_for(FRESH).and_then(|keys| keys.find(id).cloned()) {
            return Ok(key);
        }
        if let Some(key) = self.kept_for(USABLE).and_then(|keys| keys.find(id).cloned()) {
            // Nobody waits for the answer while the old keys will do.
            if self.0.asking.try_lock().is_ok_and(|asking| asking.may()) {
                let (shelf, id) = (self.clone(), id.to_owned());
                tokio::spawn(async move { shelf.ask(&id).await });
            }
            return Ok(key);
        }
        // A task of its own: whoever stops waiting does not take the answer from the others who wait for it.
        let (shelf, asked) = (self.clone(), id.to_owned());
        let asking = async move { shelf.ask(&asked).await }.in_current_span();
        tokio::spawn(asking).await.unwrap_or(Err(NoKey::Unasked(None)))?;
        self.kept_for(USABLE).and_then(|keys| keys.find(id).cloned()).ok_or(NoKey::Unknown)
    }

    fn kept_for(&self, age: Duration) -> Option<Arc<LoginKeys>> {
        let kept = self.0.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.since.elapsed() < age).map(|kept| Arc::clone(&kept.keys))
    }

    /// Asks LINE, unless somebody has done so a moment ago.
    async fn ask(&self, id: &str) -> Result<(), NoKey> {
        let mut asking = self.0.asking.lock().await;
        if self.kept_for(FRESH).is_some_and(|keys| keys.find(id).is_some()) {
            return Ok(()); // whoever asked before us got it
        }
        if !asking.may() {
            return if asking.failed { Err(NoKey::Unasked(None)) } else { Ok(()) };
        }
        let answer = self.0.client.login_keys().await;
        let now = Instant::now();
        let keys = match answer {
            Ok(answer) => Arc::new(answer.value),
            Err(error) => {
                *asking = Asking { not_before: Some(now + AFTER_FAILURE), failed: true };
                return Err(NoKey::Unasked(Some(Box::new(error))));
            }
        };
        *asking = Asking { not_before: Some(now + BETWEEN), failed: false };
        *self.0.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(Kept { keys, since: now });
        Ok(())
    }
}

impl fmt::Debug for KeyShelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyShelf").field(&self.kept_for(Duration::MAX)).finish()
    }
}
