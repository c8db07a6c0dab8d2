use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// Reads the text that a file holds, so that it can be screened. The file may be hostile: an implementation bounds the time and
/// memory that it takes, and never brings its caller down.
#[async_trait]
pub trait TextReader: fmt::Debug + Send + Sync + 'static {
    /// The text of a file of this media type; `None` when there is none, or it cannot be read. Then, and when it is not
    /// [whole](FileText::whole), a person has to look.
    async fn text(&self, media_type: &str, bytes: Bytes) -> Option<FileText>;
}

/// The text that a file holds. `Debug` prints how much, not what.
#[derive(Clone, PartialEq, Eq)]
pub struct FileText {
    /// What could be read, to be screened.
    pub words: String,
    /// Whether it is all that the file shows: `false` when there are pictures in it, or pages that could not be read.
    pub whole: bool,
}

impl fmt::Debug for FileText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileText").field("bytes", &self.words.len()).field("whole", &self.whole).finish()
    }
}

/// Reads nothing: a person looks into every file.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTextReader;

#[async_trait]
impl TextReader for NoTextReader {
    async fn text(&self, _: &str, _: Bytes) -> Option<FileText> {
        None
    }
}
