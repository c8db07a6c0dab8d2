//! Trial: to whom is sent before two administrators go live, and what must hold for that.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod city;
mod common;

use std::collections::BTreeSet;

use city::{City, MEMBERS, accepted};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    delivery::GateTurn,
    hash::Sha256Hash,
    ids::StaffId,
    launch::{ChannelFinding, Check, Command, Launch, Refusal, Seen},
    outbox::{HoldReason, SendOutcome},
    policy::Policy,
    post::{Command as PostCommand, Route, Routes},
    service::{By, NewStaff, ServiceError},
    staff::PasswordHash,
    store::{Entity, StoreExt},
};
use uuid::Uuid;

const TEXTS: Sha256Hash = Sha256Hash::ZERO;

/// One more administrator, who is there by nobody's hand.
async fn administrator(city: &City, number: u128) -> StaffId {
    let mut staff = city.centre.staff(city.checker).await.unwrap().value;
    staff.id = StaffId::from_uuid(Uuid::from_u128(0x50 + number));
    staff.login = format!("admin{number}");
    staff.roles = std::iter::once(Role::Administrator).collect();
    let staff = &staff;
    let made = city.centre.transact(|mut work| async move {
        work.insert(staff)?;
        work.done(())
    });
    made.await.unwrap();
    staff.id
}

async fn put(city: &City, launch: &Launch) {
    let read = city.centre.store().load::<Launch>(Launch::KEY).await.unwrap();
    let read = &read;
    let put = city.centre.transact(|mut work| async move {
        match read {
            Some(read) => work.update(read, launch)?,
            None => work.insert(launch)?,
        }
        work.done(())
    });
    put.await.unwrap();
}

async fn command(city: &City, by: StaffId, command: Command) -> Result<Launch, ServiceError> {
    let command = &command;
    let done = city.centre.transact(|mut work| async move {
        let next = work.launch_command(By::Staff(by), command.clone(), TEXTS).await?;
        work.done(next)
    });
    done.await
}

/// R27: whomever a post is for, linked staff alone get it, marked as a test; and nothing of it stands in the way afterwards.
#[tokio::test]
async fn in_trial_a_post_reaches_linked_staff_alone() {
    for audience in [Audience::Members, Audience::AllFriends] {
        let city = City::new().await;
        put(&city, &Launch::trial(city.centre.now())).await;
        let mine = city.link(city.checker, 5).await;
        let (first, second) = (city.approved("研修").await.id, city.approved("研修").await.id);
        city.sending(first, audience.clone()).await;
        assert_eq!(city.accept_all().await.into_keys().collect::<Vec<_>>(), [mine]);
        assert_eq!(city.centre.post(first).await.unwrap().value.state.name(), "sent");
        put(&city, &Launch::live()).await;
        city.sending(second, Audience::Members).await;
        assert_eq!(city.accept_all().await.len() as u128, MEMBERS - 3, "{:?}", city.held().await);
    }
}

/// What LINE answers to posts; everything else it takes.
async fn refuse_posts(city: &City) {
    for leased in city.centre.lease_due(10).await.unwrap() {
        let outcome = if leased.post.is_some() {
            SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None }
        } else {
            accepted()
        };
        city.settle(&leased, outcome).await;
    }
}

async fn release(city: &City) {
    for (id, why) in city.held().await {
        assert_eq!(why, HoldReason::Trial);
        city.release(id).await;
    }
}

/// R27: what was begun for the members waits in trial, whoever lets it go; once the centre is live, a person sends it.
#[tokio::test]
async fn what_was_begun_for_the_members_goes_to_nobody_in_trial() {
    let city = City::new().await;
    let post = city.approved("研修").await.id;
    city.sending(post, Audience::Members).await;
    put(&city, &Launch::trial(city.centre.now())).await;
    for _ in 0..2 {
        assert_eq!(city.accept_all().await.len(), 0);
        assert_eq!(city.held().await.len(), 3);
        release(&city).await;
    }
    assert_eq!(city.accept_all().await.len(), 0);
    put(&city, &Launch::live()).await;
    assert_eq!(city.accept_all().await.len(), 0, "a person decides");
    release(&city).await;
    assert_eq!(city.accept_all().await.len() as u128, MEMBERS - 3);
}

/// R27: what fails in trial goes out again as what it was, to staff, even once the centre is live.
#[tokio::test]
async fn what_failed_in_trial_is_sent_again_to_staff_alone() {
    for live in [false, true] {
        let city = City::new().await;
        put(&city, &Launch::trial(city.centre.now())).await;
        let mine = city.link(city.checker, 5).await;
        let post = city.approved("研修").await.id;
        city.sending(post, Audience::Members).await;
        refuse_posts(&city).await;
        assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "failed");
        if live {
            put(&city, &Launch::live()).await;
        }
        let resent = city.centre.transact(|mut work| async move {
            work.resend(By::Staff(city.approver), post).await?;
            work.done(())
        });
        resent.await.unwrap();
        assert_eq!(city.accept_all().await.into_keys().collect::<Vec<_>>(), [mine]);
        assert_eq!(city.centre.people_sent_to(post).await.unwrap(), 0);
    }
}

/// R14: what was changed behind the approval's back goes to nobody, staff included.
#[tokio::test]
async fn in_trial_what_is_not_the_approved_content_is_held() {
    let city = City::new().await;
    put(&city, &Launch::trial(city.centre.now())).await;
    city.link(city.checker, 5).await;
    let post = city.approved("研修").await.id;
    city.sending(post, Audience::Members).await;
    let read = city.centre.post(post).await.unwrap();
    let mut tampered = read.value.clone();
    tampered.revisions.last_mut().unwrap().content.title = "別の内容".to_owned();
    let (read, tampered) = (&read, &tampered);
    let put = city.centre.transact(|mut work| async move {
        work.update(read, tampered)?;
        work.done(())
    });
    put.await.unwrap();
    assert_eq!(city.accept_all().await.len(), 0);
    let held: Vec<_> = city.held().await.into_iter().map(|(_, why)| why).collect();
    assert_eq!(held, [HoldReason::ContentChanged]);
}

/// R27: a dispatcher that looked before the centre went back to the trial lets nothing pass afterwards.
#[tokio::test]
async fn going_back_to_the_trial_takes_the_gates_turn() {
    let city = City::new().await;
    let administrator = administrator(&city, 0).await;
    let turn =
        async || city.centre.store().load::<GateTurn>(GateTurn::KEY).await.unwrap().map(|turn| turn.version);
    let before = turn().await;
    let of = city.centre.seen_now(Seen::Hours, TEXTS);
    command(&city, administrator, Command::See { seen: Seen::Hours, of }).await.unwrap();
    assert_eq!(turn().await, before);
    command(&city, administrator, Command::Revert).await.unwrap();
    assert_ne!(turn().await, before);
}

/// A store with members in it is live, as it was before there was a trial; another one begins in trial, once.
#[tokio::test]
async fn a_store_without_members_alone_begins_in_trial() {
    let begin = async |centre: &lupinus_core::service::Centre| {
        let begun = centre.transact(|mut work| async move {
            let begun = work.begin_trial().await?;
            work.done(begun)
        });
        begun.await.unwrap()
    };
    let city = City::new().await;
    assert!(!begin(&city.centre).await);
    assert!(!city.centre.launch().await.unwrap().is_trial());
    let empty = lupinus_core::service::Centre::new(
        std::sync::Arc::new(lupinus_core::store::MemoryStore::new()),
        city.clock.clone(),
        std::sync::Arc::new(lupinus_core::ids::SeededIds::new(9)),
        lupinus_core::screening::Screen::default(),
        lupinus_core::policy::Policy::default(),
    );
    assert!(begin(&empty).await);
    assert!(!begin(&empty).await);
    assert!(empty.launch().await.unwrap().is_trial());
}

/// R15: two steps ask for two people.
#[tokio::test]
async fn the_list_asks_for_different_people_at_every_step() {
    let mut normal = Route::checker_then_approver();
    normal.steps[1].required = std::num::NonZeroU8::new(2).unwrap();
    let routes = Routes { normal, ..Routes::default() };
    let store = std::sync::Arc::new(lupinus_core::store::MemoryStore::new());
    let city = City::ruled(store, Policy { routes, ..Policy::default() }).await;
    let passes = async || {
        let checks = city.centre.checks(&city.centre.launch().await.unwrap(), TEXTS).await.unwrap();
        checks.contains(&(Check::Route, true))
    };
    assert!(!passes().await);
    let one = administrator(&city, 0).await;
    let account = &NewStaff {
        login: "both".to_owned(),
        name: "確認 承認".to_owned(),
        roles: [Role::Checker, Role::Approver].into_iter().collect(),
        password: PasswordHash::new("x"),
    };
    let made = city.centre.transact(|mut work| async move {
        work.create_staff(By::Staff(one), account.clone()).await?;
        work.done(())
    });
    made.await.unwrap();
    assert!(passes().await);
}

/// R23: each line of the list is seen to fail and to pass, and two administrators go live once all of them pass.
#[tokio::test]
async fn the_list_is_gone_through_line_by_line_and_two_go_live() {
    let mut normal = Route::one_step();
    normal.steps[0].required = std::num::NonZeroU8::new(2).unwrap();
    let routes = Routes { normal, ..Routes::default() };
    let store = std::sync::Arc::new(lupinus_core::store::MemoryStore::new());
    let city = City::ruled(store, Policy { routes, ..Policy::default() }).await;
    put(&city, &Launch::trial(city.centre.now())).await;
    let open = async || -> BTreeSet<Check> {
        let launch = city.centre.launch().await.unwrap();
        let checks = city.centre.checks(&launch, TEXTS).await.unwrap();
        checks.into_iter().filter(|(_, passed)| !passed).map(|(check, _)| check).collect()
    };
    let mut expected: BTreeSet<Check> = Check::ALL.into();
    // Nobody must have a second factor by the default rules.
    expected.remove(&Check::SecondFactor);
    assert_eq!(open().await, expected);

    let (one, other) = (administrator(&city, 0).await, administrator(&city, 1).await);
    expected.remove(&Check::Administrators);
    assert_eq!(open().await, expected);

    let account = &NewStaff {
        login: "second".to_owned(),
        name: "承認 二郎".to_owned(),
        roles: std::iter::once(Role::Approver).collect(),
        password: PasswordHash::new("x"),
    };
    let made = city.centre.transact(|mut work| async move {
        work.create_staff(By::Staff(one), account.clone()).await?;
        work.done(())
    });
    made.await.unwrap();
    expected.remove(&Check::Route);
    assert_eq!(open().await, expected);

    let finding =
        |bad| ChannelFinding { what: "Webhook".to_owned(), bad, found: String::new(), to_do: String::new() };
    for (findings, passes) in
        [(vec![], false), (vec![finding(false), finding(true)], false), (vec![finding(false)], true)]
    {
        command(&city, one, Command::Examine(findings)).await.unwrap();
        assert_eq!(!open().await.contains(&Check::Channel), passes);
    }
    expected.remove(&Check::Channel);

    city.link(city.checker, 5).await;
    expected.remove(&Check::Rules);
    assert_eq!(open().await, expected);
    let post = city.submit("研修").await.unwrap().id;
    let to = &BTreeSet::from([city.checker]);
    let tested = city.centre.transact(|mut work| async move {
        work.send_test(By::Staff(city.checker), post, 1, to).await?;
        work.done(())
    });
    tested.await.unwrap();
    assert!(open().await.contains(&Check::Test), "it has not arrived");
    for leased in city.centre.lease_due(10).await.unwrap() {
        city.settle(&leased, accepted()).await;
    }
    expected.remove(&Check::Test);
    assert_eq!(open().await, expected);

    for seen in Seen::ALL {
        let refused = command(&city, one, Command::Propose).await;
        assert!(matches!(refused, Err(ServiceError::Launch(Refusal::NotPassed))), "{refused:?}");
        let of = city.centre.seen_now(seen, TEXTS);
        command(&city, one, Command::See { seen, of }).await.unwrap();
    }
    assert_eq!(open().await, BTreeSet::new());
    let launch = city.centre.launch().await.unwrap();
    let other_texts = city.centre.checks(&launch, Sha256Hash::of(b"changed")).await.unwrap();
    assert!(other_texts.contains(&(Check::Seen(Seen::Texts), false)));

    let refused = command(&city, city.approver, Command::Propose).await;
    assert!(matches!(refused, Err(ServiceError::Launch(Refusal::NotAllowed))), "{refused:?}");
    assert!(command(&city, one, Command::Propose).await.unwrap().is_trial());
    let refused = command(&city, one, Command::Confirm).await;
    assert!(matches!(refused, Err(ServiceError::Launch(Refusal::OwnProposal))), "{refused:?}");
    assert!(!command(&city, other, Command::Confirm).await.unwrap().is_trial());
    assert!(command(&city, one, Command::Revert).await.unwrap().is_trial());
    let trail =
        city.centre.audit_of(&lupinus_core::audit::Subject::new(&Launch::KIND, Launch::KEY)).await.unwrap();
    let acts: Vec<&str> = trail.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(acts[acts.len() - 3..], ["launch.proposed", "launch.live", "launch.trial"]);
}

/// R27: what somebody confirmed for the members is no test of staff, and the other way round: a person confirms it anew.
#[tokio::test]
async fn what_was_scheduled_at_another_stage_is_confirmed_anew() {
    for trial in [false, true] {
        let city = City::new().await;
        let stage = |trial: bool| if trial { Launch::trial(city.centre.now()) } else { Launch::live() };
        put(&city, &stage(trial)).await;
        let mine = city.link(city.checker, 5).await;
        let post = city.approved("研修").await.id;
        let at = city.centre.now() + std::time::Duration::from_hours(1);
        let schedule = PostCommand::Schedule { at, audience: Audience::Members };
        city.command(By::Staff(city.approver), post, schedule).await.unwrap();
        put(&city, &stage(!trial)).await;
        city.clock.advance(std::time::Duration::from_mins(61));
        city.centre.start_due_posts().await.unwrap();
        assert_eq!(city.accept_all().await.len(), 0);
        assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "approved");
        city.sending(post, Audience::Members).await;
        let reached = city.accept_all().await.into_keys().collect::<Vec<_>>();
        assert_eq!(reached == [mine], !trial, "{reached:?}");
    }
}

/// R27: what failed for the members is theirs still after a trial in between.
#[tokio::test]
async fn what_failed_for_the_members_is_sent_again_to_them_once_the_centre_is_live() {
    let city = City::new().await;
    city.link(city.checker, 5).await;
    let post = city.approved("研修").await.id;
    city.sending(post, Audience::Members).await;
    refuse_posts(&city).await;
    assert_eq!(city.centre.post(post).await.unwrap().value.state.name(), "failed");
    put(&city, &Launch::trial(city.centre.now())).await;
    let again = city.centre.transact(|mut work| async move {
        let post = work.resend(By::Staff(city.approver), post).await?;
        work.done(post)
    });
    again.await.unwrap();
    assert_eq!(city.accept_all().await.len(), 0, "held in trial");
    put(&city, &Launch::live()).await;
    release(&city).await;
    assert_eq!(city.accept_all().await.len() as u128, MEMBERS - 3);
}
