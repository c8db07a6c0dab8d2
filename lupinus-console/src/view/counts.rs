//! Figures that were counted a moment ago.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use lupinus_core::{
    figures::{Figures, Period},
    service::{By, Centre, ServiceError},
};
use tokio::sync::Mutex;

/// How old figures may be that are shown: the page says when they were counted.
const FRESH: Duration = Duration::from_mins(1);
/// Most periods that are kept.
const KEPT: usize = 30;

/// What was counted when.
#[derive(Clone)]
pub(crate) struct Counted {
    pub(crate) figures: Arc<Figures>,
    pub(crate) at: Timestamp,
}

/// Counting reads every member and all that happened in a period: a year of a large city takes longer than a page should. Whoever turns
/// between periods, or wants the CSV of what they see, gets what was counted within the last minute; two at once wait for one count.
#[derive(Default)]
pub(crate) struct CountCache(Mutex<BTreeMap<Period, Counted>>);

impl CountCache {
    /// The figures of a period. The gate has asked for the permission; counting anew asks once more.
    pub(crate) async fn of(&self, centre: &Centre, by: By, period: Period) -> Result<Counted, ServiceError> {
        let mut kept = self.0.lock().await;
        let now = centre.now();
        let fresh = |counted: &Counted| {
            counted.at <= now
                && Duration::try_from(now.duration_since(counted.at)).is_ok_and(|age| age < FRESH)
        };
        kept.retain(|_, counted| fresh(counted));
        if let Some(counted) = kept.get(&period) {
            return Ok(counted.clone());
        }
        let counted = Counted { figures: Arc::new(centre.figures(by, period).await?), at: now };
        if kept.len() < KEPT {
            kept.insert(period, counted.clone());
        }
        Ok(counted)
    }
}
