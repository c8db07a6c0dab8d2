//! Members, bodies, invitations and staff accounts through the services.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod people;

use std::{collections::BTreeSet, time::Duration};

use lupinus_core::{
    actor::Role,
    audience::{Audience, Expr},
    body::{Body, InvitationCode, InvitationRefusal},
    choices::Areas,
    consultation::Command,
    ids::{BodyId, ContactId, MemberId, StaffId},
    member::{Area, Member, MemberState, Profession},
    outbox::{Message, OutboxState, Sort},
    policy::Policy,
    post::Category,
    screening::PiiKind,
    service::{
        By, Erased, MAX_CODE_FAILURES, ProfileChange, Redemption, ServiceError, SignedInBy,
        SoleAdministrator, StaffingRefusal,
    },
    staff::{PasswordHash, Staff},
    store::{Entity, Scan, Store},
};
use people::{Town, account, roles};

impl Town {
    async fn leave(&self, member: MemberId) -> Result<Erased, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let erased = work.leave(By::Member(member)).await?;
            work.done(erased)
        });
        done.await
    }

    async fn body(&self, by: StaffId, name: &str) -> Result<Body, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let body = work.create_body(By::Staff(by), name).await?;
            work.done(body)
        });
        done.await
    }

    async fn invite(&self, by: StaffId, body: BodyId) -> Result<InvitationCode, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let (_, code) = work.invite(By::Staff(by), body).await?;
            work.done(code)
        });
        done.await
    }

    async fn redeem(&self, member: MemberId, code: &InvitationCode) -> Redemption {
        let done = self.centre.transact(|mut work| async move {
            let redemption = work.redeem_code(By::Member(member), code).await?;
            work.done(redemption)
        });
        done.await.unwrap()
    }

    async fn deactivate(
        &self,
        by: StaffId,
        id: StaffId,
        sole: SoleAdministrator,
    ) -> Result<usize, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let changed = work.deactivate_staff(By::Staff(by), id, sole).await?;
            work.done(changed.administrators)
        });
        done.await
    }

    async fn fail_to_sign_in(&self, login: &str) -> Option<jiff::Timestamp> {
        let done = self.centre.transact(|mut work| async move {
            let locked = work.sign_in_failed(login).await?;
            work.done(locked)
        });
        done.await.unwrap()
    }

    async fn sign_in(&self, id: StaffId) -> Result<Staff, ServiceError> {
        let done = self.centre.transact(|mut work| async move {
            let staff = work.sign_in_succeeded(id, &SignedInBy::Password, None).await?;
            work.done(staff)
        });
        done.await
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> StaffingRefusal {
    match result {
        Err(ServiceError::Staffing(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn guess(number: u8) -> InvitationCode {
    InvitationCode::from_random(&[number; 32])
}

#[tokio::test]
async fn following_twice_makes_one_member() {
    let town = Town::new();
    let first = town.follow("U-nurse").await;
    let again = town.follow("U-nurse").await;
    assert_eq!(first, again);
    assert_eq!(town.version_of::<Member>(&first.id.to_string()).await, 1);
    assert!(!first.is_registered());
    assert!(town.member("U-nurse").await == first.id);
    assert_eq!(town.actions().await, ["member.followed", "member.rules_accepted"]);
}

#[tokio::test]
async fn who_blocks_and_comes_back_is_the_same_member() {
    let town = Town::new();
    let nurse = town.member("U-nurse").await;
    assert_eq!(town.unfollow("U-nurse").await, Some(nurse));
    assert_eq!(town.unfollow("U-nurse").await, Some(nurse));
    assert_eq!(town.unfollow("U-nobody").await, None);
    let refused = town.accept(nurse).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    assert_eq!(town.centre.audience_size(&Audience::Members).await.unwrap(), 0);
    let back = town.follow("U-nurse").await;
    assert_eq!((back.id, back.state), (nurse, MemberState::Following));
    assert!(back.consent.is_some());
    let actions = town.actions().await;
    assert_eq!(actions, ["followed", "rules_accepted", "blocked", "returned"].map(|a| format!("member.{a}")));
}

#[tokio::test]
async fn a_profile_is_optional_bounded_and_free_of_personal_information() {
    let town = Town::new();
    let nurse = town.member("U-nurse").await;
    let organisation = |text: &str| [ProfileChange::Organisation(Some(text.to_owned()))];
    let all = [
        ProfileChange::Profession(Some(Profession("HomeVisitNurse".to_owned()))),
        ProfileChange::Organisation(Some(" 青空訪問看護ステーション ".to_owned())),
        ProfileChange::Topics([Category::Training].into_iter().collect()),
    ];
    let member = town.profile(nurse, &all).await.unwrap();
    assert_eq!(member.organisation.as_deref(), Some("青空訪問看護ステーション"));
    let long = "あ".repeat(61);
    assert!(matches!(
        town.profile(nurse, &organisation(&long)).await,
        Err(ServiceError::TooLong { max: 60 })
    ));
    let refused = town.profile(nurse, &organisation("090-1234-5678")).await;
    let Err(ServiceError::PersonalInformation(marks)) = refused else { panic!("{refused:?}") };
    assert_eq!(marks[0].kind, PiiKind::Phone);
    let member = town.profile(nurse, &organisation("  ")).await.unwrap();
    assert_eq!(member.organisation, None);
    assert!(!town.holds("青空").await);
    let trail = town.trail().await;
    let change = trail.iter().find(|entry| entry.action == "member.profile_changed").unwrap();
    assert_eq!(change.detail["fields"], serde_json::json!(["profession", "organisation", "topics"]));
}

#[tokio::test]
async fn an_area_that_the_city_names_is_nobodys_name() {
    let north = Area("北部".to_owned());
    let town = Town::with(Policy { areas: Areas::offering(vec![north.clone()]), ..Policy::default() });
    let nurse = town.member("U-nurse").await;
    let member = town.profile(nurse, &[ProfileChange::Area(Some(north.clone()))]).await.unwrap();
    assert_eq!(member.area, Some(north));
    let typed = [ProfileChange::Area(Some(Area("090-1234-5678".to_owned())))];
    let refused = town.profile(nurse, &typed).await;
    assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))));
}

#[tokio::test]
async fn leaving_erases_what_was_held_and_keeps_that_it_happened() {
    // R12
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let nurse = town.member("U-nurse").await;
    let other = town.member("U-other").await;
    let said = [
        ProfileChange::Organisation(Some("青空訪問看護".to_owned())),
        ProfileChange::Profession(Some(Profession("言語の先生".to_owned()))),
    ];
    town.profile(nurse, &said).await.unwrap();
    let first = town.ask(nurse, "吸引器の質問", "m1").await.unwrap().consultation;
    town.answer(consultant, first, "吸引器の答え").await;
    town.command(By::Staff(consultant), first, Command::Resolve).await.unwrap();
    town.clock.advance(Duration::from_hours(15 * 24));
    let second = town.ask(nurse, "胃ろうの質問", "m2").await.unwrap().consultation;
    let note = Command::Note { text: "胃ろうの覚え書き".to_owned() };
    town.command(By::Staff(consultant), second, note).await.unwrap();
    town.ask(other, "残る質問", "m3").await.unwrap();

    let held = town.centre.held_about(nurse).await.unwrap();
    assert_eq!((held.consultations.len(), held.posts, held.deliveries), (2, 0, 0));
    assert_eq!(held.member.organisation.as_deref(), Some("青空訪問看護"));

    let erased = town.leave(nurse).await.unwrap();
    assert_eq!(erased, Erased { consultations: 2, drafts: 0 });
    for words in ["U-nurse", "青空", "言語の先生", "吸引器", "胃ろう"] {
        assert!(!town.holds(words).await, "{words}");
    }
    assert!(town.holds("残る質問").await);
    let held = town.centre.held_about(nurse).await.unwrap();
    assert_eq!(held.member.state, MemberState::Left);
    assert!(held.consultations.iter().all(|c| c.is_resolved() && !c.thread.is_empty()));
    let trail = town.trail().await;
    assert!(trail.iter().any(|entry| entry.action == "member.left"));
    assert_eq!(trail.iter().filter(|entry| entry.action == "consultation.forgotten").count(), 2);
    // What waited to be said to them is not said any more.
    for item in town.outbox().await {
        let theirs = item.addressees().iter().any(|to| to.member == nurse);
        assert_eq!(theirs, matches!(item.state, OutboxState::Dropped { .. }));
    }

    assert_eq!(town.unfollow("U-nurse").await, None);
    let anew = town.follow("U-nurse").await;
    assert_ne!(anew.id, nurse, "who comes back begins anew");
    assert!(matches!(town.leave(nurse).await, Err(ServiceError::NotAllowed)));
}

#[tokio::test]
async fn an_administrator_erases_who_asked_for_it_and_nobody_else_does() {
    // R12
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let nurse = town.member("U-nurse").await;
    town.ask(nurse, "吸引器の質問", "m1").await.unwrap();
    town.unfollow("U-nurse").await.unwrap();
    let erase = |by: By| {
        town.centre.transact(move |mut work| async move {
            let erased = work.erase_member(by, nurse).await?;
            work.done(erased)
        })
    };
    for by in [By::Staff(consultant), By::Member(nurse), By::System] {
        assert!(matches!(erase(by).await, Err(ServiceError::NotAllowed)), "{by:?}");
    }
    assert!(town.holds("吸引器").await);
    assert_eq!(erase(By::Staff(admin)).await.unwrap(), Erased { consultations: 1, drafts: 0 });
    assert!(!town.holds("吸引器").await && !town.holds("U-nurse").await);
    assert!(matches!(erase(By::Staff(admin)).await, Err(ServiceError::NotFound(_))));
    assert!(town.actions().await.contains(&"member.erased".to_owned()));
}

#[tokio::test]
async fn a_deputy_manages_no_accounts() {
    let town = Town::new();
    let admin = town.administrator().await;
    let stand_in = town.staff(admin, "standin", &[Role::Checker]).await;
    let done = town.centre.transact(|mut work| async move {
        work.set_deputies(By::Staff(admin), admin, [stand_in].into_iter().collect()).await?;
        work.done(())
    });
    done.await.unwrap();
    let by = By::Deputy { deputy: stand_in, replaced: admin };
    let password = town.centre.transact(|mut work| async move {
        work.set_password(by, admin, PasswordHash::new("$mine")).await?;
        work.done(())
    });
    assert!(matches!(password.await, Err(ServiceError::NotAllowed)));
    let promotion = town.centre.transact(|mut work| async move {
        let all = roles(&Role::ALL);
        let changed = work.change_roles(by, stand_in, all, SoleAdministrator::Accept).await?;
        work.done(changed.administrators)
    });
    assert!(matches!(promotion.await, Err(ServiceError::NotAllowed)));
}

#[tokio::test]
async fn a_code_makes_a_submitter_once() {
    let town = Town::new();
    let admin = town.administrator().await;
    let nurses = town.body(admin, "看護協会").await.unwrap();
    let code = town.invite(admin, nurses.id).await.unwrap();
    assert!(!town.holds(&code.reveal()).await && !town.holds(&code.reveal().replace('-', "")).await);
    let secretary = town.member("U-secretary").await;
    assert_eq!(town.redeem(secretary, &code).await, Redemption::Submitter(nurses.clone()));
    assert_eq!(town.centre.submitters(nurses.id).await.unwrap()[0].id, secretary);
    let other = town.member("U-other").await;
    assert_eq!(town.redeem(other, &code).await, Redemption::Refused(InvitationRefusal::Used));
    let invitation = town.centre.invitations(nurses.id).await.unwrap().remove(0);
    assert_eq!(invitation.used.map(|(by, _)| by), Some(secretary));
    assert_eq!(town.centre.held_about(secretary).await.unwrap().body, Some(nurses.clone()));

    let done = town.centre.transact(|mut work| async move {
        work.remove_submitter(By::Staff(admin), secretary).await?;
        work.done(())
    });
    done.await.unwrap();
    assert!(town.centre.submitters(nurses.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_code_serves_in_time_until_it_is_called_back_and_for_an_active_body() {
    let town = Town::new();
    let admin = town.administrator().await;
    let body = town.body(admin, "薬剤師会").await.unwrap().id;
    let member = town.member("U-member").await;

    let late = town.invite(admin, body).await.unwrap();
    town.clock.advance(town.centre.policy().invitation_life);
    assert_eq!(town.redeem(member, &late).await, Redemption::Refused(InvitationRefusal::Expired));

    let revoked = town.invite(admin, body).await.unwrap();
    let open = town.centre.invitations(body).await.unwrap();
    let id = open.iter().find(|invitation| invitation.code_hash == revoked.hash()).unwrap().id;
    let revoke = || {
        town.centre.transact(|mut work| async move {
            work.revoke_invitation(By::Staff(admin), id).await?;
            work.done(())
        })
    };
    revoke().await.unwrap();
    assert_eq!(refusal(revoke().await), StaffingRefusal::InvitationClosed);
    assert_eq!(town.redeem(member, &revoked).await, Redemption::Refused(InvitationRefusal::Revoked));

    let code = town.invite(admin, body).await.unwrap();
    let done = town.centre.transact(|mut work| async move {
        work.set_body_active(By::Staff(admin), body, false).await?;
        work.done(())
    });
    done.await.unwrap();
    assert_eq!(town.redeem(member, &code).await, Redemption::Refused(InvitationRefusal::Revoked));
    assert_eq!(refusal(town.invite(admin, body).await), StaffingRefusal::BodyInactive);
}

#[tokio::test]
async fn codes_cannot_be_guessed_one_after_the_other() {
    let town = Town::new();
    let admin = town.administrator().await;
    let body = town.body(admin, "医師会").await.unwrap();
    let code = town.invite(admin, body.id).await.unwrap();
    let (member, other) = (town.member("U-member").await, town.member("U-other").await);
    let began = town.centre.now();
    for number in 0..MAX_CODE_FAILURES {
        let tried = town.redeem(member, &guess(200 + u8::try_from(number).unwrap())).await;
        assert_eq!(tried, Redemption::Unknown);
        town.clock.advance(Duration::from_mins(1));
    }
    let until = began + Duration::from_hours(1);
    assert_eq!(town.redeem(member, &code).await, Redemption::TooMany { until }, "even with the right one");
    assert!(matches!(town.redeem(other, &guess(1)).await, Redemption::Unknown), "each for themselves");
    town.clock.set(until);
    assert_eq!(town.redeem(member, &code).await, Redemption::Submitter(body));
}

#[tokio::test]
async fn an_audience_is_who_it_says() {
    let town = Town::new();
    let (nurse, dentist) = (town.member("U-nurse").await, town.member("U-dentist").await);
    town.follow("U-friend").await;
    town.member("U-gone").await;
    town.unfollow("U-gone").await;
    let profession = |name: &str| Profession(name.to_owned());
    town.profile(nurse, &[ProfileChange::Profession(Some(profession("Nurse")))]).await.unwrap();
    town.profile(dentist, &[ProfileChange::Topics([Category::Notice].into_iter().collect())]).await.unwrap();
    for (audience, expected) in [
        (Audience::Members, vec![nurse, dentist]),
        (Audience::Where(Expr::Profession(profession("Nurse"))), vec![nurse]),
        (Audience::Where(Expr::Topic(Category::Training)), vec![nurse]),
        (Audience::Where(Expr::Not(Box::new(Expr::Profession(profession("Nurse"))))), vec![dentist]),
    ] {
        let members = town.centre.audience_members(&audience).await.unwrap();
        assert_eq!(members.iter().map(|member| member.id).collect::<Vec<_>>(), expected, "{audience:?}");
        assert_eq!(town.centre.audience_size(&audience).await.unwrap(), expected.len() as u64);
    }
    assert_eq!(town.centre.audience_size(&Audience::AllFriends).await.unwrap(), 3);
    let page = town.centre.registered_members(None, 1).await.unwrap();
    assert_eq!(page.items[0].value.id, nurse);
    let page = town.centre.registered_members(page.next, 1).await.unwrap();
    assert_eq!(page.items[0].value.id, dentist);
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let town = Town::new();
    let admin = town.administrator().await;
    let again = town.centre.transact(|mut work| async move {
        let staff = work.create_first_administrator(account("second", &[])).await?;
        work.done(staff)
    });
    assert_eq!(refusal(again.await), StaffingRefusal::NotFirst);
    let list = town.centre.staff_list().await.unwrap();
    assert_eq!(list.iter().map(|staff| staff.id).collect::<Vec<_>>(), [admin]);
}

#[tokio::test]
async fn two_first_administrators_at_once_are_one() {
    let town = Town::new();
    let first_try = std::sync::atomic::AtomicBool::new(true);
    let (here, first_try) = (&town, &first_try);
    let done = town.centre.transact(|mut work| async move {
        let staff = work.create_first_administrator(account("late", &[])).await?;
        if first_try.swap(false, std::sync::atomic::Ordering::SeqCst) {
            here.administrator().await;
        }
        work.done(staff)
    });
    assert_eq!(refusal(done.await), StaffingRefusal::NotFirst);
    assert_eq!(town.store.count(&Scan::keys(Staff::KIND)).await.unwrap(), 1);
}

#[tokio::test]
async fn an_account_needs_a_login_of_its_own_a_name_and_a_role() {
    let town = Town::new();
    let admin = town.administrator().await;
    let make = |account: lupinus_core::service::NewStaff| {
        let account = std::sync::Arc::new(account);
        town.centre.transact(move |mut work| {
            let account = account.as_ref().clone();
            async move {
                let staff = work.create_staff(By::Staff(admin), account).await?;
                work.done(staff)
            }
        })
    };
    let checker = [Role::Checker];
    assert_eq!(make(account(" Kaori ", &checker)).await.unwrap().login, "kaori");
    assert_eq!(refusal(make(account("KAORI", &checker)).await), StaffingRefusal::LoginTaken);
    assert_eq!(refusal(make(account("香織", &checker)).await), StaffingRefusal::BadLogin);
    assert_eq!(refusal(make(account("jun", &[])).await), StaffingRefusal::NoRole);
    let nameless = lupinus_core::service::NewStaff { name: " ".to_owned(), ..account("jun", &checker) };
    assert_eq!(refusal(make(nameless).await), StaffingRefusal::BadName);
    assert!(town.centre.staff_by_login("Kaori").await.unwrap().is_some());
}

#[tokio::test]
async fn only_an_administrator_manages_accounts_and_bodies() {
    let town = Town::new();
    let admin = town.administrator().await;
    for role in [Role::Checker, Role::Approver, Role::Consultant, Role::Auditor] {
        let by = town.staff(admin, &format!("{role:?}"), &[role]).await;
        let made = town.roles(by, by, &[Role::Administrator], SoleAdministrator::Accept).await;
        assert!(matches!(made, Err(ServiceError::NotAllowed)), "{role:?}");
        assert!(matches!(town.body(by, "団体").await, Err(ServiceError::NotAllowed)), "{role:?}");
        let refused = town.deactivate(by, admin, SoleAdministrator::Accept).await;
        assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{role:?}");
    }
    town.body(admin, "団体").await.unwrap();
    assert_eq!(refusal(town.body(admin, " 団体 ").await), StaffingRefusal::NameTaken);
}

#[tokio::test]
async fn the_last_administrator_stays_and_the_last_but_one_goes_only_knowingly() {
    // R23
    let town = Town::new();
    let first = town.administrator().await;
    let second = town.staff(first, "second", &[Role::Administrator, Role::Checker]).await;
    let (refuse, accept) = (SoleAdministrator::Refuse, SoleAdministrator::Accept);

    let silent = town.roles(first, second, &[Role::Checker], refuse).await;
    assert_eq!(refusal(silent), StaffingRefusal::OneAdministratorLeft);
    assert_eq!(refusal(town.deactivate(first, second, refuse).await), StaffingRefusal::OneAdministratorLeft);
    let (changed, administrators) = town.roles(first, second, &[Role::Checker], accept).await.unwrap();
    assert_eq!((changed.roles, administrators), (roles(&[Role::Checker]), 1));

    for sole in [refuse, accept] {
        let gone = town.roles(first, first, &[Role::Checker], sole).await;
        assert_eq!(refusal(gone), StaffingRefusal::LastAdministrator);
        assert_eq!(refusal(town.deactivate(first, first, sole).await), StaffingRefusal::LastAdministrator);
    }
    // Somebody who is no administrator goes without a question.
    assert_eq!(town.deactivate(first, second, refuse).await.unwrap(), 1);
    let signed_in = town.sign_in(second).await;
    assert!(matches!(signed_in, Err(ServiceError::NotAllowed)), "{signed_in:?}");
}

#[tokio::test]
async fn two_administrators_who_remove_each_other_leave_one() {
    // R23
    let town = Town::new();
    let first = town.administrator().await;
    let second = town.staff(first, "second", &[Role::Administrator]).await;
    let first_try = std::sync::atomic::AtomicBool::new(true);
    let (here, first_try) = (&town, &first_try);
    let done = town.centre.transact(|mut work| async move {
        let changed = work.deactivate_staff(By::Staff(first), second, SoleAdministrator::Accept).await?;
        if first_try.swap(false, std::sync::atomic::Ordering::SeqCst) {
            here.deactivate(second, first, SoleAdministrator::Accept).await?;
        }
        work.done(changed)
    });
    let refused = done.await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    let active = town.centre.staff_list().await.unwrap().into_iter().filter(|staff| staff.active);
    assert_eq!(active.map(|staff| staff.id).collect::<Vec<_>>(), [second]);
}

#[tokio::test]
async fn failures_in_a_row_lock_an_account_for_a_while() {
    // R22
    let policy = Policy { lockout: (3, Duration::from_mins(15)), ..Policy::default() };
    let town = Town::with(policy);
    let admin = town.administrator().await;
    assert_eq!(town.fail_to_sign_in("nobody").await, None);
    assert_eq!(town.fail_to_sign_in("admin").await, None);
    assert_eq!(town.fail_to_sign_in("Admin").await, None);
    town.sign_in(admin).await.unwrap();
    assert_eq!(town.fail_to_sign_in("admin").await, None);
    assert_eq!(town.fail_to_sign_in("admin").await, None);
    let until = town.centre.now() + Duration::from_mins(15);
    assert_eq!(town.fail_to_sign_in("admin").await, Some(until));
    let before = town.trail().await.len();
    town.clock.advance(Duration::from_mins(14));
    assert_eq!(town.fail_to_sign_in("admin").await, Some(until), "no longer by trying on");
    assert_eq!(town.trail().await.len(), before);
    let refused = town.sign_in(admin).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "even with the right password");
    town.clock.advance(Duration::from_mins(1));
    let staff = town.sign_in(admin).await.unwrap();
    assert_eq!((staff.failures, staff.locked_until), (0, None));
}

#[tokio::test]
async fn a_password_is_changed_by_its_owner_or_an_administrator() {
    let town = Town::new();
    let admin = town.administrator().await;
    let (kaori, jun) = (
        town.staff(admin, "kaori", &[Role::Checker]).await,
        town.staff(admin, "jun", &[Role::Checker]).await,
    );
    let set = |by: StaffId, text: &'static str| {
        town.centre.transact(move |mut work| async move {
            work.set_password(By::Staff(by), kaori, PasswordHash::new(text)).await?;
            work.done(())
        })
    };
    assert!(matches!(set(jun, "$one").await, Err(ServiceError::NotAllowed)));
    set(kaori, "$two").await.unwrap();
    for _ in 0..5 {
        town.fail_to_sign_in("kaori").await;
    }
    assert!(town.centre.is_locked(&town.centre.staff(kaori).await.unwrap().value).is_some());
    set(admin, "$three").await.unwrap();
    let staff = town.centre.staff(kaori).await.unwrap().value;
    assert_eq!(town.centre.is_locked(&staff), None);
    assert_eq!(staff.password.expose(), "$three");
    assert!(!town.holds("$two").await);
    assert!(town.trail().await.iter().all(|entry| !entry.detail.to_string().contains('$')));
}

#[tokio::test]
async fn nobody_is_their_own_deputy() {
    let town = Town::new();
    let admin = town.administrator().await;
    let gone = town.staff(admin, "gone", &[Role::Checker]).await;
    town.deactivate(admin, gone, SoleAdministrator::Refuse).await.unwrap();
    let set = |deputies: BTreeSet<StaffId>| {
        town.centre.transact(move |mut work| {
            let deputies = deputies.clone();
            async move {
                work.set_deputies(By::Staff(admin), admin, deputies).await?;
                work.done(())
            }
        })
    };
    for deputy in [admin, gone] {
        assert_eq!(refusal(set([deputy].into_iter().collect()).await), StaffingRefusal::BadDeputy);
    }
    set(BTreeSet::new()).await.unwrap();
}

#[tokio::test]
async fn what_waits_for_one_who_leaves_is_dropped_and_others_keep_theirs() {
    let town = Town::new();
    let (nurse, other) = (town.member("U-nurse").await, town.member("U-other").await);
    for (member, words) in [(nurse, "これは届かない"), (other, "これは届く")] {
        let recipient = town.reply_to(member).await;
        let message = Message::Native { object: serde_json::json!({ "text": words }) };
        let done = town.centre.transact(|mut work| {
            let (recipient, message) = (recipient.clone(), message.clone());
            async move {
                work.send(recipient, vec![message], Sort::Personal, None, None)?;
                work.done(())
            }
        });
        done.await.unwrap();
    }
    town.leave(nurse).await.unwrap();
    assert!(!town.holds("届かない").await);
    assert_eq!(town.said_to(other).await.len(), 1);
    assert!(town.centre.member_by_contact(&ContactId::new("U-nurse")).await.unwrap().is_none());
}
