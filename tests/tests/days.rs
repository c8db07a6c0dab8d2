//! Six hours of a city in simulated time: what the bot holds does not grow. `src/bin/days.rs` does the same for days.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use lupinus_tests::Days;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_holds_no_more_tasks_memory_and_disk_after_some_hours_than_before() {
    let folder = tempfile::tempdir().unwrap();
    let days = Days::of(env!("CARGO_BIN_EXE_victim"), folder.path(), 200, 6, |_, _| {}).await;
    assert!(days.asked > 50 && days.answered > 50 && days.posts > 0, "{days:?}");
    assert!(days.faults().is_empty(), "{:?} {days:?}", days.faults());
}
