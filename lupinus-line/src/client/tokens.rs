//! Issuing, checking and revoking channel access tokens.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Answer, ApiError, Client, Request};
use crate::token::{ChannelCredentials, Credentials, IssuedToken, Signer, TokenLife, VerifiedToken};
use crate::{ChannelToken, TokenKeyId, endpoint};

/// What the calls ask for: to act as the channel itself.
const GRANT: (&str, &str) = ("grant_type", "client_credentials");
/// What kind of assertion a channel shows ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)).
const ASSERTION_TYPE: (&str, &str) =
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

/// Each call carries its own credentials, so that a client [without token](Client::without_token) can make it. LINE answers
/// wrong credentials with 400 and a [word](super::ErrorAnswer::code) such as `invalid_client`.
impl Client {
    /// Issues a stateless token: 15 minutes, without limit of number, not to be revoked. 2,000 a second.
    ///
    /// See [LINE reference/Issue stateless channel access
    /// token](https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] for wrong credentials, or any other.
    pub async fn issue_stateless_token(
        &self,
        credentials: &Credentials,
    ) -> Result<Answer<IssuedToken>, ApiError> {
        let request = Request::new(endpoint::ISSUE_STATELESS_TOKEN);
        let request = match credentials {
            Credentials::Secret(credentials) => by_secret(request, credentials),
            Credentials::Assertion(signer) => by_assertion(request, &assertion(signer, None)?),
        };
        self.fetch(request).await
    }

    /// Issues a short-lived token: 30 days. At most 30 are valid; one more revokes the oldest. 370 a second.
    ///
    /// See [LINE reference/Issue short-lived channel access
    /// token](https://developers.line.biz/en/reference/messaging-api/#issue-shortlived-channel-access-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] for wrong credentials, or any other. After an [`ApiError::Ambiguous`] a token may have been
    /// issued that nobody has.
    pub async fn issue_short_lived_token(
        &self,
        credentials: &ChannelCredentials,
    ) -> Result<Answer<IssuedToken>, ApiError> {
        self.fetch(by_secret(Request::new(endpoint::ISSUE_TOKEN), credentials)).await
    }

    /// Issues a token v2.1. At most 30 are valid; LINE refuses one more. 2,000 a second.
    ///
    /// See [LINE reference/Issue channel access token
    /// v2.1](https://developers.line.biz/en/reference/messaging-api/#issue-channel-access-token-v2-1).
    ///
    /// # Errors
    /// As for [`issue_short_lived_token`](Self::issue_short_lived_token); [`ApiError::Refused`] also when there are 30.
    pub async fn issue_token_v2_1(
        &self,
        signer: &Signer,
        life: TokenLife,
    ) -> Result<Answer<IssuedToken>, ApiError> {
        let assertion = assertion(signer, Some(life))?;
        self.fetch(by_assertion(Request::new(endpoint::ISSUE_TOKEN_BY_JWT), &assertion)).await
    }

    /// What a token v2.1 is. 2,000 a second.
    ///
    /// See [LINE reference/Verify channel access token
    /// v2.1](https://developers.line.biz/en/reference/messaging-api/#verify-channel-access-token-v2-1).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when it is not valid, or any other.
    pub async fn verify_token_v2_1(&self, token: &ChannelToken) -> Result<Answer<VerifiedToken>, ApiError> {
        self.fetch(Request::new(endpoint::VERIFY_TOKEN_BY_JWT).query("access_token", token.expose())).await
    }

    /// What a short-lived or long-lived token is. 2,000 a second.
    ///
    /// See [LINE reference/Verify channel access
    /// token](https://developers.line.biz/en/reference/messaging-api/#verify-channel-access-token).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when it is not valid, or any other.
    pub async fn verify_token(&self, token: &ChannelToken) -> Result<Answer<VerifiedToken>, ApiError> {
        self.fetch(Request::new(endpoint::VERIFY_TOKEN).form(&[("access_token", token.expose())])).await
    }

    /// The names of all tokens v2.1 that are valid. 2,000 a second.
    ///
    /// See [LINE reference/Get all valid channel access token key IDs
    /// v2.1](https://developers.line.biz/en/reference/messaging-api/#get-all-valid-channel-access-token-key-ids-v2-1).
    ///
    /// # Errors
    /// [`ApiError::Refused`] for wrong credentials, or any other.
    pub async fn token_key_ids_v2_1(&self, signer: &Signer) -> Result<Answer<Vec<TokenKeyId>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            kids: Vec<TokenKeyId>,
        }
        let assertion = assertion(signer, None)?;
        let request = Request::new(endpoint::TOKEN_KEY_IDS)
            .query(ASSERTION_TYPE.0, ASSERTION_TYPE.1)
            .query("client_assertion", assertion);
        Ok(self.fetch::<Body>(request).await?.map(|body| body.kids))
    }

    /// Revokes a token v2.1. A success also for one that LINE does not know. 2,000 a second.
    ///
    /// See [LINE reference/Revoke channel access token
    /// v2.1](https://developers.line.biz/en/reference/messaging-api/#revoke-channel-access-token-v2-1).
    ///
    /// # Errors
    /// [`ApiError::Refused`] for wrong credentials, or any other.
    pub async fn revoke_token_v2_1(
        &self,
        credentials: &ChannelCredentials,
        token: &ChannelToken,
    ) -> Result<Answer<()>, ApiError> {
        let form = [
            ("client_id", credentials.channel().as_str()),
            ("client_secret", credentials.secret().expose()),
            ("access_token", token.expose()),
        ];
        self.call(Request::new(endpoint::REVOKE_TOKEN_BY_JWT).form(&form)).await
    }

    /// Revokes a short-lived or long-lived token. A success also for one that LINE does not know. 2,000 a second.
    ///
    /// See [LINE reference/Revoke channel access
    /// token](https://developers.line.biz/en/reference/messaging-api/#revoke-longlived-or-shortlived-channel-access-token).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn revoke_token(&self, token: &ChannelToken) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::REVOKE_TOKEN).form(&[("access_token", token.expose())])).await
    }
}

fn assertion(signer: &Signer, life: Option<TokenLife>) -> Result<String, ApiError> {
    signer
        .assertion(Timestamp::now(), life)
        .ok_or(ApiError::Invalid("the assertion signing key does not sign"))
}

fn by_assertion(request: Request, assertion: &str) -> Request {
    request.form(&[GRANT, ASSERTION_TYPE, ("client_assertion", assertion)])
}

fn by_secret(request: Request, credentials: &ChannelCredentials) -> Request {
    request.form(&[
        GRANT,
        ("client_id", credentials.channel().as_str()),
        ("client_secret", credentials.secret().expose()),
    ])
}
