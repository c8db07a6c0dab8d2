//! Sending, and what became of it.

super::endpoints! {
    /// Answers an event.
    REPLY = POST Api "/v2/bot/message/reply", 2_000 per SECOND;
    /// Sends to one user, group or room.
    PUSH = POST Api "/v2/bot/message/push", 2_000 per SECOND, retry = with_retry_key;
    /// Sends to up to 500 users.
    MULTICAST = POST Api "/v2/bot/message/multicast", 200 per SECOND, retry = with_retry_key;
    /// Sends to an audience.
    NARROWCAST = POST Api "/v2/bot/message/narrowcast", 60 per HOUR, retry = with_retry_key;
    /// How far a narrowcast has got.
    NARROWCAST_PROGRESS = GET Api "/v2/bot/message/progress/narrowcast", 2_000 per SECOND;
    /// Sends to all friends.
    BROADCAST = POST Api "/v2/bot/message/broadcast", 60 per HOUR, retry = with_retry_key;
    /// Checks messages as a reply.
    VALIDATE_REPLY = POST Api "/v2/bot/message/validate/reply", 2_000 per SECOND, retry = repeatable;
    /// Checks messages as a push.
    VALIDATE_PUSH = POST Api "/v2/bot/message/validate/push", 2_000 per SECOND, retry = repeatable;
    /// Checks messages as a multicast.
    VALIDATE_MULTICAST = POST Api "/v2/bot/message/validate/multicast", 2_000 per SECOND, retry = repeatable;
    /// Checks messages as a narrowcast.
    VALIDATE_NARROWCAST = POST Api "/v2/bot/message/validate/narrowcast", 2_000 per SECOND, retry = repeatable;
    /// Checks messages as a broadcast.
    VALIDATE_BROADCAST = POST Api "/v2/bot/message/validate/broadcast", 2_000 per SECOND, retry = repeatable;
    /// This month's limit of messages.
    QUOTA = GET Api "/v2/bot/message/quota", 2_000 per SECOND;
    /// Messages used this month.
    QUOTA_CONSUMPTION = GET Api "/v2/bot/message/quota/consumption", 2_000 per SECOND;
    /// How many replies were sent on a day.
    SENT_REPLIES = GET Api "/v2/bot/message/delivery/reply", 2_000 per SECOND;
    /// How many pushes were sent on a day.
    SENT_PUSHES = GET Api "/v2/bot/message/delivery/push", 2_000 per SECOND;
    /// How many multicast messages were sent on a day.
    SENT_MULTICASTS = GET Api "/v2/bot/message/delivery/multicast", 2_000 per SECOND;
    /// How many broadcast messages were sent on a day.
    SENT_BROADCASTS = GET Api "/v2/bot/message/delivery/broadcast", 2_000 per SECOND;
    /// How many notification messages were sent on a day.
    SENT_BY_PHONE = GET Api "/v2/bot/message/delivery/pnp", 2_000 per SECOND;
    /// How many notification messages of a template were sent on a day.
    SENT_TEMPLATES_BY_PHONE = GET Api "/v2/bot/message/delivery/pnp/templated", 2_000 per SECOND;
    /// How many names to count under were used this month.
    AGGREGATION_UNIT_USAGE = GET Api "/v2/bot/message/aggregation/info", 2_000 per SECOND;
    /// The names to count under used this month, in pages.
    AGGREGATION_UNITS = GET Api "/v2/bot/message/aggregation/list", 2_000 per SECOND;
    /// Sends a notification message to whoever has a phone number.
    PUSH_BY_PHONE = POST Api "/bot/pnp/push", 2_000 per SECOND;
    /// Sends a notification message of a template to whoever has a phone number.
    PUSH_TEMPLATE_BY_PHONE = POST Api "/v2/bot/message/pnp/templated/push", 2_000 per SECOND;
    /// The bytes of a received image, video, audio or file.
    CONTENT = GET Data "/v2/bot/message/{messageId}/content", 2_000 per SECOND;
    /// A smaller image of a received image or video.
    CONTENT_PREVIEW = GET Data "/v2/bot/message/{messageId}/content/preview", 2_000 per SECOND;
    /// Whether a received video or audio is ready.
    CONTENT_TRANSCODING = GET Data "/v2/bot/message/{messageId}/content/transcoding", 2_000 per SECOND;
    /// The coupons of the account, in pages.
    COUPONS = GET Api "/v2/bot/coupon", 200 per SECOND;
    /// Makes a coupon.
    CREATE_COUPON = POST Api "/v2/bot/coupon", 200 per SECOND;
    /// One coupon.
    COUPON = GET Api "/v2/bot/coupon/{couponId}", 200 per SECOND;
    /// Ends a coupon for good.
    CLOSE_COUPON = PUT Api "/v2/bot/coupon/{couponId}/close", 200 per SECOND;
}
