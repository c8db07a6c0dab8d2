//! Counters and gauges. Their labels are fixed words: never a person, a text or an id.

use metrics::{counter, gauge, histogram};

/// Webhook requests, by what was answered.
pub(crate) fn request(answer: &'static str) {
    counter!("lupinus_webhook_requests_total", "answer" => answer).increment(1);
}

/// Events, by what became of them at the door: stored, repeated, malformed, ignored.
pub(crate) fn events(outcome: &'static str, count: usize) {
    counter!("lupinus_events_total", "outcome" => outcome).increment(count as u64);
}

/// Events worked on, by how that ended: done, refused, failed, set_aside.
pub(crate) fn worked(outcome: &'static str) {
    counter!("lupinus_events_worked_total", "outcome" => outcome).increment(1);
}

/// Messages of members in which something was masked.
pub(crate) fn masked() {
    counter!("lupinus_masked_messages_total").increment(1);
}

/// Attempts to send, by what came of them.
pub(crate) fn sent(outcome: &'static str) {
    counter!("lupinus_outbox_attempts_total", "outcome" => outcome).increment(1);
}

/// What waits.
pub(crate) fn backlog(inbox: u64, outbox: u64, attention: usize) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a float, and a backlog is far below its 52 bits"
    )]
    {
        gauge!("lupinus_inbox_backlog").set(inbox as f64);
        gauge!("lupinus_outbox_backlog").set(outbox as f64);
        gauge!("lupinus_outbox_attention").set(attention as f64);
    }
}

/// How long ago the event happened that is worked on now, in seconds.
pub(crate) fn lag(seconds: f64) {
    histogram!("lupinus_event_lag_seconds").record(seconds);
}

/// Whether consultations are taken.
pub(crate) fn consultations_open(open: bool) {
    gauge!("lupinus_consultations_open").set(if open { 1.0 } else { 0.0 });
}

/// Whether all sending pauses because the access token is refused.
pub(crate) fn paused(paused: bool) {
    gauge!("lupinus_sending_paused").set(if paused { 1.0 } else { 0.0 });
}
