//! Incidents (R13): from what got through to the final report, by the clock.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod people;

use std::time::Duration;

use lupinus_core::{
    actor::Role,
    audit::Subject,
    consultation::Consultation,
    faq::Faq,
    ids::{IncidentId, StaffId},
    incident::{
        Command, Due, Facts, Ground, Incident, IncidentState, Item, MAX_ITEM_CHARS, Refusal, Report, Source,
    },
    service::{By, ServiceError, Vetting},
    store::Entity,
};
use people::{Town, at};

const DAY: Duration = Duration::from_hours(24);

async fn opened(
    town: &Town,
    by: StaffId,
    source: Option<Source>,
    facts: Facts,
) -> Result<Incident, ServiceError> {
    let (source, facts) = (&source, &facts);
    town.centre
        .transact(|mut work| async move {
            let incident = work.open_incident(By::Staff(by), source.clone(), facts.clone()).await?;
            work.done(incident)
        })
        .await
}

async fn done(town: &Town, by: StaffId, id: IncidentId, command: Command) -> Result<Incident, ServiceError> {
    let command = &command;
    town.centre
        .transact(|mut work| async move {
            let incident = work.incident_command(By::Staff(by), id, command.clone()).await?;
            work.done(incident)
        })
        .await
}

fn save(facts: &Facts, seen: u32) -> Command {
    Command::Save { facts: Box::new(facts.clone()), seen }
}

fn refusal(refused: Result<Incident, ServiceError>) -> Refusal {
    match refused {
        Err(ServiceError::Incident(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn due(town: &Town, incident: &Incident) -> Option<(Report, i64)> {
    let zone = town.centre.policy().hours.time_zone();
    incident.due(town.centre.now(), zone).map(|Due { report, days_left, .. }| (report, days_left))
}

#[tokio::test]
async fn the_clocks_of_both_reports_run_from_the_moment_of_learning() {
    // R13
    let town = Town::new();
    let admin = town.administrator().await;
    let learned = town.centre.now();
    let facts = Facts { special_care: true, ..Facts::new(learned) };
    let incident = opened(&town, admin, None, facts.clone()).await.unwrap();
    let id = incident.id;
    // The day of learning is the first of five.
    assert_eq!(due(&town, &incident), Some((Report::Preliminary, 4)));
    town.clock.advance(DAY * 4);
    assert_eq!(due(&town, &incident), Some((Report::Preliminary, 0)));
    town.clock.advance(DAY);
    assert_eq!(due(&town, &incident), Some((Report::Preliminary, -1)));

    let report = |report| Command::Report(report);
    assert_eq!(refusal(done(&town, admin, id, report(Report::Preliminary)).await), Refusal::NoSummary);
    let mut known = facts;
    known.items.insert(Item::Summary, "相談の一件が伏せられずに残った。".to_owned());
    done(&town, admin, id, save(&known, 0)).await.unwrap();
    let incident = done(&town, admin, id, report(Report::Preliminary)).await.unwrap();
    assert_eq!(incident.state, IncidentState::PreliminaryReported);
    // From the day of learning, not of the report: 4 November, since the 30th day is a holiday.
    assert_eq!(due(&town, &incident), Some((Report::Final, 25)));
    town.clock.set(at("2026-11-04T23:00:00+09:00"));
    assert_eq!(due(&town, &incident), Some((Report::Final, 0)));
    town.clock.set(at("2026-11-05T00:00:00+09:00"));
    assert_eq!(due(&town, &incident), Some((Report::Final, -1)));
    // If it was done on purpose there are 60 days.
    let malicious = Facts { malicious: true, ..known.clone() };
    let incident = done(&town, admin, id, save(&malicious, 1)).await.unwrap();
    assert_eq!(due(&town, &incident), Some((Report::Final, 28)));

    // Not closed while a report is due; the final one has all nine items.
    let close = || Command::Close { reason: "対応済み".to_owned() };
    assert_eq!(refusal(done(&town, admin, id, close()).await), Refusal::ReportDue);
    let missing = refusal(done(&town, admin, id, report(Report::Final)).await);
    assert_eq!(missing, Refusal::Missing(Item::Data));
    let mut whole = malicious;
    for item in Item::ALL {
        whole.items.insert(item, format!("{}について", item.label_ja()));
    }
    done(&town, admin, id, save(&whole, 2)).await.unwrap();
    let incident = done(&town, admin, id, report(Report::Final)).await.unwrap();
    assert_eq!(due(&town, &incident), None);
    let incident = done(&town, admin, id, close()).await.unwrap();
    assert!(incident.is_closed());
    let refused = done(&town, admin, id, save(&incident.facts, 3)).await;
    assert_eq!(refusal(refused), Refusal::NotNow(IncidentState::Closed));
    let incident = done(&town, admin, id, Command::Reopen).await.unwrap();
    assert_eq!(incident.state, IncidentState::FinalReported);

    let trail = town.trail().await;
    let said: Vec<&str> = trail
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("incident"))
        .collect();
    assert_eq!(
        said,
        [
            "incident.opened",
            "incident.saved",
            "incident.preliminary_reported",
            "incident.saved",
            "incident.saved",
            "incident.final_reported",
            "incident.closed",
            "incident.reopened",
        ]
    );
    let all = serde_json::to_string(&trail).unwrap();
    assert!(!all.contains("伏せられずに"), "the trail holds nobody's words");
    assert!(town.centre.verify_audit(|_| {}).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn what_the_law_does_not_ask_for_is_closed_with_a_reason() {
    // R13
    let town = Town::new();
    let admin = town.administrator().await;
    let facts = Facts { persons: Some(100), ..Facts::new(town.centre.now()) };
    let incident = opened(&town, admin, None, facts.clone()).await.unwrap();
    assert_eq!(due(&town, &incident), None);
    let close = |reason: &str| Command::Close { reason: reason.to_owned() };
    assert_eq!(refusal(done(&town, admin, incident.id, close(" ")).await), Refusal::ReasonNeeded);
    let long = "あ".repeat(MAX_ITEM_CHARS + 1);
    assert_eq!(refusal(done(&town, admin, incident.id, close(&long)).await), Refusal::ReasonTooLong);
    let more = Facts { persons: Some(101), ..facts.clone() };
    let incident = done(&town, admin, incident.id, save(&more, 0)).await.unwrap();
    assert_eq!(incident.facts.grounds().into_iter().collect::<Vec<_>>(), [Ground::ManyPersons]);
    assert_eq!(due(&town, &incident), Some((Report::Preliminary, 4)));
    done(&town, admin, incident.id, save(&facts, 1)).await.unwrap();
    let incident = done(&town, admin, incident.id, close("公表済みの名簿のため")).await.unwrap();
    assert_eq!(incident.closed_because.as_deref(), Some("公表済みの名簿のため"));
}

#[tokio::test]
async fn who_saves_what_somebody_else_has_changed_meanwhile_is_refused_and_nothing_is_lost() {
    // R13
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let facts = Facts::new(town.centre.now());
    let id = opened(&town, admin, None, facts.clone()).await.unwrap().id;
    let with = |item: Item, text: &str| {
        let mut facts = facts.clone();
        facts.items.insert(item, text.to_owned());
        facts
    };
    let (summary, cause) = (with(Item::Summary, "一件"), with(Item::Cause, "宛先の誤り"));
    done(&town, admin, id, save(&summary, 0)).await.unwrap();
    assert_eq!(refusal(done(&town, consultant, id, save(&cause, 0)).await), Refusal::SavedMeanwhile);
    let kept = town.centre.incident(By::Staff(admin), id).await.unwrap().value;
    assert_eq!((kept.facts.item(Item::Summary), kept.facts.item(Item::Cause)), ("一件", ""));
    // A report that was recorded meanwhile changes nothing of what is known.
    done(&town, admin, id, Command::Report(Report::Preliminary)).await.unwrap();
    done(&town, consultant, id, save(&cause, kept.saved)).await.unwrap();
}

#[tokio::test]
async fn of_what_got_through_in_a_frequently_asked_question_one_record_is_kept() {
    // R13
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let checker = town.staff(admin, "ken", &[Role::Checker]).await;
    let nurse = town.member("U-nurse").await;
    let asked = town.ask(nurse, "週末に使える吸引器の業者は?", "m1").await.unwrap().consultation;
    town.answer(consultant, asked, "2社あります。").await;
    let by = By::Staff(consultant);
    let (words, seen) = town.centre.suggested_faq(by, asked).await.unwrap();
    let words = &words;
    let drafted = town.centre.transact(|mut work| async move {
        let entry = work.draft_faq(by, asked, words, seen, &Vetting::default()).await?;
        work.done(entry.id)
    });
    let source = |id: String| Some(Source { subject: Subject::new(&Faq::KIND, id), entry: None });
    let from = source(drafted.await.unwrap().to_string());
    let facts = Facts { special_care: true, ..Facts::new(town.centre.now()) };
    let refused = opened(&town, checker, from.clone(), facts.clone()).await;
    assert!(matches!(refused, Err(ServiceError::NotAllowed)), "they read none: {refused:?}");
    let refused = opened(&town, consultant, source("nowhere".to_owned()), facts.clone()).await;
    assert!(matches!(refused, Err(ServiceError::NotFound(_))), "{refused:?}");
    let incident = opened(&town, consultant, from.clone(), facts.clone()).await.unwrap();
    assert_eq!(refusal(opened(&town, consultant, from, facts).await), Refusal::Known(incident.id));
}

#[tokio::test]
async fn of_what_got_through_in_one_message_one_record_is_kept_and_no_personal_information_in_it() {
    // R13
    let town = Town::new();
    let admin = town.administrator().await;
    let consultant = town.staff(admin, "kaori", &[Role::Consultant]).await;
    let checker = town.staff(admin, "ken", &[Role::Checker]).await;
    let auditor = town.staff(admin, "aki", &[Role::Auditor]).await;
    let nurse = town.member("U-nurse").await;
    let asked = town.ask(nurse, "週末に使える吸引器の業者は?", "m1").await.unwrap().consultation;
    let handled = town.answer(consultant, asked, "2社あります。").await;
    let entry = handled.consultation.thread[1].id;
    let source = |entry| Source { subject: Subject::new(&Consultation::KIND, asked), entry };
    let facts = Facts { special_care: true, ..Facts::new(town.centre.now()) };

    // Who may not read consultations opens none from one, and an auditor none at all.
    for by in [checker, auditor] {
        let refused = opened(&town, by, Some(source(Some(entry))), facts.clone()).await;
        assert!(matches!(refused, Err(ServiceError::NotAllowed)), "{refused:?}");
    }
    let elsewhere = lupinus_core::ids::EntryId::from_uuid(uuid::Uuid::from_u128(99));
    let refused = opened(&town, consultant, Some(source(Some(elsewhere))), facts.clone()).await;
    assert!(matches!(refused, Err(ServiceError::NotFound(_))), "{refused:?}");
    let later = Facts { learned_at: town.centre.now() + DAY, ..facts.clone() };
    assert_eq!(refusal(opened(&town, consultant, None, later).await), Refusal::NotYet);
    let mut named = facts.clone();
    named.items.insert(Item::Summary, "山田花子さん(090-1234-5678)の件".to_owned());
    let refused = opened(&town, consultant, Some(source(Some(entry))), named).await;
    assert!(matches!(refused, Err(ServiceError::PersonalInformation(_))), "{refused:?}");
    assert!(!town.holds("山田花子").await);

    let incident = opened(&town, consultant, Some(source(Some(entry))), facts.clone()).await.unwrap();
    let again = opened(&town, admin, Some(source(Some(entry))), facts.clone()).await;
    assert!(
        matches!(again, Err(ServiceError::NotAllowed)),
        "an administrator reads no consultations: {again:?}"
    );
    let again = opened(&town, consultant, Some(source(Some(entry))), facts.clone()).await;
    assert_eq!(refusal(again), Refusal::Known(incident.id));
    // Another message of the same consultation is another matter.
    opened(&town, consultant, Some(source(None)), facts).await.unwrap();

    let id = incident.id;
    let exported = town.centre.transact(|mut work| async move {
        let value = work.export_incident(By::Staff(consultant), id).await?;
        work.done(value)
    });
    let exported = exported.await.unwrap();
    assert_eq!(exported["items"].as_array().unwrap().len(), 9);
    assert_eq!(exported["items"][4]["label"], "二次被害又はそのおそれの有無及びその内容");
    assert_eq!(exported["deadlines"]["preliminary_by"], "2026-10-09");
    assert_eq!(exported["grounds"][0], "special_care");
    assert!(town.actions().await.contains(&"incident.exported".to_owned()));
}
