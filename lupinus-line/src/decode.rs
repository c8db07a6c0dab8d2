//! What went wrong when JSON from LINE did not decode, without the JSON itself.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// JSON from LINE that does not decode. Says where, never what: the offending value may be a person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON does not decode ({category:?}, line {line}, column {column})")]
#[non_exhaustive]
pub struct DecodeError {
    /// What kind of fault it is.
    pub category: DecodeCategory,
    /// Line of the fault, from 1; 0 when unknown.
    pub line: usize,
    /// Column of the fault, from 1; 0 when unknown.
    pub column: usize,
}

/// The kind of a [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeCategory {
    /// Not JSON.
    Syntax,
    /// JSON, but not of the expected shape: a required property is absent or of another type.
    Shape,
    /// The input ended early.
    Truncated,
}

impl DecodeError {
    pub(crate) const SYNTAX: Self = Self { category: DecodeCategory::Syntax, line: 0, column: 0 };
    pub(crate) const SHAPE: Self = Self { category: DecodeCategory::Shape, line: 0, column: 0 };
}

impl From<&serde_json::Error> for DecodeError {
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let category = match error.classify() {
            Category::Syntax => DecodeCategory::Syntax,
            Category::Eof => DecodeCategory::Truncated,
            Category::Data | Category::Io => DecodeCategory::Shape,
        };
        Self { category, line: error.line(), column: error.column() }
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

/// JSON kept whole because this crate has no type for it. `Debug` does not print it: it may be personal.
///
/// Names given twice are kept once, and a number that neither `u64`, `i64` nor `f64` holds is the nearest `f64`. What came
/// with a webhook is kept byte for byte beside it: [`Event::raw_json`](crate::webhook::Event::raw_json).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Value);

impl RawJson {
    /// The JSON.
    pub const fn value(&self) -> &Value {
        &self.0
    }

    /// The JSON, taken out.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// The value of the property `type`, which LINE uses to tell kinds apart.
    pub fn kind(&self) -> Option<&str> {
        self.0.get("type").and_then(Value::as_str)
    }
}

impl From<Value> for RawJson {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawJson(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decode_error_never_repeats_the_offending_value() {
        let error = serde_json::from_str::<u8>("\"山田太郎\"").unwrap_err();
        assert!(error.to_string().contains("山田太郎"), "the premise: serde_json quotes it");
        let ours = DecodeError::from(error);
        assert!(!format!("{ours} {ours:?}").contains("山田"));
        assert_eq!(ours.category, DecodeCategory::Shape);
    }
}
