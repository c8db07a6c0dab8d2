//! From where the console opens, where a city says so. Whoever comes from elsewhere gets one page, before anything of theirs is
//! looked at.

use std::{fmt, net::IpAddr, sync::LazyLock};

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{address::From, console::App, language::Language, shell, text::filters};

/// Networks that the console opens from, one at least.
///
/// ```
/// use lupinus_console::Networks;
/// let office = Networks::try_from(vec!["203.0.113.0/24".to_owned(), "2001:db8::/32".to_owned()])?;
/// assert!(office.contain("203.0.113.9".parse()?) && office.contain("::ffff:203.0.113.9".parse()?));
/// assert!(!office.contain("198.51.100.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Networks(Vec<IpNet>);

/// Why something is no list of networks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidNetworks {
    /// There is none in it.
    #[error("nobody could open the console: name a network, or leave it out to open it from everywhere")]
    Empty,
    /// Neither a network nor an address.
    #[error("{0:?} is no network: write it as 203.0.113.0/24 or 2001:db8::/32, or write one address")]
    Unreadable(String),
    /// An address with a prefix that does not reach its end: one machine was meant, or all around it.
    #[error(
        "{written:?} names an address within a network: write {network} for all of it, or the address alone"
    )]
    Within {
        /// As it was written.
        written: String,
        /// The network around it.
        network: String,
    },
}

fn network(written: &str) -> Result<IpNet, InvalidNetworks> {
    let written = written.trim();
    let parsed = written.parse().or_else(|_| written.parse().map(|address: IpAddr| address.into()));
    let network: IpNet = parsed.map_err(|_| InvalidNetworks::Unreadable(written.to_owned()))?;
    if network.trunc() != network {
        return Err(InvalidNetworks::Within {
            written: written.to_owned(),
            network: network.trunc().to_string(),
        });
    }
    // An address of IPv4 that is written as one of IPv6 is that address.
    let mapped = match network.addr().to_canonical() {
        IpAddr::V4(address) if network.addr().is_ipv6() => network
            .prefix_len()
            .checked_sub(96)
            .and_then(|prefix| Ipv4Net::new(address, prefix).ok().map(IpNet::V4)),
        _ => None,
    };
    Ok(mapped.unwrap_or(network))
}

impl TryFrom<Vec<String>> for Networks {
    type Error = InvalidNetworks;

    fn try_from(written: Vec<String>) -> Result<Self, InvalidNetworks> {
        if written.is_empty() {
            return Err(InvalidNetworks::Empty);
        }
        written.iter().map(|written| network(written)).collect::<Result<_, _>>().map(Self)
    }
}

impl Networks {
    /// Whether an address lies in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// With commas between them.
impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        f.write_str(&written.join(", "))
    }
}

/// The page has its style in itself: from elsewhere not even the style sheet opens.
const STYLE: &str = "body{max-width:34rem;margin:12vh auto;padding:0 1.25rem;font-family:system-ui,sans-serif;\
                     line-height:1.75}h1{font-size:1.5rem;line-height:1.4}.from{border-top:1px solid;padding-top:1rem}\
                     @media print{:root{color-scheme:light}}";

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

#[derive(Template)]
#[template(path = "elsewhere.html")]
struct ElsewherePage {
    style: &'static str,
    from: Option<String>,
}

/// Lets through whoever comes from one of the networks. Before sessions: whoever is turned away learns nothing of who is known here.
pub(crate) async fn door(State(app): State<App>, From(from): From, request: Request, next: Next) -> Response {
    let Some(networks) = &app.networks else { return next.run(request).await };
    let from = from.map(|from| from.to_canonical());
    if from.is_some_and(|from| networks.contain(from)) {
        return next.run(request).await;
    }
    metrics::counter!("lupinus_console_refused_total").increment(1);
    let language = Language::asked(request.headers());
    let page = ElsewherePage { style: STYLE, from: from.map(|from| from.to_string()) };
    let mut response = shell::page(language, StatusCode::FORBIDDEN, &page)
        .unwrap_or_else(|_| StatusCode::FORBIDDEN.into_response());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(written: &[&str]) -> Result<Networks, InvalidNetworks> {
        written.iter().map(|written| (*written).to_owned()).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn an_address_is_in_a_network_whichever_way_it_is_written() {
        let office = networks(&["203.0.113.0/25", "192.0.2.7", "2001:db8::/32", "::ffff:198.51.100.0/120"]);
        let office = office.unwrap();
        for (address, inside) in [
            ("203.0.113.0", true),
            ("203.0.113.127", true),
            ("203.0.113.128", false),
            ("::ffff:203.0.113.9", true),
            ("::203.0.113.9", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
            ("198.51.100.200", true),
            ("::ffff:198.51.100.200", true),
            ("198.51.101.1", false),
            ("127.0.0.1", false),
            ("::1", false),
        ] {
            assert_eq!(office.contain(address.parse().unwrap()), inside, "{address}");
        }
        assert_eq!(office.to_string(), "203.0.113.0/25, 192.0.2.7/32, 2001:db8::/32, 198.51.100.0/24");
        let (old, new) = (networks(&["0.0.0.0/0"]).unwrap(), networks(&["::/0"]).unwrap());
        let (four, six): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap());
        assert!(old.contain(four) && !old.contain(six) && new.contain(six) && !new.contain(four));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for (written, named) in [
            ("203.0.113", "\"203.0.113\" is no network"),
            ("203.0.113.0/33", "\"203.0.113.0/33\" is no network"),
            ("office.example.jp", "\"office.example.jp\" is no network"),
            ("", "\"\" is no network"),
            ("203.0.113.9/24", "write 203.0.113.0/24"),
            ("2001:db8::1/32", "write 2001:db8::/32"),
        ] {
            let error = networks(&["192.0.2.0/24", written]).unwrap_err().to_string();
            assert!(error.contains(named), "{written}: {error}");
        }
        assert_eq!(networks(&[]), Err(InvalidNetworks::Empty));
    }
}
