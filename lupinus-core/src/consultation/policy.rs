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
    /// Whether pictures and files are taken in an open consultation, and held until one of the staff has looked. Otherwise they are
    /// refused, and never fetched.
    pub holds_media: bool,
}

impl Default for ConsultationPolicy {
    fn default() -> Self {
        Self {
            silence: Duration::from_hours(7 * 24),
            reopen_window: Duration::from_hours(14 * 24),
            max_entries: MAX_ENTRIES,
            holds_media: false,
        }
    }
}
