#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod client;
mod crypto;
mod decode;
pub mod endpoint;
pub mod guide;
mod ids;
pub mod login;
pub mod message;
mod open;
pub mod rich_menu;
mod secret;
pub mod token;
pub mod webhook;

pub use client::{Answer, ApiError, Client, Delivery};
pub use crypto::NoRandomness;
pub use decode::{DecodeCategory, DecodeError, RawJson};
pub use ids::{
    AudienceId, ChannelId, CouponId, GroupId, InvalidId, LiffId, MarkAsReadToken, MembershipId, MessageId,
    QuoteToken, ReplyToken, RequestId, RetryKey, RichMenuAliasId, RichMenuId, RoomId, TokenKeyId, UserId,
    WebhookEventId,
};
pub use message::{Message, Messages};
pub use secret::{AccessToken, ChannelSecret, ChannelToken, RefreshToken, UserToken};
