use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

/// What members read where a city wants other words than the shipped ones: by the key of each text, with `{ $name }` where
/// something is put in. Core keeps them within bounds; whether they can be said is for [`MemberTexts`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CityTexts(pub BTreeMap<String, String>);

impl CityTexts {
    /// Most texts that are otherwise than shipped.
    pub const MAX_TEXTS: usize = 200;
    /// Longest key, in bytes.
    pub const MAX_KEY_BYTES: usize = 60;
    /// Longest text, in `char`s: of a message that LINE takes, [5,000 UTF-16 code units][limit], never more.
    ///
    /// [limit]: https://developers.line.biz/en/reference/messaging-api/#text-message
    pub const MAX_CHARS: usize = 5_000;
    /// Most `char`s of all texts together: several versions stand in one record.
    pub const MAX_CHARS_TOGETHER: usize = 20_000;

    /// The same with these words in the place of a text; without words, as shipped.
    pub fn with(mut self, key: &str, words: Option<&str>) -> Self {
        match words {
            Some(words) => self.0.insert(key.to_owned(), words.to_owned()),
            None => self.0.remove(key),
        };
        self
    }

    /// Whether it stays within its bounds.
    pub fn is_sound(&self) -> bool {
        let is_key = |key: &str| {
            (1..=Self::MAX_KEY_BYTES).contains(&key.len())
                && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        let is_text = |text: &String| {
            (1..=Self::MAX_CHARS).contains(&text.chars().count())
                && !text.chars().any(|c| c.is_control() && c != '\n')
        };
        self.0.len() <= Self::MAX_TEXTS
            && self.0.keys().all(|key| is_key(key))
            && self.0.values().all(is_text)
            && self.chars() <= Self::MAX_CHARS_TOGETHER
    }

    /// The keys of the texts that say something else than in `before`. They are names of ours, no words.
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let keys: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        keys.into_iter().filter(|key| self.0.get(*key) != before.0.get(*key)).cloned().collect()
    }

    /// How many `char`s they have together.
    pub fn chars(&self) -> usize {
        self.0.values().map(|text| text.chars().count()).sum()
    }
}

impl fmt::Debug for CityTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CityTexts({} texts)", self.0.len())
    }
}

/// One text as members read it without the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippedText {
    /// Its words, with `{ $name }` where something is put in.
    pub words: String,
    /// The names of what is put in.
    pub places: Vec<String>,
    /// Whether it is what stands on a button, and no message.
    pub is_label: bool,
    /// The most that it can have, as LINE counts: grapheme clusters on a button, UTF-16 code units in a message.
    pub max: usize,
}

/// Why words cannot stand in the place of a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextProblem {
    /// There is no such text.
    #[error("there is no such text")]
    NoSuchText,
    /// Nothing is said.
    #[error("it says nothing")]
    Empty,
    /// A brace that belongs to no `{ $name }`.
    #[error("a brace belongs to nothing that is put in")]
    Brace,
    /// Nothing of this name is put into this text.
    #[error("nothing of this name is put into it")]
    UnknownPlace(String),
    /// What is put into this text has no place in it.
    #[error("something that is put into it has no place")]
    MissingPlace(String),
    /// Longer than LINE takes in this place.
    #[error("it has {length}, and LINE takes {max} there")]
    TooLong {
        /// What it has, with examples put in.
        length: usize,
        /// As [`ShippedText::max`].
        max: usize,
    },
}

/// Whoever says the texts that members read: knows what they say as shipped, and whether they can say something else.
pub trait MemberTexts: fmt::Debug + Send + Sync + 'static {
    /// The text under this key without the settings: as shipped, or as the city's file has it.
    fn shipped(&self, key: &str) -> Option<ShippedText>;

    /// What members read where these words stand under the key, with an example put in by its name.
    ///
    /// # Errors
    /// [`TextProblem`]: they cannot stand there.
    fn said(&self, key: &str, words: &str, examples: &[(&str, &str)]) -> Result<String, TextProblem>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_within_their_bounds() {
        let of = |texts: &[(&str, usize)]| {
            CityTexts(texts.iter().map(|(key, chars)| ((*key).to_owned(), "語".repeat(*chars))).collect())
        };
        assert!(of(&[]).is_sound() && of(&[("greeting", 5_000), ("state-in-review", 1)]).is_sound());
        for wrong in [of(&[("greeting", 5_001)]), of(&[("greeting", 0)]), of(&[("", 1)]), of(&[("Gruß", 1)])]
        {
            assert!(!wrong.is_sound());
        }
        assert!(!CityTexts::default().with("greeting", Some("鐘\u{7}")).is_sound(), "JSON would blow it up");
        assert!(CityTexts::default().with("greeting", Some("二\n行")).is_sound());
        let many = (0..5).map(|number| (format!("key-{number}"), "語".repeat(4_001))).collect();
        assert!(!CityTexts(many).is_sound(), "together they are too long");
        assert_eq!(format!("{:?}", of(&[("greeting", 5)])), "CityTexts(1 texts)");
    }

    #[test]
    fn all_versions_stand_in_one_record() {
        use crate::{
            settings::{Part, Setting, Value, Version},
            store::{Batch, EntityBatch},
        };
        let large = (0..4).map(|number| (format!("key-{number}"), "\u{1f33f}".repeat(5_000))).collect();
        let texts = CityTexts(large);
        assert!(texts.is_sound());
        let version = |number| Version {
            number,
            value: Some(Value::Texts(Box::new(texts.clone()))),
            by: crate::ids::StaffId::from_uuid(uuid::Uuid::from_u128(1)),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let versions = (1..).map(version).take(Part::Texts.max_versions()).collect();
        let setting = Setting { part: Part::Texts, versions };
        assert!(Batch::new().insert(&setting).is_ok());
    }
}
