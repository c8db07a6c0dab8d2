//! JSON from LINE: what does not decode and where, without the JSON itself, and what decodes although it is odd.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// JSON from LINE that does not decode. Says where, never what: the offending value may be a person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON does not decode ({category:?}{}{})", place(*.line, *.column), inside(*.property))]
#[non_exhaustive]
pub struct DecodeError {
    /// What kind of fault it is.
    pub category: DecodeCategory,
    /// Line of the fault, from 1; 0 when unknown.
    pub line: usize,
    /// Column of the fault, in bytes, from 1; 0 when unknown.
    pub column: usize,
    /// The property of an event that has the fault or is missing, where known.
    pub property: Option<&'static str>,
}

fn place(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(", line {line}, column {column}") }
}

fn inside(property: Option<&str>) -> String {
    property.map_or_else(String::new, |name| format!(", in `{name}`"))
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
    pub(crate) const SYNTAX: Self = Self::nowhere(DecodeCategory::Syntax);
    pub(crate) const SHAPE: Self = Self::nowhere(DecodeCategory::Shape);

    const fn nowhere(category: DecodeCategory) -> Self {
        Self { category, line: 0, column: 0, property: None }
    }

    /// The same fault, in this property.
    pub(crate) fn in_property(self, property: &'static str) -> Self {
        Self { property: Some(property), ..self }
    }

    /// The same fault, told from the beginning of the `whole` that the decoded `part` was borrowed from.
    pub(crate) fn in_part(self, whole: &str, part: &str) -> Self {
        let offset = part
            .as_ptr()
            .addr()
            .checked_sub(whole.as_ptr().addr())
            .filter(|offset| offset.saturating_add(part.len()) <= whole.len());
        let Some(before) = offset.and_then(|offset| whole.get(..offset)).filter(|_| self.line > 0) else {
            return self;
        };
        let (lines, last) = match before.rsplit_once('\n') {
            Some((above, last)) => (above.matches('\n').count() + 1, last),
            None => (0, before),
        };
        let column = if self.line == 1 { self.column + last.len() } else { self.column };
        Self { line: self.line + lines, column, ..self }
    }
}

impl From<&serde_json::Error> for DecodeError {
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let category = match error.classify() {
            Category::Syntax => DecodeCategory::Syntax,
            Category::Eof => DecodeCategory::Truncated,
            Category::Data | Category::Io => DecodeCategory::Shape,
        };
        Self { line: error.line(), column: error.column(), ..Self::nowhere(category) }
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

/// JSON kept whole because this crate has no type for it. `Debug` does not print it: it may be personal.
///
/// It is kept as a value, not as text. Names given twice are kept once, and a number that neither `u64` nor `i64` holds is the
/// nearest finite `f64`; in webhooks that is so for `1e999`, too, and half a surrogate pair is U+FFFD. (Elsewhere, JSON
/// that holds one of these two does not decode.) What came with a webhook is kept byte for byte beside it:
/// [`Event::raw_json`](crate::webhook::Event::raw_json).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Value);

impl RawJson {
    /// Reads JSON of any content, down to the depth that `serde_json` reads (127).
    pub(crate) fn read(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json).or_else(|error| match holdable(json) {
            Some(mended) => serde_json::from_str(&mended),
            None => Err(error),
        })
    }

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

    /// A property, if it is there and of this type.
    pub(crate) fn property<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Option<T> {
        self.0.get(name).and_then(|value| T::deserialize(value).ok())
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

/// [`f64::MAX`] and [`f64::MIN`] as JSON.
const LARGEST: &str = "1.7976931348623157e308";
const SMALLEST: &str = "-1.7976931348623157e308";

/// Well-formed JSON without what no `Value` holds, if there was any of it: a number beyond every `f64`, half a surrogate pair.
fn holdable(json: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(json.len()), json);
    while let Some(next) = rest.chars().next() {
        let token = match next {
            '"' => string_token(rest),
            '-' | '0'..='9' => {
                let end = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
                rest.get(..end.unwrap_or(rest.len()))?
            }
            _ => rest.get(..next.len_utf8())?,
        };
        match token.parse::<f64>() {
            Ok(number) if number.is_infinite() => out.push_str(if number > 0.0 { LARGEST } else { SMALLEST }),
            _ if next == '"' => push_whole_pairs(&mut out, token),
            _ => out.push_str(token),
        }
        rest = rest.get(token.len()..)?;
    }
    (out != json).then_some(out)
}

/// The string, with its quotes, that begins here.
fn string_token(json: &str) -> &str {
    let mut escaped = true; // the first quote does not end it
    let end = json.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.and_then(|end| json.get(..=end)).unwrap_or(json)
}

fn push_whole_pairs(out: &mut String, string: &str) {
    let half = |text: &str, from: u16, to: u16| {
        let digits = text.strip_prefix("\\u").and_then(|text| text.get(..4));
        digits
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .is_some_and(|unit| (from..=to).contains(&unit))
    };
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let (length, kept) = if half(escape, 0xD800, 0xDBFF) {
            let whole = escape.get(6..).is_some_and(|second| half(second, 0xDC00, 0xDFFF));
            if whole { (12, true) } else { (6, false) }
        } else if half(escape, 0xDC00, 0xDFFF) {
            (6, false)
        } else {
            (2, true)
        };
        let (escape, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        out.push_str(if kept { escape } else { "\\ufffd" });
        rest = after;
    }
    out.push_str(rest);
}

/// Decodes a part of what LINE sends; where it holds what no Rust type does, what [`RawJson`] makes of that.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(json).or_else(|error| {
        let nearest =
            RawJson::read(json).ok().and_then(|raw| serde_json::from_str(&raw.value().to_string()).ok());
        nearest.ok_or(error)
    })
}

/// A property that can be done without: one of a form that nobody foresaw is as good as absent, as is `null`.
pub(crate) fn odd_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(read(raw.get()).unwrap_or_default())
}

/// The same for each entry of a list.
pub(crate) fn odd_are_left_out<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    maybe_odd(deserializer).map(Option::unwrap_or_default)
}

/// The same, where a list that is absent is told from an empty one.
pub(crate) fn maybe_odd<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let entries: Option<Vec<Box<RawValue>>> = odd_is_default(deserializer)?;
    Ok(entries.map(|entries| entries.iter().filter_map(|entry| read(entry.get()).ok()).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_decode_error_never_repeats_the_offending_value() {
        let error = serde_json::from_str::<u8>("\"山田太郎\"").unwrap_err();
        assert!(error.to_string().contains("山田太郎"), "the premise: serde_json quotes it");
        let ours = DecodeError::from(error).in_property("message");
        assert!(!format!("{ours} {ours:?}").contains("山田"));
        assert_eq!(ours.category, DecodeCategory::Shape);
        assert_eq!(ours.to_string(), "JSON does not decode (Shape, line 1, column 14, in `message`)");
    }

    #[test]
    fn a_fault_in_a_part_is_told_from_the_beginning_of_the_whole() {
        let whole = "{\n \"山\": [1,\n  x]}";
        for (part, line, column, expected) in [
            (whole, 1, 1, (1, 1)),
            (&whole[1..], 1, 1, (1, 2)),
            (&whole[2..], 1, 1, (2, 1)),
            (&whole[10..], 1, 2, (2, 10)),
            (&whole[10..], 2, 3, (3, 3)),
            (&whole[15..], 1, 2, (3, 3)),
            (&whole[10..], 0, 0, (0, 0)),
            ("elsewhere", 4, 5, (4, 5)),
        ] {
            let error = DecodeError { line, column, ..DecodeError::SHAPE }.in_part(whole, part);
            assert_eq!((error.line, error.column), expected, "{part:?}");
        }
    }

    #[test]
    fn json_that_no_value_holds_is_read_as_the_nearest() {
        for (json, expected) in [
            (r"1e999", json!(f64::MAX)),
            (r#"{"a":[-1e999,1E+400, 1e-999,-0]}"#, json!({"a": [-f64::MAX, f64::MAX, 0.0, -0.0]})),
            (&"9".repeat(400), json!(f64::MAX)),
            (r#""\ud800""#, json!("\u{FFFD}")),
            (r#""a\uDC00b\ud83c""#, json!("a\u{FFFD}b\u{FFFD}")),
            (r#""\ud83c\ud83c\udf4e\udf4e""#, json!("\u{FFFD}🍎\u{FFFD}")),
            (r#""\ud83c\u0041""#, json!("\u{FFFD}A")),
            (r#""\\ud800 \"1e999\" \ud800\\""#, json!("\\ud800 \"1e999\" \u{FFFD}\\")),
            (r#"["\ud800\\",1e999,"1e999"]"#, json!(["\u{FFFD}\\", f64::MAX, "1e999"])),
            (r#"{"\udfff":"庭\ud800"}"#, json!({"\u{FFFD}": "庭\u{FFFD}"})),
        ] {
            assert_eq!(RawJson::read(json).unwrap().value(), &expected, "{json}");
        }
        for json in ["", "1e", "{", "\"", "\"\\", r#""\ud8"#, r#""\ud800"#, "1e999x"] {
            assert!(RawJson::read(json).is_err(), "{json}");
        }
    }
}
