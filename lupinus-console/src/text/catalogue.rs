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

/// These words in a language; as they are where the catalogue does not know them. What stands behind a `#` is not said: it tells two
/// messages apart that are the same in Japanese, as `会員` and `会員#one`.
pub(super) fn translated<'a>(words: &'a str, values: &[(&'static str, Text)], language: Language) -> &'a str {
    let in_japanese = words.split_once('#').map_or(words, |(said, _)| said);
    if language == Language::Japanese {
        return in_japanese;
    }
    match CATALOGUE.get(words) {
        None => in_japanese,
        Some(English::Always(said)) => said,
        Some(English::Counted { one, other }) => {
            let single =
                values.iter().any(|(name, n)| *name == "n" && matches!(n, Text::Number(1) | Text::Figure(1)));
            if single { one } else { other }
        }
    }
}
