//! An offline LINE platform: the Messaging API with its judgement, webhooks as LINE sends them, people to play, and
//! faults on demand. As a library for tests ([`Emulator::start`]), as a program for everything else.
//!
//! It is written from LINE's own documents and shares no code with any client, so that a misreading on one side shows
//! on the other. What LINE leaves open is decided here in writing, in the README.
//!
//! The people in it are made up. Do not put real ones in: chats are shown to whoever can reach the address.

mod clock;
mod ids;
mod jwt;
mod settings;

mod answer;
mod fault;
mod log;
mod richmenu;
mod state;
mod validate;

mod keep;
mod people;
mod shared;
mod webhook;

mod api;
mod scenario;

mod control;
mod page;
mod server;

mod emulator;

pub use emulator::{Builder, ChatMessage, Emulator, StartError};
pub use fault::{Fault, FaultDrop, FaultResponse};
pub use keep::{ImportError, KeepError};
pub use log::{RequestEntry, Verdict, WebhookAttempt, WebhookEntry};
pub use people::ControlError;
pub use scenario::{InvalidScenario, Scenario, ScenarioReport, StepReport};
pub use settings::{ChatMode, Settings};
pub use state::{Author, Quota};

/// The examples of the README are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
