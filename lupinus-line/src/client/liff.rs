//! LIFF apps of a LINE Login channel: call these with a client whose token is that channel's, short-lived or stateless.

use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, Request};
use crate::message::{InvalidMessage, MediaUrl};
use crate::open::open_enum;
use crate::{LiffId, endpoint};

open_enum! {
    /// How much of the screen an app takes.
    LiffViewType {
        /// About half.
        Compact = "compact",
        /// Most.
        Tall = "tall",
        /// All.
        Full = "full",
    }
}

open_enum! {
    /// What an app may do.
    LiffScope {
        /// Get an ID token.
        OpenId = "openid",
        /// Get the e-mail address.
        Email = "email",
        /// Get the profile.
        Profile = "profile",
        /// Write in the chat it was opened from.
        ChatMessageWrite = "chat_message.write",
    }
}

open_enum! {
    /// Whether people are asked to add the account as a friend.
    LiffBotPrompt {
        /// On the page of consent.
        Normal = "normal",
        /// On a page of its own.
        Aggressive = "aggressive",
        /// Not at all.
        None = "none",
    }
}

/// How an app is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LiffView {
    /// How much of the screen it takes.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<LiffViewType>,
    /// Where the web app is: HTTPS, without a fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Without the button in its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_mode: Option<bool>,
}

/// What an app uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LiffFeatures {
    /// Bluetooth Low Energy; in answers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ble: Option<bool>,
    /// The reader of 2D codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_code: Option<bool>,
}

/// A LIFF app as LINE keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LiffApp {
    /// Which.
    pub liff_id: Option<LiffId>,
    /// How it is shown.
    pub view: Option<LiffView>,
    /// Its name.
    pub description: Option<String>,
    /// What it uses.
    pub features: Option<LiffFeatures>,
    /// How what is appended to its address is passed on: `concat`.
    pub permanent_link_pattern: Option<String>,
    /// What it may do.
    #[serde(default)]
    pub scope: Vec<LiffScope>,
    /// Whether people are asked to add the account as a friend.
    pub bot_prompt: Option<LiffBotPrompt>,
}

/// A LIFF app to add, or what is to be changed of one: what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiffSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<LiffView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<LiffFeatures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent_link_pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Vec<LiffScope>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_prompt: Option<LiffBotPrompt>,
}

/// A LIFF app to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct NewLiffApp(LiffSettings);

impl LiffSettings {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How it is shown.
    pub fn view_type(mut self, kind: LiffViewType) -> Self {
        self.view_mut().kind = Some(kind);
        self
    }

    /// Where the web app is.
    ///
    /// # Errors
    /// [`InvalidMessage::Url`] when it is not HTTPS or has a fragment.
    pub fn url(mut self, url: impl Into<String>) -> Result<Self, InvalidMessage> {
        let url = MediaUrl::new(url)?;
        if url.as_str().contains('#') {
            return Err(InvalidMessage::Url { field: "view.url" });
        }
        self.view_mut().url = Some(url.into());
        Ok(self)
    }

    /// With or without the button in its header.
    pub fn module_mode(mut self, on: Option<bool>) -> Self {
        self.view_mut().module_mode = on;
        self
    }

    fn view_mut(&mut self) -> &mut LiffView {
        self.view.get_or_insert(LiffView { kind: None, url: None, module_mode: None })
    }

    /// Its name, without "LINE" in it.
    ///
    /// # Errors
    /// [`InvalidMessage`] when it is empty or has "LINE" in it.
    pub fn name(mut self, name: impl Into<String>) -> Result<Self, InvalidMessage> {
        let name = name.into();
        if name.is_empty() {
            return Err(InvalidMessage::Empty { field: "description" });
        }
        if name.to_ascii_uppercase().contains("LINE") {
            return Err(InvalidMessage::Form { field: "description" });
        }
        self.description = Some(name);
        Ok(self)
    }

    /// With the reader of 2D codes.
    pub fn reading_codes(mut self) -> Self {
        self.features = Some(LiffFeatures { ble: None, qr_code: Some(true) });
        self
    }

    /// What it may do.
    pub fn scope(mut self, scope: impl IntoIterator<Item = LiffScope>) -> Self {
        self.scope = Some(scope.into_iter().collect());
        self
    }

    /// Whether people are asked to add the account as a friend.
    pub fn bot_prompt(mut self, prompt: LiffBotPrompt) -> Self {
        self.bot_prompt = Some(prompt);
        self
    }
}

impl NewLiffApp {
    /// An app of this size at this address.
    ///
    /// # Errors
    /// [`InvalidMessage::Url`] when the address is not HTTPS or has a fragment.
    pub fn new(kind: LiffViewType, url: impl Into<String>) -> Result<Self, InvalidMessage> {
        Self::with(LiffSettings::new(), kind, url)
    }

    /// An app of this size at this address, with other settings.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn with(
        settings: LiffSettings,
        kind: LiffViewType,
        url: impl Into<String>,
    ) -> Result<Self, InvalidMessage> {
        let mut settings = settings.view_type(kind).url(url)?;
        settings.permanent_link_pattern = Some("concat");
        Ok(Self(settings))
    }
}

impl Client {
    /// All LIFF apps of the channel, at most 30. A channel without one has an empty list here, where LINE answers 404.
    /// See [LINE docs/Get all LIFF apps](https://developers.line.biz/en/reference/liff-server/#get-all-liff-apps).
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn liff_apps(&self) -> Result<Answer<Vec<LiffApp>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            #[serde(default)]
            apps: Vec<LiffApp>,
        }
        match self.fetch::<Body>(Request::new(endpoint::LIFF_APPS)).await {
            Ok(answer) => Ok(answer.map(|body| body.apps)),
            Err(error) if error.is_not_found() => {
                Ok(Answer { value: Vec::new(), request_id: error.request_id().cloned() })
            }
            Err(error) => Err(error),
        }
    }

    /// Adds a LIFF app.
    /// See [LINE docs/Adding the LIFF app to a channel](https://developers.line.biz/en/reference/liff-server/#add-liff-app).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when the channel has 30, or any other.
    pub async fn add_liff_app(&self, app: &NewLiffApp) -> Result<Answer<LiffId>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            liff_id: LiffId,
        }
        let answer = self.fetch::<Body>(Request::new(endpoint::ADD_LIFF_APP).json(app)).await?;
        Ok(answer.map(|body| body.liff_id))
    }

    /// Changes a LIFF app: what is not given stays as it is.
    /// See [LINE docs/Update LIFF app settings](https://developers.line.biz/en/reference/liff-server/#update-liff-app).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is no such app, or any other.
    pub async fn update_liff_app(&self, id: &LiffId, changes: &LiffSettings) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::UPDATE_LIFF_APP).segment(id.as_str()).json(changes)).await
    }

    /// Deletes a LIFF app.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is no such app, or any other.
    pub async fn delete_liff_app(&self, id: &LiffId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::DELETE_LIFF_APP).segment(id.as_str())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_given_is_written() {
        let app = NewLiffApp::new(LiffViewType::Tall, "https://app.example.org/").unwrap();
        assert_eq!(
            serde_json::to_string(&app).unwrap(),
            r#"{"view":{"type":"tall","url":"https://app.example.org/"},"permanentLinkPattern":"concat"}"#
        );
        let changes = LiffSettings::new().name("申込").unwrap().scope([LiffScope::OpenId]);
        assert_eq!(serde_json::to_string(&changes).unwrap(), r#"{"description":"申込","scope":["openid"]}"#);
    }

    #[test]
    fn what_line_would_refuse_cannot_be_made() {
        for url in ["http://app.example.org/", "https://app.example.org/#top", "app"] {
            assert!(NewLiffApp::new(LiffViewType::Full, url).is_err(), "{url}");
        }
        for name in ["", "My LINE app", "line"] {
            assert!(LiffSettings::new().name(name).is_err(), "{name}");
        }
    }
}
