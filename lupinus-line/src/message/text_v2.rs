//! Text messages with people and emoji in them.

use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::units::{check_count, check_utf16};
use super::{Emoji, InvalidMessage, MAX_EMOJI, MAX_TEXT_UTF16};
use crate::{QuoteToken, UserId};

/// Most people mentioned in one text ([source](https://developers.line.biz/en/reference/messaging-api/#text-message-v2)).
pub const MAX_MENTIONS: usize = 20;
/// Longest name of a placeholder, in UTF-16 code units (same source). With at most [`MAX_MENTIONS`] and [`MAX_EMOJI`] of them,
/// LINE's limit of 100 placeholders is never met.
pub const MAX_PLACEHOLDER_UTF16: usize = 20;

/// A text put together of words, mentions and LINE's own emoji ("textV2"). Words are escaped, so that what a person
/// wrote cannot become a placeholder. `Debug` shows none of it. For a text whose order a translator decides, see
/// [`TextV2Template`].
///
/// Mentions work in replies and pushes to a group or room only.
///
/// ```
/// use lupinus_line::UserId;
/// use lupinus_line::message::{Message, TextV2};
///
/// let who = UserId::new("U5a1e0000111122223333444455556666")?;
/// let message = Message::from(TextV2::new().mention(who).words(" さん、{お知らせ} です").build()?);
/// assert!(serde_json::to_string(&message)?.contains("{s0} さん、{{お知らせ}} です"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct TextV2 {
    text: String,
    entries: Vec<Entry>,
    quote_token: Option<QuoteToken>,
}

/// A text with named placeholders, such as `{who}`; literal braces are doubled. `Debug` shows none of it.
///
/// ```
/// use lupinus_line::UserId;
/// use lupinus_line::message::{Message, Substitution, TextV2Template};
///
/// let who = UserId::new("U5a1e0000111122223333444455556666")?;
/// let text = TextV2Template::new("{who} さん、{{お知らせ}} です").put("who", Substitution::user(who));
/// let message = Message::from(text.build()?);
/// assert!(TextV2Template::new("{who} さん").build().is_err(), "nobody is named");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TextV2Template(TextV2);

/// What stands for a placeholder. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Substitution(Kind);

#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Kind {
    Mention { mentionee: Mentionee },
    Emoji(Emoji),
}

#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Mentionee {
    User { user_id: UserId },
    All,
}

#[derive(Clone)]
struct Entry {
    name: String,
    value: Substitution,
}

/// A checked [`TextV2`] or [`TextV2Template`].
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextV2Message {
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    substitution: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_token: Option<QuoteToken>,
}

impl Substitution {
    /// Mentions a member of the group.
    pub const fn user(user: UserId) -> Self {
        Self(Kind::Mention { mentionee: Mentionee::User { user_id: user } })
    }

    /// Mentions everybody in the group.
    pub const fn everybody() -> Self {
        Self(Kind::Mention { mentionee: Mentionee::All })
    }

    /// One of LINE's own emoji.
    pub const fn emoji(emoji: Emoji) -> Self {
        Self(Kind::Emoji(emoji))
    }
}

impl TextV2 {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words, braces escaped.
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        self.text.push_str(&escape(words.as_ref()));
        self
    }

    /// Mentions a member of the group.
    pub fn mention(self, user: UserId) -> Self {
        self.put(Substitution::user(user))
    }

    /// Mentions everybody in the group.
    pub fn mention_all(self) -> Self {
        self.put(Substitution::everybody())
    }

    /// Adds one of LINE's own emoji.
    pub fn emoji(self, emoji: Emoji) -> Self {
        self.put(Substitution::emoji(emoji))
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(mut self, token: QuoteToken) -> Self {
        self.quote_token = Some(token);
        self
    }

    /// Checks the whole: the text as it goes on the wire, at most [`MAX_TEXT_UTF16`], at most [`MAX_MENTIONS`] and
    /// [`MAX_EMOJI`]. What LINE counts for an emoji it does not say; a text of emoji near the limit may be refused.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming what is past its limit.
    pub fn build(self) -> Result<TextV2Message, InvalidMessage> {
        check_utf16("text", &self.text, MAX_TEXT_UTF16)?;
        let placeholders = placeholders(&self.text)?;
        // A placeholder may stand more than once; one that stands nowhere is counted, too.
        let (mut mentions, mut emoji) = (0, 0);
        for Entry { name, value } in &self.entries {
            let uses = placeholders.iter().filter(|used| *used == name).count().max(1);
            match value.0 {
                Kind::Mention { .. } => mentions += uses,
                Kind::Emoji(_) => emoji += uses,
            }
        }
        check_count("substitution (mentions)", mentions, 0, MAX_MENTIONS)?;
        check_count("substitution (emoji)", emoji, 0, MAX_EMOJI)?;
        if placeholders.iter().any(|used| !self.entries.iter().any(|entry| entry.name == **used)) {
            return Err(InvalidMessage::Empty { field: "substitution" });
        }
        Ok(TextV2Message { text: self.text, substitution: self.entries, quote_token: self.quote_token })
    }

    fn put(mut self, value: Substitution) -> Self {
        let name = format!("s{}", self.entries.len());
        self.text.push('{');
        self.text.push_str(&name);
        self.text.push('}');
        self.entries.push(Entry { name, value });
        self
    }
}

impl TextV2Template {
    /// A text with placeholders. What a person wrote must not get in here without [`escaped`](Self::escaped).
    pub fn new(text: impl Into<String>) -> Self {
        Self(TextV2 { text: text.into(), ..TextV2::default() })
    }

    /// Words with their braces doubled, so that no placeholder is in them.
    pub fn escaped(words: &str) -> String {
        escape(words)
    }

    /// Says what stands for the placeholder of this name; the last word on a name counts.
    pub fn put(mut self, name: impl Into<String>, value: Substitution) -> Self {
        let name = name.into();
        self.0.entries.retain(|entry| entry.name != name);
        self.0.entries.push(Entry { name, value });
        self
    }

    /// Quotes a message of the same chat. Only replies and pushes can quote.
    pub fn quoting(self, token: QuoteToken) -> Self {
        Self(self.0.quoting(token))
    }

    /// Checks the whole, as [`TextV2::build`], and that the braces pair and every placeholder has something to stand for it.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming what is wrong: `text` for braces or names of placeholders that are none, `substitution` for
    /// a name given to [`put`](Self::put) that is none, or a placeholder left open.
    pub fn build(self) -> Result<TextV2Message, InvalidMessage> {
        if self.0.entries.iter().any(|entry| !is_placeholder(&entry.name)) {
            return Err(InvalidMessage::Form { field: "substitution" });
        }
        self.0.build()
    }
}

fn escape(words: &str) -> String {
    words.replace('{', "{{").replace('}', "}}")
}

fn is_placeholder(name: &str) -> bool {
    (1..=MAX_PLACEHOLDER_UTF16).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The names between single braces; doubled ones are words.
fn placeholders(text: &str) -> Result<Vec<&str>, InvalidMessage> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, from)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            rest = after;
            continue;
        }
        match from.strip_prefix('{').and_then(|after| after.split_once('}')) {
            Some((name, after)) if is_placeholder(name) => {
                names.push(name);
                rest = after;
            }
            _ => return Err(InvalidMessage::Form { field: "text" }),
        }
    }
    Ok(names)
}

fn as_map<S: Serializer>(entries: &[Entry], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for Entry { name, value } in entries {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

macro_rules! without_content {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}

without_content!(TextV2, TextV2Template, TextV2Message, Substitution);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;
    use serde_json::json;

    fn user() -> UserId {
        UserId::new("U5a1e0000111122223333444455556666").unwrap()
    }

    fn emoji() -> Emoji {
        Emoji::new("5ac2", "001").unwrap()
    }

    #[test]
    fn words_of_people_never_become_placeholders() {
        let text = TextV2::new().words("{s0} }{").mention_all().emoji(emoji()).words("!").build().unwrap();
        assert_eq!(
            serde_json::to_value(Message::from(text)).unwrap(),
            json!({"type": "textV2", "text": "{{s0}} }}{{{s0}{s1}!", "substitution": {
                "s0": {"type": "mention", "mentionee": {"type": "all"}},
                "s1": {"type": "emoji", "productId": "5ac2", "emojiId": "001"}}})
        );
        for words in ["{who}", "{{who}}", "}{", "{", "{{{", "}}}"] {
            let text = TextV2Template::new(TextV2Template::escaped(words)).build().unwrap();
            assert!(placeholders(&text.text).unwrap().is_empty(), "{words}");
            assert_eq!(text.text.replace("{{", "{").replace("}}", "}"), words);
        }
    }

    #[test]
    fn texts_with_people_keep_their_limits() {
        let mentions = |count| (0..count).fold(TextV2::new(), |text, _| text.mention(user())).build().is_ok();
        let emojis = |count| (0..count).fold(TextV2::new(), |text, _| text.emoji(emoji())).build().is_ok();
        assert_eq!([1, 20, 21].map(mentions), [true, true, false]);
        assert_eq!([1, 20, 21].map(emojis), [true, true, false]);
        assert!(TextV2::new().words("🍎".repeat(2_500)).build().is_ok());
        assert!(TextV2::new().words("🍎".repeat(2_500) + "a").build().is_err());
        assert!(TextV2::new().words("👨‍👩‍👧‍👦".repeat(454) + "abcdef").build().is_ok(), "a family is 11");
        assert!(TextV2::new().words("👨‍👩‍👧‍👦".repeat(455)).build().is_err());
        assert!(TextV2::new().words("{".repeat(2_500)).build().is_ok());
        assert!(TextV2::new().words("{".repeat(2_501)).build().is_err(), "escapes count");
        assert!(TextV2::new().build().is_err());
    }

    #[test]
    fn a_template_is_refused_when_a_placeholder_is_none_or_left_open() {
        for (name, text, expected) in [
            ("filled", "{who}!", Ok(())),
            ("filled twice", "{who} {who}", Ok(())),
            ("twenty times", &*"{who}".repeat(20), Ok(())),
            (
                "too often",
                &*"{who}".repeat(21),
                Err(InvalidMessage::Count { field: "substitution (mentions)", count: 21, min: 0, max: 20 }),
            ),
            ("not used", "hello", Ok(())),
            ("doubled braces", "{{what}} {who}", Ok(())),
            ("left open", "{what}", Err(InvalidMessage::Empty { field: "substitution" })),
            (
                "at the longest name",
                &*format!("{{{}}}", "a".repeat(20)),
                Err(InvalidMessage::Empty { field: "substitution" }),
            ),
            ("past it", &*format!("{{{}}}", "a".repeat(21)), Err(InvalidMessage::Form { field: "text" })),
            ("no name", "{}", Err(InvalidMessage::Form { field: "text" })),
            ("an emoji for a name", "{🍎}", Err(InvalidMessage::Form { field: "text" })),
            ("a brace alone", "{who} {", Err(InvalidMessage::Form { field: "text" })),
            ("a closing brace alone", "} {who}", Err(InvalidMessage::Form { field: "text" })),
        ] {
            let built = TextV2Template::new(text).put("who", Substitution::user(user())).build();
            assert_eq!(built.map(drop), expected, "{name}");
        }
        for (name, ok) in
            [("a".repeat(20), true), ("a".repeat(21), false), (String::new(), false), ("a-b".into(), false)]
        {
            let built = TextV2Template::new("a").put(&*name, Substitution::emoji(emoji())).build();
            assert_eq!(built.is_ok(), ok, "{name:?}");
        }
    }
}
