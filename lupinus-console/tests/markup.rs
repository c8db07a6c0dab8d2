//! What holds for the markup of every page.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use kit::{City, training};
use lupinus_core::{actor::Role, post::Command, service::By};

/// Every page that can be looked at, in a city where something has happened.
async fn pages() -> Vec<(String, kit::Page)> {
    let city = City::new().await;
    let all = [Role::Administrator, Role::Checker, Role::Approver, Role::Consultant, Role::Auditor];
    let everybody = city.staff("all", "何でも 係", &all).await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let body = city.body("訪問看護連絡会").await;
    let submitted = city.submitted(author, training("<script>alert(1)</script>")).await;
    let approved = city.submitted(author, training("口腔ケア研修 \"引用\" & 'その他'")).await;
    city.post_command(By::Staff(author), approved, Command::Take).await.unwrap();
    let approve = Command::Approve { revision: 1, confirmed: false };
    city.post_command(By::Staff(everybody), approved, approve).await.unwrap();
    let member = city.member("U1").await;
    let sent = city.submitted(author, training("褥瘡ケア研修")).await;
    city.post_command(By::Staff(author), sent, Command::Take).await.unwrap();
    let approve = Command::Approve { revision: 1, confirmed: false };
    city.post_command(By::Staff(everybody), sent, approve).await.unwrap();
    city.sent(everybody, sent).await;
    let consultation = city.asks(member, "<img src=x onerror=alert(1)> 質問です。").await;
    let mut desk = city.desk("all").await;
    desk.post(&format!("/consultations/{consultation}/take"), &[]).await;
    desk.post(&format!("/consultations/{consultation}/answer"), &[("text", "窓口へどうぞ。")]).await;
    let draft = format!("/consultations/{consultation}/faq");
    let seen = desk.get(&draft).await.value_of("seen");
    let words = [
        ("question", "<b>質問</b>"),
        ("answer", "<i>窓口</i>へどうぞ。"),
        ("topic", "oral"),
        ("seen", seen.as_str()),
    ];
    let made = desk.post(&draft, &words).await;
    let faq = made.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let canned = [("title", "<b>案内</b>"), ("text", "受付は{受付時間}です。")];
    let made = desk.post("/answers/new", &canned).await;
    let canned = made.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let mut pages = vec![("sign-in".to_owned(), city.browser().get("/sign-in").await)];
    for path in [
        String::new(),
        "/posts".to_owned(),
        "/posts?view=approved".to_owned(),
        "/calendar".to_owned(),
        "/posts/new".to_owned(),
        format!("/posts/{submitted}"),
        format!("/posts/{approved}"),
        format!("/posts/{approved}/send"),
        format!("/posts/{sent}"),
        format!("/posts/{sent}/correct"),
        "/consultations".to_owned(),
        "/consultations?view=all".to_owned(),
        format!("/consultations/{consultation}"),
        "/answers".to_owned(),
        "/consultations/search".to_owned(),
        "/answers/new".to_owned(),
        canned,
        "/faq".to_owned(),
        faq,
        "/outbox".to_owned(),
        "/members".to_owned(),
        format!("/members/{member}"),
        "/settings".to_owned(),
        "/settings/hours".to_owned(),
        "/settings/quiet".to_owned(),
        "/settings/ceilings".to_owned(),
        "/settings/screening".to_owned(),
        "/settings/routes".to_owned(),
        "/settings/deadlines".to_owned(),
        "/settings/professions".to_owned(),
        "/settings/areas".to_owned(),
        "/settings/retention".to_owned(),
        "/settings/texts".to_owned(),
        "/settings/texts?text=rules".to_owned(),
        "/bodies".to_owned(),
        format!("/bodies/{body}"),
        "/staff".to_owned(),
        format!("/staff/{author}"),
        "/account".to_owned(),
        "/permissions".to_owned(),
        "/audit".to_owned(),
        "/audit/check".to_owned(),
        "/disposals".to_owned(),
        "/figures".to_owned(),
        "/figures?period=2026".to_owned(),
        "/nothing".to_owned(),
    ] {
        let page = desk.get(&path).await;
        pages.push((path, page));
    }
    let take = desk.post(&format!("/posts/{submitted}/take"), &[]).await;
    assert_eq!(take.status.as_u16(), 303);
    pages.push(("in review".to_owned(), desk.get(&format!("/posts/{submitted}")).await));
    let confirm = desk.post(&format!("/posts/{approved}/send/confirm"), &[("scope", "members")]).await;
    pages.push(("confirm".to_owned(), confirm));
    let look = desk.post(&format!("/members/{member}/look"), &[("reason", "audit")]).await;
    pages.push(("look".to_owned(), look));
    pages.push(("erase".to_owned(), desk.post(&format!("/members/{member}/erase"), &[]).await));
    pages.push(("code".to_owned(), desk.post(&format!("/bodies/{body}/invite"), &[]).await));
    pages
}

/// Every start tag of this name, as written.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(&open) {
        let tag = &rest[start..];
        let end = tag.find('>').unwrap();
        if !tag.as_bytes()[open.len()].is_ascii_alphanumeric() {
            found.push(&tag[..=end]);
        }
        rest = &tag[open.len()..];
    }
    found
}

#[tokio::test]
async fn no_page_has_an_inline_script_or_style_or_anything_from_outside() {
    for (path, page) in pages().await {
        let html = &page.text;
        assert!(page.status.is_success() || path == "/nothing", "{path}: {}", page.status);
        for script in tags(html, "script") {
            assert!(script.starts_with("<script src=\"/console/assets/"), "{path}: {script}");
        }
        assert!(tags(html, "style").is_empty() && !html.contains(" style=\""), "{path}");
        assert!(tags(html, "img").is_empty() && tags(html, "iframe").is_empty(), "{path}");
        for attribute in [" onclick=", " onload=", " onsubmit=", "javascript:"] {
            assert!(!html.contains(attribute), "{path}: {attribute}");
        }
        for attribute in ["href=\"", "src=\"", "action=\""] {
            for part in html.split(attribute).skip(1) {
                let target = part.split('"').next().unwrap();
                assert!(
                    target.starts_with("/console") || target.starts_with('#'),
                    "{path}: {attribute}{target}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_form_that_changes_something_carries_the_token() {
    let mut forms = 0;
    for (path, page) in pages().await {
        for part in page.text.split("<form").skip(1) {
            let form = part.split("</form>").next().unwrap();
            if form.contains("method=\"post\"") {
                forms += 1;
                let token =
                    form.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
                assert!(token.is_some_and(|token| token.len() == 43), "{path}: {form}");
            } else {
                assert!(form.contains("method=\"get\""), "{path}: {form}");
            }
        }
    }
    assert!(forms > 40, "only {forms} forms were looked at");
}

// R41
#[tokio::test]
async fn every_page_is_japanese_has_one_heading_a_way_to_skip_and_labelled_fields() {
    for (path, page) in pages().await {
        let html = &page.text;
        assert!(html.contains("<html lang=\"ja\">") && html.contains("width=device-width"), "{path}");
        assert_eq!(tags(html, "h1").len(), 1, "{path}");
        assert!(html.contains("href=\"#main\"") && html.contains("<main id=\"main\""), "{path}");
        for name in ["input", "select", "textarea"] {
            for tag in tags(html, name) {
                if tag.contains("type=\"hidden\"") {
                    continue;
                }
                let place = tag.as_ptr() as usize - html.as_ptr() as usize;
                let before = &html[..place];
                let inside = before.matches("<label").count() > before.matches("</label>").count();
                let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let named = id.is_some_and(|id| html.contains(&format!("for=\"{id}\"")));
                assert!(inside || named, "{path}: no label for {tag}");
            }
        }
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path}: an id stands twice");
    }
}

#[tokio::test]
async fn every_answer_has_its_security_headers() {
    let city = City::new().await;
    let mut browser = city.browser();
    for path in ["/sign-in", "", "/nothing", "/assets/icon.svg"] {
        let page = browser.get(path).await;
        let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap());
        let policy = header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control") == "no-store", path != "/assets/icon.svg", "{path}");
    }
}

#[tokio::test]
async fn the_style_sheet_has_a_hash_in_its_name_and_may_be_kept() {
    let city = City::new().await;
    let mut browser = city.browser();
    let page = browser.get("/sign-in").await;
    let name =
        page.text.split("/console/assets/console-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let sheet = browser.get(&format!("/assets/console-{name}")).await;
    assert_eq!(sheet.status.as_u16(), 200);
    assert!(sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(!sheet.text.contains("http") && !sheet.text.contains("@import"), "nothing from outside");
    assert_eq!(browser.get("/assets/console-00000000.css").await.status.as_u16(), 404);
}
