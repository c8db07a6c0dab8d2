use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use lupinus_core::outbox::Quota;

use crate::{
    console::Settings,
    text::{Say, Text},
};

/// How long an answer of the channel is good enough for the list of things to do.
const FRESH: Duration = Duration::from_mins(1);
/// How long a page waits for the channel.
const PATIENCE: Duration = Duration::from_secs(3);

/// The channel's last answer: the list of things to do must not wait for it each time.
#[derive(Debug, Default)]
pub(crate) struct QuotaCache(Mutex<Option<(Instant, Quota)>>);

/// The month's messages, as staff read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuotaView {
    pub(crate) used: u64,
    pub(crate) limit: Option<u64>,
    /// Used by the end of the month if it goes on like this.
    pub(crate) forecast: u64,
}

impl QuotaView {
    fn new(quota: Quota, elapsed: f64) -> Self {
        Self { used: quota.used, limit: quota.limit, forecast: forecast(quota.used, elapsed) }
    }

    /// From the channel, at most a minute old. `None` when it does not answer.
    pub(crate) async fn recent(app: &Settings) -> Option<Self> {
        let known = app.quota.0.lock().ok().and_then(|known| *known);
        if let Some((at, quota)) = known
            && at.elapsed() < FRESH
        {
            return Some(Self::new(quota, elapsed_of_month(app)));
        }
        Self::fresh(app).await
    }

    /// From the channel, now. `None` when it does not answer.
    pub(crate) async fn fresh(app: &Settings) -> Option<Self> {
        let channel = app.channel.as_ref()?;
        let quota = tokio::time::timeout(PATIENCE, channel.quota()).await.ok().flatten()?;
        if let Ok(mut known) = app.quota.0.lock() {
            *known = Some((Instant::now(), quota));
        }
        Some(Self::new(quota, elapsed_of_month(app)))
    }

    pub(crate) fn remaining(&self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_sub(self.used))
    }

    pub(crate) fn percent(&self) -> Option<u64> {
        self.limit.filter(|limit| *limit > 0).map(|limit| self.used.saturating_mul(100) / limit)
    }

    pub(crate) fn forecast_percent(&self) -> Option<u64> {
        self.limit.filter(|limit| *limit > 0).map(|limit| self.forecast.saturating_mul(100) / limit)
    }

    /// Used by the end of the month if it goes on like this, with so many more.
    pub(crate) fn forecast_with(&self, more: u64) -> u64 {
        self.forecast.saturating_add(more)
    }

    pub(crate) fn forecast_percent_with(&self, more: u64) -> Option<u64> {
        Self { forecast: self.forecast_with(more), ..*self }.forecast_percent()
    }

    pub(crate) fn is_short(&self) -> bool {
        self.forecast_percent().is_some_and(|percent| percent >= 100)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rounded estimate for people"
)]
fn forecast(used: u64, elapsed: f64) -> u64 {
    // On the first day a pace says nothing.
    (used as f64 / elapsed.max(1.0 / 31.0)).round() as u64
}

/// How much of the month is over, from 0 to 1.
fn elapsed_of_month(app: &Settings) -> f64 {
    let zone = app.centre.policy().hours.time_zone();
    let now = zone.to_datetime(app.centre.now()).date();
    let bounds = || -> Option<(Timestamp, Timestamp)> {
        let first = now.first_of_month();
        let next = now.last_of_month().tomorrow().ok()?;
        let at = |day: jiff::civil::Date| zone.to_timestamp(day.at(0, 0, 0, 0)).ok();
        Some((at(first)?, at(next)?))
    };
    let Some((from, to)) = bounds() else { return 1.0 };
    let seconds = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64();
    (seconds(from, app.centre.now()) / seconds(from, to)).clamp(0.0, 1.0)
}

/// A number as people read it: 「4,588」.
pub(crate) fn figure(number: impl Say) -> Text {
    match number.said() {
        Text::Number(number) => Text::Figure(number),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_their_commas() {
        for (number, said) in [(0_u64, "0"), (999, "999"), (4_588, "4,588"), (1_000_000, "1,000,000")] {
            assert_eq!(figure(number).to_string(), said);
        }
    }

    #[test]
    fn a_forecast_goes_on_at_the_same_pace() {
        let quota = Quota { limit: Some(200), used: 61 };
        let view = QuotaView::new(quota, 0.5);
        assert_eq!((view.forecast, view.percent(), view.forecast_percent()), (122, Some(30), Some(61)));
        assert_eq!(view.remaining(), Some(139));
        assert_eq!((view.forecast_with(80), view.forecast_percent_with(80)), (202, Some(101)));
        assert!(QuotaView::new(quota, 0.2).is_short());
        let free = QuotaView::new(Quota { limit: None, used: 5 }, 0.5);
        assert_eq!((free.remaining(), free.percent(), free.is_short()), (None, None, false));
    }
}
