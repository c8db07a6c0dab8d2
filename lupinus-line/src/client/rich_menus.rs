//! Calls on rich menus.

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, Recipients, Request};
use crate::rich_menu::{RichMenu, RichMenuAlias, RichMenuImage, RichMenuInfo};
use crate::{RichMenuAliasId, RichMenuId, UserId, endpoint};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MenuId {
    rich_menu_id: RichMenuId,
}

impl Client {
    /// Creates a rich menu. It needs an [image](Self::set_rich_menu_image) before it can be shown. At most 100 calls
    /// an hour and 1,000 menus.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn create_rich_menu(&self, menu: &RichMenu) -> Result<Answer<RichMenuId>, ApiError> {
        let answer = self.fetch::<MenuId>(Request::new(endpoint::CREATE_RICH_MENU).json(menu)).await?;
        Ok(answer.map(|body| body.rich_menu_id))
    }

    /// Asks LINE whether it would take a rich menu, creating nothing.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the paths of what is wrong, or any other.
    pub async fn validate_rich_menu(&self, menu: &RichMenu) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::VALIDATE_RICH_MENU).json(menu)).await
    }

    /// Uploads the image of a rich menu. It cannot be replaced; make a new menu instead.
    ///
    /// # Errors
    /// [`ApiError::Refused`] when there is one already or its size is not allowed, or any other.
    pub async fn set_rich_menu_image(
        &self,
        id: &RichMenuId,
        image: &RichMenuImage,
    ) -> Result<Answer<()>, ApiError> {
        let content_type = HeaderValue::from_static(image.content_type());
        let request = Request::new(endpoint::SET_RICH_MENU_IMAGE).segment(id.as_str());
        self.call(request.bytes(content_type, image.bytes())).await
    }

    /// One rich menu.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is none, or any other.
    pub async fn rich_menu(&self, id: &RichMenuId) -> Result<Answer<RichMenuInfo>, ApiError> {
        self.fetch(Request::new(endpoint::RICH_MENU).segment(id.as_str())).await
    }

    /// All rich menus made by API. At most 10 calls a second.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn rich_menus(&self) -> Result<Answer<Vec<RichMenuInfo>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            richmenus: Vec<RichMenuInfo>,
        }
        Ok(self.fetch::<Body>(Request::new(endpoint::RICH_MENU_LIST)).await?.map(|body| body.richmenus))
    }

    /// Deletes a rich menu. At most 100 calls an hour.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is none, or any other.
    pub async fn delete_rich_menu(&self, id: &RichMenuId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::DELETE_RICH_MENU).segment(id.as_str())).await
    }

    /// Shows a rich menu to everybody who has none of their own.
    ///
    /// # Errors
    /// [`ApiError::Refused`] when it has no image or there is none, or any other.
    pub async fn set_default_rich_menu(&self, id: &RichMenuId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::SET_DEFAULT_RICH_MENU).segment(id.as_str())).await
    }

    /// The rich menu for everybody who has none of their own.
    ///
    /// # Errors
    /// [`ApiError::Refused`]: with 404 when there is none, with 403 when it was made on LINE's side. Or any other.
    pub async fn default_rich_menu(&self) -> Result<Answer<RichMenuId>, ApiError> {
        Ok(self
            .fetch::<MenuId>(Request::new(endpoint::DEFAULT_RICH_MENU))
            .await?
            .map(|body| body.rich_menu_id))
    }

    /// Shows no rich menu to those who have none of their own.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn clear_default_rich_menu(&self) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::CLEAR_DEFAULT_RICH_MENU)).await
    }

    /// Gives a user a rich menu of their own, in place of any before. No error for those who are no friends.
    ///
    /// # Errors
    /// [`ApiError::Refused`] when it has no image or there is none, or any other.
    pub async fn link_rich_menu(&self, user: &UserId, id: &RichMenuId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::LINK_RICH_MENU).segment(user.as_str()).segment(id.as_str())).await
    }

    /// Takes a user's own rich menu away.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn unlink_rich_menu(&self, user: &UserId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::UNLINK_RICH_MENU).segment(user.as_str())).await
    }

    /// A user's own rich menu.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when they have none, or any other.
    pub async fn rich_menu_of(&self, user: &UserId) -> Result<Answer<RichMenuId>, ApiError> {
        let request = Request::new(endpoint::RICH_MENU_OF_USER).segment(user.as_str());
        Ok(self.fetch::<MenuId>(request).await?.map(|body| body.rich_menu_id))
    }

    /// Gives up to 500 users a rich menu of their own. LINE does it within seconds, after answering.
    ///
    /// # Errors
    /// [`ApiError::Refused`], nobody changed, or any other.
    pub async fn bulk_link_rich_menu(
        &self,
        users: &Recipients,
        id: &RichMenuId,
    ) -> Result<Answer<()>, ApiError> {
        let body = Bulk { rich_menu_id: Some(id), user_ids: users };
        self.call(Request::new(endpoint::BULK_LINK_RICH_MENU).json(&body)).await
    }

    /// Takes the rich menus of up to 500 users away. LINE does it within seconds, after answering.
    ///
    /// # Errors
    /// As for [`bulk_link_rich_menu`](Self::bulk_link_rich_menu).
    pub async fn bulk_unlink_rich_menu(&self, users: &Recipients) -> Result<Answer<()>, ApiError> {
        let body = Bulk { rich_menu_id: None, user_ids: users };
        self.call(Request::new(endpoint::BULK_UNLINK_RICH_MENU).json(&body)).await
    }

    /// Names a rich menu, so that others can switch to it. It needs its image first.
    ///
    /// # Errors
    /// [`ApiError::Refused`] when the name is taken, or any other.
    pub async fn create_rich_menu_alias(
        &self,
        alias: &RichMenuAliasId,
        id: &RichMenuId,
    ) -> Result<Answer<()>, ApiError> {
        let body = AliasBody { rich_menu_alias_id: Some(alias), rich_menu_id: id };
        self.call(Request::new(endpoint::CREATE_RICH_MENU_ALIAS).json(&body)).await
    }

    /// What a name stands for.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when it stands for nothing, or any other.
    pub async fn rich_menu_alias(&self, alias: &RichMenuAliasId) -> Result<Answer<RichMenuAlias>, ApiError> {
        self.fetch(Request::new(endpoint::RICH_MENU_ALIAS).segment(alias.as_str())).await
    }

    /// Makes a name stand for another rich menu. Takes a while to have effect.
    ///
    /// # Errors
    /// [`ApiError::Refused`], or any other.
    pub async fn update_rich_menu_alias(
        &self,
        alias: &RichMenuAliasId,
        id: &RichMenuId,
    ) -> Result<Answer<()>, ApiError> {
        let body = AliasBody { rich_menu_alias_id: None, rich_menu_id: id };
        self.call(Request::new(endpoint::UPDATE_RICH_MENU_ALIAS).segment(alias.as_str()).json(&body)).await
    }

    /// Takes a name away. At most 100 calls an hour.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 when there is none, or any other.
    pub async fn delete_rich_menu_alias(&self, alias: &RichMenuAliasId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::DELETE_RICH_MENU_ALIAS).segment(alias.as_str())).await
    }

    /// All names of rich menus.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn rich_menu_aliases(&self) -> Result<Answer<Vec<RichMenuAlias>>, ApiError> {
        #[derive(Deserialize)]
        struct Body {
            aliases: Vec<RichMenuAlias>,
        }
        Ok(self.fetch::<Body>(Request::new(endpoint::RICH_MENU_ALIAS_LIST)).await?.map(|body| body.aliases))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bulk<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rich_menu_id: Option<&'a RichMenuId>,
    user_ids: &'a Recipients,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AliasBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rich_menu_alias_id: Option<&'a RichMenuAliasId>,
    rich_menu_id: &'a RichMenuId,
}
