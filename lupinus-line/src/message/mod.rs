//! Messages to send. What can be made here is within LINE's documented limits, counted as LINE counts.
//!
//! ```
//! use lupinus_line::message::{Action, Message, QuickReply};
//!
//! let message = Message::text("明日の研修に参加しますか。")?.with_quick_reply(QuickReply::new([
//!     Action::postback("join=yes")?.label("はい"),
//!     Action::postback("join=no")?.label("いいえ"),
//! ])?);
//! assert!(serde_json::to_string(&message)?.contains("quickReply"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod any;
mod coupon;
mod emoji;
mod error;
pub mod flex;
mod imagemap;
mod list;
mod media;
mod quick_reply;
mod sender;
mod template;
mod text;
mod text_v2;
mod units;

pub use action::{
    Action, ActionKind, DatetimeMode, InputOption, MAX_ACTION_TEXT_GRAPHEMES, MAX_CLIPBOARD_UTF16,
    MAX_DATA_UTF16, MAX_FLEX_LABEL_GRAPHEMES, MAX_LABEL_GRAPHEMES, MAX_URI_UTF16,
};
pub use any::Message;
pub use coupon::{CouponMessage, MAX_DELIVERY_TAG_UTF16};
pub use emoji::{Emoji, MAX_EMOJI, MAX_EMOJI_ID_UTF16};
pub use error::{InvalidMessage, Unit};
pub use flex::{FlexMessage, MAX_ALT_TEXT_UTF16};
pub use imagemap::{
    Area, IMAGEMAP_WIDTH, Imagemap, ImagemapAction, ImagemapMessage, ImagemapVideo, MAX_IMAGEMAP_ACTIONS,
    MAX_IMAGEMAP_LABEL_UTF16, MAX_IMAGEMAP_TEXT_UTF16, MAX_VIDEO_LINK_LABEL_UTF16,
};
pub use list::{MAX_MESSAGES, Messages};
pub use media::{
    AudioMessage, ImageMessage, LocationMessage, MAX_MEDIA_URL_UTF16, MAX_PLACE_UTF16, MAX_TRACKING_ID_UTF16,
    MediaUrl, StickerMessage, VideoMessage,
};
pub use quick_reply::{MAX_QUICK_REPLIES, QuickReply};
pub use sender::{MAX_SENDER_NAME_UTF16, Sender};
pub use template::{
    Buttons, Carousel, Column, Confirm, ImageColumn, ImageFit, ImageShape, MAX_BUTTONS_ACTIONS,
    MAX_BUTTONS_TEXT_GRAPHEMES, MAX_COLUMN_ACTIONS, MAX_COLUMN_TEXT_GRAPHEMES, MAX_COLUMNS,
    MAX_CONFIRM_TEXT_GRAPHEMES, MAX_IMAGE_LABEL_GRAPHEMES, MAX_SHORT_TEXT_GRAPHEMES, MAX_TITLE_GRAPHEMES,
    TemplateMessage,
};
pub use text::{EmojiText, MAX_TEXT_UTF16, Text, TextMessage};
pub use text_v2::{MAX_MENTIONS, MAX_PLACEHOLDER_UTF16, Substitution, TextV2, TextV2Message, TextV2Template};
pub(crate) use units::{check_count, check_graphemes};
pub use units::{graphemes, utf16_len};
