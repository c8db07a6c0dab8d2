//! Flex messages: layouts of boxes, as free as a page.
//!
//! Builders have every component and property that LINE documents; [`with`](Component::with) on each sets any property by
//! its name; and [`Container::from_json`], [`Bubble::from_json`] and [`Component::from_json`] take JSON. All of it is checked
//! once, by [`FlexMessage::new`], which names the place of what is wrong by a JSON pointer, as LINE does.
//!
//! JSON is held to the same as what the builders make: a kind or property that this crate knows has to be of the JSON type and
//! form that LINE documents. What it has never heard of is left to LINE, so that new kinds and properties need no new release.
//! Only [`Message::from_json`](super::Message::from_json) takes a layout without a look inside.
//!
//! ```
//! use lupinus_line::message::flex::{Bubble, Button, FlexBox, Separator, Size, Spacing, Text};
//! use lupinus_line::message::{Action, FlexMessage, Message};
//!
//! let bubble = Bubble::new()
//!     .body(
//!         FlexBox::vertical()
//!             .spacing(Spacing::Md)
//!             .child(Text::new("研修会のお知らせ").bold().size(Size::Xl).wrap())
//!             .child(Separator::new())
//!             .child(FlexBox::baseline().child(Text::new("定員").flex(0)).child(Text::new("30名"))),
//!     )
//!     .footer(FlexBox::vertical().child(Button::primary(Action::postback("apply")?.label("申し込む"))));
//! let message = Message::from(FlexMessage::new("研修会のお知らせ", bubble)?);
//! # Ok::<(), lupinus_line::message::InvalidMessage>(())
//! ```

mod check;
mod component;
mod container;
mod scale;

use std::fmt;

use serde::Serialize;

use super::InvalidMessage;
use super::units::check_utf16;

pub use check::{
    MAX_ANGLE_DEGREES, MAX_ANIMATED, MAX_BUBBLE_BYTES, MAX_BUBBLES, MAX_CAROUSEL_BYTES, MAX_DEPTH,
    MAX_RATIO_HEIGHT, MAX_RATIO_PART,
};
pub use component::{
    Button, Component, Filler, FlexBox, Icon, Image, LinearGradient, Separator, Span, Text, Video,
};
pub use container::{BlockStyle, Bubble, Carousel, Container};
pub use scale::{
    Align, AlignItems, AspectMode, BorderWidth, BubbleSize, ButtonHeight, ButtonStyle, Decoration, Direction,
    FontStyle, Gravity, Inset, Justify, Length, Position, Size, Spacing, Weight,
};

/// Longest alternative text of a Flex or template message, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#flex-message)).
pub const MAX_ALT_TEXT_UTF16: usize = 1_500;

#[derive(Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct AltText(String);

impl AltText {
    pub(crate) fn new(text: String) -> Result<Self, InvalidMessage> {
        check_utf16("altText", &text, MAX_ALT_TEXT_UTF16)?;
        Ok(Self(text))
    }
}

/// A Flex message. Not printed by `Debug`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexMessage {
    alt_text: AltText,
    contents: Container,
}

impl FlexMessage {
    /// Checks a layout and makes a message of it. `alt_text` is shown in lists, notifications and on old devices, at
    /// most [`MAX_ALT_TEXT_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage::Flex`] with the place of what is wrong; [`InvalidMessage::TooLong`] for the alternative text
    /// or the size of the whole.
    pub fn new(alt_text: impl Into<String>, contents: impl Into<Container>) -> Result<Self, InvalidMessage> {
        let contents = contents.into();
        check::container(contents.value())?;
        Ok(Self { alt_text: AltText::new(alt_text.into())?, contents })
    }
}

impl fmt::Debug for FlexMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlexMessage(…)")
    }
}
