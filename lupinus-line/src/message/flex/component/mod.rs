//! What a box holds.

mod flex_box;
mod media;
mod text;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::scale::{
    Align, ButtonHeight, ButtonStyle, Decoration, FontStyle, Gravity, Inset, Position, Size, Spacing, Weight,
};
use crate::message::{Action, InvalidMessage};

pub use flex_box::LinearGradient;

/// Any component, as it goes on the wire.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Component(Map<String, Value>);

impl Component {
    pub(super) fn new(kind: &str) -> Self {
        Self(Map::new()).with("type", kind)
    }

    /// A component as JSON, taken as it is: it is checked with the layout it gets into.
    ///
    /// # Errors
    /// [`InvalidMessage::NotAMessage`] when it is no object with a `type`.
    pub fn from_json(json: Value) -> Result<Self, InvalidMessage> {
        match json {
            Value::Object(map) if map.get("type").is_some_and(Value::is_string) => Ok(Self(map)),
            _ => Err(InvalidMessage::NotAMessage),
        }
    }

    /// Sets any property by LINE's name.
    pub fn with(mut self, property: &str, value: impl Into<Value>) -> Self {
        self.0.insert(property.to_owned(), value.into());
        self
    }

    /// Sets a property of the object under another, which is made if there is none.
    pub(super) fn with_inner(mut self, object: &str, property: &str, value: impl Into<Value>) -> Self {
        let inner = self.0.entry(object).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(inner) = inner {
            inner.insert(property.to_owned(), value.into());
        }
        self
    }

    fn push(&mut self, component: Self) {
        let contents = self.0.entry("contents").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(contents) = contents {
            contents.push(component.into());
        }
    }
}

impl From<Component> for Value {
    fn from(component: Component) -> Self {
        Self::Object(component.0)
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.get("type").and_then(Value::as_str).unwrap_or("?");
        write!(f, "Component({kind})")
    }
}

/// An action as JSON. Its parts are strings and enumerations, which always serialise.
pub(super) fn action_value(action: &Action) -> Value {
    serde_json::to_value(action).unwrap_or(Value::Null)
}

macro_rules! components {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $name(Component);

            impl $name {
                /// Sets any property by LINE's name.
                pub fn with(self, property: &str, value: impl Into<Value>) -> Self {
                    Self(self.0.with(property, value))
                }
            }

            impl From<$name> for Component {
                fn from(component: $name) -> Self {
                    component.0
                }
            }

            impl From<$name> for Value {
                fn from(component: $name) -> Self {
                    component.0.into()
                }
            }
        )+
    };
}

components! {
    /// A box: arranges other components.
    FlexBox;
    /// A text.
    Text;
    /// A part of a text with a look of its own.
    Span;
    /// A button.
    Button;
    /// An image: JPEG or PNG, at most 1024 × 1024 pixels and 10 MB.
    Image;
    /// An icon, in baseline boxes only: at most 1024 × 1024 pixels and 1 MB.
    Icon;
    /// A line between components.
    Separator;
    /// A video, as the hero of a single bubble of size kilo, mega or giga.
    Video;
    /// Empty room between components. LINE advises against it: margins, paddings and widths do the same.
    Filler;
}

/// The same methods on several components.
macro_rules! shared {
    (@one $name:ident {
        $($(#[$doc:meta])* $method:ident($($arg:ident: $ty:ty),*) = $property:literal $value:expr;)+
    }) => {
        impl $name {
            $($(#[$doc])* pub fn $method(self, $($arg: $ty),*) -> Self { self.with($property, $value) })+
        }
    };
    ([$($name:ident)+] $methods:tt) => {
        $(shared!(@one $name $methods);)+
    };
}

shared!([FlexBox Text Button Image Icon Separator] {
    /// Distance to the component before it.
    margin(margin: Spacing) = "margin" margin;
});
shared!([FlexBox Text Button Image Filler] {
    /// Share of the room, 0 for as little as it needs. Sent also when 0.
    flex(share: u32) = "flex" share;
});
shared!([FlexBox Text Button Image Icon] {
    /// What its offsets are measured from. Not for the box that is a whole part of a bubble.
    position(position: Position) = "position" position;
    /// Distance from the upper edge.
    offset_top(offset: impl Into<Inset>) = "offsetTop" offset.into();
    /// Distance from the lower edge.
    offset_bottom(offset: impl Into<Inset>) = "offsetBottom" offset.into();
    /// Distance from the edge where reading starts.
    offset_start(offset: impl Into<Inset>) = "offsetStart" offset.into();
    /// Distance from the edge where reading ends.
    offset_end(offset: impl Into<Inset>) = "offsetEnd" offset.into();
});
shared!([Text Image Button] {
    /// Vertical place.
    gravity(gravity: Gravity) = "gravity" gravity;
});
shared!([Text Image] {
    /// Horizontal place.
    align(align: Align) = "align" align;
});
shared!([Text Image FlexBox] {
    /// What a tap does.
    action(action: &Action) = "action" action_value(action);
});
shared!([Video] {
    /// What a tap on the link under it does. It must open an address.
    action(action: &Action) = "action" action_value(action);
});
shared!([Text Span Image Icon] {
    /// Size.
    size(size: Size) = "size" size;
});
shared!([Image Icon Video] {
    /// Width to height, each 1 to 100,000, the height at most three times the width.
    aspect_ratio(width: u32, height: u32) = "aspectRatio" format!("{width}:{height}");
});
shared!([Text Span Button Separator] {
    /// Colour, `#RRGGBB` or `#RRGGBBAA`.
    color(color: &str) = "color" color;
});
shared!([FlexBox Image] {
    /// Colour behind it, `#RRGGBB` or `#RRGGBBAA`.
    background_color(color: &str) = "backgroundColor" color;
});
shared!([Text Span] {
    /// Weight of its letters.
    weight(weight: Weight) = "weight" weight;
    /// In bold type.
    bold() = "weight" Weight::Bold;
    /// Slant of its letters.
    style(style: FontStyle) = "style" style;
    /// In slanted type.
    italic() = "style" FontStyle::Italic;
    /// Line on the text.
    decoration(decoration: Decoration) = "decoration" decoration;
});
shared!([Text Button Icon] {
    /// Grows and shrinks with the size of letters set in LINE. LINE 13.6 or later.
    scaling() = "scaling" true;
});
shared!([Text Button] {
    /// Makes the letters smaller until the words fit.
    shrink_to_fit() = "adjustMode" "shrink-to-fit";
});

impl Button {
    /// A button that looks like a link. The action needs a label of at most 40 grapheme clusters.
    #[expect(clippy::needless_pass_by_value, reason = "an action is made for its button")]
    pub fn new(action: Action) -> Self {
        Self(Component::new("button").with("action", action_value(&action)))
    }

    /// A dark button.
    pub fn primary(action: Action) -> Self {
        Self::new(action).style(ButtonStyle::Primary)
    }

    /// A light button.
    pub fn secondary(action: Action) -> Self {
        Self::new(action).style(ButtonStyle::Secondary)
    }

    /// Its look.
    pub fn style(self, style: ButtonStyle) -> Self {
        self.with("style", style)
    }

    /// Its height.
    pub fn height(self, height: ButtonHeight) -> Self {
        self.with("height", height)
    }
}

impl Separator {
    /// A line.
    pub fn new() -> Self {
        Self(Component::new("separator"))
    }
}

impl Default for Separator {
    fn default() -> Self {
        Self::new()
    }
}

impl Filler {
    /// Empty room.
    pub fn new() -> Self {
        Self(Component::new("filler"))
    }
}

impl Default for Filler {
    fn default() -> Self {
        Self::new()
    }
}
