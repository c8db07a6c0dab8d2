use lupinus_core::{
    post::FieldMark,
    screening::{Action, Mark, masked_parts},
};
use similar::{ChangeTag, TextDiff};

use crate::text::{Text, say};

/// A piece of a text, with what is to be seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seg {
    pub(crate) text: Text,
    /// The style: `""`, `block`, `warn`, `allow`, `masked`, `ins`, `del`.
    pub(crate) css: &'static str,
    /// What is said of it in words: colour alone says nothing.
    pub(crate) note: Text,
}

impl Seg {
    /// Words of the console's.
    pub(super) fn said(text: Text) -> Self {
        Self { text, css: "", note: Text::default() }
    }

    fn plain(text: &str) -> Self {
        Self::said(Text::given(text))
    }
}

/// A text with what screening found in it.
pub(crate) fn marked<'a>(text: &str, marks: impl Iterator<Item = &'a Mark>) -> Vec<Seg> {
    let mut segs = Vec::new();
    let mut at = 0;
    for mark in marks {
        // Marks are sorted and on boundaries; a record that says otherwise is shown without them.
        let (Some(before), Some(found)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else {
            continue;
        };
        if !before.is_empty() {
            segs.push(Seg::plain(before));
        }
        let css = match mark.action {
            Action::Block => "block",
            Action::Warn => "warn",
            Action::Allow => "allow",
        };
        let kind = mark.kind.label_ja();
        let note = if mark.action == Action::Allow { say!("{kind}・許可", kind) } else { kind.into() };
        segs.push(Seg { text: Text::given(found), css, note });
        at = mark.end;
    }
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        segs.push(Seg::plain(rest));
    }
    segs
}

/// A member's text as it is kept: where something was masked, and what a person should look at.
pub(crate) fn kept<'a>(text: &str, marks: impl Iterator<Item = &'a Mark>) -> Vec<Seg> {
    let split = |seg: Seg| -> Vec<Seg> {
        if !seg.css.is_empty() {
            return vec![seg];
        }
        let text = seg.text.to_string();
        let parts = masked_parts(&text).into_iter();
        let css = |masked| if masked { "masked" } else { "" };
        parts.map(|(part, masked)| Seg { css: css(masked), ..Seg::plain(part) }).collect::<Vec<_>>()
    };
    marked(text, marks).into_iter().flat_map(split).collect()
}

/// The marks of one text of a field.
pub(crate) fn of_text(marks: &[FieldMark], field: lupinus_core::post::Field, nth: usize) -> Vec<Mark> {
    marks.iter().filter(|mark| mark.field == field && mark.nth == nth).map(|mark| mark.mark).collect()
}

/// What changed from one text to the next, word by word.
pub(crate) fn diff(before: &str, after: &str) -> Vec<Seg> {
    let changes = TextDiff::from_unicode_words(before, after);
    let mut segs: Vec<Seg> = Vec::new();
    for change in changes.iter_all_changes() {
        let (css, note) = match change.tag() {
            ChangeTag::Equal => ("", ""),
            ChangeTag::Insert => ("ins", "追加"),
            ChangeTag::Delete => ("del", "削除"),
        };
        match segs.last_mut() {
            Some(Seg { text: Text::Given(text), css: last, .. }) if *last == css => {
                text.push_str(change.value());
            }
            _ => segs.push(Seg { text: Text::given(change.value()), css, note: note.into() }),
        }
    }
    segs
}

#[cfg(test)]
mod tests {
    use lupinus_core::screening::{Confidence, PiiKind};

    use super::*;

    #[test]
    fn a_mark_is_shown_where_it_is_and_nothing_is_lost() {
        let text = "連絡は山田まで";
        let mark = Mark {
            start: "連絡は".len(),
            end: "連絡は山田".len(),
            kind: PiiKind::PersonName,
            confidence: Confidence::CERTAIN,
            action: Action::Block,
        };
        let segs = marked(text, [mark].iter());
        assert_eq!(segs.iter().map(|seg| seg.css).collect::<Vec<_>>(), ["", "block", ""]);
        assert_eq!(segs.iter().map(|seg| seg.text.to_string()).collect::<String>(), text);
        let beyond = Mark { start: 1, end: 900, ..mark };
        assert_eq!(marked(text, [beyond].iter()).len(), 1);
    }

    #[test]
    fn a_diff_says_what_went_and_what_came() {
        let segs = diff("定員は30名です", "定員は40名です");
        let text = |css: &str| {
            segs.iter().filter(|seg| seg.css == css).map(|seg| seg.text.to_string()).collect::<String>()
        };
        assert!(text("del").contains("30") && text("ins").contains("40"), "{segs:?}");
    }
}
