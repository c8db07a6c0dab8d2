//! Imagemaps: a picture with places to tap, possibly with a video playing in it.

use std::fmt;

use serde::Serialize;

use super::action::check_uri;
use super::flex::AltText;
use super::units::{check_count, check_utf16};
use super::{InvalidMessage, MAX_CLIPBOARD_UTF16, MediaUrl};

/// Width of every imagemap, in the picture's own unit ([source](https://developers.line.biz/en/reference/messaging-api/#imagemap-message)).
pub const IMAGEMAP_WIDTH: u32 = 1_040;
/// Most places to tap (same source).
pub const MAX_IMAGEMAP_ACTIONS: usize = 50;
/// Longest text said by a place, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#imagemap-message-action-object)).
pub const MAX_IMAGEMAP_TEXT_UTF16: usize = 400;
/// Longest label of a place, which is read aloud, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#imagemap-action-objects)).
pub const MAX_IMAGEMAP_LABEL_UTF16: usize = 100;
/// Longest words of the link after a video, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#imagemap-message)).
pub const MAX_VIDEO_LINK_LABEL_UTF16: usize = 30;

/// An imagemap message. `Debug` shows none of it.
///
/// ```
/// use lupinus_line::message::{Area, Imagemap, ImagemapAction, ImagemapMessage, MediaUrl, Message};
///
/// let map = Imagemap::new(MediaUrl::new("https://cdn.example.org/map/7")?, 520)
///     .action(ImagemapAction::message("1階", Area::new(0, 0, 520, 520))?.label("1階")?)
///     .action(ImagemapAction::uri("https://example.org/2f", Area::new(520, 0, 520, 520))?);
/// let message = Message::from(ImagemapMessage::new("館内図", map)?);
/// # Ok::<(), lupinus_line::message::InvalidMessage>(())
/// ```
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImagemapMessage {
    base_url: MediaUrl,
    alt_text: AltText,
    base_size: BaseSize,
    actions: Vec<ImagemapAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<ImagemapVideo>,
}

/// A picture with places to tap, checked by [`ImagemapMessage::new`].
#[derive(Clone)]
pub struct Imagemap {
    base_url: MediaUrl,
    height: u32,
    actions: Vec<ImagemapAction>,
    video: Option<ImagemapVideo>,
}

#[derive(Clone, Copy, Serialize)]
struct BaseSize {
    width: u32,
    height: u32,
}

/// A rectangle on the picture, in its own unit: [`IMAGEMAP_WIDTH`] wide, from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Area {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

/// A place to tap and what a tap does. `Debug` shows the place only.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ImagemapAction {
    #[serde(flatten)]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    area: Area,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Kind {
    Uri { link_uri: String },
    Message { text: String },
    Clipboard { clipboard_text: String },
}

/// A video in an imagemap. `Debug` shows the place only.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImagemapVideo {
    original_content_url: MediaUrl,
    preview_image_url: MediaUrl,
    area: Area,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_link: Option<ExternalLink>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalLink {
    link_uri: String,
    label: String,
}

impl Area {
    /// A rectangle by its upper left corner and its size.
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    fn check(self, size: BaseSize) -> Result<(), InvalidMessage> {
        let within = |from: u32, length: u32, whole: u32| {
            length > 0 && from.checked_add(length).is_some_and(|to| to <= whole)
        };
        if within(self.x, self.width, size.width) && within(self.y, self.height, size.height) {
            Ok(())
        } else {
            Err(InvalidMessage::Form { field: "area" })
        }
    }
}

impl Imagemap {
    /// A picture, [`IMAGEMAP_WIDTH`] wide and `height` high. LINE fetches it from `base_url` followed by `/240`, `/300`,
    /// `/460`, `/700` and `/1040`, its width in pixels: JPEG or PNG, at most 10 MB each.
    pub const fn new(base_url: MediaUrl, height: u32) -> Self {
        Self { base_url, height, actions: Vec::new(), video: None }
    }

    /// Adds a place to tap.
    pub fn action(mut self, action: ImagemapAction) -> Self {
        self.actions.push(action);
        self
    }

    /// Plays a video in the picture.
    pub fn video(mut self, video: ImagemapVideo) -> Self {
        self.video = Some(video);
        self
    }
}

impl ImagemapMessage {
    /// Checks a picture and makes a message of it: at most [`MAX_IMAGEMAP_ACTIONS`], all inside the picture. `alt_text` is
    /// shown in lists, notifications and on old devices, at most [`MAX_ALT_TEXT_UTF16`](super::MAX_ALT_TEXT_UTF16).
    ///
    /// # Errors
    /// [`InvalidMessage`] naming what is past its limit; [`InvalidMessage::Form`] for an area that is empty or not inside.
    pub fn new(alt_text: impl Into<String>, map: Imagemap) -> Result<Self, InvalidMessage> {
        let Imagemap { base_url, height, actions, video } = map;
        let base_size = BaseSize { width: IMAGEMAP_WIDTH, height };
        if height == 0 || i32::try_from(height).is_err() {
            return Err(InvalidMessage::Form { field: "baseSize.height" });
        }
        check_count("actions", actions.len(), 0, MAX_IMAGEMAP_ACTIONS)?;
        let mut areas = actions.iter().map(|action| action.area).chain(video.iter().map(|video| video.area));
        areas.try_for_each(|area| area.check(base_size))?;
        Ok(Self { base_url, alt_text: AltText::new(alt_text.into())?, base_size, actions, video })
    }
}

impl ImagemapAction {
    const fn new(kind: Kind, area: Area) -> Self {
        Self { kind, label: None, area }
    }

    /// Opens an address (`http`, `https`, `line`, `tel`), at most [`MAX_URI_UTF16`](super::MAX_URI_UTF16).
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is no such address or too long.
    pub fn uri(uri: impl Into<String>, area: Area) -> Result<Self, InvalidMessage> {
        let link_uri = uri.into();
        check_uri(&link_uri)?;
        Ok(Self::new(Kind::Uri { link_uri }, area))
    }

    /// Says `text` as the user, at most [`MAX_IMAGEMAP_TEXT_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long.
    pub fn message(text: impl Into<String>, area: Area) -> Result<Self, InvalidMessage> {
        let text = text.into();
        check_utf16("action.text", &text, MAX_IMAGEMAP_TEXT_UTF16)?;
        Ok(Self::new(Kind::Message { text }, area))
    }

    /// Copies a text, at most [`MAX_CLIPBOARD_UTF16`]. LINE 14.0 or later.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long.
    pub fn clipboard(text: impl Into<String>, area: Area) -> Result<Self, InvalidMessage> {
        let clipboard_text = text.into();
        check_utf16("action.clipboardText", &clipboard_text, MAX_CLIPBOARD_UTF16)?;
        Ok(Self::new(Kind::Clipboard { clipboard_text }, area))
    }

    /// What is read aloud for the place, at most [`MAX_IMAGEMAP_LABEL_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the label is empty or too long.
    pub fn label(mut self, label: impl Into<String>) -> Result<Self, InvalidMessage> {
        let label = label.into();
        check_utf16("action.label", &label, MAX_IMAGEMAP_LABEL_UTF16)?;
        self.label = Some(label);
        Ok(self)
    }
}

impl ImagemapVideo {
    /// A video (MP4, at most 200 MB) with its preview image (at most 1 MB) and where it plays. LINE sends no event when it
    /// has been watched.
    pub const fn new(original: MediaUrl, preview: MediaUrl, area: Area) -> Self {
        Self { original_content_url: original, preview_image_url: preview, area, external_link: None }
    }

    /// Shows a link after it, in words of at most [`MAX_VIDEO_LINK_LABEL_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is no address of an allowed scheme, or the words are none or too long.
    pub fn link(mut self, label: impl Into<String>, uri: impl Into<String>) -> Result<Self, InvalidMessage> {
        let (label, link_uri) = (label.into(), uri.into());
        check_utf16("video.externalLink.label", &label, MAX_VIDEO_LINK_LABEL_UTF16)?;
        check_uri(&link_uri)?;
        self.external_link = Some(ExternalLink { link_uri, label });
        Ok(self)
    }
}

impl fmt::Debug for ImagemapMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImagemapMessage(…)")
    }
}

impl fmt::Debug for Imagemap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imagemap(…)")
    }
}

impl fmt::Debug for ImagemapAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImagemapAction").field("area", &self.area).finish_non_exhaustive()
    }
}

impl fmt::Debug for ImagemapVideo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImagemapVideo").field("area", &self.area).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> MediaUrl {
        MediaUrl::new("https://cdn.example.org/map/7").unwrap()
    }

    fn map(areas: impl IntoIterator<Item = Area>) -> Result<ImagemapMessage, InvalidMessage> {
        let actions = areas.into_iter().map(|area| ImagemapAction::message("a", area).unwrap());
        ImagemapMessage::new("館内図", actions.fold(Imagemap::new(url(), 520), Imagemap::action))
    }

    #[test]
    fn places_to_tap_are_inside_the_picture() {
        let video = |area| {
            let map = Imagemap::new(url(), 520).video(ImagemapVideo::new(url(), url(), area));
            ImagemapMessage::new("館内図", map)
        };
        for (name, area, ok) in [
            ("the whole", Area::new(0, 0, 1_040, 520), true),
            ("the last corner", Area::new(1_039, 519, 1, 1), true),
            ("one too wide", Area::new(0, 0, 1_041, 520), false),
            ("one too high", Area::new(0, 0, 1_040, 521), false),
            ("one too far right", Area::new(1, 0, 1_040, 520), false),
            ("one too far down", Area::new(0, 1, 1_040, 520), false),
            ("no width", Area::new(0, 0, 0, 520), false),
            ("no height", Area::new(0, 0, 1_040, 0), false),
            ("past all numbers", Area::new(u32::MAX, 0, 1_040, 520), false),
        ] {
            assert_eq!(map([area]).is_ok(), ok, "{name}");
            assert_eq!(video(area).is_ok(), ok, "{name}, of a video");
        }
    }

    #[test]
    fn an_imagemap_has_at_most_fifty_places_and_a_height() {
        let area = Area::new(0, 0, 1, 1);
        assert_eq!([0, 1, 50, 51].map(|count| map(vec![area; count]).is_ok()), [true, true, true, false]);
        let height = |height| ImagemapMessage::new("a", Imagemap::new(url(), height)).is_ok();
        assert_eq!([0, 1, 2_147_483_647, 2_147_483_648].map(height), [false, true, true, false]);
    }

    #[test]
    fn texts_of_an_imagemap_keep_their_limits() {
        let area = Area::new(0, 0, 1, 1);
        let said = |text: &str| ImagemapAction::message(text, area).is_ok();
        let copied = |text: &str| ImagemapAction::clipboard(text, area).is_ok();
        let labelled = |text: &str| ImagemapAction::message("a", area).unwrap().label(text).is_ok();
        let linked = |text: &str| ImagemapVideo::new(url(), url(), area).link(text, "https://e.org").is_ok();
        for (name, max, ok) in [
            ("text", 400, &said as &dyn Fn(&str) -> bool),
            ("copied text", 1_000, &copied),
            ("label", 100, &labelled),
            ("link after a video", 30, &linked),
        ] {
            for (emoji, units) in [("🍎", 2), ("👨‍👩‍👧‍👦", 11)] {
                let full = emoji.repeat(max / units) + &"a".repeat(max % units);
                assert!(ok(&full), "{name} at {max}, {emoji}");
                assert!(!ok(&(full + "a")), "{name} past {max}, {emoji}");
            }
            assert!(!ok(""), "{name}, empty");
        }
        let address = |length: usize| format!("https://e.org/{}", "a".repeat(length - 14));
        assert!(ImagemapAction::uri(address(1_000), area).is_ok());
        assert!(ImagemapAction::uri(address(1_001), area).is_err());
        assert!(ImagemapAction::uri("javascript:alert(1)", area).is_err());
        assert!(ImagemapVideo::new(url(), url(), area).link("a", address(1_001)).is_err());
        assert!(ImagemapMessage::new("🍎".repeat(750), Imagemap::new(url(), 1)).is_ok());
        assert!(ImagemapMessage::new("🍎".repeat(750) + "a", Imagemap::new(url(), 1)).is_err());
    }
}
