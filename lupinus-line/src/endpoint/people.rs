//! Users, groups, rooms and memberships.

super::endpoints! {
    /// A user's profile.
    PROFILE = GET Api "/v2/bot/profile/{userId}", 2_000 per SECOND;
    /// The ids of all friends, in pages.
    FOLLOWERS = GET Api "/v2/bot/followers/ids", 2_000 per SECOND;
    /// A group's name and picture.
    GROUP_SUMMARY = GET Api "/v2/bot/group/{groupId}/summary", 2_000 per SECOND;
    /// How many people are in a group.
    GROUP_MEMBER_COUNT = GET Api "/v2/bot/group/{groupId}/members/count", 2_000 per SECOND;
    /// The ids of the people in a group, in pages.
    GROUP_MEMBER_IDS = GET Api "/v2/bot/group/{groupId}/members/ids", 2_000 per SECOND;
    /// The profile of a member of a group.
    GROUP_MEMBER_PROFILE = GET Api "/v2/bot/group/{groupId}/member/{userId}", 2_000 per SECOND;
    /// Leaves a group.
    LEAVE_GROUP = POST Api "/v2/bot/group/{groupId}/leave", 2_000 per SECOND;
    /// How many people are in a room.
    ROOM_MEMBER_COUNT = GET Api "/v2/bot/room/{roomId}/members/count", 2_000 per SECOND;
    /// The ids of the people in a room, in pages.
    ROOM_MEMBER_IDS = GET Api "/v2/bot/room/{roomId}/members/ids", 2_000 per SECOND;
    /// The profile of a member of a room.
    ROOM_MEMBER_PROFILE = GET Api "/v2/bot/room/{roomId}/member/{userId}", 2_000 per SECOND;
    /// Leaves a room.
    LEAVE_ROOM = POST Api "/v2/bot/room/{roomId}/leave", 2_000 per SECOND;
    /// Shows that the bot is at work.
    LOADING_START = POST Api "/v2/bot/chat/loading/start", 100 per SECOND, retry = repeatable;
    /// Marks messages as read, by a token.
    MARK_AS_READ = POST Api "/v2/bot/chat/markAsRead", 2_000 per SECOND, retry = repeatable;
    /// Marks all messages of a user as read: an older call, closed to new applicants.
    MARK_AS_READ_BY_USER = POST Api "/v2/bot/message/markAsRead", 2_000 per SECOND, retry = repeatable;
    /// Issues a token for linking accounts.
    LINK_TOKEN = POST Api "/v2/bot/user/{userId}/linkToken", 2_000 per SECOND, retry = repeatable;
    /// What a user pays for.
    MEMBERSHIP_SUBSCRIPTION = GET Api "/v2/bot/membership/subscription/{userId}", 200 per SECOND;
    /// The paid plans of the account.
    MEMBERSHIPS = GET Api "/v2/bot/membership/list", 200 per SECOND;
    /// The ids of the users of a paid plan, in pages.
    MEMBERSHIP_USERS = GET Api "/v2/bot/membership/{membershipId}/users/ids", 2_000 per SECOND;
}
