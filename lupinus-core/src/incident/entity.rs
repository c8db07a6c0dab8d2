use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    audit::Subject,
    ids::{EntryId, IncidentId, StaffId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Longest text of one item, in `char`s.
pub const MAX_ITEM_CHARS: usize = 4_000;

/// One of the nine items of a report (個人情報の保護に関する法律施行規則 第44条).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// 概要
    Summary,
    /// 個人情報の項目
    Data,
    /// 本人の数
    Persons,
    /// 原因
    Cause,
    /// 二次被害又はそのおそれの有無及びその内容
    SecondaryHarm,
    /// 本人への対応の実施状況
    ToPersons,
    /// 公表の実施状況
    Publication,
    /// 再発防止のための措置
    Prevention,
    /// その他参考となる事項
    Other,
}

impl Item {
    /// The nine, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::Summary,
        Self::Data,
        Self::Persons,
        Self::Cause,
        Self::SecondaryHarm,
        Self::ToPersons,
        Self::Publication,
        Self::Prevention,
        Self::Other,
    ];

    /// Its name in forms and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Data => "data",
            Self::Persons => "persons",
            Self::Cause => "cause",
            Self::SecondaryHarm => "secondary_harm",
            Self::ToPersons => "to_persons",
            Self::Publication => "publication",
            Self::Prevention => "prevention",
            Self::Other => "other",
        }
    }

    /// What people read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Summary => "概要",
            Self::Data => "個人情報の項目",
            Self::Persons => "本人の数",
            Self::Cause => "原因",
            Self::SecondaryHarm => "二次被害又はそのおそれの有無及びその内容",
            Self::ToPersons => "本人への対応の実施状況",
            Self::Publication => "公表の実施状況",
            Self::Prevention => "再発防止のための措置",
            Self::Other => "その他参考となる事項",
        }
    }
}

/// Where something got through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The post, the consultation, or the entry of the frequently asked questions.
    pub subject: Subject,
    /// Which message or answer of a consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
}

impl Source {
    /// Its value in the index.
    pub fn index(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{} {entry}", self.subject.as_str()),
            None => self.subject.as_str().to_owned(),
        }
    }
}

/// What is known by now. `Debug` prints none of the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When somebody learned of it: the clocks run from then.
    pub learned_at: Timestamp,
    /// How many persons it concerns, as far as that is known.
    pub persons: Option<u32>,
    /// Whether special-care information (要配慮個人情報: illness, disability, care) is among it.
    pub special_care: bool,
    /// Whether somebody may lose money by it.
    pub financial: bool,
    /// Whether it may have been done on purpose (不正の目的).
    pub malicious: bool,
    /// The nine items, as far as they are written.
    pub items: BTreeMap<Item, String>,
}

impl Facts {
    /// Nothing but when it was learned.
    pub const fn new(learned_at: Timestamp) -> Self {
        Self {
            learned_at,
            persons: None,
            special_care: false,
            financial: false,
            malicious: false,
            items: BTreeMap::new(),
        }
    }

    /// What stands under an item; empty when nothing does.
    pub fn item(&self, item: Item) -> &str {
        self.items.get(&item).map_or("", |text| text.trim())
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Facts(learned {}, {} items)", self.learned_at, self.items.len())
    }
}

/// A report that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// When.
    pub at: Timestamp,
    /// Who says so.
    pub by: StaffId,
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// 対応中
    Open,
    /// 速報済み
    PreliminaryReported,
    /// 確報済み
    FinalReported,
    /// 終了
    Closed,
}

impl IncidentState {
    /// Its name in the index.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PreliminaryReported => "preliminary_reported",
            Self::FinalReported => "final_reported",
            Self::Closed => "closed",
        }
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Open => "対応中",
            Self::PreliminaryReported => "速報済み",
            Self::FinalReported => "確報済み",
            Self::Closed => "終了",
        }
    }
}

/// Personal information that got through, with what is done about it. `Debug` prints where it stands, no words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Ours.
    pub id: IncidentId,
    /// Where it got through; `None` when it was learned of otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What is known.
    pub facts: Facts,
    /// Where it stands.
    pub state: IncidentState,
    /// How often what is known was saved since the record was begun: whoever saves says which of them they have read.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub saved: u32,
    /// The preliminary report (速報).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preliminary: Option<Reported>,
    /// The final report (確報).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_report: Option<Reported>,
    /// Why it was closed without a final report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_because: Option<String>,
    /// When the record was begun.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: StaffId,
    /// When it changed last.
    pub updated_at: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_none_yet(saved: &u32) -> bool {
    *saved == 0
}

impl fmt::Debug for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incident").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Incident {
    /// Whether nothing more is to be done.
    pub fn is_closed(&self) -> bool {
        self.state == IncidentState::Closed
    }
}

impl Entity for Incident {
    const KIND: Kind = Kind::new("incident");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let opened = format!("{:015}", self.opened_at.as_millisecond());
        let group = if self.is_closed() { "closed" } else { "running" };
        let mut indexes = vec![IndexEntry::new("state", format!("{group} {opened}"))];
        if let Some(source) = self.source.as_ref().filter(|_| !self.is_closed()) {
            // Two who find the same at once keep one record.
            indexes.push(IndexEntry::unique("source", source.index()));
        }
        indexes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","source":{"subject":"consultation/1","entry":"00000000-0000-0000-0000-000000000002"},"facts":{"learned_at":"2026-10-05T01:00:00Z","persons":1,"special_care":true,"financial":false,"malicious":false,"items":{"summary":"相談の一件","cause":"確認中"}},"state":"preliminary_reported","preliminary":{"at":"2026-10-06T01:00:00Z","by":"00000000-0000-0000-0000-000000000003"},"closed_because":"訓練でした","opened_at":"2026-10-05T01:10:00Z","opened_by":"00000000-0000-0000-0000-000000000003","updated_at":"2026-10-06T01:00:00Z"}"#;

    #[test]
    fn a_stored_incident_keeps_its_form_and_shows_no_words() {
        let read: Incident = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        assert_eq!(read.saved, 0);
        let saved = STORED.replacen(r#","preliminary""#, r#","saved":2,"preliminary""#, 1);
        let read: Incident = serde_json::from_str(&saved).unwrap();
        assert_eq!((read.saved, serde_json::to_string(&read).unwrap()), (2, saved));
        let shown = format!("{read:?}");
        assert!(!shown.contains("相談の一件") && !shown.contains("訓練でした"), "{shown}");
    }
}
