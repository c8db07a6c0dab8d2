//! Images, icons, videos.

use super::{Component, Icon, Image, Video};
use crate::message::MediaUrl;
use crate::message::flex::scale::AspectMode;

impl Image {
    /// An image.
    #[expect(clippy::needless_pass_by_value, reason = "an address is made for its image")]
    pub fn new(url: MediaUrl) -> Self {
        Self(Component::new("image").with("url", url.as_str()))
    }

    /// How it fills its frame.
    pub fn aspect_mode(self, mode: AspectMode) -> Self {
        self.with("aspectMode", mode)
    }

    /// Moves, when it is an animated PNG of at most 300 KB; at most [`MAX_ANIMATED`](crate::message::flex::MAX_ANIMATED) in one
    /// message.
    pub fn animated(self) -> Self {
        self.with("animated", true)
    }
}

impl Icon {
    /// An icon.
    #[expect(clippy::needless_pass_by_value, reason = "an address is made for its icon")]
    pub fn new(url: MediaUrl) -> Self {
        Self(Component::new("icon").with("url", url.as_str()))
    }
}

impl Video {
    /// A video (MP4, at most 200 MB), its preview image (at most 1 MB), and what old devices show instead: an
    /// [`Image`] or a [`FlexBox`](super::FlexBox).
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
