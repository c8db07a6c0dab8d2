//! What a city sets for its bot.

use std::time::Duration;

/// What a city sets for its bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The centre's name, as members know it.
    pub centre_name: String,
    /// Where the bot is reached from outside, `https://bot.example.jp`, without a slash at the end: media links begin with
    /// it. Without it no pictures or files are taken. LINE shows pictures by `https` only; below `http` they are links.
    pub public_base: Option<String>,
    /// Where the staff's browsers reach the console, `https://console.example.jp/console`, without a slash at the end: reminders of
    /// staff lead there. Without it they say where to look in words.
    pub console: Option<String>,
    /// How long the loops sleep at most when nobody wakes them.
    pub poll: Duration,
    /// How long what one person did is left alone after it arrived, so that webhooks that overtook each other are worked off in
    /// the order in which it happened. Whoever does not pause is served after twenty times as long.
    pub settle: Duration,
    /// How long a stop waits for what is under way.
    pub drain_limit: Duration,
    /// How many people are served, and how many sends are made, at the same time.
    pub concurrency: usize,
    /// Whether rich menus are made and linked at the start.
    pub rich_menus: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            centre_name: "在宅医療・介護連携支援センター".to_owned(),
            public_base: None,
            console: None,
            poll: Duration::from_secs(1),
            settle: Duration::from_millis(100),
            drain_limit: Duration::from_secs(10),
            concurrency: 8,
            rich_menus: true,
        }
    }
}
