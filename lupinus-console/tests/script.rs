//! A script in every field that somebody fills, and in every part of an address: it is shown, and never runs.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{collections::BTreeSet, sync::Arc};

use axum::http::StatusCode;
use kit::{Blobs, Browser, City, Page};
use lupinus_core::{
    actor::Role,
    choices::{ProfessionChoice, ProfessionGroup, Professions},
    member::Profession,
    policy::Policy,
};

/// Ends an attribute, a tag and a text, whichever it finds itself in.
fn script(number: usize) -> String {
    format!("M{number}\"'><script>alert({number})</script><b onclick=x")
}

/// The same, where only twenty characters are taken.
fn short(number: usize) -> String {
    format!("M{number}\"'><script>a")
}

/// What a page must never hold: the mark with its quotation mark as it was typed, or the beginning of its script.
fn assert_harmless(page: &Page, place: &str, seen: &mut BTreeSet<usize>) {
    let html = &page.text;
    let media_type = page.headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    let is_page = media_type.starts_with("text/html");
    if is_page {
        assert!(
            !html.contains("<script>") && !html.contains("<b onclick"),
            "{place}: a script of somebody's"
        );
    }
    for (at, _) in html.match_indices('M') {
        let rest = &html[at + 1..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let (number, after) = (digits.parse::<usize>(), &rest[digits.len()..]);
        if let Ok(number) = number
            && after.trim_start_matches("&#34;").starts_with("&#39;&#62;&#60;script")
        {
            seen.insert(number);
        }
        assert!(
            !is_page || digits.is_empty() || !after.starts_with('"'),
            "{place}: an attribute ends in M{digits}"
        );
    }
}

fn multipart(fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head =
        format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

async fn posts_with_file(desk: &mut Browser, path: &str, fields: &[(&str, &str)], file_name: &str) -> Page {
    let token = desk.get("/account").await.csrf();
    let mut all = vec![("csrf", token.as_str())];
    all.extend_from_slice(fields);
    let body = multipart(&all, file_name, kit::world::PNG);
    let path = format!("/console{path}");
    desk.send(axum::http::Method::POST, &path, "multipart/form-data; boundary=edge", body).await
}

fn id_in(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page.location().split(['/', '?']).nth(3).unwrap().to_owned()
}

/// A city in which every field was filled with a script, and whoever may see it all.
struct Filled {
    city: City,
    desk: Browser,
    places: Vec<(&'static str, String)>,
    /// What refused forms answered.
    answers: Vec<(String, Page)>,
    numbers: usize,
}

async fn filled() -> Filled {
    let blobs = Arc::new(Blobs::default());
    let nurse =
        ProfessionChoice { profession: Profession("Nurse".to_owned()), label: "看護師".to_owned() };
    let group = ProfessionGroup { label: "医療".to_owned(), professions: vec![nurse] };
    let policy = Policy { professions: Professions::offering(vec![group]), ..Policy::default() };
    let city = City::with(policy, |console| console.blob(blobs)).await;
    city.staff("all", "何でも 係", &Role::ALL).await;
    city.staff("author", &script(1), &[Role::Checker, Role::Consultant]).await;
    let (mut desk, mut author) = (city.desk("all").await, city.desk("author").await);
    let mut answers = Vec::new();
    let mut m: Vec<String> = (0..60).map(script).collect();
    for number in [32, 51, 52, 53, 54] {
        m[number] = short(number);
    }

    // Bodies, staff and words, by their forms; taken once and refused once.
    let body = {
        let made = desk.post("/bodies", &[("name", &m[2])]).await;
        let again = desk.post("/bodies", &[("name", &m[2])]).await;
        answers.push(("a body twice".to_owned(), again));
        id_in(&made)
    };
    let refused = [("name", m[3].as_str()), ("login", &m[4]), ("password", "zu kurz"), ("role", "auditor")];
    answers.push(("staff refused".to_owned(), desk.post("/staff", &refused).await));
    desk.post("/words", &[("word", &m[5]), ("sort", "person")]).await;

    // A post with all its fields and a file, refused for its date first.
    let fields = [
        ("category", "training"),
        ("title", m[6].as_str()),
        ("body", &m[7]),
        ("venue", &m[8]),
        ("fee", &m[9]),
        ("contact", &m[10]),
        ("hosts", &m[11]),
        ("file_alt", &m[12]),
        ("starts", "18:30"),
        ("body_id", &body),
        ("persons_checked", "1"),
    ];
    let file_name = m[13].replace('"', ""); // Browsers write it as %22, and nobody undoes that.
    let mut wrong = fields.to_vec();
    wrong.extend([("date", m[14].as_str()), ("apply_by", &m[15]), ("capacity", &m[16]), ("link", &m[17])]);
    answers.push((
        "a post refused".to_owned(),
        posts_with_file(&mut author, "/posts/new", &wrong, &file_name).await,
    ));
    let mut right = fields.to_vec();
    right.extend([("date", "2026-10-20"), ("then", "submit")]);
    let made = posts_with_file(&mut author, "/posts/new", &right, &file_name).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let post = id_in(&made);
    let path = |doing: &str| format!("/posts/{post}/{doing}");
    desk.post(&path("take"), &[]).await;
    answers
        .push(("approved too early".to_owned(), desk.post(&path("approve"), &[("revision", &m[18])]).await));
    let back = desk.post(&path("return"), &[("comment", &m[19]), ("field", "title")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    let by = city.staff("other", "起案 次郎", &[Role::Checker]).await;
    let other = format!("/posts/{}", city.submitted(by, kit::training("別の研修")).await);
    desk.post(&format!("{other}/take"), &[]).await;
    let rejected = desk.post(&format!("{other}/reject"), &[("reason", &m[20])]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text);
    answers.push(("a post rejected".to_owned(), desk.get(&other).await));
    answers.push(("the edit".to_owned(), author.get(&path("edit")).await));
    let mut again = right.clone();
    again[1].1 = &m[21];
    let edited = author.post(&path("edit"), &again).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.text);
    desk.post(&path("withdraw"), &[("reason", &m[22])]).await;

    // A consultation: what a member writes, and what staff write beside it.
    let member = city.member("U1").await;
    let consultation = city.asks(member, &m[30]).await.to_string();
    let path = |doing: &str| format!("/consultations/{consultation}/{doing}");
    desk.post(&path("take"), &[]).await;
    for (doing, field, number) in [("note", "text", 31), ("tag", "tag", 32), ("answer", "text", 33)] {
        let page = desk.post(&path(doing), &[(field, &m[number][..]), ("confirmed", "1")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{doing}: {}", page.text);
    }
    let personal = format!("{}090-1234-5678", m[34]);
    answers.push(("an answer refused".to_owned(), desk.post(&path("answer"), &[("text", &personal)]).await));

    // What becomes a frequently asked question of it.
    let draft = path("faq");
    let begun = desk.get(&draft).await;
    let read = begun.value_of("seen");
    answers.push(("a draft".to_owned(), begun));
    let personal =
        [("question", m[55].as_str()), ("answer", &personal), ("topic", "oral"), ("seen", read.as_str())];
    answers.push(("a draft refused".to_owned(), desk.post(&draft, &personal).await));
    let words = [
        ("question", m[55].as_str()),
        ("answer", &m[56]),
        ("topic", "oral"),
        ("confirmed", "1"),
        ("seen", read.as_str()),
    ];
    let faq = id_in(&desk.post(&draft, &words).await);

    let canned = id_in(&desk.post("/answers/new", &[("title", &m[35]), ("text", &m[36])]).await);

    // An incident with all its items.
    let items: Vec<(String, String)> = lupinus_core::incident::Item::ALL
        .iter()
        .enumerate()
        .map(|(at, item)| (format!("item_{}", item.name()), m[40 + at].clone()))
        .collect();
    let mut fields: Vec<(&str, &str)> =
        items.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("learned_date", "2026-10-05"), ("learned_time", "09:00")]);
    let incident = id_in(&desk.post("/incidents/new", &fields).await);
    let closed = desk.post(&format!("/incidents/{incident}/close"), &[("reason", &m[50])]).await;
    answers.push(("closed".to_owned(), closed));

    let professions = [
        ("seen", "0"),
        ("g1.label", &m[51]),
        ("label.Nurse", &m[52]),
        ("group.Nurse", "g1"),
        ("order.Nurse", "1"),
        ("new.g1.1", &m[53]),
    ];
    for (part, fields) in [("professions", &professions[..]), ("areas", &[("seen", "0"), ("areas", &m[54])])]
    {
        let looked = desk.post(&format!("/settings/{part}/preview"), fields).await;
        answers.push((format!("{part} looked at"), looked));
        let page = desk.post(&format!("/settings/{part}/change"), fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{part}: {}", page.text);
    }

    let staff = city.centre.staff_by_login("author").await.unwrap().unwrap().value.id.to_string();
    let places = vec![
        ("posts", post),
        ("consultations", consultation),
        ("answers", canned),
        ("faq", faq),
        ("incidents", incident),
        ("bodies", body),
        ("staff", staff),
        ("settings", "professions".to_owned()),
    ];
    Filled { city, desk, places, answers, numbers: 57 }
}

impl Filled {
    /// Every page of the table.
    fn pages(&self) -> Vec<String> {
        let routes = self.city.console.routes().into_iter().filter(|route| route.get);
        let mut pages = Vec::new();
        for route in routes.filter(|route| !route.path.contains("{hash}") && !route.path.contains("{entry}"))
        {
            let first = route.path.split('/').nth(1).unwrap();
            let id = self
                .places
                .iter()
                .find(|(place, _)| *place == first)
                .map_or("icon.svg", |(_, id)| id.as_str());
            let path = route.path.replace("{id}", id).replace("{file}", id);
            assert!(!path.contains('{'), "say here what stands for the places of {path}");
            pages.push(path.trim_end_matches('/').to_owned());
        }
        for more in [
            "/posts?view=all",
            "/posts?view=withdrawn",
            "/consultations?view=all",
            "/incidents?view=closed",
            "/audit?date=2026-10-05",
            "/settings/areas",
            "/figures?period=2026-10",
            "/figures/csv?period=2026-10",
        ] {
            pages.push(more.to_owned());
        }
        pages
    }
}

/// Stored: each page, after every field was filled.
#[tokio::test]
async fn a_script_in_any_field_is_shown_as_it_was_typed_and_never_runs() {
    let mut filled = filled().await;
    let mut seen = BTreeSet::new();
    for (place, page) in &filled.answers {
        assert_harmless(page, place, &mut seen);
    }
    for path in filled.pages() {
        let page = filled.desk.get(&path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        assert_harmless(&page, &path, &mut seen);
    }
    // Each was somewhere to be seen, or the test would have proved nothing of it.
    let hidden = [0, 5, 14, 15, 16, 18, 23, 24, 25, 26, 27, 28, 29, 37, 38, 39, 49];
    let expected: BTreeSet<usize> = (0..filled.numbers).filter(|number| !hidden.contains(number)).collect();
    let missing: Vec<&usize> = expected.difference(&seen).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
}

/// Reflected: each page, with a script in each thing that an address can say.
#[tokio::test]
async fn a_script_in_an_address_never_comes_back() {
    let mut filled = filled().await;
    let mut visitor = filled.city.browser();
    let mut asked = 0;
    for path in filled.pages() {
        for name in [
            "done",
            "view",
            "after",
            "after_suggested",
            "date",
            "body",
            "period",
            "next",
            "from",
            "entry",
            "q",
            "tag",
            "text",
            "topic",
            "month",
            "who",
            "reload",
        ] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &script(99)).finish();
            for browser in [&mut filled.desk, &mut visitor] {
                let page = browser.get(&format!("{path}{joint}{query}")).await;
                assert!(!page.status.is_server_error(), "{path} {name}: {}", page.status);
                assert_harmless(&page, &format!("{path} {name}"), &mut BTreeSet::new());
                asked += 1;
            }
        }
        let page = filled
            .desk
            .get(&format!("{}/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", path.split('?').next().unwrap()))
            .await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        assert!(!page.has("<script>"), "{path}");
    }
    assert!(asked > 500, "only {asked} addresses");
    let token = visitor.get("/sign-in").await.csrf();
    let fields = [("csrf", token.as_str()), ("login", &script(98)), ("password", "x"), ("next", &script(97))];
    let page = visitor.post_raw("/sign-in", &fields).await;
    assert_harmless(&page, "sign-in", &mut BTreeSet::new());
}
