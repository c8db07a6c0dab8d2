//! Channel access tokens and the keys that ask for them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{clock::Millis, ids, jwt::RsaPublicKey};

/// How many tokens with a life of one's choice, and how many short-lived ones, a channel may have.
pub(crate) const MAX_TOKENS: usize = 30;

/// Which of the two channels something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Channel {
    /// The account's own.
    Account,
    /// LINE Login's.
    Login,
}

/// The kinds of tokens that can be issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TokenKind {
    ShortLived,
    /// With a life of one's choice (v2.1); named by its key id.
    Chosen(String),
    Stateless,
}

impl TokenKind {
    fn is_chosen(&self) -> bool {
        matches!(self, Self::Chosen(_))
    }
}

/// One issued token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChannelToken {
    pub(crate) kind: TokenKind,
    pub(crate) channel: Channel,
    pub(crate) expires_at: Millis,
}

/// A public key that assertions are checked with.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AssertionKey {
    pub(crate) channel: Channel,
    pub(crate) key: RsaPublicKey,
}

/// All issued tokens, oldest first, and all registered keys.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ChannelTokens {
    issued: IndexMap<String, ChannelToken>,
    /// Whether the long-lived token, which the platform started with, has been revoked.
    pub(crate) long_lived_revoked: bool,
    pub(crate) keys: IndexMap<String, AssertionKey>,
}

/// The channel has as many tokens as it may have.
pub(crate) struct TooMany;

impl ChannelTokens {
    /// Issues a token. Too many short-lived ones push the oldest out; too many of a chosen life are refused.
    pub(crate) fn issue(&mut self, token: ChannelToken, now: Millis) -> Result<String, TooMany> {
        let alike: Vec<String> = self
            .issued
            .iter()
            .filter(|(_, known)| {
                known.channel == token.channel
                    && now < known.expires_at
                    && (known.kind == token.kind || (known.kind.is_chosen() && token.kind.is_chosen()))
            })
            .map(|(known, _)| known.clone())
            .collect();
        if alike.len() >= MAX_TOKENS {
            match (&token.kind, alike.first()) {
                (TokenKind::Chosen(_), _) => return Err(TooMany),
                (TokenKind::ShortLived, Some(oldest)) => drop(self.issued.shift_remove(oldest)),
                _ => {}
            }
        }
        self.issued.retain(|_, known| now < known.expires_at.saturating_add(DAY_MS));
        let text = match token.kind {
            TokenKind::ShortLived => format!("{}{}=", ids::hex32(), ids::hex32()),
            // These look like signed tokens at LINE; what is in them is nobody's business.
            TokenKind::Chosen(_) | TokenKind::Stateless => {
                format!("eyJhbGciOiJIUzI1NiJ9.{}{}.{}", ids::hex32(), ids::hex32(), ids::hex32())
            }
        };
        self.issued.insert(text.clone(), token);
        Ok(text)
    }

    /// A token that was issued and not revoked; it may have run out a short while ago.
    pub(crate) fn find(&self, token: &str) -> Option<&ChannelToken> {
        self.issued.get(token)
    }

    /// The channel a token lets its bearer speak for.
    pub(crate) fn channel(&self, token: &str, now: Millis) -> Option<Channel> {
        self.issued.get(token).filter(|known| now < known.expires_at).map(|known| known.channel)
    }

    /// Forgets a token.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.issued.shift_remove(token);
    }

    /// The key ids of the valid tokens of a chosen life.
    pub(crate) fn key_ids(&self, channel: Channel, now: Millis) -> Vec<&str> {
        let valid = self.issued.values().filter(|known| known.channel == channel && now < known.expires_at);
        let ids = valid.filter_map(|known| match &known.kind {
            TokenKind::Chosen(key_id) => Some(key_id.as_str()),
            _ => None,
        });
        ids.collect()
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
