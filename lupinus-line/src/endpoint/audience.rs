//! Audiences.

super::endpoints! {
    /// Makes an audience of ids.
    CREATE_AUDIENCE = POST Api "/v2/bot/audienceGroup/upload", 60 per MINUTE;
    /// Adds ids to an audience.
    ADD_TO_AUDIENCE = PUT Api "/v2/bot/audienceGroup/upload", 60 per MINUTE;
    /// Makes an audience of a file of ids.
    CREATE_AUDIENCE_BY_FILE = POST Data "/v2/bot/audienceGroup/upload/byFile", 60 per MINUTE;
    /// Adds a file of ids to an audience.
    ADD_TO_AUDIENCE_BY_FILE = PUT Data "/v2/bot/audienceGroup/upload/byFile", 60 per MINUTE;
    /// Makes an audience of those who tapped a link.
    CREATE_CLICK_AUDIENCE = POST Api "/v2/bot/audienceGroup/click", 60 per MINUTE;
    /// Makes an audience of those who saw a message.
    CREATE_IMPRESSION_AUDIENCE = POST Api "/v2/bot/audienceGroup/imp", 60 per MINUTE;
    /// Renames an audience.
    UPDATE_AUDIENCE_DESCRIPTION = PUT Api "/v2/bot/audienceGroup/{audienceGroupId}/updateDescription", 60 per MINUTE;
    /// One audience.
    AUDIENCE = GET Api "/v2/bot/audienceGroup/{audienceGroupId}", 60 per MINUTE;
    /// Deletes an audience.
    DELETE_AUDIENCE = DELETE Api "/v2/bot/audienceGroup/{audienceGroupId}", 60 per MINUTE;
    /// The audiences of the channel, in pages.
    AUDIENCES = GET Api "/v2/bot/audienceGroup/list", 60 per MINUTE;
    /// One audience of the Business Manager.
    SHARED_AUDIENCE = GET Api "/v2/bot/audienceGroup/shared/{audienceGroupId}", 60 per MINUTE;
    /// The audiences of the Business Manager, in pages.
    SHARED_AUDIENCES = GET Api "/v2/bot/audienceGroup/shared/list", 60 per MINUTE;
}
