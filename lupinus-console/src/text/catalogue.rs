//! The English of what the console says.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::Text;
use crate::language::Language;

/// The English of something: of one alone and of several, where that is not the same.
#[derive(Deserialize)]
#[serde(untagged)]
enum English {
    Always(String),
    Counted { one: String, other: String },
}

static CATALOGUE: LazyLock<BTreeMap<String, English>> =
    LazyLock::new(|| toml::from_str(include_str!("../../texts/en.toml")).unwrap_or_default());

/// These words in a language; as they are where the catalogue does not know them.
pub(super) fn translated<'a>(words: &'a str, values: &[(&'static str, Text)], language: Language) -> &'a str {
    if language == Language::Japanese {
        return words;
    }
    match CATALOGUE.get(words) {
        None => words,
        Some(English::Always(said)) => said,
        Some(English::Counted { one, other }) => {
            let single =
                values.iter().any(|(name, n)| *name == "n" && matches!(n, Text::Number(1) | Text::Figure(1)));
            if single { one } else { other }
        }
    }
}
