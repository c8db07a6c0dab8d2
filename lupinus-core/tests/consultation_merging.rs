//! Two threads of one member that are one matter, and what comes after the end.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod consulting;
mod people;

use consulting::{World, actor, answer, check, monday, said};
use jiff::Timestamp;
use lupinus_core::{
    actor::Role,
    consultation::{Command, Consultation, Desk, Rating, Refusal, State},
    ids::{BodyId, ConsultationId, MemberId, StaffId},
    outbox::Message,
    service::{By, ServiceError},
};
use people::Town;
use uuid::Uuid;

use crate::consulting::DAY;

/// A consultation of the member as `number`, opened and brought to this state.
fn thread(world: &mut World, number: u128, state: &str, at: Timestamp) -> Consultation {
    let id = ConsultationId::from_uuid(Uuid::from_u128(number));
    let open = Consultation { id, ..world.open(at).next };
    let steps: &[Command] = match state {
        "open" => &[],
        "assigned" => &[Command::Take],
        "awaiting" => &[Command::Take, answer()],
        "resolved" => &[Command::Take, answer(), Command::Resolve],
        "never taken" => &[],
        other => panic!("{other}"),
    };
    let mut next = open;
    for command in steps {
        next = world.then(&next, command.clone(), "consultant", at);
    }
    if state == "never taken" { world.then(&next, Command::Resolve, "member", at) } else { next }
}

#[test]
fn a_merge_ends_the_later_one_and_the_earlier_one_is_as_open_as_it_was() {
    let mut world = World::new();
    let long_ago = monday() - 30 * DAY;
    for (earlier, later, expected) in [
        ("resolved", "open", "assigned"),
        ("resolved", "assigned", "assigned"),
        ("resolved", "awaiting", "awaiting_member"),
        ("resolved", "resolved", "resolved"),
        ("awaiting", "resolved", "awaiting_member"),
        ("never taken", "open", "open"),
        ("never taken", "awaiting", "awaiting_member"),
    ] {
        let first = thread(&mut world, 1, earlier, long_ago);
        let second = thread(&mut world, 2, later, monday());
        let consultant = actor("consultant");
        let cx = world.context(&consultant, monday());
        let merged = first.merge(&second, &cx).unwrap();
        let cell = format!("{later} into {earlier}");
        assert_eq!(merged.earlier.state.name(), expected, "{cell}");
        check(&merged.earlier, &cell);
        check(&merged.later, &cell);
        assert_eq!((merged.later.is_resolved(), merged.later.merged_into), (true, Some(first.id)), "{cell}");
        assert_eq!((&merged.earlier.thread, &merged.later.thread), (&first.thread, &second.thread), "{cell}");
        assert_eq!(merged.earlier.waiting_since, second.waiting_since, "{cell}");
    }
}

#[test]
fn what_is_no_pair_is_not_merged() {
    let mut world = World::new();
    let first = thread(&mut world, 1, "resolved", monday() - 30 * DAY);
    let second = thread(&mut world, 2, "open", monday());
    let open = thread(&mut world, 3, "open", monday());
    let stranger = Consultation { member: MemberId::from_uuid(Uuid::from_u128(2)), ..second.clone() };
    let gone = Consultation { merged_into: Some(first.id), ..second.clone() };
    for (name, one, other, who, refusal) in [
        ("another member's", &first, &stranger, "consultant", Refusal::NotMergeable),
        ("the wrong way round", &second, &first, "consultant", Refusal::NotMergeable),
        ("both open", &open, &second, "consultant", Refusal::NotMergeable),
        ("with itself", &first, &first, "consultant", Refusal::NotMergeable),
        ("twice", &first, &gone, "consultant", Refusal::Merged),
        ("by a checker", &first, &second, "checker", Refusal::NotAllowed),
        ("by its member", &first, &second, "member", Refusal::NotAllowed),
    ] {
        let actor = actor(who);
        let cx = world.context(&actor, monday());
        assert_eq!(one.merge(other, &cx), Err(refusal), "{name}");
    }
    let consultant = actor("consultant");
    let merged = first.merge(&second, &world.context(&consultant, monday())).unwrap();
    let reopened = world.decide(&merged.later, Command::Reopen, "consultant", monday());
    assert_eq!(reopened.unwrap_err(), Refusal::Merged);
    let more = Command::Message(said("もう1件あります", "m9"));
    assert_eq!(world.decide(&merged.later, more, "member", monday()).unwrap_err(), Refusal::WindowOver);
}

#[test]
fn thanks_after_an_answer_wake_nobody_and_anything_more_does() {
    let mut world = World::new();
    let thanks = || Command::Message(said("了解しました。ありがとうございます!", "m2"));
    let awaiting = thread(&mut world, 1, "awaiting", monday());
    let thanked = world.decide(&awaiting, thanks(), "member", monday()).unwrap();
    assert_eq!((thanked.next.state, thanked.next.waiting_since), (awaiting.state, None));
    assert_eq!((thanked.next.thread.len(), thanked.tell.len()), (3, 0));
    let more = Command::Message(said("ありがとうございます。夜間もお願いできますか", "m3"));
    assert_eq!(world.then(&awaiting, more, "member", monday()).state.name(), "assigned");
    // Thanks may say yes to what was asked.
    let asked =
        Command::Answer { text: "こちらからお電話してもよろしいですか。".to_owned() };
    let asked = world.then(&awaiting, asked, "consultant", monday());
    assert_eq!(world.then(&asked, thanks(), "member", monday()).state.name(), "assigned");
    // Whoever waits for the centre goes on waiting.
    let open = thread(&mut world, 2, "assigned", monday());
    assert_eq!(world.then(&open, thanks(), "member", monday()).waiting_since, open.waiting_since);
    let over = thread(&mut world, 3, "resolved", monday());
    assert!(world.then(&over, thanks(), "member", monday()).is_resolved());
    let late = world.decide(&over, thanks(), "member", monday() + 20 * DAY);
    assert_eq!(late.unwrap_err(), Refusal::WindowOver);
}

struct Case {
    town: Town,
    admin: StaffId,
    consultant: StaffId,
    colleague: StaffId,
    nurse: MemberId,
    first: ConsultationId,
    second: ConsultationId,
}

/// An old consultation of a nurse that is over, and a new one about the same.
async fn two_of_one_member() -> Case {
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let colleague = town.staff(admin, "jun", &[Role::Consultant]).await;
    let nurse = town.member("U-nurse").await;
    let first = town.ask(nurse, "吸引器の業者は?", "m1").await.unwrap().consultation;
    town.answer(consultant, first, "2社あります。").await;
    town.command(By::Staff(consultant), first, Command::Resolve).await.unwrap();
    town.clock.advance(30 * DAY);
    let second = town.ask(nurse, "吸引器の件の続きです。", "m2").await.unwrap().consultation;
    assert_ne!(first, second);
    Case { town, admin, consultant, colleague, nurse, first, second }
}

impl Case {
    async fn merge(&self, by: StaffId) -> Result<(), ServiceError> {
        let (earlier, later) = (self.first, self.second);
        let merged = self.town.centre.transact(|mut work| async move {
            work.merge_consultations(By::Staff(by), earlier, later).await?;
            work.done(())
        });
        merged.await
    }

    async fn read(&self, id: ConsultationId) -> Consultation {
        self.town.centre.consultation(By::System, id).await.unwrap().value
    }
}

#[tokio::test]
async fn of_two_who_merge_at_once_one_wins_and_the_other_is_told() {
    let case = two_of_one_member().await;
    let (one, other) = tokio::join!(case.merge(case.consultant), case.merge(case.colleague));
    let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused[..], [ServiceError::Consultation(Refusal::Merged)]), "{refused:?}");
    assert_eq!(case.read(case.second).await.merged_into, Some(case.first));
    assert!(case.town.centre.verify_audit(|_| ()).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn what_a_member_says_after_a_merge_goes_to_the_earlier_one_also_when_that_is_over() {
    let case = two_of_one_member().await;
    case.merge(case.consultant).await.unwrap();
    let asked = case.town.ask(case.nurse, "もう1件あります。", "m3").await.unwrap();
    assert_eq!(asked.consultation, case.first);
    case.town.command(By::Staff(case.consultant), case.first, Command::Resolve).await.unwrap();
    let asked = case.town.ask(case.nurse, "まだ続きがあります。", "m4").await.unwrap();
    assert_eq!((asked.consultation, asked.reopened), (case.first, true));
    let refused = case.town.command(By::Staff(case.consultant), case.second, Command::Reopen).await;
    assert!(matches!(refused, Err(ServiceError::Consultation(Refusal::AnotherUnresolved))), "{refused:?}");
}

#[tokio::test]
async fn whoever_reopens_has_it_unless_its_member_has_another_one_open() {
    let case = two_of_one_member().await;
    let by = By::Staff(case.colleague);
    let refused = case.town.command(by, case.first, Command::Reopen).await;
    assert!(matches!(refused, Err(ServiceError::Consultation(Refusal::AnotherUnresolved))), "{refused:?}");
    case.town.command(by, case.second, Command::Resolve).await.unwrap();
    case.town.command(by, case.first, Command::Reopen).await.unwrap();
    assert_eq!(case.read(case.first).await.state, State::Assigned { to: case.colleague });
}

#[tokio::test]
async fn a_rating_is_the_members_own_and_the_last_tap_counts() {
    let case = two_of_one_member().await;
    let stranger = case.town.member("U-other").await;
    let id = case.second;
    case.town.command(By::Staff(case.consultant), id, Command::Resolve).await.unwrap();
    let rate = async |member: MemberId, rating: Rating| {
        let rated = case.town.centre.transact(|mut work| async move {
            work.rate_consultation(By::Member(member), id, rating).await?;
            work.done(())
        });
        rated.await
    };
    assert!(matches!(rate(stranger, Rating::Poor).await, Err(ServiceError::NotFound(_))));
    rate(case.nurse, Rating::Poor).await.unwrap();
    rate(case.nurse, Rating::Good).await.unwrap();
    assert_eq!(case.read(id).await.rated.map(|rated| rated.rating), Some(Rating::Good));
    let month = "2026-11".parse().unwrap();
    let figures = case.town.centre.figures(By::Staff(case.consultant), month).await.unwrap();
    assert_eq!(figures.consultations.by_rating, [(Rating::Good, 1)].into_iter().collect());
}

// R7
#[tokio::test]
async fn a_body_is_asked_by_a_summary_that_names_nobody_and_the_member_is_told() {
    let case = two_of_one_member().await;
    let admin = By::Staff(case.admin);
    let body = case.town.centre.transact(|mut work| async move {
        let body = work.create_body(admin, "歯科医師会").await?;
        work.done(body.id)
    });
    let body: BodyId = body.await.unwrap();
    let by = By::Staff(case.consultant);
    let refer = |summary: &str| Command::Refer { to: body, summary: summary.to_owned() };
    let nobody = case.town.command(by, case.second, refer("往診できる歯科はありますか。")).await;
    assert!(matches!(nobody, Err(ServiceError::Consultation(Refusal::NobodyThere))), "{nobody:?}");
    let (_, code) = case
        .town
        .centre
        .transact(|mut work| async move {
            let made = work.invite(admin, body).await?;
            work.done(made)
        })
        .await
        .unwrap();
    let secretary = case.town.member("U-secretary").await;
    let code = &code;
    case.town
        .centre
        .transact(|mut work| async move {
            work.redeem_code(By::Member(secretary), code).await?;
            work.done(())
        })
        .await
        .unwrap();
    let named = case.town.command(by, case.second, refer("患者の電話は090-1234-5678です。")).await;
    assert!(matches!(named, Err(ServiceError::PersonalInformation(_))), "{named:?}");
    let handled = case.town.command(by, case.second, refer("往診できる歯科はありますか。")).await.unwrap();
    assert_eq!(handled.consultation.notes[0].handed_to, Some(Desk::Body(body)));
    let sent = case.town.outbox().await;
    let has = |message: &Message| sent.iter().any(|item| item.messages.contains(message));
    assert!(has(&Message::ConsultationReferral {
        summary: "往診できる歯科はありますか。".to_owned()
    }));
    assert!(has(&Message::ConsultationReferredOn { consultation: case.second }));
}
