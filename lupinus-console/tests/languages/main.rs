//! The console in English: every message has its English, and no page says anything of ours in Japanese.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod choice;
#[path = "../kit/mod.rs"]
mod kit;
mod messages;
mod pages;
#[path = "../browser/states.rs"]
mod states;
#[path = "../browser/walk.rs"]
mod walk;

use kit::Page;

/// A page that somebody saw, and how they came there.
type Seen = (String, Page);

/// Whether people would call it Japanese: kana, kanji and the marks between them.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}
