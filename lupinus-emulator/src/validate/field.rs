//! Looking at the properties of an object, with LINE's units of length.

use serde_json::{Map, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::finding::{Findings, Path};

/// What a text is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// UTF-16 code units: the rule.
    Utf16,
    /// Grapheme clusters: labels, texts of templates and of actions.
    Grapheme,
}

impl Unit {
    pub(crate) fn length(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.encode_utf16().count(),
            // A grapheme has at least one byte.
            Self::Grapheme => text.graphemes(true).count(),
        }
    }
}

/// An object and where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'v, 'p> {
    pub(crate) map: &'v Map<String, Value>,
    pub(crate) path: &'p Path<'p>,
}

impl<'v, 'p> Object<'v, 'p> {
    /// The value as an object; noted if it is something else.
    pub(crate) fn of(value: &'v Value, path: &'p Path<'p>, findings: &mut Findings) -> Option<Self> {
        let Value::Object(map) = value else {
            findings.wrong_type(path);
            return None;
        };
        Some(Self { map, path })
    }

    /// A property, unless it is absent or `null`.
    pub(crate) fn value(&self, key: &str) -> Option<&'v Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Notes a mistake at a property.
    pub(crate) fn note(&self, findings: &mut Findings, key: &str, message: impl Into<String>) {
        findings.note(&self.path.key(key), message);
    }

    /// A property that must be there.
    pub(crate) fn needed(&self, findings: &mut Findings, key: &str) -> Option<&'v Value> {
        let value = self.value(key);
        if value.is_none() {
            self.note(findings, key, "must be specified");
        }
        value
    }

    /// A text that may be absent.
    pub(crate) fn string(&self, findings: &mut Findings, key: &str) -> Option<&'v str> {
        let Value::String(text) = self.value(key)? else {
            findings.wrong_type(&self.path.key(key));
            return None;
        };
        Some(text)
    }

    /// A text that must be there and not be empty.
    pub(crate) fn needed_string(&self, findings: &mut Findings, key: &str) -> Option<&'v str> {
        if self.value(key).is_none() {
            self.note(findings, key, "May not be empty");
            return None;
        }
        let text = self.string(findings, key)?;
        if text.is_empty() {
            self.note(findings, key, "May not be empty");
            return None;
        }
        Some(text)
    }

    /// A text that may be absent, but not empty.
    pub(crate) fn filled(&self, findings: &mut Findings, key: &str) -> Option<&'v str> {
        let text = self.string(findings, key)?;
        if text.is_empty() {
            self.note(findings, key, "must be non-empty text");
            return None;
        }
        Some(text)
    }

    /// Checks the length of a text that may be absent, but not empty.
    pub(crate) fn text(&self, findings: &mut Findings, key: &str, max: usize, unit: Unit) {
        if let Some(text) = self.filled(findings, key) {
            self.length(findings, key, text, max, unit);
        }
    }

    /// Checks the length of a text that must be there.
    pub(crate) fn needed_text(&self, findings: &mut Findings, key: &str, max: usize, unit: Unit) {
        if let Some(text) = self.needed_string(findings, key) {
            self.length(findings, key, text, max, unit);
        }
    }

    /// Notes a text that is too long.
    pub(crate) fn length(&self, findings: &mut Findings, key: &str, text: &str, max: usize, unit: Unit) {
        if unit.length(text) > max {
            self.note(findings, key, format!("Length must be between 0 and {max}"));
        }
    }

    /// A name of up to `max` letters of ASCII, digits and low lines; absent is fine.
    pub(crate) fn name(&self, findings: &mut Findings, key: &str, max: usize) {
        let Some(text) = self.string(findings, key) else { return };
        let right = (1..=max).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !right {
            self.note(findings, key, format!("must match the pattern ^[a-zA-Z0-9_]{{1,{max}}}$"));
        }
    }

    /// A text out of a fixed set; absent is fine.
    pub(crate) fn one_of(&self, findings: &mut Findings, key: &str, values: &[&str]) -> Option<&'v str> {
        let text = self.string(findings, key)?;
        if values.contains(&text) {
            return Some(text);
        }
        self.note(findings, key, format!("Must be one of the following values: [{}]", values.join(", ")));
        None
    }

    /// A whole number; absent is fine.
    pub(crate) fn integer(&self, findings: &mut Findings, key: &str) -> Option<i64> {
        let value = self.value(key)?;
        let whole = value.as_i64();
        if whole.is_none() {
            findings.wrong_type(&self.path.key(key));
        }
        whole
    }

    /// A whole number that must be there, from `min` on.
    pub(crate) fn needed_integer(&self, findings: &mut Findings, key: &str, min: i64) -> Option<i64> {
        self.needed(findings, key)?;
        let whole = self.integer(findings, key)?;
        if whole < min {
            self.note(findings, key, format!("Must be greater than or equal to {min}"));
            return None;
        }
        Some(whole)
    }

    /// `true` or `false`; absent is fine.
    pub(crate) fn boolean(&self, findings: &mut Findings, key: &str) {
        if self.value(key).is_some_and(|value| !value.is_boolean()) {
            findings.wrong_type(&self.path.key(key));
        }
    }

    /// An array; absent is fine.
    pub(crate) fn array(&self, findings: &mut Findings, key: &str) -> Option<&'v [Value]> {
        let Value::Array(items) = self.value(key)? else {
            findings.wrong_type(&self.path.key(key));
            return None;
        };
        Some(items)
    }

    /// An array that must be there and hold `min` to `max` elements. It is given even if the number is wrong.
    pub(crate) fn needed_array(
        &self,
        findings: &mut Findings,
        key: &str,
        min: usize,
        max: usize,
    ) -> Option<&'v [Value]> {
        self.needed(findings, key)?;
        let items = self.array(findings, key)?;
        if !(min..=max).contains(&items.len()) {
            self.note(findings, key, format!("Size must be between {min} and {max}"));
        }
        Some(items)
    }

    /// An address of a picture or a sound: https, at most 2,000 characters.
    pub(crate) fn media_url(&self, findings: &mut Findings, key: &str) {
        if let Some(text) = self.filled(findings, key) {
            self.length(findings, key, text, 2_000, Unit::Utf16);
            if !is_url(text, &["https"]) {
                self.note(findings, key, "Must be a valid HTTPS URL");
            }
        }
    }

    /// The same, and it must be there.
    pub(crate) fn needed_media_url(&self, findings: &mut Findings, key: &str) {
        if self.needed_string(findings, key).is_some() {
            self.media_url(findings, key);
        }
    }
}

/// Whether it is an address of one of these schemes, written with the characters an address may hold.
pub(crate) fn is_url(text: &str, schemes: &[&str]) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`'))
        && url::Url::parse(text).is_ok_and(|url| {
            schemes.contains(&url.scheme()) && (url.has_host() || !matches!(url.scheme(), "http" | "https"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_as_the_platform_counts() {
        for (text, utf16) in [("🍎", 2), ("𠮷", 2), ("葛\u{E0100}", 3), ("🇯🇵", 4), ("👨‍👩‍👧‍👦", 11)]
        {
            assert_eq!(Unit::Utf16.length(text), utf16, "{text}");
            assert_eq!(Unit::Grapheme.length(text), 1, "{text}");
        }
    }

    #[test]
    fn addresses_must_be_percent_encoded() {
        assert!(is_url("https://example.org/%E3%81%82?a=1#b", &["https"]));
        for wrong in
            ["https://example.org/あ", "https://example.org/a b", "http://example.org/", "https://", "x"]
        {
            assert!(!is_url(wrong, &["https"]), "{wrong}");
        }
        assert!(is_url("tel:0312345678", &["tel"]));
    }
}
