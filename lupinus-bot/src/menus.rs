//! Rich menus by role, made and linked so that doing it again changes nothing.

use std::{sync::Arc, time::Duration};

use lupinus_core::{
    hash::Sha256Hash,
    ids::{ContactId, MemberId},
    member::{Member, MemberState},
    service::ServiceError,
    store::{
        Batch, Entity, EntityBatch as _, IndexEntry, Kind, RecordClass, Scan, StoreError, StoreExt, Stored,
    },
};
use lupinus_line::{
    ApiError, RichMenuId, UserId,
    message::{Action, InvalidMessage, MAX_LABEL_GRAPHEMES},
    rich_menu::{Area, Bounds, MAX_CHAT_BAR_TEXT_GRAPHEMES, RichMenu, RichMenuImage, Size},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{Language, Texts, bot::Inner, intake::Chain, render::cut_graphemes};

/// How often the links are compared when nobody says that a role changed.
const INTERVAL: Duration = Duration::from_mins(1);
/// How long a failure waits.
const AFTER_FAILURE: Duration = Duration::from_secs(15);
/// Most submitters.
const MAX_SUBMITTERS: usize = 100_000;

/// Why the menus are not as they should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MenuError {
    /// LINE did not do as asked.
    #[error("LINE did not take the rich menu")]
    Line(#[source] ApiError),
    /// A menu breaks LINE's limits: a fault of ours.
    #[error("a rich menu breaks LINE's limits")]
    Definition(#[source] InvalidMessage),
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] ServiceError),
}

impl From<ApiError> for MenuError {
    fn from(error: ApiError) -> Self {
        Self::Line(error)
    }
}

impl From<InvalidMessage> for MenuError {
    fn from(error: InvalidMessage) -> Self {
        Self::Definition(error)
    }
}

impl From<ServiceError> for MenuError {
    fn from(error: ServiceError) -> Self {
        Self::Store(error)
    }
}

impl From<StoreError> for MenuError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

/// The menus as LINE knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Menus {
    submitter: RichMenuId,
}

/// That somebody has the submitters' menu. The address is kept until the menu is taken away again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MenuLink {
    member: MemberId,
    contact: ContactId,
    menu: String,
}

impl Entity for MenuLink {
    const KIND: Kind = Kind::new("menu_link");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.member.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

/// One menu: its name without the hash, its height, its picture in Japanese and in English, and its areas as (x, y, width, height, data, key of the label).
struct Definition {
    role: &'static str,
    height: u32,
    pictures: [&'static [u8]; 2],
    areas: &'static [(u32, u32, u32, u32, &'static str, &'static str)],
}

const WIDTH: u32 = 2_500;

const MEMBER: Definition = Definition {
    role: "lupinus-member",
    height: 843,
    pictures: [include_bytes!("../menus/member.png"), include_bytes!("../menus/member.en.png")],
    areas: &[
        (0, 0, 1_250, 843, "menu/consult", "button-consult"),
        (1_250, 0, 625, 843, "menu/mine", "button-mine"),
        (1_875, 0, 625, 843, "menu/help", "button-help"),
    ],
};

const SUBMITTER: Definition = Definition {
    role: "lupinus-submitter",
    height: 1_686,
    pictures: [include_bytes!("../menus/submitter.png"), include_bytes!("../menus/submitter.en.png")],
    areas: &[
        (0, 0, 1_250, 843, "menu/submit", "button-submit"),
        (1_250, 0, 1_250, 843, "menu/posts", "button-posts"),
        (0, 843, 1_250, 843, "menu/consult", "button-consult"),
        (1_250, 843, 625, 843, "menu/mine", "button-mine"),
        (1_875, 843, 625, 843, "menu/help", "button-help"),
    ],
};

impl Definition {
    fn picture(&self, language: Language) -> &'static [u8] {
        let [japanese, english] = self.pictures;
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }

    /// The menu, named by what it is: another definition or picture has another name.
    fn menu(&self, texts: &Texts) -> Result<RichMenu, InvalidMessage> {
        let unnamed = self.with_name(texts, "unnamed")?;
        let mut whole = serde_json::to_vec(&unnamed).unwrap_or_default();
        whole.extend_from_slice(self.picture(texts.language()));
        self.with_name(texts, &format!("{}-{}", self.role, Sha256Hash::of(&whole).short()))
    }

    fn with_name(&self, texts: &Texts, name: &str) -> Result<RichMenu, InvalidMessage> {
        let areas = self
            .areas
            .iter()
            .map(|(x, y, width, height, data, key)| {
                let label = cut_graphemes(&texts.get(key), MAX_LABEL_GRAPHEMES);
                let action = Action::postback(*data)?.display_text(label.as_str())?.label(label);
                let bounds = Bounds { x: *x, y: *y, width: *width, height: *height };
                Ok(Area { bounds, action })
            })
            .collect::<Result<Vec<_>, InvalidMessage>>()?;
        let bar = cut_graphemes(&texts.get("menu-bar"), MAX_CHAT_BAR_TEXT_GRAPHEMES);
        Ok(RichMenu::new(Size { width: WIDTH, height: self.height }, name, bar, areas)?.opened())
    }
}

/// The loop of the menus.
pub(crate) async fn run(bot: Arc<Inner>, shutdown: CancellationToken) {
    loop {
        let nap = match reconcile(&bot).await {
            Ok(()) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the rich menus are not as they should be; trying again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = bot.roles_changed.notified() => {}
            () = tokio::time::sleep(nap) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// Makes what is missing, and links and unlinks what has changed.
pub(crate) async fn reconcile(bot: &Inner) -> Result<(), MenuError> {
    let mut known = bot.menus.lock().await;
    let menus = if let Some(menus) = known.as_ref() {
        menus.clone()
    } else {
        let menus = make(bot).await?;
        known.insert(menus).clone()
    };
    link(bot, &menus).await
}

async fn make(bot: &Inner) -> Result<Menus, MenuError> {
    let member = ensure(bot, &MEMBER).await?;
    let submitter = ensure(bot, &SUBMITTER).await?;
    let default = match bot.client.default_rich_menu().await {
        Ok(answer) => Some(answer.value),
        // None yet, or one that another channel or the Manager set.
        Err(ApiError::Refused(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if default.as_ref() != Some(&member) {
        bot.client.set_default_rich_menu(&member).await?;
        tracing::info!("the members' rich menu is the default now");
    }
    // Former versions go last: until here somebody may still see them.
    for old in bot.client.rich_menus().await?.value {
        let ours = [&MEMBER, &SUBMITTER].iter().any(|menu| is_version_of(&old.name, menu.role));
        if ours
            && old.rich_menu_id != member
            && old.rich_menu_id != submitter
            && !is_linked(bot, &old.rich_menu_id).await?
        {
            bot.client.delete_rich_menu(&old.rich_menu_id).await?;
        }
    }
    Ok(Menus { submitter })
}

fn is_version_of(name: &str, role: &str) -> bool {
    name.strip_prefix(role)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

async fn is_linked(bot: &Inner, menu: &RichMenuId) -> Result<bool, MenuError> {
    let links = bot.centre.store().all::<MenuLink>(Scan::keys(MenuLink::KIND), MAX_SUBMITTERS).await?;
    Ok(links.iter().any(|link| link.value.menu == menu.as_str()))
}

/// The menu's id; made, and given its picture, when it is not there.
async fn ensure(bot: &Inner, definition: &Definition) -> Result<RichMenuId, MenuError> {
    let menu = definition.menu(&bot.texts)?;
    for found in bot.client.rich_menus().await?.value {
        if found.name != menu.name() {
            continue;
        }
        // One whose picture never arrived, because we broke off in between, cannot be used: it makes way.
        match bot.client.rich_menu_image(&found.rich_menu_id).await {
            Ok(_) => return Ok(found.rich_menu_id),
            Err(error) if error.is_not_found() => {
                bot.client.delete_rich_menu(&found.rich_menu_id).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let id = bot.client.create_rich_menu(&menu).await?.value;
    bot.client
        .set_rich_menu_image(&id, &RichMenuImage::new(definition.picture(bot.texts.language()))?)
        .await?;
    tracing::info!(menu = menu.name(), "rich menu made");
    Ok(id)
}

/// Gives the submitters their menu, and takes it from those who are none any more.
async fn link(bot: &Inner, menus: &Menus) -> Result<(), MenuError> {
    let store = bot.centre.store();
    let members = store.all::<Member>(Scan::index(Member::KIND, "submits_for"), MAX_SUBMITTERS).await?;
    let wanted: Vec<(MemberId, ContactId)> = members
        .into_iter()
        .filter(|member| member.value.state == MemberState::Following)
        .filter_map(|member| Some((member.value.id, member.value.contact?)))
        .collect();
    let links = store.all::<MenuLink>(Scan::keys(MenuLink::KIND), MAX_SUBMITTERS).await?;
    // One person's trouble is no other's: what failed is told at the end, and tried again at the next pass.
    let mut failed = None;
    for link in &links {
        if wanted.iter().any(|(member, _)| *member == link.value.member) {
            continue;
        }
        if let Err(error) = take_away(bot, link).await {
            tracing::warn!(member.id = %link.value.member, error = %Chain(&error), "a rich menu is not taken away yet");
            failed = Some(error);
        }
    }
    for (member, contact) in &wanted {
        let read = links.iter().find(|link| link.value.member == *member);
        if read.is_some_and(|read| read.value.menu == menus.submitter.as_str()) {
            continue;
        }
        if let Err(error) = give(bot, menus, *member, contact, read).await {
            tracing::warn!(member.id = %member, error = %Chain(&error), "the submitters' rich menu is not given yet");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn give(
    bot: &Inner,
    menus: &Menus,
    member: MemberId,
    contact: &ContactId,
    read: Option<&Stored<MenuLink>>,
) -> Result<(), MenuError> {
    let Ok(user) = UserId::new(contact.as_str()) else { return Ok(()) };
    bot.client.link_rich_menu(&user, &menus.submitter).await?;
    let link = MenuLink { member, contact: contact.clone(), menu: menus.submitter.as_str().to_owned() };
    let mut batch = Batch::new();
    match read {
        Some(read) => batch.update(&link, read.version)?,
        None => batch.insert(&link)?,
    }
    record(bot, batch).await
}

async fn take_away(bot: &Inner, link: &Stored<MenuLink>) -> Result<(), MenuError> {
    if let Ok(user) = UserId::new(link.value.contact.as_str()) {
        match bot.client.unlink_rich_menu(&user).await {
            // Whom LINE does not know has no menu.
            Ok(_) | Err(ApiError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut batch = Batch::new();
    batch.erases = true;
    batch.delete(&link.value, link.version);
    record(bot, batch).await
}

/// Somebody else who did the same a moment ago has done it for us.
async fn record(bot: &Inner, batch: Batch) -> Result<(), MenuError> {
    match bot.centre.store().commit(batch).await {
        Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menus_keep_lines_limits_and_are_named_by_what_they_are() {
        for definition in [&MEMBER, &SUBMITTER] {
            let menu = definition.menu(&Texts::japanese()).unwrap();
            assert!(is_version_of(menu.name(), definition.role), "{}", menu.name());
            assert_eq!(menu.name(), definition.menu(&Texts::japanese()).unwrap().name());
            assert_ne!(menu.name(), definition.menu(&Texts::english()).unwrap().name());
            for picture in definition.pictures {
                RichMenuImage::new(picture).unwrap();
                let width = u32::from_be_bytes(picture[16..20].try_into().unwrap());
                let height = u32::from_be_bytes(picture[20..24].try_into().unwrap());
                assert_eq!((width, height), (WIDTH, definition.height), "{}", definition.role);
            }
            let covered: u32 = definition.areas.iter().map(|area| area.2 * area.3).sum();
            assert_eq!(
                covered,
                WIDTH * definition.height,
                "every part of {} does something",
                definition.role
            );
        }
        assert!(!is_version_of("lupinus-member-of-the-city", "lupinus-member"));
    }
}
