//! In which language somebody reads the console: as they chose, else as their browser asks, and Japanese when in doubt.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use tower_cookies::{Cookie, Cookies, cookie::SameSite, cookie::time::Duration};

use crate::{console::Settings, error::Problem};

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// English
    English,
}

/// The cookie that holds a choice: it is of this browser, before and after anybody signs in.
const COOKIE: &str = "lupinus_language";
/// How long a choice lasts.
const LASTS: Duration = Duration::days(365);

impl Language {
    /// As pages, cookies and forms name it.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// As those call it who read it.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::Japanese => "日本語",
            Self::English => "English",
        }
    }

    /// The one that is offered beside this one.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Japanese => Self::English,
            Self::English => Self::Japanese,
        }
    }

    /// The one with this [`tag`](Self::tag); `None` for what the console does not speak.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        [Self::Japanese, Self::English].into_iter().find(|language| language.tag() == tag)
    }

    /// The language of whoever asks.
    pub(crate) fn of(cookies: &Cookies, headers: &HeaderMap) -> Self {
        let chosen = cookies.get(COOKIE).and_then(|cookie| Self::from_tag(cookie.value()));
        chosen.unwrap_or_else(|| Self::asked(headers))
    }

    /// The language that a browser asks for.
    pub(crate) fn asked(headers: &HeaderMap) -> Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
        asked.and_then(accepted).unwrap_or_default()
    }

    /// Keeps it as the choice of this browser.
    pub(crate) fn keep(self, app: &Settings, cookies: &Cookies) {
        let path = if app.base.is_empty() { "/".to_owned() } else { app.base.clone() };
        let cookie = Cookie::build((COOKIE, self.tag()))
            .path(path)
            .max_age(LASTS)
            .http_only(true)
            .secure(app.https)
            .same_site(SameSite::Lax);
        cookies.add(cookie.build());
    }
}

/// What a browser would have most of what there is: `en-GB,ja;q=0.8`.
fn accepted(asked: &str) -> Option<Language> {
    let weighed = asked.split(',').filter_map(|part| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let language = Language::from_tag(tag.trim().split('-').next()?.to_ascii_lowercase().as_str())?;
        let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
        (weight > 0.0).then_some((language, weight))
    });
    // Of two that are alike the first counts.
    weighed.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(language, _)| language)
}

/// The gate puts it there.
impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_answered_in_what_it_would_have_most() {
        // R43
        for (asked, language) in [
            ("ja", Some(Language::Japanese)),
            ("en-US,en;q=0.9,ja;q=0.8", Some(Language::English)),
            ("ja,en-US;q=0.9,en;q=0.8", Some(Language::Japanese)),
            ("en;q=0.3, JA-JP;q=0.7", Some(Language::Japanese)),
            ("de-DE,de;q=0.9,en;q=0.5", Some(Language::English)),
            ("en;q=0", None),
            ("fr", None),
            ("*", None),
            ("", None),
            ("en;q=much", None),
        ] {
            assert_eq!(accepted(asked), language, "{asked}");
        }
    }
}
