//! Staff linked to members, through the services.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod people;

use lupinus_core::{
    actor::Role,
    audit::Subject,
    body::InvitationCode,
    ids::{MemberId, StaffId},
    linking::{LINK_LIFE, LinkRefusal},
    member::Member,
    outbox::Message,
    service::{By, MAX_CODE_FAILURES, Redemption, ServiceError, SoleAdministrator},
    staff::Staff,
    store::Entity,
};
use people::Town;

async fn offer(town: &Town, staff: StaffId) -> Result<InvitationCode, ServiceError> {
    let made = town.centre.transact(|mut work| async move {
        let (_, code) = work.offer_link(By::Staff(staff)).await?;
        work.done(code)
    });
    made.await
}

async fn send(town: &Town, member: MemberId, code: &InvitationCode) -> Redemption {
    let done = town.centre.transact(|mut work| async move {
        let redeemed = work.redeem_code(By::Member(member), code).await?;
        work.done(redeemed)
    });
    done.await.unwrap()
}

async fn unlink(town: &Town, by: StaffId, staff: StaffId) -> Result<(), ServiceError> {
    let done = town.centre.transact(|mut work| async move {
        work.unlink(By::Staff(by), staff).await?;
        work.done(())
    });
    done.await
}

struct Linked {
    town: Town,
    administrator: StaffId,
    staff: StaffId,
    member: MemberId,
}

async fn linked() -> Linked {
    let town = Town::new();
    let administrator = town.administrator().await;
    let staff = town.staff(administrator, "kakunin", &[Role::Checker]).await;
    let member = town.member("Ustaff").await;
    let code = offer(&town, staff).await.unwrap();
    assert!(matches!(send(&town, member, &code).await, Redemption::Linked(known) if known.id == staff));
    Linked { town, administrator, staff, member }
}

/// R25: the code is kept nowhere, serves once, and is told apart from an invitation.
#[tokio::test]
async fn a_code_links_the_member_who_sends_it_once_and_in_time() {
    let town = Town::new();
    let administrator = town.administrator().await;
    let staff = town.staff(administrator, "kakunin", &[Role::Checker]).await;
    let (member, other) = (town.member("Ustaff").await, town.member("Uother").await);
    let late = offer(&town, staff).await.unwrap();
    town.clock.advance(LINK_LIFE);
    assert_eq!(send(&town, member, &late).await, Redemption::NotLinked(LinkRefusal::Expired));

    let replaced = offer(&town, staff).await.unwrap();
    let code = offer(&town, staff).await.unwrap();
    assert_eq!(
        send(&town, member, &replaced).await,
        Redemption::Unknown,
        "a new code replaces the one before"
    );
    for form in [code.reveal(), code.reveal().replace('-', "")] {
        assert!(!town.holds(&form).await);
    }
    assert!(matches!(send(&town, member, &code).await, Redemption::Linked(known) if known.id == staff));
    assert_eq!(town.centre.link_of(staff).await.unwrap().unwrap().value.member, member);
    assert_eq!(send(&town, other, &code).await, Redemption::Unknown, "it serves once");

    let again = offer(&town, staff).await;
    assert!(matches!(again, Err(ServiceError::Linking(LinkRefusal::StaffLinked))), "{again:?}");
    let second = town.staff(administrator, "shounin", &[Role::Approver]).await;
    let code = offer(&town, second).await.unwrap();
    assert_eq!(send(&town, member, &code).await, Redemption::NotLinked(LinkRefusal::MemberLinked));
    let actions = town.actions().await;
    for action in ["staff.link_offered", "staff.linked", "member.linked", "member.code_refused"] {
        assert!(actions.iter().any(|known| known == action), "{action}");
    }
}

/// R25: guesses are counted like those of invitations, and a code that is right does not serve any more then.
#[tokio::test]
async fn whoever_guesses_too_often_is_heard_no_more() {
    let town = Town::new();
    let administrator = town.administrator().await;
    let member = town.member("Uguess").await;
    let code = offer(&town, administrator).await.unwrap();
    for guess in 0..MAX_CODE_FAILURES {
        let guess = InvitationCode::from_random(&[u8::try_from(guess).unwrap(); 32]);
        assert_eq!(send(&town, member, &guess).await, Redemption::Unknown);
    }
    assert!(matches!(send(&town, member, &code).await, Redemption::TooMany { .. }));
    assert_eq!(town.centre.link_of(administrator).await.unwrap(), None);
}

#[tokio::test]
async fn a_link_is_undone_by_oneself_or_an_administrator_and_the_member_is_told() {
    for own in [true, false] {
        let Linked { town, administrator, staff, member } = linked().await;
        let stranger = town.staff(administrator, "stranger", &[Role::Approver]).await;
        let refused = unlink(&town, stranger, staff).await;
        assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
        unlink(&town, if own { staff } else { administrator }, staff).await.unwrap();
        assert_eq!(town.centre.link_of(staff).await.unwrap(), None);
        assert_eq!(town.said_to(member).await, [Message::StaffUnlinked]);
        assert!(town.actions().await.iter().any(|known| known == "staff.unlinked"));
        unlink(&town, administrator, staff).await.unwrap();
    }
}

/// R12: what is held about a member has their link, and it goes with them.
#[tokio::test]
async fn whoever_is_erased_is_nobody_of_the_staff() {
    let Linked { town, administrator, staff, member } = linked().await;
    let bundle = town.centre.transact(|mut work| async move {
        use lupinus_core::service::{Look, LookReason};
        let by = By::Staff(administrator);
        let bundle = work.open_bundle(by, member, LookReason::Disclosure, Look::Shown).await?;
        work.done(bundle)
    });
    let others = bundle.await.unwrap().others;
    assert!(others.iter().any(|record| record.body.contains(&staff.to_string())));
    let left = town.centre.transact(|mut work| async move {
        work.leave(By::Member(member)).await?;
        work.done(())
    });
    left.await.unwrap();
    assert_eq!(town.centre.link_of(staff).await.unwrap(), None);
    assert!(town.actions().await.iter().any(|known| known == "staff.unlinked"));
    assert_apart(&town, staff, member).await;
}

/// The chain of neither names the other: what stays of an erased member is nobody's number.
async fn assert_apart(town: &Town, staff: StaffId, member: MemberId) {
    let chains = [
        (Subject::new(&Staff::KIND, staff), "staff.", member.to_string()),
        (Subject::new(&Member::KIND, member), "member.", staff.to_string()),
    ];
    for (subject, of, other) in chains {
        let trail = town.centre.audit_of(&subject).await.unwrap();
        for act in ["linked", "unlinked"] {
            assert!(trail.iter().any(|entry| entry.action == format!("{of}{act}")), "{of}{act}");
        }
        for entry in trail {
            assert!(!serde_json::to_string(&entry).unwrap().contains(&other), "{}", entry.action);
        }
    }
}

/// R12
#[tokio::test]
async fn a_link_that_its_own_staff_undid_is_told_by_neither_chain() {
    let Linked { town, staff, member, .. } = linked().await;
    unlink(&town, staff, staff).await.unwrap();
    assert_apart(&town, staff, member).await;
}

/// R25: an account that is stopped has neither link nor code, and its member is told.
#[tokio::test]
async fn an_account_that_is_stopped_is_linked_to_nobody() {
    let Linked { town, administrator, staff, member } = linked().await;
    let offered = town.staff(administrator, "shounin", &[Role::Approver]).await;
    let code = offer(&town, offered).await.unwrap();
    for id in [staff, offered] {
        let stopped = town.centre.transact(|mut work| async move {
            work.deactivate_staff(By::Staff(administrator), id, SoleAdministrator::Refuse).await?;
            work.done(())
        });
        stopped.await.unwrap();
    }
    assert_eq!(town.centre.link_of(staff).await.unwrap(), None);
    assert_eq!(town.said_to(member).await, [Message::StaffUnlinked]);
    let other = town.member("Uother").await;
    assert_eq!(send(&town, other, &code).await, Redemption::Unknown);
}

#[tokio::test]
async fn whoever_blocked_the_account_or_has_none_any_more_is_not_reached() {
    let Linked { town, administrator, staff, .. } = linked().await;
    let reached =
        async || town.centre.linked_staff().await.unwrap().iter().filter(|it| it.is_reached()).count();
    assert_eq!(reached().await, 1);
    town.unfollow("Ustaff").await;
    assert_eq!(reached().await, 0);
    town.follow("Ustaff").await;
    let stopped = town.centre.transact(|mut work| async move {
        work.deactivate_staff(By::Staff(administrator), staff, SoleAdministrator::Refuse).await?;
        work.done(())
    });
    stopped.await.unwrap();
    assert_eq!(reached().await, 0);
}
