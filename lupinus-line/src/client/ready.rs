//! Waiting for content that LINE still prepares.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::content::Content;
use super::flow::after;
use super::retry::luck;
use super::{ApiError, Client, Transcoding};
use crate::MessageId;

/// How long, and how patiently, [`Client::content_when_ready`] waits. LINE says nothing of how long it prepares a video; the
/// defaults are this crate's own.
///
/// ```
/// use std::time::Duration;
/// use lupinus_line::client::ContentWait;
///
/// let short = ContentWait::default().deadline(Duration::from_secs(20)).longest_wait(Duration::from_secs(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentWait {
    deadline: Duration,
    first_wait: Duration,
    longest_wait: Duration,
}

impl ContentWait {
    /// How long it is waited in all, from the start to the head of the content (two minutes). Reading the content afterwards
    /// has no bound but [its own](super::ClientBuilder::timeout).
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Bound of the wait before LINE is asked for the first time how far it is (half a second). It doubles with each
    /// question.
    pub const fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// What the bound of the waits does not exceed (five seconds).
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// The wait after so many questions: between half of its bound and the whole, so that it is never none.
    fn after(&self, questions: u32, luck: f64) -> Duration {
        let bound = self.first_wait.saturating_mul(1 << questions.min(31)).min(self.longest_wait);
        bound.mul_f64(0.5 + luck.clamp(0.0, 1.0) / 2.0)
    }
}

impl Default for ContentWait {
    fn default() -> Self {
        Self {
            deadline: Duration::from_mins(2),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(5),
        }
    }
}

/// What came of waiting for content.
#[derive(Debug)]
#[must_use]
pub enum ContentOutcome {
    /// It is there; its bytes are still to be read.
    Ready(Content),
    /// LINE could not prepare it, and never will.
    Failed,
    /// LINE still prepared it when the time was over. It can be asked for again.
    NotInTime,
}

impl Client {
    /// Like [`content`](Self::content), but waits while LINE prepares a video or sound: asks
    /// [how far it is](Self::transcoding), less and less often, until it is ready or the time is over. Content that needs no
    /// preparation comes with the first request. The bytes stream as always.
    ///
    /// See [LINE reference/Verify the preparation status of a video or audio for
    /// getting](https://developers.line.biz/en/reference/messaging-api/#verify-video-or-audio-preparation-status).
    ///
    /// # Errors
    /// Those of [`content`](Self::content) but [`ApiError::NotReady`]; an error that is
    /// [transient](ApiError::is_transient) only when it was still so at the deadline.
    pub async fn content_when_ready(
        &self,
        id: &MessageId,
        wait: &ContentWait,
    ) -> Result<ContentOutcome, ApiError> {
        let fetch = || self.content(id);
        let ask = || async { self.transcoding(id).await.map(|answer| answer.value) };
        Ok(match poll(wait, fetch, ask).await? {
            Polled::Ready(content) => ContentOutcome::Ready(content),
            Polled::Failed => ContentOutcome::Failed,
            Polled::NotInTime => ContentOutcome::NotInTime,
        })
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Polled<C> {
    Ready(C),
    Failed,
    NotInTime,
}

async fn poll<C, F, A>(
    wait: &ContentWait,
    mut fetch: impl FnMut() -> F,
    mut ask: impl FnMut() -> A,
) -> Result<Polled<C>, ApiError>
where
    F: Future<Output = Result<C, ApiError>>,
    A: Future<Output = Result<Transcoding, ApiError>>,
{
    let deadline = after(wait.deadline);
    let mut hiccup = None;
    // Most content needs no preparation, and of an image LINE refuses to say how far it is.
    let mut next = Next::Fetch;
    let mut pauses = 0;
    loop {
        let error = match next {
            Next::Fetch => match timeout_at(deadline, fetch()).await {
                Ok(Ok(content)) => return Ok(Polled::Ready(content)),
                Ok(Err(ApiError::NotReady(_))) => {
                    next = Next::Ask;
                    None
                }
                Ok(Err(error)) => Some(error),
                Err(_) => break,
            },
            Next::Ask => match timeout_at(deadline, ask()).await {
                Ok(Ok(Transcoding::Succeeded)) => {
                    next = Next::Fetch;
                    continue;
                }
                Ok(Ok(Transcoding::Failed)) => return Ok(Polled::Failed),
                Ok(Ok(_)) => None,
                Ok(Err(error)) => Some(error),
                Err(_) => break,
            },
        };
        match error {
            Some(error) if !error.is_transient() => return Err(error),
            error => hiccup = error,
        }
        let pause = wait.after(pauses, luck());
        if deadline.saturating_duration_since(Instant::now()) <= pause {
            break;
        }
        sleep(pause).await;
        pauses += 1;
    }
    hiccup.map_or(Ok(Polled::NotInTime), Err)
}

#[derive(Clone, Copy)]
enum Next {
    Fetch,
    Ask,
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;

    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::super::{Ambiguity, ErrorAnswer};
    use super::*;

    fn answered(status: u16) -> Box<ErrorAnswer> {
        let status = StatusCode::from_u16(status).unwrap();
        Box::new(ErrorAnswer::new(status, HeaderMap::new(), Bytes::new()))
    }

    fn error(word: &str) -> ApiError {
        match word {
            "202" => ApiError::NotReady(answered(202)),
            "400" => ApiError::Refused(answered(400)),
            "410" => ApiError::Gone(answered(410)),
            "silence" => ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer: None, source: None },
            other => panic!("no such word: {other}"),
        }
    }

    /// Plays a script of answers; a word with `?` answers the question, the others answer the request for the content.
    async fn play(wait: &ContentWait, script: &[&str]) -> (String, Duration) {
        let start = Instant::now();
        let script = RefCell::new(script.iter().copied().collect::<VecDeque<_>>());
        let word = || script.borrow_mut().pop_front().expect("more calls than the script has");
        let fetch = || {
            let word = word();
            async move {
                match word {
                    "bytes" => Ok(7),
                    "never" => std::future::pending().await,
                    word => Err(error(word)),
                }
            }
        };
        let ask = || {
            let word = word().strip_suffix('?').expect("the content is asked for here");
            async move {
                match word {
                    "silence" | "400" | "410" => Err(error(word)),
                    "never" => std::future::pending().await,
                    status => Ok(Transcoding::from(status.to_owned())),
                }
            }
        };
        let end = match poll(wait, fetch, ask).await {
            Ok(polled) => format!("{polled:?}"),
            Err(error) => error.kind().to_owned(),
        };
        assert!(script.borrow().is_empty(), "not asked for: {script:?}");
        (end, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn every_answer_leads_to_its_outcome() {
        let wait = ContentWait::default();
        for (name, script, expected) in [
            ("an image", &["bytes"][..], "Ready(7)"),
            ("a video", &["202", "processing?", "processing?", "succeeded?", "bytes"], "Ready(7)"),
            ("ready at once after all", &["202", "succeeded?", "bytes"], "Ready(7)"),
            ("said ready too early", &["202", "succeeded?", "202", "succeeded?", "bytes"], "Ready(7)"),
            ("a state of tomorrow", &["202", "queued?", "succeeded?", "bytes"], "Ready(7)"),
            ("not to be prepared", &["202", "processing?", "failed?"], "Failed"),
            ("unknown", &["400"], "refused"),
            ("taken back meanwhile", &["202", "410?"], "gone"),
            ("taken back at the end", &["202", "succeeded?", "410"], "gone"),
            ("a question without answer", &["202", "silence?", "succeeded?", "bytes"], "Ready(7)"),
            ("an image, at first without answer", &["silence", "bytes"], "Ready(7)"),
        ] {
            assert_eq!(play(&wait, script).await.0, expected, "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_doubles_to_its_bound_and_ends_in_time() {
        let wait = ContentWait::default().deadline(Duration::from_secs(20));
        let bounds: Vec<_> = (0..6).map(|questions| wait.after(questions, 1.0).as_millis()).collect();
        assert_eq!(bounds, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
        assert_eq!(wait.after(4, 0.0), Duration::from_millis(2_500), "never without a pause");
        assert!(wait.after(u32::MAX, 1.0) <= Duration::from_secs(5), "no overflow");

        let rising =
            wait.deadline(Duration::MAX).first_wait(Duration::from_secs(1)).longest_wait(Duration::MAX);
        let script =
            ["202", "processing?", "processing?", "processing?", "processing?", "succeeded?", "bytes"];
        let (end, took) = play(&rising, &script).await;
        assert_eq!(end, "Ready(7)");
        assert!(
            took >= Duration::from_millis(15_500),
            "half of 1 + 2 + 4 + 8 + 16 at least, and not {took:?}"
        );

        let even = wait.first_wait(Duration::from_secs(4)).longest_wait(Duration::from_secs(4));
        // Each pause is between two and four seconds, so that there is time for one and not for two.
        let (end, took) = play(&even.deadline(Duration::from_secs(4)), &["202", "processing?"]).await;
        assert_eq!(end, "NotInTime");
        assert!(took <= Duration::from_secs(4), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_without_end_ends_at_the_deadline() {
        let wait = ContentWait::default().deadline(Duration::from_secs(20));
        for script in [&["never"][..], &["202", "never?"], &["202", "succeeded?", "never"]] {
            let (end, took) = play(&wait, script).await;
            assert_eq!((end.as_str(), took), ("NotInTime", Duration::from_secs(20)), "{script:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_lasted_to_the_deadline_is_told() {
        let wait = ContentWait::default().deadline(Duration::from_millis(600));
        let too_long = wait.first_wait(Duration::from_millis(1_200));
        assert_eq!(play(&too_long, &["silence"]).await.0, "ambiguous");
        let wait = wait.first_wait(Duration::from_millis(590)); // time for one pause, and not for two
        assert_eq!(play(&wait, &["202", "silence?"]).await.0, "ambiguous");
        assert_eq!(play(&wait, &["silence", "202"]).await.0, "NotInTime", "the error had passed");
    }
}
