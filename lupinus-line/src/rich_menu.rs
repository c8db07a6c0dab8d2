//! Rich menus: the tappable picture below a chat.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::{Action, ActionKind, InvalidMessage, MAX_LABEL_GRAPHEMES, Unit};
use crate::message::{check_count, check_graphemes};
use crate::{RichMenuAliasId, RichMenuId};

/// Narrowest and widest rich menu, in pixels
/// ([source](https://developers.line.biz/en/reference/messaging-api/#rich-menu-object)).
pub const RICH_MENU_WIDTH: std::ops::RangeInclusive<u32> = 800..=2_500;
/// Lowest rich menu, in pixels (same source).
pub const MIN_RICH_MENU_HEIGHT: u32 = 250;
/// Longest name of a rich menu, in **grapheme clusters** (same source).
pub const MAX_RICH_MENU_NAME_GRAPHEMES: usize = 300;
/// Longest text in the bar below the chat, in **grapheme clusters** (same source).
pub const MAX_CHAT_BAR_TEXT_GRAPHEMES: usize = 14;
/// Most areas of a rich menu (same source).
pub const MAX_AREAS: usize = 20;
/// Largest image of a rich menu, in bytes. LINE says 1 MB without saying of how many bytes; this is the smaller reading
/// ([source](https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image)).
pub const MAX_RICH_MENU_IMAGE_BYTES: usize = 1_000_000;

/// A rich menu to create. Its name is not shown to anybody: a good place for a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenu {
    size: Size,
    selected: bool,
    name: String,
    chat_bar_text: String,
    areas: Vec<Area>,
}

/// Width and height in pixels: 800 to 2,500 wide, at least 250 high, at least 1.45 times as wide as high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A part of the picture that does something when tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Where it is.
    pub bounds: Bounds,
    /// What it does. A label, if any, is read aloud, at most 20 grapheme clusters.
    pub action: Action,
}

/// A rectangle in pixels, from the left and the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl RichMenu {
    /// A rich menu, closed until it is tapped.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming the property past its limit; an area outside the picture is one, too.
    pub fn new(
        size: Size,
        name: impl Into<String>,
        chat_bar_text: impl Into<String>,
        areas: impl IntoIterator<Item = Area>,
    ) -> Result<Self, InvalidMessage> {
        let (name, chat_bar_text) = (name.into(), chat_bar_text.into());
        let areas: Vec<_> = areas.into_iter().collect();
        // width / height ≥ 1.45, without fractions
        let wide = u64::from(size.width) * 100 >= u64::from(size.height) * 145;
        if !RICH_MENU_WIDTH.contains(&size.width) || size.height < MIN_RICH_MENU_HEIGHT || !wide {
            return Err(InvalidMessage::Form { field: "size" });
        }
        check_graphemes("name", &name, MAX_RICH_MENU_NAME_GRAPHEMES)?;
        check_graphemes("chatBarText", &chat_bar_text, MAX_CHAT_BAR_TEXT_GRAPHEMES)?;
        check_count("areas", areas.len(), 1, MAX_AREAS)?;
        for Area { bounds, action } in &areas {
            let right = u64::from(bounds.x) + u64::from(bounds.width);
            let bottom = u64::from(bounds.y) + u64::from(bounds.height);
            let inside = right <= u64::from(size.width) && bottom <= u64::from(size.height);
            if !inside || bounds.width == 0 || bounds.height == 0 {
                return Err(InvalidMessage::Form { field: "areas.bounds" });
            }
            action.check_label(false, MAX_LABEL_GRAPHEMES)?;
            if matches!(action.kind(), ActionKind::Camera | ActionKind::CameraRoll | ActionKind::Location) {
                return Err(InvalidMessage::ActionNotAllowed { place: "a rich menu" });
            }
        }
        Ok(Self { size, selected: false, name, chat_bar_text, areas })
    }

    /// Open from the start.
    pub const fn opened(mut self) -> Self {
        self.selected = true;
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A rich menu as LINE holds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RichMenuInfo {
    /// Which it is.
    pub rich_menu_id: RichMenuId,
    /// Its size.
    pub size: Option<Size>,
    /// Whether it is open from the start.
    #[serde(default)]
    pub selected: bool,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The text in the bar below the chat.
    #[serde(default)]
    pub chat_bar_text: String,
    /// Its areas, as they came.
    #[serde(default)]
    pub areas: Vec<Value>,
}

/// A name that stands for a rich menu.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RichMenuAlias {
    /// The name.
    pub rich_menu_alias_id: RichMenuAliasId,
    /// The rich menu.
    pub rich_menu_id: RichMenuId,
}

/// The image of a rich menu: PNG or JPEG, at most [`MAX_RICH_MENU_IMAGE_BYTES`].
#[derive(Clone)]
pub struct RichMenuImage {
    bytes: Bytes,
    content_type: &'static str,
}

impl RichMenuImage {
    /// Looks at the first bytes and the size.
    ///
    /// # Errors
    /// [`InvalidMessage::Form`] when it is neither PNG nor JPEG, [`InvalidMessage::TooLong`].
    pub fn new(bytes: impl Into<Bytes>) -> Result<Self, InvalidMessage> {
        let bytes = bytes.into();
        let content_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            "image/png"
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            "image/jpeg"
        } else {
            return Err(InvalidMessage::Form { field: "image" });
        };
        if bytes.len() > MAX_RICH_MENU_IMAGE_BYTES {
            let (len, max) = (bytes.len(), MAX_RICH_MENU_IMAGE_BYTES);
            return Err(InvalidMessage::TooLong { field: "image", len, max, unit: Unit::Bytes });
        }
        Ok(Self { bytes, content_type })
    }

    /// `image/png` or `image/jpeg`.
    pub const fn content_type(&self) -> &'static str {
        self.content_type
    }

    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

impl fmt::Debug for RichMenuImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RichMenuImage({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 2_500, height: 843 };

    fn area(x: u32, width: u32) -> Area {
        Area { bounds: Bounds { x, y: 0, width, height: 843 }, action: Action::message("a").unwrap() }
    }

    #[test]
    fn rich_menus_keep_their_limits() {
        let family = "👨‍👩‍👧‍👦";
        let sized = |width, height| {
            let area = Area {
                bounds: Bounds { x: 0, y: 0, width: 1, height: 1 },
                action: Action::message("a").unwrap(),
            };
            RichMenu::new(Size { width, height }, "n", "b", [area]).is_ok()
        };
        let texts = |name: usize, bar: usize| {
            RichMenu::new(SIZE, family.repeat(name), family.repeat(bar), [area(0, 10)]).is_ok()
        };
        let areas = |areas: Vec<Area>| RichMenu::new(SIZE, "n", "b", areas).is_ok();
        for (name, ok, expected) in [
            ("largest", sized(2_500, 1_686), true),
            ("too high", sized(2_500, 1_725), false),
            ("smallest", sized(800, 250), true),
            ("too narrow", sized(799, 250), false),
            ("too wide", sized(2_501, 843), false),
            ("too low", sized(800, 249), false),
            ("texts at the limit", texts(300, 14), true),
            ("name past", texts(301, 14), false),
            ("bar past", texts(300, 15), false),
            ("twenty areas", areas(vec![area(0, 10); 20]), true),
            ("twenty-one areas", areas(vec![area(0, 10); 21]), false),
            ("to the edge", areas(vec![area(2_490, 10)]), true),
            ("past the edge", areas(vec![area(2_491, 10)]), false),
            ("nothing", areas(vec![area(0, 0)]), false),
        ] {
            assert_eq!(ok, expected, "{name}");
        }
    }

    #[test]
    fn an_image_is_known_by_its_first_bytes() {
        assert_eq!(RichMenuImage::new(&b"\x89PNG\r\n\x1a\n123"[..]).unwrap().content_type(), "image/png");
        assert_eq!(RichMenuImage::new(&b"\xff\xd8\xff\xe0"[..]).unwrap().content_type(), "image/jpeg");
        assert!(RichMenuImage::new(&b"GIF89a"[..]).is_err());
        let mut large = b"\xff\xd8\xff".to_vec();
        large.resize(MAX_RICH_MENU_IMAGE_BYTES, 0);
        assert!(RichMenuImage::new(large.clone()).is_ok());
        large.push(0);
        assert!(RichMenuImage::new(large).is_err());
    }
}
