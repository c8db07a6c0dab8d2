//! What a box holds.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::scale::{
    Align, AspectMode, ButtonHeight, ButtonStyle, Decoration, Gravity, Justify, Size, Spacing,
};
use crate::message::{Action, MediaUrl};

/// Any component, as it goes on the wire.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Component(Map<String, Value>);

impl Component {
    pub(super) fn new(kind: &str) -> Self {
        let mut map = Map::new();
        map.insert("type".to_owned(), Value::from(kind));
        Self(map)
    }

    /// Sets any property by LINE's name.
    pub fn with(mut self, property: &str, value: impl Into<Value>) -> Self {
        self.0.insert(property.to_owned(), value.into());
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
fn action_value(action: &Action) -> Value {
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

                /// Distance to the component before it.
                pub fn margin(self, margin: Spacing) -> Self {
                    self.with("margin", margin)
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
}

macro_rules! shared {
    ($($name:ident)+ { $($(#[$doc:meta])* $method:ident($arg:ident: $ty:ty) = $property:literal $value:expr;)+ }) => {
        shared!(@each [$($name)+] { $($(#[$doc])* $method($arg: $ty) = $property $value;)+ });
    };
    (@each [] $methods:tt) => {};
    (@each [$name:ident $($rest:ident)*] { $($(#[$doc:meta])* $method:ident($arg:ident: $ty:ty) = $property:literal $value:expr;)+ }) => {
        impl $name {
            $($(#[$doc])* pub fn $method(self, $arg: $ty) -> Self { self.with($property, $value) })+
        }
        shared!(@each [$($rest)*] { $($(#[$doc])* $method($arg: $ty) = $property $value;)+ });
    };
}

shared!(FlexBox Text Button Image {
    /// Share of the room, 0 for as little as it needs. Sent also when 0.
    flex(share: u32) = "flex" share;
});
shared!(Text Image Button {
    /// Vertical place.
    gravity(gravity: Gravity) = "gravity" gravity;
});
shared!(Text Image {
    /// Horizontal place.
    align(align: Align) = "align" align;
});
shared!(Text Image FlexBox {
    /// What a tap does.
    action(action: &Action) = "action" action_value(action);
});
shared!(Text Span Image Icon {
    /// Size.
    size(size: Size) = "size" size;
});
shared!(Text Span Button Separator {
    /// Colour, `#RRGGBB` or `#RRGGBBAA`.
    color(color: &str) = "color" color;
});
shared!(FlexBox Image {
    /// Colour behind it, `#RRGGBB` or `#RRGGBBAA`.
    background_color(color: &str) = "backgroundColor" color;
});
shared!(Text Span {
    /// Line on the text.
    decoration(decoration: Decoration) = "decoration" decoration;
});

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
    pub fn padding(self, padding: Spacing) -> Self {
        self.with("paddingAll", padding)
    }

    /// How round the corners are.
    pub fn corner_radius(self, radius: Spacing) -> Self {
        self.with("cornerRadius", radius)
    }

    /// Colour of the edge, `#RRGGBB` or `#RRGGBBAA`.
    pub fn border_color(self, color: &str) -> Self {
        self.with("borderColor", color)
    }

    /// Thickness of the edge in pixels.
    pub fn border_width_px(self, width: u16) -> Self {
        self.with("borderWidth", format!("{width}px"))
    }

    /// How the children spread.
    pub fn justify(self, justify: Justify) -> Self {
        self.with("justifyContent", justify)
    }
}

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

    /// In bold type.
    pub fn bold(self) -> Self {
        self.with("weight", "bold")
    }
}

impl Span {
    /// A part of a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Component::new("span").with("text", text.into()))
    }

    /// In bold type.
    pub fn bold(self) -> Self {
        self.with("weight", "bold")
    }
}

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

impl Image {
    /// An image.
    #[expect(clippy::needless_pass_by_value, reason = "an address is made for its image")]
    pub fn new(url: MediaUrl) -> Self {
        Self(Component::new("image").with("url", url.as_str()))
    }

    /// Width to height, each 1 to 100,000, the height at most three times the width.
    pub fn aspect_ratio(self, width: u32, height: u32) -> Self {
        self.with("aspectRatio", format!("{width}:{height}"))
    }

    /// How it fills its frame.
    pub fn aspect_mode(self, mode: AspectMode) -> Self {
        self.with("aspectMode", mode)
    }
}

impl Icon {
    /// An icon.
    #[expect(clippy::needless_pass_by_value, reason = "an address is made for its icon")]
    pub fn new(url: MediaUrl) -> Self {
        Self(Component::new("icon").with("url", url.as_str()))
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

impl Video {
    /// A video (MP4, at most 200 MB), its preview image (at most 1 MB), and what old devices show instead: an
    /// [`Image`] or a [`FlexBox`].
    #[expect(clippy::needless_pass_by_value, reason = "addresses are made for their video")]
    pub fn new(url: MediaUrl, preview: MediaUrl, instead: impl Into<Component>) -> Self {
        Self(
            Component::new("video")
                .with("url", url.as_str())
                .with("previewUrl", preview.as_str())
                .with("altContent", instead.into()),
        )
    }
}
