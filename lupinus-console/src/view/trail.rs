use lupinus_core::{
    actor::Origin,
    audit::{AuditEntry, Subject},
    service::{Centre, LookReason, ServiceError},
};

use super::{Names, When};
use crate::{text::Text, words};

/// One entry of the trail.
pub(crate) struct TrailRow {
    pub(crate) number: u64,
    pub(crate) at: Text,
    pub(crate) who: Text,
    pub(crate) for_whom: Option<Text>,
    pub(crate) origin: &'static str,
    pub(crate) act: Text,
    /// The act's own name, as it stands in the record.
    pub(crate) action: String,
    /// Why somebody looked, where they had to say so.
    pub(crate) reason: Option<&'static str>,
    pub(crate) revision: Option<u32>,
    pub(crate) hash: String,
    pub(crate) subject: Text,
    /// Within the console, where a list leads to pages.
    pub(crate) href: Option<String>,
}

impl TrailRow {
    pub(crate) fn new(entry: &AuditEntry, names: &Names, when: &When<'_>) -> Self {
        Self {
            number: entry.number,
            at: when.at(entry.at),
            who: names.who(entry.who),
            for_whom: entry.on_behalf_of.map(|id| names.staff(id)),
            origin: match entry.origin {
                Origin::Line => "LINE",
                Origin::Console => "管理画面",
                Origin::CommandLine => "コマンド",
                Origin::System => "自動",
            },
            act: words::act(&entry.action),
            action: entry.action.clone(),
            reason: entry.detail["reason"].as_str().and_then(LookReason::of_name).map(LookReason::label_ja),
            revision: entry.revision,
            hash: entry.hash.short(),
            subject: words::subject(&entry.subject),
            href: None,
        }
    }
}

/// The trail of one subject, the latest first.
pub(crate) async fn trail(
    centre: &Centre,
    subject: &Subject,
    names: &Names,
    when: &When<'_>,
) -> Result<Vec<TrailRow>, ServiceError> {
    let entries = centre.audit_of(subject).await?;
    Ok(entries.iter().rev().map(|entry| TrailRow::new(entry, names, when)).collect())
}
