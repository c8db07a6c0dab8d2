//! PDF files, read by the program itself in a process of its own (R11).
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

use std::time::Instant;

use bytes::Bytes;
use lupinus_bot::pdf::PdfReader;
use lupinus_core::screening::{FileText, TextReader};
use reference_bot::pdf::ARGUMENT;

/// A PDF file whose one page has this content, packed like that.
fn pdf(content: &[u8], filter: &str) -> Bytes {
    let stream = format!("<< /Length {}{filter} >>\nstream\n", content.len());
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        [stream.as_bytes(), content, b"\nendstream"].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let table = file.len();
    file.extend_from_slice(b"xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        file.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.extend_from_slice(end.as_bytes());
    file.into()
}

async fn read(file: Bytes) -> Option<FileText> {
    let reader = PdfReader::apart(env!("CARGO_BIN_EXE_reference-bot"), [ARGUMENT.to_owned()]);
    reader.text("application/pdf", file).await
}

#[tokio::test]
async fn the_program_reads_the_text_of_a_file() {
    // R11
    let content = b"BT /F1 12 Tf 50 700 Td (Call 090-1234-5678) Tj ET";
    let words = "Call 090-1234-5678\n".to_owned();
    assert_eq!(read(pdf(content, "")).await, Some(FileText { words, whole: true }));
    assert_eq!(read(Bytes::from_static(b"%PDF-1.4 nothing")).await, None);
}

#[tokio::test]
async fn a_file_that_would_take_all_memory_takes_none_of_ours() {
    // R11: each two bytes unpack into 128, 9 MB into nearly 600; the limit is below that.
    let packed = [129_u8, b' '].repeat(4_600_000);
    let began = Instant::now();
    assert_eq!(read(pdf(&packed, " /Filter /RunLengthDecode")).await, None);
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
    // The same amount, nested as deep as it goes.
    let nested = "[".repeat(3_000_000);
    assert_eq!(read(pdf(nested.as_bytes(), "")).await, None);
}
