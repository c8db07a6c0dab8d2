//! Tokens that are issued when needed and renewed before they end.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::{ChannelCredentials, Credentials, IssuedToken, Signer, TokenError, TokenLife, TokenProvider};
use crate::client::luck;
use crate::{ChannelToken, Client};

/// No token is renewed earlier than this before its end, unless set otherwise.
const MOST_MARGIN: Duration = Duration::from_hours(24);
/// A token is not used in the last moments of its life: it must still be valid when it arrives.
const LAST_MOMENTS: Duration = Duration::from_secs(10);
/// What a token's life counts at least, whatever the answer says: it bounds how often one is issued.
const LEAST_LIFE: Duration = Duration::from_secs(10);
/// A token that is refused within this time of its issue does not make LINE issue another at once.
const FRESH: Duration = Duration::from_mins(1);
/// Wait after the first failing renewal; it doubles with each further one …
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// … up to this.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Makes LINE, or whoever keeps the tokens, issue one more. [`RenewingToken`] does the rest.
#[async_trait]
pub trait TokenIssuer: fmt::Debug + Send + Sync + 'static {
    /// One more token. Never called while an earlier call of the same [`RenewingToken`] goes on, and never dropped before
    /// its end while the runtime lives.
    ///
    /// # Errors
    /// [`TokenError`]; it is asked again, after a wait that grows.
    async fn issue(&self) -> Result<IssuedToken, TokenError>;
}

/// A token that is issued when first needed and renewed before it ends.
///
/// - However many calls wait for a token, one is issued.
/// - It is renewed when a fifth of its life is left, at most a day; until the new one is there, the old one serves.
/// - A renewal that fails costs nothing while the old token is valid. It is tried again after a wait that doubles from a
///   second to five minutes, with a random part; meanwhile calls without a token fail at once, with the cause.
/// - A token that LINE refuses is replaced. If LINE refuses what it has just issued, replacements wait as failing renewals
///   do: a channel that was shut off does not use up its tokens.
/// - A renewal that was begun is ended, even when every call that waited for it was dropped: no token is issued in vain.
///
/// Needs the tokio runtime of its calls.
pub struct RenewingToken {
    issuer: Arc<dyn TokenIssuer>,
    observer: Option<Observer>,
    margin: Option<Duration>,
    state: Arc<Mutex<State>>,
}

type Observer = Arc<dyn Fn(&IssuedToken) + Send + Sync>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    renewal: Option<Renewal>,
    /// No renewal begins before.
    not_before: Option<Instant>,
    /// Why the last renewal failed, if it did.
    failed: Option<TokenError>,
    /// How many renewals in a row failed.
    failures: u32,
    /// How many tokens in a row were refused while they were fresh.
    refusals: u32,
}

struct Held {
    token: ChannelToken,
    fresh_until: Instant,
    renew: Instant,
    ends: Instant,
    refused: bool,
}

struct Renewal {
    task: AbortHandle,
    outcome: Shared<BoxFuture<'static, Result<ChannelToken, TokenError>>>,
}

impl RenewingToken {
    /// Tokens that live 15 minutes and are not counted. LINE cannot revoke them. `client` makes the calls that issue
    /// them; it needs [no token](Client::without_token).
    pub fn stateless(client: Client, credentials: impl Into<Credentials>) -> Self {
        Self::new(Line { client, kind: Kind::Stateless(credentials.into()) })
    }

    /// Tokens that live 30 days, by the secret of the channel. Each beyond the thirtieth that is valid **revokes the
    /// oldest**, wherever that is used.
    pub fn short_lived(client: Client, credentials: ChannelCredentials) -> Self {
        Self::new(Line { client, kind: Kind::ShortLived(credentials) })
    }

    /// Tokens v2.1, by signature. LINE **refuses** more than 30 that are valid: keep one over a restart
    /// ([`on_issue`](Self::on_issue), [`starting_with`](Self::starting_with)) or let them be short.
    pub fn v2_1(client: Client, signer: Signer, life: TokenLife) -> Self {
        Self::new(Line { client, kind: Kind::V2_1(signer, life) })
    }

    /// Tokens from an issuer of one's own.
    pub fn new(issuer: impl TokenIssuer) -> Self {
        Self { issuer: Arc::new(issuer), observer: None, margin: None, state: Arc::default() }
    }

    /// How long before its end a token is renewed, instead of a fifth of its life; at most half of it.
    pub const fn renew_before(mut self, margin: Duration) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Begins with a token that was kept over a restart, with what is left of its life.
    pub fn starting_with(self, kept: &IssuedToken) -> Self {
        let now = Instant::now();
        let held = Held { fresh_until: now, ..Held::new(kept, now, self.margin) };
        lock(&self.state).held = Some(held);
        self
    }

    /// Is told each token that is issued, to keep it over a restart. Called from the task that renews: it must not block.
    pub fn on_issue(mut self, observer: impl Fn(&IssuedToken) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    fn begin(&self) -> Renewal {
        let (issuer, observer) = (Arc::clone(&self.issuer), self.observer.clone());
        let (state, margin) = (Arc::clone(&self.state), self.margin);
        let task = tokio::spawn(async move {
            let begun = Instant::now();
            let issued = issuer.issue().await.and_then(checked);
            lock(&state).end(begun, &issued, margin);
            if let (Ok(issued), Some(observer)) = (&issued, observer) {
                observer(issued);
            }
            issued.map(|issued| issued.token)
        });
        Renewal {
            task: task.abort_handle(),
            outcome: task.map(move |ended| ended.unwrap_or_else(|_| Err(interrupted()))).boxed().shared(),
        }
    }
}

#[async_trait]
impl TokenProvider for RenewingToken {
    async fn token(&self) -> Result<ChannelToken, TokenError> {
        let outcome = {
            let mut state = lock(&self.state);
            let now = Instant::now();
            if state.renewal.as_ref().is_some_and(|renewal| renewal.task.is_finished()) {
                state.end(now, &Err(interrupted()), None); // it never came to its end
            }
            if state.renewal.is_none() && state.must_renew(now) {
                state.renewal = Some(self.begin());
            }
            if let Some(token) = state.usable(now) {
                return Ok(token.clone());
            }
            match &state.renewal {
                Some(renewal) => renewal.outcome.clone(),
                None => return Err(state.failed.clone().unwrap_or(TokenError::TimedOut)),
            }
        };
        outcome.await
    }

    async fn refused(&self, token: &ChannelToken) {
        lock(&self.state).refuse(token, Instant::now());
    }
}

impl State {
    fn must_renew(&self, now: Instant) -> bool {
        let due = self.held.as_ref().is_none_or(|held| held.refused || now >= held.renew);
        due && self.not_before.is_none_or(|then| now >= then)
    }

    /// The token that is held, if a call may be made with it. One that was refused may only when nothing better is to be
    /// expected: then the caller hears from LINE itself.
    fn usable(&self, now: Instant) -> Option<&ChannelToken> {
        let held = self.held.as_ref().filter(|held| now < held.ends)?;
        let last_resort = self.renewal.is_none() && self.failed.is_none();
        (!held.refused || last_resort).then_some(&held.token)
    }

    fn end(&mut self, begun: Instant, issued: &Result<IssuedToken, TokenError>, margin: Option<Duration>) {
        self.renewal = None;
        match issued {
            Ok(issued) => {
                tracing::info!(
                    expires_in_s = issued.expires_in.as_secs(),
                    "a channel access token was issued"
                );
                self.held = Some(Held::new(issued, begun, margin));
                (self.failed, self.failures, self.not_before) = (None, 0, None);
            }
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                let wait = wait_after(self.failures, luck());
                tracing::warn!(
                    error.kind = error.kind(),
                    failures = self.failures,
                    wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                    "no channel access token was issued"
                );
                self.not_before = Some(Instant::now() + wait);
                self.failed = Some(error.clone());
            }
        }
    }

    fn refuse(&mut self, token: &ChannelToken, now: Instant) {
        let Some(held) = self.held.as_mut().filter(|held| !held.refused && held.token == *token) else {
            return; // it was replaced, or somebody else has told
        };
        held.refused = true;
        if now >= held.fresh_until {
            self.refusals = 0;
            return;
        }
        self.refusals = self.refusals.saturating_add(1);
        let wait = wait_after(self.refusals, luck());
        tracing::warn!(
            refusals = self.refusals,
            "LINE refuses a channel access token that it has just issued"
        );
        self.not_before = self.not_before.max(Some(now + wait));
    }
}

impl Held {
    fn new(issued: &IssuedToken, begun: Instant, margin: Option<Duration>) -> Self {
        let life = issued.expires_in.clamp(LEAST_LIFE, Duration::from_hours(24 * 36_500));
        let margin = margin.unwrap_or((life / 5).min(MOST_MARGIN)).min(life / 2);
        let ends = begun + life.saturating_sub(LAST_MOMENTS.min(life / 10));
        Self {
            token: issued.token.clone(),
            fresh_until: begun + FRESH,
            renew: ends.min(begun + life.saturating_sub(margin)),
            ends,
            refused: false,
        }
    }
}

/// A doubling wait of which a random half is left out, so that many processes do not ask at once.
fn wait_after(times: u32, luck: f64) -> Duration {
    let doublings = times.saturating_sub(1).min(31);
    let longest = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    longest.mul_f64(luck.clamp(0.0, 1.0).mul_add(0.5, 0.5))
}

fn interrupted() -> TokenError {
    TokenError::other(true, "the renewal was interrupted")
}

fn checked(issued: IssuedToken) -> Result<IssuedToken, TokenError> {
    if issued.token.fits_in_a_header() { Ok(issued) } else { Err(TokenError::Unusable) }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for RenewingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenewingToken").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// LINE itself.
#[derive(Debug)]
struct Line {
    client: Client,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Stateless(Credentials),
    ShortLived(ChannelCredentials),
    V2_1(Signer, TokenLife),
}

#[async_trait]
impl TokenIssuer for Line {
    async fn issue(&self) -> Result<IssuedToken, TokenError> {
        let client = &self.client;
        let issued = match &self.kind {
            Kind::Stateless(credentials) => client.issue_stateless_token(credentials).await,
            Kind::ShortLived(credentials) => client.issue_short_lived_token(credentials).await,
            Kind::V2_1(signer, life) => client.issue_token_v2_1(signer, *life).await,
        };
        Ok(issued?.value)
    }
}
