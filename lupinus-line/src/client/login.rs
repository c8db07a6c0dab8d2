//! Logging users in, and acting for them.

use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, LinkToken, Profile, Request};
use crate::login::{
    Code, IdToken, IdTokenClaims, LinkNonce, LoginKeys, LoginRequest, Nonce, OpenIdConfiguration,
    PendingLogin, RedirectUri, RefreshedTokens, UserInfo, UserTokenError, UserTokens, VerifiedUserToken,
};
use crate::token::ChannelCredentials;
use crate::{ChannelId, ChannelSecret, RefreshToken, UserId, UserToken, endpoint};

/// LINE publishes no rates for these calls; too many are answered with 429. All but
/// [`deauthorise`](Client::deauthorise) can be made by a client [without token](Client::without_token).
impl Client {
    /// The address to send a user to, so that they log in.
    ///
    /// See [LINE docs/Integrating LINE Login with your web
    /// app](https://developers.line.biz/en/docs/line-login/integrate-line-login/#making-an-authorization-request).
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when the base address of the pages can take no path.
    ///
    /// ```
    /// use lupinus_line::login::{CodeVerifier, LoginRequest, Nonce, PendingLogin, RedirectUri, Scope, State};
    /// use lupinus_line::{ChannelId, Client};
    ///
    /// let redirect = RedirectUri::new("https://example.org/return")?;
    /// let request = LoginRequest::new(ChannelId::new("2009990001")?, redirect, [Scope::OpenId, Scope::Profile])?;
    /// let verifier = CodeVerifier::new("lupinus-offline-verifier-0123456789abcdefghi")?;
    /// let pending = PendingLogin::new(State::new("s-1")?, Nonce::new("n-1")?, verifier);
    /// assert_eq!(
    ///     Client::without_token()?.login_url(&request, &pending)?,
    ///     "https://access.line.me/oauth2/v2.1/authorize?response_type=code&client_id=2009990001\
    ///      &redirect_uri=https%3A%2F%2Fexample.org%2Freturn&state=s-1&scope=openid%20profile&nonce=n-1\
    ///      &code_challenge=i6W6lup9yjMbWGbR-fXjgRMuW_jEXl2r3Tb0mKDgk7Y&code_challenge_method=S256",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn login_url(&self, login: &LoginRequest, pending: &PendingLogin) -> Result<String, ApiError> {
        let parameters = login.parameters(pending).into_iter();
        let page =
            parameters.fold(Request::new(endpoint::AUTHORISE), |page, (name, value)| page.query(name, value));
        self.page(&page)
    }

    /// The address to send a user to, so that they link their account of LINE with the one of another service in which they
    /// have just logged in. LINE lets only the user go on for whom the [token](Client::issue_link_token) was issued, and
    /// then sends an [event](crate::webhook::AccountLink) with the nonce. Say there how the link can be undone: LINE
    /// demands it.
    ///
    /// See [LINE docs/User account linking](https://developers.line.biz/en/docs/messaging-api/linking-accounts/).
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when the base address of the pages can take no path.
    pub fn account_link_url(&self, token: &LinkToken, nonce: &LinkNonce) -> Result<String, ApiError> {
        let page = Request::new(endpoint::ACCOUNT_LINK);
        self.page(&page.query("linkToken", token.as_str()).query("nonce", nonce.as_str()))
    }

    /// A page for browsers. In queries a space is written `%20`, as on LINE's pages, and not `+`.
    fn page(&self, page: &Request) -> Result<String, ApiError> {
        let mut url = page.url(&self.inner.access)?;
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        Ok(url.into())
    }

    /// Exchanges the code of a login for tokens. Once: a code is spent even by an exchange that fails.
    ///
    /// See [LINE reference/Issue access
    /// token](https://developers.line.biz/en/reference/line-login/#issue-access-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when the code is spent, ten minutes old or not from this login, or any other.
    pub async fn exchange_code(
        &self,
        channel: &ChannelCredentials,
        code: &Code,
        redirect: &RedirectUri,
        pending: &PendingLogin,
    ) -> Result<Answer<UserTokens>, ApiError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect.as_str()),
            ("client_id", channel.channel().as_str()),
            ("client_secret", channel.secret().expose()),
            ("code_verifier", pending.verifier().as_str()),
        ];
        self.fetch(Request::new(endpoint::LOGIN_TOKEN).form(&form)).await
    }

    /// A new access token for a user. The secret is needed by channels that are for the web alone.
    ///
    /// See [LINE reference/Refresh access
    /// token](https://developers.line.biz/en/reference/line-login/#refresh-access-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the [word](super::ErrorAnswer::code) `invalid_grant` when the refresh token has ended: the
    /// user must log in again. Or any other.
    pub async fn refresh_user_token(
        &self,
        channel: &ChannelId,
        secret: Option<&ChannelSecret>,
        token: &RefreshToken,
    ) -> Result<Answer<RefreshedTokens>, ApiError> {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose()),
            ("client_id", channel.as_str()),
        ];
        form.extend(secret.map(|secret| ("client_secret", secret.expose())));
        self.fetch(Request::new(endpoint::LOGIN_TOKEN).form(&form)).await
    }

    /// What a user's access token is, if it is valid and was issued for this channel. Always ask before believing a token
    /// that a page or an app has sent: any other app could have got it from the user.
    ///
    /// See [LINE reference/Verify access token
    /// validity](https://developers.line.biz/en/reference/line-login/#verify-access-token).
    ///
    /// # Errors
    /// [`UserTokenError`].
    pub async fn verify_user_token(
        &self,
        channel: &ChannelId,
        token: &UserToken,
    ) -> Result<Answer<VerifiedUserToken>, UserTokenError> {
        let request = Request::new(endpoint::VERIFY_USER_TOKEN).query("access_token", token.expose());
        let Answer { value, request_id } =
            self.fetch::<VerifiedUserToken>(request).await.map_err(UserTokenError::Api)?;
        Ok(Answer { value: value.judge(channel)?, request_id })
    }

    /// Revokes a user's access token, as when they log out. The secret is needed by channels that are for the web alone.
    ///
    /// See [LINE reference/Revoke access
    /// token](https://developers.line.biz/en/reference/line-login/#revoke-access-token).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn revoke_user_token(
        &self,
        channel: &ChannelId,
        secret: Option<&ChannelSecret>,
        token: &UserToken,
    ) -> Result<Answer<()>, ApiError> {
        let mut form = vec![("access_token", token.expose()), ("client_id", channel.as_str())];
        form.extend(secret.map(|secret| ("client_secret", secret.expose())));
        self.call(Request::new(endpoint::REVOKE_USER_TOKEN).form(&form)).await
    }

    /// Takes back all that a user allowed the channel. A duty when a user leaves the service; the client's own channel
    /// access token must be one of the **Login** channel, stateless or v2.1.
    ///
    /// See [LINE reference/Deauthorize your
    /// app](https://developers.line.biz/en/reference/line-login/#deauthorize-your-app-to-which-the-user-has-granted-permissions).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when the user's token is not valid, also because it was done already; or any other.
    pub async fn deauthorise(&self, token: &UserToken) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            user_access_token: &'a str,
        }
        let body = Body { user_access_token: token.expose() };
        self.call(Request::new(endpoint::DEAUTHORISE).json(&body)).await
    }

    /// Lets LINE check an ID token. [`IdTokenVerifier`](crate::login::IdTokenVerifier) does it without a call.
    ///
    /// See [LINE reference/Verify ID
    /// token](https://developers.line.biz/en/reference/line-login/#verify-id-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when it is not to be believed, or any other.
    pub async fn verify_id_token(
        &self,
        channel: &ChannelId,
        token: &IdToken,
        nonce: Option<&Nonce>,
        user: Option<&UserId>,
    ) -> Result<Answer<IdTokenClaims>, ApiError> {
        let mut form = vec![("id_token", token.expose()), ("client_id", channel.as_str())];
        form.extend(nonce.map(|nonce| ("nonce", nonce.as_str())));
        form.extend(user.map(|user| ("user_id", user.as_str())));
        self.fetch(Request::new(endpoint::VERIFY_ID_TOKEN).form(&form)).await
    }

    /// The public keys with which LINE signs ID tokens of apps.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn login_keys(&self) -> Result<Answer<LoginKeys>, ApiError> {
        self.fetch(Request::new(endpoint::CERTS)).await
    }

    /// What LINE Login says of itself.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn openid_configuration(&self) -> Result<Answer<OpenIdConfiguration>, ApiError> {
        self.fetch(Request::new(endpoint::OPENID_CONFIGURATION)).await
    }

    /// Id, name and picture of a user. Needs the scope `openid`.
    ///
    /// See [LINE reference/Get user
    /// information](https://developers.line.biz/en/reference/line-login/#userinfo).
    ///
    /// # Errors
    /// [`ApiError::Unauthorised`] when the user's token is not valid, or any other.
    pub async fn user_info(&self, token: &UserToken) -> Result<Answer<UserInfo>, ApiError> {
        self.fetch(Request::new(endpoint::USER_INFO).bearer(token)).await
    }

    /// The profile of a user. Needs the scope `profile`.
    ///
    /// See [LINE reference/Get user
    /// profile](https://developers.line.biz/en/reference/line-login/#get-user-profile).
    ///
    /// # Errors
    /// [`ApiError::Unauthorised`] when the user's token is not valid, or any other.
    pub async fn user_profile(&self, token: &UserToken) -> Result<Answer<Profile>, ApiError> {
        self.fetch(Request::new(endpoint::USER_PROFILE).bearer(token)).await
    }

    /// Whether a user is a friend of the account that is linked with the channel. Needs the scope `profile`.
    ///
    /// See [LINE reference/Get friendship
    /// status](https://developers.line.biz/en/reference/line-login/#get-friendship-status).
    ///
    /// # Errors
    /// [`ApiError::Unauthorised`] when the user's token is not valid, or any other.
    pub async fn friendship(&self, token: &UserToken) -> Result<Answer<bool>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            friend_flag: bool,
        }
        let request = Request::new(endpoint::FRIENDSHIP).bearer(token);
        Ok(self.fetch::<Body>(request).await?.map(|body| body.friend_flag))
    }
}
