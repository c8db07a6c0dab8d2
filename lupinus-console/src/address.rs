//! Where requests come from, and attempts to sign in counted by it: one password tried on many accounts locks none of them.
//!
//! Addresses are kept in memory alone, for as long as they count, and stand in no record and no log.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::Mutex,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use governor::{
    Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use jiff::Timestamp;
use lupinus_core::service::Centre;

use crate::console::App;

/// Attempts of one address at once: an office of many desks behind one address signs in within minutes in the morning.
const BURST: NonZeroU32 = NonZeroU32::new(30).expect("thirty is not zero");
/// After how long it has another one.
const EACH: Duration = Duration::from_secs(30);
/// Most addresses that are counted at once.
const MAX_ADDRESSES: usize = 10_000;
/// How often the trail says that an address was slowed down.
const TELL: Duration = Duration::from_mins(15);

/// The centre's clock as the limiter reads it.
#[derive(Clone, Debug)]
struct CentreClock(Centre);

impl Clock for CentreClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let milliseconds = u64::try_from(self.0.now().as_millisecond()).unwrap_or(0);
        Nanos::new(milliseconds.saturating_mul(1_000_000))
    }
}

type Limiter = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, CentreClock, NoOpMiddleware<Nanos>>;

/// What each address has tried.
pub(crate) struct Attempts {
    limiter: Limiter,
    told: Mutex<Option<Timestamp>>,
}

/// What becomes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It is looked at.
    Heard,
    /// Too many came from there.
    TooMany {
        /// Whether the trail is to say so: now and then, not each time.
        tell: bool,
    },
}

impl Attempts {
    pub(crate) fn new(centre: &Centre) -> Self {
        let quota = Quota::with_period(EACH).unwrap_or_else(|| Quota::per_minute(BURST)).allow_burst(BURST);
        let limiter = RateLimiter::hashmap_with_clock(quota, CentreClock(centre.clone()));
        Self { limiter, told: Mutex::new(None) }
    }

    /// Counts an attempt from there. Where nobody knows where it comes from, and when more addresses are at it than can be
    /// counted, the ceiling of all failures stands alone.
    pub(crate) fn count(&self, from: Option<IpAddr>, now: Timestamp) -> Attempt {
        let Some(from) = from else { return Attempt::Heard };
        if self.limiter.len() >= MAX_ADDRESSES {
            self.limiter.retain_recent();
            if self.limiter.len() >= MAX_ADDRESSES {
                return Attempt::Heard;
            }
        }
        if self.limiter.check_key(&network_of(from)).is_ok() {
            return Attempt::Heard;
        }
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let since = told.map(|at| Duration::try_from(now.duration_since(at)).unwrap_or_default());
        let tell = since.is_none_or(|since| since >= TELL);
        if tell {
            *told = Some(now);
        }
        Attempt::TooMany { tell }
    }
}

/// Whoever has one address of IPv6 has a network of them.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Where a request comes from, as far as it can be known.
#[derive(Clone, Copy)]
pub(crate) struct From(pub(crate) Option<IpAddr>);

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(origin(peer, &parts.headers, app.proxies)))
    }
}

/// The peer; behind so many proxies of the city's own, what the outermost of them wrote down. What stands before that in the
/// header anybody can have written. A peer on this machine that is no proxy says nothing of where somebody is.
fn origin(peer: Option<IpAddr>, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    if proxies == 0 {
        return peer.filter(|address| !address.is_loopback());
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let noted: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    let place = noted.len().checked_sub(proxies)?;
    let noted = noted.get(place)?;
    // Some proxies write the port as well.
    noted.parse().ok().or_else(|| noted.parse().ok().map(|noted: SocketAddr| noted.ip()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lupinus_core::{
        clock::ManualClock, ids::SeededIds, policy::Policy, screening::Screen, store::MemoryStore,
    };

    use super::*;

    fn forwarded(lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (axum::http::HeaderName::from_static("x-forwarded-for"), line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn what_a_visitor_writes_into_the_header_is_not_believed() {
        let peer: Option<IpAddr> = Some("203.0.113.9".parse().unwrap());
        let of = |lines: &[&str], proxies| origin(peer, &forwarded(lines), proxies).map(|ip| ip.to_string());
        for (lines, proxies, expected) in [
            (&["198.51.100.1"][..], 0, Some("203.0.113.9")),
            (&["6.6.6.6, 198.51.100.1"], 1, Some("198.51.100.1")),
            (&["6.6.6.6", "198.51.100.1"], 1, Some("198.51.100.1")),
            (&["6.6.6.6, 198.51.100.1, 10.0.0.2"], 2, Some("198.51.100.1")),
            (&["6.6.6.6, 198.51.100.1:50211"], 1, Some("198.51.100.1")),
            (&["[2001:db8::1]:50211"], 1, Some("2001:db8::1")),
            (&["198.51.100.1"], 2, None),
            (&["unknown"], 1, None),
            (&[], 1, None),
        ] {
            assert_eq!(of(lines, proxies).as_deref(), expected, "{lines:?} behind {proxies}");
        }
        assert_eq!(origin(Some("127.0.0.1".parse().unwrap()), &HeaderMap::new(), 0), None);
        assert_eq!(origin(None, &HeaderMap::new(), 0), None);
    }

    #[test]
    fn addresses_are_counted_by_network_up_to_a_bound_and_forgotten() {
        let clock = Arc::new(ManualClock::new("2026-10-05T10:00:00+09:00".parse().unwrap()));
        let centre = Centre::new(
            Arc::new(MemoryStore::new()),
            clock.clone(),
            Arc::new(SeededIds::new(1)),
            Screen::default(),
            Policy::default(),
        );
        let attempts = Attempts::new(&centre);
        let count = |text: &str| attempts.count(Some(text.parse().unwrap()), centre.now());
        for _ in 0..BURST.get() {
            assert_eq!(count("2001:db8:1:2::1"), Attempt::Heard);
        }
        assert_eq!(
            count("2001:db8:1:2:ffff::9"),
            Attempt::TooMany { tell: true },
            "a neighbour in the same network"
        );
        assert_eq!(count("2001:db8:1:2::1"), Attempt::TooMany { tell: false }, "said once");
        assert_eq!(count("2001:db8:1:3::1"), Attempt::Heard);
        assert_eq!(attempts.count(None, centre.now()), Attempt::Heard);
        clock.advance(EACH);
        assert_eq!(count("2001:db8:1:2::1"), Attempt::Heard);

        for number in 0..20_000_u32 {
            attempts.count(Some(IpAddr::V4(number.into())), centre.now());
        }
        assert!(attempts.limiter.len() <= MAX_ADDRESSES, "{}", attempts.limiter.len());
        clock.advance(EACH * 40);
        count("192.0.2.1");
        assert_eq!(attempts.limiter.len(), 1, "who has stopped is forgotten");
    }
}
