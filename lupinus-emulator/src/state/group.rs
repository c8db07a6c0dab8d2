//! Groups and rooms ("multi-person chats"), in which several people and the account meet.

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use super::{ChatEntry, Friendship, State};
use crate::clock::Millis;

/// What kind of chat of several people it is. LINE makes no new rooms any more; old ones live on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GroupKind {
    #[default]
    Group,
    Room,
}

impl GroupKind {
    /// The letter its ids begin with.
    pub(crate) fn head(self) -> char {
        match self {
            Self::Group => 'C',
            Self::Room => 'R',
        }
    }
}

/// One group or room.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Group {
    #[serde(rename = "type")]
    pub(crate) kind: GroupKind,
    /// Empty for rooms, which have none.
    pub(crate) name: String,
    pub(crate) members: IndexSet<String>,
    /// Whether the account is in it.
    pub(crate) has_account: bool,
    pub(crate) chat: Vec<ChatEntry>,
    /// How many messages of the chat the account has marked as read.
    pub(crate) read_up_to: usize,
}

impl Group {
    pub(crate) fn new(kind: GroupKind, name: String, members: IndexSet<String>) -> Self {
        Self { kind, name, members, ..Self::default() }
    }
}

/// What a person's chat and a group have in common.
impl State {
    /// The messages of a person's chat, a group or a room.
    pub(crate) fn chat(&self, chat_id: &str) -> Option<&Vec<ChatEntry>> {
        match self.people.get(chat_id) {
            Some(person) => Some(&person.chat),
            None => self.groups.get(chat_id).map(|group| &group.chat),
        }
    }

    /// The messages of a person's chat, a group or a room, to be changed.
    pub(crate) fn chat_mut(&mut self, chat_id: &str) -> Option<&mut Vec<ChatEntry>> {
        match self.people.get_mut(chat_id) {
            Some(person) => Some(&mut person.chat),
            None => self.groups.get_mut(chat_id).map(|group| &mut group.chat),
        }
    }

    /// Puts an entry at the end of a chat; gives the number of messages in it.
    pub(crate) fn append(&mut self, chat_id: &str, entry: ChatEntry) -> usize {
        let Some(chat) = self.chat_mut(chat_id) else { return 0 };
        chat.push(entry);
        chat.len()
    }

    /// How many people a push to this chat reaches; `None` when the account cannot send there at all.
    pub(crate) fn reached_by_push(&self, chat_id: &str, now: Millis) -> Option<u64> {
        if let Some(person) = self.people.get(chat_id) {
            return Some(u64::from(person.is_reachable(now)));
        }
        let group = self.groups.get(chat_id).filter(|group| group.has_account)?;
        u64::try_from(group.members.len()).ok()
    }

    /// Whether a reply to this chat arrives: unless the person has blocked the account or deleted LINE, or the account
    /// has left the group.
    pub(crate) fn takes_replies(&self, chat_id: &str) -> bool {
        match self.people.get(chat_id) {
            Some(person) => person.friendship != Friendship::Blocked && !person.deleted,
            None => self.groups.get(chat_id).is_some_and(|group| group.has_account),
        }
    }

    /// Notes that the account has read a chat up to this message.
    pub(crate) fn mark_read(&mut self, chat_id: &str, up_to: usize) {
        let read = match self.people.get_mut(chat_id) {
            Some(person) => Some(&mut person.read_up_to),
            None => self.groups.get_mut(chat_id).map(|group| &mut group.read_up_to),
        };
        if let Some(read) = read {
            *read = (*read).max(up_to);
        }
    }
}
