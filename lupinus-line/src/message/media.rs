//! Stickers, images, videos, sounds, places.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidMessage;
use super::units::{check_https, check_utf16};
use crate::QuoteToken;

/// Longest address of an image, video or sound, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#image-message)).
pub const MAX_MEDIA_URL_UTF16: usize = 2_000;
/// Longest title and longest address of a place, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#location-message)).
pub const MAX_PLACE_UTF16: usize = 100;
/// Longest tracking id of a video, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#video-message)).
pub const MAX_TRACKING_ID_UTF16: usize = 100;

/// Address of an image, video or sound: absolute, HTTPS, percent-encoded, at most [`MAX_MEDIA_URL_UTF16`].
/// Not printed by `Debug`: it may be an unguessable link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaUrl(String);

impl MediaUrl {
    /// Checks and wraps an address.
    ///
    /// # Errors
    /// [`InvalidMessage::Url`], [`InvalidMessage::TooLong`], [`InvalidMessage::Empty`].
    pub fn new(url: impl Into<String>) -> Result<Self, InvalidMessage> {
        let url = url.into();
        check_https("url", &url, MAX_MEDIA_URL_UTF16)?;
        Ok(Self(url))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MediaUrl {
    type Error = InvalidMessage;

    fn try_from(url: String) -> Result<Self, InvalidMessage> {
        Self::new(url)
    }
}

impl From<MediaUrl> for String {
    fn from(url: MediaUrl) -> Self {
        url.0
    }
}

impl fmt::Debug for MediaUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MediaUrl(…)")
    }
}

/// A sticker of the sets that bots may send.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StickerMessage {
    package_id: String,
    sticker_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_token: Option<QuoteToken>,
}

impl StickerMessage {
    /// A sticker by its numbers.
    pub fn new(package_id: u64, sticker_id: u64) -> Self {
        Self { package_id: package_id.to_string(), sticker_id: sticker_id.to_string(), quote_token: None }
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(mut self, token: QuoteToken) -> Self {
        self.quote_token = Some(token);
        self
    }
}

/// An image: JPEG or PNG, at most 10 MB, with a preview of at most 1 MB.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageMessage {
    original_content_url: MediaUrl,
    preview_image_url: MediaUrl,
}

impl ImageMessage {
    /// An image and its preview.
    pub const fn new(original: MediaUrl, preview: MediaUrl) -> Self {
        Self { original_content_url: original, preview_image_url: preview }
    }
}

/// A video: MP4, at most 200 MB, with a preview image of at most 1 MB. `Debug` does not print its tracking id.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoMessage {
    original_content_url: MediaUrl,
    preview_image_url: MediaUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_id: Option<String>,
}

impl VideoMessage {
    /// A video and its preview image.
    pub const fn new(original: MediaUrl, preview: MediaUrl) -> Self {
        Self { original_content_url: original, preview_image_url: preview, tracking_id: None }
    }

    /// Asks for an event when somebody has watched it to its end. Chats with one user only.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the id is empty, longer than [`MAX_TRACKING_ID_UTF16`] or holds other characters than
    /// LINE allows.
    pub fn tracked(mut self, id: impl Into<String>) -> Result<Self, InvalidMessage> {
        let id = id.into();
        check_utf16("trackingId", &id, MAX_TRACKING_ID_UTF16)?;
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || "-.=,+*()%$&;:@{}!?<>[]".contains(c)) {
            return Err(InvalidMessage::Form { field: "trackingId" });
        }
        self.tracking_id = Some(id);
        Ok(self)
    }
}

impl fmt::Debug for VideoMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VideoMessage").field("tracked", &self.tracking_id.is_some()).finish_non_exhaustive()
    }
}

/// A sound: MP3 or M4A, at most 200 MB.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioMessage {
    original_content_url: MediaUrl,
    #[serde(rename = "duration")]
    duration_ms: u64,
}

impl AudioMessage {
    /// A sound and its length in milliseconds.
    pub const fn new(original: MediaUrl, duration_ms: u64) -> Self {
        Self { original_content_url: original, duration_ms }
    }
}

/// A place on the map.
#[derive(Clone, Serialize)]
pub struct LocationMessage {
    title: String,
    address: String,
    latitude: f64,
    longitude: f64,
}

impl LocationMessage {
    /// A place by name, address and coordinates in degrees (north and east positive).
    ///
    /// # Errors
    /// [`InvalidMessage`] when a text is empty or longer than [`MAX_PLACE_UTF16`], or a coordinate is off the globe.
    pub fn new(
        title: impl Into<String>,
        address: impl Into<String>,
        latitude: f64,
        longitude: f64,
    ) -> Result<Self, InvalidMessage> {
        let (title, address) = (title.into(), address.into());
        check_utf16("title", &title, MAX_PLACE_UTF16)?;
        check_utf16("address", &address, MAX_PLACE_UTF16)?;
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err(InvalidMessage::Form { field: "latitude, longitude" });
        }
        Ok(Self { title, address, latitude, longitude })
    }
}

impl fmt::Debug for LocationMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocationMessage(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_debug_shows_where_a_video_is_or_what_it_is_tracked_by() {
        let url = || MediaUrl::new("https://cdn.example.org/v.mp4?key=hush-1").unwrap();
        let video = VideoMessage::new(url(), url()).tracked("hush-2").unwrap();
        let printed = format!("{video:?} {:?}", ImageMessage::new(url(), url()));
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("tracked: true"), "{printed}");
    }

    #[test]
    fn media_messages_keep_their_limits() {
        let url = || MediaUrl::new("https://cdn.example.org/v.mp4").unwrap();
        let video = || VideoMessage::new(url(), url());
        assert!(video().tracked("a".repeat(100)).is_ok());
        assert!(video().tracked("a".repeat(101)).is_err());
        assert!(video().tracked("a b").is_err());
        let longest = format!("https://cdn.example.org/{}", "a".repeat(2_000 - 24));
        assert!(MediaUrl::new(longest.clone()).is_ok());
        assert!(MediaUrl::new(longest + "a").is_err());
        assert!(LocationMessage::new("a".repeat(100), "b", 90.0, -180.0).is_ok());
        assert!(LocationMessage::new("a".repeat(101), "b", 0.0, 0.0).is_err());
        let place = |title: &str, address: &str| LocationMessage::new(title, address, 0.0, 0.0).is_ok();
        let (apples, families) = ("🍎".repeat(50), "👨‍👩‍👧‍👦".repeat(9) + "a");
        for text in [apples, families] {
            assert!(place(&text, "b") && place("a", &text), "{text} has 100 units");
            let past = text + "b";
            assert!(!place(&past, "b") && !place("a", &past), "{past} has 101");
        }
        assert!(LocationMessage::new("a", "b", f64::NAN, 0.0).is_err());
    }
}
