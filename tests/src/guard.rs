//! No test ever reaches the hosts of LINE (R36).

use std::env;

use url::{Host, Url};

/// The address is not on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLoopback(String);

impl std::fmt::Display for NotLoopback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is not on this machine: tests talk to the emulator alone", self.0)
    }
}

impl std::error::Error for NotLoopback {}

/// The address, when it is on this machine.
///
/// # Errors
/// [`NotLoopback`]: everything else, also what cannot be read.
pub fn loopback(base: &str) -> Result<&str, NotLoopback> {
    let here = Url::parse(base).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    });
    if here { Ok(base) } else { Err(NotLoopback(base.to_owned())) }
}

/// Whether the environment, too, names no host but this one: a city's settings in the shell of a developer must not become
/// those of a test.
///
/// # Errors
/// [`NotLoopback`], with what is set.
pub fn no_real_line() -> Result<(), NotLoopback> {
    for name in ["LINE_API_BASE", "LINE_DATA_API_BASE"] {
        if let Ok(base) = env::var(name) {
            loopback(&base)?;
        }
    }
    Ok(())
}
