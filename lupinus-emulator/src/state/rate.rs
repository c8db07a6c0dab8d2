//! LINE's rate limits: one token bucket for each endpoint.

use std::collections::HashMap;

use crate::clock::Millis;

/// How often an endpoint may be called. The bucket holds as many tokens as the period gives
/// (LINE does not publish the size of its buckets).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    calls: u32,
    period_ms: u32,
}

impl Rate {
    pub(crate) const fn per_second(calls: u32) -> Self {
        Self { calls, period_ms: 1_000 }
    }

    pub(crate) const fn per_minute(calls: u32) -> Self {
        Self { calls, period_ms: 60_000 }
    }

    pub(crate) const fn per_hour(calls: u32) -> Self {
        Self { calls, period_ms: 3_600_000 }
    }
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Millis,
}

/// The buckets by operation.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<&'static str, Bucket>);

impl Buckets {
    /// Takes a token of `operation`, if there is one.
    #[expect(clippy::cast_precision_loss, reason = "spans of a few hours")]
    pub(crate) fn take(&mut self, operation: &'static str, rate: Rate, now: Millis) -> bool {
        let size = f64::from(rate.calls);
        let bucket = self.0.entry(operation).or_insert(Bucket { tokens: size, at: now });
        let gained = (now - bucket.at).max(0) as f64 * size / f64::from(rate.period_ms);
        bucket.tokens = (bucket.tokens + gained).min(size);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_bucket_fills_with_time() {
        let (mut buckets, rate) = (Buckets::default(), Rate::per_hour(2));
        assert!(buckets.take("a", rate, 0));
        assert!(buckets.take("a", rate, 0));
        assert!(!buckets.take("a", rate, 0));
        assert!(buckets.take("b", rate, 0));
        assert!(buckets.take("a", rate, 1_800_000));
        assert!(!buckets.take("a", rate, 1_800_000));
    }
}
