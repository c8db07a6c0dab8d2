//! People, groups, and the chat with them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, Request};
use crate::{GroupId, InvalidId, MarkAsReadToken, RoomId, UserId, endpoint};

/// Most ids in one page of followers
/// ([source](https://developers.line.biz/en/reference/messaging-api/#get-follower-ids)).
pub const MAX_FOLLOWERS_PAGE: u16 = 1_000;
/// Ids in one page of followers when nothing else is asked (same source).
pub const FOLLOWERS_PAGE: u16 = 300;

/// A user's profile. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Profile {
    /// The name shown.
    pub display_name: String,
    /// Who it is.
    pub user_id: UserId,
    /// Address of the picture.
    pub picture_url: Option<String>,
    /// The words below the name.
    pub status_message: Option<String>,
    /// Language (BCP 47).
    pub language: Option<String>,
}

/// The profile of a member of a group. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MemberProfile {
    /// The name shown.
    pub display_name: String,
    /// Who it is.
    pub user_id: UserId,
    /// Address of the picture.
    pub picture_url: Option<String>,
}

/// A group's name and picture. `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupSummary {
    /// Which group.
    pub group_id: GroupId,
    /// Its name.
    pub group_name: String,
    /// Address of its picture.
    pub picture_url: Option<String>,
}

/// A page of friends. A page may be short although more follow: only an absent `next` is the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Followers {
    /// The friends of this page.
    pub user_ids: Vec<UserId>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(String);

impl Request {
    /// Begins at a page.
    pub(super) fn page(self, start: Option<&PageToken>) -> Self {
        match start {
            Some(PageToken(start)) => self.query("start", start),
            None => self,
        }
    }
}

/// Starts the linking of a user's account with one of another service; serves once, for ten minutes. Not printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct LinkToken(String);

impl LinkToken {
    /// The token, for the address that the user is sent to.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! without_content {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}

without_content!(Profile, MemberProfile, GroupSummary, LinkToken);

/// How long a loading animation shows: 5 to 60 seconds in steps of 5
/// ([source](https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LoadingSeconds(u8);

impl LoadingSeconds {
    /// Checks and wraps a number of seconds.
    ///
    /// # Errors
    /// [`InvalidId`] when it is not 5, 10, … 60.
    pub const fn new(seconds: u8) -> Result<Self, InvalidId> {
        if seconds >= 5 && seconds <= 60 && seconds.is_multiple_of(5) {
            Ok(Self(seconds))
        } else {
            Err(InvalidId::of("number of loading seconds"))
        }
    }
}

impl Default for LoadingSeconds {
    fn default() -> Self {
        Self(20)
    }
}

impl Client {
    /// A user's profile. Works for friends, and for others who wrote to the bot.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 for anybody else, those who blocked the bot included, or any other.
    pub async fn profile(&self, user: &UserId) -> Result<Answer<Profile>, ApiError> {
        self.fetch(Request::new(endpoint::PROFILE).segment(user.as_str())).await
    }

    /// A page of the ids of all friends, at most [`MAX_FOLLOWERS_PAGE`]. Verified and premium accounts only.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 403 for other accounts, or any other.
    pub async fn followers(
        &self,
        limit: u16,
        start: Option<&PageToken>,
    ) -> Result<Answer<Followers>, ApiError> {
        let limit = limit.clamp(1, MAX_FOLLOWERS_PAGE);
        self.fetch(Request::new(endpoint::FOLLOWERS).query("limit", limit).page(start)).await
    }

    /// A group's name and picture.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when the bot is not in it, or any other.
    pub async fn group_summary(&self, group: &GroupId) -> Result<Answer<GroupSummary>, ApiError> {
        self.fetch(Request::new(endpoint::GROUP_SUMMARY).segment(group.as_str())).await
    }

    /// How many people are in a group, the bot not counted.
    ///
    /// # Errors
    /// As for [`group_summary`](Self::group_summary).
    pub async fn group_member_count(&self, group: &GroupId) -> Result<Answer<u64>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            count: u64,
        }
        let request = Request::new(endpoint::GROUP_MEMBER_COUNT).segment(group.as_str());
        Ok(self.fetch::<Body>(request).await?.map(|body| body.count))
    }

    /// The profile of a member of a group, friend or not.
    ///
    /// # Errors
    /// As for [`group_summary`](Self::group_summary).
    pub async fn group_member_profile(
        &self,
        group: &GroupId,
        user: &UserId,
    ) -> Result<Answer<MemberProfile>, ApiError> {
        let request =
            Request::new(endpoint::GROUP_MEMBER_PROFILE).segment(group.as_str()).segment(user.as_str());
        self.fetch(request).await
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// As for [`group_summary`](Self::group_summary).
    pub async fn leave_group(&self, group: &GroupId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::LEAVE_GROUP).segment(group.as_str())).await
    }

    /// Leaves a room.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn leave_room(&self, room: &RoomId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::LEAVE_ROOM).segment(room.as_str())).await
    }

    /// Shows a user that the bot is at work, until its next message or the time is over. Users only.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn start_loading(
        &self,
        user: &UserId,
        seconds: LoadingSeconds,
    ) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            chat_id: &'a UserId,
            loading_seconds: LoadingSeconds,
        }
        let body = Body { chat_id: user, loading_seconds: seconds };
        self.call(Request::new(endpoint::LOADING_START).json(&body)).await
    }

    /// Marks a message, and all before it, as read. Needs chat to be on at LINE's side.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn mark_as_read(&self, token: &MarkAsReadToken) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            mark_as_read_token: &'a MarkAsReadToken,
        }
        self.call(Request::new(endpoint::MARK_AS_READ).json(&Body { mark_as_read_token: token })).await
    }

    /// A token to start linking a user's account with one of another service.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn issue_link_token(&self, user: &UserId) -> Result<Answer<LinkToken>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            link_token: LinkToken,
        }
        let request = Request::new(endpoint::LINK_TOKEN).segment(user.as_str());
        Ok(self.fetch::<Body>(request).await?.map(|body| body.link_token))
    }
}
