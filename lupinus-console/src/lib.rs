//! The staff's web console: posts, approvals, sending, consultations, as an [`axum::Router`].
//!
//! Server-rendered Japanese pages that work without JavaScript and load nothing from outside. Every handler does three things:
//! it reads the request, calls [`lupinus_core`], and renders. The rules are all in core; what a page offers or greys out is
//! what core's own decisions answer.
//!
//! Every address is listed once with what it needs ([`Console::routes`]); one gate in front of all of them checks the session,
//! the permission, where a form came from and its token.
//!
//! ```no_run
//! # fn example(centre: lupinus_core::service::Centre) -> axum::Router {
//! use lupinus_console::{Console, Environment};
//!
//! let console = Console::builder(centre)
//!     .city("ルピナス市")
//!     .account("ルピナスセンター")
//!     .environment(Environment::Production)
//!     .build();
//! axum::Router::new().nest("/console", console.router())
//! # }
//! ```
#![forbid(unsafe_code)]

mod accounts;
mod assets;
mod console;
mod error;
mod fields;
mod gate;
mod headers;
mod pages;
mod phone;
mod routes;
mod session;
mod shell;
mod view;
mod words;

pub use self::{
    accounts::{
        CreateError, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordError, create_first_administrator,
        hash_password,
    },
    console::{Console, ConsoleBuilder, Environment},
    phone::{Phone, PhonePart, PostPreview},
    routes::{Needs, RouteInfo},
};
