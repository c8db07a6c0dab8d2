//! Bodies in figures, however many there are.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod people;

use std::time::Duration;

use jiff::Timestamp;
use lupinus_core::{
    body::Invitation,
    hash::Sha256Hash,
    ids::{BodyId, ContactId, InvitationId, MemberId, StaffId},
    member::Member,
    service::{BodyFigures, CODE_WINDOW},
    store::{Batch, Entity, EntityBatch, MAX_OPS, Store},
};
use people::Town;
use uuid::Uuid;

/// Puts them there at once.
async fn given<T: Entity>(town: &Town, values: &[T]) {
    for values in values.chunks(MAX_OPS) {
        let mut batch = Batch::default();
        for value in values {
            batch.insert(value).unwrap();
        }
        town.store.commit(batch).await.unwrap();
    }
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(1_000_000 + number as u128)
}

#[tokio::test]
async fn every_body_has_its_submitters_though_there_are_more_than_a_page_holds() {
    let town = Town::new();
    let first = town.follow("U-first").await;
    let submitters: Vec<Member> = (0..1_002)
        .map(|number| Member {
            id: MemberId::from_uuid(id(number)),
            contact: Some(ContactId::new(format!("U-{number}"))),
            // The last one has two.
            submits_for: Some(BodyId::from_uuid(id(number.min(1_000)))),
            ..first.clone()
        })
        .collect();
    given(&town, &submitters).await;
    let figures = town.centre.body_figures().await.unwrap();
    assert_eq!(figures.len(), 1_001);
    let of = |number| figures.get(&BodyId::from_uuid(id(number))).map(|figures| figures.submitters);
    assert_eq!([0, 999, 1_000].map(of), [Some(1), Some(1), Some(2)]);
}

#[tokio::test]
async fn open_invitations_are_counted_however_many_were_ever_made() {
    let town = Town::new();
    let now: Timestamp = town.centre.now();
    let body = BodyId::from_uuid(id(0));
    let made = |number: usize, life: Duration| Invitation {
        id: InvitationId::from_uuid(id(number)),
        body,
        code_hash: Sha256Hash::of(&number.to_le_bytes()),
        created_by: StaffId::from_uuid(id(0)),
        created_at: now,
        expires_at: now + life,
        used: None,
        revoked_at: None,
    };
    let mut invitations: Vec<Invitation> = (0..10_000).map(|number| made(number, Duration::ZERO)).collect();
    invitations.extend((10_000..10_003).map(|number| made(number, CODE_WINDOW)));
    given(&town, &invitations).await;
    let figures = town.centre.body_figures().await.unwrap();
    assert_eq!(figures[&body], BodyFigures { submitters: 0, open_invitations: 3 });
}
