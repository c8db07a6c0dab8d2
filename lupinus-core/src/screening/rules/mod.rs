//! The shipped detector: rules and embedded word lists.

mod address;
mod contact;
mod date;
mod digits;
mod names;
mod normalise;
mod number;
mod owner;
mod text;

#[cfg(test)]
mod tests;

use super::{Context, Finding, PersonalInfoDetector};
use text::{Claims, Text};

/// Finds Japanese personal information by rules: no network, no model, no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleDetector {
    _private: (),
}

impl RuleDetector {
    /// A detector; the word lists are built once per process, at the first text.
    pub fn new() -> Self {
        Self::default()
    }
}

impl PersonalInfoDetector for RuleDetector {
    fn detect(&self, text: &str, context: Context) -> Vec<Finding> {
        let text = Text::new(text, context);
        let mut claims = Claims::default();
        contact::find(&text, &mut claims);
        number::find(&text, &mut claims);
        let names = names::find(&text);
        let private: Vec<_> = names.iter().filter(|n| !n.professional).map(|n| n.span.clone()).collect();
        date::find(&text, &private, &mut claims);
        contact::find_phones(&text, &mut claims);
        address::find(&text, &private, &mut claims);
        names::claim(&names, &mut claims);
        claims.into_findings()
    }
}
