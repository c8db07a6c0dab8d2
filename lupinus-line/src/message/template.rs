//! Template messages: simple layouts that LINE draws itself.

use std::fmt;

use serde::Serialize;

use super::action::MAX_LABEL_GRAPHEMES;
use super::flex::AltText;
use super::units::{check_color, check_count, check_graphemes};
use super::{Action, InvalidMessage, MediaUrl};

/// Longest text of a buttons template without image and title, in **grapheme clusters**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#buttons)).
pub const MAX_BUTTONS_TEXT_GRAPHEMES: usize = 160;
/// Longest text of a buttons template or column with an image or title, in **grapheme clusters** (same source).
pub const MAX_SHORT_TEXT_GRAPHEMES: usize = 60;
/// Longest title, in **grapheme clusters** (same source).
pub const MAX_TITLE_GRAPHEMES: usize = 40;
/// Most actions of a buttons template (same source).
pub const MAX_BUTTONS_ACTIONS: usize = 4;
/// Longest text of a confirm template, in **grapheme clusters**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#confirm)).
pub const MAX_CONFIRM_TEXT_GRAPHEMES: usize = 240;
/// Most columns of a carousel ([source](https://developers.line.biz/en/reference/messaging-api/#carousel)).
pub const MAX_COLUMNS: usize = 10;
/// Longest text of a column without image and title, in **grapheme clusters** (same source).
pub const MAX_COLUMN_TEXT_GRAPHEMES: usize = 120;
/// Most actions of a column; each column has as many as the others (same source).
pub const MAX_COLUMN_ACTIONS: usize = 3;

/// Longest label in an image carousel, in **grapheme clusters**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#image-carousel)).
pub const MAX_IMAGE_LABEL_GRAPHEMES: usize = 12;

/// A template message. `Debug` shows its kind only.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateMessage {
    alt_text: AltText,
    template: Template,
}

#[derive(Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Template {
    Buttons(Buttons),
    Confirm(Confirm),
    Carousel(Carousel),
    ImageCarousel { columns: Vec<ImageColumn> },
}

/// One picture of an image carousel, 1:1, and what a tap on it does.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageColumn {
    image_url: MediaUrl,
    action: Action,
}

impl ImageColumn {
    /// A picture and its action; a label, if any, is drawn on it.
    pub const fn new(image: MediaUrl, action: Action) -> Self {
        Self { image_url: image, action }
    }
}

impl TemplateMessage {
    /// A text with up to four buttons. `alt_text` is shown in lists, notifications and on old devices, at most
    /// [`MAX_ALT_TEXT_UTF16`](super::MAX_ALT_TEXT_UTF16).
    ///
    /// # Errors
    /// [`InvalidMessage`] naming the property past its limit.
    pub fn buttons(alt_text: impl Into<String>, buttons: Buttons) -> Result<Self, InvalidMessage> {
        buttons.check()?;
        Self::new(alt_text.into(), Template::Buttons(buttons))
    }

    /// A question with two buttons.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming the property past its limit.
    pub fn confirm(alt_text: impl Into<String>, confirm: Confirm) -> Result<Self, InvalidMessage> {
        confirm.check()?;
        Self::new(alt_text.into(), Template::Confirm(confirm))
    }

    /// Several columns side by side.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming the property past its limit.
    pub fn carousel(alt_text: impl Into<String>, carousel: Carousel) -> Result<Self, InvalidMessage> {
        carousel.check()?;
        Self::new(alt_text.into(), Template::Carousel(carousel))
    }

    /// Up to [`MAX_COLUMNS`] pictures side by side.
    ///
    /// # Errors
    /// [`InvalidMessage`] naming the property past its limit.
    pub fn image_carousel(
        alt_text: impl Into<String>,
        columns: impl IntoIterator<Item = ImageColumn>,
    ) -> Result<Self, InvalidMessage> {
        let columns: Vec<_> = columns.into_iter().collect();
        check_count("template.columns", columns.len(), 1, MAX_COLUMNS)?;
        for ImageColumn { action, .. } in &columns {
            action.check_label(false, MAX_IMAGE_LABEL_GRAPHEMES)?;
            action.check_in_message("template")?;
        }
        Self::new(alt_text.into(), Template::ImageCarousel { columns })
    }

    fn new(alt_text: String, template: Template) -> Result<Self, InvalidMessage> {
        Ok(Self { alt_text: AltText::new(alt_text)?, template })
    }
}

impl fmt::Debug for TemplateMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.template {
            Template::Buttons(_) => "TemplateMessage(buttons)",
            Template::Confirm(_) => "TemplateMessage(confirm)",
            Template::Carousel(_) => "TemplateMessage(carousel)",
            Template::ImageCarousel { .. } => "TemplateMessage(image_carousel)",
        })
    }
}

/// Shape of the images of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ImageShape {
    /// 1.51 : 1 (the default).
    Rectangle,
    /// 1 : 1.
    Square,
}

/// How the images of a template fill their frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ImageFit {
    /// Cut, without margins (the default).
    Cover,
    /// Whole, with margins.
    Contain,
}

/// A text with up to four buttons, optionally a title and an image. Checked by [`TemplateMessage::buttons`].
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Buttons {
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_image_url: Option<MediaUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_aspect_ratio: Option<ImageShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_size: Option<ImageFit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_background_color: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_action: Option<Action>,
    actions: Vec<Action>,
}

/// A question with two buttons. Checked by [`TemplateMessage::confirm`].
#[derive(Clone, Serialize)]
pub struct Confirm {
    text: String,
    actions: [Action; 2],
}

/// Several columns side by side. Checked by [`TemplateMessage::carousel`].
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Carousel {
    columns: Vec<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_aspect_ratio: Option<ImageShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_size: Option<ImageFit>,
}

/// One column of a [`Carousel`].
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Column(Buttons);

impl Buttons {
    /// A text and its buttons, each with a label.
    pub fn new(text: impl Into<String>, actions: impl IntoIterator<Item = Action>) -> Self {
        Self {
            thumbnail_image_url: None,
            image_aspect_ratio: None,
            image_size: None,
            image_background_color: None,
            title: None,
            text: text.into(),
            default_action: None,
            actions: actions.into_iter().collect(),
        }
    }

    /// A line above the text. Shortens what the text may hold to [`MAX_SHORT_TEXT_GRAPHEMES`].
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// An image above. Shortens what the text may hold to [`MAX_SHORT_TEXT_GRAPHEMES`].
    pub fn image(mut self, url: MediaUrl) -> Self {
        self.thumbnail_image_url = Some(url);
        self
    }

    /// Shape of the image.
    pub const fn image_shape(mut self, shape: ImageShape) -> Self {
        self.image_aspect_ratio = Some(shape);
        self
    }

    /// How the image fills its frame.
    pub const fn image_fit(mut self, fit: ImageFit) -> Self {
        self.image_size = Some(fit);
        self
    }

    /// Colour behind the image, `#RRGGBB`; white by default.
    pub fn image_background(mut self, color: impl Into<String>) -> Self {
        self.image_background_color = Some(color.into());
        self
    }

    /// What a tap beside the buttons does.
    pub fn default_action(mut self, action: Action) -> Self {
        self.default_action = Some(action);
        self
    }

    fn check(&self) -> Result<(), InvalidMessage> {
        self.check_within("template", MAX_BUTTONS_TEXT_GRAPHEMES, MAX_BUTTONS_ACTIONS)
    }

    fn check_within(&self, place: &'static str, text: usize, actions: usize) -> Result<(), InvalidMessage> {
        let short = self.title.is_some() || self.thumbnail_image_url.is_some();
        let max = if short { MAX_SHORT_TEXT_GRAPHEMES } else { text };
        check_graphemes("template.text", &self.text, max)?;
        if let Some(title) = &self.title {
            check_graphemes("template.title", title, MAX_TITLE_GRAPHEMES)?;
        }
        if let Some(color) = &self.image_background_color {
            check_color("template.imageBackgroundColor", color)?;
        }
        check_count("template.actions", self.actions.len(), 1, actions)?;
        if let Some(action) = &self.default_action {
            action.check_in_message(place)?;
            action.check_label(false, MAX_LABEL_GRAPHEMES)?;
        }
        check_actions(place, &self.actions)
    }
}

impl Confirm {
    /// A question and its two buttons, each with a label.
    pub fn new(text: impl Into<String>, first: Action, second: Action) -> Self {
        Self { text: text.into(), actions: [first, second] }
    }

    fn check(&self) -> Result<(), InvalidMessage> {
        check_graphemes("template.text", &self.text, MAX_CONFIRM_TEXT_GRAPHEMES)?;
        check_actions("template", &self.actions)
    }
}

impl Carousel {
    /// The columns: all with as many actions, and image and title in all or none.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), image_aspect_ratio: None, image_size: None }
    }

    /// Shape of the images of all columns.
    pub const fn image_shape(mut self, shape: ImageShape) -> Self {
        self.image_aspect_ratio = Some(shape);
        self
    }

    /// How the images of all columns fill their frames.
    pub const fn image_fit(mut self, fit: ImageFit) -> Self {
        self.image_size = Some(fit);
        self
    }

    fn check(&self) -> Result<(), InvalidMessage> {
        check_count("template.columns", self.columns.len(), 1, MAX_COLUMNS)?;
        let shape = |Column(column): &Column| {
            (column.actions.len(), column.title.is_some(), column.thumbnail_image_url.is_some())
        };
        let first = self.columns.first().map(shape);
        for column in &self.columns {
            column.0.check_within("template", MAX_COLUMN_TEXT_GRAPHEMES, MAX_COLUMN_ACTIONS)?;
            if Some(shape(column)) != first {
                return Err(InvalidMessage::Form { field: "template.columns" });
            }
        }
        Ok(())
    }
}

impl Column {
    /// A text and its buttons, each with a label.
    pub fn new(text: impl Into<String>, actions: impl IntoIterator<Item = Action>) -> Self {
        Self(Buttons::new(text, actions))
    }

    /// A line above the text. Shortens what the text may hold to [`MAX_SHORT_TEXT_GRAPHEMES`].
    pub fn title(self, title: impl Into<String>) -> Self {
        Self(self.0.title(title))
    }

    /// An image above. Shortens what the text may hold to [`MAX_SHORT_TEXT_GRAPHEMES`].
    pub fn image(self, url: MediaUrl) -> Self {
        Self(self.0.image(url))
    }

    /// Colour behind the image, `#RRGGBB`; white by default.
    pub fn image_background(self, color: impl Into<String>) -> Self {
        Self(self.0.image_background(color))
    }

    /// What a tap beside the buttons does.
    pub fn default_action(self, action: Action) -> Self {
        Self(self.0.default_action(action))
    }
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

without_content!(Buttons, Confirm, Carousel, Column);

fn check_actions(place: &'static str, actions: &[Action]) -> Result<(), InvalidMessage> {
    for action in actions {
        action.check_label(true, MAX_LABEL_GRAPHEMES)?;
        action.check_in_message(place)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";

    fn action() -> Action {
        Action::message("a").unwrap().label("a")
    }

    fn image() -> MediaUrl {
        MediaUrl::new("https://cdn.example.org/p.jpg").unwrap()
    }

    fn buttons(text: usize) -> Buttons {
        Buttons::new(FAMILY.repeat(text), [action()])
    }

    #[test]
    fn templates_keep_their_limits() {
        let buttons_ok = |buttons| TemplateMessage::buttons("alt", buttons).is_ok();
        let confirm_ok = |text: usize| {
            TemplateMessage::confirm("alt", Confirm::new(FAMILY.repeat(text), action(), action())).is_ok()
        };
        let column = |text: usize, actions: usize| {
            Column::new(FAMILY.repeat(text), std::iter::repeat_with(action).take(actions))
        };
        let images_ok = |count: usize, label: usize| {
            let column =
                || ImageColumn::new(image(), Action::message("a").unwrap().label(FAMILY.repeat(label)));
            TemplateMessage::image_carousel("alt", std::iter::repeat_with(column).take(count)).is_ok()
        };
        let carousel_ok =
            |columns: Vec<Column>| TemplateMessage::carousel("alt", Carousel::new(columns)).is_ok();
        for (name, ok, expected) in [
            ("plain text at the limit", buttons_ok(buttons(160)), true),
            ("plain text past it", buttons_ok(buttons(161)), false),
            ("text under a title", buttons_ok(buttons(60).title("t")), true),
            ("text under a title, past", buttons_ok(buttons(61).title("t")), false),
            ("text under an image, past", buttons_ok(buttons(61).image(image())), false),
            ("title", buttons_ok(buttons(1).title(FAMILY.repeat(40))), true),
            ("title past", buttons_ok(buttons(1).title(FAMILY.repeat(41))), false),
            ("four actions", buttons_ok(Buttons::new("a", [action(), action(), action(), action()])), true),
            ("five actions", buttons_ok(Buttons::new("a", std::iter::repeat_with(action).take(5))), false),
            ("no action", buttons_ok(Buttons::new("a", [])), false),
            ("camera", buttons_ok(Buttons::new("a", [Action::camera().label("a")])), false),
            ("no label", buttons_ok(Buttons::new("a", [Action::message("a").unwrap()])), false),
            ("confirm", confirm_ok(240), true),
            ("confirm past", confirm_ok(241), false),
            ("ten columns", carousel_ok(vec![column(120, 3); 10]), true),
            ("eleven columns", carousel_ok(vec![column(1, 1); 11]), false),
            ("column text past", carousel_ok(vec![column(121, 1)]), false),
            ("ten images", images_ok(10, 12), true),
            ("eleven images", images_ok(11, 12), false),
            ("no images", images_ok(0, 12), false),
            ("image label past", images_ok(1, 13), false),
            ("column text under a title", carousel_ok(vec![column(60, 3).title(FAMILY.repeat(40))]), true),
            ("column text under a title, past", carousel_ok(vec![column(61, 3).title("t")]), false),
            ("column title past", carousel_ok(vec![column(1, 1).title(FAMILY.repeat(41))]), false),
            ("four actions of a column", carousel_ok(vec![column(1, 4)]), false),
            ("colour", buttons_ok(buttons(1).image(image()).image_background("#a0B1c2")), true),
            ("no colour", buttons_ok(buttons(1).image(image()).image_background("white")), false),
            ("colour of a column", carousel_ok(vec![column(1, 1).image_background("#12345")]), false),
            ("label", buttons_ok(Buttons::new("a", [action().label(FAMILY.repeat(20))])), true),
            ("label past", buttons_ok(Buttons::new("a", [action().label(FAMILY.repeat(21))])), false),
            (
                "default action",
                buttons_ok(buttons(1).default_action(action().label(FAMILY.repeat(20)))),
                true,
            ),
            (
                "default action, label past",
                buttons_ok(buttons(1).default_action(action().label(FAMILY.repeat(21)))),
                false,
            ),
            ("uneven actions", carousel_ok(vec![column(1, 1), column(1, 2)]), false),
            ("a title in one only", carousel_ok(vec![column(1, 1), column(1, 1).title("t")]), false),
        ] {
            assert_eq!(ok, expected, "{name}");
        }
        assert!(TemplateMessage::buttons("🍎".repeat(750), buttons(1)).is_ok());
        assert!(TemplateMessage::buttons("🍎".repeat(750) + "a", buttons(1)).is_err());
    }
}
