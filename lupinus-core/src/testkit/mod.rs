//! What proves a backend: the conformance suite, and a wrapper that makes a store fail on purpose; a reader of files for tests.
//!
//! Implement [`Backend`] for the tests of a store and list the suite in its `tests/conformance.rs`. A case that is added
//! here reaches every backend with its next build.
//!
//! ```
//! use std::sync::Arc;
//!
//! use async_trait::async_trait;
//! use lupinus_core::{
//!     store::{MemoryStore, Store},
//!     testkit::Backend,
//! };
//!
//! struct Memory(MemoryStore);
//!
//! #[async_trait]
//! impl Backend for Memory {
//!     async fn handle(&self) -> Arc<dyn Store> {
//!         Arc::new(self.0.clone())
//!     }
//!
//!     async fn restart(&mut self) {
//!         self.0 = self.0.reopen();
//!     }
//!
//!     async fn still_holds(&mut self, _bytes: &[u8]) -> bool {
//!         false // it keeps no files
//!     }
//! }
//!
//! async fn memory() -> Memory {
//!     Memory(MemoryStore::new())
//! }
//!
//! lupinus_core::store_conformance!(memory);
//! # fn main() {}
//! ```

use std::sync::Arc;

use async_trait::async_trait;

use crate::store::Store;

mod cases;
mod faulty;
mod given;
mod load;
mod reader;

pub use self::{
    faulty::{Drawn, Fault, Faulty, Odds},
    load::{Pace, event, everything, message},
    reader::PlainReader,
};

/// A store under test. The suite makes an empty one for each case.
#[async_trait]
pub trait Backend: Send + Sync {
    /// One more handle on the same data, as another task of the program has it.
    async fn handle(&self) -> Arc<dyn Store>;

    /// Stops as abruptly as it can, without closing, and starts again on the same data. The suite has dropped every handle
    /// by then, and takes new ones afterwards.
    async fn restart(&mut self);

    /// Whether the bytes are found in anything that the backend keeps, once the time has passed that it documents for
    /// erasing. May make it hurry; the suite has dropped every handle and takes new ones afterwards.
    async fn still_holds(&mut self, bytes: &[u8]) -> bool;
}

macro_rules! suite {
    ($d:tt $($group:ident: [$($case:ident),+ $(,)?]),+ $(,)?) => {
        #[doc(hidden)]
        pub mod __cases {
            // A case that is not listed is dead code, and the build says so.
            $($(pub use super::cases::$group::$case;)+)+
        }

        /// Writes one `#[tokio::test]` for each case of the suite. `$new` is an async function that makes an empty
        /// [`Backend`](crate::testkit::Backend). For a backend's `tests/conformance.rs`.
        #[macro_export]
        macro_rules! store_conformance {
            ($d new:path) => { $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::testkit::__cases::$case(&mut $d new().await).await;
                }
            )+)+ };
        }
    };
}

suite!($
    records: [
        an_absent_record_is_none,
        an_inserted_record_is_read_back_whole,
        an_insert_of_what_exists_conflicts,
        an_update_raises_the_version,
        a_stale_update_conflicts_and_changes_nothing,
        an_update_of_what_is_gone_conflicts,
        a_deleted_record_is_gone_and_may_come_again,
        a_stale_delete_conflicts,
        many_records_come_in_the_order_asked,
        kinds_are_listed_while_they_hold_records,
        bodies_are_kept_byte_for_byte,
        a_large_body_is_kept,
        odd_keys_stay_apart,
    ],
    batches: [
        a_batch_commits_whole_or_not_at_all,
        a_conflict_names_the_first_record_that_did_not_fit,
        an_empty_batch_commits,
        a_batch_that_breaks_a_bound_is_invalid,
        a_unique_value_is_held_once,
        a_unique_value_is_taken_once_in_a_batch,
        a_record_keeps_its_own_unique_value,
        a_unique_value_is_free_after_an_update_or_a_delete,
        a_unique_value_freed_and_taken_in_one_batch_changes_hands,
        unique_values_of_other_indexes_and_kinds_do_not_meet,
        a_refused_batch_takes_no_unique_value,
    ],
    scans: [
        index_entries_follow_their_record,
        a_scan_by_key_goes_both_ways,
        a_scan_by_index_is_ordered_by_value_and_key,
        a_range_includes_its_start_and_not_its_end,
        pages_of_equal_values_lose_and_repeat_nothing,
        a_cursor_outlives_its_record,
        a_page_of_no_or_too_many_records_is_invalid,
        a_full_last_page_has_no_next,
        a_count_ignores_cursor_and_limit,
        a_record_with_several_values_is_found_by_each,
        odd_index_values_stay_in_order,
        a_tally_counts_each_value_of_a_range,
        pages_of_a_tally_lose_and_repeat_no_value,
        a_tally_of_keys_or_of_no_or_too_many_values_is_invalid,
    ],
    races: [
        reads_see_every_commit_that_returned,
        of_two_handles_racing_on_one_record_exactly_one_wins,
        of_fifty_tasks_updating_one_version_exactly_one_wins,
        of_many_tasks_taking_one_unique_value_exactly_one_wins,
        a_counter_counts_every_increment,
        a_batch_is_never_seen_half_done,
        waiting_for_other_programs_holds_nothing_up,
    ],
    lasting: [
        a_commit_survives_a_restart,
        a_conflict_is_still_seen_after_a_restart,
        erased_content_is_gone_from_everything_kept,
        restoring_keeps_versions,
        restoring_replaces_what_is_there,
        restoring_what_contradicts_itself_changes_nothing,
        an_export_restores_to_the_same_records,
        a_closed_store_is_unavailable,
        a_healthy_store_knows_its_size,
    ],
);
