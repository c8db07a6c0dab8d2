//! Making a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use url::Url;

use super::authority::Authority;
use super::flow::Flow;
use super::pacing::Pacer;
use super::retry::RETRY_KEY_LIFE;
use super::{BoxError, Client, Inner, Pacing, Retry};
use crate::crypto::{self, NO_PROVIDER};
use crate::token::TokenSource;

/// LINE's own address for almost everything.
pub const API_BASE: &str = "https://api.line.me";
/// LINE's own address for bytes: message content and rich menu images.
pub const DATA_BASE: &str = "https://api-data.line.me";
/// LINE's own address for pages of LINE Login and account linking.
pub const ACCESS_BASE: &str = "https://access.line.me";

/// LINE's own address for attaching module channels.
pub const MANAGER_BASE: &str = "https://manager.line.biz";

/// How long one call may take from its start to the end of the answer, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may take to come about, unless set otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How many calls a client makes at once, unless set otherwise. LINE names no bound; this is what one HTTP/2 connection
/// usually carries.
pub const CONCURRENCY: usize = 100;

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The channel access token is empty or holds characters that no header may hold.
    #[error("the channel access token is not usable")]
    Token,
    /// A base address is not an absolute `http` or `https` address without query and fragment.
    #[error("the {0} base address is not usable")]
    Base(&'static str),
    /// The crate was built without cryptography (features `ring`, `aws-lc-rs`), and the application has installed no provider of
    /// rustls.
    #[error("{NO_PROVIDER}")]
    NoProvider,
    /// The system offers no TLS: it has no certificates, for instance (see the feature `bundled-roots`).
    #[error("no HTTP client can be made")]
    Http(#[source] BoxError),
}

/// Settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    tokens: TokenSource,
    api: String,
    data: String,
    access: String,
    manager: String,
    timeout: Duration,
    connect_timeout: Duration,
    retry: Retry,
    pacing: Pacing,
    concurrency: usize,
}

impl ClientBuilder {
    pub(super) fn new(tokens: TokenSource) -> Self {
        Self {
            tokens,
            api: API_BASE.to_owned(),
            data: DATA_BASE.to_owned(),
            access: ACCESS_BASE.to_owned(),
            manager: MANAGER_BASE.to_owned(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            retry: Retry::default(),
            pacing: Pacing::default(),
            concurrency: CONCURRENCY,
        }
    }

    /// Where the API is, instead of [`API_BASE`].
    pub fn api_base(mut self, base: impl Into<String>) -> Self {
        self.api = base.into();
        self
    }

    /// Where bytes are, instead of [`DATA_BASE`].
    pub fn data_base(mut self, base: impl Into<String>) -> Self {
        self.data = base.into();
        self
    }

    /// Where the pages are, instead of [`ACCESS_BASE`].
    pub fn access_base(mut self, base: impl Into<String>) -> Self {
        self.access = base.into();
        self
    }

    /// Where module channels are attached, instead of [`MANAGER_BASE`].
    pub fn manager_base(mut self, base: impl Into<String>) -> Self {
        self.manager = base.into();
        self
    }

    /// One address for everything, as an emulator has. What answers there must send `x-line-request-id`, as LINE does: without it,
    /// a 200 is taken for a proxy's.
    pub fn all_bases(self, base: &str) -> Self {
        self.api_base(base).data_base(base).access_base(base).manager_base(base)
    }

    /// How long one try of a call may take, from its start to the end of the answer (20 seconds); how long all of them
    /// may take says [`Retry::deadline`]. Content is streamed: there it is how long the head and each piece may take.
    /// Never more than [`RETRY_KEY_LIFE`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(RETRY_KEY_LIFE);
        self
    }

    /// How long a connection may take to come about (5 seconds), and never more than nine tenths of what a
    /// [try](Self::timeout) may: what never connected is certainly not seen.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout.min(RETRY_KEY_LIFE);
        self
    }

    /// When a call is made again by itself ([`Retry::default`]). Use [`Retry::never`] where something else keeps retry
    /// keys and decides.
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How often each endpoint is called at most (the rates that LINE publishes).
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// How many calls are made at once ([`CONCURRENCY`], at least 1); more wait within their
    /// [deadline](Retry::deadline). A body that is streamed counts until its head has come.
    pub const fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Makes the client. Connects to nothing yet.
    ///
    /// # Errors
    /// [`BuildError`], each variant naming the setting.
    pub fn build(self) -> Result<Client, BuildError> {
        let authority = Authority::new(self.tokens).ok_or(BuildError::Token)?;
        let api = base("api", &self.api)?;
        let data = base("data", &self.data)?;
        let access = base("access", &self.access)?;
        let manager = base("manager", &self.manager)?;
        let bases = [&api, &data, &access, &manager];
        crypto::provider().ok_or(BuildError::NoProvider)?; // reqwest takes the one of the process
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("lupinus-line/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(self.connect_timeout.min(self.timeout.mul_f64(0.9)))
            .read_timeout(self.timeout);
        if bases.into_iter().all(is_loopback) {
            http = http.no_proxy(); // an emulator on this machine; a proxy would look for it on its own
        }
        if bases.into_iter().all(|base| base.scheme() == "http") {
            http = http.tls_certs_only([]); // no TLS is spoken, so a system without certificates will do
        } else {
            http = with_bundled_roots(http)?;
        }
        let http = http.build().map_err(|error| BuildError::Http(Box::new(error.without_url())))?;
        let flow = Flow {
            retry: self.retry,
            timeout: self.timeout,
            pacer: Pacer::new(self.pacing),
            in_flight: Semaphore::new(self.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
        };
        let inner = Inner { http, authority, api, data, access, manager, flow };
        Ok(Client { inner: Arc::new(inner) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("tokens", &self.tokens)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .field("pacing", &self.pacing)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "bundled-roots")]
fn with_bundled_roots(http: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, BuildError> {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let roots: Result<Vec<_>, _> = roots.map(|root| reqwest::Certificate::from_der(root)).collect();
    roots.map(|roots| http.tls_certs_merge(roots)).map_err(|error| BuildError::Http(Box::new(error)))
}

#[cfg(not(feature = "bundled-roots"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn with_bundled_roots(http: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, BuildError> {
    Ok(http)
}

fn base(name: &'static str, base: &str) -> Result<Url, BuildError> {
    let url = Url::parse(base).map_err(|_| BuildError::Base(name))?;
    let usable = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if usable { Ok(url) } else { Err(BuildError::Base(name)) }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChannelToken;

    #[test]
    fn only_plain_http_addresses_are_bases() {
        for (base, ok) in [
            ("https://api.line.me", true),
            ("http://127.0.0.1:9090/", true),
            ("http://localhost:9090/line", true),
            ("ftp://api.line.me", false),
            ("api.line.me", false),
            ("https://user:pass@api.line.me", false),
            ("https://api.line.me/?a=b", false),
        ] {
            let client = Client::builder(ChannelToken::from("t")).api_base(base).build();
            assert_eq!(client.is_ok(), ok, "{base}");
        }
    }

    #[test]
    fn a_token_that_no_header_may_hold_is_refused_without_being_printed() {
        for bad in ["", "a\nb", "a b", "とくめい"] {
            let error = Client::new(ChannelToken::from(bad)).unwrap_err();
            assert!(matches!(error, BuildError::Token), "{bad:?}");
        }
    }

    #[test]
    fn the_token_is_printed_nowhere() {
        let builder = Client::builder(ChannelToken::from("sekrit"));
        let printed = format!("{builder:?} {:?}", builder.clone().build().unwrap());
        assert!(!printed.contains("sekrit"), "{printed}");
    }
}
