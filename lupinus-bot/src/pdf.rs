//! The text of PDF files, so that it can be screened (R11).
//!
//! A file comes from outside and may be hostile. What reads it here can be made to use any amount of memory by a few bytes that
//! unpack into many, so that it belongs into a process of its own with limits: [`PdfReader::apart`]. It may fail there as it
//! likes; a file that cannot be read in time is one that a person looks into.

use std::{
    fmt,
    io::{self, Read, Write},
    path::PathBuf,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask,
    font::GlyphRun,
    hayro_cmap::BfString,
    hayro_syntax::{Pdf, page::Page},
    interpret_page,
    kurbo::{Affine, BezPath, Point, Rect},
};
use lupinus_core::{
    blob::MAX_BLOB_BYTES,
    screening::{FileText, TextReader},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
    sync::Semaphore,
    time::timeout,
};

/// Most text of one file, in bytes: a flyer has a few thousand.
const MAX_TEXT_BYTES: usize = 128 * 1024;
/// Most pages of one file.
const MAX_PAGES: usize = 100;
/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many files are read at the same time.
const AT_ONCE: usize = 2;
/// Of so many letters one may be unreadable.
const READABLE_OF: usize = 50;
/// What an answer begins with: another program that is called by mistake says something else.
const GREETING: &[u8] = b"lupinus-pdf-text 2 ";
/// What follows where the text is all that the file shows.
const WHOLE: &[u8] = b"whole\n";
/// What follows where it is not.
const PART: &[u8] = b"part\n";
/// Most bytes of an answer.
const MAX_ANSWER_BYTES: usize = GREETING.len() + WHOLE.len() + MAX_TEXT_BYTES;
/// Letters that are nearer than this, in points, stand on one line.
const SAME_LINE: f64 = 2.0;

/// Reads PDF files in a process of their own.
#[derive(Clone)]
pub struct PdfReader {
    program: PathBuf,
    arguments: Arc<[String]>,
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl fmt::Debug for PdfReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PdfReader").field("program", &self.program).finish_non_exhaustive()
    }
}

impl PdfReader {
    /// Reads by this program, which is to limit itself and call [`serve`]: it gets the file on its standard input and answers with
    /// the text on its standard output.
    pub fn apart(program: impl Into<PathBuf>, arguments: impl IntoIterator<Item = String>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().collect(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            patience: PATIENCE,
        }
    }

    /// The same, with less patience.
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn read(&self, bytes: &[u8]) -> io::Result<Option<FileText>> {
        let mut child = Command::new(&self.program)
            .args(self.arguments.iter())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Ok(None);
        };
        let give = async {
            // A program that has seen enough closes its end: that is its answer's matter.
            let _ = input.write_all(bytes).await;
            drop(input);
        };
        let mut text = Vec::new();
        let mut limited = output.take(MAX_ANSWER_BYTES as u64 + 1);
        let ((), taken) = tokio::join!(give, limited.read_to_end(&mut text));
        taken?;
        drop(limited);
        if text.len() > MAX_ANSWER_BYTES || !child.wait().await?.success() {
            return Ok(None);
        }
        Ok(answered(&text))
    }
}

/// What an answer says.
fn answered(answer: &[u8]) -> Option<FileText> {
    let answer = answer.strip_prefix(GREETING)?;
    let (words, whole) = match answer.strip_prefix(WHOLE) {
        Some(words) => (words, true),
        None => (answer.strip_prefix(PART)?, false),
    };
    let words = String::from_utf8(words.to_vec()).ok().filter(|words| !words.is_empty())?;
    Some(FileText { words, whole })
}

#[async_trait]
impl TextReader for PdfReader {
    async fn text(&self, media_type: &str, bytes: Bytes) -> Option<FileText> {
        if media_type != "application/pdf" || bytes.len() > MAX_BLOB_BYTES {
            return None;
        }
        let _turn = self.turns.acquire().await.ok()?;
        match timeout(self.patience, self.read(&bytes)).await {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                tracing::error!(%error, "the program that reads PDF files cannot be used; people look into them");
                None
            }
            Err(_) => {
                tracing::warn!("a PDF file took too long; a person looks into it");
                None
            }
        }
    }
}

/// What the program of a [`PdfReader`] does, once it has limited itself: reads a file from `input` and writes its text to
/// `output`. Whether it did; if not, the program is to end with a failure.
///
/// # Errors
/// [`io::Error`], from either.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<bool> {
    let mut bytes = Vec::new();
    input.take(MAX_BLOB_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    match text_of(bytes) {
        Some(text) => {
            output.write_all(GREETING)?;
            output.write_all(if text.whole { WHOLE } else { PART })?;
            output.write_all(text.words.as_bytes())?;
            output.flush()?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// The text of a PDF file; `None` when it has none, is too long, or no such file. It is not whole when a page shows a picture, when it
/// shows lines and has no letters (they may be drawn), or when too many of its letters say nothing.
fn text_of(bytes: Vec<u8>) -> Option<FileText> {
    let pdf = Pdf::new(bytes).ok()?;
    let pages = pdf.pages();
    if pages.is_empty() || pages.len() > MAX_PAGES {
        return None;
    }
    let cache = InterpreterCache::new();
    let mut all = FileText { words: String::new(), whole: true };
    for page in pages.iter() {
        let letters = letters_of(page, &pdf, &cache);
        all.whole &= letters.are_all();
        if all.words.len() + letters.text.len() > MAX_TEXT_BYTES {
            return None;
        }
        all.words.push_str(letters.text.trim_end());
        all.words.push('\n');
    }
    (!all.words.trim().is_empty()).then_some(all)
}

fn letters_of<'a>(page: &'a Page<'a>, pdf: &'a Pdf, cache: &'a InterpreterCache<'a>) -> Letters {
    let frame = Rect::new(0.0, 0.0, 1.0, 1.0);
    let settings = InterpreterSettings::default();
    let mut context = Context::new(Affine::IDENTITY, frame, cache, pdf.xref(), settings);
    let mut letters = Letters::default();
    interpret_page(page, &mut context, &mut letters);
    letters
}

/// Collects the letters of a page in the order in which they are drawn.
#[derive(Default)]
struct Letters {
    text: String,
    readable: usize,
    unreadable: usize,
    /// Whether lines or surfaces are drawn.
    draws: bool,
    /// Whether a picture is shown.
    pictures: bool,
    last: Option<Point>,
}

impl Letters {
    /// Whether they are all that a page shows.
    fn are_all(&self) -> bool {
        let drawn = self.draws && self.text.trim().is_empty();
        !(self.pictures || drawn || self.unreadable * READABLE_OF > self.readable)
    }
}

impl Device<'_> for Letters {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.draws = true;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let at = props.transform * glyph.transform() * Point::ZERO;
            // Along a line one of the two stays, written across or down.
            let moves = |last: Point| (last.x - at.x).abs() > SAME_LINE && (last.y - at.y).abs() > SAME_LINE;
            if self.last.is_some_and(moves) {
                self.text.push('\n');
            }
            self.last = Some(at);
            match glyph.as_unicode() {
                Some(BfString::Char(c)) if !c.is_control() => self.text.push(c),
                Some(BfString::String(string)) => self.text.push_str(&string),
                Some(BfString::Char(_)) => {}
                None => {
                    self.unreadable += 1;
                    continue;
                }
            }
            self.readable += 1;
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.pictures = true;
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// What shows a small picture.
    const PICTURE: &str = " q 10 0 0 10 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u{1} EI Q";

    /// A PDF file with a page of these lines, in the standard font and encoding, and what else it shows.
    fn pdf(lines: &[&str], besides: &str) -> Vec<u8> {
        let mut content = String::from("BT /F1 12 Tf 14 TL 50 700 Td ");
        for line in lines {
            write!(content, "({line}) Tj T* ").unwrap();
        }
        content.push_str("ET");
        content.push_str(besides);
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        ];
        let mut file = String::from("%PDF-1.4\n");
        let mut places = Vec::new();
        for (number, object) in (1..).zip(&objects) {
            places.push(file.len());
            writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
        }
        let table = file.len();
        writeln!(file, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1).unwrap();
        for place in places {
            writeln!(file, "{place:010} 00000 n ").unwrap();
        }
        let size = objects.len() + 1;
        writeln!(file, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF").unwrap();
        file.into_bytes()
    }

    #[test]
    fn the_text_of_a_page_is_read_line_by_line() {
        let words = "Call 090-1234-5678\ntomorrow\n".to_owned();
        let lines = ["Call 090-1234-5678", "tomorrow"];
        assert_eq!(text_of(pdf(&lines, "")), Some(FileText { words: words.clone(), whole: true }));
        assert_eq!(
            text_of(pdf(&lines, " 50 600 m 90 600 l S")),
            Some(FileText { words: words.clone(), whole: true })
        );
        assert_eq!(text_of(pdf(&lines, PICTURE)), Some(FileText { words, whole: false }));
    }

    #[test]
    fn a_page_of_lines_alone_may_say_anything() {
        let mut letters = Letters { draws: true, ..Letters::default() };
        assert!(!letters.are_all());
        letters.text.push('a');
        assert!(letters.are_all());
    }

    #[test]
    fn what_is_no_text_is_none() {
        assert_eq!(text_of(pdf(&[], PICTURE)), None, "a picture");
        assert_eq!(text_of(b"%PDF-1.4 nothing".to_vec()), None);
        assert_eq!(text_of(Vec::new()), None);
        let whole = pdf(&["Call 090-1234-5678"], "");
        for cut in (0..whole.len()).step_by(7) {
            // Whatever comes of it, it ends.
            text_of(whole[..cut].to_vec());
        }
    }

    #[test]
    fn a_program_serves_what_was_asked() {
        let mut answer = Vec::new();
        assert!(serve(pdf(&["tomorrow"], "").as_slice(), &mut answer).unwrap());
        assert_eq!(answer, [GREETING, WHOLE, b"tomorrow\n"].concat());
        let mut answer = Vec::new();
        assert!(serve(pdf(&["tomorrow"], PICTURE).as_slice(), &mut answer).unwrap());
        assert_eq!(answered(&answer), Some(FileText { words: "tomorrow\n".to_owned(), whole: false }));
        assert!(!serve(&b"%PDF-1.4"[..], &mut Vec::new()).unwrap());
    }

    #[tokio::test]
    async fn a_program_that_says_something_else_fails_or_never_ends_reads_nothing() {
        let ask = async |program: &str, arguments: &[&str]| {
            let arguments = arguments.iter().map(|argument| (*argument).to_owned());
            let reader = PdfReader::apart(program, arguments).patience(Duration::from_millis(300));
            reader.text("application/pdf", Bytes::from_static(b"%PDF-1.4")).await
        };
        assert_eq!(ask("/bin/echo", &["hello"]).await, None);
        assert_eq!(ask("/bin/false", &[]).await, None);
        assert_eq!(ask("/bin/sleep", &["60"]).await, None);
        assert_eq!(ask("/no/such/program", &[]).await, None);
        let greeting = String::from_utf8(GREETING.to_vec()).unwrap();
        assert_eq!(
            ask("/usr/bin/printf", &[&format!("{greeting}whole\\ntomorrow")]).await,
            Some(FileText { words: "tomorrow".to_owned(), whole: true })
        );
    }
}
