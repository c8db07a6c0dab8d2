use lupinus_line::client::{FOLLOWERS_PAGE, LoadingSeconds};
use lupinus_line::{ApiError, Client, GroupId, MarkAsReadToken, MembershipId, RoomId};

use super::user;

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let group = GroupId::new("C90ad0000111122223333444455556666").unwrap();
    let room = RoomId::new("Rb17c0000111122223333444455556666").unwrap();
    line.profile(&user()).await?;
    let page = line.followers(FOLLOWERS_PAGE, None).await?.value;
    line.followers(1, page.next.as_ref()).await?;
    line.group_summary(&group).await?;
    line.group_member_count(&group).await?;
    line.group_member_profile(&group, &user()).await?;
    let page = line.group_member_ids(&group, None).await?.value;
    line.group_member_ids(&group, page.next.as_ref()).await?;
    line.leave_group(&group).await?;
    line.room_member_count(&room).await?;
    line.room_member_profile(&room, &user()).await?;
    let page = line.room_member_ids(&room, None).await?.value;
    line.room_member_ids(&room, page.next.as_ref()).await?;
    line.leave_room(&room).await?;
    line.start_loading(&user(), LoadingSeconds::default()).await?;
    line.mark_as_read(&MarkAsReadToken::new("t").unwrap()).await?;
    line.mark_as_read_by_user(&user()).await?;
    line.issue_link_token(&user()).await?;
    line.subscriptions(&user()).await?;
    line.memberships().await?;
    let page = line.membership_users(MembershipId::new(3), 1_000, None).await?.value;
    line.membership_users(MembershipId::new(3), 1, page.next.as_ref()).await?;
    Ok(())
}
