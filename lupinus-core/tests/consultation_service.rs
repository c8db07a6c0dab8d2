//! Consultations through the services: what is stored, what is said to whom, what the trail holds.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod people;

use std::time::Duration;

use lupinus_core::{
    actor::{Permission, Role},
    consultation::{Command, Consultation, Refusal, State, Voice},
    ids::{ConsultationId, MemberId, StaffId},
    outbox::{Message, Recipient, Sort},
    policy::Policy,
    post::Look,
    screening::{AllowReason, Allowance, Context, FileText, PiiKind, TextReader},
    service::{By, ConsultationFilter, LookedInto, ServiceError, Vetting, WordDecision},
    store::{Entity, Scan, Store},
};
use people::{Town, at};

const DAY: Duration = Duration::from_hours(24);

struct Desk {
    town: Town,
    admin: StaffId,
    consultant: StaffId,
    colleague: StaffId,
    nurse: MemberId,
}

async fn desk() -> Desk {
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let colleague = town.staff(admin, "jun", &[Role::Consultant]).await;
    let nurse = town.member("U-nurse").await;
    Desk { town, admin, consultant, colleague, nurse }
}

impl Desk {
    async fn consultation(&self, id: ConsultationId) -> Consultation {
        self.town.centre.consultation(By::System, id).await.unwrap().value
    }

    async fn list(&self, filter: ConsultationFilter) -> Vec<ConsultationId> {
        let by = By::Staff(self.consultant);
        let page = self.town.centre.consultations(by, filter, None, 100).await.unwrap();
        page.items.into_iter().map(|stored| stored.value.id).collect()
    }

    async fn unsend(&self, by: MemberId, message: &str) -> Option<ConsultationId> {
        let done = self.town.centre.transact(|mut work| async move {
            let erased = work.unsend(By::Member(by), message).await?;
            work.done(erased)
        });
        done.await.unwrap()
    }
}

#[tokio::test]
async fn a_question_is_answered_and_resolved() {
    let desk = desk().await;
    let town = &desk.town;
    let asked = town.ask(desk.nurse, "週末に使える吸引器の業者は?", "m1").await.unwrap();
    assert!(!asked.joined && !asked.reopened && asked.told && asked.closed_until.is_none());
    assert_eq!(desk.list(ConsultationFilter::Waiting).await, [asked.consultation]);

    let handled = town.answer(desk.consultant, asked.consultation, "2社あります。").await;
    assert!(handled.told);
    assert_eq!(handled.consultation.state, State::AwaitingMember { to: desk.consultant });
    assert!(desk.list(ConsultationFilter::Waiting).await.is_empty());
    assert_eq!(desk.list(ConsultationFilter::Mine(desk.consultant)).await, [asked.consultation]);

    let recipient = town.reply_to(desk.nurse).await;
    let (nurse, id) = (desk.nurse, asked.consultation);
    let done = town.centre.transact(|mut work| {
        let recipient = recipient.clone();
        async move {
            work.resolve_by_member(By::Member(nurse), id, recipient).await?;
            work.done(())
        }
    });
    done.await.unwrap();
    assert_eq!(
        town.said_to(desk.nurse).await,
        [
            Message::ConsultationReceived { consultation: id, closed_until: None, joined: false },
            Message::ConsultationAnswer { consultation: id, text: "2社あります。".to_owned() },
            Message::ConsultationResolved { consultation: id, by_silence: false },
        ]
    );
    assert_eq!(desk.list(ConsultationFilter::Resolved).await, [id]);
    let items = town.outbox().await;
    assert!(items.iter().all(|item| item.sort == Sort::Personal && item.subject.is_some()));
    assert!(matches!(items[1].recipient, Recipient::Person(_)));
    let actions = town.actions().await;
    let expected =
        ["opened", "taken", "answered", "resolved_by_member"].map(|verb| format!("consultation.{verb}"));
    let found: Vec<_> = actions.into_iter().filter(|action| action.starts_with("consultation.")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_a_member_says_next_joins_the_open_consultation() {
    let desk = desk().await;
    let first = desk.town.ask(desk.nurse, "一つ目です", "m1").await.unwrap();
    let second = desk.town.ask(desk.nurse, "二つ目です", "m2").await.unwrap();
    assert_eq!(second.consultation, first.consultation);
    assert!(second.joined && !second.told);
    let texts: Vec<_> =
        desk.consultation(first.consultation).await.thread.into_iter().map(|e| e.text.unwrap()).collect();
    assert_eq!(texts, ["一つ目です", "二つ目です"]);
}

#[tokio::test]
async fn fifty_messages_in_a_row_make_one_consultation() {
    let desk = desk().await;
    let mut consultations = Vec::new();
    for number in 0..50 {
        let asked = desk.town.ask(desk.nurse, &format!("質問{number}"), &format!("m{number}")).await;
        consultations.push(asked.unwrap().consultation);
    }
    consultations.dedup();
    assert_eq!(consultations.len(), 1);
    assert_eq!(desk.consultation(consultations[0]).await.thread.len(), 50);
}

#[tokio::test]
async fn two_first_messages_racing_open_one_consultation() {
    let desk = desk().await;
    let nurse = desk.nurse;
    let recipient = desk.town.reply_to(nurse).await;
    // The other message arrives between the decision and the commit of this one.
    let first_try = std::sync::atomic::AtomicBool::new(true);
    let (town, first_try) = (&desk.town, &first_try);
    let done = town.centre.transact(|mut work| {
        let recipient = recipient.clone();
        async move {
            let said = lupinus_core::consultation::Said {
                text: "こちらが後になります".to_owned(),
                masked: Vec::new(),
                channel_message: None,
                topic: None,
            };
            let asked = work.ask(By::Member(nurse), said, recipient).await?;
            if first_try.swap(false, std::sync::atomic::Ordering::SeqCst) {
                town.ask(nurse, "こちらが先になります", "m1").await?;
            }
            work.done(asked)
        }
    });
    let asked = done.await.unwrap();
    assert!(asked.joined);
    assert_eq!(town.store.count(&Scan::keys(Consultation::KIND)).await.unwrap(), 1);
    assert_eq!(desk.consultation(asked.consultation).await.thread.len(), 2);
}

#[tokio::test]
async fn a_resolved_consultation_is_taken_up_again_within_the_window_and_not_after() {
    let desk = desk().await;
    let town = &desk.town;
    let first = town.ask(desk.nurse, "一つ目です", "m1").await.unwrap().consultation;
    town.answer(desk.consultant, first, "こうです。").await;
    town.command(By::Staff(desk.consultant), first, Command::Resolve).await.unwrap();
    town.clock.advance(7 * DAY);
    let again = town.ask(desk.nurse, "続きです", "m2").await.unwrap();
    assert!(again.joined && again.reopened && again.told);
    assert_eq!(again.consultation, first);
    assert_eq!(desk.consultation(first).await.state, State::Assigned { to: desk.consultant });

    town.command(By::Staff(desk.consultant), first, Command::Resolve).await.unwrap();
    town.clock.advance(14 * DAY);
    let other = town.ask(desk.nurse, "別の話です", "m3").await.unwrap();
    assert!(!other.joined && !other.reopened);
    assert_ne!(other.consultation, first);
    let own = town.centre.consultations_of(desk.nurse, None, 10).await.unwrap();
    let own: Vec<_> = own.items.into_iter().map(|stored| stored.value.id).collect();
    assert_eq!(own, [other.consultation, first]);
}

#[tokio::test]
async fn outside_opening_hours_the_member_hears_when_the_centre_opens_once() {
    let desk = desk().await;
    let town = &desk.town;
    town.clock.set(at("2026-10-10T09:00:00+09:00")); // Saturday; the Monday after is a public holiday.
    let opening = Some(at("2026-10-13T08:30:00+09:00"));
    let first = town.ask(desk.nurse, "週末にすみません", "m1").await.unwrap();
    assert_eq!((first.closed_until, first.told), (opening, true));
    town.clock.advance(Duration::from_hours(30));
    let second = town.ask(desk.nurse, "追加です", "m2").await.unwrap();
    assert_eq!((second.closed_until, second.told), (opening, false));
    assert_eq!(
        town.said_to(desk.nurse).await,
        [Message::ConsultationReceived {
            consultation: first.consultation,
            closed_until: opening,
            joined: false
        }]
    );
    // Nobody is in at night: the wait is counted in opening hours.
    town.clock.set(at("2026-10-13T09:00:00+09:00"));
    let figures = town.centre.consultation_figures().await.unwrap();
    assert_eq!((figures.waiting, figures.unresolved), (1, 1));
    assert_eq!(figures.oldest_waiting, Some(Duration::from_mins(30)));
}

#[tokio::test]
async fn personal_information_is_masked_even_when_it_comes_unmasked_this_far() {
    // R7, R8
    let desk = desk().await;
    let asked = desk.town.ask(desk.nurse, "連絡先は090-1234-5678です", "m1").await.unwrap();
    assert!(!desk.town.holds("1234-5678").await);
    let entry = desk.consultation(asked.consultation).await.thread.remove(0);
    assert_eq!(entry.text.as_deref(), Some("連絡先は██電話番号██です"));
    assert_eq!(entry.masked, [PiiKind::Phone]);
    let items = desk.town.outbox().await;
    assert_eq!(items.len(), 1, "one item holds both messages");
    let consultation = asked.consultation;
    assert_eq!(
        items[0].messages,
        [
            Message::ConsultationMasked { consultation, kinds: vec![PiiKind::Phone] },
            Message::ConsultationReceived { consultation, closed_until: None, joined: false },
        ]
    );
}

#[tokio::test]
async fn the_present_rules_come_before_a_consultation() {
    // R6
    let town = Town::with(Policy { rules_version: "2".to_owned(), ..Policy::default() });
    let friend = town.follow("U-friend").await.id;
    let refused = town.ask(friend, "質問です", "m1").await;
    assert!(matches!(refused, Err(ServiceError::RulesNotAccepted)), "{refused:?}");
    let member = town.accept(friend).await.unwrap();
    assert_eq!(member.consent.unwrap().rules_version, "2");
    town.ask(friend, "質問です", "m1").await.unwrap();

    let newer = lupinus_core::service::Centre::new(
        std::sync::Arc::new(town.store.clone()),
        town.clock.clone(),
        std::sync::Arc::new(people::CountingIds::default()),
        lupinus_core::screening::Screen::default(),
        Policy { rules_version: "3".to_owned(), ..Policy::default() },
    );
    let town = Town { centre: newer, ..town };
    let refused = town.ask(friend, "もう一つ", "m2").await;
    assert!(matches!(refused, Err(ServiceError::RulesNotAccepted)), "{refused:?}");
}

#[tokio::test]
async fn an_answer_with_personal_information_is_not_sent() {
    // R7
    let desk = desk().await;
    let id = desk.town.ask(desk.nurse, "連絡先は?", "m1").await.unwrap().consultation;
    let by = By::Staff(desk.consultant);
    desk.town.command(by, id, Command::Take).await.unwrap();
    for command in [
        Command::Answer { text: "090-1234-5678へどうぞ".to_owned() },
        Command::Note { text: "娘さんは090-1234-5678".to_owned() },
    ] {
        let refused = desk.town.command(by, id, command).await;
        let Err(ServiceError::PersonalInformation(marks)) = refused else { panic!("{refused:?}") };
        assert!(marks.iter().any(|mark| mark.kind == PiiKind::Phone));
    }
    assert!(!desk.town.holds("1234-5678").await);
    assert_eq!(desk.consultation(id).await.state, State::Assigned { to: desk.consultant });
}

/// An answer, with what its writer says of what screening finds in it.
async fn vetted(
    desk: &Desk,
    id: ConsultationId,
    text: &str,
    vetting: Vetting,
) -> Result<lupinus_core::service::Handled, ServiceError> {
    let (by, vetting) = (By::Staff(desk.consultant), &vetting);
    desk.town
        .centre
        .transact(|mut work| async move {
            let command = Command::Answer { text: text.to_owned() };
            let handled = work.vetted_consultation_command(by, id, command, vetting).await?;
            work.done(handled)
        })
        .await
}

#[tokio::test]
async fn a_finding_in_an_answer_is_let_pass_with_a_reason_and_becomes_a_suggestion_that_counts_once_accepted()
{
    // R7, R10
    let desk = desk().await;
    let town = &desk.town;
    let id = town.ask(desk.nurse, "連絡先は?", "m1").await.unwrap().consultation;
    let by = By::Staff(desk.consultant);
    town.command(by, id, Command::Take).await.unwrap();
    let text = "相談員の携帯は090-1234-5678です。";
    let allowance = |text: &str, reason, comment: Option<&str>| Allowance {
        kind: PiiKind::Phone,
        text: text.to_owned(),
        reason,
        comment: comment.map(str::to_owned),
    };
    let with = |allowance| Vetting { allowed: vec![allowance], confirmed: false };
    // Not without a reason, not by another number, and not with somebody's name as the reason.
    let refused = vetted(&desk, id, text, with(allowance("090-1234-5678", AllowReason::Other, None))).await;
    assert!(matches!(refused, Err(ServiceError::WordList)), "{refused:?}");
    let other = allowance("090-8765-4321", AllowReason::Organisation, None);
    let refused = vetted(&desk, id, text, with(other)).await;
    assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))), "{refused:?}");
    let named = allowance("090-1234-5678", AllowReason::Other, Some("山田花子さんの同意"));
    let refused = vetted(&desk, id, text, with(named)).await;
    assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))), "{refused:?}");
    assert!(!town.holds("1234-5678").await);

    let given = allowance("090-1234-5678", AllowReason::Organisation, Some("貸与された業務用です"));
    vetted(&desk, id, text, with(given)).await.unwrap();
    let entry = desk.consultation(id).await.thread.remove(1);
    assert_eq!(entry.text.as_deref(), Some(text));
    let trail = town.trail().await;
    let said: Vec<_> = trail.iter().filter(|entry| entry.action.ends_with("allowed")).collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].detail, serde_json::json!({ "kind": "phone", "reason": "organisation" }));
    let all = serde_json::to_string(&trail).unwrap();
    assert!(!all.contains("1234-5678") && !all.contains("貸与"), "the trail names kind and reason, no words");

    // A suggestion counts for nothing; accepted it counts for everybody.
    let again = "娘の携帯は090-1234-5678です";
    let blocks =
        || town.centre.screen().check(again, lupinus_core::screening::Context::Consultation).blocks();
    assert!(blocks());
    let refused = town.centre.listed_words(by, false, None, 10).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    let admin = desk.admin;
    let words = town.centre.listed_words(By::Staff(admin), false, None, 10).await.unwrap().items;
    assert_eq!(words.len(), 1);
    let id_of = words[0].value.id;
    let refused = town.centre.decide_word(by, id_of, WordDecision::Accept).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    town.centre.decide_word(By::Staff(admin), id_of, WordDecision::Accept).await.unwrap();
    assert!(!blocks());
    // Whoever still has the list of before them changes nothing of it.
    for late in [WordDecision::Decline, WordDecision::Accept] {
        let late = town.centre.decide_word(By::Staff(admin), id_of, late).await;
        assert!(matches!(late, Err(ServiceError::NotFound(_))), "{late:?}");
    }
    assert_eq!(town.centre.suggested_words().await.unwrap(), 0);

    // Who starts again finds it; taken off, it counts no more and is gone.
    town.centre.screen().accept(lupinus_core::screening::AllowList::default());
    assert!(blocks(), "the premise");
    town.centre.reload_words().await.unwrap();
    assert!(!blocks());
    town.centre.decide_word(By::Staff(admin), id_of, WordDecision::Remove).await.unwrap();
    assert!(blocks());
    let kept = town.centre.listed_words(By::Staff(admin), true, None, 10).await.unwrap().items;
    assert!(kept.is_empty());
    let actions: Vec<String> =
        town.actions().await.into_iter().filter(|act| act.starts_with("word")).collect();
    assert_eq!(actions, ["word.suggested", "word.accepted", "word.removed"]);
}

#[tokio::test]
async fn what_the_policy_wants_confirmed_in_an_answer_is_confirmed_by_who_sends_it() {
    // R7
    let mut policy = lupinus_core::screening::CityPolicy::default();
    let (phone, warn) = (PiiKind::Phone, lupinus_core::screening::Action::Warn);
    policy.set(lupinus_core::screening::Context::StaffAnswer, phone, warn).unwrap();
    let mut desk = desk().await;
    let detector = std::sync::Arc::new(lupinus_core::screening::RuleDetector::new());
    desk.town.centre = lupinus_core::service::Centre::new(
        std::sync::Arc::new(desk.town.store.clone()),
        desk.town.clock.clone(),
        std::sync::Arc::new(people::CountingIds::from(1_000)),
        lupinus_core::screening::Screen::new(detector, std::sync::Arc::new(policy)),
        Policy::default(),
    );
    let id = desk.town.ask(desk.nurse, "連絡先は?", "m1").await.unwrap().consultation;
    desk.town.command(By::Staff(desk.consultant), id, Command::Take).await.unwrap();
    let text = "患者の連絡先は090-1234-5678です。";
    let asked = vetted(&desk, id, text, Vetting::default()).await;
    assert!(matches!(asked, Err(ServiceError::ConfirmationNeeded(_))), "{asked:?}");
    vetted(&desk, id, text, Vetting { confirmed: true, allowed: Vec::new() }).await.unwrap();
    assert_eq!(desk.consultation(id).await.thread.len(), 2);
}

#[tokio::test]
async fn an_answer_to_somebody_who_blocked_the_account_is_kept_and_not_sent() {
    let desk = desk().await;
    let id = desk.town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    let before = desk.town.outbox().await.len();
    desk.town.unfollow("U-nurse").await.unwrap();
    let handled = desk.town.answer(desk.consultant, id, "お答えします。").await;
    assert!(!handled.told);
    assert_eq!(handled.consultation.thread[1].from, Voice::Staff(desk.consultant));
    assert_eq!(desk.town.outbox().await.len(), before);
    let trail = desk.town.trail().await;
    let answered = trail.iter().find(|entry| entry.action == "consultation.answered").unwrap();
    assert_eq!(answered.detail["told"], false);
}

#[tokio::test]
async fn a_message_taken_back_leaves_no_trace_of_its_text() {
    // R9
    let desk = desk().await;
    let town = &desk.town;
    let id = town.ask(desk.nurse, "書き間違えた内容", "m1").await.unwrap().consultation;
    town.ask(desk.nurse, "正しい内容", "m2").await.unwrap();
    let stranger = town.member("U-other").await;
    assert_eq!(desk.unsend(stranger, "m1").await, None, "only one's own");
    assert_eq!(desk.unsend(desk.nurse, "m1").await, Some(id));
    assert!(!town.holds("書き間違えた").await);
    assert!(town.holds("正しい内容").await);
    let trail = town.trail().await;
    assert_eq!(trail.iter().filter(|entry| entry.action == "consultation.unsent").count(), 1);
    assert_eq!(desk.unsend(desk.nurse, "m1").await, None, "a repeat changes nothing");

    // In a resolved one, by somebody who has blocked the account since.
    town.command(By::Staff(desk.consultant), id, Command::Resolve).await.unwrap();
    town.unfollow("U-nurse").await.unwrap();
    assert_eq!(desk.unsend(desk.nurse, "m2").await, Some(id));
    assert!(!town.holds("正しい内容").await);
    assert!(desk.consultation(id).await.is_resolved());
}

#[tokio::test]
async fn silence_resolves_what_was_answered_and_nothing_else() {
    let desk = desk().await;
    let town = &desk.town;
    let answered = town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    town.answer(desk.consultant, answered, "お答えします。").await;
    let other = town.member("U-other").await;
    let waiting = town.ask(other, "まだ返事がありません", "m2").await.unwrap().consultation;

    town.clock.set(at("2026-10-12T09:59:59+09:00"));
    assert_eq!(town.centre.resolve_silent_consultations(100).await.unwrap(), 0);
    town.clock.set(at("2026-10-12T20:00:00+09:00"));
    assert_eq!(town.centre.resolve_silent_consultations(100).await.unwrap(), 0, "nobody is woken at night");
    town.clock.set(at("2026-10-13T10:00:00+09:00"));
    assert_eq!(town.centre.resolve_silent_consultations(100).await.unwrap(), 1);
    assert_eq!(town.centre.resolve_silent_consultations(100).await.unwrap(), 0);
    assert!(desk.consultation(answered).await.is_resolved());
    assert_eq!(desk.consultation(waiting).await.state, State::Open);
    let last = town.said_to(desk.nurse).await.pop();
    assert_eq!(last, Some(Message::ConsultationResolved { consultation: answered, by_silence: true }));
}

#[tokio::test]
async fn a_consultation_goes_only_to_those_who_answer_consultations() {
    let desk = desk().await;
    let checker = desk.town.staff(desk.admin, "checker", &[Role::Checker]).await;
    let id = desk.town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    let by = By::Staff(desk.consultant);
    for command in [Command::Assign { to: checker }, Command::Transfer { to: checker, summary: None }] {
        let refused = desk.town.command(by, id, command).await;
        let not_a_consultant = matches!(refused, Err(ServiceError::Consultation(Refusal::NotAConsultant)));
        assert!(not_a_consultant, "{refused:?}");
    }
    let assigned = desk.town.command(by, id, Command::Assign { to: desk.colleague }).await.unwrap();
    assert_eq!(assigned.consultation.state, State::Assigned { to: desk.colleague });
    let moved =
        desk.town.command(by, id, Command::Transfer { to: desk.consultant, summary: None }).await.unwrap();
    assert_eq!(moved.consultation.state, State::Assigned { to: desk.consultant });
    assert!(desk.list(ConsultationFilter::Mine(desk.colleague)).await.is_empty());
}

#[tokio::test]
async fn only_those_who_may_read_consultations_read_them() {
    // R24
    let desk = desk().await;
    let id = desk.town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    for role in Role::ALL {
        let login = format!("{role:?}");
        let by = By::Staff(desk.town.staff(desk.admin, &login, &[role]).await);
        let centre = &desk.town.centre;
        let list = centre.consultations(by, ConsultationFilter::All, None, 10).await;
        let one = centre.consultation(by, id).await;
        let noted = desk.town.command(by, id, Command::Note { text: "覚え書き".to_owned() }).await;
        assert_eq!(list.is_ok(), role.permits(Permission::ReadConsultations), "{role:?}");
        assert_eq!(one.is_ok(), role.permits(Permission::ReadConsultations), "{role:?}");
        assert_eq!(noted.is_ok(), role.permits(Permission::AnswerConsultations), "{role:?}");
    }
    let stranger = desk.town.member("U-other").await;
    assert!(desk.town.centre.consultation(By::Member(desk.nurse), id).await.is_ok());
    let refused = desk.town.centre.consultation(By::Member(stranger), id).await;
    assert!(matches!(refused, Err(ServiceError::NotFound(_))), "{refused:?}");
}

#[tokio::test]
async fn of_two_who_answer_at_once_one_is_told() {
    let desk = desk().await;
    let id = desk.town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    desk.town.command(By::Staff(desk.consultant), id, Command::Take).await.unwrap();
    let answer = |text: &str| Command::Answer { text: text.to_owned() };
    let (one, other) = tokio::join!(
        desk.town.command(By::Staff(desk.consultant), id, answer("お答えです。")),
        desk.town.command(By::Staff(desk.colleague), id, answer("こちらもお答えです。")),
    );
    assert!(one.is_ok());
    let refused = matches!(other, Err(ServiceError::Consultation(Refusal::NotNow { .. })));
    assert!(refused, "{other:?}");
    let answers = desk.town.said_to(desk.nurse).await;
    let answers = answers.iter().filter(|said| matches!(said, Message::ConsultationAnswer { .. })).count();
    assert_eq!(answers, 1);
}

#[tokio::test]
async fn a_deputy_answers_and_both_are_named() {
    let desk = desk().await;
    let town = &desk.town;
    let stand_in = town.staff(desk.admin, "standin", &[Role::Checker]).await;
    let (consultant, deputies) = (desk.consultant, [stand_in].into_iter().collect());
    let deputies: &std::collections::BTreeSet<StaffId> = &deputies;
    let done = town.centre.transact(|mut work| async move {
        work.set_deputies(By::Staff(consultant), consultant, deputies.clone()).await?;
        work.done(())
    });
    done.await.unwrap();
    let id = town.ask(desk.nurse, "質問です", "m1").await.unwrap().consultation;
    let by = By::Deputy { deputy: stand_in, replaced: desk.consultant };
    town.command(by, id, Command::Take).await.unwrap();
    let trail = town.trail().await;
    let taken = trail.iter().find(|entry| entry.action == "consultation.taken").unwrap();
    assert_eq!(taken.on_behalf_of, Some(desk.consultant));
    assert_eq!(taken.who, lupinus_core::actor::Who::Staff(stand_in));
}

#[tokio::test]
async fn the_trail_holds_no_words() {
    // R9, R19
    let desk = desk().await;
    let town = &desk.town;
    let by = By::Staff(desk.consultant);
    let id = town.ask(desk.nurse, "ひみつの質問", "m1").await.unwrap().consultation;
    town.answer(desk.consultant, id, "ひみつの答え").await;
    town.command(by, id, Command::Note { text: "ひみつの覚え書き".to_owned() }).await.unwrap();
    town.command(by, id, Command::Tag { tag: "ひみつの札".to_owned() }).await.unwrap();
    for entry in town.trail().await {
        let stored = serde_json::to_string(&entry).unwrap();
        assert!(!stored.contains("ひみつ") && !stored.contains("U-nurse"), "{stored}");
    }
    // A member is shown no note and no tag.
    for message in town.said_to(desk.nurse).await {
        let said = serde_json::to_string(&message).unwrap();
        assert!(!said.contains("覚え書き") && !said.contains("札"), "{said}");
    }
}

/// Reads every file as the text that it is, and whether it ends with a full stop says whether that is all of it.
#[derive(Debug)]
struct Plain;

#[async_trait::async_trait]
impl TextReader for Plain {
    async fn text(&self, _: &str, bytes: bytes::Bytes) -> Option<FileText> {
        let words = String::from_utf8(bytes.to_vec()).ok()?;
        Some(FileText { whole: words.ends_with('。'), words })
    }
}

// R11
#[tokio::test]
async fn a_file_is_screened_as_what_it_is_sent_for_and_looked_into_where_it_says_more_than_was_read() {
    use Context::{Consultation, Post};
    let mut policy = Policy::default();
    policy.posts.confirm_instead_of_block = true;
    let centre = Town::with(policy).centre.clone().reading_with(std::sync::Arc::new(Plain));
    let look = async |text: &'static str, context| {
        centre.look_into("application/pdf", bytes::Bytes::from_static(text.as_bytes()), context).await
    };
    let number = "電話 090-4827-1639 の方です。";
    assert_eq!(look(number, Consultation).await, LookedInto::Refused(vec![PiiKind::Phone]));
    assert!(matches!(look(number, Post).await, LookedInto::Taken(Look::Read { .. })), "a checker confirms");
    let clean = "輸液ポンプの説明書です。";
    assert_eq!(look(clean, Consultation).await, LookedInto::Taken(Look::Read { found: Vec::new() }));
    assert_eq!(look("輸液ポンプの説明書", Consultation).await, LookedInto::Taken(Look::Blind));
    // What could be read counts, although it is not all.
    assert_eq!(
        look("電話 090-4827-1639 の方です", Consultation).await,
        LookedInto::Refused(vec![PiiKind::Phone])
    );
}
