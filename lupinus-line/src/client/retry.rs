//! When a call is made again by itself.

use std::time::Duration;

use http::Method;
use http::header::RETRY_AFTER;

use super::{ApiError, Request};

/// How long LINE remembers a retry key: afterwards the same key sends **again**
/// ([source](https://developers.line.biz/en/docs/messaging-api/retrying-api-request/)).
pub const RETRY_KEY_LIFE: Duration = Duration::from_hours(24);

/// When and how often a call is made again by itself.
///
/// Made again is only what cannot do anything twice:
///
/// | what came of the last try | what is made again |
/// |---|---|
/// | no connection, no channel access token, or LINE's rate limit: certainly not done | every call |
/// | no certain answer: no answer in time, a broken connection, a status of 500 or above | sends with a retry key (the same key), and calls whose [endpoint](crate::endpoint::Endpoint::repeatable) is safe to repeat |
/// | the monthly limit, any other 4xx, a good answer that does not decode | nothing |
///
/// A [reply](super::Client::reply) takes no retry key, so that an unanswered one is never made again. Before each repeat the
/// client waits a random time between nothing and a bound that doubles from try to try ("full jitter"), and at least as
/// long as a `Retry-After` header says, if there is one. See
/// [LINE docs/Retrying a failed API request](https://developers.line.biz/en/docs/messaging-api/retrying-api-request/).
///
/// Apart from this, a call whose token LINE refuses (401) is made once more at once, if the client's
/// [`TokenProvider`](crate::token::TokenProvider) then has another: what was answered so was not done.
///
/// A DELETE that is made again after an uncertain answer may be [told](ApiError::is_not_found) that there is no such thing,
/// and a coupon that is closed again that it [is closed](ApiError::Gone): the first try had done it.
///
/// ```
/// use std::time::Duration;
/// use lupinus_line::client::Retry;
/// use lupinus_line::{ChannelToken, Client};
///
/// let patient = Retry::default().tries(10).deadline(Duration::from_mins(10));
/// let client = Client::builder(ChannelToken::from("tok-offline-1")).retry(patient).build()?;
/// # Ok::<(), lupinus_line::client::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    tries: u32,
    first_wait: Duration,
    longest_wait: Duration,
    deadline: Option<Duration>,
}

impl Retry {
    /// One try and no more, for callers who keep keys and decide themselves.
    pub const fn never() -> Self {
        Self { tries: 1, first_wait: Duration::ZERO, longest_wait: Duration::ZERO, deadline: None }
    }

    /// At most so many tries, the first one included (4). At least one is made.
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Bound of the wait before the second try (half a second). It doubles with each further try.
    pub const fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// What the bound of the waits does not exceed (8 seconds).
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// When the whole call ends at the latest, counted from its start: all tries, all waits (60 seconds). Never more than
    /// [`RETRY_KEY_LIFE`].
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline.min(RETRY_KEY_LIFE));
        self
    }

    /// When a call ends at the latest, if one try may take `timeout`.
    pub(super) fn ends_after(&self, timeout: Duration) -> Duration {
        self.deadline.unwrap_or(timeout)
    }

    /// How long to wait after `tries` tries; `None` when there were enough of them.
    pub(super) fn wait_after(&self, tries: u32, luck: f64) -> Option<Duration> {
        if tries >= self.tries {
            return None;
        }
        let doublings = tries.saturating_sub(1).min(31);
        let bound = self.first_wait.saturating_mul(1 << doublings).min(self.longest_wait);
        Some(bound.mul_f64(luck.clamp(0.0, 1.0)))
    }
}

impl Default for Retry {
    /// Four tries within a minute.
    fn default() -> Self {
        Self {
            tries: 4,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
            deadline: Some(Duration::from_mins(1)),
        }
    }
}

/// What a call must not do twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Changes nothing: made again, it needs no thought of what came before.
    None,
    /// Has the same effect once and many times.
    Repeatable,
    /// Would have its effect again.
    Once,
}

impl Effect {
    pub(super) fn of(request: &Request) -> Self {
        if request.endpoint.method == Method::GET {
            Self::None
        } else if request.retry_key.is_some() || request.endpoint.repeatable {
            Self::Repeatable
        } else {
            Self::Once
        }
    }

    /// Whether a call may be made again after this error.
    pub(super) const fn allows_another_try(self, error: &ApiError) -> bool {
        match error {
            ApiError::Unreachable { .. } | ApiError::RateLimited(_) => true,
            ApiError::NoToken(error) => error.is_transient(),
            ApiError::Ambiguous { .. } => !matches!(self, Self::Once),
            _ => false,
        }
    }

    /// Which of two errors the caller must hear of: after an uncertain try, one that says nothing of *that* try must not
    /// hide that it may have been accepted.
    pub(super) fn outcome(self, before: Option<ApiError>, last: ApiError) -> ApiError {
        let says_nothing_of_it = matches!(
            last,
            ApiError::Unreachable { .. }
                | ApiError::RateLimited(_)
                | ApiError::QuotaExhausted(_)
                | ApiError::Unauthorised(_)
                | ApiError::NoToken(_)
                | ApiError::Invalid(_)
        );
        match before {
            Some(before) if before.may_have_been_accepted() && says_nothing_of_it && self != Self::None => {
                before
            }
            _ => last,
        }
    }
}

/// How long the answer asks to wait, in whole seconds. LINE documents no such header; what stands before it may send one.
pub(super) fn retry_after(error: &ApiError) -> Option<Duration> {
    let seconds = error.answer()?.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Between 0 and 1.
pub(crate) fn luck() -> f64 {
    // Without randomness all waits are as long as they may be, which is safe.
    let random = getrandom::u32().unwrap_or(u32::MAX);
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_of_the_wait_doubles_up_to_the_longest() {
        let retry = Retry::default().tries(8).longest_wait(Duration::from_secs(3));
        let bounds: Vec<_> = (1..=8).map(|tries| retry.wait_after(tries, 1.0)).collect();
        let millis = |millis| Some(Duration::from_millis(millis));
        assert_eq!(
            bounds,
            [
                millis(500),
                millis(1_000),
                millis(2_000),
                millis(3_000),
                millis(3_000),
                millis(3_000),
                millis(3_000),
                None
            ]
        );
        assert_eq!(retry.wait_after(2, 0.0), Some(Duration::ZERO), "full jitter begins at nothing");
        assert_eq!(retry.wait_after(2, 0.5), millis(500));
        let endless = Retry::default().tries(u32::MAX).longest_wait(Duration::MAX);
        assert!(endless.wait_after(u32::MAX - 1, 1.0) > millis(0), "no overflow");
    }

    #[test]
    fn never_is_one_try() {
        assert_eq!(Retry::never().wait_after(1, 1.0), None);
        assert_eq!(Retry::default().tries(0).wait_after(1, 1.0), None);
    }

    #[test]
    fn no_deadline_outlives_a_retry_key() {
        let retry = Retry::default().deadline(Duration::from_hours(48));
        assert_eq!(retry.ends_after(Duration::ZERO), RETRY_KEY_LIFE);
        assert_eq!(Retry::never().ends_after(Duration::from_secs(20)), Duration::from_secs(20));
    }

    #[test]
    fn luck_is_a_fraction_and_changes() {
        let drawn: Vec<_> = (0..50).map(|_| luck()).collect();
        assert!(drawn.iter().all(|luck| (0.0..=1.0).contains(luck)));
        assert!(drawn.iter().any(|luck| *luck < 0.5) && drawn.iter().any(|luck| *luck > 0.5));
    }
}
