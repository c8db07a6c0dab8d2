//! Records go when their years are over, two administrators have said so, and a certificate stays (R20).
#![cfg(feature = "testkit")]
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod city;
mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use city::City;
use common::local;
use jiff::civil::date;
use lupinus_core::{
    actor::{Actor, Role},
    audience::Audience,
    audit::{Act, AuditEntry, ChainFault, Subject},
    canned::CannedAnswer,
    consultation::{self, Consultation, Said},
    delivery::{ChunkRecipients, Delivery},
    disposal::{Class, Command, Disposal, Kept, Refusal, Retention, State, Years},
    ids::{ConsultationId, MemberId, PostId, StaffId},
    incident::{self, Facts, Source},
    outbox::{Addressee, Recipient},
    post::{self, Post},
    service::{By, Centre, ServiceError},
    settings::{self, Part, Value},
    staff::{PasswordHash, Staff},
    store::{Batch, Entity, EntityBatch as _, MemoryStore, Scan, Store, StoreExt},
    testkit::{Fault, Faulty},
};
use uuid::Uuid;

/// What stands in a consultation and nowhere else.
const WORDS: &str = "吸引器を借りられる所";

/// A city with something of each class, closed in the fiscal year 2026, and with two administrators.
struct Archive {
    city: City,
    one: StaffId,
    other: StaffId,
    sent: PostId,
    withdrawn: PostId,
    resolved: ConsultationId,
}

async fn administrator(centre: &Centre, number: u128) -> StaffId {
    let staff = Staff {
        id: StaffId::from_uuid(Uuid::from_u128(number)),
        login: format!("admin{number}"),
        name: format!("管理{number}"),
        roles: std::iter::once(Role::Administrator).collect(),
        active: true,
        password: PasswordHash::new("x"),
        second_factor: None,
        provider: None,
        failures: 0,
        locked_until: None,
        deputies: BTreeSet::new(),
        created_at: centre.now(),
    };
    let (made, id) = (&staff, staff.id);
    let done = centre.transact(|mut work| async move {
        work.insert(made)?;
        let subject = Subject::new(&Staff::KIND, id);
        work.audit(subject, &Actor::system(), Act::new("staff.created")).await?;
        work.done(id)
    });
    done.await.unwrap()
}

async fn asked(city: &City, number: u128, text: &str) -> ConsultationId {
    let member = MemberId::from_uuid(Uuid::from_u128(0x100 + number));
    let contact = city.centre.member(member).await.unwrap().value.contact;
    let said = Said { text: text.to_owned(), masked: Vec::new(), channel_message: None, topic: None };
    let to = Recipient::Person(Addressee { member, contact });
    let (said, to) = (&said, &to);
    let asked = city.centre.transact(|mut work| async move {
        let asked = work.ask(By::Member(member), said.clone(), to.clone()).await?;
        work.done(asked.consultation)
    });
    asked.await.unwrap()
}

async fn consulted(city: &City, id: ConsultationId, command: consultation::Command) {
    let command = &command;
    let done = city.centre.transact(|mut work| async move {
        work.consultation_command(By::Staff(city.consultant), id, command.clone()).await?;
        work.done(())
    });
    done.await.unwrap();
}

impl Archive {
    async fn over(store: Arc<dyn Store>) -> Self {
        let city = City::over(store).await;
        let one = administrator(&city.centre, 11).await;
        let other = administrator(&city.centre, 12).await;
        let sent = city.approved("口腔ケア研修").await.id;
        city.sending(sent, Audience::Members).await;
        let withdrawn = city.submit("取りやめる研修").await.unwrap().id;
        let reason = "中止になりました。".to_owned();
        let withdraw = post::Command::Withdraw { reason };
        city.command(By::Member(city.secretary), withdrawn, withdraw).await.unwrap();
        let resolved = asked(&city, 5, WORDS).await;
        consulted(&city, resolved, consultation::Command::Take).await;
        let text = "包括支援センターに聞いてください。".to_owned();
        consulted(&city, resolved, consultation::Command::Answer { text }).await;
        consulted(&city, resolved, consultation::Command::Resolve).await;
        city.accept_all().await;
        // What is not over stays whatever its age.
        city.submit("確認を待つ研修").await.unwrap();
        asked(&city, 6, "まだ答えのない相談").await;
        city.accept_all().await;
        Self { city, one, other, sent, withdrawn, resolved }
    }

    async fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new())).await
    }

    fn centre(&self) -> &Centre {
        &self.city.centre
    }

    /// Years later, with the outbox swept as it is every minute.
    async fn on(&self, year: i16, month: i8, day: i8) {
        self.city.clock.set(local(year, month, day, 10));
        while self.centre().sweep_outbox().await.unwrap() > 0 {}
    }

    async fn propose(&self) -> Result<Disposal, ServiceError> {
        let by = By::Staff(self.one);
        let proposed = self.centre().transact(|mut work| async move {
            let disposal = work.propose_disposal(by).await?;
            work.done(disposal)
        });
        proposed.await
    }

    async fn command(&self, by: StaffId, id: &Disposal, command: Command) -> Result<Disposal, ServiceError> {
        let (id, command) = (id.id, &command);
        let done = self.centre().transact(|mut work| async move {
            let next = work.disposal_command(By::Staff(by), id, command.clone()).await?;
            work.done(next)
        });
        done.await
    }

    async fn decided(&self) -> Disposal {
        let proposed = self.propose().await.unwrap();
        let decide = Command::Decide { list: proposed.hash(), figures_are_kept: true };
        self.command(self.other, &proposed, decide).await.unwrap()
    }

    /// Whoever asked before asks again, and that is merged with it.
    async fn asked_again(&self) -> ConsultationId {
        let later = asked(&self.city, 5, "同じ件でもう一度うかがいます。").await;
        assert_ne!(later, self.resolved);
        consulted(&self.city, later, consultation::Command::Take).await;
        consulted(&self.city, later, consultation::Command::Resolve).await;
        let (by, earlier) = (By::Staff(self.city.consultant), self.resolved);
        let merged = self.centre().transact(|mut work| async move {
            work.merge_consultations(by, earlier, later).await?;
            work.done(())
        });
        merged.await.unwrap();
        self.city.accept_all().await;
        later
    }

    async fn listed(&self) -> BTreeSet<Subject> {
        let due = self.centre().due_for_disposal(By::Staff(self.one)).await.unwrap();
        due.into_iter().map(|item| item.subject).collect()
    }

    fn of_post(id: PostId) -> Subject {
        Subject::new(&Post::KIND, id)
    }

    fn of_resolved(&self) -> Subject {
        Subject::new(&Consultation::KIND, self.resolved)
    }

    async fn faults(&self) -> Vec<ChainFault> {
        self.centre().verify_audit(|_| ()).await.unwrap().faults
    }

    async fn latest(&self) -> Disposal {
        self.centre().disposals(By::Staff(self.one)).await.unwrap().remove(0)
    }

    async fn holds(&self, words: &str) -> bool {
        for kind in self.centre().store().kinds().await.unwrap() {
            let page = self.centre().store().scan(&Scan::keys(kind).limit(1_000)).await.unwrap();
            if page.records.iter().any(|record| record.body.contains(words)) {
                return true;
            }
        }
        false
    }
}

fn refusal<T: std::fmt::Debug>(refused: Result<T, ServiceError>) -> Refusal {
    match refused {
        Err(ServiceError::Disposal(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

// R20
#[tokio::test]
async fn what_is_due_goes_by_two_administrators_and_leaves_a_certificate_and_its_trail() {
    let archive = Archive::new().await;
    archive.on(2028, 3, 31).await;
    assert_eq!(archive.listed().await, BTreeSet::new());
    assert_eq!(refusal(archive.propose().await), Refusal::NothingDue);
    archive.on(2028, 4, 1).await;
    assert_eq!(archive.listed().await, BTreeSet::from([Archive::of_post(archive.withdrawn)]));
    archive.on(2032, 4, 1).await;
    let all = [Archive::of_post(archive.sent), Archive::of_post(archive.withdrawn), archive.of_resolved()];
    assert_eq!(archive.listed().await, BTreeSet::from(all));

    let proposed = archive.propose().await.unwrap();
    assert_eq!(refusal(archive.propose().await), Refusal::AnotherOpen);
    assert_eq!(archive.centre().carry_out_disposals(100).await.unwrap(), 0, "nobody has decided");
    let decide = |figures_are_kept| Command::Decide { list: proposed.hash(), figures_are_kept };
    let same = archive.command(archive.one, &proposed, decide(true)).await;
    assert_eq!(refusal(same), Refusal::OwnProposal);
    assert_eq!(
        refusal(archive.command(archive.other, &proposed, decide(false)).await),
        Refusal::FiguresNotKept
    );
    archive.command(archive.other, &proposed, decide(true)).await.unwrap();
    assert!(archive.holds(WORDS).await && archive.holds("口腔ケア研修").await);
    assert_eq!(archive.centre().carry_out_disposals(2).await.unwrap(), 2);
    assert!(archive.faults().await.is_empty(), "half of it is gone, and known to be");
    assert_eq!(archive.centre().carry_out_disposals(2).await.unwrap(), 1);

    let certificate = archive.latest().await;
    assert!(
        matches!(&certificate.state, State::Done { by, spared, .. } if *by == archive.other && spared.is_empty())
    );
    let counts: Vec<_> = certificate.counts().into_iter().collect();
    assert_eq!(counts, [(Class::SentPosts, 1), (Class::UnsentPosts, 1), (Class::Consultations, 1)]);
    for words in [WORDS, "口腔ケア研修", "取りやめる研修", "包括支援センター"] {
        assert!(!archive.holds(words).await, "{words}");
    }
    let store = archive.centre().store();
    assert_eq!(store.count(&Scan::keys(Delivery::KIND)).await.unwrap(), 0);
    assert_eq!(store.count(&Scan::keys(ChunkRecipients::KIND)).await.unwrap(), 0);
    assert!(archive.holds("確認を待つ研修").await && archive.holds("まだ答えのない相談").await);
    // The trail stays, ends in the disposal, and verifies.
    let trail = archive.centre().audit_of(&Archive::of_post(archive.sent)).await.unwrap();
    assert!(trail.len() > 4 && trail.last().unwrap().action == "record.disposed");
    assert_eq!(archive.faults().await, []);
    assert_eq!(archive.listed().await, BTreeSet::new());
}

// R20: killed before and after each of its commits.
#[tokio::test]
async fn a_disposal_that_is_killed_at_any_point_goes_on_and_disposes_of_each_record_once() {
    for fault in [Fault::Before, Fault::After] {
        for killed_at in 1..=4 {
            let store = Faulty::new(Arc::new(MemoryStore::new()));
            let archive = Archive::over(Arc::new(store.clone())).await;
            archive.on(2032, 4, 1).await;
            archive.decided().await;
            store.fail_commit(killed_at, fault);
            let died = archive.centre().carry_out_disposals(100).await;
            assert!(died.is_err(), "{fault:?} {killed_at}: {died:?}");
            while archive.centre().carry_out_disposals(1).await.unwrap() > 0 {}
            let certificate = archive.latest().await;
            assert!(matches!(certificate.state, State::Done { ref spared, .. } if spared.is_empty()));
            for item in &certificate.items {
                let trail = archive.centre().audit_of(&item.subject).await.unwrap();
                let said = trail.iter().filter(|entry| entry.action == "record.disposed").count();
                assert_eq!(said, 1, "{fault:?} {killed_at} {:?}", item.subject);
            }
            assert_eq!(archive.faults().await, [], "{fault:?} {killed_at}");
        }
    }
}

// R19, R20
#[tokio::test]
async fn what_is_gone_without_a_certificate_is_found_and_so_is_an_altered_certificate() {
    let archive = Archive::new().await;
    let store = archive.centre().store();
    let remove = async |id: ConsultationId| {
        let read = store.load::<Consultation>(&id.to_string()).await.unwrap().unwrap();
        let mut batch = Batch::new();
        batch.delete(&read.value, read.version);
        store.commit(batch).await.unwrap();
    };
    let lost = asked(&archive.city, 7, "消された相談").await;
    remove(lost).await;
    let uncertified = |subject: Subject| ChainFault::Uncertified { subject };
    let lost = uncertified(Subject::new(&Consultation::KIND, lost));
    assert_eq!(archive.faults().await, std::slice::from_ref(&lost));

    archive.on(2032, 4, 1).await;
    archive.decided().await;
    archive.centre().carry_out_disposals(100).await.unwrap();
    assert_eq!(archive.faults().await, std::slice::from_ref(&lost));
    // Somebody takes a record off the list afterwards, or the whole certificate away.
    let read = store.load::<Disposal>(&archive.latest().await.id.to_string()).await.unwrap().unwrap();
    let mut altered = read.value.clone();
    altered.items.pop();
    let mut batch = Batch::new();
    batch.update(&altered, read.version).unwrap();
    store.commit(batch).await.unwrap();
    let faults: BTreeSet<String> = archive.faults().await.iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), 4, "all three of an altered certificate, and the lost one: {faults:?}");
    let read = store.load::<Disposal>(&read.value.id.to_string()).await.unwrap().unwrap();
    let mut batch = Batch::new();
    batch.delete(&read.value, read.version);
    store.commit(batch).await.unwrap();
    let faults = archive.faults().await;
    assert!(faults.contains(&uncertified(Subject::new(&Disposal::KIND, read.value.id))), "{faults:?}");
    assert_eq!(faults.len(), 5, "{faults:?}");
}

// R20
#[tokio::test]
async fn what_something_happened_to_after_the_decision_stays_and_the_certificate_says_so() {
    let archive = Archive::new().await;
    archive.on(2032, 4, 1).await;
    archive.decided().await;
    let source = Source { subject: archive.of_resolved(), entry: None };
    let (by, source) = (By::Staff(archive.city.consultant), &source);
    let opened = archive.centre().transact(|mut work| async move {
        let facts = Facts::new(work.now());
        work.open_incident(by, Some(source.clone()), facts).await?;
        work.done(())
    });
    opened.await.unwrap();
    assert_eq!(archive.centre().carry_out_disposals(100).await.unwrap(), 2);
    let certificate = archive.latest().await;
    let State::Done { spared, .. } = &certificate.state else { panic!("{certificate:?}") };
    assert_eq!(*spared, BTreeMap::from([(archive.of_resolved(), Kept::Incident)]));
    assert!(!certificate.counts().contains_key(&Class::Consultations));
    assert!(archive.holds(WORDS).await);
    assert_eq!(archive.faults().await, []);
    assert!(!archive.listed().await.contains(&archive.of_resolved()), "its incident is not closed");
}

// R20
#[tokio::test]
async fn what_somebody_noted_after_the_decision_is_read_before_it_goes() {
    let archive = Archive::new().await;
    archive.on(2032, 4, 1).await;
    archive.decided().await;
    let text = "係争のおそれがあるため残す".to_owned();
    consulted(&archive.city, archive.resolved, consultation::Command::Note { text }).await;
    archive.centre().carry_out_disposals(100).await.unwrap();
    let certificate = archive.latest().await;
    let State::Done { spared, .. } = &certificate.state else { panic!("{certificate:?}") };
    assert_eq!(*spared, BTreeMap::from([(archive.of_resolved(), Kept::Touched)]));
    assert!(archive.holds(WORDS).await);
    assert!(archive.listed().await.contains(&archive.of_resolved()), "the next list has it");
}

// R20
#[tokio::test]
async fn consultations_that_were_merged_go_together_and_their_member_may_ask_on() {
    let archive = Archive::new().await;
    archive.on(2030, 6, 3).await;
    let later = archive.asked_again().await;
    let both = [archive.of_resolved(), Subject::new(&Consultation::KIND, later)];
    archive.on(2032, 4, 1).await;
    assert!(!archive.listed().await.contains(&both[0]), "the later part of it is kept");
    archive.on(2036, 4, 1).await;
    let listed = archive.listed().await;
    assert!(both.iter().all(|part| listed.contains(part)), "{listed:?}");
    archive.decided().await;
    while archive.centre().carry_out_disposals(100).await.unwrap() > 0 {}
    assert!(!archive.holds(WORDS).await);
    assert_eq!(archive.faults().await, []);
    asked(&archive.city, 5, "新しい相談です。").await;
}

// R20
#[tokio::test]
async fn one_part_that_is_held_back_keeps_all_that_it_was_merged_with() {
    let archive = Archive::new().await;
    archive.on(2030, 6, 3).await;
    let held = Subject::new(&Consultation::KIND, archive.asked_again().await);
    archive.on(2030, 9, 3).await;
    let beside = Subject::new(&Consultation::KIND, archive.asked_again().await);
    archive.on(2036, 4, 1).await;
    let proposed = archive.propose().await.unwrap();
    assert_eq!(proposed.items.len(), 5, "{proposed:?}");
    let (until, reason) = (date(2040, 4, 1), "係争中のため".to_owned());
    let hold = Command::HoldBack { subject: held.clone(), until, reason };
    let left = archive.command(archive.one, &proposed, hold).await.unwrap();
    let decide = Command::Decide { list: left.hash(), figures_are_kept: true };
    archive.command(archive.other, &proposed, decide).await.unwrap();
    assert_eq!(archive.centre().carry_out_disposals(100).await.unwrap(), 2, "the posts");
    let certificate = archive.latest().await;
    let State::Done { spared, .. } = &certificate.state else { panic!("{certificate:?}") };
    let both = [archive.of_resolved(), beside.clone()].map(|part| (part, Kept::GoesOn));
    assert_eq!(*spared, BTreeMap::from(both));
    assert!(archive.holds(WORDS).await);
    assert_eq!(archive.listed().await, BTreeSet::new());
    archive.on(2040, 4, 2).await;
    assert_eq!(archive.listed().await, BTreeSet::from([archive.of_resolved(), held, beside]));
    assert_eq!(archive.faults().await, []);
}

// R20
#[tokio::test]
async fn a_record_that_is_held_back_is_on_no_list_until_its_day_is_over() {
    let archive = Archive::new().await;
    archive.on(2032, 4, 1).await;
    let proposed = archive.propose().await.unwrap();
    let hold = |reason: &str| Command::HoldBack {
        subject: archive.of_resolved(),
        until: date(2033, 4, 1),
        reason: reason.to_owned(),
    };
    let named = archive.command(archive.other, &proposed, hold("山本花子さん(82歳)の件で係争中")).await;
    assert!(matches!(named, Err(ServiceError::PersonalInformation(_))), "{named:?}");
    archive.command(archive.other, &proposed, hold("係争中のため")).await.unwrap();
    let decide = Command::Decide { list: proposed.hash(), figures_are_kept: true };
    let before = archive.command(archive.other, &proposed, decide).await;
    assert_eq!(refusal(before), Refusal::ListChanged);
    archive.command(archive.one, &proposed, Command::Withdraw).await.unwrap();
    assert!(!archive.listed().await.contains(&archive.of_resolved()));
    let extensions = async || archive.centre().extensions(By::Staff(archive.one)).await.unwrap().len();
    archive.on(2033, 4, 1).await;
    assert!(!archive.listed().await.contains(&archive.of_resolved()), "its last day");
    assert_eq!(extensions().await, 1);
    archive.on(2033, 4, 2).await;
    assert!(archive.listed().await.contains(&archive.of_resolved()));
    assert_eq!(extensions().await, 0);
}

// R20
#[tokio::test]
async fn a_post_stays_while_it_is_corrected_or_something_of_it_waits_in_the_outbox() {
    let archive = Archive::new().await;
    let (city, sent) = (&archive.city, Archive::of_post(archive.sent));
    // Of one sending a part was refused for good, another was stopped and never released.
    let failed = city.approved("一部に届かない研修").await.id;
    city.sending(failed, Audience::Members).await;
    let leased = city.centre.lease_due(1).await.unwrap();
    let refused = lupinus_core::outbox::SendOutcome::Unrenderable { message: "too long".to_owned() };
    city.centre.settle(&leased[0], refused).await.unwrap();
    city.accept_all().await;
    let stopped = city.approved("止めたままの研修").await.id;
    city.sending(stopped, Audience::Members).await;
    let by = By::Staff(city.approver);
    let held = city.centre.transact(|mut work| async move {
        work.stop_sending(by, stopped).await?;
        work.done(())
    });
    held.await.unwrap();
    archive.on(2032, 4, 1).await;
    let listed = archive.listed().await;
    assert!(listed.contains(&sent) && listed.contains(&Archive::of_post(failed)), "{listed:?}");
    assert!(!listed.contains(&Archive::of_post(stopped)), "somebody is to release or drop it");
    let mut content = common::content("訂正した研修");
    content.event = None;
    let (original, content) = (archive.sent, &content);
    let corrected = city.centre.transact(|mut work| async move {
        work.correct_post(by, original, content.clone()).await?;
        work.done(())
    });
    corrected.await.unwrap();
    assert!(!archive.listed().await.contains(&sent), "a correction of it goes to those whom it reached");
}

// R20
#[tokio::test]
async fn a_post_that_went_to_more_than_one_change_holds_goes_all_the_same() {
    let archive = Archive::new().await;
    let store = archive.centre().store();
    let delivery = archive.centre().post(archive.sent).await.unwrap().value.state.delivery().unwrap();
    let read = store.load::<Delivery>(&delivery.to_string()).await.unwrap().unwrap();
    let many = 5_000;
    let mut batch = Batch::new();
    batch.update(&Delivery { chunks: many, accepted: many, ..read.value.clone() }, read.version).unwrap();
    store.commit(batch).await.unwrap();
    for first in (read.value.chunks..many).step_by(1_000) {
        let mut batch = Batch::new();
        for chunk in first..many.min(first + 1_000) {
            batch.insert(&ChunkRecipients { delivery, chunk, members: Vec::new() }).unwrap();
        }
        store.commit(batch).await.unwrap();
    }
    archive.on(2032, 4, 1).await;
    archive.decided().await;
    assert_eq!(archive.centre().carry_out_disposals(100).await.unwrap(), 3);
    assert_eq!(store.count(&Scan::keys(ChunkRecipients::KIND)).await.unwrap(), 0);
    assert_eq!(archive.faults().await, []);
}

// R20
#[tokio::test]
async fn canned_answers_and_incidents_have_their_own_years() {
    let archive = Archive::new().await;
    let consultant = By::Staff(archive.city.consultant);
    let made = archive.centre().transact(|mut work| async move {
        let canned = work.write_canned(consultant, "受付時間", "受付は平日です。").await?;
        let incident = work.open_incident(consultant, None, Facts::new(work.now())).await?;
        work.done((canned.id, incident.id))
    });
    let (canned, incident) = made.await.unwrap();
    let retired = archive.centre().transact(|mut work| async move {
        work.canned_command(consultant, canned, lupinus_core::canned::Command::Retire).await?;
        let reason = "訓練でした。".to_owned();
        work.incident_command(consultant, incident, incident::Command::Close { reason }).await?;
        work.done(())
    });
    retired.await.unwrap();
    let canned = Subject::new(&CannedAnswer::KIND, canned);
    let incident = Subject::new(&incident::Incident::KIND, incident);
    for (year, canned_goes, incident_goes) in [(2029, false, false), (2030, true, false), (2037, true, true)]
    {
        archive.on(year, 4, 1).await;
        let listed = archive.listed().await;
        assert_eq!(listed.contains(&canned), canned_goes, "{year}");
        assert_eq!(listed.contains(&incident), incident_goes, "{year}");
    }
    archive.decided().await;
    while archive.centre().carry_out_disposals(1).await.unwrap() > 0 {}
    assert_eq!(archive.latest().await.items.len(), 5);
    assert_eq!(archive.faults().await, []);
}

// R20, R24
#[tokio::test]
async fn nobody_but_administrators_sees_or_proposes_a_disposal() {
    let archive = Archive::new().await;
    archive.on(2032, 4, 1).await;
    let entries = async || archive.centre().store().count(&Scan::keys(AuditEntry::KIND)).await.unwrap();
    let before = entries().await;
    for staff in [archive.city.checker, archive.city.approver, archive.city.consultant] {
        let by = By::Staff(staff);
        let proposed = archive.centre().transact(|mut work| async move {
            work.propose_disposal(by).await?;
            work.done(())
        });
        assert!(matches!(proposed.await, Err(ServiceError::NotAllowed)));
        assert!(matches!(archive.centre().due_for_disposal(by).await, Err(ServiceError::NotAllowed)));
        assert!(matches!(archive.centre().disposals(by).await, Err(ServiceError::NotAllowed)));
    }
    assert_eq!(entries().await, before);
}

async fn keep(archive: &Archive, retention: Retention, seen: u32) {
    let change = settings::Command::Change { value: Box::new(Value::Retention(retention)), seen };
    let by = By::Staff(archive.one);
    archive.centre().change_setting(by, Part::Retention, &change).await.unwrap();
}

// R20
#[tokio::test]
async fn years_that_change_refuse_a_proposal_whose_records_are_kept_longer_and_leave_a_decision_as_it_is() {
    let archive = Archive::new().await;
    archive.on(2032, 4, 1).await;
    let proposed = archive.propose().await.unwrap();
    let longer = Retention { consultations: Years::of(10), ..Retention::default() };
    keep(&archive, longer, 0).await;
    let decide = |proposed: &Disposal| Command::Decide { list: proposed.hash(), figures_are_kept: true };
    let refused = archive.command(archive.other, &proposed, decide(&proposed)).await;
    assert_eq!(refusal(refused), Refusal::YearsChanged);
    archive.command(archive.one, &proposed, Command::Withdraw).await.unwrap();
    assert!(!archive.listed().await.contains(&archive.of_resolved()));
    // What was decided goes as it was decided, whatever is kept for how long by then.
    let decided = archive.decided().await;
    assert_eq!(decided.items.len(), 2);
    let for_ever = Retention { sent_posts: Years::Permanent, unsent_posts: Years::Permanent, ..longer };
    keep(&archive, for_ever, 1).await;
    assert_eq!(archive.centre().carry_out_disposals(100).await.unwrap(), 2);
    assert!(archive.holds(WORDS).await);
    assert_eq!(archive.faults().await, []);
    // Shorter years make due at once what they make due.
    keep(&archive, Retention { consultations: Years::of(2), ..longer }, 2).await;
    assert_eq!(archive.listed().await, BTreeSet::from([archive.of_resolved()]));
    let absurd = Retention { consultations: Years::of(100), ..longer };
    let change = settings::Command::Change { value: Box::new(Value::Retention(absurd)), seen: 3 };
    let refused = archive.centre().change_setting(By::Staff(archive.one), Part::Retention, &change).await;
    assert!(matches!(refused, Err(ServiceError::Setting(settings::Refusal::Unsound))), "{refused:?}");
}
