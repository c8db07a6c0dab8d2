//! What arrives is stored once, whatever of it is known.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod common;

use std::sync::Arc;

use common::now;
use lupinus_core::{
    clock::ManualClock,
    ids::SeededIds,
    policy::Policy,
    screening::Screen,
    service::{Arrived, Centre, Received},
    store::MemoryStore,
};
use serde_json::json;

fn arrived(id: &str) -> Arrived {
    Arrived {
        event_id: id.to_owned(),
        lane: "lane".to_owned(),
        happened_at: now(),
        event: json!({ "id": id }),
    }
}

fn all(ids: &[&str]) -> Vec<Arrived> {
    ids.iter().map(|id| arrived(id)).collect()
}

fn centre() -> Centre {
    let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(ManualClock::new(now())));
    Centre::new(store, clock, Arc::new(SeededIds::new(1)), Screen::default(), Policy::default())
}

#[tokio::test]
async fn what_is_known_is_counted_and_what_is_new_beside_it_is_stored() {
    // R35
    let centre = centre();
    for (name, ids, new, repeated) in [
        ("all new", &["a", "b"][..], 2, 0),
        ("all known", &["b", "a"], 0, 2),
        ("one known", &["c", "a", "d"], 2, 1),
        ("twice in one body", &["e", "e"], 1, 1),
        ("twice in one body, and known", &["e", "e"], 0, 2),
        ("nothing", &[], 0, 0),
    ] {
        assert_eq!(centre.receive(all(ids)).await.unwrap(), Received { new, repeated }, "{name}");
    }
    let waiting = centre.waiting_events(None, 10).await.unwrap().items;
    let stored: Vec<_> =
        waiting.iter().map(|item| (item.value.event_id.as_str(), item.value.number)).collect();
    assert_eq!(stored, [("a", 0), ("c", 0), ("e", 0), ("b", 1), ("d", 2)]);
}

#[tokio::test]
async fn an_event_that_was_worked_off_is_known() {
    // R35
    let centre = centre();
    centre.receive(all(&["a"])).await.unwrap();
    let item = centre.waiting_events(None, 1).await.unwrap().items.remove(0);
    let done = centre.transact(|mut work| {
        let item = item.clone();
        async move {
            work.finish_event(&item)?;
            work.done(())
        }
    });
    done.await.unwrap();
    assert_eq!(centre.receive(all(&["a"])).await.unwrap(), Received { new: 0, repeated: 1 });
    assert!(centre.waiting_events(None, 1).await.unwrap().items.is_empty());
}
