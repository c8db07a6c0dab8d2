//! The cases, by what they are about. The list that runs them is in the parent module.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a failed assertion is the outcome of a case"
)]

pub(super) mod batches;
pub(super) mod lasting;
pub(super) mod races;
pub(super) mod records;
pub(super) mod scans;
