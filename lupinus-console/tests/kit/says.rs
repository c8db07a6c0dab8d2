//! Somebody who says texts to members, of which the console knows nothing.

use lupinus_core::settings::{MemberTexts, ShippedText, TextProblem};

/// Says a few texts, as the bot says all.
#[derive(Debug)]
pub(crate) struct Says;

impl MemberTexts for Says {
    fn shipped(&self, key: &str) -> Option<ShippedText> {
        let (words, places, is_label): (&str, &[&str], bool) = match key {
            "greeting" => ("{ $centre }です。\nようこそ。", &["centre"], false),
            "consult-closed" => ("ただいま閉庁時間です。{ $until }から順にお答えします。", &["until"], false),
            "help" => ("【使い方】", &[], false),
            "left" => ("退会しました。", &[], false),
            _ => return None,
        };
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        Some(ShippedText {
            words: words.to_owned(),
            places,
            is_label,
            max: if is_label { 20 } else { 5_000 },
        })
    }

    fn said(&self, key: &str, words: &str, examples: &[(&str, &str)]) -> Result<String, TextProblem> {
        let shipped = self.shipped(key).ok_or(TextProblem::NoSuchText)?;
        if let Some(missing) = shipped.places.iter().find(|place| !words.contains(&format!("{{ ${place} }}")))
        {
            return Err(TextProblem::MissingPlace(missing.clone()));
        }
        let put = |said: String, (name, value): &(&str, &str)| {
            if shipped.places.iter().any(|place| place == name) {
                said.replace(&format!("{{ ${name} }}"), value)
            } else {
                said
            }
        };
        let said = examples.iter().fold(words.to_owned(), put);
        if let Some((_, place)) = said.split_once("{ $") {
            let place = place.split_once(' ').map_or(place, |(place, _)| place);
            return Err(TextProblem::UnknownPlace(place.to_owned()));
        }
        let length = said.encode_utf16().count();
        match (said.contains(['{', '}']), length > shipped.max) {
            (true, _) => Err(TextProblem::Brace),
            (false, true) => Err(TextProblem::TooLong { length, max: shipped.max }),
            (false, false) => Ok(said),
        }
    }
}
