//! Attachments at the desk.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex},
};

use axum::http::{Method, StatusCode};
use kit::City;
use lupinus_core::{
    actor::Role,
    blob::{Blob, BlobError},
    hash::Sha256Hash,
    policy::Policy,
};

#[derive(Debug, Default)]
struct Blobs(Mutex<HashMap<Sha256Hash, bytes::Bytes>>);

#[async_trait::async_trait]
impl Blob for Blobs {
    async fn put(&self, bytes: bytes::Bytes) -> Result<Sha256Hash, BlobError> {
        let hash = Sha256Hash::of(&bytes);
        self.0.lock().unwrap().insert(hash, bytes);
        Ok(hash)
    }

    async fn get(&self, hash: Sha256Hash) -> Result<Option<bytes::Bytes>, BlobError> {
        Ok(self.0.lock().unwrap().get(&hash).cloned())
    }

    async fn delete(&self, hash: Sha256Hash) -> Result<(), BlobError> {
        self.0.lock().unwrap().remove(&hash);
        Ok(())
    }

    async fn kept_for(&self, _: std::time::Duration) -> Result<Vec<Sha256Hash>, BlobError> {
        Ok(self.0.lock().unwrap().keys().copied().collect())
    }
}

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
    let own = desk.get("/account").await.csrf();
    let fields = [
        ("csrf", token.unwrap_or(&own)),
        ("category", "notice"),
        ("title", "様式の変更"),
        ("body", "新しい様式を使います。"),
        ("file_alt", alt),
    ];
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
