use async_trait::async_trait;
use bytes::Bytes;

use crate::screening::{FileText, TextReader};

/// A [`TextReader`] for tests: it reads of every PDF file what follows its first line, as text, and nothing of anything else.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainReader;

#[async_trait]
impl TextReader for PlainReader {
    async fn text(&self, media_type: &str, bytes: Bytes) -> Option<FileText> {
        let text = std::str::from_utf8(&bytes).ok()?;
        let (_, text) = text.split_once('\n').filter(|_| media_type == "application/pdf")?;
        Some(FileText { words: text.to_owned(), whole: true }).filter(|text| !text.words.is_empty())
    }
}
