//! Members are counted where nobody is read, and nobody is left out.
#![cfg(feature = "testkit")]
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod people;

use std::sync::Arc;

use lupinus_core::{
    audience::{Audience, Expr},
    clock::ManualClock,
    ids::MemberId,
    member::{Area, Member, Profession},
    policy::Policy,
    post::Category,
    screening::Screen,
    service::{Centre, ProfileChange},
    store::{Entity, RecordKey, Store},
    testkit::Faulty,
};
use people::{CountingIds, Town, at};

fn profession(name: &str) -> Profession {
    Profession(name.to_owned())
}

fn audiences() -> [(Audience, u64); 6] {
    let is = |name: &str| Expr::Profession(profession(name));
    let north = Expr::Area(Area("北部".to_owned()));
    [
        (Audience::Members, 5),
        (Audience::AllFriends, 6),
        (Audience::Where(is("Nurse")), 2),
        (Audience::Where(Expr::And(vec![is("Nurse"), north.clone()])), 1),
        (Audience::Where(Expr::Or(vec![is("Dentist"), north])), 2),
        (Audience::Where(Expr::Topic(Category::Training)), 4),
    ]
}

/// Five members, one who only follows, one who blocked the account; the first of them.
async fn town() -> (Town, MemberId) {
    let town = Town::new();
    let mut members = Vec::new();
    for number in 0..5 {
        members.push(town.member(&format!("U-{number}")).await);
    }
    town.follow("U-friend").await;
    town.member("U-gone").await;
    town.unfollow("U-gone").await;
    let is = |name: &str| ProfileChange::Profession(Some(profession(name)));
    let north = || ProfileChange::Area(Some(Area("北部".to_owned())));
    let notices = || ProfileChange::Topics([Category::Notice].into_iter().collect());
    for (member, changes) in [
        (0, vec![is("Nurse"), north()]),
        (1, vec![is("Nurse")]),
        (2, vec![is("Dentist")]),
        (3, vec![notices()]),
    ] {
        town.profile(members[member], &changes).await.unwrap();
    }
    (town, members[0])
}

async fn sizes(centre: &Centre) -> Vec<u64> {
    let mut sizes = Vec::new();
    for (audience, _) in audiences() {
        sizes.push(centre.audience_size(&audience).await.unwrap());
    }
    sizes
}

#[tokio::test]
async fn an_audience_is_counted_without_reading_a_member() {
    let (town, _) = town().await;
    let store = Faulty::new(Arc::new(town.store.clone()));
    let clock = Arc::new(ManualClock::new(at("2026-10-05T10:00:00+09:00")));
    let ids = Arc::new(CountingIds::default());
    let centre = Centre::new(Arc::new(store.clone()), clock, ids, Screen::default(), Policy::default());
    assert_eq!(sizes(&centre).await, audiences().map(|(_, size)| size));
    assert_eq!(store.records(), 0);
}

#[tokio::test]
async fn who_was_written_before_there_was_an_index_is_counted_all_the_same() {
    let (town, member) = town().await;
    let key = RecordKey::new(Member::KIND, member.to_string());
    let mut record = town.store.get(&key).await.unwrap().unwrap();
    record.indexes.retain(|entry| entry.index != "standing");
    town.store.restore(vec![record]).await.unwrap();
    assert_eq!(sizes(&town.centre).await, audiences().map(|(_, size)| size));
}

#[tokio::test]
async fn who_says_more_of_themselves_than_an_index_holds_is_counted_all_the_same() {
    let (town, member) = town().await;
    let long = || "🦷".repeat(60);
    let topics = ProfileChange::Topics([Category::Training, Category::Notice].into_iter().collect());
    let changes = [
        topics,
        ProfileChange::Profession(Some(Profession(long()))),
        ProfileChange::Area(Some(Area(long()))),
    ];
    town.profile(member, &changes).await.unwrap();
    let theirs = Audience::Where(Expr::Profession(Profession(long())));
    assert_eq!(town.centre.audience_size(&theirs).await.unwrap(), 1);
    assert_eq!(town.centre.audience_size(&Audience::AllFriends).await.unwrap(), 6);
}
