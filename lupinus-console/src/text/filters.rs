//! What templates say.
#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    unreachable_pub,
    reason = "what a filter is made into"
)]
use askama::Values;

use super::{Say, Text, language};
use crate::language::Language;

/// Words of the console's: `"保存する"|t`.
#[askama::filter_fn]
pub(crate) fn t<T: Say>(words: T, _: &dyn Values) -> askama::Result<Text> {
    Ok(words.said())
}

/// This in an English page, and nothing in a Japanese one: `" lang=ja"|in_english` before what stays Japanese.
#[askama::filter_fn]
pub(crate) fn in_english(words: &'static str, values: &dyn Values) -> askama::Result<&'static str> {
    Ok(if language(values) == Language::English { words } else { "" })
}

/// With something in a place: `"第{n}版"|t|with("n", number)`.
#[askama::filter_fn]
pub(crate) fn with<T: Say>(text: Text, _: &dyn Values, name: &'static str, value: T) -> askama::Result<Text> {
    Ok(text.with(name, value))
}
