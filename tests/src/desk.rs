//! One of the staff at a browser: cookies, forms, pages.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use lupinus_core::staff::PasswordHash;
use reqwest::{Client, Response, header, redirect};
use tokio::sync::OnceCell;

use crate::{City, guard};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Hashed once for all: hashing is slow on purpose.
static HASHED: OnceCell<PasswordHash> = OnceCell::const_new();

pub(crate) async fn password_hash() -> PasswordHash {
    HASHED.get_or_init(async || lupinus_console::hash_password(PASSWORD).await.unwrap()).await.clone()
}

/// A page as the browser got it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// Where it leads to.
    pub location: Option<String>,
    /// What it shows.
    pub html: String,
}

impl Page {
    async fn of(response: Response) -> reqwest::Result<Self> {
        Ok(Self {
            status: response.status().as_u16(),
            location: response
                .headers()
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            html: response.text().await?,
        })
    }

    /// Whether it shows this.
    pub fn shows(&self, words: &str) -> bool {
        self.html.contains(words)
    }
}

/// A browser with the console open, signed in.
#[derive(Debug)]
pub struct Desk {
    http: Client,
    base: String,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: String,
}

impl Desk {
    /// Opens a browser and signs in, through the form.
    ///
    /// # Panics
    /// When that fails.
    pub async fn sign_in(city: &City, login: &str) -> Self {
        let mut desk = Self::opened(city);
        let page = desk.signs_in(login).await.unwrap();
        assert_eq!(page.status, 303, "{login} is not let in: {}", page.html);
        desk
    }

    /// A browser in which nobody is signed in.
    pub fn opened(city: &City) -> Self {
        Self::at(&city.url)
    }

    /// A browser in which nobody is signed in, at the console of a bot at this address.
    pub fn at(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().tls_certs_only([]);
        Self {
            http: http.timeout(Duration::from_secs(10)).build().unwrap(),
            base: format!("{}/console", guard::loopback(url).unwrap()),
            cookies: Mutex::default(),
            csrf: String::new(),
        }
    }

    /// Signs in, through the form; says what came of it.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn signs_in(&mut self, login: &str) -> reqwest::Result<Page> {
        self.cookies.lock().unwrap().clear();
        let form = self.go(self.http.get(format!("{}/sign-in", self.base))).await?;
        self.csrf = csrf_in(&form.html);
        let page = self.sends("/sign-in", &[("login", login), ("password", PASSWORD), ("next", "/")]).await?;
        if page.status == 303 {
            let account = self.go(self.http.get(format!("{}/account", self.base))).await?;
            self.csrf = csrf_in(&account.html);
        }
        Ok(page)
    }

    /// Opens a page of the console, `path` beginning with a slash.
    pub async fn get(&self, path: &str) -> Page {
        self.go(self.http.get(format!("{}{path}", self.base))).await.unwrap()
    }

    /// Sends a form with the token of the session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.sends(path, fields).await.unwrap()
    }

    /// Sends a form with the token of the session where the connection may break.
    ///
    /// # Errors
    /// When it does: nobody knows whether it was carried out.
    pub async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Page> {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        self.go(self.http.post(format!("{}{path}", self.base)).form(&fields)).await
    }

    /// Sends a form that must succeed.
    ///
    /// # Panics
    /// When it does not.
    pub async fn does(&self, path: &str, fields: &[(&str, &str)]) {
        let page = self.post(path, fields).await;
        assert_eq!(page.status, 303, "{path}: {}", page.html);
    }

    async fn go(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Page> {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(header::COOKIE, cookies.join("; ")).send().await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
        }
        Page::of(response).await
    }
}

/// The token in a page's form; empty when there is none.
pub fn csrf_in(html: &str) -> String {
    let after = html.split_once("name=\"csrf\" value=\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default().to_owned()
}
