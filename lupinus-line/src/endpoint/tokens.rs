//! Channel access tokens.

super::endpoints! {
    /// Issues a stateless token.
    ISSUE_STATELESS_TOKEN = POST Api "/oauth2/v3/token", 2_000 per SECOND, retry = repeatable, by Credentials;
    /// Issues a token of a life of one's own choice.
    ISSUE_TOKEN_BY_JWT = POST Api "/oauth2/v2.1/token", 2_000 per SECOND, by Credentials;
    /// Checks such a token.
    VERIFY_TOKEN_BY_JWT = GET Api "/oauth2/v2.1/verify", 2_000 per SECOND, by Credentials;
    /// The key ids of all such tokens that are valid.
    TOKEN_KEY_IDS = GET Api "/oauth2/v2.1/tokens/kid", 2_000 per SECOND, by Credentials;
    /// Revokes such a token.
    REVOKE_TOKEN_BY_JWT = POST Api "/oauth2/v2.1/revoke", 2_000 per SECOND, retry = repeatable, by Credentials;
    /// Issues a short-lived token.
    ISSUE_TOKEN = POST Api "/v2/oauth/accessToken", 370 per SECOND, by Credentials;
    /// Checks a short-lived or long-lived token.
    VERIFY_TOKEN = POST Api "/v2/oauth/verify", 2_000 per SECOND, retry = repeatable, by Credentials;
    /// Revokes a short-lived or long-lived token.
    REVOKE_TOKEN = POST Api "/v2/oauth/revoke", 2_000 per SECOND, retry = repeatable, by Credentials;
}
