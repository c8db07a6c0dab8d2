//! Tokens that say where the next page of a list begins.

use super::State;
use crate::{answer::Refusal, ids};

/// How long such a token lives: 24 hours.
const LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

impl State {
    /// Where the page begins that `start` asks for; at the beginning without it.
    pub(crate) fn page_start(&self, start: Option<&str>) -> Result<usize, Refusal> {
        let Some(token) = start else { return Ok(0) };
        let now = self.clock.now();
        let known = self.page_tokens.get(token).filter(|(_, made)| now - made <= LIFE_MS);
        known.map(|(start, _)| *start).ok_or_else(|| Refusal::bad("Invalid start param"))
    }

    /// A token for a page that begins there.
    pub(crate) fn page_token(&mut self, start: usize) -> String {
        let now = self.clock.now();
        let token = ids::hex32();
        self.page_tokens.insert(token.clone(), (start, now), |(_, made)| now - made <= LIFE_MS);
        token
    }
}
