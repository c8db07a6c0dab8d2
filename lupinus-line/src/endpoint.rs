//! Every endpoint this crate calls, as data: method, host, path, and whether a retry key is allowed.
//!
//! Useful for metrics (the path template is free of ids) and for calls the crate does not wrap yet:
//! make an [`Endpoint`] and give it to [`Client::request`](crate::Client::request).

use http::Method;

/// Which of LINE's hosts serves an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// `https://api.line.me`: almost everything.
    Api,
    /// `https://api-data.line.me`: bytes (message content, rich menu images).
    Data,
    /// `https://access.line.me` or `https://manager.line.biz`: pages and module calls.
    Access,
}

/// One operation of the platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The host.
    pub host: Host,
    /// The path with `{placeholders}`, as in LINE's OpenAPI files.
    pub path: &'static str,
    /// Whether LINE accepts `X-Line-Retry-Key` here; elsewhere the header makes it refuse with 400.
    pub takes_retry_key: bool,
}

impl Endpoint {
    /// An endpoint that takes no retry key.
    pub const fn new(method: Method, host: Host, path: &'static str) -> Self {
        Self { method, host, path, takes_retry_key: false }
    }

    /// The same endpoint, taking a retry key.
    pub const fn with_retry_key(mut self) -> Self {
        self.takes_retry_key = true;
        self
    }
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $method:ident $host:ident $path:literal $($retry:ident)?;)+) => {
        $(
            $(#[$doc])*
            pub const $name: Endpoint =
                Endpoint::new(Method::$method, Host::$host, $path)$(.$retry())?;
        )+

        /// All of them, in the order of this module.
        pub const ALL: &[Endpoint] = &[$($name),+];
    };
}

endpoints! {
    /// Answers an event.
    REPLY = POST Api "/v2/bot/message/reply";
    /// Sends to one user, group or room.
    PUSH = POST Api "/v2/bot/message/push" with_retry_key;
    /// Sends to up to 500 users.
    MULTICAST = POST Api "/v2/bot/message/multicast" with_retry_key;
    /// Sends to all friends.
    BROADCAST = POST Api "/v2/bot/message/broadcast" with_retry_key;
    /// Checks messages as a reply.
    VALIDATE_REPLY = POST Api "/v2/bot/message/validate/reply";
    /// Checks messages as a push.
    VALIDATE_PUSH = POST Api "/v2/bot/message/validate/push";
    /// Checks messages as a multicast.
    VALIDATE_MULTICAST = POST Api "/v2/bot/message/validate/multicast";
    /// Checks messages as a narrowcast.
    VALIDATE_NARROWCAST = POST Api "/v2/bot/message/validate/narrowcast";
    /// Checks messages as a broadcast.
    VALIDATE_BROADCAST = POST Api "/v2/bot/message/validate/broadcast";
    /// This month's limit of messages.
    QUOTA = GET Api "/v2/bot/message/quota";
    /// Messages used this month.
    QUOTA_CONSUMPTION = GET Api "/v2/bot/message/quota/consumption";
    /// The bytes of a received image, video, audio or file.
    CONTENT = GET Data "/v2/bot/message/{messageId}/content";
    /// A smaller image of a received image or video.
    CONTENT_PREVIEW = GET Data "/v2/bot/message/{messageId}/content/preview";
    /// Whether a received video or audio is ready.
    CONTENT_TRANSCODING = GET Data "/v2/bot/message/{messageId}/content/transcoding";
    /// A user's profile.
    PROFILE = GET Api "/v2/bot/profile/{userId}";
    /// The ids of all friends, in pages.
    FOLLOWERS = GET Api "/v2/bot/followers/ids";
    /// The bot's own profile and settings.
    BOT_INFO = GET Api "/v2/bot/info";
    /// A group's name and picture.
    GROUP_SUMMARY = GET Api "/v2/bot/group/{groupId}/summary";
    /// How many people are in a group.
    GROUP_MEMBER_COUNT = GET Api "/v2/bot/group/{groupId}/members/count";
    /// The profile of a member of a group.
    GROUP_MEMBER_PROFILE = GET Api "/v2/bot/group/{groupId}/member/{userId}";
    /// Leaves a group.
    LEAVE_GROUP = POST Api "/v2/bot/group/{groupId}/leave";
    /// Leaves a room.
    LEAVE_ROOM = POST Api "/v2/bot/room/{roomId}/leave";
    /// Shows that the bot is at work.
    LOADING_START = POST Api "/v2/bot/chat/loading/start";
    /// Marks messages as read.
    MARK_AS_READ = POST Api "/v2/bot/chat/markAsRead";
    /// Issues a token for linking accounts.
    LINK_TOKEN = POST Api "/v2/bot/user/{userId}/linkToken";
    /// Where webhooks go.
    WEBHOOK_ENDPOINT = GET Api "/v2/bot/channel/webhook/endpoint";
    /// Sets where webhooks go.
    SET_WEBHOOK_ENDPOINT = PUT Api "/v2/bot/channel/webhook/endpoint";
    /// Makes LINE send a test webhook.
    TEST_WEBHOOK_ENDPOINT = POST Api "/v2/bot/channel/webhook/test";
    /// Creates a rich menu.
    CREATE_RICH_MENU = POST Api "/v2/bot/richmenu";
    /// Checks a rich menu.
    VALIDATE_RICH_MENU = POST Api "/v2/bot/richmenu/validate";
    /// Uploads a rich menu's image.
    SET_RICH_MENU_IMAGE = POST Data "/v2/bot/richmenu/{richMenuId}/content";
    /// Downloads a rich menu's image.
    RICH_MENU_IMAGE = GET Data "/v2/bot/richmenu/{richMenuId}/content";
    /// One rich menu.
    RICH_MENU = GET Api "/v2/bot/richmenu/{richMenuId}";
    /// Deletes a rich menu.
    DELETE_RICH_MENU = DELETE Api "/v2/bot/richmenu/{richMenuId}";
    /// All rich menus made by API.
    RICH_MENU_LIST = GET Api "/v2/bot/richmenu/list";
    /// Makes a rich menu everybody's default.
    SET_DEFAULT_RICH_MENU = POST Api "/v2/bot/user/all/richmenu/{richMenuId}";
    /// The default rich menu.
    DEFAULT_RICH_MENU = GET Api "/v2/bot/user/all/richmenu";
    /// Clears the default rich menu.
    CLEAR_DEFAULT_RICH_MENU = DELETE Api "/v2/bot/user/all/richmenu";
    /// Gives one user a rich menu.
    LINK_RICH_MENU = POST Api "/v2/bot/user/{userId}/richmenu/{richMenuId}";
    /// Takes one user's rich menu away.
    UNLINK_RICH_MENU = DELETE Api "/v2/bot/user/{userId}/richmenu";
    /// One user's rich menu.
    RICH_MENU_OF_USER = GET Api "/v2/bot/user/{userId}/richmenu";
    /// Gives up to 500 users a rich menu.
    BULK_LINK_RICH_MENU = POST Api "/v2/bot/richmenu/bulk/link";
    /// Takes up to 500 users' rich menus away.
    BULK_UNLINK_RICH_MENU = POST Api "/v2/bot/richmenu/bulk/unlink";
    /// Creates a rich menu alias.
    CREATE_RICH_MENU_ALIAS = POST Api "/v2/bot/richmenu/alias";
    /// One rich menu alias.
    RICH_MENU_ALIAS = GET Api "/v2/bot/richmenu/alias/{richMenuAliasId}";
    /// Points a rich menu alias elsewhere.
    UPDATE_RICH_MENU_ALIAS = POST Api "/v2/bot/richmenu/alias/{richMenuAliasId}";
    /// Deletes a rich menu alias.
    DELETE_RICH_MENU_ALIAS = DELETE Api "/v2/bot/richmenu/alias/{richMenuAliasId}";
    /// All rich menu aliases.
    RICH_MENU_ALIAS_LIST = GET Api "/v2/bot/richmenu/alias/list";
}
