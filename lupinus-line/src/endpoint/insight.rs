//! Statistics.

super::endpoints! {
    /// Who the friends of the account are.
    DEMOGRAPHIC = GET Api "/v2/bot/insight/demographic", 60 per HOUR;
    /// How many messages were sent on a day, by kind.
    MESSAGE_DELIVERIES = GET Api "/v2/bot/insight/message/delivery", 60 per HOUR;
    /// How many friends there were on a day.
    FOLLOWER_COUNT = GET Api "/v2/bot/insight/followers", 60 per HOUR;
    /// What became of a narrowcast or broadcast.
    MESSAGE_EVENT = GET Api "/v2/bot/insight/message/event", 60 per HOUR;
    /// What became of the messages counted under a name.
    UNIT_STATISTICS = GET Api "/v2/bot/insight/message/event/aggregation", 60 per HOUR;
    /// How often a rich menu was seen and tapped.
    RICH_MENU_SUMMARY = GET Api "/v2/bot/insight/richmenu/{richMenuId}/summary", 60 per HOUR;
    /// How often a rich menu was seen and tapped, day by day.
    RICH_MENU_DAILY = GET Api "/v2/bot/insight/richmenu/{richMenuId}/daily", 60 per HOUR;
}
