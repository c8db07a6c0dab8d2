//! LINE Login and LIFF. LINE publishes no rates for these.

super::endpoints! {
    /// The page on which a user signs in.
    AUTHORISE = GET Access "/oauth2/v2.1/authorize", by Credentials;
    /// The OpenID Connect discovery document.
    OPENID_CONFIGURATION = GET Access "/.well-known/openid-configuration", by Credentials;
    /// The page on which a user links accounts.
    ACCOUNT_LINK = GET Access "/dialog/bot/accountLink", by Credentials;
    /// Exchanges a code or a refresh token for tokens of a user.
    LOGIN_TOKEN = POST Api "/oauth2/v2.1/token", by Credentials;
    /// Checks a user's access token.
    VERIFY_USER_TOKEN = GET Api "/oauth2/v2.1/verify", by Credentials;
    /// Checks an ID token.
    VERIFY_ID_TOKEN = POST Api "/oauth2/v2.1/verify", retry = repeatable, by Credentials;
    /// Revokes a user's access token.
    REVOKE_USER_TOKEN = POST Api "/oauth2/v2.1/revoke", retry = repeatable, by Credentials;
    /// The public keys of ID tokens.
    CERTS = GET Api "/oauth2/v2.1/certs", by Credentials;
    /// Id, name and picture of the user.
    USER_INFO = GET Api "/oauth2/v2.1/userinfo", by UserToken;
    /// The profile of the user.
    USER_PROFILE = GET Api "/v2/profile", by UserToken;
    /// Whether the user is a friend of the account linked to the channel.
    FRIENDSHIP = GET Api "/friendship/v1/status", by UserToken;
    /// Takes back what a user allowed.
    DEAUTHORISE = POST Api "/user/v1/deauthorize";
    /// All LIFF apps of the channel.
    LIFF_APPS = GET Api "/liff/v1/apps";
    /// Adds a LIFF app.
    ADD_LIFF_APP = POST Api "/liff/v1/apps";
    /// Changes a LIFF app.
    UPDATE_LIFF_APP = PUT Api "/liff/v1/apps/{liffId}";
    /// Deletes a LIFF app.
    DELETE_LIFF_APP = DELETE Api "/liff/v1/apps/{liffId}";
}
