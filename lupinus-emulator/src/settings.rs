//! What can be set from outside: time limits, redelivery, switches of the account.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether LINE's own chat is switched on for the account (`chatMode` of the bot information).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatMode {
    /// Chat is on: people answer in LINE's own chat.
    Chat,
    /// Chat is off: only the bot answers.
    Bot,
}

/// The time limits and switches of the platform. All times are milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// How long a webhook may take before it counts as failed (LINE: 2,000).
    pub webhook_timeout_ms: u64,
    /// Whether a failed webhook is sent again.
    pub redelivery: bool,
    /// How often a failed webhook is sent again at most.
    pub redelivery_tries: u32,
    /// The wait before the first redelivery; it doubles with each further one. Real time, not the emulator's clock.
    pub redelivery_interval_ms: u64,
    /// How long after its (last) delivery a reply token may be used (LINE: 60,000).
    pub reply_token_life_ms: u64,
    /// How long after the event a redelivered reply token may be used at all (LINE: 20 minutes).
    pub reply_token_max_ms: u64,
    /// How long an accepted retry key is remembered (LINE: 24 hours).
    pub retry_key_life_ms: u64,
    /// Whether LINE's rate limits are applied.
    pub rate_limits: bool,
    /// Whether what is not ASCII comes as `\uXXXX` in webhooks.
    pub webhook_escapes: bool,
    /// Whether webhooks hold properties, and an event beside the others, that nobody knows.
    pub webhook_unknowns: bool,
    /// Whether events of one webhook, and their properties, come in another order each time.
    pub webhook_shuffle: bool,
    /// `chatMode` of the bot information.
    pub chat_mode: ChatMode,
    /// Whether the account is verified; only then may it list its followers.
    pub verified: bool,
    /// How long video and audio are being prepared (content answers 202 meanwhile).
    pub transcoding_ms: u64,
    /// How long the platform takes over what it does after its answer: narrowcasts, audiences, rich menu batches.
    pub background_ms: u64,
    /// From how many friends on narrowcasts may filter by attributes (LINE: 100).
    pub min_target_reach: u64,
    /// How many people a narrowcast with attributes or audiences must reach, and such an audience hold (LINE: 50).
    pub min_recipients: u64,
    /// Below how many people a number is not told (LINE: 20).
    pub privacy_threshold: u64,
    /// Whether LINE's numbers of a day can be had on the day itself (LINE: no).
    pub insight_at_once: bool,
    /// Whether a multicast to an id that nobody of the provider has is refused (LINE's page says both).
    pub refuse_unknown_ids: bool,
    /// How long an ID token is valid (LIFF: an hour).
    pub id_token_life_ms: u64,
    /// The addresses a login may send people back to; any, if there is none.
    pub callback_urls: Vec<String>,
    /// The names with dots under which control calls may be made (by default only addresses and local names), so that
    /// no web site can make them through a name of its own.
    pub hosts: Vec<String>,
    /// The account's name as shown to people.
    pub bot_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            webhook_timeout_ms: 2_000,
            redelivery: true,
            redelivery_tries: 5,
            redelivery_interval_ms: 1_000,
            reply_token_life_ms: 60_000,
            reply_token_max_ms: 20 * 60_000,
            retry_key_life_ms: 24 * 60 * 60_000,
            rate_limits: false,
            webhook_escapes: false,
            webhook_unknowns: false,
            webhook_shuffle: false,
            chat_mode: ChatMode::Bot,
            verified: true,
            transcoding_ms: 0,
            background_ms: 0,
            min_target_reach: 100,
            min_recipients: 50,
            privacy_threshold: 20,
            insight_at_once: false,
            refuse_unknown_ids: false,
            id_token_life_ms: 60 * 60_000,
            callback_urls: Vec::new(),
            hosts: Vec::new(),
            bot_name: "公式アカウント".to_owned(),
        }
    }
}

impl Settings {
    /// These settings with the members of `patch` (camelCase) replaced.
    ///
    /// # Errors
    /// The reason, when `patch` is no object or holds an unknown name or a wrong value.
    pub(crate) fn patched(&self, patch: &Value) -> Result<Self, String> {
        let Value::Object(patch) = patch else { return Err("settings must be a JSON object".to_owned()) };
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Value::Object(all) = &mut merged {
            all.extend(patch.clone());
        }
        serde_json::from_value(merged).map_err(|error| error.to_string())
    }
}
