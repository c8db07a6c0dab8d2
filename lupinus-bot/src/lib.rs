#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod blobs;
mod bot;
mod channel;
mod chat_mode;
mod dialogue;
mod dispatcher;
mod figures;
mod files;
mod in_hand;
mod incoming;
mod intake;
mod media;
mod menus;
pub mod pdf;
pub mod render;
mod settings;
mod sweeper;
mod system;
mod texts;
mod unsent;
mod worker;

pub use self::{
    blobs::{Blobs, Resealed},
    bot::{Bot, BotBuilder, BuildError, Drained, RunError, Waker},
    channel::LineChannel,
    media::MediaLinks,
    menus::MenuError,
    settings::Settings,
    system::{RandomIds, SystemClock, system_centre},
    texts::{Language, Texts, TextsError},
};
