//! One call: its turn, its tries, its end.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Span;

use super::authority::Pass;
use super::pacing::Pacer;
use super::retry::{Effect, luck, retry_after};
use super::{ApiError, Brake, Request, Retry};
use crate::endpoint::Endpoint;

/// A try that would have less time than this, than a try may take and than half of the whole, is not begun: it would only turn
/// what is certain into something uncertain.
pub(super) const SHORTEST_TRY: Duration = Duration::from_secs(1);

/// So long from now; a time beyond what the clock can count is as good as never.
pub(super) fn after(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_hours(24 * 365 * 30);
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now + FAR)
}

/// How a client goes about its calls.
pub(super) struct Flow {
    pub(super) retry: Retry,
    pub(super) timeout: Duration,
    pub(super) pacer: Pacer,
    pub(super) in_flight: Semaphore,
}

impl Flow {
    /// Makes tries until one succeeds, one fails for good, or the time is over. Each try is told how long it may take.
    /// When the token is refused and there is another, one try is made beyond those that [`Retry`] allows: what was
    /// answered with 401 was not done.
    pub(super) async fn run<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        request: &Request,
        pass: &Pass<'_>,
        mut one_try: impl FnMut(Duration) -> F,
    ) -> Result<T, ApiError> {
        let effect = Effect::of(request);
        let whole = self.retry.ends_after(self.timeout).min(request.time_left);
        let deadline = after(whole);
        let enough = SHORTEST_TRY.min(self.timeout).min(whole / 2);
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut before = None;
        let (mut tries, mut renewed) = (0, false);
        loop {
            let permit = match self.turn(&request.endpoint, deadline - enough).await {
                Ok(permit) => permit,
                Err(brake) => return Err(before.unwrap_or(ApiError::HeldBack(brake))),
            };
            tries += 1;
            Span::current().record("attempts", tries);
            let error = match one_try(left().min(self.timeout)).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            drop(permit);
            let enough_left = || left() >= enough;
            if let Some(refused) = pass.tell_refused(&error, deadline).await
                && !renewed
                && pass.has_another(&refused, deadline).await
                && enough_left()
            {
                renewed = true;
                before = Some(effect.outcome(before, error));
                continue;
            }
            let wait = self
                .retry
                .wait_after(tries - u32::from(renewed), luck())
                .filter(|_| effect.allows_another_try(&error))
                .map(|wait| wait.max(retry_after(&error).unwrap_or_default()))
                .filter(|wait| left() >= wait.saturating_add(enough));
            let Some(wait) = wait else { return Err(effect.outcome(before, error)) };
            tracing::warn!(
                attempt = tries,
                error.kind = error.kind(),
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "a call to LINE is made again"
            );
            before = Some(effect.outcome(before, error));
            sleep(wait).await;
        }
    }

    /// The rate's turn first: whoever waits for it takes no place from calls to other endpoints.
    async fn turn(&self, endpoint: &Endpoint, deadline: Instant) -> Result<SemaphorePermit<'_>, Brake> {
        self.pacer.turn(endpoint, deadline).await?;
        if let Ok(permit) = self.in_flight.try_acquire() {
            return Ok(permit);
        }
        match timeout_at(deadline, self.in_flight.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Brake::Concurrency),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;

    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::super::{Ambiguity, ErrorAnswer, Pacing, Request};
    use super::*;
    use crate::endpoint::Rate;
    use crate::{RetryKey, endpoint};

    const TIMEOUT: Duration = Duration::from_secs(20);

    fn flow(retry: Retry, pacing: Pacing, at_once: usize) -> Flow {
        Flow { retry, timeout: TIMEOUT, pacer: Pacer::new(pacing), in_flight: Semaphore::new(at_once) }
    }

    fn answered(status: u16, headers: &[(&'static str, &'static str)]) -> Box<ErrorAnswer> {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        let status = StatusCode::from_u16(status).unwrap();
        Box::new(ErrorAnswer::new(status, headers.collect::<HeaderMap>(), Bytes::new()))
    }

    /// What each word of a script comes to.
    fn outcome(word: &str) -> Result<(), ApiError> {
        Err(match word {
            "ok" => return Ok(()),
            "500" => ApiError::Ambiguous {
                kind: Ambiguity::Status(StatusCode::INTERNAL_SERVER_ERROR),
                answer: Some(answered(500, &[])),
                source: None,
            },
            "silence" => ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer: None, source: None },
            "unreachable" => ApiError::Unreachable { source: "nobody".into() },
            "rate" => ApiError::RateLimited(answered(429, &[])),
            "rate, 30 s" => ApiError::RateLimited(answered(429, &[("retry-after", "30")])),
            "rate, 2 h" => ApiError::RateLimited(answered(429, &[("retry-after", "7200")])),
            "quota" => ApiError::QuotaExhausted(answered(429, &[])),
            "unauthorised" => ApiError::Unauthorised(answered(401, &[])),
            "refused" => ApiError::Refused(answered(400, &[])),
            "reply token" => ApiError::InvalidReplyToken(answered(400, &[])),
            "invalid" => ApiError::Invalid("its file cannot be opened any more"),
            "gone" => ApiError::Gone(answered(410, &[])),
            "not ready" => ApiError::NotReady(answered(202, &[])),
            "decode" => ApiError::Decode { answer: answered(200, &[]), source: crate::DecodeError::SHAPE },
            other => panic!("no such word: {other}"),
        })
    }

    struct Told {
        end: &'static str,
        tries: usize,
        took: Duration,
        /// How long each try might have taken.
        allowed: Vec<Duration>,
    }

    /// Plays a script, each try taking `each`, and tells what the caller sees.
    async fn play(flow: &Flow, request: &Request, script: &[&str], each: Duration) -> Told {
        let start = Instant::now();
        let script = RefCell::new(script.iter().copied().collect::<VecDeque<_>>());
        let allowed = RefCell::new(Vec::new());
        let one_try = |left| {
            allowed.borrow_mut().push(left);
            let word = script.borrow_mut().pop_front().expect("more tries than the script has");
            async move {
                sleep(each.min(left)).await;
                outcome(word)
            }
        };
        let end = flow.run(request, &Pass::Nothing, one_try).await;
        assert!(script.borrow().is_empty() || end.is_err(), "a success ends the call");
        let allowed = allowed.take();
        Told {
            end: end.as_ref().map_or_else(ApiError::kind, |()| "ok"),
            tries: allowed.len(),
            took: start.elapsed(),
            allowed,
        }
    }

    fn push() -> Request {
        Request::new(endpoint::PUSH).retry_key(RetryKey::random())
    }

    #[tokio::test(start_paused = true)]
    async fn made_again_is_only_what_cannot_do_anything_twice() {
        let keyed = push();
        let unkeyed = Request::new(endpoint::PUSH);
        let reply = Request::new(endpoint::REPLY);
        let create = Request::new(endpoint::CREATE_RICH_MENU);
        let get = Request::new(endpoint::QUOTA);
        let put = Request::new(endpoint::SET_WEBHOOK_ENDPOINT);
        let delete = Request::new(endpoint::DELETE_RICH_MENU);
        let validate = Request::new(endpoint::VALIDATE_PUSH);
        for request in [&keyed, &get, &put, &delete, &validate] {
            for word in ["500", "silence"] {
                let flow = flow(Retry::default(), Pacing::off(), 1);
                let told = play(&flow, request, &[word, "ok"], Duration::ZERO).await;
                assert_eq!((told.end, told.tries), ("ok", 2), "{request:?} {word}");
            }
        }
        for request in [&unkeyed, &reply, &create] {
            for word in ["500", "silence"] {
                let flow = flow(Retry::default(), Pacing::off(), 1);
                let told = play(&flow, request, &[word], Duration::ZERO).await;
                assert_eq!((told.end, told.tries), ("ambiguous", 1), "{request:?} {word}");
            }
        }
        for request in [&keyed, &unkeyed, &reply, &create, &get, &put, &delete, &validate] {
            let flow = flow(Retry::default(), Pacing::off(), 1);
            for word in ["unreachable", "rate"] {
                let told = play(&flow, request, &[word, "ok"], Duration::ZERO).await;
                assert_eq!((told.end, told.tries), ("ok", 2), "certainly not done: {request:?} {word}");
            }
            for (word, kind) in [
                ("quota", "quota_exhausted"),
                ("unauthorised", "unauthorised"),
                ("refused", "refused"),
                ("reply token", "invalid_reply_token"),
                ("gone", "gone"),
                ("not ready", "not_ready"),
                ("decode", "decode"),
            ] {
                let told = play(&flow, request, &[word], Duration::ZERO).await;
                assert_eq!((told.end, told.tries), (kind, 1), "{request:?} {word}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tries_waits_and_the_whole_have_bounds() {
        let told = play(&flow(Retry::default(), Pacing::off(), 1), &push(), &["500"; 4], TIMEOUT / 20).await;
        assert_eq!((told.end, told.tries), ("ambiguous", 4));
        assert!(told.took <= Duration::from_millis(4_000 + 500 + 1_000 + 2_000), "{:?}", told.took);

        let never = flow(Retry::never(), Pacing::off(), 1);
        assert_eq!(play(&never, &push(), &["unreachable"], Duration::ZERO).await.tries, 1);

        let patient = Retry::default().tries(1_000);
        let told = play(&flow(patient, Pacing::off(), 1), &push(), &["silence"; 1_000], TIMEOUT).await;
        assert!((3..=4).contains(&told.tries), "60 seconds are three tries of 20, and not {}", told.tries);
        assert!(told.took <= Duration::from_mins(1), "{:?}", told.took);
        assert!(told.allowed.iter().all(|allowed| *allowed >= SHORTEST_TRY && *allowed <= TIMEOUT));

        let bounded = push().within(TIMEOUT / 4);
        let told = play(&flow(patient, Pacing::off(), 1), &bounded, &["silence"; 1_000], TIMEOUT).await;
        assert_eq!((told.allowed, told.took), (vec![TIMEOUT / 4], TIMEOUT / 4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_after_is_waited_for_or_not_waited_for_in_vain() {
        let flow = flow(Retry::default(), Pacing::off(), 1);
        let told = play(&flow, &push(), &["rate, 30 s", "ok"], Duration::ZERO).await;
        assert_eq!((told.end, told.took), ("ok", Duration::from_secs(30)));
        let told = play(&flow, &push(), &["rate, 2 h"], Duration::ZERO).await;
        assert_eq!((told.end, told.took), ("rate_limited", Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn an_uncertain_try_is_not_forgotten_over_a_later_error() {
        let flow = flow(Retry::default().tries(2), Pacing::off(), 1);
        for last in ["rate", "unreachable", "quota", "unauthorised", "invalid", "500"] {
            let told = play(&flow, &push(), &["500", last], Duration::ZERO).await;
            assert_eq!((told.end, told.tries), ("ambiguous", 2), "then {last}");
        }
        let told = play(&flow, &push(), &["500", "refused"], Duration::ZERO).await;
        assert_eq!(told.end, "refused", "LINE looked at the request and refused it");
        let told = play(&flow, &push(), &["unreachable", "quota"], Duration::ZERO).await;
        assert_eq!(told.end, "quota_exhausted", "nothing uncertain came before");
        let told =
            play(&flow, &Request::new(endpoint::QUOTA), &["500", "unauthorised"], Duration::ZERO).await;
        assert_eq!(told.end, "unauthorised", "a call without effect leaves nothing uncertain");
    }

    #[tokio::test(start_paused = true)]
    async fn tries_are_paced_and_a_repeat_held_back_leaves_the_first_error() {
        let flow = flow(Retry::default(), Pacing::default().bucket_percent(1), 1);
        let batch = Request::new(endpoint::RICH_MENU_BATCH);
        let told = play(&flow, &batch, &["unreachable"], Duration::ZERO).await;
        assert_eq!((told.end, told.tries), ("unreachable", 1), "three an hour, one at once");
        let told = play(&flow, &batch, &[], Duration::ZERO).await;
        assert_eq!((told.end, told.tries, told.took), ("held_back", 0, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_calls_at_once_and_the_next_waits_its_time() {
        let flow = flow(Retry::never(), Pacing::off(), 2);
        let (first, second) = (push(), push());
        let slow = Duration::from_secs(15);
        let (first, second, third) =
            tokio::join!(play(&flow, &first, &["ok"], slow), play(&flow, &second, &["ok"], slow), async {
                let third = push();
                play(&flow, &third, &["ok"], slow).await
            });
        assert_eq!((first.took, second.took), (slow, slow));
        assert_eq!(third.took, TIMEOUT, "it waited 15 seconds, so 5 were left for it");
        assert_eq!(third.allowed, [Duration::from_secs(5)]);

        let _all = flow.in_flight.acquire_many(2).await.unwrap();
        let told = play(&flow, &push(), &[], slow).await;
        assert_eq!((told.end, told.tries, told.took), ("held_back", 0, Duration::from_secs(19)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_try_is_begun_for_which_there_is_no_time() {
        let flow = flow(Retry::never(), Pacing::off(), 1);
        let request = push();
        let late = Duration::from_millis(19_970);
        let (_, told) =
            tokio::join!(play(&flow, &request, &["ok"], late), play(&flow, &request, &["ok"], late));
        assert_eq!((told.end, told.tries), ("held_back", 0), "thirty milliseconds are no time");

        let short = Flow { retry: Retry::never().deadline(Duration::from_millis(600)), ..flow };
        let each = Duration::from_millis(100);
        let (_, told) =
            tokio::join!(play(&short, &request, &["ok"], each), play(&short, &request, &["ok"], each));
        assert_eq!((told.end, told.took), ("ok", 2 * each), "half of little time is enough");

        let flow = short;
        let paced =
            Pacing::default().rate(&endpoint::PUSH, Some(Rate { calls: 1, per: Duration::from_secs(1) }));
        let flow = Flow {
            pacer: Pacer::new(paced),
            retry: Retry::never().deadline(Duration::from_millis(3_030)),
            ..flow
        };
        let calls = [(); 5].map(|()| play(&flow, &request, &["ok"], Duration::ZERO));
        let tries: Vec<_> = futures::future::join_all(calls).await.iter().map(|told| told.tries).collect();
        assert_eq!(
            tries,
            [1, 1, 1, 0, 0],
            "the fourth would have had its turn 30 milliseconds before the end"
        );
    }
}
