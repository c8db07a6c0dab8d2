//! LINE Login v2.1, and what LIFF apps send to their server.
//!
//! A login in three steps; the [`PendingLogin`] in between belongs into the visitor's session on the server:
//!
//! ```no_run
//! use lupinus_line::login::{Expected, IdTokenVerifier, LoginRequest, PendingLogin, RedirectUri, Scope};
//! use lupinus_line::token::ChannelCredentials;
//! use lupinus_line::{ChannelId, ChannelSecret, Client};
//!
//! # async fn login(query: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::without_token()?;
//! let channel = ChannelCredentials::new(ChannelId::new("2009990001")?, ChannelSecret::from("0f1e2d3c"));
//! let redirect = RedirectUri::new("https://example.org/login/return")?;
//!
//! // 1. Send the visitor to LINE.
//! let request = LoginRequest::new(channel.channel().clone(), redirect.clone(), [Scope::OpenId, Scope::Profile])?;
//! let pending = PendingLogin::random()?;
//! let address = client.login_url(&request, &pending)?;
//!
//! // 2. They come back to the redirect address with a query.
//! let returned = pending.read_return(query)?;
//! let tokens = client.exchange_code(&channel, &returned.code, &redirect, &pending).await?.value;
//!
//! // 3. Who is it?
//! let verifier = IdTokenVerifier::web(channel.clone());
//! let id_token = tokens.id_token.ok_or("the scope has openid")?;
//! let claims = verifier.verify(&id_token, &Expected::nonce(pending.nonce())).await?;
//! println!("a user of LINE has logged in: {:?}", claims.sub);
//! # Ok(())
//! # }
//! ```
//!
//! A page in LINE (LIFF) has its ID token at once; there, only step 3 remains, by [`IdTokenVerifier::app`]. Never believe a
//! user id that a page sends by itself.
//!
//! The user id of a login equals that of webhooks only if both channels are under one provider.

mod account_link;
mod authorise;
mod claims;
mod expected;
mod keys;
mod pending;
mod returned;
mod tokens;
mod verifier;

pub use account_link::{InvalidLinkNonce, LinkNonce, MAX_LINK_NONCE, MIN_LINK_NONCE};
pub use authorise::{
    BotPrompt, InvalidLoginRequest, InvalidRedirectUri, LoginRequest, Prompt, RedirectUri, ResponseMode,
    Scope,
};
pub use claims::{Amr, IdTokenClaims};
pub use expected::Expected;
pub use keys::LoginKeys;
pub use pending::{
    CodeVerifier, InvalidCodeVerifier, InvalidState, MAX_VERIFIER, MIN_VERIFIER, Nonce, PendingLogin, State,
};
pub use returned::{Code, LoginErrorCode, LoginReturn, MAX_RETURN_BYTES, ReturnError};
pub use tokens::{
    IdToken, OpenIdConfiguration, RefreshedTokens, UserInfo, UserTokenError, UserTokens, VerifiedUserToken,
};
pub use verifier::{IdTokenError, IdTokenVerifier, MAX_LEEWAY, SignedReturnError};
