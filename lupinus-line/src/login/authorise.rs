//! Where a user is sent to log in.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::PendingLogin;
use crate::ChannelId;
use crate::open::open_enum;

open_enum! {
    /// What an app may do for a user who logs in
    /// ([source](https://developers.line.biz/en/docs/line-login/integrate-line-login/#scopes)).
    Scope {
        /// Read the profile: id, name, picture, status message.
        Profile = "profile",
        /// Get an ID token.
        OpenId = "openid",
        /// Get the e-mail address, in the ID token. Needs [`OpenId`](Self::OpenId), and LINE's permission for the channel.
        Email = "email",
    }
}

/// Where LINE sends a user back to: an absolute `http` or `https` address without fragment, of at most 2,000 bytes. It must
/// be registered for the channel; a query of one's own may be added. The same one goes with the code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// A text that can be no [`RedirectUri`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable redirect address")]
pub struct InvalidRedirectUri;

/// Longest [`RedirectUri`] that is accepted, in bytes. LINE states no bound.
const MAX_REDIRECT_URI: usize = 2_000;

impl RedirectUri {
    /// Checks and wraps an address. It is sent as it is written here: LINE compares it with what is registered.
    ///
    /// # Errors
    /// [`InvalidRedirectUri`].
    pub fn new(address: impl Into<String>) -> Result<Self, InvalidRedirectUri> {
        let address = address.into();
        let url = Url::parse(&address).map_err(|_| InvalidRedirectUri)?;
        let usable = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && address.len() <= MAX_REDIRECT_URI
            && address.bytes().all(|byte| byte.is_ascii_graphic());
        if usable { Ok(Self(address)) } else { Err(InvalidRedirectUri) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = InvalidRedirectUri;

    fn try_from(address: String) -> Result<Self, InvalidRedirectUri> {
        Self::new(address)
    }
}

impl From<RedirectUri> for String {
    fn from(address: RedirectUri) -> Self {
        address.0
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectUri(…)")
    }
}

/// What a user is asked although they were asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// For their consent.
    Consent,
    /// To log in.
    Login,
    /// Nothing: who is not logged in, or has not consented, comes back with
    /// [`LoginRequired`](super::LoginErrorCode::LoginRequired) or
    /// [`InteractionRequired`](super::LoginErrorCode::InteractionRequired).
    None,
}

/// How adding the linked account as a friend is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BotPrompt {
    /// As an option of the consent page.
    Normal,
    /// On a page of its own, after the consent.
    Aggressive,
}

/// How the answer comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMode {
    /// As the query of a GET, which is usual.
    Query,
    /// As the form of a POST from another site: the session's cookie must be `SameSite=None` to come along.
    FormPost,
    /// As a signed text in the query, see
    /// [`IdTokenVerifier::read_signed_return`](super::IdTokenVerifier::read_signed_return).
    QueryJwt,
    /// As a signed text in a form.
    FormPostJwt,
    /// As a signed text, in the query for a code.
    Jwt,
}

/// Why a login cannot be asked for like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidLoginRequest {
    /// No scope was named.
    #[error("a login needs at least one scope")]
    NoScope,
    /// A scope is empty, or holds a space or anything else that no scope holds.
    #[error("a scope is not usable")]
    Scope,
    /// `email` without `openid`.
    #[error("the scope email needs the scope openid")]
    EmailWithoutOpenId,
    /// A language that is no language tag.
    #[error("a language is not a language tag")]
    Language,
}

/// What a login asks for; [`Client::login_url`](crate::Client::login_url) makes the address. State, nonce and PKCE are always
/// part of it: they come from the [`PendingLogin`].
///
/// See [LINE docs/Integrating LINE Login with your web
/// app](https://developers.line.biz/en/docs/line-login/integrate-line-login/#making-an-authorization-request).
#[derive(Clone, Debug)]
pub struct LoginRequest {
    channel: ChannelId,
    redirect: RedirectUri,
    scopes: Vec<Scope>,
    prompt: Option<Prompt>,
    max_age: Option<Duration>,
    languages: Vec<String>,
    bot_prompt: Option<BotPrompt>,
    qr_code_first: bool,
    fixed_method: bool,
    no_auto_login: bool,
    no_ios_auto_login: bool,
    response_mode: Option<ResponseMode>,
}

impl LoginRequest {
    /// A login to this channel, which is one of LINE Login.
    ///
    /// # Errors
    /// [`InvalidLoginRequest`].
    pub fn new(
        channel: ChannelId,
        redirect: RedirectUri,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Result<Self, InvalidLoginRequest> {
        let mut wanted = Vec::new();
        for scope in scopes {
            let scope = Scope::from(scope.as_str().to_owned());
            if scope.as_str().is_empty() || !scope.as_str().bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(InvalidLoginRequest::Scope);
            }
            if !wanted.contains(&scope) {
                wanted.push(scope);
            }
        }
        if wanted.is_empty() {
            return Err(InvalidLoginRequest::NoScope);
        }
        if wanted.contains(&Scope::Email) && !wanted.contains(&Scope::OpenId) {
            return Err(InvalidLoginRequest::EmailWithoutOpenId);
        }
        Ok(Self {
            channel,
            redirect,
            scopes: wanted,
            prompt: None,
            max_age: None,
            languages: Vec::new(),
            bot_prompt: None,
            qr_code_first: false,
            fixed_method: false,
            no_auto_login: false,
            no_ios_auto_login: false,
            response_mode: None,
        })
    }

    /// Asks the user although they were asked before (`prompt`).
    pub const fn prompt(mut self, prompt: Prompt) -> Self {
        self.prompt = Some(prompt);
        self
    }

    /// How long ago the user may have logged in, in whole seconds (`max_age`). The ID token then says when it was: check it
    /// with [`Expected::max_age`](super::Expected::max_age).
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// The languages of the pages, the preferred first, as BCP 47 tags such as `ja` or `zh-TW` (`ui_locales`).
    ///
    /// # Errors
    /// [`InvalidLoginRequest::Language`].
    pub fn languages<T: Into<String>>(
        mut self,
        languages: impl IntoIterator<Item = T>,
    ) -> Result<Self, InvalidLoginRequest> {
        self.languages = languages.into_iter().map(Into::into).collect();
        let tag = |tag: &String| {
            (1..=35).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if self.languages.iter().all(tag) { Ok(self) } else { Err(InvalidLoginRequest::Language) }
    }

    /// Offers to add the linked account as a friend (`bot_prompt`).
    pub const fn bot_prompt(mut self, prompt: BotPrompt) -> Self {
        self.bot_prompt = Some(prompt);
        self
    }

    /// Shows the login by QR code first (`initial_amr_display=lineqr`).
    pub const fn qr_code_first(mut self) -> Self {
        self.qr_code_first = true;
        self
    }

    /// Hides the buttons for other ways to log in (`switch_amr=false`).
    pub const fn without_other_methods(mut self) -> Self {
        self.fixed_method = true;
        self
    }

    /// Lets nobody be logged in without being asked (`disable_auto_login=true`).
    pub const fn without_auto_login(mut self) -> Self {
        self.no_auto_login = true;
        self
    }

    /// The same on iOS only (`disable_ios_auto_login=true`).
    pub const fn without_ios_auto_login(mut self) -> Self {
        self.no_ios_auto_login = true;
        self
    }

    /// How the answer comes back (`response_mode`).
    pub const fn response_mode(mut self, mode: ResponseMode) -> Self {
        self.response_mode = Some(mode);
        self
    }

    /// The parameters of the address, those that were not set left out.
    pub(crate) fn parameters(&self, pending: &PendingLogin) -> Vec<(&'static str, String)> {
        let scopes: Vec<_> = self.scopes.iter().map(Scope::as_str).collect();
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.channel.as_str().to_owned()),
            ("redirect_uri", self.redirect.as_str().to_owned()),
            ("state", pending.state().as_str().to_owned()),
            ("scope", scopes.join(" ")),
            ("nonce", pending.nonce().as_str().to_owned()),
            ("code_challenge", pending.verifier().challenge()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        let optional = [
            ("prompt", self.prompt.map(prompt_word).map(str::to_owned)),
            ("max_age", self.max_age.map(|age| age.as_secs().to_string())),
            ("ui_locales", (!self.languages.is_empty()).then(|| self.languages.join(" "))),
            ("bot_prompt", self.bot_prompt.map(bot_prompt_word).map(str::to_owned)),
            ("initial_amr_display", self.qr_code_first.then(|| "lineqr".to_owned())),
            ("switch_amr", self.fixed_method.then(|| "false".to_owned())),
            ("disable_auto_login", self.no_auto_login.then(|| "true".to_owned())),
            ("disable_ios_auto_login", self.no_ios_auto_login.then(|| "true".to_owned())),
            ("response_mode", self.response_mode.map(response_mode_word).map(str::to_owned)),
        ];
        parameters.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        parameters
    }
}

const fn prompt_word(prompt: Prompt) -> &'static str {
    match prompt {
        Prompt::Consent => "consent",
        Prompt::Login => "login",
        Prompt::None => "none",
    }
}

const fn bot_prompt_word(prompt: BotPrompt) -> &'static str {
    match prompt {
        BotPrompt::Normal => "normal",
        BotPrompt::Aggressive => "aggressive",
    }
}

const fn response_mode_word(mode: ResponseMode) -> &'static str {
    match mode {
        ResponseMode::Query => "query",
        ResponseMode::FormPost => "form_post",
        ResponseMode::QueryJwt => "query.jwt",
        ResponseMode::FormPostJwt => "form_post.jwt",
        ResponseMode::Jwt => "jwt",
    }
}
