//! Tokens are renewed in time, once for all who wait, and never faster than is good for anybody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use lupinus_line::ChannelToken;
use lupinus_line::token::{IssuedToken, RenewingToken, TokenError, TokenIssuer, TokenProvider};
use tokio::time::{Instant, advance, sleep};

const LIFE: Duration = Duration::from_mins(15);
const ISSUE_TAKES: Duration = Duration::from_secs(2);

/// Issues `t-1`, `t-2`, …, or fails while it is told to.
#[derive(Debug, Default)]
struct Office {
    asked: AtomicUsize,
    failing: Mutex<Option<TokenError>>,
    life: Mutex<Option<Duration>>,
    words: Mutex<Option<&'static str>>,
}

#[derive(Clone, Debug, Default)]
struct Desk(Arc<Office>);

#[async_trait]
impl TokenIssuer for Desk {
    async fn issue(&self) -> Result<IssuedToken, TokenError> {
        let number = self.0.asked.fetch_add(1, Ordering::SeqCst) + 1;
        sleep(ISSUE_TAKES).await;
        if let Some(error) = self.0.failing.lock().unwrap().clone() {
            return Err(error);
        }
        let words = self.0.words.lock().unwrap().map_or_else(|| format!("t-{number}"), str::to_owned);
        Ok(IssuedToken::new(ChannelToken::from(words), self.0.life.lock().unwrap().unwrap_or(LIFE)))
    }
}

impl Desk {
    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn fails(&self, fails: bool) {
        *self.0.failing.lock().unwrap() = fails.then(|| TokenError::other(true, "the office is closed"));
    }
}

fn renewing() -> (Desk, RenewingToken) {
    let desk = Desk::default();
    (desk.clone(), RenewingToken::new(desk))
}

async fn token(tokens: &RenewingToken) -> String {
    tokens.token().await.unwrap().expose().to_owned()
}

/// Lets what runs in the background come to its end.
async fn later(time: Duration) {
    sleep(time).await;
}

#[tokio::test(start_paused = true)]
async fn however_many_wait_one_token_is_issued() {
    let (desk, tokens) = renewing();
    let got = futures::future::join_all((0..100).map(|_| token(&tokens))).await;
    assert!(got.iter().all(|token| token == "t-1"));
    assert_eq!(desk.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_its_end_while_the_old_one_serves() {
    let (desk, tokens) = renewing();
    let begun = Instant::now();
    assert_eq!(token(&tokens).await, "t-1");
    advance(Duration::from_secs(717)).await; // 719 since the issue began, of 900
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-1", 1));
    advance(Duration::from_secs(1)).await;
    let asked_at = Instant::now();
    for _ in 0..10 {
        assert_eq!(token(&tokens).await, "t-1");
    }
    assert_eq!(asked_at.elapsed(), Duration::ZERO, "nobody waits");
    later(ISSUE_TAKES + Duration::from_millis(1)).await;
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-2", 2));
    assert!(begun.elapsed() < LIFE);
}

#[tokio::test(start_paused = true)]
async fn the_margin_can_be_set_and_is_at_most_half_of_the_life() {
    for (margin, renewed_after) in [(60, 840), (0, 900 - 10), (899, 450), (100_000, 450)] {
        let (desk, tokens) = renewing();
        let tokens = tokens.renew_before(Duration::from_secs(margin));
        let begun = Instant::now();
        token(&tokens).await;
        while desk.asked() == 1 {
            advance(Duration::from_secs(1)).await;
            token(&tokens).await;
        }
        let after = begun.elapsed().as_secs();
        assert!((renewed_after..renewed_after + 4).contains(&after), "{margin}: {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_renewal_costs_nothing_while_the_old_token_is_valid() {
    let (desk, tokens) = renewing();
    token(&tokens).await;
    desk.fails(true);
    advance(Duration::from_mins(12)).await;
    for _ in 0..160 {
        assert_eq!(token(&tokens).await, "t-1");
        later(Duration::from_secs(1)).await;
    }
    let tried = desk.asked() - 1;
    assert!((5..=12).contains(&tried), "waits double: {tried} tries in 160 seconds");
}

#[tokio::test(start_paused = true)]
async fn without_a_token_a_failure_is_told_to_all_and_not_repeated_at_once() {
    let (desk, tokens) = renewing();
    desk.fails(true);
    let all = futures::future::join_all((0..50).map(|_| tokens.token())).await;
    assert!(all.iter().all(|one| matches!(one, Err(TokenError::Other { transient: true, .. }))));
    assert_eq!(desk.asked(), 1);
    let at = Instant::now();
    assert!(tokens.token().await.is_err());
    assert_eq!((at.elapsed(), desk.asked()), (Duration::ZERO, 1), "the first wait is not over");
    later(Duration::from_secs(1)).await;
    desk.fails(false);
    assert_eq!(token(&tokens).await, "t-2");

    // An hour of failures, asked for every second.
    let (desk, tokens) = renewing();
    desk.fails(true);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_hours(1) {
        assert!(tokens.token().await.is_err());
        later(Duration::from_secs(1)).await;
    }
    assert!((16..=40).contains(&desk.asked()), "{}", desk.asked());
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_replaced_and_a_late_complaint_changes_nothing() {
    let (desk, tokens) = renewing();
    let first = tokens.token().await.unwrap();
    advance(Duration::from_mins(2)).await;
    tokens.refused(&first).await;
    tokens.refused(&first).await;
    assert_eq!(token(&tokens).await, "t-2");
    tokens.refused(&first).await;
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-2", 2));
    advance(Duration::from_mins(2)).await;
    tokens.refused(&ChannelToken::from("of somebody else")).await;
    tokens.refused(&first).await;
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-2", 2));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_refuses_all_tokens_does_not_use_them_up() {
    let (desk, tokens) = renewing();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_hours(1) {
        let refused = tokens.token().await.unwrap();
        tokens.refused(&refused).await;
        later(Duration::from_millis(200)).await;
    }
    assert!((10..=40).contains(&desk.asked()), "{} tokens in an hour", desk.asked());
}

#[tokio::test(start_paused = true)]
async fn a_fresh_token_that_is_refused_is_given_again_until_another_may_be_asked_for() {
    let (desk, tokens) = renewing();
    let first = tokens.token().await.unwrap();
    tokens.refused(&first).await;
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-1", 1), "LINE's own answer is told");
    later(Duration::from_secs(1)).await;
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-2", 2));
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_a_failing_renewal_is_told_and_the_refused_token_is_not_used() {
    let (desk, tokens) = renewing();
    let first = tokens.token().await.unwrap();
    advance(Duration::from_mins(2)).await;
    desk.fails(true);
    tokens.refused(&first).await;
    assert!(tokens.token().await.is_err());
    assert!(tokens.token().await.is_err(), "also while the next try has to wait");
    assert_eq!(desk.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_goes_on_when_all_who_waited_have_gone() {
    let (desk, tokens) = renewing();
    let impatient = tokio::time::timeout(Duration::from_secs(1), tokens.token()).await;
    assert!(impatient.is_err());
    later(Duration::from_secs(2)).await;
    let at = Instant::now();
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("t-1", 1));
    assert_eq!(at.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_not_used_in_its_last_moments() {
    let (desk, tokens) = renewing();
    token(&tokens).await;
    advance(Duration::from_secs(889)).await;
    assert_eq!(token(&tokens).await, "t-2", "waited for, since the old one has ten seconds left");
    assert_eq!(desk.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_at_once_is_not_asked_for_without_end() {
    let (desk, tokens) = renewing();
    *desk.0.life.lock().unwrap() = Some(Duration::ZERO);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        token(&tokens).await;
        later(Duration::from_millis(50)).await;
    }
    assert!(desk.asked() <= 13, "{}", desk.asked());
}

#[tokio::test(start_paused = true)]
async fn a_kept_token_begins_and_is_replaced_at_once_when_it_is_refused() {
    let desk = Desk::default();
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let kept = IssuedToken::new(ChannelToken::from("kept"), Duration::from_mins(10));
    let tokens = RenewingToken::new(desk.clone())
        .starting_with(&kept)
        .on_issue(move |issued| notes.lock().unwrap().push(issued.token.expose().to_owned()));
    assert_eq!((token(&tokens).await.as_str(), desk.asked()), ("kept", 0));
    tokens.refused(&ChannelToken::from("kept")).await;
    assert_eq!(token(&tokens).await, "t-1");
    assert_eq!(*told.lock().unwrap(), ["t-1"], "to be kept again");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_no_header_holds_is_an_error_of_the_issuer() {
    let (desk, tokens) = renewing();
    *desk.0.words.lock().unwrap() = Some("bad\ntoken");
    assert!(matches!(tokens.token().await, Err(TokenError::Unusable)));
}

#[derive(Clone, Debug, Default)]
struct Panics(Arc<AtomicUsize>);

#[async_trait]
impl TokenIssuer for Panics {
    async fn issue(&self) -> Result<IssuedToken, TokenError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("an issuer with a fault")
    }
}

#[tokio::test]
async fn an_issuer_that_panics_is_an_error_and_no_end() {
    let asked = Panics::default();
    let tokens = RenewingToken::new(asked.clone());
    for _ in 0..3 {
        assert!(matches!(tokens.token().await, Err(TokenError::Other { .. })));
    }
    assert_eq!(asked.0.load(Ordering::SeqCst), 1, "it waits as after any other failure");
}

#[tokio::test(start_paused = true)]
async fn no_token_is_printed() {
    let (_, tokens) = renewing();
    token(&tokens).await;
    let issued = IssuedToken::new(ChannelToken::from("sekrit"), LIFE);
    let printed = format!("{tokens:?} {issued:?}");
    assert!(!printed.contains("t-1") && !printed.contains("sekrit"), "{printed}");
}
