//! Requests of somebody who means harm: forms of other sites, planted sessions, disguised files, paths that lead elsewhere.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::{Method, StatusCode, header};
use kit::{
    Browser, City, PASSWORD, Page,
    world::{PNG, World},
};
use lupinus_core::{
    actor::Role,
    hash::Sha256Hash,
    policy::Policy,
    store::{MAX_PAGE, Scan, Store},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// Everything that is stored, but for sessions, which note the last click.
async fn everything(city: &City) -> Sha256Hash {
    let mut all = String::new();
    for kind in city.store.kinds().await.unwrap() {
        if kind.as_str() == "session" {
            continue;
        }
        let mut scan = Scan::keys(kind).limit(MAX_PAGE);
        loop {
            let page = city.store.scan(&scan).await.unwrap();
            all.push_str(&serde_json::to_string(&page.records).unwrap());
            let Some(next) = page.next else { break };
            scan.after = Some(next);
        }
    }
    Sha256Hash::of(all.as_bytes())
}

/// A form of each address and command in the table, of each forged kind: refused, and nothing is changed.
#[tokio::test]
async fn no_address_believes_a_form_that_is_not_its_own() {
    let mut world = World::new().await;
    world.city.staff("all", "何でも 係", &Role::ALL).await;
    let mut desk = world.city.desk("all").await;
    let own = desk.get("/account").await.csrf();
    let others = world.city.desk("helper").await.get("/account").await.csrf();
    let foreign = [("origin", "https://evil.example")];
    let cross = [("sec-fetch-site", "cross-site")];
    let mut forged = 0;
    for route in world.city.console.routes().into_iter().filter(|route| route.post) {
        for (place, _) in route.doings() {
            let path = world.real(&place).await;
            let before = everything(&world.city).await;
            for (what, body, media_type, headers) in [
                ("no token", "reason=x&comment=x".to_owned(), FORM, &[][..]),
                ("another's token", format!("reason=x&comment=x&csrf={others}"), FORM, &[]),
                ("an empty token", "reason=x&comment=x&csrf=".to_owned(), FORM, &[]),
                ("another site", format!("reason=x&comment=x&csrf={own}"), FORM, &foreign),
                ("another site's frame", format!("reason=x&comment=x&csrf={own}"), FORM, &cross),
                ("a text that looks like JSON", format!("{{\"csrf\":\"{own}\"}}"), "text/plain", &[]),
            ] {
                desk.headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
                let page =
                    desk.send(Method::POST, &format!("/console{path}"), media_type, body.into_bytes()).await;
                desk.headers.clear();
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{place}, {what}: {}", page.status);
                forged += 1;
            }
            assert_eq!(everything(&world.city).await, before, "{place} changed something");
        }
    }
    assert!(forged > 300, "only {forged} forms");
    assert_eq!(
        desk.get("/account").await.status,
        StatusCode::OK,
        "still signed in: not even signing out is believed"
    );
}

fn cookie<'a>(browser: &'a Browser, name: &str) -> Option<&'a str> {
    browser.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// R22: whoever planted a session in somebody's browser does not share it once they sign in.
#[tokio::test]
async fn a_planted_session_is_not_the_one_that_is_signed_in() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut attackers = city.desk("staff-a").await;
    let made_up = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let own = cookie(&attackers, "lupinus_console").unwrap().to_owned();
    for planted in [made_up, own] {
        let mut victim = city.browser();
        victim.cookies.push(("lupinus_console".to_owned(), planted.clone()));
        assert_eq!(victim.sign_in("admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
        assert_ne!(cookie(&victim, "lupinus_console").unwrap(), planted);
        let mut thief = city.browser();
        thief.cookies.push(("lupinus_console".to_owned(), planted));
        assert_eq!(thief.get("/staff").await.status, StatusCode::SEE_OTHER, "nobody is signed in there");
        assert_eq!(victim.get("/staff").await.status, StatusCode::OK);
    }
    assert_eq!(
        attackers.get("/account").await.status,
        StatusCode::SEE_OTHER,
        "it ended when it was used to sign in"
    );
}

/// R22: another password begins another session, under another name.
#[tokio::test]
async fn another_password_gives_the_session_another_name() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let before = cookie(&desk, "lupinus_console").unwrap().to_owned();
    let new = "あたらしい長いパスワード";
    desk.post("/account/password", &[("password", PASSWORD), ("new", new), ("again", new)]).await;
    assert_ne!(cookie(&desk, "lupinus_console").unwrap(), before);
    let mut thief = city.browser();
    thief.cookies.push(("lupinus_console".to_owned(), before));
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER);
}

/// R22, R25: whatever sets a cookie says to whom it belongs, and no value of one is in a page or an address.
#[tokio::test]
async fn every_cookie_is_for_the_browser_alone() {
    let city = City::new().await;
    let mut browser = city.browser();
    let token = browser.get("/sign-in").await.csrf();
    let pages = [
        browser.get("/sign-in").await,
        browser.sign_in("admin", "まちがったパスワード").await,
        browser.sign_in("admin", PASSWORD).await,
        browser.get("").await,
        browser.post("/sign-out", &[]).await,
    ];
    let mut set = 0;
    for page in &pages {
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let strict =
                if cookie.starts_with("lupinus_sign_in=") { "SameSite=Strict" } else { "SameSite=Lax" };
            if cookie.contains("Max-Age=0") {
                continue; // It is taken away.
            }
            for word in ["HttpOnly", "Secure", strict, "Path=/console"] {
                assert!(cookie.contains(word), "{word} is missing in {cookie}");
            }
            assert!(!cookie.contains("Domain="), "{cookie}");
            let value = cookie.split(['=', ';']).nth(1).unwrap();
            let hidden = cookie.starts_with("lupinus_console=") && !value.is_empty();
            assert!(!hidden || pages.iter().all(|page| !page.has(value) && !page.location().contains(value)));
            set += 1;
        }
    }
    assert!(set >= 3, "only {set} cookies were looked at");
    assert_ne!(token, browser.get("/sign-in").await.csrf(), "a token of the sign-in page serves once");
}

/// Wherever one is sent on to, it is a page of the console.
#[tokio::test]
async fn no_address_leads_to_another_site() {
    let bare = City::with(Policy::default(), |console| console.base_path("")).await;
    let nested = City::new().await;
    for next in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/%0d%0aSet-Cookie:a=b",
        "/.//evil.example",
        "/..//evil.example",
        "@evil.example",
        ".evil.example",
        " //evil.example",
        "/\u{2025}evil.example",
    ] {
        for (city, base) in [(&nested, "/console"), (&bare, "")] {
            let mut browser = city.browser();
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            let page = browser.send(Method::GET, &format!("{base}/sign-in?{query}"), "", Vec::new()).await;
            let fields = [
                ("csrf", page.csrf()),
                ("login", "admin".into()),
                ("password", PASSWORD.into()),
                ("next", next.into()),
            ];
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let page = browser.send(Method::POST, &format!("{base}/sign-in"), FORM, body.into_bytes()).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{next}");
            let location = page.location();
            let here = url::Url::parse("https://console.test/").unwrap().join(location).unwrap();
            assert_eq!(here.host_str(), Some("console.test"), "{next} leads to {location}");
            assert!(location.starts_with('/') && !location.starts_with("//"), "{next} leads to {location}");
            assert!(
                page.headers
                    .get_all(header::SET_COOKIE)
                    .iter()
                    .all(|cookie| !cookie.to_str().unwrap().contains("a=b"))
            );
        }
    }
}

fn multipart(fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: image/png\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

async fn uploads(desk: &mut Browser, file_name: &str, file: &[u8]) -> Page {
    let token = desk.get("/account").await.csrf();
    let fields = [
        ("csrf", token.as_str()),
        ("category", "notice"),
        ("title", "様式の変更"),
        ("body", "新しい様式を使います。"),
        ("file_alt", "様式の見本"),
        ("persons_checked", "1"),
    ];
    let body = multipart(&fields, file_name, file);
    desk.send(Method::POST, "/console/posts/new", "multipart/form-data; boundary=edge", body).await
}

/// What a file is, its first bytes say, and a browser is told to believe nothing else.
#[tokio::test]
async fn a_disguised_file_is_refused_or_does_no_harm() {
    let world = World::new().await;
    let mut desk = world.city.desk("author").await;
    let script = b"<html><script>alert(document.cookie)</script></html>";
    for (name, file) in [
        ("flyer.pdf", &script[..]),
        ("flyer.png", script),
        ("flyer.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("flyer.png", b"GIF89a/*<script>*/=1"),
        ("flyer.jpg", b"\n\x89PNG\r\n\x1a\n"),
        ("flyer.pdf", b"MZ\x90\0program"),
        ("flyer.png", b"PK\x03\x04[Content_Types].xml"),
        ("flyer.png", b"\x89PNG"),
    ] {
        let page = uploads(&mut desk, name, file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", page.text);
        assert!(page.has("JPEG・PNG の画像と PDF"), "{}", page.text);
    }
    let mut picture = PNG.to_vec();
    picture.extend_from_slice(script);
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend_from_slice(script);
    for (name, file, media_type, place) in [
        ("../../../etc/passwd\u{202e}gnp.exe", &picture, "image/png", "inline"),
        ("a\\\"; filename=evil.html", &pdf, "application/pdf", "attachment"),
    ] {
        let page = uploads(&mut desk, name, file).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
        let file = desk.get(&format!("{path}/attachments/{}", Sha256Hash::of(file))).await;
        let header = |name: &str| file.headers[name].to_str().unwrap();
        assert_eq!(header("content-type"), media_type);
        assert_eq!(header("content-disposition"), place, "a name of somebody's is in no header");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
    }
}

/// What serves files serves those of its own item alone.
#[tokio::test]
async fn no_path_leads_out_of_what_is_served() {
    let mut world = World::new().await;
    world.city.staff("all", "何でも 係", &Role::ALL).await;
    let mut desk = world.city.desk("all").await;
    let post = world.real("/posts/{id}").await;
    let consultation = world.real("/consultations/{id}").await;
    let names = [
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2fCargo.toml",
        "..%5c..%5cCargo.toml",
        "....//Cargo.toml",
        "%00",
        "icon.svg%00.css",
        "/etc/passwd",
        "console.css",
        "..%c0%af..%c0%afetc",
        "file:%2f%2f%2fetc%2fpasswd",
    ];
    for place in ["/assets".to_owned(), format!("{post}/attachments"), format!("{consultation}/media")] {
        for name in names {
            let page = desk.get(&format!("{place}/{name}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{place}/{name}");
        }
    }
    // Another post's file, by its true name.
    let other = world
        .city
        .submitted(world.city.staff("staff-b", "確認 次郎", &[Role::Checker]).await, kit::training("別"))
        .await;
    let page = desk.get(&format!("/posts/{other}/attachments/{}", Sha256Hash::of(PNG))).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

/// Every body has a bound; of a visitor's no more is read than words need.
#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let world = World::new().await;
    let mut desk = world.city.desk("author").await;
    let large = vec![b'a'; 600 * 1024];
    for path in
        ["/sign-in", "/sign-in/code", "/sign-out", "/account/password", "/account/deputies", "/incidents/new"]
    {
        let page = desk.send(Method::POST, &format!("/console{path}"), FORM, large.clone()).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let huge = vec![b'a'; 32 * 1024 * 1024];
    let page = desk.send(Method::POST, "/console/posts/new", FORM, huge.clone()).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.has("10MB"), "{}", page.text);

    // Whose session has ended gets back what they typed before the file; the file is not read, nor what stands behind it.
    let mut file = PNG.to_vec();
    file.resize(4 * 1024 * 1024, 0);
    let mut body = multipart(&[("title", "ことばは残る"), ("csrf", "x")], "flyer.png", &file);
    body.truncate(body.len() - "--edge--\r\n".len());
    body.extend(multipart(&[("body", "うしろのことば")], "second.png", PNG));
    let mut visitor = world.city.browser();
    let page =
        visitor.send(Method::POST, "/console/posts/new", "multipart/form-data; boundary=edge", body).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.has("ことばは残る") && page.has("ログインし直して"), "{}", page.text);
    assert!(!page.has("うしろのことば"), "the file was read");
    assert_eq!(
        visitor.send(Method::POST, "/console/posts/new", FORM, huge).await.status,
        StatusCode::UNAUTHORIZED
    );
}
