#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod access;
mod accounts;
mod address;
mod assets;
mod console;
mod error;
mod examiner;
mod factor;
mod fields;
mod gate;
mod headers;
mod language;
mod live;
mod networks;
mod oidc;
mod pages;
mod phone;
pub mod report;
mod routes;
mod session;
mod shell;
mod text;
mod view;
mod words;

pub use self::{
    access::{Asks, CommandInfo, Needs, RouteInfo},
    accounts::{
        CreateError, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordError, create_first_administrator,
        hash_password,
    },
    console::{Console, ConsoleBuilder, Environment},
    examiner::Examiner,
    networks::{InvalidNetworks, Networks},
    oidc::{InvalidProvider, OpenIdSettings},
    phone::{Phone, PhonePart, PostPreview},
};
