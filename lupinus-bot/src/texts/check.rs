//! Words of the settings: plain, with `{ $name }` where something is put in, and nothing else of Fluent's.

use std::sync::Arc;

use fluent_bundle::{
    FluentArgs, FluentError, FluentResource, FluentValue,
    resolver::{ResolverError, errors::ReferenceKind},
};
use lupinus_core::settings::{MemberTexts, ShippedText, TextProblem};
use lupinus_line::message::{MAX_LABEL_GRAPHEMES, MAX_TEXT_UTF16, graphemes, utf16_len};

use super::{Bundle, Texts, bundle, parse};

/// Longest text that a city writes: up to three stand in one message, and the last of them says what must not be written.
const MAX_WORDS_UTF16: usize = 1_500;
const _: () = assert!(3 * MAX_WORDS_UTF16 < MAX_TEXT_UTF16);

/// What is put into an example of which nothing is known.
const SOMETHING: &str = "〇〇";

/// The name in `{ $name }`, of what stands between the braces.
fn place(between: &str) -> Option<&str> {
    let name = between.trim().strip_prefix('$')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then_some(name)
}

/// The names of what is put into these words.
fn places(words: &str) -> Result<Vec<String>, TextProblem> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = words;
    while let Some((before, behind)) = rest.split_once('{') {
        let (between, after) = behind.split_once('}').ok_or(TextProblem::Brace)?;
        let name = place(between).filter(|_| !before.contains('}')).ok_or(TextProblem::Brace)?;
        if found.iter().all(|known| known != name) {
            found.push(name.to_owned());
        }
        rest = after;
    }
    if rest.contains('}') { Err(TextProblem::Brace) } else { Ok(found) }
}

/// The words under the key as one Fluent message. Each line stands back, and what would mean something at its beginning is quoted.
fn resource(key: &str, words: &str) -> Result<FluentResource, TextProblem> {
    let line = |line: &str| {
        let line = line.trim_end();
        let at = line.len() - line.trim_start().len();
        match line.split_at_checked(at + 1) {
            Some((first, rest)) if first.ends_with(['[', '*', '.']) => {
                format!("    {{\"{first}\"}}{rest}\n")
            }
            _ => format!("    {line}\n"),
        }
    };
    let lines: String = words.trim().lines().map(line).collect();
    parse(format!("{key} =\n{lines}")).map_err(|_| TextProblem::Brace)
}

/// What stands on a button, and never in a message of its own.
fn is_label(key: &str) -> bool {
    key != "button-old" && key.starts_with("button-")
}

/// The words as what says the text, where they can stand under the key beside these places.
pub(super) fn usable(key: &str, words: &str, known: &[String]) -> Result<FluentResource, TextProblem> {
    if words.trim().is_empty() {
        return Err(TextProblem::Empty);
    }
    let used = places(words)?;
    if let Some(unknown) = used.iter().find(|name| !known.contains(name)) {
        return Err(TextProblem::UnknownPlace(unknown.clone()));
    }
    if let Some(missing) = known.iter().find(|name| !used.contains(name)) {
        return Err(TextProblem::MissingPlace(missing.clone()));
    }
    resource(key, words)
}

/// The names of what is put into a text of this bundle; `None` where there is no such text.
pub(super) fn places_of(bundle: &Bundle, key: &str) -> Option<Vec<String>> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    bundle.format_pattern(pattern, None, &mut errors);
    let mut places: Vec<String> = Vec::new();
    for error in errors {
        if let FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id })) = error
            && !places.contains(&id)
        {
            places.push(id);
        }
    }
    Some(places)
}

fn formatted(bundle: &Bundle, key: &str, put_in: &[(&str, String)]) -> Option<String> {
    let mut args = FluentArgs::with_capacity(put_in.len());
    for (name, value) in put_in {
        args.set(*name, FluentValue::from(value.as_str()));
    }
    let pattern = bundle.get_message(key)?.value()?;
    Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
}

impl MemberTexts for Texts {
    fn shipped(&self, key: &str) -> Option<ShippedText> {
        let own = bundle(self.0.language, &self.0.resources);
        let places = places_of(&own, key)?;
        let written: Vec<(&str, String)> =
            places.iter().map(|name| (name.as_str(), format!("{{ ${name} }}"))).collect();
        let words = formatted(&own, key, &written)?;
        let is_label = is_label(key);
        let max = if is_label { MAX_LABEL_GRAPHEMES } else { MAX_WORDS_UTF16 };
        Some(ShippedText { words, places, is_label, max })
    }

    fn said(&self, key: &str, words: &str, examples: &[(&str, &str)]) -> Result<String, TextProblem> {
        let shipped = self.shipped(key).ok_or(TextProblem::NoSuchText)?;
        let resource = usable(key, words, &shipped.places)?;
        let example = |name: &String| {
            let known = examples.iter().find(|(known, _)| known == name);
            known.map_or(SOMETHING, |(_, example)| example).to_owned()
        };
        let put_in: Vec<(&str, String)> =
            shipped.places.iter().map(|name| (name.as_str(), example(name))).collect();
        let said = formatted(&bundle(self.0.language, &[Arc::new(resource)]), key, &put_in)
            .ok_or(TextProblem::Brace)?;
        let length = if shipped.is_label { graphemes(&said) } else { utf16_len(&said) };
        if length > shipped.max {
            return Err(TextProblem::TooLong { length, max: shipped.max });
        }
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R31
    #[test]
    fn words_that_members_could_not_be_sent_are_refused() {
        use TextProblem as P;
        let texts = Texts::japanese();
        let which = "profile-profession-which";
        let said = |key: &str, words: &str| texts.said(key, words, &[("group", "医療")]);
        for (words, reads) in [
            ("「{ $group }」の\nどれですか。", "「医療」の\nどれですか。"),
            (
                "{$group}\n\n.attribute = いいえ\n*注意\n[1] はい\n  [2] はい\n .name = い\n　* え",
                "医療\n\n.attribute = いいえ\n*注意\n[1] はい\n  [2] はい\n .name = い\n　* え",
            ),
            (
                "  {  $group}\nbutton-accept = いいえ\n# はい\n-a = b  ",
                "医療\nbutton-accept = いいえ\n# はい\n-a = b",
            ),
        ] {
            assert_eq!(said(which, words).as_deref(), Ok(reads), "{words}");
        }
        assert_eq!(said(concat!("no-such", "-key"), "こんにちは"), Err(P::NoSuchText));
        assert_eq!(said(which, " \n"), Err(P::Empty));
        for words in
            ["{ $group", "{", "}{ $group }", "{ $group }}", "{ button-accept }", "{ \"a\" }", "{ $グループ }"]
        {
            assert_eq!(said(which, words), Err(P::Brace), "{words}");
        }
        assert_eq!(said(which, "{ $group }、{ $name }さん"), Err(P::UnknownPlace("name".to_owned())));
        assert_eq!(said(which, "どれですか。"), Err(P::MissingPlace("group".to_owned())));
        assert_eq!(said("button-accept", &"👩🏽‍⚕️".repeat(20)), Ok("👩🏽‍⚕️".repeat(20)));
        assert_eq!(said("button-accept", &"長".repeat(21)), Err(P::TooLong { length: 21, max: 20 }));
        assert_eq!(said("joined", &"🌿".repeat(751)), Err(P::TooLong { length: 1_502, max: 1_500 }));
        // What is put in counts.
        let long = format!("{{ $group }}{}", "長".repeat(1_499));
        assert_eq!(said(which, &long), Err(P::TooLong { length: 1_501, max: 1_500 }));
    }

    #[test]
    fn a_text_says_what_is_put_into_it_and_can_be_said_as_it_is_shipped() {
        let texts = Texts::japanese();
        let text = texts.shipped("profile-profession-which").unwrap();
        assert_eq!((text.places, text.max), (vec!["group".to_owned()], 1_500));
        assert_eq!(text.words, "「{ $group }」のうち、どれに当たりますか。");
        for texts in [Texts::japanese(), Texts::english()] {
            for key in super::super::tests::keys(super::super::JA) {
                let words = texts.shipped(&key).unwrap().words;
                let said = texts.said(&key, &words, &[]).unwrap();
                let own = bundle(texts.0.language, &texts.0.resources);
                let examples: Vec<_> = places_of(&own, &key).unwrap();
                let examples: Vec<_> = examples.iter().map(|name| (&**name, SOMETHING.to_owned())).collect();
                let shipped = formatted(&own, &key, &examples).unwrap();
                assert_eq!(said, shipped.trim(), "{key}");
            }
        }
    }
}
