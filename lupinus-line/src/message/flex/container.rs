//! What a Flex message holds: one bubble, or several side by side.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::component::{Component, FlexBox, action_value};
use super::scale::{BubbleSize, Direction};
use crate::message::{Action, InvalidMessage};

/// The layout of a Flex message, checked by [`FlexMessage::new`](super::FlexMessage::new).
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Container(Value);

impl Container {
    /// A layout as JSON, such as LINE's Flex Message Simulator gives out.
    pub const fn from_json(json: Value) -> Self {
        Self(json)
    }

    pub(super) const fn value(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Container(…)")
    }
}

/// One bubble.
#[derive(Clone, Debug)]
pub struct Bubble(Component);

impl Bubble {
    /// An empty bubble.
    pub fn new() -> Self {
        Self(Component::new("bubble"))
    }

    /// A bubble as JSON, taken as it is: it is checked with the message it gets into.
    ///
    /// # Errors
    /// [`InvalidMessage::NotAMessage`] when it is no object with a `type`.
    pub fn from_json(json: Value) -> Result<Self, InvalidMessage> {
        Component::from_json(json).map(Self)
    }

    /// Sets any property by LINE's name.
    pub fn with(self, property: &str, value: impl Into<Value>) -> Self {
        Self(self.0.with(property, value))
    }

    /// Its width.
    pub fn size(self, size: BubbleSize) -> Self {
        self.with("size", size)
    }

    /// Its reading direction.
    pub fn direction(self, direction: Direction) -> Self {
        self.with("direction", direction)
    }

    /// The part above the hero.
    pub fn header(self, header: FlexBox) -> Self {
        self.with("header", header)
    }

    /// The large picture: an [`Image`](super::Image), a [`Video`](super::Video) or a box.
    pub fn hero(self, hero: impl Into<Component>) -> Self {
        self.with("hero", hero.into())
    }

    /// The main part.
    pub fn body(self, body: FlexBox) -> Self {
        self.with("body", body)
    }

    /// The part for buttons.
    pub fn footer(self, footer: FlexBox) -> Self {
        self.with("footer", footer)
    }

    /// What a tap anywhere on it does.
    #[expect(clippy::needless_pass_by_value, reason = "an action is made for its bubble")]
    pub fn action(self, action: Action) -> Self {
        self.with("action", action_value(&action))
    }

    /// What is behind the header, and the line above it.
    pub fn header_style(self, style: BlockStyle) -> Self {
        Self(self.0.with_inner("styles", "header", style))
    }

    /// What is behind the hero, and the line above it.
    pub fn hero_style(self, style: BlockStyle) -> Self {
        Self(self.0.with_inner("styles", "hero", style))
    }

    /// What is behind the body, and the line above it.
    pub fn body_style(self, style: BlockStyle) -> Self {
        Self(self.0.with_inner("styles", "body", style))
    }

    /// What is behind the footer, and the line above it.
    pub fn footer_style(self, style: BlockStyle) -> Self {
        Self(self.0.with_inner("styles", "footer", style))
    }
}

impl Default for Bubble {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Bubble> for Container {
    fn from(bubble: Bubble) -> Self {
        Self(bubble.0.into())
    }
}

/// What is behind a part of a bubble, and the line above it.
#[derive(Clone, Debug, Default)]
pub struct BlockStyle(Map<String, Value>);

impl BlockStyle {
    /// As LINE draws it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets any property by LINE's name.
    pub fn with(mut self, property: &str, value: impl Into<Value>) -> Self {
        self.0.insert(property.to_owned(), value.into());
        self
    }

    /// Colour behind it, `#RRGGBB` or `#RRGGBBAA`.
    pub fn background_color(self, color: &str) -> Self {
        self.with("backgroundColor", color)
    }

    /// Draws a line above it. Not above the first part.
    pub fn separator(self) -> Self {
        self.with("separator", true)
    }

    /// Colour of that line, `#RRGGBB` or `#RRGGBBAA`.
    pub fn separator_color(self, color: &str) -> Self {
        self.with("separatorColor", color)
    }
}

impl From<BlockStyle> for Value {
    fn from(style: BlockStyle) -> Self {
        Self::Object(style.0)
    }
}

/// Up to [`MAX_BUBBLES`](super::MAX_BUBBLES) bubbles of one size side by side.
#[derive(Clone, Debug)]
pub struct Carousel(Vec<Bubble>);

impl Carousel {
    /// The bubbles from left to right.
    pub fn new(bubbles: impl IntoIterator<Item = Bubble>) -> Self {
        Self(bubbles.into_iter().collect())
    }
}

impl From<Carousel> for Container {
    fn from(carousel: Carousel) -> Self {
        let bubbles: Vec<Value> = carousel.0.into_iter().map(|bubble| bubble.0.into()).collect();
        Self(Component::new("carousel").with("contents", bubbles).into())
    }
}
