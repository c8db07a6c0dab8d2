//! Who is in a group or a room, and whoever follows, page after page.

use futures::stream::{self, Stream, TryStreamExt as _};
use serde::{Deserialize, Serialize};

use super::{
    Answer, ApiError, Client, FOLLOWERS_PAGE, MAX_FOLLOWERS_PAGE, MemberProfile, PageToken, Request,
};
use crate::{GroupId, MembershipId, RoomId, UserId, endpoint};

/// A page of the people in a group or room. Only an absent `next` is the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MemberIds {
    /// The people of this page, at most 100.
    pub member_ids: Vec<UserId>,
    /// Where the next page begins; valid for a day.
    pub next: Option<PageToken>,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

impl Client {
    /// A page of the people in a group. Verified and premium accounts only.
    /// See [LINE docs/Get group chat member user IDs](https://developers.line.biz/en/reference/messaging-api/#get-group-member-user-ids).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 403 for other accounts and with 404 when the bot is not in it, or any other.
    pub async fn group_member_ids(
        &self,
        group: &GroupId,
        start: Option<&PageToken>,
    ) -> Result<Answer<MemberIds>, ApiError> {
        self.fetch(Request::new(endpoint::GROUP_MEMBER_IDS).segment(group.as_str()).page(start)).await
    }

    /// A page of the people in a room. Verified and premium accounts only.
    ///
    /// # Errors
    /// As for [`group_member_ids`](Self::group_member_ids).
    pub async fn room_member_ids(
        &self,
        room: &RoomId,
        start: Option<&PageToken>,
    ) -> Result<Answer<MemberIds>, ApiError> {
        self.fetch(Request::new(endpoint::ROOM_MEMBER_IDS).segment(room.as_str()).page(start)).await
    }

    /// How many people are in a room, the bot not counted.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when the bot is not in it, or any other.
    pub async fn room_member_count(&self, room: &RoomId) -> Result<Answer<u64>, ApiError> {
        let request = Request::new(endpoint::ROOM_MEMBER_COUNT).segment(room.as_str());
        Ok(self.fetch::<Count>(request).await?.map(|body| body.count))
    }

    /// The profile of a member of a room, friend or not.
    ///
    /// # Errors
    /// As for [`room_member_count`](Self::room_member_count).
    pub async fn room_member_profile(
        &self,
        room: &RoomId,
        user: &UserId,
    ) -> Result<Answer<MemberProfile>, ApiError> {
        let request =
            Request::new(endpoint::ROOM_MEMBER_PROFILE).segment(room.as_str()).segment(user.as_str());
        self.fetch(request).await
    }

    /// Marks everything that a user wrote as read: an older call, open to those who had applied for it. Others use
    /// [`mark_as_read`](Self::mark_as_read).
    /// See [LINE docs/Mark messages from users as read](https://developers.line.biz/en/reference/partner-docs/#mark-messages-from-users-as-read).
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 403 for others, or any other.
    pub async fn mark_as_read_by_user(&self, user: &UserId) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Chat<'a> {
            user_id: &'a UserId,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            chat: Chat<'a>,
        }
        let body = Body { chat: Chat { user_id: user } };
        self.call(Request::new(endpoint::MARK_AS_READ_BY_USER).json(&body)).await
    }

    /// The ids of all friends, page after page until there is none. Verified and premium accounts only.
    pub fn all_followers(&self) -> impl Stream<Item = Result<UserId, ApiError>> + '_ {
        pages(move |start| async move {
            let page = self.followers(MAX_FOLLOWERS_PAGE, start.as_ref()).await?.value;
            Ok((page.user_ids, page.next))
        })
    }

    /// The ids of all people in a group, page after page until there is none. Verified and premium accounts only.
    pub fn all_group_members<'a>(
        &'a self,
        group: &'a GroupId,
    ) -> impl Stream<Item = Result<UserId, ApiError>> + 'a {
        pages(move |start| async move {
            let page = self.group_member_ids(group, start.as_ref()).await?.value;
            Ok((page.member_ids, page.next))
        })
    }

    /// The ids of all people in a room, page after page until there is none. Verified and premium accounts only.
    pub fn all_room_members<'a>(
        &'a self,
        room: &'a RoomId,
    ) -> impl Stream<Item = Result<UserId, ApiError>> + 'a {
        pages(move |start| async move {
            let page = self.room_member_ids(room, start.as_ref()).await?.value;
            Ok((page.member_ids, page.next))
        })
    }

    /// The ids of all users of a paid plan, page after page until there is none.
    pub fn all_membership_users(
        &self,
        membership: MembershipId,
    ) -> impl Stream<Item = Result<UserId, ApiError>> + '_ {
        pages(move |start| async move {
            let page = self.membership_users(membership, FOLLOWERS_PAGE, start.as_ref()).await?.value;
            Ok((page.user_ids, page.next))
        })
    }
}

/// Everything of every page. A page may be short, or empty, although more follow.
pub(super) fn pages<T, F, A>(fetch: F) -> impl Stream<Item = Result<T, ApiError>>
where
    F: Fn(Option<PageToken>) -> A,
    A: Future<Output = Result<(Vec<T>, Option<PageToken>), ApiError>>,
{
    let begin = Some(None);
    stream::try_unfold((begin, fetch), |(at, fetch)| async move {
        let Some(start) = at else { return Ok(None) };
        let (page, next) = fetch(start).await?;
        Ok(Some((stream::iter(page.into_iter().map(Ok)), (next.map(Some), fetch))))
    })
    .try_flatten()
}
