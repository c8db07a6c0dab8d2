use std::fmt;

use jiff::Timestamp;
use serde_json::json;

use super::{CannedAnswer, MAX_TEXT_CHARS, MAX_TITLE_CHARS, MAX_WORDINGS, Wording, placeholder::has_unknown};
use crate::{
    actor::{Actor, Permission},
    audit::Act,
    ids::{CannedId, StaffId},
};

/// Something that somebody wants done with a canned answer. `Debug` prints the name alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// It is to read like this.
    Change {
        /// By which staff find it.
        title: String,
        /// What it says.
        text: String,
        /// The number of the wording that whoever writes has read.
        seen: u32,
    },
    /// It is to read as it did.
    Revert {
        /// The number of that wording.
        to: u32,
        /// The number of the wording that whoever asks has read.
        seen: u32,
    },
    /// It is offered no more.
    Retire,
    /// It is offered again.
    Restore,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Change { .. } => "change",
            Self::Revert { .. } => "revert",
            Self::Retire => "retire",
            Self::Restore => "restore",
        })
    }
}

/// What a decision is taken by, beside the answer itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The answer as it is from now on.
    pub next: CannedAnswer,
    /// What the trail says: numbers, no words.
    pub act: Act,
}

/// Why a canned answer does not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// Title or text is missing.
    #[error("title or text is missing")]
    Empty,
    /// Title or text is too long.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most, in `char`s.
        max: usize,
    },
    /// Braces around what is no placeholder.
    #[error("braces around what is no placeholder")]
    UnknownPlaceholder,
    /// Somebody else changed it after this one had read it.
    #[error("somebody else changed it meanwhile")]
    ChangedMeanwhile,
    /// There is no such wording, or it is kept no more.
    #[error("no such wording")]
    NoSuchWording,
    /// It is retired already, or is not.
    #[error("it stands so already")]
    NotNow,
    /// The city has as many as it may have.
    #[error("no room for more")]
    Full,
}

impl Refusal {
    /// What to tell the person who asked.
    pub fn sentence_ja(self) -> String {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::Empty => "題名と本文を入力してください。".to_owned(),
            Self::TooLong { max } => format!("{max}文字以内で入力してください。"),
            Self::UnknownPlaceholder => {
                "波かっこ{ }の中には、決まった差込み項目だけを書けます。項目の名前を確かめてください。"
                    .to_owned()
            }
            Self::ChangedMeanwhile => {
                "画面を開いたあとに、ほかの方が変更しました。現在の内容を確かめて、もう一度保存してください。"
                    .to_owned()
            }
            Self::NoSuchWording => "その版は残っていません。".to_owned(),
            Self::NotNow => "すでにその状態になっています。".to_owned(),
            Self::Full => "登録できる数の上限に達しました。使わないものを減らしてください。".to_owned(),
        }
    }
}

impl Context<'_> {
    fn writer(&self) -> Result<StaffId, Refusal> {
        let allowed = self.actor.may(Permission::AnswerConsultations);
        self.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)
    }
}

impl CannedAnswer {
    /// A new one.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`]; [`Refusal::Empty`]; [`Refusal::TooLong`]; [`Refusal::UnknownPlaceholder`].
    pub fn write(id: CannedId, title: &str, text: &str, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let empty = Self { id, wordings: Vec::new(), retired: false };
        empty.reworded(title, text, "canned.written", cx)
    }

    /// What `command` makes of this answer. Reads nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        cx.writer()?;
        match command {
            Command::Change { seen, .. } | Command::Revert { seen, .. } if seen != self.number() => {
                Err(Refusal::ChangedMeanwhile)
            }
            Command::Change { title, text, .. } => self.reworded(&title, &text, "canned.changed", cx),
            Command::Revert { to, .. } => {
                let earlier = self.wordings.iter().find(|wording| wording.number == to);
                let earlier = earlier.filter(|_| to != self.number()).ok_or(Refusal::NoSuchWording)?;
                let mut decision = self.reworded(&earlier.title, &earlier.text, "canned.reverted", cx)?;
                decision.act =
                    decision.act.detail(json!({ "wording": decision.next.number(), "as": earlier.number }));
                Ok(decision)
            }
            Command::Retire => self.turned(true, "canned.retired"),
            Command::Restore => self.turned(false, "canned.restored"),
        }
    }

    fn reworded(
        &self,
        title: &str,
        text: &str,
        action: &'static str,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let by = cx.writer()?;
        let (title, text) = (written(title, MAX_TITLE_CHARS)?, written(text, MAX_TEXT_CHARS)?);
        if has_unknown(&text) {
            return Err(Refusal::UnknownPlaceholder);
        }
        let number = self.number().saturating_add(1);
        let mut next = self.clone();
        next.wordings.push(Wording { number, title: title.replace('\n', " "), text, by, at: cx.now });
        let over = next.wordings.len().saturating_sub(MAX_WORDINGS);
        next.wordings.drain(..over);
        Ok(Decision { next, act: Act::new(action).detail(json!({ "wording": number })) })
    }

    fn turned(&self, retired: bool, action: &'static str) -> Result<Decision, Refusal> {
        if self.retired == retired {
            return Err(Refusal::NotNow);
        }
        let next = Self { retired, ..self.clone() };
        Ok(Decision { act: Act::new(action).detail(json!({ "wording": next.number() })), next })
    }
}

fn written(text: &str, max: usize) -> Result<String, Refusal> {
    crate::written::written(text, max, Refusal::Empty, Refusal::TooLong { max })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::actor::Role;

    fn consultant() -> Actor {
        Actor::staff(StaffId::from_uuid(Uuid::from_u128(1)), [Role::Consultant].into_iter().collect())
    }

    fn context(actor: &Actor) -> Context<'_> {
        Context { actor, now: Timestamp::UNIX_EPOCH }
    }

    fn written() -> CannedAnswer {
        let id = CannedId::from_uuid(Uuid::from_u128(9));
        CannedAnswer::write(id, "案内", "受付は{受付時間}です。", &context(&consultant())).unwrap().next
    }

    fn change(text: &str, seen: u32) -> Command {
        Command::Change { title: "案内".to_owned(), text: text.to_owned(), seen }
    }

    #[test]
    fn only_those_who_answer_consultations_touch_a_canned_answer() {
        let id = StaffId::from_uuid(Uuid::from_u128(2));
        for role in Role::ALL {
            let actor = Actor::staff(id, [role].into_iter().collect());
            for command in [change("新しい文", 1), Command::Revert { to: 1, seen: 1 }, Command::Retire] {
                let refused = written().decide(command, &context(&actor)) == Err(Refusal::NotAllowed);
                assert_eq!(refused, role != Role::Consultant, "{role:?}");
            }
        }
    }

    #[test]
    fn whoever_has_not_read_the_last_change_overwrites_nothing() {
        let (actor, answer) = (consultant(), written());
        let changed = answer.decide(change("新しい文", 1), &context(&actor)).unwrap().next;
        assert_eq!(changed.decide(change("別の文", 1), &context(&actor)), Err(Refusal::ChangedMeanwhile));
        let revert = Command::Revert { to: 1, seen: 1 };
        assert_eq!(changed.decide(revert, &context(&actor)), Err(Refusal::ChangedMeanwhile));
        assert!(changed.decide(change("別の文", 2), &context(&actor)).is_ok());
    }

    #[test]
    fn a_wording_that_is_taken_up_again_is_a_new_one_and_numbers_are_used_once() {
        let (actor, mut answer) = (consultant(), written());
        let first = answer.wording().unwrap().text.clone();
        for number in 1..40 {
            answer = answer.decide(change(&format!("文{number}"), number), &context(&actor)).unwrap().next;
        }
        assert_eq!((answer.wordings.len(), answer.number()), (MAX_WORDINGS, 40));
        let gone = Command::Revert { to: 1, seen: 40 };
        assert_eq!(answer.decide(gone, &context(&actor)), Err(Refusal::NoSuchWording));
        let answer = written().decide(change("新しい文", 1), &context(&actor)).unwrap().next;
        let back = answer.decide(Command::Revert { to: 1, seen: 2 }, &context(&actor)).unwrap();
        assert_eq!((back.next.number(), &back.next.wording().unwrap().text), (3, &first));
        assert!(!back.act.detail.to_string().contains("受付"), "the trail holds no words");
    }

    #[test]
    fn what_cannot_be_a_canned_answer_is_refused() {
        let (actor, answer) = (consultant(), written());
        for (text, refusal) in [
            (" ".to_owned(), Refusal::Empty),
            ("{天気}".to_owned(), Refusal::UnknownPlaceholder),
            ("あ".repeat(MAX_TEXT_CHARS + 1), Refusal::TooLong { max: MAX_TEXT_CHARS }),
        ] {
            assert_eq!(answer.decide(change(&text, 1), &context(&actor)), Err(refusal));
        }
        assert_eq!(answer.decide(Command::Restore, &context(&actor)), Err(Refusal::NotNow));
    }
}
