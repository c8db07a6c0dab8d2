//! Module channels and mission stickers.

super::endpoints! {
    /// Attaches a module channel to an account.
    ATTACH_MODULE = POST Manager "/module/auth/v1/token", by Credentials;
    /// Detaches a module channel.
    DETACH_MODULE = POST Api "/v2/bot/channel/detach", 2_000 per SECOND;
    /// Takes control of a chat.
    ACQUIRE_CHAT_CONTROL = POST Api "/v2/bot/chat/{chatId}/control/acquire", 2_000 per SECOND, retry = repeatable;
    /// Gives control of a chat back.
    RELEASE_CHAT_CONTROL = POST Api "/v2/bot/chat/{chatId}/control/release", 2_000 per SECOND, retry = repeatable;
    /// The accounts a module channel is attached to, in pages.
    MODULES = GET Api "/v2/bot/list", 2_000 per SECOND;
    /// Gives a user a mission sticker.
    MISSION_STICKER = POST Api "/shop/v3/mission";
}
