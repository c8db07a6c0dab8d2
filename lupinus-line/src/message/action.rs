//! What a tap does.

use std::fmt;

use serde::Serialize;

use super::InvalidMessage;
use super::units::{check_graphemes, check_utf16, is_percent_encoded, names_a_host};
use crate::RichMenuAliasId;

/// Longest label of an action in a template, a quick reply or a rich menu, in **grapheme clusters**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#action-objects)).
pub const MAX_LABEL_GRAPHEMES: usize = 20;
/// Longest label of an action in a Flex message, in **grapheme clusters** (same source).
pub const MAX_FLEX_LABEL_GRAPHEMES: usize = 40;
/// Longest data of a postback, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#postback-action)).
pub const MAX_DATA_UTF16: usize = 300;
/// Longest text said or filled in by an action, in **grapheme clusters**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#message-action)).
pub const MAX_ACTION_TEXT_GRAPHEMES: usize = 300;
/// Longest address opened by an action, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#uri-action)).
pub const MAX_URI_UTF16: usize = 1_000;
/// Longest text copied by an action, in UTF-16 code units
/// ([source](https://developers.line.biz/en/reference/messaging-api/#clipboard-action)).
pub const MAX_CLIPBOARD_UTF16: usize = 1_000;

/// What a tap does. `Debug` shows the kind only.
///
/// Whether a label is needed and how long it may be depends on the place (button, quick reply, menu area) and is
/// checked there.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    #[serde(flatten)]
    body: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Body {
    Postback {
        data: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        display_text: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        input_option: Option<InputOption>,
        #[serde(skip_serializing_if = "Option::is_none")]
        fill_in_text: Option<String>,
    },
    Message {
        text: String,
    },
    Uri {
        uri: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        alt_uri: Option<AltUri>,
    },
    #[serde(rename = "datetimepicker")]
    DatetimePicker {
        data: String,
        mode: DatetimeMode,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<String>,
    },
    Camera,
    CameraRoll,
    Location,
    #[serde(rename = "richmenuswitch")]
    RichMenuSwitch {
        rich_menu_alias_id: RichMenuAliasId,
        data: String,
    },
    Clipboard {
        clipboard_text: String,
    },
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct AltUri {
    desktop: String,
}

/// The kind of an [`Action`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActionKind {
    /// Sends data to the bot.
    Postback,
    /// Says something as the user.
    Message,
    /// Opens an address.
    Uri,
    /// Asks for a date or time and sends it to the bot.
    DatetimePicker,
    /// Opens the camera.
    Camera,
    /// Opens the phone's pictures.
    CameraRoll,
    /// Asks for a place.
    Location,
    /// Shows another rich menu.
    RichMenuSwitch,
    /// Copies a text.
    Clipboard,
}

/// What else happens on the phone when a postback is tapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum InputOption {
    /// The rich menu closes.
    CloseRichMenu,
    /// The rich menu opens.
    OpenRichMenu,
    /// The keyboard opens.
    OpenKeyboard,
    /// Voice input opens.
    OpenVoice,
}

/// What a picker asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DatetimeMode {
    /// A date, `2026-07-01`.
    Date,
    /// A time, `09:30`.
    Time,
    /// Both, `2026-07-01T09:30`.
    Datetime,
}

impl Action {
    const fn new(body: Body) -> Self {
        Self { body, label: None }
    }

    /// Sends `data` to the bot, at most [`MAX_DATA_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the data is empty or too long.
    pub fn postback(data: impl Into<String>) -> Result<Self, InvalidMessage> {
        let data = checked_data(data.into())?;
        Ok(Self::new(Body::Postback { data, display_text: None, input_option: None, fill_in_text: None }))
    }

    /// Says `text` as the user, at most [`MAX_ACTION_TEXT_GRAPHEMES`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long.
    pub fn message(text: impl Into<String>) -> Result<Self, InvalidMessage> {
        let text = text.into();
        check_graphemes("action.text", &text, MAX_ACTION_TEXT_GRAPHEMES)?;
        Ok(Self::new(Body::Message { text }))
    }

    /// Opens an address (`http`, `https` or `line` with a host, `tel` with a number), percent-encoded, at most
    /// [`MAX_URI_UTF16`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is no such address or too long.
    pub fn uri(uri: impl Into<String>) -> Result<Self, InvalidMessage> {
        let uri = checked_uri(uri.into())?;
        Ok(Self::new(Body::Uri { uri, alt_uri: None }))
    }

    /// Asks for a date or time and sends it with `data` to the bot.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the data is empty or too long.
    pub fn datetime_picker(data: impl Into<String>, mode: DatetimeMode) -> Result<Self, InvalidMessage> {
        let data = checked_data(data.into())?;
        Ok(Self::new(Body::DatetimePicker { data, mode, initial: None, max: None, min: None }))
    }

    /// Opens the camera. Quick replies only.
    pub const fn camera() -> Self {
        Self::new(Body::Camera)
    }

    /// Opens the phone's pictures. Quick replies only.
    pub const fn camera_roll() -> Self {
        Self::new(Body::CameraRoll)
    }

    /// Asks for a place. Quick replies only.
    pub const fn location() -> Self {
        Self::new(Body::Location)
    }

    /// Shows another rich menu, and sends `data` to the bot. Rich menus only.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the data is empty or too long.
    pub fn rich_menu_switch(alias: RichMenuAliasId, data: impl Into<String>) -> Result<Self, InvalidMessage> {
        let data = checked_data(data.into())?;
        Ok(Self::new(Body::RichMenuSwitch { rich_menu_alias_id: alias, data }))
    }

    /// Copies a text, at most [`MAX_CLIPBOARD_UTF16`]. LINE 14.0 or later.
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long.
    pub fn clipboard(text: impl Into<String>) -> Result<Self, InvalidMessage> {
        let clipboard_text = text.into();
        check_utf16("action.clipboardText", &clipboard_text, MAX_CLIPBOARD_UTF16)?;
        Ok(Self::new(Body::Clipboard { clipboard_text }))
    }

    /// The words on the button. Checked where the action is used.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// What a postback seems to say in the chat, at most [`MAX_ACTION_TEXT_GRAPHEMES`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long, or the action is no postback.
    pub fn display_text(mut self, text: impl Into<String>) -> Result<Self, InvalidMessage> {
        let text = text.into();
        check_graphemes("action.displayText", &text, MAX_ACTION_TEXT_GRAPHEMES)?;
        let Body::Postback { display_text, .. } = &mut self.body else {
            return Err(InvalidMessage::ActionNotAllowed { place: "displayText" });
        };
        *display_text = Some(text);
        Ok(self)
    }

    /// What else a postback does on the phone.
    ///
    /// # Errors
    /// [`InvalidMessage::ActionNotAllowed`] when the action is no postback, or has a text to
    /// [fill in](Self::fill_in), which only the keyboard can.
    pub fn input_option(mut self, option: InputOption) -> Result<Self, InvalidMessage> {
        let Body::Postback { input_option, fill_in_text, .. } = &mut self.body else {
            return Err(InvalidMessage::ActionNotAllowed { place: "inputOption" });
        };
        if fill_in_text.is_some() && option != InputOption::OpenKeyboard {
            return Err(InvalidMessage::ActionNotAllowed { place: "inputOption" });
        }
        *input_option = Some(option);
        Ok(self)
    }

    /// Opens the keyboard with this text already in it, at most [`MAX_ACTION_TEXT_GRAPHEMES`].
    ///
    /// # Errors
    /// [`InvalidMessage`] when the text is empty or too long, or the action is no postback.
    pub fn fill_in(mut self, text: impl Into<String>) -> Result<Self, InvalidMessage> {
        let text = text.into();
        check_graphemes("action.fillInText", &text, MAX_ACTION_TEXT_GRAPHEMES)?;
        let Body::Postback { input_option, fill_in_text, .. } = &mut self.body else {
            return Err(InvalidMessage::ActionNotAllowed { place: "fillInText" });
        };
        *input_option = Some(InputOption::OpenKeyboard);
        *fill_in_text = Some(text);
        Ok(self)
    }

    /// Another address for LINE on a computer.
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is no address or the action is none that opens one.
    pub fn desktop_uri(mut self, desktop: impl Into<String>) -> Result<Self, InvalidMessage> {
        let desktop = checked_uri(desktop.into())?;
        let Body::Uri { alt_uri, .. } = &mut self.body else {
            return Err(InvalidMessage::ActionNotAllowed { place: "altUri" });
        };
        *alt_uri = Some(AltUri { desktop });
        Ok(self)
    }

    /// The first, the last and the preselected value of a picker, each in the form of its mode.
    ///
    /// # Errors
    /// [`InvalidMessage::Form`] when a value is not of that form, outside 1900-01-01 to 2100-12-31, or the first is
    /// not before the last.
    pub fn range(
        mut self,
        first: Option<&str>,
        last: Option<&str>,
        preselected: Option<&str>,
    ) -> Result<Self, InvalidMessage> {
        let Body::DatetimePicker { mode, initial, max, min, .. } = &mut self.body else {
            return Err(InvalidMessage::ActionNotAllowed { place: "min, max, initial" });
        };
        check_range(*mode, first, last, preselected)?;
        *min = first.map(str::to_owned);
        *max = last.map(str::to_owned);
        *initial = preselected.map(str::to_owned);
        Ok(self)
    }

    /// What kind of action it is.
    pub const fn kind(&self) -> ActionKind {
        match self.body {
            Body::Postback { .. } => ActionKind::Postback,
            Body::Message { .. } => ActionKind::Message,
            Body::Uri { .. } => ActionKind::Uri,
            Body::DatetimePicker { .. } => ActionKind::DatetimePicker,
            Body::Camera => ActionKind::Camera,
            Body::CameraRoll => ActionKind::CameraRoll,
            Body::Location => ActionKind::Location,
            Body::RichMenuSwitch { .. } => ActionKind::RichMenuSwitch,
            Body::Clipboard { .. } => ActionKind::Clipboard,
        }
    }

    pub(crate) fn check_label(&self, required: bool, max: usize) -> Result<(), InvalidMessage> {
        match &self.label {
            Some(label) => check_graphemes("action.label", label, max),
            None if required => Err(InvalidMessage::Empty { field: "action.label" }),
            None => Ok(()),
        }
    }

    /// The kinds that work outside quick replies and rich menus.
    pub(crate) fn check_in_message(&self, place: &'static str) -> Result<(), InvalidMessage> {
        match self.kind() {
            ActionKind::Camera
            | ActionKind::CameraRoll
            | ActionKind::Location
            | ActionKind::RichMenuSwitch => Err(InvalidMessage::ActionNotAllowed { place }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({:?})", self.kind())
    }
}

impl InputOption {
    /// The option of this name of LINE's.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "closeRichMenu" => Some(Self::CloseRichMenu),
            "openRichMenu" => Some(Self::OpenRichMenu),
            "openKeyboard" => Some(Self::OpenKeyboard),
            "openVoice" => Some(Self::OpenVoice),
            _ => None,
        }
    }
}

impl DatetimeMode {
    fn fits(self, value: &str) -> bool {
        let date = |text: &str| {
            text.len() == 10
                && text.parse::<jiff::civil::Date>().is_ok_and(|date| (1900..=2100).contains(&date.year()))
        };
        let time = |text: &str| {
            text.len() == 5
                && text.as_bytes().get(2) == Some(&b':')
                && text.parse::<jiff::civil::Time>().is_ok()
        };
        match self {
            Self::Date => date(value),
            Self::Time => time(value),
            Self::Datetime => value.split_once(['T', 't']).is_some_and(|(day, hour)| date(day) && time(hour)),
        }
    }
}

/// Whether the values of a picker are of its mode's form and in order.
pub(crate) fn check_range(
    mode: DatetimeMode,
    first: Option<&str>,
    last: Option<&str>,
    preselected: Option<&str>,
) -> Result<(), InvalidMessage> {
    for (field, value) in [("action.min", first), ("action.max", last), ("action.initial", preselected)] {
        if value.is_some_and(|value| !mode.fits(value)) {
            return Err(InvalidMessage::Form { field });
        }
    }
    match (first, last) {
        (Some(first), Some(last)) if first.to_ascii_uppercase() >= last.to_ascii_uppercase() => {
            Err(InvalidMessage::Form { field: "action.min" })
        }
        _ => Ok(()),
    }
}

fn checked_data(data: String) -> Result<String, InvalidMessage> {
    check_utf16("action.data", &data, MAX_DATA_UTF16)?;
    Ok(data)
}

fn checked_uri(uri: String) -> Result<String, InvalidMessage> {
    check_uri(&uri)?;
    Ok(uri)
}

pub(crate) fn check_uri(uri: &str) -> Result<(), InvalidMessage> {
    check_utf16("action.uri", uri, MAX_URI_UTF16)?;
    let (scheme, rest) = uri.split_once(':').unwrap_or_default();
    let opens = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" | "line" => names_a_host(uri),
        "tel" => is_phone_number(rest),
        _ => false,
    };
    if opens { Ok(()) } else { Err(InvalidMessage::Url { field: "action.uri" }) }
}

/// Something to dial, and nothing that is no part of an address.
fn is_phone_number(text: &str) -> bool {
    let number = text.split([';', '?', '#']).next().unwrap_or_default();
    number.bytes().any(|byte| byte.is_ascii_digit() || byte == b'*')
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"+-*.()%".contains(&byte))
        && is_percent_encoded(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";

    #[test]
    fn texts_of_actions_are_accepted_at_the_limit_and_refused_past_it() {
        for (name, at, past) in [
            ("data", Action::postback("🍎".repeat(150)), Action::postback("🍎".repeat(150) + "a")),
            ("text", Action::message(FAMILY.repeat(300)), Action::message(FAMILY.repeat(301))),
            ("clipboard", Action::clipboard("🍎".repeat(500)), Action::clipboard("🍎".repeat(500) + "a")),
            (
                "display text",
                Action::postback("a").unwrap().display_text(FAMILY.repeat(300)),
                Action::postback("a").unwrap().display_text(FAMILY.repeat(301)),
            ),
            (
                "fill-in text",
                Action::postback("a").unwrap().fill_in(FAMILY.repeat(300)),
                Action::postback("a").unwrap().fill_in(FAMILY.repeat(301)),
            ),
            (
                "desktop uri",
                Action::uri("tel:1").unwrap().desktop_uri(format!("https://example.org/{}", "a".repeat(980))),
                Action::uri("tel:1").unwrap().desktop_uri(format!("https://example.org/{}", "a".repeat(981))),
            ),
            (
                "uri",
                Action::uri(format!("https://example.org/{}", "a".repeat(980))),
                Action::uri(format!("https://example.org/{}", "a".repeat(981))),
            ),
        ] {
            assert!(at.is_ok(), "{name} at the limit");
            assert!(matches!(past, Err(InvalidMessage::TooLong { .. })), "{name} past the limit");
        }
    }

    #[test]
    fn a_text_to_fill_in_needs_the_keyboard() {
        let filled = Action::postback("a").unwrap().fill_in("b").unwrap();
        assert!(filled.clone().input_option(InputOption::OpenKeyboard).is_ok());
        assert!(filled.input_option(InputOption::OpenVoice).is_err());
    }

    #[test]
    fn only_some_schemes_open() {
        for (uri, ok) in [
            ("https://example.org/?q=%E6%98%8E", true),
            ("http://example.org", true),
            ("tel:0221234567", true),
            ("line://nv/chat", true),
            ("https://line.me/R/ti/p/%40abc", true),
            ("HTTPS://example.org", true),
            ("https://user@example.org:8443/#a", true),
            ("tel:+81-22-123-4567;ext=2", true),
            ("tel:*123%23", true),
            ("https:example.org", false),
            ("https:/example.org", false),
            ("https:///example.org", false),
            ("https://", false),
            ("https://?q", false),
            ("https://#a", false),
            ("https://\\example.org", false),
            ("http://:80", false),
            ("http://user@", false),
            ("https", false),
            ("line:", false),
            ("line:nv/chat", false),
            ("line://", false),
            ("line:///nv/chat", false),
            ("tel:", false),
            ("tel:?0221234567", false),
            ("tel:#0221234567", false),
            ("tel:022 1234567", false),
            ("tel:+-", false),
            ("javascript:alert(1)", false),
            ("example.org", false),
            ("https://example.org/明日", false),
            ("", false),
        ] {
            assert_eq!(Action::uri(uri).is_ok(), ok, "{uri}");
        }
    }

    #[test]
    fn a_picker_takes_values_of_its_mode_only() {
        use DatetimeMode as M;
        for (name, mode, first, last, ok) in [
            ("dates", M::Date, "2026-09-01", "2026-09-30", true),
            ("times", M::Time, "09:00", "17:00", true),
            ("both", M::Datetime, "2026-09-01T09:00", "2026-09-30t17:00", true),
            ("order", M::Date, "2026-09-30", "2026-09-01", false),
            ("equal", M::Date, "2026-09-30", "2026-09-30", false),
            ("no such day", M::Date, "2026-02-30", "2026-09-01", false),
            ("before 1900", M::Date, "1899-12-31", "2026-09-01", false),
            ("seconds", M::Time, "09:00:00", "17:00", false),
            ("other mode", M::Time, "2026-09-01", "17:00", false),
        ] {
            let picker = Action::datetime_picker("d", mode).unwrap();
            assert_eq!(picker.range(Some(first), Some(last), None).is_ok(), ok, "{name}");
        }
    }

    #[test]
    fn actions_serialise_as_documented() {
        let tab = RichMenuAliasId::new("tab-b").unwrap();
        for (action, expected) in [
            (
                Action::postback("m=1").unwrap().label("予約").display_text("予約").unwrap(),
                r#"{"type":"postback","data":"m=1","displayText":"予約","label":"予約"}"#,
            ),
            (
                Action::postback("m").unwrap().fill_in("件名: ").unwrap(),
                r#"{"type":"postback","data":"m","inputOption":"openKeyboard","fillInText":"件名: "}"#,
            ),
            (
                Action::datetime_picker("slot", DatetimeMode::Datetime).unwrap(),
                r#"{"type":"datetimepicker","data":"slot","mode":"datetime"}"#,
            ),
            (
                Action::rich_menu_switch(tab, "to=b").unwrap(),
                r#"{"type":"richmenuswitch","richMenuAliasId":"tab-b","data":"to=b"}"#,
            ),
            (
                Action::postback("m").unwrap().input_option(InputOption::CloseRichMenu).unwrap(),
                r#"{"type":"postback","data":"m","inputOption":"closeRichMenu"}"#,
            ),
            (
                Action::uri("tel:1").unwrap().desktop_uri("https://example.org").unwrap(),
                r#"{"type":"uri","uri":"tel:1","altUri":{"desktop":"https://example.org"}}"#,
            ),
            (Action::camera().label("撮る"), r#"{"type":"camera","label":"撮る"}"#),
            (Action::location().label("場所"), r#"{"type":"location","label":"場所"}"#),
            (Action::message("a").unwrap(), r#"{"type":"message","text":"a"}"#),
            (Action::camera_roll().label("写真"), r#"{"type":"cameraRoll","label":"写真"}"#),
            (Action::clipboard("12").unwrap(), r#"{"type":"clipboard","clipboardText":"12"}"#),
        ] {
            assert_eq!(serde_json::to_string(&action).unwrap(), expected);
        }
    }
}
