use std::fmt;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::{Facts, Incident, IncidentState, Item, MAX_ITEM_CHARS, Report, Reported, Source};
use crate::{
    actor::{Actor, Permission},
    audit::Act,
    ids::{IncidentId, StaffId},
};

/// Something that somebody wants done with an incident. `Debug` prints the name alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// What is known by now.
    Save {
        /// All of it.
        facts: Box<Facts>,
        /// The [`Incident::saved`] of the record that whoever saves has read.
        seen: u32,
    },
    /// A report was made to the Commission.
    Report(Report),
    /// Nothing more is to be done.
    Close {
        /// Why, when there was no final report.
        reason: String,
    },
    /// Something more is to be done.
    Reopen,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Save { .. } => "save",
            Self::Report(Report::Preliminary) => "report_preliminary",
            Self::Report(Report::Final) => "report_final",
            Self::Close { .. } => "close",
            Self::Reopen => "reopen",
        })
    }
}

/// What a decision is taken by, beside the incident itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The centre's time zone.
    pub zone: &'a TimeZone,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The incident as it is from now on.
    pub next: Incident,
    /// What the trail says: states and figures, no words.
    pub act: Act,
}

/// Why an incident does not do what was asked. The Japanese sentence is for the person who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// In this state there is no such step.
    #[error("an incident in this state does not allow this")]
    NotNow(IncidentState),
    /// It was learned of in the future.
    #[error("the moment of learning lies in the future")]
    NotYet,
    /// An item is too long.
    #[error("an item is too long")]
    TooLong(Item),
    /// A report needs a summary.
    #[error("there is no summary")]
    NoSummary,
    /// The final report needs all nine items.
    #[error("an item is missing")]
    Missing(Item),
    /// The law asks for a report that was not made.
    #[error("a report is due")]
    ReportDue,
    /// A reason is needed.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// The reason is too long.
    #[error("the reason is too long")]
    ReasonTooLong,
    /// Somebody else saved after this one had read the record.
    #[error("somebody else saved meanwhile")]
    SavedMeanwhile,
    /// There is a record of this already.
    #[error("there is a record of this")]
    Known(IncidentId),
}

impl Refusal {
    /// What to tell the person who asked.
    pub fn sentence_ja(self) -> String {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::NotNow(state) => {
                format!("この記録は現在「{}」のため、この操作はできません。", state.label_ja())
            }
            Self::NotYet => "知った日時は、現在より前にしてください。".to_owned(),
            Self::TooLong(item) => {
                format!("「{}」は{MAX_ITEM_CHARS}文字以内で入力してください。", item.label_ja())
            }
            Self::NoSummary => "速報の前に「概要」を入力して保存してください。".to_owned(),
            Self::Missing(item) => {
                format!("確報には9項目すべてが必要です。「{}」を入力して保存してください。", item.label_ja())
            }
            Self::ReportDue => {
                "個人情報保護委員会への報告が必要な事態です。確報を済ませてから閉じてください。".to_owned()
            }
            Self::ReasonNeeded => "報告せずに閉じる理由を入力してください。".to_owned(),
            Self::ReasonTooLong => {
                format!("報告せずに閉じる理由は{MAX_ITEM_CHARS}文字以内で入力してください。")
            }
            Self::SavedMeanwhile => {
                "ほかの方が先にこの記録を保存しました。入力した内容はまだ保存していません。".to_owned()
            }
            Self::Known(_) => "この件の記録はすでにあります。".to_owned(),
        }
    }
}

impl Incident {
    /// Somebody learned that personal information got through.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::NotYet`], [`Refusal::TooLong`].
    pub fn open(
        id: IncidentId,
        source: Option<Source>,
        facts: Facts,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let by = staff(cx)?;
        check(&facts, cx)?;
        let next = Self {
            id,
            source,
            facts,
            state: IncidentState::Open,
            saved: 0,
            preliminary: None,
            final_report: None,
            closed_because: None,
            opened_at: cx.now,
            opened_by: by,
            updated_at: cx.now,
        };
        Ok(next.acted("incident.opened", cx))
    }

    /// What `command` makes of this incident. Reads nothing, sends nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        use IncidentState as S;
        let by = staff(cx)?;
        let mut next = Self { updated_at: cx.now, ..self.clone() };
        let reported = Reported { at: cx.now, by };
        let action = match (self.state, command) {
            (S::Open | S::PreliminaryReported | S::FinalReported, Command::Save { facts, seen }) => {
                if seen != self.saved {
                    return Err(Refusal::SavedMeanwhile);
                }
                check(&facts, cx)?;
                next.facts = *facts;
                next.saved = self.saved.saturating_add(1);
                "incident.saved"
            }
            (S::Open, Command::Report(Report::Preliminary)) => {
                if self.facts.item(Item::Summary).is_empty() {
                    return Err(Refusal::NoSummary);
                }
                next.preliminary = Some(reported);
                next.state = S::PreliminaryReported;
                "incident.preliminary_reported"
            }
            // Whoever knows everything in time reports once: it is both reports.
            (S::Open | S::PreliminaryReported, Command::Report(Report::Final)) => {
                if let Some(missing) = Item::ALL.into_iter().find(|item| self.facts.item(*item).is_empty()) {
                    return Err(Refusal::Missing(missing));
                }
                next.preliminary = self.preliminary.or(Some(reported));
                next.final_report = Some(reported);
                next.state = S::FinalReported;
                "incident.final_reported"
            }
            (S::FinalReported, Command::Close { .. }) => {
                next.state = S::Closed;
                "incident.closed"
            }
            (S::Open | S::PreliminaryReported, Command::Close { reason }) => {
                if !self.facts.grounds().is_empty() {
                    return Err(Refusal::ReportDue);
                }
                if reason.trim().is_empty() {
                    return Err(Refusal::ReasonNeeded);
                }
                if reason.trim().chars().count() > MAX_ITEM_CHARS {
                    return Err(Refusal::ReasonTooLong);
                }
                next.closed_because = Some(reason.trim().to_owned());
                next.state = S::Closed;
                "incident.closed"
            }
            (S::Closed, Command::Reopen) => {
                next.closed_because = None;
                next.state = match (self.preliminary, self.final_report) {
                    (_, Some(_)) => S::FinalReported,
                    (Some(_), None) => S::PreliminaryReported,
                    (None, None) => S::Open,
                };
                "incident.reopened"
            }
            (state, _) => return Err(Refusal::NotNow(state)),
        };
        Ok(next.acted(action, cx))
    }

    fn acted(self, action: &'static str, cx: &Context<'_>) -> Decision {
        let Facts { learned_at, persons, .. } = &self.facts;
        let deadlines = self.facts.deadlines(cx.zone);
        let act = Act::new(action).detail(json!({
            "learned_at": learned_at, "persons": persons, "grounds": self.facts.grounds(),
            "preliminary_by": deadlines.preliminary_by, "final_by": deadlines.final_by,
            "from": self.source.as_ref().map(Source::index),
        }));
        Decision { next: self, act }
    }
}

fn staff(cx: &Context<'_>) -> Result<StaffId, Refusal> {
    let allowed = cx.actor.may(Permission::HandleIncidents);
    cx.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)
}

fn check(facts: &Facts, cx: &Context<'_>) -> Result<(), Refusal> {
    if facts.learned_at > cx.now {
        return Err(Refusal::NotYet);
    }
    let long = facts.items.iter().find(|(_, text)| text.chars().count() > MAX_ITEM_CHARS);
    long.map_or(Ok(()), |(item, _)| Err(Refusal::TooLong(*item)))
}
