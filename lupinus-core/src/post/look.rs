use serde::{Deserialize, Serialize};

use super::Attachment;
use crate::screening::PiiKind;

/// What could be read of a picture or file when it was handed in (R11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Look {
    /// Nothing, or not all: a picture, a scan, something that cannot be read. A person looks, before it is handed in.
    Blind,
    /// Its text, which was screened.
    Read {
        /// What is to be confirmed in it; empty when nothing was found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        found: Vec<PiiKind>,
    },
}

impl Attachment {
    /// Whether a person has to say that nobody can be recognised in it, and has not.
    pub fn is_unchecked(&self) -> bool {
        !self.checked && !matches!(self.look, Some(Look::Read { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The forms of schema 1: of before files were looked into, and of each outcome. They change only with a new schema number and a
    /// way to read these.
    const STORED: [&str; 4] = [
        r#""alt":"見本"}"#,
        r#""alt":"見本","look":{"is":"blind"},"checked":true}"#,
        r#""alt":"見本","look":{"is":"read"}}"#,
        r#""alt":"見本","look":{"is":"read","found":["professional_name"]}}"#,
    ];

    #[test]
    fn a_stored_attachment_keeps_its_form_and_says_whether_a_person_has_to_look() {
        let head = r#"{"name":"a.pdf","media_type":"application/pdf","size_bytes":9,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","#;
        for (tail, unchecked) in STORED.into_iter().zip([true, false, false, false]) {
            let stored = format!("{head}{tail}");
            let read: Attachment = serde_json::from_str(&stored).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), stored);
            assert_eq!(read.is_unchecked(), unchecked, "{tail}");
        }
    }
}
