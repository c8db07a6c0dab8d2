//! Screens texts for personal information, one JSON object a line in, one JSON array a line out.
//!
//! Run with
//!
//! ```text
//! cargo run --release -p lupinus-core --example screen < texts.jsonl
//! ```
//!
//! A line in is `{"id":"…","context":"post"|"consultation","text":"…"}`; the line out holds what was found, with
//! offsets in Unicode code points: `[{"start":0,"end":2,"kind":"person_name","confidence":0.92,"action":"block"}]`,
//! `[]` for nothing. Lines come out in order, each at once. A line that cannot be read is named on standard error
//! and answered with `[]`, so that the lines out keep step with the lines in; the program then ends with status 1.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

use lupinus_core::screening::{Context, Screen};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Request {
    context: Context,
    text: String,
}

fn main() -> io::Result<ExitCode> {
    let screen = Screen::default();
    let mut out = io::stdout().lock();
    let mut unread = 0_usize;
    for (number, line) in (1..).zip(io::stdin().lock().split(b'\n')) {
        let answer = match serde_json::from_slice::<Request>(&line?) {
            Ok(request) => found(&screen, &request),
            Err(error) => {
                // The position only: the line itself may hold personal information.
                eprintln!(
                    "line {number}: not a request of id, context and text ({:?} at column {})",
                    error.classify(),
                    error.column()
                );
                unread += 1;
                json!([])
            }
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn found(screen: &Screen, request: &Request) -> serde_json::Value {
    let text = &request.text;
    // Code points before a byte offset, which lies on a character boundary.
    let code_points = |bytes: usize| text.get(..bytes).map_or(0, |before| before.chars().count());
    screen
        .check(text, request.context)
        .marks
        .iter()
        .map(|mark| {
            json!({
                "start": code_points(mark.start),
                "end": code_points(mark.end),
                "kind": mark.kind,
                "confidence": mark.confidence.as_fraction(),
                "action": mark.action,
            })
        })
        .collect()
}
