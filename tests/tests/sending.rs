//! One post to many members whose bot is killed in the middle: everybody has it once. `src/bin/send.rs` does the same with very many.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::time::Duration;

use lupinus_store_postgres::testkit::Schema;
use lupinus_tests::Sending;

/// Six multicasts, three of which were accepted or are on their way when a bot is killed.
const SENDING: Sending<'_> = Sending {
    program: env!("CARGO_BIN_EXE_victim"),
    members: 3_000,
    bots: 1,
    concurrency: 1,
    killed: true,
    delay: Duration::from_secs(1),
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bot_killed_in_the_middle_of_a_sending_gives_every_member_the_post_once() {
    let folder = tempfile::tempdir().unwrap();
    let sent = SENDING.over(folder.path().join("data")).await;
    assert!(sent.accepted_before_kill.is_some_and(|accepted| accepted < 6), "{sent:?}");
    assert!(sent.accepted == 6 && sent.is_exact(), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_bots_of_which_one_is_killed_in_the_middle_of_a_sending_give_every_member_the_post_once() {
    let Some(schema) = Schema::new() else { return };
    let sent = Sending { bots: 3, ..SENDING }.over(schema.address()).await;
    assert!(sent.accepted_before_kill.is_some_and(|accepted| accepted < 6), "{sent:?}");
    assert!(sent.accepted == 6 && sent.is_exact(), "{sent:?}");
}
