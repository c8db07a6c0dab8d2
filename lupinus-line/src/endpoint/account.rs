//! The account and its webhook.

super::endpoints! {
    /// The bot's own profile and settings.
    BOT_INFO = GET Api "/v2/bot/info", 2_000 per SECOND;
    /// Where webhooks go.
    WEBHOOK_ENDPOINT = GET Api "/v2/bot/channel/webhook/endpoint", 1_000 per MINUTE;
    /// Sets where webhooks go.
    SET_WEBHOOK_ENDPOINT = PUT Api "/v2/bot/channel/webhook/endpoint", 1_000 per MINUTE;
    /// Makes LINE send a test webhook.
    TEST_WEBHOOK_ENDPOINT = POST Api "/v2/bot/channel/webhook/test", 60 per HOUR, retry = repeatable;
}
