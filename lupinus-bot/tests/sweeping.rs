//! What is due now and then is done though the store fails in between.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::{sync::Arc, time::Duration};

use lupinus_core::{
    store::MemoryStore,
    testkit::{Fault, Faulty},
};
use support::Town;

/// Words of a draft, which goes with its dialogue after a month without a word.
const WORDS: &str = "だれも続きを書かないお知らせ";

#[tokio::test]
async fn a_step_that_fails_keeps_no_other_from_its_turn() {
    let faulty = Arc::new(Faulty::new(Arc::new(MemoryStore::new())));
    let town = Town::on(faulty.clone()).await;
    let user = town.submitter("葵").await;
    let mut kept = 0;
    for nth in 1.. {
        for text in ["投稿", "研修・講演会", WORDS] {
            town.say(&user, text).await;
        }
        assert!(town.everything().await.contains(WORDS));
        town.clock.advance(Duration::from_hours(24 * 31));
        faulty.fail_call(nth, Fault::Before);
        let before = faulty.calls();
        let swept = town.bot.sweep().await;
        if faulty.calls() - before < nth {
            break; // nothing failed: a pass has no more calls
        }
        let stays = town.everything().await.contains(WORDS);
        assert!(!stays || swept.is_err(), "{nth}");
        kept += u32::from(stays);
        town.bot.sweep().await.unwrap();
        assert!(!town.everything().await.contains(WORDS), "{nth}: the next pass does what was left");
    }
    assert_eq!(kept, 2, "only a failure of its own step keeps it: to find it, and to take it away");
}
