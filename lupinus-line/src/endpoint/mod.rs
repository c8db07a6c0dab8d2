//! Every endpoint of the platform, as data: method, host, path, what it is authorised by, how often it may be called, and
//! whether a retry key is allowed.
//!
//! Useful for metrics (the path template is free of ids) and for calls the crate does not wrap: make an [`Endpoint`] and
//! give it to [`Client::request`](crate::Client::request).
//!
//! The rates are those of [LINE docs/Rate limits](https://developers.line.biz/en/reference/messaging-api/#rate-limits):
//! per channel and endpoint, whatever ids the path holds. LINE says that it counts with token buckets and publishes no
//! bucket sizes.

use std::time::Duration;

use http::Method;

mod account;
mod audience;
mod insight;
mod login;
mod messages;
mod module;
mod people;
mod rich_menus;
mod tokens;

pub use account::*;
pub use audience::*;
pub use insight::*;
pub use login::*;
pub use messages::*;
pub use module::*;
pub use people::*;
pub use rich_menus::*;
pub use tokens::*;

/// Which of LINE's hosts serves an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// `https://api.line.me`: almost everything.
    Api,
    /// `https://api-data.line.me`: bytes (message content, rich menu images, files of user ids).
    Data,
    /// `https://access.line.me`: the pages of LINE Login and account linking.
    Access,
    /// `https://manager.line.biz`: attaching a module channel.
    Manager,
}

/// What shows LINE that a call is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Auth {
    /// The channel access token of the client.
    ChannelToken,
    /// Nothing but what the request itself carries: a secret or an assertion in its body, or a header of its own.
    Credentials,
    /// The access token of the user concerned, from LINE Login.
    UserToken,
}

/// How often an endpoint may be called, per channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rate {
    /// How many calls …
    pub calls: u32,
    /// … in which time.
    pub per: Duration,
}

impl Rate {
    /// So many calls in so much time.
    pub const fn new(calls: u32, per: Duration) -> Self {
        Self { calls, per }
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// One operation of the platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The host.
    pub host: Host,
    /// The path with `{placeholders}`, as in LINE's OpenAPI files.
    pub path: &'static str,
    /// What authorises a call.
    pub auth: Auth,
    /// How often it may be called; `None` where LINE does not say.
    pub rate: Option<Rate>,
    /// Whether LINE accepts `X-Line-Retry-Key` here; elsewhere the header makes it refuse with 400.
    pub takes_retry_key: bool,
    /// Whether calls have the same effect once and many times, so that they may be made again after an uncertain answer even
    /// without a retry key: every GET, PUT and DELETE, and each POST that only checks, marks or sets something.
    pub repeatable: bool,
}

impl Endpoint {
    /// An endpoint that is called with the channel's token, takes no retry key and has no known rate. GET, PUT and DELETE are
    /// taken for repeatable.
    pub const fn new(method: Method, host: Host, path: &'static str) -> Self {
        let repeatable = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self { method, host, path, auth: Auth::ChannelToken, rate: None, takes_retry_key: false, repeatable }
    }

    /// The same endpoint, taking a retry key.
    pub const fn with_retry_key(mut self) -> Self {
        self.takes_retry_key = true;
        self
    }

    /// The same endpoint, having the same effect once and many times.
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The same endpoint, to be called at most so often.
    pub const fn with_rate(mut self, rate: Rate) -> Self {
        self.rate = Some(rate);
        self
    }

    /// The same endpoint, authorised by something else.
    pub const fn with_auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }
}

/// Constants and the list of them: name, method, host, path; then the rate, `retry` (by key, or because the call is
/// repeatable) and the authorisation where they apply.
macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $method:ident $host:ident $path:literal
        $(, $calls:literal per $per:ident)? $(, retry = $retry:ident)? $(, by $auth:ident)?;)+) => {
        use http::Method;

        #[allow(unused_imports, reason = "not every area has every kind")]
        use super::{Auth, Endpoint, HOUR, Host, MINUTE, Rate, SECOND};

        $(
            $(#[$doc])*
            pub const $name: Endpoint = Endpoint::new(Method::$method, Host::$host, $path)
                $(.with_rate(Rate::new($calls, $per)))?
                $(.$retry())?
                $(.with_auth(Auth::$auth))?;
        )+

        /// All of this area.
        pub(super) const AREA: &[Endpoint] = &[$($name),+];
    };
}
use endpoints;

/// All of them, area by area.
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    [
        messages::AREA,
        people::AREA,
        rich_menus::AREA,
        account::AREA,
        insight::AREA,
        audience::AREA,
        tokens::AREA,
        login::AREA,
        module::AREA,
    ]
    .into_iter()
    .flatten()
}
