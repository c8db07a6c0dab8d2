//! Rich menus.

super::endpoints! {
    /// Creates a rich menu.
    CREATE_RICH_MENU = POST Api "/v2/bot/richmenu", 100 per HOUR;
    /// Checks a rich menu.
    VALIDATE_RICH_MENU = POST Api "/v2/bot/richmenu/validate", 2_000 per SECOND, retry = repeatable;
    /// Uploads a rich menu's image.
    SET_RICH_MENU_IMAGE = POST Data "/v2/bot/richmenu/{richMenuId}/content", 2_000 per SECOND;
    /// Downloads a rich menu's image.
    RICH_MENU_IMAGE = GET Data "/v2/bot/richmenu/{richMenuId}/content", 2_000 per SECOND;
    /// One rich menu.
    RICH_MENU = GET Api "/v2/bot/richmenu/{richMenuId}", 2_000 per SECOND;
    /// Deletes a rich menu.
    DELETE_RICH_MENU = DELETE Api "/v2/bot/richmenu/{richMenuId}", 100 per HOUR;
    /// All rich menus made by API.
    RICH_MENU_LIST = GET Api "/v2/bot/richmenu/list", 10 per SECOND;
    /// Makes a rich menu everybody's default.
    SET_DEFAULT_RICH_MENU = POST Api "/v2/bot/user/all/richmenu/{richMenuId}", 2_000 per SECOND, retry = repeatable;
    /// The default rich menu.
    DEFAULT_RICH_MENU = GET Api "/v2/bot/user/all/richmenu", 2_000 per SECOND;
    /// Clears the default rich menu.
    CLEAR_DEFAULT_RICH_MENU = DELETE Api "/v2/bot/user/all/richmenu", 2_000 per SECOND;
    /// Gives one user a rich menu.
    LINK_RICH_MENU = POST Api "/v2/bot/user/{userId}/richmenu/{richMenuId}", 2_000 per SECOND, retry = repeatable;
    /// Takes one user's rich menu away.
    UNLINK_RICH_MENU = DELETE Api "/v2/bot/user/{userId}/richmenu", 2_000 per SECOND;
    /// One user's rich menu.
    RICH_MENU_OF_USER = GET Api "/v2/bot/user/{userId}/richmenu", 2_000 per SECOND;
    /// Gives up to 500 users a rich menu.
    BULK_LINK_RICH_MENU = POST Api "/v2/bot/richmenu/bulk/link", 2_000 per SECOND, retry = repeatable;
    /// Takes up to 500 users' rich menus away.
    BULK_UNLINK_RICH_MENU = POST Api "/v2/bot/richmenu/bulk/unlink", 2_000 per SECOND, retry = repeatable;
    /// Changes the rich menus of many users at once.
    RICH_MENU_BATCH = POST Api "/v2/bot/richmenu/batch", 3 per HOUR;
    /// Checks a batch of such changes.
    VALIDATE_RICH_MENU_BATCH = POST Api "/v2/bot/richmenu/validate/batch", 2_000 per SECOND, retry = repeatable;
    /// How far such a batch has got.
    RICH_MENU_BATCH_PROGRESS = GET Api "/v2/bot/richmenu/progress/batch", 100 per HOUR;
    /// Creates a rich menu alias.
    CREATE_RICH_MENU_ALIAS = POST Api "/v2/bot/richmenu/alias", 2_000 per SECOND;
    /// One rich menu alias.
    RICH_MENU_ALIAS = GET Api "/v2/bot/richmenu/alias/{richMenuAliasId}", 2_000 per SECOND;
    /// Points a rich menu alias elsewhere.
    UPDATE_RICH_MENU_ALIAS = POST Api "/v2/bot/richmenu/alias/{richMenuAliasId}", 2_000 per SECOND, retry = repeatable;
    /// Deletes a rich menu alias.
    DELETE_RICH_MENU_ALIAS = DELETE Api "/v2/bot/richmenu/alias/{richMenuAliasId}", 100 per HOUR;
    /// All rich menu aliases.
    RICH_MENU_ALIAS_LIST = GET Api "/v2/bot/richmenu/alias/list", 2_000 per SECOND;
}
