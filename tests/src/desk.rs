//! One of the staff at a browser: cookies, forms, pages.

use std::{collections::BTreeMap, sync::Mutex};

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
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            location: response
                .headers()
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            html: response.text().await.unwrap(),
        }
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
        let form = desk.get("/sign-in").await;
        assert_eq!(form.status, 200, "{}", form.html);
        desk.csrf = csrf_in(&form.html);
        let page = desk.post("/sign-in", &[("login", login), ("password", PASSWORD), ("next", "/")]).await;
        assert_eq!(page.status, 303, "{login} is not let in: {}", page.html);
        desk.csrf = csrf_in(&desk.get("/account").await.html);
        desk
    }

    /// A browser in which nobody is signed in.
    pub fn opened(city: &City) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().tls_certs_only([]);
        Self {
            http: http.build().unwrap(),
            base: format!("{}/console", guard::loopback(&city.url).unwrap()),
            cookies: Mutex::default(),
            csrf: String::new(),
        }
    }

    /// Opens a page of the console, `path` beginning with a slash.
    pub async fn get(&self, path: &str) -> Page {
        self.go(self.http.get(format!("{}{path}", self.base))).await
    }

    /// Sends a form with the token of the session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
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

    async fn go(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
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
