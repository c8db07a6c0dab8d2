//! Signing in by the city's provider of identities (R22): whose account it is, and what passwords still open.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod people;

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use lupinus_core::{
    actor::Role,
    ids::StaffId,
    policy::{FactorOf, Passwords, Policy, SingleSignOn},
    service::{By, ServiceError, SignedInBy, SoleAdministrator, StaffingRefusal},
    staff::{FactorProof, FactorSecret, ProviderIdentity, SecondFactor, Staff},
};
use people::Town;

fn somebody(subject: &str) -> ProviderIdentity {
    ProviderIdentity { issuer: "https://login.example.jp".to_owned(), subject: subject.to_owned() }
}

impl Town {
    async fn whose(&self, subject: &str) -> Option<StaffId> {
        let known = self.centre.staff_at_provider(&somebody(subject)).await.unwrap();
        known.map(|known| known.value.id)
    }

    async fn read(&self, id: StaffId) -> Staff {
        self.centre.staff(id).await.unwrap().value
    }

    async fn links(&self, by: StaffId, id: StaffId, subject: &str) -> Result<(), ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            work.link_provider(By::Staff(by), id, somebody(subject)).await?;
            work.done(())
        });
        done.await
    }

    async fn unlinks(&self, by: StaffId, id: StaffId) -> Result<(), ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            work.unlink_provider(By::Staff(by), id).await?;
            work.done(())
        });
        done.await
    }

    async fn signs_in(
        &self,
        id: StaffId,
        by: &SignedInBy,
        proof: Option<FactorProof>,
    ) -> Result<Staff, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let staff = work.sign_in_succeeded(id, by, proof).await?;
            work.done(staff)
        });
        done.await
    }

    async fn comes(&self, id: StaffId, subject: &str) -> Result<Staff, ServiceError> {
        self.signs_in(id, &SignedInBy::Provider(somebody(subject)), None).await
    }

    async fn deactivate(&self, by: StaffId, id: StaffId) {
        let done = self.centre.transact(|mut work| async move {
            work.deactivate_staff(By::Staff(by), id, SoleAdministrator::Refuse).await?;
            work.done(())
        });
        done.await.unwrap();
    }

    async fn reactivate(&self, by: StaffId, id: StaffId) {
        let done = self.centre.transact(|mut work| async move {
            work.reactivate_staff(By::Staff(by), id).await?;
            work.done(())
        });
        done.await.unwrap();
    }

    async fn sets_up_a_factor(&self, id: StaffId) {
        let secret = FactorSecret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let factor = &SecondFactor {
            secret,
            last_step: 1,
            recovery: BTreeSet::new(),
            since: self.centre.now(),
            failures: 0,
            locked_until: None,
        };
        let set = self.centre.transact(|mut work| async move {
            work.set_second_factor(By::Staff(id), id, factor.clone()).await?;
            work.done(())
        });
        set.await.unwrap();
    }

    async fn wrong_password(&self, login: &str) -> Option<Timestamp> {
        let done = self.centre.transact(|mut work| async move {
            let until = work.sign_in_failed(login).await?;
            work.done(until)
        });
        done.await.unwrap()
    }

    async fn wrong_code(&self, id: StaffId) -> Option<Timestamp> {
        let done = self.centre.transact(|mut work| async move {
            let until = work.second_factor_failed(id).await?;
            work.done(until)
        });
        done.await.unwrap()
    }
}

fn refused<T: std::fmt::Debug>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::NotAllowed))
}

fn linked_already<T: std::fmt::Debug>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::Staffing(StaffingRefusal::LinkedAlready)))
}

fn only(passwords: Passwords, second_factor: FactorOf) -> Policy {
    let single_sign_on = SingleSignOn { passwords, second_factor };
    Policy { single_sign_on, second_factor: Role::ALL.into_iter().collect(), ..Policy::default() }
}

#[tokio::test]
async fn an_account_is_linked_by_its_owner_alone_to_one_identity_and_an_identity_to_one_account() {
    let town = Town::new();
    let admin = town.administrator().await;
    let nurse = town.staff(admin, "nurse@city.example", &[Role::Checker]).await;
    let other = town.staff(admin, "other@city.example", &[Role::Checker]).await;
    assert!(refused(&town.comes(nurse, "7").await), "signing in links nobody");
    assert!(refused(&town.links(admin, nurse, "7").await), "nor does an administrator");
    assert_eq!(town.whose("7").await, None);
    town.links(nurse, nurse, "7").await.unwrap();
    assert_eq!(town.whose("7").await, Some(nurse));
    assert!(linked_already(&town.links(nurse, nurse, "8").await), "not in silence to somebody else");
    assert!(linked_already(&town.links(other, other, "7").await), "one identity, one account");
    town.comes(nurse, "7").await.unwrap();
    assert!(refused(&town.comes(nurse, "8").await), "somebody else's account");
    assert!(refused(&town.comes(other, "7").await));
    let elsewhere = ProviderIdentity { issuer: "https://evil.example".to_owned(), ..somebody("7") };
    assert!(town.centre.staff_at_provider(&elsewhere).await.unwrap().is_none(), "of another issuer");
    assert!(refused(&town.signs_in(nurse, &SignedInBy::Provider(elsewhere), None).await));
    assert!(!format!("{:?} {:?}", somebody("7"), town.read(nurse).await).contains("login.example"));

    let (one, two) = tokio::join!(town.links(other, other, "9"), town.links(admin, admin, "9"));
    assert!(one.is_ok() != two.is_ok() && (linked_already(&one) || linked_already(&two)), "{one:?} {two:?}");
}

#[tokio::test]
async fn what_was_undone_by_whomever_stays_undone_until_its_owner_links_anew() {
    let town = Town::new();
    let admin = town.administrator().await;
    let nurse = town.staff(admin, "nurse", &[Role::Checker]).await;
    let other = town.staff(admin, "other", &[Role::Checker]).await;
    town.links(nurse, nurse, "7").await.unwrap();
    assert!(refused(&town.unlinks(other, nurse).await));
    for by in [admin, nurse] {
        town.unlinks(by, nurse).await.unwrap();
        town.unlinks(by, nurse).await.unwrap();
        assert_eq!(town.whose("7").await, None);
        assert!(refused(&town.comes(nurse, "7").await));
        town.links(nurse, nurse, "7").await.unwrap();
        town.comes(nurse, "7").await.unwrap();
    }
    town.deactivate(admin, nurse).await;
    assert!(refused(&town.comes(nurse, "7").await), "closed");
    assert!(!town.holds("login.example.jp").await, "nothing is left of who they were there");
    town.reactivate(admin, nurse).await;
    assert!(refused(&town.comes(nurse, "7").await), "the link is not back with the account");
    let actions = town.actions().await;
    let of = |action: &str| actions.iter().filter(|known| *known == action).count();
    assert_eq!((of("staff.provider_linked"), of("staff.provider_unlinked")), (3, 3), "{actions:?}");
}

#[tokio::test]
async fn a_strangers_wrong_passwords_keep_nobody_out_who_comes_from_the_provider() {
    let town = Town::new();
    let admin = town.administrator().await;
    let nurse = town.staff(admin, "nurse", &[Role::Checker]).await;
    town.links(nurse, nurse, "7").await.unwrap();
    for _ in 0..5 {
        town.wrong_password("nurse").await;
    }
    let known = town.comes(nurse, "7").await.unwrap();
    assert!(town.centre.is_locked(&known).is_some(), "nor are the guesses forgotten by it");
    assert!(refused(&town.signs_in(nurse, &SignedInBy::Password, None).await));
}

#[tokio::test]
async fn without_passwords_administrators_have_one_and_whoever_is_not_linked_yet() {
    let town = Town::with(only(Passwords::Administrators, FactorOf::Provider));
    let admin = town.administrator().await;
    let nurse = town.staff(admin, "nurse", &[Role::Checker]).await;
    for id in [admin, nurse] {
        town.signs_in(id, &SignedInBy::Password, None).await.unwrap();
        assert!(
            town.centre.needs_own_factor(&town.read(id).await),
            "a password has a second factor beside it"
        );
        town.links(id, id, if id == admin { "1" } else { "7" }).await.unwrap();
    }
    town.signs_in(admin, &SignedInBy::Password, None).await.unwrap();
    assert!(town.centre.needs_own_factor(&town.read(admin).await));
    assert!(refused(&town.signs_in(nurse, &SignedInBy::Password, None).await));
    assert!(!town.centre.needs_own_factor(&town.read(nurse).await), "the provider asks for its own");
    town.unlinks(admin, nurse).await.unwrap();
    town.signs_in(nurse, &SignedInBy::Password, None).await.unwrap();
}

#[tokio::test]
async fn our_second_factor_is_asked_for_where_the_city_says_so_and_wrong_codes_lock_whatever_came_before() {
    for (of, asked) in [(FactorOf::Provider, false), (FactorOf::Ours, true)] {
        let town = Town::with(only(Passwords::Everybody, of));
        let admin = town.administrator().await;
        let nurse = town.staff(admin, "nurse", &[Role::Checker]).await;
        town.sets_up_a_factor(nurse).await;
        town.links(nurse, nurse, "7").await.unwrap();
        assert_eq!(refused(&town.comes(nurse, "7").await), asked, "{of:?}");
        let by = SignedInBy::Provider(somebody("7"));
        let code = |step| Some(FactorProof::Code { step });
        town.signs_in(nurse, &by, code(2)).await.unwrap();
        assert!(refused(&town.signs_in(nurse, &by, code(2)).await), "a code serves once");
        let without = town.signs_in(nurse, &SignedInBy::Password, None).await;
        assert!(refused(&without), "behind a password it always is");
        for _ in 0..5 {
            town.wrong_code(nurse).await;
        }
        assert!(refused(&town.signs_in(nurse, &by, code(3)).await), "locked");
        assert!(refused(&town.signs_in(nurse, &SignedInBy::Password, code(3)).await));
        assert_eq!(town.comes(nurse, "7").await.is_ok(), !asked, "where none is asked for, none is locked");
        town.clock.advance(Duration::from_mins(15));
        town.signs_in(nurse, &by, code(3)).await.unwrap();
        assert_eq!(town.read(nurse).await.second_factor.unwrap().failures, 0);
    }
}

#[test]
fn an_account_of_before_has_no_link_and_one_with_a_link_keeps_its_form() {
    let json = r#"{"id":"01920000-0000-7000-8000-000000000001","login":"nurse","name":"看護 花子","roles":["checker"],"active":true,"password":"$argon2id$","created_at":"2026-10-05T01:00:00Z"}"#;
    let staff: Staff = serde_json::from_str(json).unwrap();
    assert_eq!(staff.provider, None);
    let linked = json.replacen(
        "\"created_at\"",
        r#""provider":{"identity":{"issuer":"https://login.example.jp","subject":"7"},"since":"2026-10-06T01:00:00Z"},"created_at""#,
        1,
    );
    let staff: Staff = serde_json::from_str(&linked).unwrap();
    assert_eq!(staff.provider.as_ref().unwrap().identity, somebody("7"));
    let written = serde_json::to_string(&staff).unwrap();
    assert!(written.contains(r#""provider":{"identity":{"issuer":"https://login.example.jp","subject":"7"},"since":"2026-10-06T01:00:00Z"}"#), "{written}");
}
