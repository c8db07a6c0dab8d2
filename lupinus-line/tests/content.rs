//! Content that needs preparation, over the network.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt as _;
use lupinus_line::client::{ContentOutcome, ContentWait};
use lupinus_line::{ApiError, MessageId};
use support::{Server, answer, client};

const ID: &[(&str, &str)] = &[("x-line-request-id", "abc"), ("content-type", "video/mp4")];
const CONTENT: &str = "/v2/bot/message/571900000000000002/content";

fn video() -> MessageId {
    MessageId::new("571900000000000002").unwrap()
}

fn hasty() -> ContentWait {
    ContentWait::default().first_wait(Duration::from_millis(1)).longest_wait(Duration::from_millis(4))
}

/// Prepares until it was asked for as many things as said; then the transcoding ends as said.
async fn preparing(requests: usize, end: &'static str) -> Server {
    let seen = std::sync::atomic::AtomicUsize::new(0);
    let seen = std::sync::Arc::new(seen);
    Server::answering(move |request| {
        let over = seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= requests;
        match request.target.as_str() {
            CONTENT if over && end.contains("succeeded") => answer(200, ID, "the bytes"),
            CONTENT => answer(202, ID, ""),
            _ if over => answer(200, ID, end),
            _ => answer(200, ID, r#"{"status":"processing"}"#),
        }
    })
    .await
}

#[tokio::test]
async fn a_video_is_waited_for_and_then_comes() {
    let server = preparing(3, r#"{"status":"succeeded"}"#).await;
    let outcome = server.client().content_when_ready(&video(), &hasty()).await.unwrap();
    let ContentOutcome::Ready(content) = outcome else { panic!("{outcome:?}") };
    assert_eq!(content.content_type.as_deref(), Some("video/mp4"));
    assert_eq!(content.request_id.as_ref().unwrap().as_str(), "abc");
    assert_eq!(content.bytes(100).await.unwrap(), "the bytes");
    let transcoding = format!("{CONTENT}/transcoding");
    let targets: Vec<_> = server.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, [CONTENT, &transcoding, &transcoding, &transcoding, CONTENT]);
}

#[tokio::test]
async fn an_image_comes_with_the_first_request() {
    let server = Server::fixed(200, ID, "the bytes").await;
    let outcome = server.client().content_when_ready(&video(), &hasty()).await;
    assert!(matches!(outcome, Ok(ContentOutcome::Ready(_))), "{outcome:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_line_cannot_prepare_is_no_error_of_ours() {
    let server = preparing(2, r#"{"status":"failed"}"#).await;
    let outcome = server.client().content_when_ready(&video(), &hasty()).await;
    assert!(matches!(outcome, Ok(ContentOutcome::Failed)), "{outcome:?}");
}

#[tokio::test]
async fn a_preparation_without_end_is_not_in_time() {
    let server = preparing(usize::MAX, "").await;
    let wait = hasty().deadline(Duration::from_millis(60));
    let outcome = server.client().content_when_ready(&video(), &wait).await;
    assert!(matches!(outcome, Ok(ContentOutcome::NotInTime)), "{outcome:?}");
    assert!(server.seen().len() > 2, "it was asked for more than once");
}

#[tokio::test]
async fn content_that_was_taken_back_is_gone() {
    let server = Server::fixed(410, ID, r#"{"message":"The content is gone"}"#).await;
    let error = server.client().content_when_ready(&video(), &hasty()).await.unwrap_err();
    assert!(matches!(error, ApiError::Gone(_)), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_piece_is_there_before_the_next_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (go_on, wait) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let head = "HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 6\r\n\r\n";
        stream.write_all(format!("{head}one").as_bytes()).unwrap();
        wait.recv().unwrap(); // until the first piece has been read
        stream.write_all(b"two").unwrap();
    });
    let outcome = client(&base).content_when_ready(&video(), &ContentWait::default()).await.unwrap();
    let ContentOutcome::Ready(mut content) = outcome else { panic!("{outcome:?}") };
    assert_eq!(content.length_bytes, Some(6));
    assert_eq!(content.stream.next().await.unwrap().unwrap(), "one");
    go_on.send(()).unwrap();
    assert_eq!(content.stream.next().await.unwrap().unwrap(), "two");
    assert!(content.stream.next().await.is_none());
}
