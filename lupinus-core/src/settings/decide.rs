use jiff::Timestamp;
use serde_json::json;

use super::{Setting, Value, Version};
use crate::{
    actor::{Actor, Permission},
    audit::Act,
    choices::Usage,
    ids::StaffId,
    post::Obstacle,
    staff::Staff,
};

/// Something that an administrator wants of a part. Each says which version they have read.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// It says something else from now on.
    Change {
        /// What.
        value: Box<Value>,
        /// The version that they changed.
        seen: u32,
    },
    /// It says again what it said in an earlier version.
    Revert {
        /// Which.
        to: u32,
        /// The version in force that they have read.
        seen: u32,
    },
    /// It says what the file says.
    ToFile {
        /// The version in force that they have read.
        seen: u32,
    },
}

/// What a decision is taken by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// What the file says of the part.
    pub file: &'a Value,
    /// Everybody who has an account: approval routes need people.
    pub staff: &'a [Staff],
    /// Which of the city's choices are used: those are retired where others would go.
    pub usage: &'a Usage,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The part as it is from now on.
    pub next: Setting,
    /// What the trail says.
    pub act: Act,
}

/// Why a part is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// Somebody else changed it after this one had read it.
    #[error("somebody else changed it meanwhile")]
    ChangedMeanwhile,
    /// It says that already.
    #[error("it says that already")]
    Unchanged,
    /// It makes no sense, or is of another part.
    #[error("it makes no sense")]
    Unsound,
    /// Posts would not get to the end of a route.
    #[error("nobody can walk the route to its end")]
    Unwalkable(#[source] Obstacle),
    /// There is no such version, or it is kept no more.
    #[error("no such version")]
    NoSuchVersion,
}

impl Refusal {
    /// What to tell the person who asked.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。",
            Self::ChangedMeanwhile => {
                "画面を開いたあとに、ほかの方が変更しました。現在の内容を確かめて、もう一度保存してください。"
            }
            Self::Unchanged => "現在の設定と同じ内容です。",
            Self::Unsound => "この内容にはできません。入力した数や選んだものを確かめてください。",
            Self::Unwalkable(_) => {
                "現在の職員では、すべての段階を別々の職員が承認できません。職員の役割か、段階を見直してください。"
            }
            Self::NoSuchVersion => "その版は残っていません。",
        }
    }
}

impl Setting {
    /// What `command` makes of this part. Reads nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let allowed = cx.actor.on_behalf_of.is_none() && cx.actor.roles.permit(Permission::ManageSettings);
        let by = cx.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)?;
        let (Command::Change { seen, .. } | Command::Revert { seen, .. } | Command::ToFile { seen }) =
            command;
        if seen != self.number() {
            return Err(Refusal::ChangedMeanwhile);
        }
        match command {
            Command::Change { value, .. } => {
                let value = value.keeping(&self.in_force(cx.file), Some(cx.usage));
                self.saying(Some(value), by, None, cx)
            }
            Command::Revert { to, .. } => {
                let earlier = self.versions.iter().find(|version| version.number == to);
                let earlier = earlier.filter(|_| to != self.number()).ok_or(Refusal::NoSuchVersion)?;
                let value = earlier.value.clone();
                let value = value.map(|value| value.keeping(&self.in_force(cx.file), Some(cx.usage)));
                self.saying(value, by, Some(to), cx)
            }
            Command::ToFile { .. } => self.saying(None, by, None, cx),
        }
    }

    fn saying(
        &self,
        value: Option<Value>,
        by: StaffId,
        reverted_to: Option<u32>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let is_file = value.is_none();
        let number = self.number().saturating_add(1);
        let mut next = self.clone();
        next.versions.push(Version { number, value, by, at: cx.now });
        let says = next.in_force(cx.file);
        // Back to the file is a change although both say the same by now: the file may be changed later.
        if says == self.in_force(cx.file) && is_file == self.value().is_none() {
            return Err(Refusal::Unchanged);
        }
        if !says.may_replace(&self.in_force(cx.file)) {
            return Err(Refusal::Unsound);
        }
        if let Value::Routes(routes) = &says
            && let Some(obstacle) = routes.obstacle(cx.staff)
        {
            return Err(Refusal::Unwalkable(obstacle));
        }
        let over = next.versions.len().saturating_sub(self.part.max_versions());
        next.versions.drain(..over);
        let mut detail = json!({ "as": reverted_to, "file": is_file });
        if let (Value::Texts(now), Value::Texts(before)) = (&says, &self.in_force(cx.file)) {
            detail["texts"] = now.changed_since(before).into();
        }
        Ok(Decision { next, act: Act::new("setting.changed").revision(number).detail(detail) })
    }
}
