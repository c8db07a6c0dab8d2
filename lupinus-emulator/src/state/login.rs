//! LINE Login: who let the web see what, and the codes and tokens that came of it.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Expiring;
use crate::{clock::Millis, ids};

/// The life of a code: 10 minutes.
const CODE_LIFE_MS: i64 = 10 * 60 * 1_000;
/// The life of a user's access token: 30 days.
pub(crate) const ACCESS_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// The life of the access token an app in LINE gets: 12 hours.
pub(crate) const APP_LIFE_MS: i64 = 12 * 60 * 60 * 1_000;
/// The life of a refresh token, from the first access token on: 90 days.
const REFRESH_LIFE_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// The life of a link token: 10 minutes.
const LINK_LIFE_MS: i64 = 10 * 60 * 1_000;

/// What a person let a login see.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Grant {
    pub(crate) user_id: String,
    pub(crate) scopes: BTreeSet<String>,
    /// The chat from which a LIFF app was opened: the person's own id, or a group's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chat: Option<String>,
}

/// A code that can be exchanged once.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge (S256).
    pub(crate) challenge: Option<String>,
    /// When the person logged in, if the login asked for it by `max_age`.
    pub(crate) auth_time: Option<Millis>,
    pub(crate) issued_at: Millis,
}

impl Code {
    fn lives(&self, now: Millis) -> bool {
        now - self.issued_at <= CODE_LIFE_MS
    }
}

/// A user's access token.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UserToken {
    pub(crate) grant: Grant,
    pub(crate) expires_at: Millis,
}

/// A token that gets new access tokens.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RefreshToken {
    pub(crate) grant: Grant,
    pub(crate) expires_at: Millis,
}

/// A token that links a person of LINE with an account of the bot's own service.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LinkToken {
    pub(crate) user_id: String,
    pub(crate) issued_at: Millis,
}

impl LinkToken {
    fn lives(&self, now: Millis) -> bool {
        now - self.issued_at <= LINK_LIFE_MS
    }
}

/// Everything of LINE Login.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Login {
    codes: Expiring<Code>,
    pub(crate) tokens: Expiring<UserToken>,
    pub(crate) refresh_tokens: Expiring<RefreshToken>,
    pub(crate) granted: HashMap<String, BTreeSet<String>>,
    link_tokens: Expiring<LinkToken>,
    /// LIFF apps by their id.
    pub(crate) apps: IndexMap<String, Value>,
}

impl Login {
    /// A new code.
    pub(crate) fn issue_code(&mut self, code: Code) -> String {
        let (text, now) = (ids::hex32(), code.issued_at);
        self.codes.insert(text.clone(), code, |code| code.lives(now));
        text
    }

    /// Uses up a code, even if it has run out.
    pub(crate) fn take_code(&mut self, code: &str, now: Millis) -> Option<Code> {
        self.codes.remove(code).filter(|code| code.lives(now))
    }

    /// A new link token.
    pub(crate) fn issue_link(&mut self, user_id: String, now: Millis) -> String {
        let token = ids::hex32();
        let link = LinkToken { user_id, issued_at: now };
        self.link_tokens.insert(token.clone(), link, |link| link.lives(now));
        token
    }

    /// Uses up a link token, even if it has run out.
    pub(crate) fn take_link(&mut self, token: &str, now: Millis) -> Option<LinkToken> {
        self.link_tokens.remove(token).filter(|link| link.lives(now))
    }

    /// A new access token.
    pub(crate) fn issue(&mut self, grant: Grant, now: Millis, life: Millis) -> String {
        let token = format!("eyJhbGciOiJIUzI1NiJ9.{}{}.{}", ids::hex32(), ids::hex32(), ids::hex32());
        self.tokens.insert(token.clone(), UserToken { grant, expires_at: now + life }, |known| {
            now < known.expires_at
        });
        token
    }

    /// A new refresh token.
    pub(crate) fn issue_refresh(&mut self, grant: Grant, now: Millis) -> String {
        let token = ids::hex32();
        let refresh = RefreshToken { grant, expires_at: now + REFRESH_LIFE_MS };
        self.refresh_tokens.insert(token.clone(), refresh, |known| now < known.expires_at);
        token
    }

    /// Forgets an access or refresh token.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.tokens.remove(token);
        self.refresh_tokens.remove(token);
    }

    /// Forgets everything a person has granted.
    pub(crate) fn forget(&mut self, user_id: &str) {
        self.granted.remove(user_id);
        self.tokens.retain(|token| token.grant.user_id != user_id);
        self.refresh_tokens.retain(|token| token.grant.user_id != user_id);
    }
}
