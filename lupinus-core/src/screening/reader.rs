use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// Reads the text that a file holds, so that it can be screened. The file may be hostile: an implementation bounds the time and
/// memory that it takes, and never brings its caller down.
#[async_trait]
pub trait TextReader: fmt::Debug + Send + Sync + 'static {
    /// The text of a file of this media type, all of it. `None` when a part of it has no text, or it cannot be read whole: then a
    /// person has to look.
    async fn text(&self, media_type: &str, bytes: Bytes) -> Option<String>;
}

/// Reads nothing: a person looks into every file.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTextReader;

#[async_trait]
impl TextReader for NoTextReader {
    async fn text(&self, _: &str, _: Bytes) -> Option<String> {
        None
    }
}
