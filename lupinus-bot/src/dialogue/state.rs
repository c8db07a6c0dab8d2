//! A person's place in the dialogue, as it is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lupinus_core::{
    consultation::Topic,
    hash::Sha256Hash,
    ids::{MemberId, PostId},
    screening::Context,
    service::ProfileChange,
    store::{Entity, IndexEntry, Kind, RecordClass},
};
use serde::{Deserialize, Serialize};

use super::{
    commands::{self, Command},
    form::Form,
};
use crate::{Texts, incoming::Words};

/// How many drafts are kept aside for a person.
const MAX_PARKED: usize = 5;

/// Where the dialogue with a person stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dialogue {
    /// With whom.
    pub(crate) member: MemberId,
    /// What we wait for.
    pub(crate) step: Step,
    /// The answers that were offered last: typing one is the same as tapping it.
    #[serde(default)]
    pub(crate) choices: Vec<Choice>,
    /// What they wrote outside of any dialogue. It waits here, masked, for the tap that makes it a consultation or deletes
    /// it, whatever else they do in between.
    #[serde(default)]
    pub(crate) kept: Vec<Words>,
    /// Drafts that were begun and left for something else: one new one, and one for each post that was being mended.
    #[serde(default)]
    pub(crate) parked: Vec<Form>,
    /// Which message brought what stands in the profile in their own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) told: Vec<Told>,
    /// When it changed last.
    pub(crate) changed_at: Timestamp,
}

/// A part of the profile, and the message that brought it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Which part.
    pub(crate) field: ProfileField,
    /// By which message.
    pub(crate) message: String,
}

/// An answer to tap, or to type.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Choice {
    /// What stands on it.
    pub(crate) label: String,
    /// What comes back.
    pub(crate) data: String,
    /// What the tap does.
    #[serde(default)]
    pub(crate) tap: Tap,
    /// Its number among several of a kind, from 1: typing that is the same as tapping it, where nothing can be tapped (R44).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<usize>,
}

/// What a tap does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tap {
    /// Sends its data.
    #[default]
    Send,
    /// Asks for a date.
    PickDate,
    /// Asks for a time.
    PickTime,
    /// Opens the phone's pictures.
    Pictures,
}

/// What we wait for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub(crate) enum Step {
    /// Nothing.
    Idle,
    /// Something of the person's profile.
    Profile {
        /// What.
        field: ProfileField,
        /// Whether the next question follows: the walk after joining.
        walk: bool,
    },
    /// The text of a consultation.
    Consult {
        /// What it is about, if that was said.
        topic: Option<Topic>,
    },
    /// A field of a draft, or what to do with it.
    Draft(Box<Form>),
    /// Why a post is withdrawn.
    Withdraw {
        /// Which.
        post: PostId,
    },
    /// An invitation code.
    Code,
}

/// A part of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProfileField {
    /// 職種
    Profession,
    /// 所属
    Organisation,
    /// 圏域
    Area,
    /// 受け取りたいカテゴリ
    Topics,
}

impl ProfileField {
    /// The change that empties it.
    pub(crate) fn cleared(self) -> ProfileChange {
        match self {
            Self::Profession => ProfileChange::Profession(None),
            Self::Organisation => ProfileChange::Organisation(None),
            Self::Area => ProfileChange::Area(None),
            Self::Topics => ProfileChange::Topics(BTreeSet::new()),
        }
    }
}

impl Dialogue {
    /// The first with somebody.
    pub(crate) fn new(member: MemberId, now: Timestamp) -> Self {
        Self {
            member,
            step: Step::Idle,
            choices: Vec::new(),
            kept: Vec::new(),
            parked: Vec::new(),
            told: Vec::new(),
            changed_at: now,
        }
    }

    /// What is left of it while they block the account: where their profile came from, for an unsend. `None` when that is nothing.
    pub(crate) fn while_blocked(&self, now: Timestamp) -> Option<Self> {
        (!self.told.is_empty()).then(|| Self { told: self.told.clone(), ..Self::new(self.member, now) })
    }

    /// Whether nothing of it would be forgotten while they block the account.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.while_blocked(self.changed_at).as_ref() == Some(self)
    }

    /// By which rules a text that comes now is screened: those for posts while a field of a draft is asked for, those for
    /// chats at any other time.
    pub(crate) fn context(&self) -> Context {
        match &self.step {
            Step::Draft(form) if form.takes_text() => Context::Post,
            _ => Context::Consultation,
        }
    }

    /// Whether it waits for words of theirs.
    pub(crate) fn takes_words(&self) -> bool {
        match &self.step {
            Step::Idle => false,
            Step::Draft(form) => form.takes_text(),
            Step::Profile { .. } | Step::Consult { .. } | Step::Withdraw { .. } | Step::Code => true,
        }
    }

    /// Whether a picture or file is wanted now.
    pub(crate) fn takes_media(&self) -> bool {
        matches!(&self.step, Step::Draft(form) if form.takes_media())
    }

    /// Whether a picture or file that comes now could belong to a consultation: nothing else is being asked.
    pub(crate) fn consults(&self) -> bool {
        matches!(self.step, Step::Idle | Step::Consult { .. })
    }

    /// The data of the offered answer that was typed.
    pub(crate) fn chosen(&self, texts: &Texts, typed: &str) -> Option<String> {
        if let Some(data) = self.agreed(texts, typed) {
            return Some(data.to_owned());
        }
        let number = commands::plain(typed).parse::<usize>().ok();
        if let Some(choice) = self.choices.iter().find(|choice| number.is_some() && choice.number == number) {
            return Some(choice.data.clone());
        }
        let plain = |text: &str| text.replace(char::is_whitespace, "");
        let typed = plain(typed);
        self.choices
            .iter()
            .find(|choice| {
                matches!(choice.tap, Tap::Send)
                    && plain(choice.label.trim_start_matches('✓')) == typed.trim_start_matches('✓')
            })
            .map(|choice| choice.data.clone())
    }

    /// Whether a typed command is the reason that was asked for: 「中止」 says why a post is withdrawn, and not that it stays.
    pub(crate) fn is_reason(&self, texts: &Texts, command: Command, typed: &str) -> bool {
        matches!(self.step, Step::Withdraw { .. })
            && command == Command::Cancel
            && !commands::means(texts, "words-keep", typed)
    }

    /// The data of what a yes, a no or a consent means, where exactly that was asked.
    fn agreed(&self, texts: &Texts, typed: &str) -> Option<&'static str> {
        let offers = |data: &str| self.choices.iter().any(|choice| choice.data == data);
        let says = |key: &str| commands::means(texts, key, typed);
        // A mere yes counts only below the rules themselves, which are offered with both answers.
        let below_the_rules = offers("rules/later");
        if offers("rules/accept") && (says("words-accept") || below_the_rules && says("words-accept-yes")) {
            return Some("rules/accept");
        }
        if offers("mine/erase-yes") {
            if says("words-yes") {
                return Some("mine/erase-yes");
            }
            if says("words-no") {
                return Some("menu/cancel");
            }
        }
        None
    }

    /// Forgets a message that was taken back. Answers whether it was held here.
    pub(crate) fn unsend(&mut self, message: &str) -> bool {
        let before = self.kept.len();
        self.kept.retain(|words| words.message != message);
        let mut held = self.kept.len() != before;
        if let Step::Draft(form) = &mut self.step {
            held |= form.unsend(message);
        }
        for form in &mut self.parked {
            held |= form.unsend(message);
        }
        held
    }

    /// The part of the profile that came from a message that was taken back; where from is forgotten.
    pub(crate) fn untell(&mut self, message: &str) -> Option<ProfileField> {
        let place = self.told.iter().position(|told| told.message == message)?;
        Some(self.told.remove(place).field)
    }

    /// The pictures and files of its drafts.
    pub(crate) fn files(&self) -> Vec<Sha256Hash> {
        let begun = match &self.step {
            Step::Draft(form) => Some(&**form),
            _ => None,
        };
        let forms = begun.into_iter().chain(&self.parked);
        forms.flat_map(|form| form.attachments.iter().map(|attachment| attachment.sha256)).collect()
    }

    /// Puts a draft aside.
    pub(crate) fn park(&mut self, form: Form) {
        self.unpark(form.post);
        self.parked.push(form);
        if self.parked.len() > MAX_PARKED {
            self.parked.remove(0);
        }
    }

    /// Takes up the draft that mends this post, or the new one.
    pub(crate) fn unpark(&mut self, post: Option<PostId>) -> Option<Form> {
        let at = self.parked.iter().position(|form| form.post == post)?;
        Some(self.parked.remove(at))
    }
}

impl Entity for Dialogue {
    const KIND: Kind = Kind::new("dialogue");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.member.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("changed", format!("{:015}", self.changed_at.as_millisecond()))]
    }
}
