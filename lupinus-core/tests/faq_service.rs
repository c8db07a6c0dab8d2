//! Frequently asked questions: drafted from what was answered, read by members when a second person has looked.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod people;

use lupinus_core::{
    actor::Role,
    audit::Subject,
    consultation::{self, Topic},
    disposal::{self, Class},
    faq::{Command, Faq, FaqQuery, Refusal, Seen, Why, Words},
    hash::Sha256Hash,
    ids::{ConsultationId, FaqId, MemberId, StaffId},
    outbox::SendOutcome,
    queue::Matter,
    screening::{AllowList, AllowReason, Allowance, PiiKind},
    search,
    service::{By, ServiceError, Vetting, Work},
    store::{Entity, StoreExt},
};
use people::{Town, at};

const QUESTION: &str = "週末に吸引器を借りられる所はありますか。";
const ANSWER: &str = "市の福祉用具の貸出窓口で借りられます。";
const BOTH: Seen = Seen { nobody_named: true, nobody_told_by_all_together: true };

fn words(question: &str, answer: &str) -> Words {
    Words { question: question.to_owned(), answer: answer.to_owned(), topic: Topic::RehabEquipment }
}

fn change(question: &str, seen: u32) -> Command {
    Command::Change { words: words(question, ANSWER), allowed: Vec::new(), seen }
}

/// A town with two who answer, and an answered consultation.
struct Desk {
    town: Town,
    administrator: StaffId,
    one: StaffId,
    other: StaffId,
    member: MemberId,
    asked: ConsultationId,
}

impl Desk {
    async fn asked(question: &str) -> Self {
        let town = Town::new();
        let administrator = town.administrator().await;
        let one = town.staff(administrator, "one", &[Role::Consultant]).await;
        let other = town.staff(administrator, "other", &[Role::Consultant]).await;
        let member = town.member("Uasks").await;
        let asked = town.ask(member, question, "m1").await.unwrap().consultation;
        Self { town, administrator, one, other, member, asked }
    }

    async fn new() -> Self {
        let desk = Self::asked(QUESTION).await;
        desk.town.answer(desk.one, desk.asked, ANSWER).await;
        desk
    }

    async fn draft(&self, words: &Words, vetting: &Vetting) -> Result<Faq, ServiceError> {
        let by = By::Staff(self.one);
        let (_, seen) = self.town.centre.suggested_faq(by, self.asked).await?;
        self.draft_of(seen, words, vetting).await
    }

    /// By somebody who has read what was `seen`.
    async fn draft_of(
        &self,
        seen: Sha256Hash,
        words: &Words,
        vetting: &Vetting,
    ) -> Result<Faq, ServiceError> {
        let (by, of) = (By::Staff(self.one), self.asked);
        let drafted = self.town.centre.transact(|mut work| async move {
            let entry = work.draft_faq(by, of, words, seen, vetting).await?;
            work.done(entry)
        });
        drafted.await
    }

    async fn drafted(&self) -> FaqId {
        self.draft(&words(QUESTION, ANSWER), &Vetting::default()).await.unwrap().id
    }

    async fn command(&self, by: StaffId, id: FaqId, command: Command) -> Result<Faq, ServiceError> {
        let command = &command;
        let done = self.town.centre.transact(|mut work| async move {
            let entry = work.faq_command(By::Staff(by), id, command.clone(), &Vetting::default()).await?;
            work.done(entry)
        });
        done.await
    }

    async fn published(&self) -> FaqId {
        let id = self.drafted().await;
        self.command(self.other, id, Command::Publish { seen: 1, confirmed: BOTH }).await.unwrap();
        id
    }

    async fn read(&self) -> usize {
        let read = self.town.centre.published_faqs(None, 10).await.unwrap();
        assert_eq!(
            read.len(),
            self.town.centre.published_faqs(Some(Topic::RehabEquipment), 10).await.unwrap().len()
        );
        read.len()
    }

    async fn exists(&self, id: FaqId) -> bool {
        self.town.store.load::<Faq>(&id.to_string()).await.unwrap().is_some()
    }

    async fn leaves(&self) {
        let member = self.member;
        let left = self.town.centre.transact(|mut work: Work| async move {
            work.leave(By::Member(member)).await?;
            work.done(())
        });
        left.await.unwrap();
    }

    /// Two administrators let go what is due; answers how much that was.
    async fn disposes(&self) -> usize {
        let by = By::Staff(self.administrator);
        let other = self.town.staff(self.administrator, "admin2", &[Role::Administrator]).await;
        let proposed = self.town.centre.transact(|mut work| async move {
            let disposal = work.propose_disposal(by).await?;
            work.done(disposal)
        });
        let disposal = proposed.await.unwrap();
        self.town.clock.advance(std::time::Duration::from_mins(1));
        let decide = &disposal::Command::Decide { list: disposal.hash(), figures_are_kept: true };
        let decided = self.town.centre.transact(|mut work| async move {
            work.disposal_command(By::Staff(other), disposal.id, decide.clone()).await?;
            work.done(())
        });
        decided.await.unwrap();
        self.town.centre.carry_out_disposals(10).await.unwrap()
    }

    async fn assert_sound(&self) {
        assert_eq!(self.town.centre.verify_audit(|_| {}).await.unwrap().faults, []);
    }
}

#[tokio::test]
async fn members_read_an_entry_from_its_publication_to_its_withdrawal() {
    let desk = Desk::new().await;
    let centre = &desk.town.centre;
    let id = desk.drafted().await;
    assert_eq!((desk.read().await, centre.published_faq(id).await.unwrap()), (0, None));
    let publish = Command::Publish { seen: 1, confirmed: BOTH };
    let own = desk.command(desk.one, id, publish.clone()).await;
    assert!(matches!(own, Err(ServiceError::Faq(Refusal::OwnWords))), "{own:?}");
    desk.command(desk.other, id, publish).await.unwrap();
    assert_eq!(desk.read().await, 1);
    assert_eq!(centre.faq_topics().await.unwrap(), [(Topic::RehabEquipment, 1)]);
    desk.command(desk.other, id, change("吸引器を借りられますか。", 1)).await.unwrap();
    assert_eq!((desk.read().await, centre.published_faq(id).await.unwrap()), (0, None));
    desk.command(desk.one, id, change("吸引器を市から借りられますか。", 2)).await.unwrap();
    desk.command(desk.other, id, Command::Publish { seen: 3, confirmed: BOTH }).await.unwrap();
    assert_eq!(desk.read().await, 1);
    desk.command(desk.one, id, Command::Withdraw { why: Why::Recognisable }).await.unwrap();
    assert_eq!((desk.read().await, centre.faq_topics().await.unwrap()), (0, vec![]));
    for words in [QUESTION, ANSWER, "借りられますか"] {
        let trail = serde_json::to_string(&desk.town.trail().await).unwrap();
        assert!(!trail.contains(words), "the trail holds no words");
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_draft_is_made_of_an_answered_consultation_once() {
    let desk = Desk::asked(QUESTION).await;
    let (words, none) = (words(QUESTION, ANSWER), Vetting::default());
    let early = desk.draft_of(Sha256Hash::ZERO, &words, &none).await;
    assert!(matches!(early, Err(ServiceError::Faq(Refusal::NotAnswered))), "{early:?}");
    desk.town.answer(desk.one, desk.asked, ANSWER).await;
    let (first, second) = tokio::join!(desk.draft(&words, &none), desk.draft(&words, &none));
    let (made, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    assert!(matches!(lost, Err(ServiceError::Faq(Refusal::OfferedAlready))), "{lost:?}");
    let id = made.unwrap().id;
    desk.command(desk.one, id, Command::Withdraw { why: Why::NotNeeded }).await.unwrap();
    let again = desk.draft(&words, &none).await.unwrap().id;
    // The first cannot come back beside it.
    let back = desk.command(desk.one, id, change(QUESTION, 1)).await;
    assert!(matches!(back, Err(ServiceError::Faq(Refusal::OfferedAlready))), "{back:?}");
    assert_eq!(
        desk.town.centre.faq_of(By::Staff(desk.one), desk.asked).await.unwrap().unwrap().value.id,
        again
    );
}

/// R7, R8: what a draft begins with is masked as what many read, and what is written into it is screened so.
#[tokio::test]
async fn a_draft_begins_masked_and_nothing_personal_is_written_into_it() {
    let desk = Desk::asked(QUESTION).await;
    let (centre, by) = (&desk.town.centre, By::Staff(desk.one));
    // What passed in an answer to one person need not pass in what many read.
    centre.screen().accept(AllowList::new(["山田太郎"]).unwrap());
    desk.town.answer(desk.one, desk.asked, "利用者の山田太郎さんが使った窓口で借りられます。").await;
    centre.screen().accept(AllowList::default());
    let (suggested, _) = centre.suggested_faq(by, desk.asked).await.unwrap();
    assert_eq!(suggested.question, QUESTION);
    assert_eq!(suggested.answer, "利用者の██氏名██さんが使った窓口で借りられます。");
    assert_eq!(suggested.topic, Topic::Other);
    for words in
        [words("利用者の山田太郎さんの吸引器は", ANSWER), words(QUESTION, "自宅は090-1234-5678です。")]
    {
        let refused = desk.draft(&words, &Vetting::default()).await;
        assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))), "{refused:?}");
    }
    assert!(!desk.town.holds("の吸引器は").await);
    assert!(!desk.town.holds("090-1234-5678").await);
}

/// R9: a form that was opened before its member took a message back stores none of its words.
#[tokio::test]
async fn what_a_member_takes_back_meanwhile_comes_into_no_draft() {
    let desk = Desk::asked(QUESTION).await;
    let (centre, by, none) = (&desk.town.centre, By::Staff(desk.one), Vetting::default());
    let again = desk.town.ask(desk.member, "庭の赤い灯籠の家です。", "m2").await.unwrap().consultation;
    assert_eq!(again, desk.asked);
    desk.town.answer(desk.one, desk.asked, ANSWER).await;
    let (begun, seen) = centre.suggested_faq(by, desk.asked).await.unwrap();
    assert!(begun.question.contains("赤い灯籠"));
    let member = By::Member(desk.member);
    let taken = centre.transact(|mut work| async move {
        let erased = work.unsend(member, "m2").await?;
        work.done(erased)
    });
    assert_eq!(taken.await.unwrap(), Some(desk.asked));
    let refused = desk.draft_of(seen, &begun, &none).await;
    assert!(matches!(refused, Err(ServiceError::Faq(Refusal::ConsultationChanged))), "{refused:?}");
    assert!(!desk.town.holds("赤い灯籠").await);
    let (begun, seen) = centre.suggested_faq(by, desk.asked).await.unwrap();
    desk.draft_of(seen, &begun, &none).await.unwrap();
}

/// What screening takes for personal passes with a reason, which the trail keeps; and it passes again when it is published.
#[tokio::test]
async fn a_finding_passes_with_a_reason_and_is_looked_at_again_before_members_read_it() {
    let desk = Desk::new().await;
    let name = "山田太郎";
    let words = words(QUESTION, &format!("利用者会の{name}さんの著書をご覧ください。"));
    let unsaid = desk.draft(&words, &Vetting::default()).await;
    assert!(matches!(unsaid, Err(ServiceError::PersonalInformation(_))), "{unsaid:?}");
    let allowance = Allowance {
        kind: PiiKind::PersonName,
        text: name.to_owned(),
        reason: AllowReason::Published,
        comment: None,
    };
    let vetting = Vetting { allowed: vec![allowance.clone()], confirmed: true };
    let entry = desk.draft(&words, &vetting).await.unwrap();
    assert_eq!(entry.wording().unwrap().allowed, [allowance]);
    let acts = desk.town.trail().await;
    let allowed = acts.iter().find(|entry| entry.action == "faq.finding_allowed").unwrap();
    assert_eq!(allowed.detail["reason"], "published");
    desk.command(desk.other, entry.id, Command::Publish { seen: 1, confirmed: BOTH }).await.unwrap();
    assert_eq!(desk.read().await, 1);
    desk.assert_sound().await;
}

/// R7: what passed when it was written may pass no more.
#[tokio::test]
async fn what_is_to_be_published_is_screened_by_the_rules_of_that_moment() {
    let desk = Desk::new().await;
    let screen = desk.town.centre.screen();
    screen.accept(AllowList::new(["山田太郎"]).unwrap());
    let words = words(QUESTION, "利用者会の山田太郎さんの著書をご覧ください。");
    let id = desk.draft(&words, &Vetting::default()).await.unwrap().id;
    screen.accept(AllowList::default());
    let refused = desk.command(desk.other, id, Command::Publish { seen: 1, confirmed: BOTH }).await;
    assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))), "{refused:?}");
    assert_eq!(desk.read().await, 0);
}

/// R9, R12
#[tokio::test]
async fn what_was_drafted_of_a_members_words_goes_when_they_are_taken_back_or_erased() {
    let desk = Desk::new().await;
    let id = desk.drafted().await;
    let member = desk.member;
    let unsent = desk.town.centre.transact(|mut work| async move {
        let of = work.unsend(By::Member(member), "m1").await?;
        work.done(of)
    });
    assert_eq!(unsent.await.unwrap(), Some(desk.asked));
    assert!(!desk.exists(id).await && !desk.town.holds("吸引器").await);
    desk.assert_sound().await;

    let desk = Desk::new().await;
    let id = desk.published().await;
    desk.command(desk.one, id, Command::Withdraw { why: Why::Recognisable }).await.unwrap();
    desk.leaves().await;
    assert!(!desk.exists(id).await && !desk.town.holds("吸引器").await);
    desk.assert_sound().await;
}

/// R12: what somebody may be recognised by goes at once when nothing is left to which an erasure could still come.
#[tokio::test]
async fn what_somebody_may_be_recognised_by_goes_at_once_when_its_member_has_left() {
    for (why, stays) in [(Why::Recognisable, false), (Why::Outdated, true)] {
        let desk = Desk::new().await;
        let id = desk.published().await;
        desk.leaves().await;
        desk.command(desk.one, id, Command::Withdraw { why }).await.unwrap();
        assert_eq!((desk.exists(id).await, desk.town.holds("吸引器").await), (stays, stays), "{why:?}");
        desk.assert_sound().await;
    }
    // Seen later, of one that was withdrawn for another reason.
    let desk = Desk::new().await;
    let id = desk.published().await;
    desk.command(desk.one, id, Command::Withdraw { why: Why::Outdated }).await.unwrap();
    desk.command(desk.one, id, Command::Withdraw { why: Why::Recognisable }).await.unwrap();
    desk.leaves().await;
    assert!(!desk.exists(id).await && !desk.town.holds("吸引器").await);
    desk.assert_sound().await;
}

/// R12: of a published entry, what nobody confirmed goes; and an entry that a mended typo made a draft again keeps what was confirmed.
#[tokio::test]
async fn an_erasure_takes_each_wording_that_nobody_confirmed_and_none_that_somebody_did() {
    let [unseen, confirmed] = ["伏せ忘れのある質問ですか。", "だれのことか分からない質問ですか。"];
    for confirmed_first in [false, true] {
        let desk = Desk::new().await;
        let first = if confirmed_first { confirmed } else { unseen };
        let id = desk.draft(&words(first, ANSWER), &Vetting::default()).await.unwrap().id;
        if confirmed_first {
            desk.command(desk.other, id, Command::Publish { seen: 1, confirmed: BOTH }).await.unwrap();
            desk.command(desk.one, id, change(unseen, 1)).await.unwrap();
        } else {
            desk.command(desk.one, id, change(confirmed, 1)).await.unwrap();
            desk.command(desk.other, id, Command::Publish { seen: 2, confirmed: BOTH }).await.unwrap();
        }
        desk.leaves().await;
        let left = desk.town.store.load::<Faq>(&id.to_string()).await.unwrap().unwrap().value;
        let wordings: Vec<&str> = left.wordings.iter().map(|wording| wording.question.as_str()).collect();
        assert_eq!(wordings, [confirmed]);
        assert!(!desk.town.holds(unseen).await);
        assert_eq!(left.published().is_some(), !confirmed_first, "what was a draft waits for somebody");
        let stale = desk.command(desk.other, id, Command::Publish { seen: 2, confirmed: BOTH }).await;
        assert!(stale.is_err(), "whoever read the wording that went confirms no other");
        if confirmed_first {
            assert_eq!(left.number(), 3);
            desk.command(desk.other, id, Command::Publish { seen: 3, confirmed: BOTH }).await.unwrap();
        }
        desk.assert_sound().await;
    }
}

/// R12: two people have seen that what is published is nobody's; it stays, and nothing in it leads to who asked.
#[tokio::test]
async fn a_published_entry_holds_nothing_that_leads_to_a_member_and_outlives_them() {
    let desk = Desk::new().await;
    let id = desk.published().await;
    let member = desk.member;
    desk.leaves().await;
    let entry = desk.town.centre.published_faq(id).await.unwrap().unwrap();
    let stored = serde_json::to_string(&entry).unwrap();
    let indexes = serde_json::to_string(&entry.indexes()).unwrap();
    for held in [stored, indexes] {
        assert!(!held.contains(&member.to_string()) && !held.contains("Uasks"), "{held}");
    }
    // Of the consultation that its id names, nothing is left that was said.
    let consultation = desk.town.centre.consultation(By::Staff(desk.one), entry.consultation).await.unwrap();
    assert_eq!(Words::suggested_by(&consultation.value), None);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_draft_waits_for_those_who_did_not_write_it_and_for_nobody_else() {
    let desk = Desk::new().await;
    let checker = desk.town.staff(desk.administrator, "checker", &[Role::Checker]).await;
    let waits = async |of: StaffId| {
        let queue = desk.town.centre.queue(By::Staff(of)).await.unwrap();
        queue.list.into_iter().filter(|queued| matches!(queued.waiting.matter, Matter::Faq(_))).count()
    };
    let stamp = desk.town.centre.queue_stamp().await.unwrap();
    let id = desk.drafted().await;
    let now = desk.town.centre.queue_stamp().await.unwrap();
    let seen = |role: Role| (stamp.seen_by(|may| role.permits(may)), now.seen_by(|may| role.permits(may)));
    let (before, after) = seen(Role::Consultant);
    assert_ne!(before, after, "open pages hear of it");
    let (before, after) = seen(Role::Checker);
    assert_eq!(before, after, "whom it is no business of hears nothing");
    assert_eq!((waits(desk.one).await, waits(desk.other).await, waits(checker).await), (0, 1, 0));
    desk.command(desk.other, id, Command::Publish { seen: 1, confirmed: BOTH }).await.unwrap();
    assert_eq!(waits(desk.other).await, 0);
}

#[tokio::test]
async fn staff_find_entries_by_state_topic_and_words() {
    let desk = Desk::new().await;
    let id = desk.drafted().await;
    let by = By::Staff(desk.one);
    let found = async |query: FaqQuery| -> Vec<FaqId> {
        let found = desk.town.centre.faqs(by, &query).await.unwrap();
        found.into_iter().map(|entry| entry.value.id).collect()
    };
    let words = |question: &str| search::Words::new(question);
    for (name, query, expected) in [
        ("all", FaqQuery::default(), vec![id]),
        ("its state", FaqQuery { state: Some("draft"), ..FaqQuery::default() }, vec![id]),
        ("another state", FaqQuery { state: Some("published"), ..FaqQuery::default() }, vec![]),
        ("its topic", FaqQuery { topic: Some(Topic::RehabEquipment), ..FaqQuery::default() }, vec![id]),
        ("another topic", FaqQuery { topic: Some(Topic::Oral), ..FaqQuery::default() }, vec![]),
        ("a word of each", FaqQuery { words: words("週末 窓口"), ..FaqQuery::default() }, vec![id]),
        ("no word of it", FaqQuery { words: words("口腔"), ..FaqQuery::default() }, vec![]),
    ] {
        assert_eq!(found(query).await, expected, "{name}");
    }
    let administrator = desk.town.centre.faqs(By::Staff(desk.administrator), &FaqQuery::default()).await;
    assert!(matches!(administrator, Err(ServiceError::NotAllowed)));
}

/// R20
#[tokio::test]
async fn a_withdrawn_entry_goes_with_the_canned_answers_of_its_years_and_a_published_one_stays() {
    let desk = Desk::new().await;
    let by = By::Staff(desk.administrator);
    let entry = desk.published().await;
    let listed = async |now: &str| -> Vec<(Subject, Class)> {
        desk.town.clock.set(at(now));
        let due = desk.town.centre.due_for_disposal(by).await.unwrap();
        due.into_iter().map(|item| (item.subject, item.class)).collect()
    };
    assert_eq!(listed("2040-04-01T10:00:00+09:00").await, []);
    desk.town.clock.set(at("2026-10-06T10:00:00+09:00"));
    desk.command(desk.one, entry, Command::Withdraw { why: Why::Outdated }).await.unwrap();
    assert_eq!(listed("2029-04-01T10:00:00+09:00").await, []);
    let subject = Subject::new(&Faq::KIND, entry);
    assert_eq!(listed("2030-04-01T10:00:00+09:00").await, [(subject, Class::CannedAnswers)]);
    assert_eq!(desk.disposes().await, 1);
    assert!(!desk.exists(entry).await);
    desk.assert_sound().await;
}

/// R12, R20: what was drafted of a consultation does not outlive it, for nothing would lead an erasure there.
#[tokio::test]
async fn a_draft_goes_with_its_consultation_and_what_was_confirmed_stays() {
    for confirmed in [false, true] {
        let desk = Desk::new().await;
        let id = if confirmed { desk.published().await } else { desk.drafted().await };
        let (by, asked) = (By::Staff(desk.one), desk.asked);
        let resolved = desk.town.centre.transact(|mut work| async move {
            work.consultation_command(by, asked, consultation::Command::Resolve).await?;
            work.done(())
        });
        resolved.await.unwrap();
        loop {
            let leased = desk.town.centre.lease_due(10).await.unwrap();
            if leased.is_empty() {
                break;
            }
            for item in leased {
                let accepted = SendOutcome::Accepted { request_id: None };
                desk.town.centre.settle(&item, accepted).await.unwrap();
            }
        }
        desk.town.clock.set(at("2040-04-01T10:00:00+09:00"));
        while desk.town.centre.sweep_outbox().await.unwrap() > 0 {}
        assert_eq!(desk.disposes().await, 1);
        assert_eq!((desk.exists(id).await, desk.town.holds("吸引器").await), (confirmed, confirmed));
        desk.assert_sound().await;
    }
}
