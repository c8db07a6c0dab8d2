//! Every word that members read, in one catalogue a language, replaceable without recompiling.

use std::{
    fmt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use lupinus_core::{
    calendar,
    consultation::{Rating, Topic},
    post::{Category, Field, PostState},
    screening::PiiKind,
    service::Centre,
    settings::CityTexts,
};
use unic_langid::LanguageIdentifier;

mod check;

const JA: &str = include_str!("../../texts/ja.ftl");
const EN: &str = include_str!("../../texts/en.ftl");

/// The language of a catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// English
    English,
}

/// A catalogue of texts. Cheap to clone; clones say the same at every moment.
#[derive(Clone)]
pub struct Texts(Arc<Catalogue>);

type Bundle = FluentBundle<Arc<FluentResource>>;

struct Catalogue {
    language: Language,
    /// The shipped texts, and then what overrides them.
    resources: Vec<Arc<FluentResource>>,
    /// Whose settings say more.
    centre: Option<Centre>,
    /// What is said, with what the settings said when it was put together.
    said: RwLock<(Arc<CityTexts>, Arc<Bundle>)>,
}

/// Why a catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextsError {
    /// It cannot be read.
    #[error("cannot read the texts in {path}")]
    Read {
        /// Which file or folder.
        path: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// It is not Fluent.
    #[error("{path} is not a Fluent file: {problem}")]
    Syntax {
        /// Which file.
        path: String,
        /// What is wrong, and at which byte.
        problem: String,
    },
}

impl Texts {
    /// The shipped Japanese texts.
    pub fn japanese() -> Self {
        Self::with_overrides(Language::Japanese, Vec::new())
    }

    /// The shipped English texts.
    pub fn english() -> Self {
        Self::with_overrides(Language::English, Vec::new())
    }

    /// The shipped texts, overridden by a Fluent file or by every `.ftl` file of a folder, in the order of their names.
    /// What they do not say stays as shipped.
    ///
    /// # Errors
    /// [`TextsError`].
    pub fn load(language: Language, path: impl AsRef<Path>) -> Result<Self, TextsError> {
        let path = path.as_ref();
        let read_error = |source| TextsError::Read { path: path.display().to_string(), source };
        let mut files = vec![path.to_path_buf()];
        if path.is_dir() {
            files = std::fs::read_dir(path)
                .map_err(read_error)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
                .map_err(read_error)?;
            files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
            files.sort();
        }
        let mut overrides = Vec::new();
        for file in files {
            let source = std::fs::read_to_string(&file).map_err(read_error)?;
            overrides.push(
                parse(source)
                    .map_err(|problem| TextsError::Syntax { path: file.display().to_string(), problem })?,
            );
        }
        Ok(Self::with_overrides(language, overrides))
    }

    /// The shipped texts, overridden by Fluent text.
    ///
    /// # Errors
    /// [`TextsError::Syntax`].
    pub fn overridden(language: Language, fluent: &str) -> Result<Self, TextsError> {
        let resource = parse(fluent.to_owned())
            .map_err(|problem| TextsError::Syntax { path: "the given text".to_owned(), problem })?;
        Ok(Self::with_overrides(language, vec![resource]))
    }

    fn with_overrides(language: Language, overrides: Vec<FluentResource>) -> Self {
        let source = match language {
            Language::Japanese => JA,
            Language::English => EN,
        };
        // A test proves that the shipped texts are whole; what does parse is used in any case.
        let shipped = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let resources = std::iter::once(shipped).chain(overrides).map(Arc::new).collect();
        Self::over(language, resources, None)
    }

    fn over(language: Language, resources: Vec<Arc<FluentResource>>, centre: Option<Centre>) -> Self {
        let said = RwLock::new((Arc::default(), Arc::new(bundle(language, &resources))));
        Self(Arc::new(Catalogue { language, resources, centre, said }))
    }

    /// The same texts, and over them what the settings of this centre say at each moment.
    pub fn following(&self, centre: &Centre) -> Self {
        Self::over(self.0.language, self.0.resources.clone(), Some(centre.clone()))
    }

    /// What is said now.
    fn now(&self) -> Arc<Bundle> {
        let catalogue = &self.0;
        let known = catalogue.said.read().unwrap_or_else(PoisonError::into_inner);
        let Some(centre) = &catalogue.centre else { return Arc::clone(&known.1) };
        let texts = &centre.policy().texts;
        // Whatever else is changed in the settings makes another policy with the same texts.
        if Arc::ptr_eq(texts, &known.0) || **texts == *known.0 {
            return Arc::clone(&known.1);
        }
        drop(known);
        let own = bundle(catalogue.language, &catalogue.resources);
        let changed = texts.0.iter().filter_map(|(key, words)| {
            let places = check::places_of(&own, key)?;
            match check::usable(key, words, &places) {
                Ok(resource) => Some(Arc::new(resource)),
                // It was a text when it was saved, of another version perhaps; the shipped one is better than none.
                Err(problem) => {
                    tracing::error!(text.key = key, %problem, "a text of the settings cannot be used");
                    None
                }
            }
        });
        let resources: Vec<_> = catalogue.resources.iter().cloned().chain(changed).collect();
        let put_together = Arc::new(bundle(catalogue.language, &resources));
        let said = (Arc::clone(texts), Arc::clone(&put_together));
        *catalogue.said.write().unwrap_or_else(PoisonError::into_inner) = said;
        put_together
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// The text with this key; the key itself when there is none.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text with this key, with these values put in.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let bundle = self.now();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(text.key = key, "no such text");
            return key.to_owned();
        };
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, FluentValue::from(*value));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(text.key = key, problems = errors.len(), "a text does not fit its values");
        }
        text
    }

    /// The words that are understood as one command: the text's entries, separated by commas.
    pub(crate) fn words(&self, key: &str) -> Vec<String> {
        self.get(key)
            .split([',', '、'])
            .map(|word| word.trim().to_owned())
            .filter(|w| !w.is_empty())
            .collect()
    }

    /// What people read for a category.
    pub fn category(&self, category: Category) -> String {
        self.label("category", category.name())
    }

    /// What people read for a topic of consultations.
    pub fn topic(&self, topic: Topic) -> String {
        self.label("topic", topic.name())
    }

    /// What people read on the button of a rating.
    pub fn rating(&self, rating: Rating) -> String {
        self.label("rating", rating.name())
    }

    /// What people read for a field of a post.
    pub fn field(&self, field: Field) -> String {
        self.label("field", field.name())
    }

    /// What people read for the state of a post.
    pub fn state(&self, state: &PostState) -> String {
        self.label("state", state.name())
    }

    /// What people read for kinds of personal information, each once.
    pub(crate) fn kinds(&self, kinds: &[PiiKind]) -> String {
        let mut names: Vec<String> = Vec::new();
        for kind in kinds {
            let name = self.label("kind", kind.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(match self.0.language {
            Language::Japanese => "・",
            Language::English => ", ",
        })
    }

    fn label(&self, of: &str, name: &str) -> String {
        self.get(&format!("{of}-{}", name.replace('_', "-")))
    }

    /// A date as people write it.
    pub fn date(&self, date: Date) -> String {
        match self.0.language {
            Language::Japanese => calendar::date_ja(date),
            Language::English => date.strftime("%a %-d %b %Y").to_string(),
        }
    }

    /// A day without its weekday and year.
    pub(crate) fn day(&self, date: Date) -> String {
        match self.0.language {
            Language::Japanese => format!("{}月{}日", date.month(), date.day()),
            Language::English => date.strftime("%-d %b").to_string(),
        }
    }

    /// A weekday in one word.
    pub(crate) fn weekday(&self, weekday: Weekday) -> String {
        match self.0.language {
            Language::Japanese => format!("{}曜日", calendar::weekday_ja(weekday)),
            Language::English => format!("{weekday:?}"),
        }
    }

    /// A time of day as people write it.
    pub fn time(&self, time: Time) -> String {
        calendar::time_ja(time)
    }

    /// From when to when, as people write it; the end is not known for some.
    pub fn period(&self, starts: Time, ends: Option<Time>) -> String {
        let starts = self.time(starts);
        ends.map_or(starts.clone(), |ends| format!("{starts}〜{}", self.time(ends)))
    }

    /// An instant as people write it.
    pub fn moment(&self, at: Timestamp, zone: &TimeZone) -> String {
        match self.0.language {
            Language::Japanese => calendar::date_time_ja(at, zone),
            Language::English => zone.to_datetime(at).strftime("%a %-d %b %-H:%M").to_string(),
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({:?})", self.0.language)
    }
}

fn bundle(language: Language, resources: &[Arc<FluentResource>]) -> Bundle {
    let id = match language {
        Language::Japanese => "ja",
        Language::English => "en",
    };
    let language = LanguageIdentifier::from_bytes(id.as_bytes()).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks around what is put into a text would be shown as boxes by some phones.
    bundle.set_use_isolating(false);
    for resource in resources {
        bundle.add_resource_overriding(Arc::clone(resource));
    }
    bundle
}

fn parse(source: String) -> Result<FluentResource, String> {
    FluentResource::try_new(source).map_err(|(_, errors)| {
        errors.first().map_or_else(String::new, |error| format!("{} at byte {}", error.kind, error.pos.start))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    pub(super) fn keys(source: &str) -> BTreeSet<String> {
        source
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, _)| key.trim_end())
            .filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn both_catalogues_are_fluent_and_have_the_same_keys() {
        // R43
        for (name, source) in [("ja", JA), ("en", EN)] {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{name}");
        }
        let (ja, en) = (keys(JA), keys(EN));
        assert_eq!(ja.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
        assert_eq!(en.difference(&ja).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Japanese");
    }

    #[test]
    fn every_category_topic_field_state_and_kind_has_a_label_that_a_city_can_replace() {
        // R43
        for texts in [Texts::japanese(), Texts::english()] {
            let mut labels: Vec<(&str, String)> = Vec::new();
            labels.extend(Category::ALL.map(|category| (category.name(), texts.category(category))));
            labels.extend(Topic::ALL.map(|topic| (topic.name(), texts.topic(topic))));
            labels.extend(Rating::ALL.map(|rating| (rating.name(), texts.rating(rating))));
            labels.extend(Field::ALL.map(|field| (field.name(), texts.field(field))));
            labels.extend(PostState::NAMES.map(|state| (state, texts.label("state", state))));
            labels.extend(PiiKind::ALL.iter().map(|kind| (kind.as_str(), texts.kinds(&[*kind]))));
            for (name, label) in labels {
                let dashed = name.replace('_', "-");
                assert!(
                    !label.ends_with(&format!("-{dashed}")),
                    "{:?} has no label for {name}",
                    texts.language()
                );
            }
        }
        let city =
            Texts::overridden(Language::Japanese, "category-training = 勉強会\nkind-phone = 電話").unwrap();
        assert_eq!(city.category(Category::Training), "勉強会");
        assert_eq!(city.kinds(&[PiiKind::Phone]), "電話");
        assert_eq!(city.topic(Topic::Oral), "口腔");
    }

    #[test]
    fn both_catalogues_use_the_same_values_in_a_text() {
        let values = |source: &str| {
            let pattern = regex::Regex::new(r"\{ *\$([a-z]+) *\}").unwrap();
            let mut of = std::collections::BTreeMap::<String, BTreeSet<String>>::new();
            let mut key = String::new();
            for line in source.lines() {
                if let Some((head, _)) = line.split_once('=')
                    && head.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    head.trim_end().clone_into(&mut key);
                }
                let found = pattern.captures_iter(line).map(|hit| hit[1].to_owned());
                of.entry(key.clone()).or_default().extend(found);
            }
            of
        };
        let (ja, en) = (values(JA), values(EN));
        for (key, used) in &ja {
            assert_eq!(Some(used), en.get(key), "{key}");
        }
    }

    #[test]
    fn every_key_that_the_program_uses_exists_and_every_text_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = String::new();
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    sources.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let known = keys(JA);
        let call =
            regex::Regex::new(r#"\.(?:get|with|say|say_with|text|text_with|words)\(\s*"([a-z][a-z0-9-]+)""#)
                .unwrap();
        for hit in call.captures_iter(&sources) {
            let key = &hit[1];
            assert!(known.contains(key), "the text {key} does not exist");
        }
        // Labels have a test of their own.
        let is_label = |key: &str| {
            ["category-", "topic-", "field-", "state-", "kind-", "rating-"]
                .iter()
                .any(|of| key.starts_with(of))
        };
        for key in known.iter().filter(|key| !is_label(key)) {
            assert!(sources.contains(&format!("\"{key}\"")), "the text {key} is never used");
        }
    }

    #[test]
    fn a_city_replaces_a_text_and_keeps_the_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("city.ftl"), "button-accept = わかりました\n").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "not fluent {").unwrap();
        let texts = Texts::load(Language::Japanese, folder.path()).unwrap();
        assert_eq!(texts.get("button-accept"), "わかりました");
        assert_eq!(texts.get("button-later"), Texts::japanese().get("button-later"));
        let broken = Texts::overridden(Language::Japanese, "button-accept = { $");
        assert!(matches!(broken, Err(TextsError::Syntax { .. })));
    }

    #[test]
    fn a_missing_text_shows_its_key_and_breaks_nothing() {
        let missing = concat!("no-such", "-key");
        assert_eq!(Texts::japanese().get(missing), missing);
    }
}
