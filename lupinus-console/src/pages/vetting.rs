//! What screening found in a text that staff write for members, and what they say of it.

use lupinus_core::{
    screening::{Action, AllowReason, Allowance, Mark, PiiKind},
    service::Vetting,
};

use crate::fields::Fields;

/// Most findings of one form that are let pass.
const MAX_FINDINGS: usize = 20;

/// The reasons as they are chosen.
pub(super) type Reasons = [(&'static str, &'static str); 5];

pub(super) fn reasons() -> Reasons {
    AllowReason::ALL.map(|reason| (reason.name(), reason.label_ja()))
}

/// A finding that may be let pass with a reason, with what was said of it already.
pub(super) struct Finding {
    pub(super) number: usize,
    pub(super) kind: &'static str,
    pub(super) label: &'static str,
    pub(super) words: String,
    pub(super) reason: String,
    pub(super) comment: String,
}

/// What a form says of what screening found.
pub(super) fn vetting(fields: &Fields) -> Vetting {
    let given = |number: usize| -> Option<Allowance> {
        let field = |name: &str| format!("{name}_{number}");
        Some(Allowance {
            kind: PiiKind::from_name(fields.text(&field("found_kind")))?,
            text: fields.text(&field("found_text")).to_owned(),
            reason: AllowReason::from_name(fields.text(&field("reason_kind")))?,
            comment: fields.some_owned(&field("comment")),
        })
    };
    Vetting { allowed: (0..MAX_FINDINGS).filter_map(given).collect(), confirmed: fields.ticked("confirmed") }
}

/// What stands in the way of these texts and may be let pass, each once.
pub(super) fn findings(texts: &[(&str, &[Mark])], before: &[Allowance]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let all = texts.iter().flat_map(|(text, marks)| marks.iter().map(move |mark| (text, mark)));
    for (text, mark) in all.filter(|(_, mark)| mark.action == Action::Block && mark.kind.can_be_allowed()) {
        let Some(words) = text.get(mark.start..mark.end) else { continue };
        let kind = mark.kind.as_str();
        let is_known = findings.iter().any(|known| known.kind == kind && known.words == words);
        if is_known || findings.len() >= MAX_FINDINGS {
            continue;
        }
        let given = before.iter().find(|given| given.kind == mark.kind && given.text == words);
        findings.push(Finding {
            number: findings.len(),
            kind,
            label: mark.kind.label_ja(),
            words: words.to_owned(),
            reason: given.map_or_else(String::new, |given| given.reason.name().to_owned()),
            comment: given.and_then(|given| given.comment.clone()).unwrap_or_default(),
        });
    }
    findings
}
