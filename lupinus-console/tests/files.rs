//! Attachments at the desk.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{io::Write, sync::Arc};

use axum::http::{Method, StatusCode};
use kit::{Blobs, City};
use lupinus_core::{actor::Role, blob::Blob, hash::Sha256Hash, policy::Policy, testkit::PlainReader};

fn multipart(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    write!(body, "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"flyer.png\"\r\n\r\n")
        .unwrap();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

async fn submit(desk: &mut kit::Browser, alt: &str, token: Option<&str>, file: &[u8]) -> kit::Page {
    submit_with(desk, alt, token, file, &[("persons_checked", "1")]).await
}

async fn submit_with(
    desk: &mut kit::Browser,
    alt: &str,
    token: Option<&str>,
    file: &[u8],
    more: &[(&str, &str)],
) -> kit::Page {
    let own = desk.get("/account").await.csrf();
    let mut fields = vec![
        ("csrf", token.unwrap_or(&own)),
        ("category", "notice"),
        ("title", "様式の変更"),
        ("body", "新しい様式を使います。"),
        ("file_alt", alt),
    ];
    fields.extend_from_slice(more);
    let body = multipart(&fields, file);
    desk.send(Method::POST, "/console/posts/new", "multipart/form-data; boundary=edge", body).await
}

#[tokio::test]
async fn a_picture_is_kept_shown_with_its_words_and_served_as_what_it_is() {
    let blobs = Arc::new(Blobs::default());
    let city = City::with(Policy::default(), |console| console.blob(blobs.clone())).await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let page = submit(&mut desk, "様式の見本", None, PNG).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let page = desk.get(&path).await;
    assert!(page.has("alt=\"様式の見本\"") && page.has("flyer.png"), "{}", page.text);
    let file = desk.get(&format!("{path}/attachments/{}", Sha256Hash::of(PNG))).await;
    assert_eq!(file.headers["content-type"], "image/png");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    let other = desk.get(&format!("{path}/attachments/{}", Sha256Hash::of(b"other"))).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "only what belongs to the post");
}

// R42
#[tokio::test]
async fn a_picture_without_words_and_a_file_of_another_kind_are_refused() {
    let blobs = Arc::new(Blobs::default());
    let city = City::with(Policy::default(), |console| console.blob(blobs.clone())).await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let page = submit(&mut desk, "", None, PNG).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("代替テキスト)を入力してください"),
        "{}",
        page.text
    );
    let page = submit(&mut desk, "説明", None, b"<svg onload=alert(1)>").await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("JPEG・PNG の画像と PDF"),
        "{}",
        page.text
    );
    let page = submit(&mut desk, "説明", Some("wrong"), PNG).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "a form with a file needs its token too");
}

// R11
#[tokio::test]
async fn the_text_of_a_pdf_is_screened_and_of_what_has_none_a_person_says_that_nobody_is_in_it() {
    let blobs = Arc::new(Blobs::default());
    let policy = Policy::default();
    let mut city = City::with(policy, |console| console.blob(blobs.clone())).await;
    city.read_files_with(Arc::new(PlainReader), |console| console.blob(blobs.clone()));
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let personal = "%PDF-1.7\n利用者の山田花子さん 090-1234-5678".as_bytes();
    let page = submit(&mut desk, "案内", None, personal).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    assert!(page.has("PDFの中に個人情報と思われる記載があります(氏名、電話番号)"), "{}", page.text);
    assert!(blobs.get(Sha256Hash::of(personal)).await.unwrap().is_none(), "it is not kept");

    for blind in [PNG, b"%PDF-1.7 a scan"] {
        let page = submit_with(&mut desk, "案内", None, blind, &[]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
        assert!(page.has("個人が分かる顔・氏名などがないことを確認してください"), "{}", page.text);
        let page = submit(&mut desk, "案内", None, blind).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
        let page = desk.get(&path).await;
        assert!(page.has("提出した方が、人物や個人情報がないことを確認しています"), "{}", page.text);
    }
    // With a text of its own it needs no tick, and says what was found.
    let read = "%PDF-1.7\n講師：佐々木健一先生".as_bytes();
    let page = submit_with(&mut desk, "案内", None, read, &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let page = desk.get(&path).await;
    assert!(page.has("文字に確認が必要な記載があります(専門職氏名)"), "{}", page.text);
}

// R11
#[tokio::test]
async fn a_picture_in_a_consultation_is_seen_by_the_one_who_looks_and_by_others_only_after_their_word() {
    use lupinus_core::consultation::{ConsultationPolicy, Media, MediaState};
    let blobs = Arc::new(Blobs::default());
    let consultations = ConsultationPolicy { holds_media: true, ..ConsultationPolicy::default() };
    let policy = Policy { consultations, ..Policy::default() };
    let city = City::with(policy, |console| console.blob(blobs.clone())).await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    city.staff("staff-d", "応対 太郎", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "この器具の名前を教えてください。").await;
    let show = async |bytes: &'static [u8], message: &str| {
        let sha256 = blobs.put(bytes::Bytes::from_static(bytes)).await.unwrap();
        let state = MediaState::Held { sha256, viewer: None };
        let media = Media { media_type: "image/png".to_owned(), size_bytes: 9, state };
        let by = lupinus_core::service::By::Member(member);
        let shown = city.centre.transact(|mut work| {
            let media = media.clone();
            async move {
                work.show(by, media, message.to_owned()).await?;
                work.done(())
            }
        });
        shown.await.unwrap();
        let thread = city.centre.consultation(by, id).await.unwrap().value.thread;
        (thread.last().unwrap().id.to_string(), sha256)
    };
    let (entry, hash) = show(PNG, "m2").await;
    let (mut c, mut d) = (city.desk("staff-c").await, city.desk("staff-d").await);
    let path = format!("/consultations/{id}");
    let picture = format!("{path}/media/{entry}");
    let page = c.get(&path).await;
    assert!(page.has("だれにも表示しません") && !page.has(&picture), "{}", page.text);
    assert_eq!(c.get(&picture).await.status, StatusCode::NOT_FOUND);
    // Nobody vouches for what they have not opened.
    let page = c.post(&format!("{path}/media-keep"), &[("entry", &entry)]).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("先に「開いて確認する」"),
        "{}",
        page.text
    );
    assert_eq!(
        c.post(&format!("{path}/media-open"), &[("entry", &entry)]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(c.get(&picture).await.headers["content-type"], "image/png");
    assert_eq!(d.get(&picture).await.status, StatusCode::NOT_FOUND, "not before the tick");
    assert!(d.get(&path).await.has("相談 員子さんが確認しています"));
    let page = d.post(&format!("{path}/media-keep"), &[("entry", &entry)]).await;
    assert!(page.has("ほかの職員が確認しています"), "{}", page.text);
    // The tick is demanded, not only drawn.
    let page = c.post(&format!("{path}/media-keep"), &[("entry", &entry)]).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("確認しました」に印を付けて"),
        "{}",
        page.text
    );
    assert_eq!(d.get(&picture).await.status, StatusCode::NOT_FOUND, "not before the tick");
    let page = c.post(&format!("{path}/media-keep"), &[("entry", &entry), ("checked", "1")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(d.get(&picture).await.status, StatusCode::OK);
    assert!(blobs.get(hash).await.unwrap().is_some());

    // Who shows somebody is removed, and the member is told.
    let (entry, hash) = show(b"\x89PNG\r\n\x1a\nsomebody", "m3").await;
    d.post(&format!("{path}/media-open"), &[("entry", &entry)]).await;
    let page = d.post(&format!("{path}/media-remove"), &[("entry", &entry)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(d.get(&format!("{path}/media/{entry}")).await.status, StatusCode::NOT_FOUND);
    assert!(blobs.get(hash).await.unwrap().is_none(), "it is gone from the disk");
    assert!(d.get(&path).await.has("個人が分かるため消去しました"));

    // Whoever opened it has gone home: a colleague takes it over, and the trail says so.
    let (entry, _) = show(b"\x89PNG\r\n\x1a\nleft open", "m5").await;
    c.post(&format!("{path}/media-open"), &[("entry", &entry)]).await;
    let page = d.get(&path).await;
    let action = format!("/console{path}/media-take");
    assert!(page.has(&action) && page.has("確認を引き継ぐ"), "{}", page.text);
    assert!(!c.get(&path).await.has(&action), "nobody takes over from themselves");
    let to = page.value_of("to");
    let (mut c2, picture) = (city.desk("staff-c").await, format!("{path}/media/{entry}"));
    let taken = d.post(&format!("{path}/media-take"), &[("entry", &entry), ("to", &to)]).await;
    assert_eq!(taken.location(), format!("/console{path}?done=consultation-media-take"), "{}", taken.text);
    assert_eq!((d.get(&picture).await.status, c2.get(&picture).await.status.as_u16()), (StatusCode::OK, 404));
    let late = c2.post(&format!("{path}/media-keep"), &[("entry", &entry), ("checked", "1")]).await;
    assert!(late.has("ほかの職員が確認しています"), "{}", late.text);
    let trail = city.desk("admin").await.get("/audit?date=2026-10-05").await;
    assert!(trail.has("写真・ファイルの確認を引継ぎ"), "{}", trail.text);
    let page = d.post(&format!("{path}/media-remove"), &[("entry", &entry)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);

    // What a post has, too, stays for the post.
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let flyer = b"\x89PNG\r\n\x1a\na flyer of ours";
    let page = submit(&mut city.desk("staff-a").await, "ちらし", None, flyer).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let (entry, hash) = show(flyer, "m4").await;
    d.post(&format!("{path}/media-open"), &[("entry", &entry)]).await;
    d.post(&format!("{path}/media-remove"), &[("entry", &entry)]).await;
    assert_eq!(d.get(&format!("{path}/media/{entry}")).await.status, StatusCode::NOT_FOUND);
    assert!(blobs.get(hash).await.unwrap().is_some(), "the post still has it");
}
