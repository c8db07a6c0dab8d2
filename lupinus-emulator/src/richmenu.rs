//! The rich menus of the account.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{clock::Millis, ids, state::State};

/// How many menus an account may have.
pub(crate) const MAX_MENUS: usize = 1_000;
/// How many aliases an account may have.
pub(crate) const MAX_ALIASES: usize = 1_000;

/// One menu: its object as created, and its image.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RichMenu {
    pub(crate) object: Value,
    pub(crate) image: Option<Image>,
}

/// The image of a menu.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Image {
    pub(crate) content_type: String,
    /// Stored beside the rest.
    #[serde(skip)]
    pub(crate) data: Bytes,
}

/// Links and unlinks that were accepted together.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Batch {
    pub(crate) accepted_at: Millis,
    pub(crate) due_at: Millis,
    /// Who gets which menu, by what was linked when the request came.
    pub(crate) changes: Vec<(String, Option<String>)>,
}

/// All menus, the default one, and the aliases.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RichMenus {
    pub(crate) menus: IndexMap<String, RichMenu>,
    pub(crate) default: Option<String>,
    pub(crate) aliases: BTreeMap<String, String>,
    /// Batches by request id.
    pub(crate) batches: HashMap<String, Batch>,
}

impl RichMenus {
    /// Stores a checked menu object; gives its id.
    pub(crate) fn create(&mut self, object: Value) -> String {
        let id = format!("richmenu-{}", ids::hex32());
        let mut with_id = serde_json::Map::new();
        with_id.insert("richMenuId".to_owned(), Value::String(id.clone()));
        if let Value::Object(object) = object {
            with_id.extend(object);
        }
        self.menus.insert(id.clone(), RichMenu { object: Value::Object(with_id), image: None });
        id
    }

    /// Whether the menu is there and has an image.
    pub(crate) fn is_usable(&self, id: &str) -> bool {
        self.menus.get(id).is_some_and(|menu| menu.image.is_some())
    }

    /// The menu an alias stands for.
    pub(crate) fn alias(&self, alias: &str) -> Option<&str> {
        self.aliases.get(alias).map(String::as_str)
    }

    /// The menu a person sees: their own before the default one.
    pub(crate) fn seen_by(&self, own: Option<&str>) -> Option<(&str, &RichMenu)> {
        let own = own.filter(|id| self.menus.contains_key(*id));
        let (id, menu) = self.menus.get_key_value(own.or(self.default.as_deref())?)?;
        Some((id.as_str(), menu))
    }
}

impl State {
    /// Lets a batch take effect.
    pub(crate) fn apply_batch(&mut self, request_id: &str) {
        let Some(batch) = self.rich_menus.batches.get_mut(request_id) else { return };
        for (user_id, menu) in std::mem::take(&mut batch.changes) {
            if let Some(person) = self.people.get_mut(&user_id) {
                person.rich_menu = menu;
            }
        }
    }
}
