//! The emulator as a library: start it, play people, look at what arrived.

mod builder;
mod groups;

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::builder::{Builder, StartError};
use crate::{
    clock::timestamp,
    fault::Fault,
    keep::{self, Folder, ImportError, KeepError},
    log::{RequestEntry, WebhookEntry},
    people::{self, Change, ControlError, Place, Wait},
    scenario::{self, Scenario, ScenarioReport},
    server,
    settings::Settings,
    shared::Shared,
    state::{Author, Channel, Quota},
};

/// One message of a chat as the person sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChatMessage {
    /// Who wrote it.
    pub from: Author,
    /// When, by the emulator's clock.
    pub at: Timestamp,
    /// The message as the bot sent it, or as the webhook showed it.
    pub message: Value,
    /// The request that brought it, for messages of the bot.
    pub request_id: Option<String>,
    /// The id of the message.
    pub message_id: String,
    /// Who of a group wrote it.
    pub user_id: Option<String>,
}

/// A LINE platform with one account. It ends, with all its connections, when it is dropped.
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use lupinus_emulator::Emulator;
///
/// let line = Emulator::start().await?;
/// let nurse = line.create_user("看護師");
/// line.follow(&nurse).await?;
/// line.say(&nurse, "こんにちは").await?;
/// assert_eq!(line.messages(&nurse)[0].message["text"], "こんにちは");
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    url: String,
    folder: Option<Arc<Folder>>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.stop.cancel();
        // Who wants to know whether it worked calls `save` before.
        let _ = self.save();
    }
}

impl Emulator {
    fn new(shared: Arc<Shared>, address: SocketAddr, folder: Option<Arc<Folder>>) -> Self {
        Self { shared, address, url: format!("http://{address}"), folder }
    }

    /// Starts an emulator on a free port with made-up keys.
    ///
    /// # Errors
    /// [`StartError`], as [`Builder::start`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// An emulator to be set up before it starts.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address of all of LINE's hosts, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The channel secret that signs webhooks.
    pub fn channel_secret(&self) -> &str {
        &self.shared.keys.channel_secret
    }

    /// The channel access token that calls must carry.
    pub fn channel_access_token(&self) -> &str {
        &self.shared.keys.channel_access_token
    }

    /// The id of the account's channel.
    pub fn channel_id(&self) -> &str {
        &self.shared.keys.channel_id
    }

    /// The id of the LINE Login channel, the `client_id` of logins and `aud` of ID tokens.
    pub fn login_channel_id(&self) -> &str {
        &self.shared.keys.login_channel_id
    }

    /// The secret of the LINE Login channel.
    pub fn login_channel_secret(&self) -> &str {
        &self.shared.keys.login_channel_secret
    }

    /// Registers a public key (JWK, RSA of 2,048 bits) of the account's channel for assertions; gives its `kid`.
    ///
    /// # Errors
    /// [`ControlError::Invalid`], when it is no key that LINE's console would take.
    pub fn register_assertion_key(&self, jwk: &Value) -> Result<String, ControlError> {
        people::register_key(&self.shared, Channel::Account, jwk)
    }

    /// The account's own user id, the `destination` of webhooks.
    pub fn bot_user_id(&self) -> &str {
        &self.shared.bot_user_id
    }

    /// Everything it serves, to be mounted in another server. There a fault that cuts the connection breaks off the
    /// body instead.
    pub fn router(&self) -> axum::Router {
        server::router(&self.shared)
    }

    /// Where webhooks go from now on.
    pub fn set_webhook_url(&self, url: impl Into<String>) {
        self.shared.state().webhook_url = Some(url.into());
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.shared.state().settings.clone()
    }

    /// Replaces the settings.
    pub fn set_settings(&self, settings: Settings) {
        self.shared.state().settings = settings;
    }
}

/// Playing people.
impl Emulator {
    /// A new person with the app, not yet a friend; gives the user id.
    pub fn create_user(&self, display_name: &str) -> String {
        // Only a given id can be refused.
        people::create(&self.shared, display_name, None, Change::default()).unwrap_or_default()
    }

    /// A new person under an id of one's own.
    ///
    /// # Errors
    /// [`ControlError::Invalid`], when the id is malformed or taken.
    pub fn create_user_with_id(&self, display_name: &str, user_id: &str) -> Result<String, ControlError> {
        people::create(&self.shared, display_name, Some(user_id), Change::default())
    }

    /// The person adds the account. Returns when the webhook was answered once or timed out.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such person.
    pub async fn follow(&self, user_id: &str) -> Result<(), ControlError> {
        people::follow(&self.shared, user_id, Wait::ForFirstTry).await.map(drop)
    }

    /// The person blocks the account.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when there is no such person.
    pub async fn unfollow(&self, user_id: &str) -> Result<(), ControlError> {
        people::unfollow(&self.shared, user_id, Wait::ForFirstTry).await.map(drop)
    }

    /// The person writes a text; gives the message id.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person, they blocked the account, or the text is empty.
    pub async fn say(&self, user_id: &str, text: &str) -> Result<String, ControlError> {
        self.send_message(user_id, json!({"type": "text", "text": text})).await
    }

    /// The person sends any message, in the form of the control call; gives the message id.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person, they blocked the account, or the message is malformed.
    pub async fn send_message(&self, user_id: &str, message: Value) -> Result<String, ControlError> {
        let said = people::say(&self.shared, Place::alone(user_id), message, Wait::ForFirstTry).await?;
        Ok(said.message_id)
    }

    /// The person sends a picture; gives the message id.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person or they blocked the account.
    pub async fn send_image(
        &self,
        user_id: &str,
        data: impl AsRef<[u8]>,
        content_type: &str,
    ) -> Result<String, ControlError> {
        let content = STANDARD.encode(data);
        let message = json!({"type": "image", "content": content, "contentType": content_type});
        self.send_message(user_id, message).await
    }

    /// The person taps something with this data; gives the `webhookEventId`.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person or they blocked the account.
    pub async fn postback(&self, user_id: &str, data: &str) -> Result<String, ControlError> {
        self.tap(user_id, json!({"data": data})).await
    }

    /// The person taps something with this data and these parameters; gives the `webhookEventId`.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person or they blocked the account.
    pub async fn postback_with(
        &self,
        user_id: &str,
        data: &str,
        params: Value,
    ) -> Result<String, ControlError> {
        self.tap(user_id, json!({"data": data, "params": params})).await
    }

    async fn tap(&self, user_id: &str, tap: Value) -> Result<String, ControlError> {
        let event_id = people::postback(&self.shared, Place::alone(user_id), tap, Wait::ForFirstTry).await?;
        Ok(event_id.unwrap_or_default())
    }

    /// The person takes a message back.
    ///
    /// # Errors
    /// [`ControlError`], when there is no such person or message.
    pub async fn unsend(&self, user_id: &str, message_id: &str) -> Result<(), ControlError> {
        people::unsend(&self.shared, Place::alone(user_id), message_id, Wait::ForFirstTry).await.map(drop)
    }

    /// Sends these events in one webhook, completed where they lack common properties; gives their ids.
    ///
    /// # Errors
    /// [`ControlError::Invalid`], when an event is no object.
    pub async fn send_events(&self, events: Vec<Value>) -> Result<Vec<String>, ControlError> {
        people::send_events(&self.shared, events, Wait::ForFirstTry).await
    }

    /// Sends a former event again with `isRedelivery: true`.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when no such event was sent.
    pub async fn redeliver(&self, event_id: &str) -> Result<(), ControlError> {
        people::repeat(&self.shared, event_id, true, Wait::ForFirstTry).await
    }

    /// Sends a former event again without the flag, as LINE may too.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], when no such event was sent.
    pub async fn repeat(&self, event_id: &str) -> Result<(), ControlError> {
        people::repeat(&self.shared, event_id, false, Wait::ForFirstTry).await
    }
}

/// Looking, and arranging what happens.
impl Emulator {
    /// The chat of a person, a group or a room, oldest first; empty for nobody.
    pub fn messages(&self, user_id: &str) -> Vec<ChatMessage> {
        self.last_messages(user_id, usize::MAX)
    }

    /// The end of such a chat, at most this many messages, oldest first; empty for nobody.
    pub fn last_messages(&self, user_id: &str, most: usize) -> Vec<ChatMessage> {
        let chat = self.shared.state().chat(user_id).map(|chat| {
            let skipped = chat.len().saturating_sub(most);
            chat.iter().skip(skipped).cloned().collect::<Vec<_>>()
        });
        chat.unwrap_or_default()
            .into_iter()
            .map(|entry| ChatMessage {
                from: entry.from,
                at: timestamp(entry.at),
                message: serde_json::from_str(&entry.message).unwrap_or(Value::Null),
                request_id: entry.request_id.map(|id| id.to_string()),
                message_id: entry.message_id,
                user_id: entry.sender.map(|id| id.to_string()),
            })
            .collect()
    }

    /// Every request to the API that is still remembered (the last 100,000), oldest first.
    pub fn requests(&self) -> Vec<RequestEntry> {
        self.shared.state().requests.iter().cloned().collect()
    }

    /// Every webhook that is still remembered (the last 50,000), oldest first.
    pub fn webhooks(&self) -> Vec<WebhookEntry> {
        self.shared.state().webhooks.iter().cloned().collect()
    }

    /// The id of the rich menu a person sees.
    pub fn rich_menu(&self, user_id: &str) -> Option<String> {
        let state = self.shared.state();
        let person = state.people.get(user_id)?;
        state.rich_menus.seen_by(person.rich_menu.as_deref()).map(|(id, _)| id.to_owned())
    }

    /// Lets something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Sets the quota of the month.
    pub fn set_quota(&self, quota: Quota) {
        let mut state = self.shared.state();
        let now = state.clock.now();
        state.ledger.set(quota, now);
    }

    /// How many recipients this month has used of the quota.
    pub fn quota_used(&self) -> u64 {
        let mut state = self.shared.state();
        let now = state.clock.now();
        state.ledger.used(now)
    }

    /// What time it is by the emulator's clock.
    pub fn now(&self) -> Timestamp {
        timestamp(self.shared.state().clock.now())
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.shared.state().clock.advance(by);
    }

    /// Sets the clock, which goes on from there unless it stands still.
    pub fn set_time(&self, now: Timestamp) {
        self.shared.state().clock.set(now.as_millisecond());
    }

    /// Stops the clock at this time; from then on it moves only by [`Emulator::advance`] and [`Emulator::set_time`].
    pub fn freeze(&self, now: Timestamp) {
        let mut state = self.shared.state();
        state.clock.set_frozen(true);
        state.clock.set(now.as_millisecond());
    }

    /// Lets a stopped clock go on.
    pub fn unfreeze(&self) {
        self.shared.state().clock.set_frozen(false);
    }

    /// Plays a scenario to its end, or to the first step that fails.
    pub async fn play(&self, scenario: &Scenario) -> ScenarioReport {
        scenario::play(&self.shared, scenario).await
    }

    /// Saves the state in its folder, if it has one; it is durable on return. It is saved after each change anyway, and
    /// when the emulator is dropped.
    ///
    /// # Errors
    /// [`KeepError::Io`], when it cannot be written.
    pub fn save(&self) -> Result<(), KeepError> {
        self.folder.as_ref().map_or(Ok(()), |folder| folder.save(&self.shared))
    }

    /// The whole state as a document, for [`Emulator::import`].
    pub fn export(&self) -> Value {
        keep::export(&self.shared.state())
    }

    /// Takes the state of a document in place of what there is. Settings and webhook address stay unless they are in it.
    ///
    /// # Errors
    /// [`ImportError`], when it is no such document; then nothing has changed.
    pub fn import(&self, document: &Value) -> Result<(), ImportError> {
        keep::import(&mut self.shared.state(), document.to_string().as_bytes())
    }

    /// Forgets people, chats, menus, quota, faults and logs, and sets the clock to real time. Settings, keys and the
    /// webhook address stay.
    pub fn reset(&self) {
        self.shared.state().reset();
    }
}
