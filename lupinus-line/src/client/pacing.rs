//! Not calling more often than LINE allows.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use http::Method;
use tokio::time::{Instant, sleep, timeout_at};

use super::Brake;
use crate::endpoint::{Endpoint, Host, Rate};

/// How often each endpoint is called at most.
///
/// LINE counts calls by channel and endpoint with token buckets, publishes the rates
/// ([source](https://developers.line.biz/en/reference/messaging-api/#rate-limits)) and not how large its buckets are. Here
/// each endpoint has a bucket that fills at LINE's rate. How many calls may go at once, that is its size, is a choice:
///
/// - Of a rate by the second, **a tenth**: 20 multicasts or 200 pushes go at once, and more follow at the rate. Nobody notices
///   a tenth of a second, and no second, however LINE cuts it, sees more than 110 of 100 calls.
/// - Of a rate by the minute or hour, **all**: 60 broadcasts, 3 rich menu batches. A month of statistics is fetched in a
///   row, and should LINE's bucket be smaller, it says so and nothing is lost
///   ([`ApiError::RateLimited`](super::ApiError::RateLimited)).
///
/// A call that must wait does so within its [deadline](super::Retry::deadline). When that would not be enough, it fails with
/// [`ApiError::HeldBack`](super::ApiError::HeldBack) as soon as it is its turn to know: nothing was sent. Endpoints without a
/// published rate are not paced.
/// Buckets belong to a client and its clones; where several processes share a channel, give each its
/// [share](Self::share_percent).
///
/// ```
/// use lupinus_line::client::Pacing;
/// use lupinus_line::{ChannelToken, Client};
///
/// // One of two processes, and a little slower than it would have to be.
/// let client = Client::builder(ChannelToken::from("tok-offline-1"))
///     .pacing(Pacing::default().share_percent(45))
///     .build()?;
/// # Ok::<(), lupinus_line::client::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pacing {
    /// `None` when off.
    share_percent: Option<u8>,
    /// `None` for what the documentation of the type says.
    bucket_percent: Option<u8>,
    own: HashMap<Key, Option<Rate>>,
}

/// The longest period of a rate of which only a tenth goes at once.
const SECOND: Duration = Duration::from_secs(1);

/// An endpoint as LINE counts.
type Key = (Method, Host, &'static str);

impl Pacing {
    /// Calls are made as they come.
    pub fn off() -> Self {
        Self { share_percent: None, ..Self::default() }
    }

    /// How much of each rate is used, 1 to 100 (100); anything else is taken for the nearest.
    pub const fn share_percent(mut self, percent: u8) -> Self {
        self.share_percent = Some(within_percent(percent));
        self
    }

    /// How many of the calls of a period may go at once, of whatever rate, 1 to 100; anything else is taken for the nearest.
    /// One call may always.
    pub const fn bucket_percent(mut self, percent: u8) -> Self {
        self.bucket_percent = Some(within_percent(percent));
        self
    }

    /// Another rate for one endpoint, or none.
    pub fn rate(mut self, endpoint: &Endpoint, rate: Option<Rate>) -> Self {
        self.own.insert(key(endpoint), rate);
        self
    }

    /// The bucket of an endpoint; `None` when it is not paced.
    fn quota(&self, endpoint: &Endpoint) -> Option<Quota> {
        let share = u64::from(self.share_percent?);
        let rate = self.own.get(&key(endpoint)).copied().unwrap_or(endpoint.rate)?;
        let calls = NonZeroU32::new(rate.calls)?;
        let bucket = self.bucket_percent.unwrap_or(if rate.per > SECOND { 100 } else { 10 });
        let at_once = u64::from(calls.get()) * share * u64::from(bucket) / 10_000;
        let at_once = NonZeroU32::new(u32::try_from(at_once).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN);
        let interval = rate.per.checked_div(calls.get())?.mul_f64(100.0 / f64::from(self.share_percent?));
        Some(Quota::with_period(interval)?.allow_burst(at_once))
    }
}

const fn within_percent(percent: u8) -> u8 {
    match percent {
        0 => 1,
        1..=100 => percent,
        _ => 100,
    }
}

fn key(endpoint: &Endpoint) -> Key {
    (endpoint.method.clone(), endpoint.host, endpoint.path)
}

impl Default for Pacing {
    /// The published rates.
    fn default() -> Self {
        Self { share_percent: Some(100), bucket_percent: None, own: HashMap::new() }
    }
}

/// The buckets of one client.
pub(super) struct Pacer {
    pacing: Pacing,
    buckets: Mutex<HashMap<Key, Option<Arc<Bucket>>>>,
}

struct Bucket {
    /// Whoever waits first goes first.
    turn: tokio::sync::Mutex<()>,
    limiter: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<std::time::Instant>>,
}

/// The runtime's clock, so that paused time is paused here, too.
#[derive(Clone, Copy, Debug)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = std::time::Instant;

    fn now(&self) -> Self::Instant {
        Instant::now().into_std()
    }
}

impl Pacer {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self { pacing, buckets: Mutex::new(HashMap::new()) }
    }

    pub(super) const fn pacing(&self) -> &Pacing {
        &self.pacing
    }

    /// Waits until a call may be made, or says at once that this would be after `deadline`.
    pub(super) async fn turn(&self, endpoint: &Endpoint, deadline: Instant) -> Result<(), Brake> {
        let Some(bucket) = self.bucket(endpoint) else { return Ok(()) };
        let too_long = || Brake::Rate { wait: deadline.saturating_duration_since(Instant::now()) };
        let _turn = match bucket.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) => timeout_at(deadline, bucket.turn.lock()).await.map_err(|_| too_long())?,
        };
        while let Err(not_yet) = bucket.limiter.check() {
            let wait = not_yet.wait_time_from(TokioClock.now());
            if wait > deadline.saturating_duration_since(Instant::now()) {
                return Err(Brake::Rate { wait });
            }
            sleep(wait).await;
        }
        Ok(())
    }

    fn bucket(&self, endpoint: &Endpoint) -> Option<Arc<Bucket>> {
        self.pacing.share_percent?;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key(endpoint)).or_insert_with(|| {
            let quota = self.pacing.quota(endpoint)?;
            let limiter = RateLimiter::direct_with_clock(quota, TokioClock);
            Some(Arc::new(Bucket { turn: tokio::sync::Mutex::new(()), limiter }))
        });
        bucket.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint;

    const MINUTE: Duration = Duration::from_mins(1);

    /// When each of so many calls at once may be made, in milliseconds from now.
    async fn turns(pacer: &Pacer, endpoint: &Endpoint, calls: u32, within: Duration) -> Vec<Option<u128>> {
        let start = Instant::now();
        let one = || async {
            pacer.turn(endpoint, start + within).await.ok().map(|()| start.elapsed().as_millis())
        };
        futures::future::join_all((0..calls).map(|_| one())).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenth_goes_at_once_and_the_rest_at_the_rate() {
        let pacer = Pacer::new(Pacing::default());
        let turns = turns(&pacer, &endpoint::MULTICAST, 220, MINUTE).await;
        assert!(turns[..20].iter().all(|turn| *turn == Some(0)), "{turns:?}");
        assert!(turns[20] > Some(0), "the 21st waits");
        assert!(turns.is_sorted(), "whoever asks first goes first");
        let last = turns[219].unwrap();
        assert!((1_000..1_010).contains(&last), "200 more take a second at 200 a second, and not {last} ms");
    }

    #[tokio::test(start_paused = true)]
    async fn in_no_window_more_than_a_tenth_above_the_rate() {
        let pacer = Pacer::new(Pacing::default());
        let turns: Vec<_> =
            turns(&pacer, &endpoint::MULTICAST, 1_000, MINUTE).await.into_iter().flatten().collect();
        for (n, start) in turns.iter().enumerate() {
            let in_window = turns[n..].iter().take_while(|turn| **turn < start + 1_000).count();
            assert!(in_window <= 220, "{in_window} from {start} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_deadline_fails_at_once() {
        let pacer = Pacer::new(Pacing::default());
        let start = Instant::now();
        for _ in 0..60 {
            pacer.turn(&endpoint::BROADCAST, start).await.unwrap();
        }
        let held_back = pacer.turn(&endpoint::BROADCAST, start + Duration::from_secs(59)).await.unwrap_err();
        assert_eq!(held_back, Brake::Rate { wait: MINUTE });
        assert_eq!(start.elapsed(), Duration::ZERO, "nobody waited for nothing");
        pacer.turn(&endpoint::BROADCAST, start + MINUTE).await.unwrap();
        assert_eq!(start.elapsed(), MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_gives_up_takes_nobodys_turn() {
        let pacer = Pacer::new(Pacing::default());
        let start = Instant::now();
        let deadline = start + Duration::from_mins(2);
        for _ in 0..60 {
            pacer.turn(&endpoint::BROADCAST, start).await.unwrap();
        }
        let given_up = async { pacer.turn(&endpoint::BROADCAST, deadline).await };
        assert!(timeout_at(start + Duration::from_secs(1), given_up).await.is_err());
        pacer.turn(&endpoint::BROADCAST, deadline).await.unwrap();
        assert_eq!(start.elapsed(), MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn endpoints_do_not_wait_for_each_other_and_unknown_rates_for_nothing() {
        let pacer = Pacer::new(Pacing::default());
        let now = Instant::now();
        for _ in 0..3 {
            pacer.turn(&endpoint::RICH_MENU_BATCH, now).await.unwrap();
        }
        assert!(pacer.turn(&endpoint::RICH_MENU_BATCH, now).await.is_err());
        pacer.turn(&endpoint::PUSH, now).await.unwrap();
        for _ in 0..10_000 {
            pacer.turn(&endpoint::MISSION_STICKER, now).await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pacing_can_be_shared_widened_replaced_and_switched_off() {
        let at_once = async |pacing: Pacing| {
            let turns = turns(&Pacer::new(pacing), &endpoint::MULTICAST, 300, Duration::ZERO).await;
            turns.iter().flatten().count()
        };
        let rate = Rate::new(50, Duration::from_secs(1));
        assert_eq!(at_once(Pacing::default()).await, 20);
        assert_eq!(at_once(Pacing::default().share_percent(50)).await, 10);
        assert_eq!(at_once(Pacing::default().bucket_percent(100)).await, 200);
        assert_eq!(at_once(Pacing::default().bucket_percent(0).share_percent(0)).await, 1);
        assert_eq!(at_once(Pacing::default().rate(&endpoint::MULTICAST, Some(rate))).await, 5);
        assert_eq!(at_once(Pacing::default().rate(&endpoint::MULTICAST, None)).await, 300);
        assert_eq!(
            at_once(Pacing::default().rate(&endpoint::MULTICAST, Some(Rate::new(50, MINUTE)))).await,
            50
        );
        assert_eq!(at_once(Pacing::off()).await, 300);

        let half = Pacer::new(Pacing::default().share_percent(50));
        let turns = turns(&half, &endpoint::MULTICAST, 110, MINUTE).await;
        let last = turns[109].unwrap();
        assert!((1_000..1_010).contains(&last), "100 more take a second at half the rate, and not {last} ms");
    }
}
