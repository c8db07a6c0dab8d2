use std::time::Duration;

use super::MAX_ENTRIES;

/// What a city decides about consultations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationPolicy {
    /// How long a member may leave an answer without a word until the consultation is resolved by silence.
    pub silence: Duration,
    /// How long after it was resolved a member's message takes a consultation up again instead of opening a new one.
    pub reopen_window: Duration,
    /// Most messages and answers in one consultation: at most [`MAX_ENTRIES`], above which that counts.
    pub max_entries: usize,
}

impl Default for ConsultationPolicy {
    fn default() -> Self {
        Self {
            silence: Duration::from_hours(7 * 24),
            reopen_window: Duration::from_hours(14 * 24),
            max_entries: MAX_ENTRIES,
        }
    }
}
