//! An authenticator on somebody's phone.

use lupinus_core::service::Centre;
use totp_rs::{Builder, Secret};

use super::Page;

/// What an authenticator shows.
pub(crate) struct Authenticator(String);

impl Authenticator {
    /// One that has read the page's key.
    pub(crate) fn scanning(page: &Page) -> Self {
        let at = page.text.find("class=\"mono\">").unwrap() + 13;
        let key = page.text[at..].split('<').next().unwrap();
        Self(key.replace(' ', ""))
    }

    pub(crate) fn key(&self) -> &str {
        &self.0
    }

    pub(crate) fn code(&self, centre: &Centre) -> String {
        let secret = Secret::try_from_base32(&self.0).unwrap();
        let totp = Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
        let now = u64::try_from(centre.now().as_second()).unwrap();
        totp.generate(now).to_string()
    }
}
