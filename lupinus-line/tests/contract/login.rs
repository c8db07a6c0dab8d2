//! LINE Login, which LINE describes in prose alone: held to a description of our own, `tests/data/login.yml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lupinus_line::client::{LinkToken, Pacing, Retry};
use lupinus_line::endpoint::{self, Host};
use lupinus_line::login::{
    BotPrompt, Code, CodeVerifier, IdToken, LinkNonce, LoginRequest, Nonce, PendingLogin, Prompt,
    RedirectUri, ResponseMode, Scope, State, UserTokenError,
};
use lupinus_line::token::ChannelCredentials;
use lupinus_line::{ApiError, ChannelId, ChannelSecret, ChannelToken, Client, RefreshToken, UserToken};

use crate::calls::user;
use crate::description::{self, Operation};
use crate::generate::{SORTS, Sort};
use crate::server::{Seen, Server};

fn described() -> Vec<Operation> {
    description::parse(include_str!("../data/login.yml"), "login.yml")
}

fn redirect() -> RedirectUri {
    RedirectUri::new("https://example.org/return?from=line").unwrap()
}

fn pending() -> PendingLogin {
    let verifier = CodeVerifier::new("lupinus-offline-verifier-0123456789abcdefghi").unwrap();
    PendingLogin::new(State::new("s-1").unwrap(), Nonce::new("n-1").unwrap(), verifier)
}

async fn calls(line: &Client, sort: Sort) -> Result<(), ApiError> {
    let channel = ChannelId::new("2009990001").unwrap();
    let secret = ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    let credentials = ChannelCredentials::new(channel.clone(), secret.clone());
    let (token, refresh) = (UserToken::from("ut-offline-1"), RefreshToken::from("rt-offline-1"));
    let (id_token, nonce) = (IdToken::from("eyJ.eyJ.sig"), Nonce::new("n-1").unwrap());

    let tokens = line.exchange_code(&credentials, &Code::new("c-1"), &redirect(), &pending()).await?.value;
    assert_eq!(tokens.id_token.is_some(), sort != Sort::Least, "{sort:?}");
    line.refresh_user_token(&channel, Some(&secret), &refresh).await?;
    line.refresh_user_token(&channel, None, &refresh).await?;
    line.verify_user_token(&channel, &token).await.map_err(|error| match error {
        UserTokenError::Api(error) => error,
        other => panic!("{other}"),
    })?;
    line.revoke_user_token(&channel, Some(&secret), &token).await?;
    line.revoke_user_token(&channel, None, &token).await?;
    let claims = line.verify_id_token(&channel, &id_token, Some(&nonce), Some(&user())).await?.value;
    assert_eq!(claims.sub, user());
    assert_eq!(claims.other.len(), usize::from(sort == Sort::Newer), "what is new is kept: {sort:?}");
    line.verify_id_token(&channel, &id_token, None, None).await?;
    line.login_keys().await?;
    line.openid_configuration().await?;
    line.user_info(&token).await?;
    line.user_profile(&token).await?;
    line.friendship(&token).await?;
    line.deauthorise(&token).await?;
    Ok(())
}

fn client(base: &str) -> Client {
    let builder = Client::builder(ChannelToken::from("tok-offline-1")).all_bases(base);
    builder.retry(Retry::never()).pacing(Pacing::off()).build().unwrap()
}

#[test]
fn every_operation_of_line_login_has_an_endpoint_on_its_host() {
    let pages = [endpoint::AUTHORISE, endpoint::ACCOUNT_LINK, endpoint::OPENID_CONFIGURATION];
    for operation in described() {
        let ours = endpoint::all()
            .find(|ours| ours.method.as_str() == operation.method && ours.path == operation.path)
            .unwrap_or_else(|| panic!("no endpoint {} {}", operation.method, operation.path));
        let host = if pages.contains(ours) { Host::Access } else { Host::Api };
        assert_eq!((ours.host, ours.takes_retry_key), (host, false), "{}", operation.path);
    }
}

#[tokio::test]
async fn every_operation_of_line_login_is_asked_as_described_and_every_answer_decodes() {
    let operations = Arc::new(described());
    let (mut called, mut faults) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for sort in SORTS {
        let server = Server::start(Arc::clone(&operations), false, sort).await;
        if let Err(error) = calls(&client(&server.base), sort).await {
            faults.insert(format!("{sort:?}: {error:?}"));
        }
        let Seen { called: seen, faults: found } = server.seen();
        for (id, count) in seen {
            *called.entry(id).or_default() += count;
        }
        faults.extend(found);
    }
    let all: BTreeSet<&str> = operations
        .iter()
        .filter(|operation| !operation.is_page)
        .map(|operation| operation.id.as_str())
        .collect();
    let missing: Vec<_> = all.iter().filter(|id| !called.contains_key(**id)).collect();
    println!("operations covered: {} of {}", all.len() - missing.len(), all.len());
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(missing.is_empty(), "not called: {missing:?}");
}

#[tokio::test]
async fn the_pages_of_line_login_are_addressed_as_described() {
    let operations = Arc::new(described());
    let server = Server::start(Arc::clone(&operations), false, Sort::Whole).await;
    let line = client(&server.base);
    let channel = ChannelId::new("2009990001").unwrap();
    let least = LoginRequest::new(channel.clone(), redirect(), [Scope::Profile]).unwrap();
    let whole =
        LoginRequest::new(channel, redirect(), [Scope::Profile, Scope::OpenId, Scope::Email]).unwrap();
    let whole = whole
        .prompt(Prompt::Consent)
        .max_age(Duration::from_mins(10))
        .languages(["ja", "en"])
        .unwrap()
        .bot_prompt(BotPrompt::Aggressive)
        .qr_code_first()
        .without_other_methods()
        .without_auto_login()
        .without_ios_auto_login()
        .response_mode(ResponseMode::FormPost);
    let token: LinkToken = serde_json::from_str("\"lt-1\"").unwrap();
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    for page in [
        line.login_url(&least, &pending()).unwrap(),
        line.login_url(&whole, &pending()).unwrap(),
        line.account_link_url(&token, &LinkNonce::random().unwrap()).unwrap(),
    ] {
        assert!(browser.get(page).send().await.unwrap().status().is_success());
    }
    let seen = server.seen();
    assert!(seen.faults.is_empty(), "{:#?}", seen.faults);
    let visited: Vec<_> = seen.called.into_iter().collect();
    assert_eq!(visited, [("accountLink".to_owned(), 1), ("authorise".to_owned(), 2)]);
}
