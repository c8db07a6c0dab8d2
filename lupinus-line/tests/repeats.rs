//! A webhook that comes twice is worked on once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lupinus_line::WebhookEventId;
use lupinus_line::webhook::{Deduplicator, Event, RecentEvents, SeenError, SeenEvents, Sighting};
use tokio::sync::Barrier;

fn id(name: &str) -> WebhookEventId {
    WebhookEventId::new(name).unwrap()
}

fn in_memory(capacity: usize) -> Deduplicator {
    Deduplicator::in_memory(NonZeroUsize::new(capacity).unwrap())
}

async fn sight(seen: &Deduplicator, name: &str) -> Sighting {
    seen.sight(Some(&id(name))).await.unwrap()
}

/// A table that outlives those who use it.
#[derive(Clone, Debug, Default)]
struct Table(Arc<Mutex<HashSet<String>>>);

#[async_trait]
impl SeenEvents for Table {
    async fn mark(&self, id: &WebhookEventId) -> Result<Sighting, SeenError> {
        let new = self.0.lock().unwrap().insert(id.to_string());
        Ok(if new { Sighting::First } else { Sighting::Repeat })
    }

    async fn unmark(&self, id: &WebhookEventId) -> Result<(), SeenError> {
        self.0.lock().unwrap().remove(id.as_str());
        Ok(())
    }
}

#[derive(Debug)]
struct Down;

#[async_trait]
impl SeenEvents for Down {
    async fn mark(&self, _: &WebhookEventId) -> Result<Sighting, SeenError> {
        Err(SeenError::new("connection refused"))
    }

    async fn unmark(&self, _: &WebhookEventId) -> Result<(), SeenError> {
        Err(SeenError::new("connection refused"))
    }
}

#[tokio::test]
async fn an_event_is_a_first_once_and_a_repeat_ever_after() {
    for seen in [in_memory(8), Deduplicator::new(Arc::new(Table::default()))] {
        assert_eq!(sight(&seen, "01A").await, Sighting::First, "{seen:?}");
        assert_eq!(sight(&seen, "01B").await, Sighting::First, "{seen:?}");
        assert_eq!(sight(&seen, "01A").await, Sighting::Repeat, "{seen:?}");
        assert_eq!(sight(&seen.clone(), "01B").await, Sighting::Repeat, "a clone sees the same: {seen:?}");
    }
}

#[tokio::test]
async fn a_redelivery_is_recognised_with_the_flag_and_without() {
    let seen = in_memory(8);
    let mut sightings = Vec::new();
    for flag in ["false", "true", "false"] {
        let event = Event::from_json(&format!(
            r#"{{"type":"follow","timestamp":1,"webhookEventId":"01KA","deliveryContext":{{"isRedelivery":{flag}}}}}"#
        ));
        sightings.push(seen.sight(event.unwrap().webhook_event_id.as_ref()).await.unwrap());
    }
    assert_eq!(sightings, [Sighting::First, Sighting::Repeat, Sighting::Repeat]);
}

#[tokio::test]
async fn an_event_without_an_id_is_always_a_first() {
    let seen = Deduplicator::new(Arc::new(Down));
    for _ in 0..2 {
        assert_eq!(seen.sight(None).await.unwrap(), Sighting::First);
    }
    seen.forget(None).await.unwrap();
}

#[tokio::test]
async fn a_forgotten_event_is_a_first_again() {
    for seen in [in_memory(8), Deduplicator::new(Arc::new(Table::default()))] {
        sight(&seen, "01A").await;
        sight(&seen, "01B").await;
        seen.forget(Some(&id("01A"))).await.unwrap();
        seen.forget(Some(&id("01Z"))).await.unwrap();
        assert_eq!(sight(&seen, "01A").await, Sighting::First, "{seen:?}");
        assert_eq!(sight(&seen, "01B").await, Sighting::Repeat, "{seen:?}");
    }
}

#[tokio::test]
async fn the_oldest_makes_room_and_a_repeat_makes_nothing_younger() {
    let seen = in_memory(2);
    sight(&seen, "01A").await;
    sight(&seen, "01B").await;
    assert_eq!(sight(&seen, "01A").await, Sighting::Repeat);
    assert_eq!(sight(&seen, "01C").await, Sighting::First, "A makes room, though it was asked for last");
    assert_eq!(sight(&seen, "01B").await, Sighting::Repeat);
    assert_eq!(sight(&seen, "01C").await, Sighting::Repeat);
    assert_eq!(sight(&seen, "01A").await, Sighting::First, "beyond what is kept");
}

#[tokio::test]
async fn what_is_forgotten_takes_no_room() {
    let seen = in_memory(2);
    sight(&seen, "01A").await;
    sight(&seen, "01B").await;
    seen.forget(Some(&id("01B"))).await.unwrap();
    sight(&seen, "01C").await;
    assert_eq!(sight(&seen, "01A").await, Sighting::Repeat);
    assert_eq!(sight(&seen, "01C").await, Sighting::Repeat);
}

#[tokio::test]
async fn a_forgotten_event_that_comes_again_is_as_young_as_its_return() {
    let seen = in_memory(2);
    sight(&seen, "01A").await;
    seen.forget(Some(&id("01A"))).await.unwrap();
    sight(&seen, "01B").await;
    sight(&seen, "01A").await;
    sight(&seen, "01C").await;
    assert_eq!(sight(&seen, "01A").await, Sighting::Repeat, "B made room");
}

#[tokio::test]
async fn memory_is_bounded_whatever_is_forgotten() {
    let recent = RecentEvents::new(NonZeroUsize::new(100).unwrap());
    for number in 0..10_000 {
        let id = id(&format!("01{number}"));
        recent.mark(&id).await.unwrap();
        if number % 3 == 1 {
            recent.unmark(&id).await.unwrap();
        }
    }
    assert_eq!(format!("{recent:?}"), "RecentEvents { capacity: 100, len: 100, .. }");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_copies_that_arrive_at_once_exactly_one_is_the_first() {
    const COPIES: usize = 16;
    let seen = in_memory(1_000);
    for round in 0..200 {
        let start = Arc::new(Barrier::new(COPIES));
        let copies: Vec<_> = (0..COPIES)
            .map(|_| {
                let (seen, start, id) = (seen.clone(), Arc::clone(&start), id(&format!("01{round}")));
                tokio::spawn(async move {
                    start.wait().await;
                    seen.sight(Some(&id)).await.unwrap()
                })
            })
            .collect();
        let mut firsts = 0;
        for copy in copies {
            firsts += usize::from(copy.await.unwrap() == Sighting::First);
        }
        assert_eq!(firsts, 1, "round {round}");
    }
}

#[tokio::test]
async fn a_store_of_ones_own_remembers_across_a_restart_and_machines() {
    let table = Table::default();
    let before = Deduplicator::new(Arc::new(table.clone()));
    sight(&before, "01A").await;
    drop(before);
    let after = Deduplicator::new(Arc::new(table));
    assert_eq!(sight(&after, "01A").await, Sighting::Repeat);
}

#[tokio::test]
async fn a_store_that_is_down_is_an_error_with_its_source() {
    let seen = Deduplicator::new(Arc::new(Down));
    for error in
        [seen.sight(Some(&id("01A"))).await.unwrap_err(), seen.forget(Some(&id("01A"))).await.unwrap_err()]
    {
        assert_eq!(error.to_string(), "the store of seen events did not answer");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection refused");
    }
}
