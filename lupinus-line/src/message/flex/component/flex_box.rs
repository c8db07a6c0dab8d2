//! Boxes and what is behind them.

use serde_json::Value;

use super::{Component, FlexBox};
use crate::message::flex::scale::{AlignItems, BorderWidth, Inset, Justify, Length, Spacing};

impl FlexBox {
    fn new(layout: &str) -> Self {
        Self(Component::new("box").with("layout", layout).with("contents", Value::Array(Vec::new())))
    }

    /// Children below one another.
    pub fn vertical() -> Self {
        Self::new("vertical")
    }

    /// Children beside one another.
    pub fn horizontal() -> Self {
        Self::new("horizontal")
    }

    /// Texts and icons beside one another on one base line.
    pub fn baseline() -> Self {
        Self::new("baseline")
    }

    /// Adds a child at the end.
    pub fn child(mut self, child: impl Into<Component>) -> Self {
        self.0.push(child.into());
        self
    }

    /// Adds children at the end.
    pub fn children<C: Into<Component>>(self, children: impl IntoIterator<Item = C>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Distance between the children.
    pub fn spacing(self, spacing: Spacing) -> Self {
        self.with("spacing", spacing)
    }

    /// Distance between the edge and the children, on all sides.
    pub fn padding(self, padding: impl Into<Inset>) -> Self {
        self.with("paddingAll", padding.into())
    }

    /// Distance between the upper edge and the children.
    pub fn padding_top(self, padding: impl Into<Inset>) -> Self {
        self.with("paddingTop", padding.into())
    }

    /// Distance between the lower edge and the children.
    pub fn padding_bottom(self, padding: impl Into<Inset>) -> Self {
        self.with("paddingBottom", padding.into())
    }

    /// Distance between the edge where reading starts and the children.
    pub fn padding_start(self, padding: impl Into<Inset>) -> Self {
        self.with("paddingStart", padding.into())
    }

    /// Distance between the edge where reading ends and the children.
    pub fn padding_end(self, padding: impl Into<Inset>) -> Self {
        self.with("paddingEnd", padding.into())
    }

    /// Its width.
    pub fn width(self, width: Length) -> Self {
        self.with("width", width)
    }

    /// The most its width may be. LINE 11.22 or later.
    pub fn max_width(self, width: Length) -> Self {
        self.with("maxWidth", width)
    }

    /// Its height.
    pub fn height(self, height: Length) -> Self {
        self.with("height", height)
    }

    /// The most its height may be. LINE 11.22 or later.
    pub fn max_height(self, height: Length) -> Self {
        self.with("maxHeight", height)
    }

    /// Colours that run into each other behind it.
    pub fn background(self, gradient: LinearGradient) -> Self {
        self.with("background", gradient)
    }

    /// How round the corners are.
    pub fn corner_radius(self, radius: Spacing) -> Self {
        self.with("cornerRadius", radius)
    }

    /// Colour of the edge, `#RRGGBB` or `#RRGGBBAA`.
    pub fn border_color(self, color: &str) -> Self {
        self.with("borderColor", color)
    }

    /// Thickness of the edge.
    pub fn border_width(self, width: BorderWidth) -> Self {
        self.with("borderWidth", width)
    }

    /// How the children spread.
    pub fn justify(self, justify: Justify) -> Self {
        self.with("justifyContent", justify)
    }

    /// How the children stand across its direction.
    pub fn align_items(self, align: AlignItems) -> Self {
        self.with("alignItems", align)
    }
}

/// Colours that run into each other in a straight line.
#[derive(Clone, Debug)]
pub struct LinearGradient(Component);

impl LinearGradient {
    /// From one colour to another, `#RRGGBB` or `#RRGGBBAA`, in a direction of 0 to 359 degrees: at 0 from below to above,
    /// at 90 from left to right.
    pub fn new(angle_degrees: u16, start: &str, end: &str) -> Self {
        let gradient = Component::new("linearGradient").with("angle", format!("{angle_degrees}deg"));
        Self(gradient.with("startColor", start).with("endColor", end))
    }

    /// Through a third colour on its way, at 0 to 100 per cent.
    pub fn through(self, color: &str, percent: u8) -> Self {
        Self(self.0.with("centerColor", color).with("centerPosition", format!("{percent}%")))
    }

    /// Sets any property by LINE's name.
    pub fn with(self, property: &str, value: impl Into<Value>) -> Self {
        Self(self.0.with(property, value))
    }
}

impl From<LinearGradient> for Value {
    fn from(gradient: LinearGradient) -> Self {
        gradient.0.into()
    }
}
