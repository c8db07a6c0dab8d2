//! LINE Login: the addresses users are sent to, and the calls that follow.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::time::Duration;

use lupinus_line::login::{
    BotPrompt, CodeVerifier, Expected, IdToken, InvalidLoginRequest, LinkNonce, LoginRequest, Nonce,
    PendingLogin, Prompt, RedirectUri, ResponseMode, Scope, State, UserTokenError,
};
use lupinus_line::{ApiError, ChannelSecret, ChannelToken, Client, RefreshToken, UserId, UserToken};
use support::{SECRET, Server, answer, channel, credentials, form, pairs, without_token};

const ID: &[(&str, &str)] = &[("x-line-request-id", "abc")];
const VERIFIER: &str = "lupinus-offline-verifier-0123456789abcdefghi";

fn pending() -> PendingLogin {
    let (state, nonce) = (State::new("s-1").unwrap(), Nonce::new("n-1").unwrap());
    PendingLogin::new(state, nonce, CodeVerifier::new(VERIFIER).unwrap())
}

fn redirect() -> RedirectUri {
    RedirectUri::new("https://example.org/return?key=value").unwrap()
}

#[test]
fn the_address_of_a_login_has_every_parameter_that_was_set_and_no_other() {
    let client = Client::without_token().unwrap();
    let plain = LoginRequest::new(channel(), redirect(), [Scope::Profile]).unwrap();
    let always = "https://access.line.me/oauth2/v2.1/authorize?response_type=code&client_id=2009990001\
        &redirect_uri=https%3A%2F%2Fexample.org%2Freturn%3Fkey%3Dvalue&state=s-1&scope=profile&nonce=n-1\
        &code_challenge=i6W6lup9yjMbWGbR-fXjgRMuW_jEXl2r3Tb0mKDgk7Y&code_challenge_method=S256";
    assert_eq!(client.login_url(&plain, &pending()).unwrap(), always);
    let full = plain
        .prompt(Prompt::Consent)
        .max_age(Duration::from_hours(1))
        .languages(["ja", "zh-TW"])
        .unwrap()
        .bot_prompt(BotPrompt::Aggressive)
        .qr_code_first()
        .without_other_methods()
        .without_auto_login()
        .without_ios_auto_login()
        .response_mode(ResponseMode::FormPost);
    let optional = "&prompt=consent&max_age=3600&ui_locales=ja%20zh-TW&bot_prompt=aggressive\
        &initial_amr_display=lineqr&switch_amr=false&disable_auto_login=true&disable_ios_auto_login=true\
        &response_mode=form_post";
    assert_eq!(client.login_url(&full, &pending()).unwrap(), format!("{always}{optional}"));
}

#[test]
fn the_words_of_the_parameters_are_lines() {
    let client = Client::without_token().unwrap();
    let plain = || LoginRequest::new(channel(), redirect(), [Scope::Profile]).unwrap();
    for (request, expected) in [
        (plain().prompt(Prompt::Login), "&prompt=login"),
        (plain().prompt(Prompt::None), "&prompt=none"),
        (plain().bot_prompt(BotPrompt::Normal), "&bot_prompt=normal"),
        (plain().max_age(Duration::ZERO), "&max_age=0"),
        (plain().response_mode(ResponseMode::Query), "&response_mode=query"),
        (plain().response_mode(ResponseMode::QueryJwt), "&response_mode=query.jwt"),
        (plain().response_mode(ResponseMode::FormPostJwt), "&response_mode=form_post.jwt"),
        (plain().response_mode(ResponseMode::Jwt), "&response_mode=jwt"),
    ] {
        let address = client.login_url(&request, &pending()).unwrap();
        assert!(address.ends_with(expected), "{address}");
    }
}

#[test]
fn a_login_that_line_would_refuse_cannot_be_asked_for() {
    let new = |scopes: &[Scope]| LoginRequest::new(channel(), redirect(), scopes.iter().cloned()).map(|_| ());
    for (name, scopes, expected) in [
        ("none", &[][..], Err(InvalidLoginRequest::NoScope)),
        ("email alone", &[Scope::Email], Err(InvalidLoginRequest::EmailWithoutOpenId)),
        (
            "email in other words",
            &[Scope::Unknown("email".to_owned())],
            Err(InvalidLoginRequest::EmailWithoutOpenId),
        ),
        ("all", &[Scope::Profile, Scope::OpenId, Scope::Email], Ok(())),
        ("two in one", &[Scope::Unknown("a b".to_owned())], Err(InvalidLoginRequest::Scope)),
        ("empty", &[Scope::Unknown(String::new())], Err(InvalidLoginRequest::Scope)),
    ] {
        assert_eq!(new(scopes), expected, "{name}");
    }
    let plain = LoginRequest::new(channel(), redirect(), [Scope::OpenId]).unwrap();
    assert_eq!(plain.languages(["ja en"]).map(|_| ()), Err(InvalidLoginRequest::Language));

    for (address, usable) in [
        ("https://example.org/return", true),
        ("http://localhost:8080/return?a=b", true),
        ("https://example.org/return#a", false),
        ("https://user:pass@example.org/", false),
        ("javascript:alert(1)", false),
        ("/return", false),
        ("https://example.org/a b", false),
        (" https://example.org/", false),
        ("https://例え.jp/", false),
    ] {
        assert_eq!(RedirectUri::new(address).is_ok(), usable, "{address}");
    }
}

#[tokio::test]
async fn a_login_goes_from_the_address_to_the_user() {
    let server = Server::answering(|request| {
        let body = match (request.method.as_str(), request.target.split('?').next().unwrap()) {
            ("POST", "/oauth2/v2.1/token") => {
                r#"{"access_token":"ut-1","expires_in":2592000,"id_token":"it-1","refresh_token":"rt-1","scope":"profile openid new","token_type":"Bearer","x":1}"#
            }
            ("GET", "/oauth2/v2.1/verify") => r#"{"scope":"profile","client_id":"2009990001","expires_in":2591659}"#,
            ("POST", "/oauth2/v2.1/verify") => {
                r#"{"iss":"https://access.line.me","sub":"Uaaaabbbbccccddddeeeeffff00001111","aud":"2009990001","exp":1790003600,"iat":1790000000,"name":"Fuji Hana"}"#
            }
            ("GET", "/oauth2/v2.1/userinfo") => r#"{"sub":"Uaaaabbbbccccddddeeeeffff00001111","name":"Fuji Hana"}"#,
            ("GET", "/v2/profile") => {
                r#"{"userId":"Uaaaabbbbccccddddeeeeffff00001111","displayName":"Fuji Hana","statusMessage":"x"}"#
            }
            ("GET", "/friendship/v1/status") => r#"{"friendFlag":true}"#,
            ("GET", "/.well-known/openid-configuration") => {
                r#"{"issuer":"https://access.line.me","jwks_uri":"https://api.line.me/oauth2/v2.1/certs","code_challenge_methods_supported":["S256"],"new":[1]}"#
            }
            ("POST", "/oauth2/v2.1/revoke" | "/user/v1/deauthorize") => "",
            other => panic!("{other:?}"),
        };
        answer(if body.is_empty() { 204 } else { 200 }, ID, body)
    })
    .await;
    let client = without_token(&server.base);

    let returned = pending().read_return("code=co%2Fde&state=s-1&key=value").unwrap();
    let tokens = client.exchange_code(&credentials(), &returned.code, &redirect(), &pending()).await.unwrap();
    assert_eq!(tokens.request_id.unwrap().as_str(), "abc");
    let tokens = tokens.value;
    assert_eq!((tokens.access_token.expose(), tokens.refresh_token.expose()), ("ut-1", "rt-1"));
    assert_eq!(tokens.expires_in, Duration::from_hours(30 * 24));
    assert_eq!(tokens.scope, [Scope::Profile, Scope::OpenId, Scope::Unknown("new".to_owned())]);
    let id_token = tokens.id_token.unwrap();
    assert_eq!(id_token.expose(), "it-1");

    let (secret, user) =
        (ChannelSecret::from(SECRET), UserId::new("Uaaaabbbbccccddddeeeeffff00001111").unwrap());
    client.refresh_user_token(&channel(), Some(&secret), &tokens.refresh_token).await.unwrap();
    client.refresh_user_token(&channel(), None, &tokens.refresh_token).await.unwrap();
    let token = tokens.access_token;
    client.verify_user_token(&channel(), &token).await.unwrap();
    client.verify_id_token(&channel(), &id_token, Some(pending().nonce()), Some(&user)).await.unwrap();
    let claims = client.verify_id_token(&channel(), &id_token, None, None).await.unwrap().value;
    assert_eq!(claims.sub, user);
    assert_eq!(client.user_info(&token).await.unwrap().value.sub, user);
    assert_eq!(client.user_profile(&token).await.unwrap().value.display_name, "Fuji Hana");
    assert!(client.friendship(&token).await.unwrap().value);
    let configuration = client.openid_configuration().await.unwrap().value;
    assert_eq!(configuration.issuer, "https://access.line.me");
    assert_eq!(configuration.code_challenge_methods_supported, ["S256"]);
    client.revoke_user_token(&channel(), Some(&secret), &token).await.unwrap();
    client.revoke_user_token(&channel(), None, &token).await.unwrap();
    let with_token = Client::builder(ChannelToken::from("ct-1")).all_bases(&server.base).build().unwrap();
    with_token.deauthorise(&token).await.unwrap();
    assert!(matches!(client.deauthorise(&token).await, Err(ApiError::Invalid(_))));

    let seen = server.seen();
    let own = ("client_id", "2009990001");
    for (index, expected) in [
        (
            0,
            pairs(&[
                ("grant_type", "authorization_code"),
                ("code", "co/de"),
                ("redirect_uri", "https://example.org/return?key=value"),
                own,
                ("client_secret", SECRET),
                ("code_verifier", VERIFIER),
            ]),
        ),
        (
            1,
            pairs(&[
                ("grant_type", "refresh_token"),
                ("refresh_token", "rt-1"),
                own,
                ("client_secret", SECRET),
            ]),
        ),
        (2, pairs(&[("grant_type", "refresh_token"), ("refresh_token", "rt-1"), own])),
        (4, pairs(&[("id_token", "it-1"), own, ("nonce", "n-1"), ("user_id", user.as_str())])),
        (5, pairs(&[("id_token", "it-1"), own])),
        (10, pairs(&[("access_token", "ut-1"), own, ("client_secret", SECRET)])),
        (11, pairs(&[("access_token", "ut-1"), own])),
    ] {
        assert_eq!(form(&seen[index]), expected, "{}", seen[index].target);
    }
    assert_eq!(seen[3].target, "/oauth2/v2.1/verify?access_token=ut-1");
    for request in &seen[6..9] {
        assert_eq!(request.headers["authorization"], "Bearer ut-1", "{}", request.target);
    }
    for request in seen[..6].iter().chain(&seen[9..12]) {
        assert!(!request.headers.contains_key("authorization"), "{}", request.target);
    }
    assert_eq!(seen[12].headers["authorization"], "Bearer ct-1");
    assert_eq!(seen[12].body, r#"{"userAccessToken":"ut-1"}"#);
    assert_eq!(seen.len(), 13);
}

#[tokio::test]
async fn a_token_that_another_app_got_is_not_believed() {
    for (body, expected) in [
        (r#"{"client_id":"2009990001","expires_in":1}"#, "ok"),
        (r#"{"client_id":"2009990002","expires_in":1}"#, "other"),
        (r#"{"client_id":"2009990001","expires_in":0}"#, "expired"),
        (r#"{"client_id":"2009990001","expires_in":-5}"#, "expired"),
        (r#"{"expires_in":5}"#, "api"),
    ] {
        let server = Server::fixed(200, ID, body).await;
        let token = UserToken::from("ut-1");
        let outcome = match without_token(&server.base).verify_user_token(&channel(), &token).await {
            Ok(_) => "ok",
            Err(UserTokenError::OtherChannel) => "other",
            Err(UserTokenError::Expired) => "expired",
            Err(_) => "api",
        };
        assert_eq!(outcome, expected, "{body}");
    }
}

#[tokio::test]
async fn refusals_of_logins_are_read() {
    let body = r#"{"error":"invalid_grant","error_description":"invalid refresh token"}"#;
    let server = Server::fixed(400, ID, body).await;
    let client = without_token(&server.base);
    let error = client.refresh_user_token(&channel(), None, &RefreshToken::from("rt-1")).await.unwrap_err();
    assert!(matches!(&error, ApiError::Refused(answer) if answer.code.as_deref() == Some("invalid_grant")));
    let error = client.verify_id_token(&channel(), &IdToken::from("it-1"), None, None).await.unwrap_err();
    assert_eq!(error.answer().unwrap().message, "invalid refresh token");
}

#[tokio::test]
async fn the_address_of_an_account_link_carries_token_and_nonce() {
    let server = Server::fixed(200, ID, r#"{"linkToken":"NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY"}"#).await;
    let client = server.client();
    let user = UserId::new("Uaaaabbbbccccddddeeeeffff00001111").unwrap();
    let token = client.issue_link_token(&user).await.unwrap().value;
    let nonce = LinkNonce::new("ab+/cdefgh==").unwrap();
    let address = client.account_link_url(&token, &nonce).unwrap();
    assert_eq!(
        address,
        format!(
            "{}/dialog/bot/accountLink?linkToken=NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY&nonce=ab%2B%2Fcdefgh%3D%3D",
            server.base
        )
    );
}

#[tokio::test]
async fn nothing_of_a_login_is_printed() {
    let request = LoginRequest::new(channel(), redirect(), [Scope::OpenId]).unwrap();
    let body = r#"{"access_token":"hush","expires_in":1,"id_token":"hush","refresh_token":"hush"}"#;
    let server = Server::fixed(200, ID, body).await;
    let client = without_token(&server.base);
    let returned = pending().read_return("code=hush&state=s-1").unwrap();
    let tokens = client.exchange_code(&credentials(), &returned.code, &redirect(), &pending()).await.unwrap();
    let nonce = Nonce::new("hush").unwrap();
    let printed = format!(
        "{request:?} {:?} {returned:?} {tokens:?} {client:?} {:?} {:?}",
        pending(),
        Expected::nonce(&nonce),
        UserToken::from("hush"),
    );
    for hidden in ["hush", VERIFIER, "s-1", "n-1", "example.org", SECRET] {
        assert!(!printed.contains(hidden), "{hidden}: {printed}");
    }
}
