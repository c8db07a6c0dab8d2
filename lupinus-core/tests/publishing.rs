//! Posts through the services: from the draft into the outbox and out of it again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on may panic")]

mod city;
mod common;

use std::collections::BTreeMap;

use city::{City, MEMBERS, accepted};
use common::{content, local};
use lupinus_core::{
    actor::{Role, Who},
    audience::{Audience, Expr},
    audit::{AuditEntry, AuditTip, ChainFault, Subject},
    body::Body,
    delivery::DeliveryState,
    ids::{MemberId, OutboxId, StaffId},
    member::{Member, Profession},
    outbox::{HoldReason, Message, NotSent, OutboxState, Recipient, SendOutcome},
    post::{Command, Post, PostState, Refusal, Urgency},
    service::{By, Draft, Leased, ServiceError},
    staff::Staff,
    store::{Batch, Entity, EntityBatch, Op, Scan, StoreExt},
};
use uuid::Uuid;

#[tokio::test]
async fn a_post_goes_from_the_secretary_to_every_registered_member_once() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    let post = city.sending(post.id, Audience::Members).await;
    assert!(matches!(post.state, PostState::Sending { .. }));
    let got = city.accept_all().await;
    assert_eq!(got.len() as u128, MEMBERS - 3);
    assert!(got.values().all(|times| *times == 1));
    let post = city.centre.post(post.id).await.unwrap().value;
    assert_eq!(post.revision().unwrap().content.sender.as_deref(), Some("訪問看護連絡会"));
    let PostState::Sent { delivery, .. } = post.state else { panic!("{:?}", post.state) };
    let delivery = city.centre.delivery(delivery).await.unwrap().value;
    assert_eq!((delivery.chunks, delivery.accepted, delivery.failed), (3, 3, 0));
    assert_eq!(delivery.state, DeliveryState::Complete);
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
    let trail = city.centre.audit_of(&Subject::new(&Post::KIND, post.id)).await.unwrap();
    let actions: Vec<&str> = trail.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "post.created",
            "post.submitted",
            "post.taken",
            "post.approved",
            "post.scheduled",
            "post.sending",
            "post.sent"
        ]
    );
}

#[tokio::test]
async fn a_narrower_audience_reaches_only_those_for_whom_it_holds() {
    let city = City::new().await;
    let post = city.approved("看護師の皆さまへ").await;
    let nurses = Audience::Where(Expr::Profession(Profession("Nurse".to_owned())));
    let preview = city.centre.sending_preview(post.id, &nurses).await.unwrap();
    city.sending(post.id, nurses).await;
    let got = city.accept_all().await;
    assert_eq!(got.len() as u64, preview.recipients);
    assert_eq!(got.len() as u128, (MEMBERS - 3).div_ceil(4));
}

// R14
#[tokio::test]
async fn content_changed_between_approval_and_dispatch_is_held_and_not_sent() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    // Somebody with access to the database alters the words behind the approval.
    let read = city.centre.post(post.id).await.unwrap();
    let mut tampered = read.value.clone();
    tampered.revisions[0].content.body = "別の内容".to_owned();
    let mut batch = Batch::new();
    batch.update(&tampered, read.version).unwrap();
    city.centre.store().commit(batch).await.unwrap();
    assert!(city.accept_all().await.is_empty());
    let held = city.centre.outbox_attention(10).await.unwrap();
    assert_eq!(held.len(), 3);
    for item in held {
        assert!(matches!(item.value.state, OutboxState::Held { reason: HoldReason::ContentChanged, .. }));
    }
}

// R28
#[tokio::test]
async fn an_outage_past_the_start_of_an_event_sends_nothing() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    city.clock.set(local(2026, 12, 5, 15));
    assert!(city.accept_all().await.is_empty());
    assert!(
        city.centre.outbox_attention(10).await.unwrap().iter().all(|item| {
            matches!(item.value.state, OutboxState::Held { reason: HoldReason::Expired, .. })
        })
    );
}

// R32
#[tokio::test]
async fn a_correction_reaches_exactly_the_original_recipients_who_still_follow() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    let nurses = Audience::Where(Expr::Profession(Profession("Nurse".to_owned())));
    city.sending(post.id, nurses).await;
    let original = city.accept_all().await;
    // One of them blocks the account meanwhile.
    let gone = *original.keys().nth(5).unwrap();
    let read = city.centre.member(gone).await.unwrap();
    let blocked = Member { state: lupinus_core::member::MemberState::Blocked, ..read.value.clone() };
    let mut batch = Batch::new();
    batch.update(&blocked, read.version).unwrap();
    city.centre.store().commit(batch).await.unwrap();

    let fixed = &content("【訂正】研修のご案内");
    let (by, original_id) = (By::Staff(city.approver), post.id);
    let decide = |mut work: lupinus_core::service::Work| async move {
        let post = work.correct_post(by, original_id, fixed.clone()).await?;
        work.done(post)
    };
    let correction = city.centre.transact(decide).await.unwrap();
    city.command(by, correction.id, Command::Submit).await.unwrap();
    city.command(By::Staff(city.checker), correction.id, Command::Take).await.unwrap();
    let approve = || Command::Approve { revision: 1, confirmed: false };
    let own = city.command(by, correction.id, approve()).await.unwrap_err();
    assert!(matches!(own, ServiceError::Post(Refusal::OwnPost)));
    // Somebody else approves: the consultant is made an approver for it.
    let read = city.centre.store().load::<Staff>(&city.consultant.to_string()).await.unwrap().unwrap();
    let promoted = Staff { roles: [Role::Approver].into_iter().collect(), ..read.value.clone() };
    let mut batch = Batch::new();
    batch.update(&promoted, read.version).unwrap();
    city.centre.store().commit(batch).await.unwrap();
    city.command(By::Staff(city.consultant), correction.id, approve()).await.unwrap();
    city.sending(correction.id, Audience::Members).await;
    let mut expected: Vec<MemberId> = original.keys().copied().collect();
    expected.retain(|id| *id != gone);
    assert_eq!(city.accept_all().await.into_keys().collect::<Vec<_>>(), expected);
    assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn two_approvers_at_once_and_one_is_told() {
    let city = City::new().await;
    let post = city.submit("研修のご案内").await.unwrap();
    city.command(By::Staff(city.checker), post.id, Command::Take).await.unwrap();
    let approve = || Command::Approve { revision: 1, confirmed: false };
    let by = By::Staff(city.approver);
    let (one, other) =
        tokio::join!(city.command(by, post.id, approve()), city.command(by, post.id, approve()));
    let (won, told) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!(won.unwrap().approvals.len(), 1);
    assert!(matches!(told, Err(ServiceError::Post(Refusal::NotNow { state: "approved" }))));
}

#[tokio::test]
async fn two_dispatchers_never_hold_one_item() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    let (one, other) = tokio::join!(city.centre.lease_due(10), city.centre.lease_due(10));
    let ids =
        |leased: Vec<Leased>| leased.into_iter().map(|item| item.item.value.id).collect::<Vec<OutboxId>>();
    let (mut all, other) = (ids(one.unwrap()), ids(other.unwrap()));
    all.extend(other);
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(
        (all.len(), count),
        (count, 4),
        "three chunks and the note to the secretary that it was taken"
    );
}

#[tokio::test]
async fn a_dispatcher_that_died_with_a_lease_is_taken_over_with_the_same_key() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    let first = city.centre.lease_due(100).await.unwrap();
    assert!(city.centre.lease_due(100).await.unwrap().iter().all(|item| item.post.is_none()));
    city.clock.advance(std::time::Duration::from_secs(61));
    let second = city.centre.lease_due(100).await.unwrap();
    let keys = |leased: &[Leased]| {
        let chunks = leased.iter().filter(|item| item.post.is_some());
        chunks.map(|item| (item.item.value.id, item.item.value.retry_key)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(keys(&first), keys(&second));
    assert_eq!(keys(&first).len(), 3);
    // The first was not dead but slow: its record comes late and changes nothing.
    for item in &second {
        city.settle(item, accepted()).await;
    }
    for item in first.iter().filter(|item| item.post.is_some()) {
        assert!(matches!(city.settle(item, SendOutcome::Ambiguous).await, OutboxState::Done { .. }));
    }
}

// R34
#[tokio::test]
async fn a_full_quota_pauses_a_delivery_and_drops_nothing() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    for item in city.centre.lease_due(100).await.unwrap() {
        let outcome = if item.post.is_some() { SendOutcome::QuotaExhausted } else { accepted() };
        city.settle(&item, outcome).await;
    }
    assert_eq!(city.centre.outbox_attention(10).await.unwrap().len(), 3);
    assert!(city.accept_all().await.is_empty());
    city.clock.advance(std::time::Duration::from_mins(6));
    assert_eq!(city.accept_all().await.len() as u128, MEMBERS - 3);
}

#[tokio::test]
async fn a_refused_chunk_leaves_the_post_failed_with_what_was_delivered() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    let mut chunks = 0;
    for item in city.centre.lease_due(100).await.unwrap() {
        chunks += u32::from(item.post.is_some());
        let refused =
            SendOutcome::Refused { status: 400, message: "The property, to[1]".to_owned(), property: None };
        city.settle(&item, if chunks == 2 { refused } else { accepted() }).await;
    }
    let post = city.centre.post(post.id).await.unwrap().value;
    let PostState::Failed { delivery, .. } = post.state else { panic!("{:?}", post.state) };
    let delivery = city.centre.delivery(delivery).await.unwrap().value;
    assert_eq!((delivery.accepted, delivery.failed, delivery.state), (2, 1, DeliveryState::Partial));
}

// R24
#[tokio::test]
async fn a_submitter_touches_no_post_of_somebody_else() {
    let city = City::new().await;
    let post = city.submit("研修のご案内").await.unwrap();
    let stranger = By::Member(MemberId::from_uuid(Uuid::from_u128(0x105)));
    let refused = city.command(stranger, post.id, Command::Recall).await.unwrap_err();
    assert!(matches!(refused, ServiceError::NotAllowed));
    let consultant = city.command(By::Staff(city.consultant), post.id, Command::Take).await.unwrap_err();
    assert!(matches!(consultant, ServiceError::NotAllowed));
}

// R7
#[tokio::test]
async fn personal_information_keeps_a_post_from_being_handed_in_and_a_comment_from_being_sent() {
    let city = City::new().await;
    let mut personal = content("事例の紹介");
    personal.body = "利用者の山本花子さん(82歳)、携帯090-1234-5678の事例です。".to_owned();
    let draft =
        Draft { content: personal, urgency: Urgency::Normal, audience: Audience::Members, body: None };
    let (draft, by) = (&draft, By::Member(city.secretary));
    let decide = |mut work: lupinus_core::service::Work| async move {
        let post = work.draft_and_submit(by, draft.clone()).await?;
        work.done(post)
    };
    let refused = city.centre.transact(decide).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::PersonalInformation)), "{refused:?}");
    let post = city.submit("研修").await.unwrap();
    city.command(By::Staff(city.checker), post.id, Command::Take).await.unwrap();
    let comment = "患者の山本花子さんの090-1234-5678は消してください。".to_owned();
    let command = Command::Return { comment, field: None };
    let refused = city.command(By::Staff(city.checker), post.id, command).await.unwrap_err();
    assert!(matches!(refused, ServiceError::PersonalInformation(_)));
}

// R10
#[tokio::test]
async fn what_a_post_says_of_its_own_organisers_venue_and_lecturers_is_not_held_against_it() {
    use lupinus_core::screening::{Action, Context};
    let city = City::new().await;
    let strictest = |content: &lupinus_core::post::Content| {
        let marks = city.centre.check_content(content).marks;
        marks.iter().map(|found| found.mark.action).max().unwrap_or(Action::Allow)
    };
    let alone = |text: &str| city.centre.screen().check(text, Context::Post).strictest();
    // Each of these words alone is somebody's.
    let (contact, lecturer) = ("携帯 090-1234-5678", "佐々木健一さんとの交流会もあります。");
    assert_eq!((alone(contact), alone(lecturer)), (Action::Block, Action::Block), "the premise");

    let mut post = content("研修");
    post.body = format!("褥瘡の予防を学びます。{lecturer}");
    assert_eq!(strictest(&post), Action::Block);
    post.body = format!("講師：佐々木健一先生。{lecturer}");
    assert_eq!(
        strictest(&post),
        Action::Warn,
        "a lecturer's name is confirmed by a person, wherever it stands"
    );

    let mut post = content("研修");
    post.body = format!("お申し込みは {contact} まで。");
    assert_eq!(strictest(&post), Action::Block);
    let event = post.event.as_mut().unwrap();
    event.contact = Some("お問い合わせ：訪問看護連絡会事務局 TEL 090-1234-5678".to_owned());
    assert_eq!(strictest(&post), Action::Allow, "the organiser's number, given as such");
    post.event.as_mut().unwrap().contact = Some(contact.to_owned());
    assert_eq!(strictest(&post), Action::Block, "a private one says nothing");
}

// R19
#[tokio::test]
async fn an_entry_deleted_from_the_store_is_found() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    let subject = Subject::new(&Post::KIND, post.id);
    let store = city.centre.store();
    let scan = Scan::keys(AuditEntry::KIND).prefix(subject.as_str());
    let entries = store.all::<AuditEntry>(scan, 100).await.unwrap();
    let mut batch = Batch::new();
    let last = entries.last().unwrap();
    batch.push(Op::Delete {
        key: lupinus_core::store::RecordKey::new(AuditEntry::KIND, last.value.key()),
        expected: last.version,
    });
    store.commit(batch).await.unwrap();
    assert_eq!(city.centre.verify_audit(|_| {}).await.unwrap().faults.len(), 1);
}

#[tokio::test]
async fn a_chain_that_is_deleted_whole_is_missed() {
    // R19
    let city = City::new().await;
    let post = city.submit("研修のご案内").await.unwrap();
    for subject in [
        Subject::new(&Post::KIND, post.id),
        Subject::new(&Member::KIND, city.secretary),
        Subject::new(&Staff::KIND, city.checker),
        Subject::new(&Body::KIND, post.body.unwrap()),
    ] {
        let tip = city.centre.store().load::<AuditTip>(subject.as_str()).await.unwrap().unwrap();
        let scan = Scan::keys(AuditEntry::KIND).prefix(format!("{}#", subject.as_str()));
        let entries = city.centre.store().all::<AuditEntry>(scan, 100).await.unwrap();
        let mut batch = Batch::new();
        batch.delete(&tip.value, tip.version);
        for entry in &entries {
            batch.delete(&entry.value, entry.version);
        }
        city.centre.store().commit(batch).await.unwrap();
        let faults = city.centre.verify_audit(|_| {}).await.unwrap().faults;
        assert_eq!(faults, [ChainFault::Absent { subject: subject.clone() }]);
        let mut batch = Batch::new();
        batch.insert(&tip.value).unwrap();
        for entry in &entries {
            batch.insert(&entry.value).unwrap();
        }
        city.centre.store().commit(batch).await.unwrap();
        assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
    }
}

#[tokio::test]
async fn a_revision_that_is_not_what_its_trail_says_is_found() {
    // R14, R19: also when its hash was made to fit.
    type Change = (&'static str, u32, fn(&mut Post));
    let changes: [Change; 4] = [
        ("its words", 2, |post| post.revisions[1].content.body = "別の内容".to_owned()),
        ("its words and its hash", 2, |post| {
            post.revisions[1].content.body = "別の内容".to_owned();
            post.revisions[1].hash = post.revisions[1].content.hash();
        }),
        ("an older revision", 1, |post| {
            post.revisions[0].content.body = "別の内容".to_owned();
            post.revisions[0].hash = post.revisions[0].content.hash();
        }),
        ("one taken out", 1, |post| {
            post.revisions.remove(0);
        }),
    ];
    for (name, revision, change) in changes {
        let city = City::new().await;
        let id = city.submit("研修のご案内").await.unwrap().id;
        city.command(By::Staff(city.checker), id, Command::Take).await.unwrap();
        let comment = "締切を入れてください。".to_owned();
        city.command(By::Staff(city.checker), id, Command::Return { comment, field: None }).await.unwrap();
        let (by, mended) = (By::Member(city.secretary), &content("研修のご案内(締切あり)"));
        let edited = city.centre.transact(|mut work| async move {
            let post = work.edit_and_submit(by, id, mended.clone()).await?;
            work.done(post)
        });
        edited.await.unwrap();
        assert!(city.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
        let read = city.centre.post(id).await.unwrap();
        let mut altered = read.value.clone();
        change(&mut altered);
        let mut batch = Batch::new();
        batch.update(&altered, read.version).unwrap();
        city.centre.store().commit(batch).await.unwrap();
        let faults = city.centre.verify_audit(|_| {}).await.unwrap().faults;
        let subject = Subject::new(&Post::KIND, id);
        assert_eq!(faults, [ChainFault::Differs { subject, revision }], "{name}");
    }
}

#[tokio::test]
async fn the_secretary_hears_bad_news_too() {
    let city = City::new().await;
    let told = async || {
        let mut told = Vec::new();
        loop {
            // One message of a person's at a time.
            let Some(leased) = city.centre.lease_due(1).await.unwrap().pop() else { break };
            told.extend(leased.item.value.messages.iter().filter_map(|message| match message {
                Message::PostNotSent { why, .. } => Some(*why),
                _ => None,
            }));
            city.settle(&leased, accepted()).await;
        }
        told
    };
    let post = city.approved("研修のご案内").await;
    let by = By::Staff(city.approver);
    let at = local(2026, 10, 2, 12);
    city.command(by, post.id, Command::Schedule { at, audience: Audience::Members }).await.unwrap();
    told().await;
    city.command(by, post.id, Command::Unschedule).await.unwrap();
    assert_eq!(told().await, [NotSent::Unscheduled]);
    city.command(by, post.id, Command::Schedule { at, audience: Audience::Members }).await.unwrap();
    told().await;
    city.clock.set(local(2027, 6, 1, 10)); // an outage past the event
    city.centre.start_due_posts().await.unwrap();
    assert_eq!(told().await, [NotSent::Expired]);
}

#[tokio::test]
async fn the_secretary_hears_whom_a_post_did_not_reach() {
    let refused = || SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None };
    for (chunks, why) in [(1, NotSent::Incomplete), (3, NotSent::Failed)] {
        let city = City::new().await;
        let post = city.approved("研修のご案内").await;
        city.accept_all().await;
        city.sending(post.id, Audience::Members).await;
        for (number, item) in city.centre.lease_due(10).await.unwrap().iter().enumerate() {
            city.settle(item, if number < chunks { refused() } else { accepted() }).await;
        }
        let told = city.centre.lease_due(10).await.unwrap().remove(0);
        let said = &told.item.value.messages[..];
        assert!(
            matches!(said, [Message::PostNotSent { why: told, .. }] if *told == why),
            "{why:?}: {said:?}"
        );
    }
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.accept_all().await;
    let nobody = Audience::Where(Expr::Profession(Profession("Paramedic".to_owned())));
    let post = city.sending(post.id, nobody).await;
    assert_eq!(post.state.name(), "sent");
    let told = city.centre.lease_due(10).await.unwrap().remove(0);
    assert!(matches!(told.item.value.messages[..], [Message::PostNotSent { why: NotSent::Nobody, .. }]));
}

#[tokio::test]
async fn the_secretary_is_told_what_became_of_the_post() {
    let city = City::new().await;
    let post = city.submit("研修のご案内").await.unwrap();
    city.command(By::Staff(city.checker), post.id, Command::Take).await.unwrap();
    let comment = "連絡先は事務局の番号にしてください。".to_owned();
    let field = Some(lupinus_core::post::Field::Contact);
    city.command(By::Staff(city.checker), post.id, Command::Return { comment, field }).await.unwrap();
    let mut told = Vec::new();
    for _ in 0..2 {
        for item in city.centre.lease_due(10).await.unwrap() {
            let to = &item.item.value.recipient;
            assert!(matches!(to, Recipient::Person(to) if Who::Member(to.member) == post.author));
            told.extend(item.item.value.messages.clone());
            city.settle(&item, accepted()).await;
        }
    }
    // In the order in which it happened, although both were due at once.
    assert!(matches!(&told[..], [Message::PostTaken { .. }, Message::PostReturned { field: Some(_), .. }]));
    city.clock.advance(std::time::Duration::from_secs(1));
    assert!(city.centre.next_due().await.unwrap().is_none());
}

#[tokio::test]
async fn what_waits_for_the_morning_can_be_stopped_and_dropped() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.clock.set(local(2026, 10, 1, 20));
    let post = city.sending(post.id, Audience::Members).await;
    assert!(city.accept_all().await.is_empty(), "quiet hours");
    let (by, id) = (By::Staff(city.approver), post.id);
    let refused = city.centre.transact(|mut work| async move {
        let held = work.stop_sending(By::Staff(StaffId::from_uuid(Uuid::from_u128(3))), id).await?;
        work.done(held)
    });
    assert!(matches!(refused.await, Err(ServiceError::NotAllowed)));
    let stopped = city.centre.transact(|mut work| async move {
        let held = work.stop_sending(by, id).await?;
        work.done(held)
    });
    assert_eq!(stopped.await.unwrap(), 3);
    city.clock.set(local(2026, 10, 2, 9));
    assert!(city.accept_all().await.is_empty());
    for item in city.centre.outbox_attention(10).await.unwrap() {
        let dropped = city.centre.transact(|mut work| async move {
            work.drop_held(by, item.value.id).await?;
            work.done(())
        });
        dropped.await.unwrap();
    }
    assert!(matches!(city.centre.post(id).await.unwrap().value.state, PostState::Failed { .. }));
}

// R32
#[tokio::test]
async fn a_correction_does_not_go_to_those_whom_the_original_never_reached() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    let mut reached = Vec::new();
    for (number, item) in city.centre.lease_due(100).await.unwrap().into_iter().enumerate() {
        let refused = || SendOutcome::Refused { status: 400, message: "m".to_owned(), property: None };
        let goes = number % 2 == 0;
        if goes && item.post.is_some() {
            reached.extend(item.item.value.addressees().iter().map(|to| to.member));
        }
        city.settle(&item, if goes { accepted() } else { refused() }).await;
    }
    let fixed = &content("【訂正】研修のご案内");
    let (by, original) = (By::Staff(city.approver), post.id);
    let correction = city.centre.transact(|mut work| async move {
        let post = work.correct_post(by, original, fixed.clone()).await?;
        work.done(post)
    });
    let correction = correction.await.unwrap();
    let preview = city.centre.sending_preview(correction.id, &Audience::Members).await.unwrap();
    assert!(!reached.is_empty());
    assert_eq!(preview.recipients, reached.len() as u64);
}

// R12
#[tokio::test]
async fn one_who_left_is_taken_out_of_what_was_not_tried_yet() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    city.sending(post.id, Audience::Members).await;
    let gone = MemberId::from_uuid(Uuid::from_u128(0x100 + 7));
    let left = city.centre.transact(|mut work| async move {
        work.leave(By::Member(gone)).await?;
        work.done(())
    });
    left.await.unwrap();
    let got = city.accept_all().await;
    assert_eq!(got.len() as u128, MEMBERS - 4);
    assert!(!got.contains_key(&gone));
}

// R31
#[tokio::test]
async fn a_post_that_quiet_hours_would_hold_past_its_start_is_not_scheduled_for_then() {
    let city = City::new().await;
    let post = city.approved("研修のご案内").await;
    // The event begins on a Saturday, when the centre is closed, at 14:00.
    let schedule = Command::Schedule { at: local(2026, 12, 5, 9), audience: Audience::Members };
    let refused = city.command(By::Staff(city.approver), post.id, schedule).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::BadTime)));
}

#[tokio::test]
async fn an_author_has_only_so_many_drafts_and_one_that_was_withdrawn_makes_room() {
    let city = City::new().await;
    let by = By::Staff(city.checker);
    let draft = &Draft {
        content: content("研修のご案内"),
        urgency: Urgency::Normal,
        audience: Audience::Members,
        body: None,
    };
    let begin = || {
        city.centre.transact(|mut work| async move {
            let post = work.draft_post(by, draft.clone()).await?;
            work.done(post)
        })
    };
    let mut last = None;
    for _ in 0..city.centre.policy().posts.max_drafts_per_author {
        last = Some(begin().await.unwrap());
    }
    let refused = begin().await.unwrap_err();
    assert!(matches!(refused, ServiceError::Post(Refusal::TooManyDrafts)), "{refused:?}");
    let reason = "重複のため".to_owned();
    city.command(by, last.unwrap().id, Command::Withdraw { reason }).await.unwrap();
    begin().await.unwrap();
}
