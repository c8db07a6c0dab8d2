//! Signing in by the city's provider of identities (R22): a provider in this process judges as one does, and tokens, codes and
//! browsers that do not belong together let nobody in.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{
    Browser, City, PASSWORD, Page,
    authenticator::Authenticator,
    provider::{self, CLIENT, Key, Provider, SignedBy, begins, comes_back, settings},
};
use lupinus_core::{
    actor::Role,
    ids::StaffId,
    policy::{FactorOf, Passwords, Policy, SingleSignOn},
    service::{By, SoleAdministrator},
    staff::Staff,
    store::{Kind, Scan, StoreExt},
};
use serde_json::{Value, json};

struct Town {
    city: City,
    provider: Provider,
}

impl Town {
    async fn with(policy: Policy, key: Key) -> Self {
        let (city, provider) = provider::city_with(policy, key).await;
        Self { city, provider }
    }

    async fn new() -> Self {
        Self::with(Policy::default(), Key::es256()).await
    }

    /// One of the staff, who is signed in at the provider.
    async fn nurse(&self) -> StaffId {
        let id = self.city.staff("nurse@city.example", "看護 花子", &[Role::Checker]).await;
        self.provider.is_used_by(nurse());
        id
    }

    /// One who is linked as well.
    async fn linked(&self) -> StaffId {
        let id = self.nurse().await;
        self.provider.links(&mut self.city.desk("nurse@city.example").await).await;
        id
    }

    async fn undoes(&self, id: StaffId) {
        let mut desk = self.city.desk("admin").await;
        let page = desk.post(&format!("/staff/{id}/provider_off"), &[]).await;
        assert!(page.location().ends_with("done=provider_off"), "{}", page.text);
    }

    async fn closes(&self, id: StaffId) {
        let by = By::Staff(self.city.administrator);
        let ended = self.city.centre.transact(|mut work| async move {
            work.deactivate_staff(by, id, SoleAdministrator::Refuse).await?;
            work.done(())
        });
        ended.await.unwrap();
    }

    async fn read(&self, id: StaffId) -> Staff {
        self.city.centre.staff(id).await.unwrap().value
    }

    async fn trail(&self, action: &str) -> Vec<Value> {
        let scan = Scan::keys(Kind::new("audit"));
        let all =
            self.city.centre.store().all::<lupinus_core::audit::AuditEntry>(scan, 10_000).await.unwrap();
        let told = all.into_iter().filter(|entry| entry.value.action == action);
        told.map(|entry| entry.value.detail).collect()
    }
}

fn nurse() -> Value {
    json!({"sub": "7", "email": "Nurse@City.example", "email_verified": true, "preferred_username": "hanako"})
}

async fn signs_in(town: &Town, browser: &mut Browser) -> Page {
    town.provider.signs_in(browser).await
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

fn cookie(browser: &Browser, name: &str) -> Option<String> {
    browser.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// Somebody sets up a second factor at this desk.
async fn sets_up_a_factor(town: &Town, desk: &mut Browser, fields: &[(&str, &str)]) -> (Page, Authenticator) {
    let page = desk.get("/account/second-factor").await;
    let phone = Authenticator::scanning(&page);
    let (csrf, code) = (page.csrf(), phone.code(&town.city.centre));
    let own = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let fields: Vec<(&str, &str)> = own.into_iter().chain(fields.iter().copied()).collect();
    (desk.post_raw("/account/second-factor", &fields).await, phone)
}

#[tokio::test]
async fn somebody_links_their_account_and_signs_in_by_the_provider() {
    for key in [Key::es256(), Key::rs256()] {
        let town = Town::with(Policy::default(), key).await;
        let id = town.nurse().await;
        let mut browser = town.city.browser();
        let door = browser.get("/sign-in?next=/posts").await;
        assert!(door.has("庁内アカウントでログイン") && door.has("name=\"password\""), "{}", door.text);
        assert!(door.has("href=\"/console/sign-in/provider?next=%2Fposts\""), "{}", door.text);
        let mut desk = town.city.desk("nurse@city.example").await;
        assert!(desk.get("/account").await.has("庁内アカウントと結び付ける"));
        assert_eq!(town.provider.asked("description"), 0, "nothing is asked before somebody goes there");
        town.provider.links(&mut desk).await;
        let since = "に結び付けました。庁内アカウントでログインできます。";
        assert!(desk.get("/account").await.has(since));
        assert_eq!(town.read(id).await.provider.unwrap().identity.subject, "7");
        assert!(desk.get("/account/provider/begin").await.has(since), "there is nothing to begin");

        let address = begins(&mut browser, "%2Fposts%3Fview%3Dall").await;
        let led = town.provider.visited(&address).unwrap();
        let page = comes_back(&mut browser, &led).await;
        assert_eq!(
            (page.status, page.location()),
            (StatusCode::SEE_OTHER, "/console/posts?view=all"),
            "{}",
            page.text
        );
        assert!(is_in(&mut browser).await);

        // The name at the provider changes; they stay who they are.
        town.provider
            .is_used_by(json!({"sub": "7", "email": "married@city.example", "email_verified": true}));
        assert!(signs_in(&town, &mut town.city.browser()).await.location().ends_with("/console"));
        let by: Vec<Value> = town.trail("staff.signed_in").await;
        assert_eq!(by, [json!({"by": "password"}), json!({"by": "provider"}), json!({"by": "provider"})]);
        assert_eq!(town.trail("staff.provider_linked").await.len(), 1);
        assert_eq!(town.provider.asked("description"), 1, "what it says of itself is kept");
    }
}

#[tokio::test]
async fn nothing_that_the_provider_says_of_somebody_links_them_and_all_who_are_not_linked_get_one_answer() {
    let town = Town::new().await;
    let id = town.nurse().await;
    let closed = town.city.staff("closed@city.example", "退職 済", &[Role::Checker]).await;
    town.provider.is_used_by(json!({"sub": "8"}));
    town.provider.links(&mut town.city.desk("closed@city.example").await).await;
    town.closes(closed).await;
    let mut texts = Vec::new();
    for claims in [
        nurse(),
        json!({"sub": "8"}),
        json!({"sub": "9", "email": "nobody@city.example", "email_verified": true}),
        json!({"sub": "9", "email": "closed@city.example", "email_verified": true}),
        json!({"sub": "admin", "email": "admin", "email_verified": true}),
        json!({"sub": "9", "preferred_username": "admin"}),
        // Letters that become others': the sign of Kelvin.
        json!({"sub": "9", "email": "\u{212a}aori@city.example", "email_verified": true}),
        json!({"sub": id.to_string()}),
    ] {
        town.provider.is_used_by(claims.clone());
        let mut browser = town.city.browser();
        let page = signs_in(&town, &mut browser).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{claims}");
        assert!(page.has("パスワードでログインして「自分の設定」で結び付けてください"), "{}", page.text);
        assert!(!is_in(&mut browser).await, "{claims}");
        texts.push(page.text.replace(&page.csrf(), ""));
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "one answer for all");
    assert_eq!(town.city.centre.staff_list().await.unwrap().len(), 3, "nobody was made");
    assert!(town.read(id).await.provider.is_none() && town.read(closed).await.provider.is_none());
    assert_eq!(town.trail("staff.provider_linked").await.len(), 1);
}

#[tokio::test]
async fn a_link_needs_the_password_and_a_fresh_code_and_ends_what_came_back_with_it() {
    let town = Town::new().await;
    let id = town.nurse().await;
    let mut desk = town.city.desk("nurse@city.example").await;
    let (page, phone) = sets_up_a_factor(&town, &mut desk, &[("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    town.city.clock.advance(kit::MINUTE);
    town.provider.comes_to_be_linked(&mut desk).await;
    let asks = desk.get("/account/provider").await;
    assert!(asks.has("name=\"own_code\"") && asks.has("nurse@city.example"), "{}", asks.text);
    let code = phone.code(&town.city.centre);
    for (password, code) in
        [(PASSWORD, ""), (PASSWORD, "000000"), ("まちがったパスワード", code.as_str()), ("", "")]
    {
        let fields = [("password", password), ("own_code", code)];
        let page = desk.post("/account/provider", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{password} {code}");
        assert!(page.has("パスワードかコードが違います"), "not which of the two: {}", page.text);
        assert_eq!(town.read(id).await.provider, None, "{password} {code}");
    }
    // Two wrong codes and two wrong passwords so far, each counted.
    let known = town.read(id).await;
    assert_eq!((known.failures, known.second_factor.unwrap().failures), (2, 2));
    let fields = [("password", PASSWORD), ("own_code", code.as_str())];
    let foreign = [("csrf", "another"), fields[0], fields[1]];
    assert_eq!(desk.post_raw("/account/provider", &foreign).await.status, StatusCode::FORBIDDEN);
    let page = desk.post("/account/provider", &fields).await;
    assert!(page.location().ends_with("/account?done=provider"), "{}", page.text);
    let page = desk.post("/account/provider", &fields).await;
    assert!(page.has("時間が過ぎました"), "it serves once: {}", page.text);

    // Another's identity, or one that came back too long ago.
    let mut other = town.city.desk("admin").await;
    town.provider.comes_to_be_linked(&mut other).await;
    let page = other.post("/account/provider", &[("password", PASSWORD)]).await;
    assert_eq!(
        (page.status, page.has("すでに結び付いています")),
        (StatusCode::UNPROCESSABLE_ENTITY, true),
        "{}",
        page.text
    );
    town.provider.is_used_by(json!({"sub": "8"}));
    town.provider.comes_to_be_linked(&mut other).await;
    town.city.clock.advance(kit::MINUTE * 5);
    let page = other.post("/account/provider", &[("password", PASSWORD)]).await;
    assert!(page.has("時間が過ぎました"), "{}", page.text);
    assert_eq!(town.read(town.city.administrator).await.provider, None);

    // Whoever has signed out, or goes on guessing.
    let address = other.get("/account/provider/begin").await.location().to_owned();
    let led = town.provider.visited(&address).unwrap();
    other.post("/sign-out", &[]).await;
    assert!(comes_back(&mut other, &led).await.location().contains("/sign-in"));
    let mut other = town.city.desk("admin").await;
    town.provider.comes_to_be_linked(&mut other).await;
    for _ in 0..5 {
        other.post("/account/provider", &[("password", "まちがったパスワード")]).await;
    }
    let page = other.post("/account/provider", &[("password", PASSWORD)]).await;
    assert!(page.has("続けて間違えたため"), "{}", page.text);
}

#[tokio::test]
async fn a_session_from_the_provider_changes_password_and_second_factor_only_with_both() {
    let town = Town::new().await;
    let id = town.linked().await;
    let mut desk = town.city.browser();
    signs_in(&town, &mut desk).await;
    for password in ["", "まちがったパスワード"] {
        let (page, _) = sets_up_a_factor(&town, &mut desk, &[("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    }
    assert_eq!(town.read(id).await.second_factor, None);
    let (page, phone) = sets_up_a_factor(&town, &mut desk, &[("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);

    town.city.clock.advance(kit::MINUTE);
    let before = town.read(id).await;
    let code = phone.code(&town.city.centre);
    let new = [("new", "あたらしいパスワードです"), ("again", "あたらしいパスワードです")];
    assert!(desk.get("/account").await.has("name=\"own_code\""));
    for shown in [
        vec![("password", PASSWORD)],
        vec![("password", PASSWORD), ("own_code", "000000")],
        vec![("password", "まちがったパスワード"), ("own_code", code.as_str())],
    ] {
        let (page, _) = sets_up_a_factor(&town, &mut desk, &shown).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{shown:?}");
        let fields: Vec<(&str, &str)> = shown.iter().copied().chain(new).collect();
        let page = desk.post("/account/password", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{shown:?}");
    }
    let now = town.read(id).await;
    assert_eq!(now.password, before.password);
    assert_eq!(now.second_factor.unwrap().secret, before.second_factor.unwrap().secret);
    let shown = [("password", PASSWORD), ("own_code", code.as_str()), new[0], new[1]];
    let page = desk.post("/account/password", &shown).await;
    assert!(page.location().ends_with("done=password"), "{}", page.text);
    assert!(is_in(&mut desk).await);
}

#[tokio::test]
async fn administrators_change_what_opens_their_own_account_like_everybody_else() {
    let town = Town::new().await;
    town.provider.is_used_by(json!({"sub": "1"}));
    town.provider.links(&mut town.city.desk("admin").await).await;
    let mut desk = town.city.browser();
    signs_in(&town, &mut desk).await;
    let (own, before) = (town.city.administrator, town.read(town.city.administrator).await);
    for (command, fields) in
        [("password", vec![("password", "あたらしいパスワードです")]), ("factor_off", vec![])]
    {
        let page = desk.post(&format!("/staff/{own}/{command}"), &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{command}");
        assert!(!desk.get(&format!("/staff/{own}")).await.has(&format!("/staff/{own}/{command}")));
    }
    assert_eq!(town.read(own).await, before);
}

#[tokio::test]
async fn no_token_but_the_providers_own_for_this_very_sign_in_lets_anybody_in() {
    let town = Town::new().await;
    town.linked().await;
    let now = town.city.centre.now().as_second();
    for (what, bent, signed) in [
        ("another nonce", json!({"nonce": "of-another-sign-in"}), SignedBy::ItsKey),
        ("no nonce", json!({"nonce": null}), SignedBy::ItsKey),
        ("another audience", json!({"aud": "another console"}), SignedBy::ItsKey),
        (
            "an audience beside us",
            json!({"aud": [CLIENT, "another console"], "azp": CLIENT}),
            SignedBy::ItsKey,
        ),
        ("another issuer", json!({"iss": "https://evil.example"}), SignedBy::ItsKey),
        ("expired", json!({"exp": now - 1}), SignedBy::ItsKey),
        ("issued in the future", json!({"iat": now + 3_600, "exp": now + 7_200}), SignedBy::ItsKey),
        ("alg none", json!({}), SignedBy::Nobody),
        ("a stranger's key", json!({}), SignedBy::AStranger),
        ("the shared secret", json!({}), SignedBy::TheSecret),
    ] {
        town.provider.bend(bent, signed);
        let mut browser = town.city.browser();
        let page = signs_in(&town, &mut browser).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}: {} {}", page.location(), page.text);
        assert!(page.has("role=\"alert\"") && page.has("name=\"password\""), "{what}: {}", page.text);
        assert!(!is_in(&mut browser).await, "{what}");
    }
    town.provider.bend(json!({"sub": null}), SignedBy::ItsKey);
    let page = signs_in(&town, &mut town.city.browser()).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "without a subject it is no ID token");
    town.provider.bend(json!({}), SignedBy::ItsKey);
    assert!(signs_in(&town, &mut town.city.browser()).await.location().ends_with("/console"));
}

#[tokio::test]
async fn a_browser_ends_only_what_it_began_in_time_and_a_code_serves_once() {
    let town = Town::new().await;
    town.linked().await;
    let asked = town.provider.asked("token");
    let (mut hers, mut other) = (town.city.browser(), town.city.browser());
    let led = town.provider.visited(&begins(&mut hers, "/").await).unwrap();
    let others = town.provider.visited(&begins(&mut other, "/").await).unwrap();
    // Somebody has her open the address of their own sign-in, or opens hers.
    for (browser, led) in
        [(&mut hers.clone(), &others), (&mut other.clone(), &led), (&mut town.city.browser(), &led)]
    {
        let page = comes_back(browser, led).await;
        assert!(page.status == StatusCode::UNAUTHORIZED && page.has("このブラウザーで始めた手続きではない"));
        assert!(!is_in(browser).await);
    }
    assert!(cookie(&hers, "lupinus_provider").is_some(), "what she began goes on");
    // Neither its time nor what it is for is changed by whoever has the cookie.
    let began = cookie(&hers, "lupinus_provider").unwrap();
    let parts: Vec<&str> = began.split('.').collect();
    let later = (town.city.centre.now().as_second() + 60).to_string();
    for changed in [
        [parts[0], "link", parts[2], parts[3]],
        [parts[0], parts[1], &later, parts[3]],
        [parts[0], parts[1], parts[2], "Ly9ldmlsLmV4YW1wbGU"],
    ] {
        let mut changing = hers.clone();
        changing.cookies.retain(|(name, _)| name != "lupinus_provider");
        changing.cookies.push(("lupinus_provider".to_owned(), changed.join(".")));
        assert_eq!(comes_back(&mut changing, &led).await.status, StatusCode::UNAUTHORIZED, "{changed:?}");
    }
    assert_eq!(town.provider.asked("token"), asked, "the provider was not even asked");
    for (what, led) in [
        ("no state", led.split("&state").next().unwrap().to_owned()),
        ("another issuer", format!("{led}&iss=https%3A%2F%2Fevil.example")),
    ] {
        let page = comes_back(&mut hers.clone(), &led).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}");
    }
    // With her cookie and a code of another's: the verifier is not behind its challenge.
    let code = |led: &str| led.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mixed = led.replace(&code(&led), &code(&others));
    let page = comes_back(&mut hers.clone(), &mixed).await;
    assert!(page.status == StatusCode::UNAUTHORIZED && page.has("途中で切れたか"), "{}", page.text);

    let mut thief = hers.clone();
    assert_eq!(comes_back(&mut hers, &led).await.status, StatusCode::SEE_OTHER);
    assert!(is_in(&mut hers).await);
    for browser in [&mut thief, &mut hers.clone()] {
        let page = comes_back(browser, &led).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "once more: {}", page.text);
    }
    assert!(!is_in(&mut thief).await);

    let mut late = town.city.browser();
    let led = town.provider.visited(&begins(&mut late, "/").await).unwrap();
    town.city.clock.advance(kit::MINUTE * 10);
    let page = comes_back(&mut late, &led).await;
    assert!(page.status == StatusCode::UNAUTHORIZED && page.has("時間が過ぎました"), "{}", page.text);
}

#[tokio::test]
async fn what_was_undone_or_closed_stays_so_and_half_of_a_sign_in_comes_to_nothing() {
    let single_sign_on = SingleSignOn { second_factor: FactorOf::Ours, ..SingleSignOn::default() };
    for closes in [false, true] {
        let town = Town::with(Policy { single_sign_on, ..Policy::default() }, Key::es256()).await;
        let id = town.linked().await;
        let (page, phone) = sets_up_a_factor(
            &town,
            &mut town.city.desk("nurse@city.example").await,
            &[("password", PASSWORD)],
        )
        .await;
        assert_eq!(page.status, StatusCode::OK);
        town.city.clock.advance(kit::MINUTE);
        let code = phone.code(&town.city.centre);
        let mut inside = town.city.browser();
        signs_in(&town, &mut inside).await;
        let token = inside.get("/sign-in/code").await.csrf();
        inside.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
        assert!(is_in(&mut inside).await);
        town.city.clock.advance(kit::MINUTE);
        let code = phone.code(&town.city.centre);
        let mut half = town.city.browser();
        assert!(signs_in(&town, &mut half).await.location().contains("/sign-in/code"));
        let token = half.get("/sign-in/code").await.csrf();
        if closes {
            town.closes(id).await;
        } else {
            town.undoes(id).await;
        }
        let page = half.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{}", page.text);
        assert!(!is_in(&mut half).await && !is_in(&mut inside).await);
        if closes {
            let by = By::Staff(town.city.administrator);
            let opened = town.city.centre.transact(|mut work| async move {
                work.reactivate_staff(by, id).await?;
                work.done(())
            });
            opened.await.unwrap();
        }
        for _ in 0..2 {
            assert_eq!(signs_in(&town, &mut half).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(town.read(id).await.provider, None);
        assert_eq!(town.trail("staff.provider_unlinked").await.len(), 1);
    }
}

#[tokio::test]
async fn whoever_undoes_their_own_link_signs_in_with_their_password_again() {
    let single_sign_on = SingleSignOn { passwords: Passwords::Administrators, ..SingleSignOn::default() };
    let town = Town::with(Policy { single_sign_on, ..Policy::default() }, Key::es256()).await;
    let id = town.linked().await;
    assert_eq!(
        town.city.browser().sign_in("nurse@city.example", PASSWORD).await.status,
        StatusCode::UNAUTHORIZED
    );
    let mut desk = town.city.browser();
    signs_in(&town, &mut desk).await;
    assert_eq!(desk.post("/account/provider/undo", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!is_in(&mut desk).await && town.read(id).await.provider.is_none());
    assert_eq!(signs_in(&town, &mut desk).await.status, StatusCode::UNAUTHORIZED);
    town.provider.links(&mut town.city.desk("nurse@city.example").await).await;
}

#[tokio::test]
async fn nobody_is_led_out_of_the_console_nor_into_a_session_that_was_planted() {
    let town = Town::new().await;
    town.linked().await;
    for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", ""] {
        let mut browser = town.city.browser();
        let led = town.provider.visited(&begins(&mut browser, next).await).unwrap();
        assert_eq!(comes_back(&mut browser, &led).await.location(), "/console", "{next}");
    }
    let mut attackers = town.city.browser();
    signs_in(&town, &mut attackers).await;
    let planted = cookie(&attackers, "lupinus_console").unwrap();
    let mut victim = town.city.browser();
    victim.cookies.push(("lupinus_console".to_owned(), planted.clone()));
    assert_eq!(signs_in(&town, &mut victim).await.status, StatusCode::SEE_OTHER);
    assert_ne!(cookie(&victim, "lupinus_console").unwrap(), planted);
    assert!(is_in(&mut victim).await && !is_in(&mut attackers).await);
}

#[tokio::test]
async fn a_provider_that_is_silent_or_speaks_otherwise_is_said_so_and_passwords_open() {
    let town = Town::new().await;
    town.nurse().await;
    town.provider.set_down(true);
    let mut browser = town.city.browser();
    for _ in 0..3 {
        let page = browser.get("/sign-in/provider").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            page.has("「庁内アカウント」が応答しません") && page.has("name=\"password\""),
            "{}",
            page.text
        );
    }
    assert_eq!(town.provider.asked("description"), 1, "it is left alone for a while");
    assert_eq!(browser.sign_in("nurse@city.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // By name, this machine might be any other.
    let plain = |path: &str| Value::from(format!("http://localhost/{path}"));
    for described in [
        json!({"issuer": "https://evil.example"}),
        json!({"token_endpoint": plain("token")}),
        json!({"authorization_endpoint": plain("authorize")}),
        json!({"jwks_uri": plain("keys")}),
        json!({"jwks_uri": null}),
    ] {
        let town = Town::new().await;
        town.nurse().await;
        let base = town.provider.issuer().replace("127.0.0.1", "localhost");
        let described = described.to_string().replace("http://localhost", &base);
        let described: Value = serde_json::from_str(&described).unwrap();
        town.provider.describe(described.clone());
        let mut browser = town.city.browser();
        let mut page = browser.get("/sign-in/provider").await;
        if page.status == StatusCode::SEE_OTHER {
            let led = town.provider.visited(page.location()).unwrap();
            page = comes_back(&mut browser, &led).await;
        }
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{described}");
        assert!(!is_in(&mut browser).await);
    }
    // It goes down in between, and its silence is nobody's guess.
    let policy = Policy { sign_in_ceiling: (1, kit::MINUTE), ..Policy::default() };
    let town = Town::with(policy, Key::es256()).await;
    town.nurse().await;
    let mut browser = town.city.browser();
    let led = town.provider.visited(&begins(&mut browser, "/").await).unwrap();
    town.provider.set_down(true);
    assert_eq!(comes_back(&mut browser, &led).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.sign_in("nurse@city.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

async fn passes(time: std::time::Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn keys_that_change_are_fetched_anew_and_a_provider_that_wants_the_secret_in_the_form_gets_it_there() {
    let town = Town::new().await;
    town.provider.describe(json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]}));
    town.linked().await;
    assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::SEE_OTHER);
    town.provider.changes_keys("second", Key::es256());
    // Whoever has just been asked is not asked again, whatever a token names.
    assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::UNAUTHORIZED);
    passes(kit::MINUTE).await;
    assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(town.provider.asked("keys"), 2);
}

#[tokio::test]
async fn a_key_that_the_provider_withdraws_is_trusted_for_ten_minutes_at_most() {
    let town = Town::new().await;
    town.linked().await;
    town.provider.withdraws_its_key();
    passes(kit::MINUTE * 9).await;
    assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::SEE_OTHER);
    passes(kit::MINUTE).await;
    assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn while_a_provider_does_not_describe_itself_what_it_said_serves_for_an_hour_at_most() {
    let town = Town::new().await;
    town.linked().await;
    town.provider.describe(json!({"jwks_uri": null}));
    passes(kit::MINUTE * 30).await;
    for _ in 0..2 {
        assert_eq!(signs_in(&town, &mut town.city.browser()).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(town.provider.asked("description"), 2, "it is left alone for a while");
    passes(kit::MINUTE * 30).await;
    let page = town.city.browser().get("/sign-in/provider").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text);
}

#[tokio::test]
async fn without_passwords_administrators_use_theirs_and_whoever_is_not_linked_yet_links_with_theirs() {
    let single_sign_on = SingleSignOn { passwords: Passwords::Administrators, ..SingleSignOn::default() };
    let roles = Role::ALL.into_iter().collect();
    let policy = Policy { single_sign_on, second_factor: roles, ..Policy::default() };
    let town = Town::with(policy, Key::es256()).await;
    town.nurse().await;
    let mut desk = town.city.desk("nurse@city.example").await;
    assert!(
        desk.get("/account/provider/begin").await.location().ends_with("/account/second-factor"),
        "behind a password the second factor comes first"
    );
    let (_, phone) = sets_up_a_factor(&town, &mut desk, &[("password", PASSWORD)]).await;
    town.city.clock.advance(kit::MINUTE);
    town.provider.comes_to_be_linked(&mut desk).await;
    let code = phone.code(&town.city.centre);
    let page = desk.post("/account/provider", &[("password", PASSWORD), ("own_code", &code)]).await;
    assert!(page.location().ends_with("done=provider"), "{}", page.text);
    let door = town.city.browser().get("/sign-in").await;
    assert!(door.has("<details class=\"card\"><summary>パスワードでログインする</summary>"), "{}", door.text);
    town.provider.is_used_by(json!({"sub": "9"}));
    let told = signs_in(&town, &mut town.city.browser()).await;
    assert!(told.has("<details class=\"card\" open>"), "whoever is told to use a password sees where");
    town.provider.is_used_by(nurse());
    let page = town.city.browser().sign_in("nurse@city.example", PASSWORD).await;
    assert!(page.status == StatusCode::UNAUTHORIZED && page.has("<details class=\"card\" open>"));
    let mut browser = town.city.browser();
    assert_eq!(signs_in(&town, &mut browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/posts").await.status, StatusCode::OK, "the provider's second factor counts");
    let mut desk = town.city.desk("admin").await;
    assert!(
        desk.get("/staff").await.location().ends_with("/account/second-factor"),
        "behind a password ours does"
    );
}

#[tokio::test]
async fn wrong_passwords_of_a_stranger_keep_nobody_out_who_comes_from_the_provider() {
    for second_factor in [FactorOf::Provider, FactorOf::Ours] {
        let single_sign_on = SingleSignOn { second_factor, ..SingleSignOn::default() };
        let policy = Policy { single_sign_on, sign_in_ceiling: (6, kit::MINUTE * 15), ..Policy::default() };
        let town = Town::with(policy, Key::es256()).await;
        let id = town.linked().await;
        let mut desk = town.city.desk("nurse@city.example").await;
        let (_, phone) = sets_up_a_factor(&town, &mut desk, &[("password", PASSWORD)]).await;
        town.city.clock.advance(kit::MINUTE);
        for _ in 0..7 {
            town.city.browser().sign_in("nurse@city.example", "まちがったパスワード").await;
        }
        assert!(town.city.centre.is_locked(&town.read(id).await).is_some());
        let page = town.city.browser().sign_in("admin", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "all passwords are paused");
        let mut browser = town.city.browser();
        let page = signs_in(&town, &mut browser).await;
        if second_factor == FactorOf::Ours {
            assert!(page.location().contains("/sign-in/code"), "{}", page.text);
            let token = browser.get("/sign-in/code").await.csrf();
            let code = phone.code(&town.city.centre);
            browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
        }
        assert!(is_in(&mut browser).await, "{second_factor:?}");
    }
}

#[tokio::test]
async fn where_the_city_wants_its_own_second_factor_it_comes_after_the_provider() {
    let single_sign_on = SingleSignOn { second_factor: FactorOf::Ours, ..SingleSignOn::default() };
    let town = Town::with(Policy { single_sign_on, ..Policy::default() }, Key::es256()).await;
    let id = town.linked().await;
    let mut desk = town.city.desk("nurse@city.example").await;
    let (_, phone) = sets_up_a_factor(&town, &mut desk, &[("password", PASSWORD)]).await;
    town.city.clock.advance(kit::MINUTE);
    let mut browser = town.city.browser();
    let page = signs_in(&town, &mut browser).await;
    assert!(page.location().starts_with("/console/sign-in/code"), "{}", page.location());
    assert!(!is_in(&mut browser).await);
    for number in 0..5 {
        let token = browser.get("/sign-in/code").await.csrf();
        let page = browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", "000000")]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{number}");
    }
    assert!(town.city.centre.is_locked(&town.read(id).await).is_some(), "wrong codes lock as ever");
    let code = phone.code(&town.city.centre);
    let token = browser.get("/sign-in/code").await.csrf();
    let page = browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "the right one as well: {}", page.text);
    town.city.clock.advance(kit::MINUTE * 16);
    let mut browser = town.city.browser();
    signs_in(&town, &mut browser).await;
    let token = browser.get("/sign-in/code").await.csrf();
    let code = phone.code(&town.city.centre);
    let page = browser.post_raw("/sign-in/code", &[("csrf", &token), ("code", &code)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert!(is_in(&mut browser).await);
    assert!(town.trail("staff.signed_in").await.contains(&json!({"by": "provider_code"})));
}

#[tokio::test]
async fn an_administrator_undoes_a_link_and_what_it_opened_ends() {
    let town = Town::new().await;
    let id = town.linked().await;
    let mut browser = town.city.browser();
    signs_in(&town, &mut browser).await;
    let mut with_password = town.city.desk("nurse@city.example").await;
    let page = town.city.desk("admin").await.get(&format!("/staff/{id}")).await;
    assert!(page.has("庁内アカウントとの結び付けを解除する"), "{}", page.text);
    town.undoes(id).await;
    assert!(!is_in(&mut browser).await && is_in(&mut with_password).await);
    town.provider.is_used_by(json!({"sub": "8", "email": "nurse@city.example", "email_verified": true}));
    town.provider.links(&mut with_password).await;
    assert_eq!(town.read(id).await.provider.unwrap().identity.subject, "8");
}

#[tokio::test]
async fn what_nobody_began_here_is_counted_against_nobody_and_what_was_begun_by_where_it_comes_from() {
    let policy = Policy { sign_in_ceiling: (1, kit::MINUTE * 15), ..Policy::default() };
    let town = Town::with(policy, Key::es256()).await;
    town.nurse().await;
    let mut browser = town.city.browser();
    browser.headers.push(("x-forwarded-for", "203.0.113.7".to_owned()));
    let mut picture = browser.clone();
    picture.headers.push(("sec-fetch-dest", "image".to_owned()));
    for _ in 0..40 {
        let page = picture.get("/sign-in/provider/back?state=x&code=y").await;
        assert!(page.status == StatusCode::UNAUTHORIZED && page.has("始めた手続きではない"), "{}", page.text);
    }
    assert_eq!(browser.sign_in("nurse@city.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    town.provider.is_used_by(json!({"sub": "9"}));
    for _ in 0..29 {
        assert_eq!(signs_in(&town, &mut browser).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(signs_in(&town, &mut browser).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        town.city.browser().sign_in("nurse@city.example", PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn nothing_of_the_provider_is_kept_but_who_somebody_is_there() {
    let town = Town::new().await;
    town.linked().await;
    let mut browser = town.city.browser();
    signs_in(&town, &mut browser).await;
    let shown = format!("{:?} {:?}", settings(&town.provider), town.city.console);
    assert!(!shown.contains("canary"), "{shown}");
    let store = town.city.centre.store();
    for kind in lupinus_core::store::Store::kinds(&town.city.store).await.unwrap() {
        let page = store.scan(&Scan::keys(kind)).await.unwrap();
        let text = serde_json::to_string(&page.records).unwrap();
        assert!(!text.contains("canary") && !text.contains("Nurse@City"), "{text}");
    }
    for audit in town.trail("staff.provider_linked").await {
        assert_eq!(audit, Value::Null);
    }
}
