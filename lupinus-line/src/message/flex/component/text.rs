//! Texts and their parts.

use serde_json::Value;

use super::{Component, Span, Text};

impl Text {
    /// A text, which must not be empty.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Component::new("text").with("text", text.into()))
    }

    /// A text of spans.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let contents: Vec<Value> = spans.into_iter().map(Value::from).collect();
        Self(Component::new("text").with("contents", contents))
    }

    /// Breaks lines instead of cutting the text off.
    pub fn wrap(self) -> Self {
        self.with("wrap", true)
    }

    /// Cuts off after so many lines.
    pub fn max_lines(self, lines: u32) -> Self {
        self.with("maxLines", lines)
    }

    /// Distance between its lines, in pixels. LINE 11.22 or later.
    pub fn line_spacing_px(self, distance: u16) -> Self {
        self.with("lineSpacing", format!("{distance}px"))
    }
}

impl Span {
    /// A part of a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Component::new("span").with("text", text.into()))
    }
}
