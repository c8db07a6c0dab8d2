use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde_json::json;

use super::{Faq, MAX_ANSWER_CHARS, MAX_QUESTION_CHARS, MAX_WORDINGS, State as S, Why, Wording, Words};
use crate::{
    actor::{Actor, Permission},
    audit::Act,
    canned::has_placeholder,
    hash::Sha256Hash,
    ids::{ConsultationId, FaqId, StaffId},
    screening::{Allowance, masked_parts},
};

/// What the second person says that they have looked for. Both, or nothing is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// No name, number, date or place tells whom it is about.
    pub nobody_named: bool,
    /// Nor do several weak attributes together: an age, a part of town and a rare disease.
    pub nobody_told_by_all_together: bool,
}

/// Something that somebody wants done with an entry. `Debug` prints the name alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// It is to read like this.
    Change {
        /// What it says.
        words: Words,
        /// What screening found in it and may stand there, with reasons.
        allowed: Vec<Allowance>,
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
    /// Members are to read it.
    Publish {
        /// The number of the wording that was looked at.
        seen: u32,
        /// For what.
        confirmed: Seen,
    },
    /// Members are to read it no more, and nobody else.
    Withdraw {
        /// Why.
        why: Why,
    },
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Change { .. } => "change",
            Self::Revert { .. } => "revert",
            Self::Publish { .. } => "publish",
            Self::Withdraw { .. } => "withdraw",
        })
    }
}

/// What a decision is taken by, beside the entry itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Now.
    pub now: Timestamp,
}

impl Context<'_> {
    /// Who asks, if they answer consultations. Nobody does this in another's stead: it is about who has looked.
    fn consultant(&self) -> Result<StaffId, Refusal> {
        let allowed =
            self.actor.on_behalf_of.is_none() && self.actor.roles.permit(Permission::AnswerConsultations);
        self.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)
    }
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The entry as it is from now on.
    pub next: Faq,
    /// What the trail says: numbers and our own words, nobody's.
    pub act: Act,
}

/// Why an entry does not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// The consultation has no answer, or its words are gone.
    #[error("the consultation is not answered")]
    NotAnswered,
    /// There is an entry from this consultation.
    #[error("there is an entry from this consultation")]
    OfferedAlready,
    /// Question or answer is missing.
    #[error("question or answer is missing")]
    Empty,
    /// Question or answer is too long.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most, in `char`s.
        max: usize,
    },
    /// Somebody else changed it after this one had read it.
    #[error("somebody else changed it meanwhile")]
    ChangedMeanwhile,
    /// What the consultation says is not what was read: its member took something back, or more was said.
    #[error("the consultation says something else by now")]
    ConsultationChanged,
    /// There is no such wording, or it is kept no more.
    #[error("no such wording")]
    NoSuchWording,
    /// It is published or withdrawn already.
    #[error("it stands so already")]
    NotNow,
    /// It is to read as it does.
    #[error("nothing was changed")]
    Unchanged,
    /// Whoever drafted it, or wrote what it says, is not the second person.
    #[error("they wrote it themselves")]
    OwnWords,
    /// Whoever publishes it does not say that nobody can be recognised.
    #[error("it is not said that nobody can be recognised")]
    NotConfirmed,
    /// A masked place, or a placeholder of a canned answer, was left in it.
    #[error("a masked place or a placeholder was left in it")]
    Unfilled,
    /// The city has as many as it may have.
    #[error("no room for more")]
    Full,
}

impl Refusal {
    /// What to tell the person who asked.
    pub fn sentence_ja(self) -> String {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::NotAnswered => "回答した相談からだけ作れます。".to_owned(),
            Self::OfferedAlready => "この相談からは、すでによくある質問が作られています。".to_owned(),
            Self::Empty => "質問と回答を入力してください。".to_owned(),
            Self::TooLong { max } => format!("{max}文字以内で入力してください。"),
            Self::ChangedMeanwhile => {
                "画面を開いたあとに、ほかの方が変更しました。現在の内容を確かめて、もう一度操作してください。"
                    .to_owned()
            }
            Self::ConsultationChanged => {
                "画面を開いたあとに、相談の内容が変わりました。相談を読み直し、取り消された文が残っていないことを確かめてから、もう一度保存してください。"
                    .to_owned()
            }
            Self::NoSuchWording => "その版は残っていません。".to_owned(),
            Self::NotNow => "すでにその状態になっています。".to_owned(),
            Self::Unchanged => "文面が変わっていません。".to_owned(),
            Self::OwnWords => {
                "下書きした方とこの文面を書いた方は公開できません。ほかの職員が確認してください。".to_owned()
            }
            Self::NotConfirmed => "2つの確認の両方に印を付けてください。".to_owned(),
            Self::Unfilled => {
                "伏せ字や差込み項目が残っています。だれのことか分からない言葉に書き換えてください。"
                    .to_owned()
            }
            Self::Full => {
                "登録できる数の上限に達しました。取り下げて保存年限を過ぎたものを廃棄すると、空きができます。"
                    .to_owned()
            }
        }
    }
}

impl Faq {
    /// A new one, from a consultation.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`]; [`Refusal::Empty`]; [`Refusal::TooLong`].
    pub fn draft(
        id: FaqId,
        consultation: ConsultationId,
        words: &Words,
        allowed: Vec<Allowance>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let drafted_by = cx.consultant()?;
        let empty = Self { id, consultation, drafted_by, state: S::Draft, wordings: Vec::new() };
        empty.reworded(words, allowed, "faq.drafted", cx)
    }

    /// What `command` makes of this entry. Reads nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let by = cx.consultant()?;
        match command {
            Command::Change { seen, .. } | Command::Revert { seen, .. } | Command::Publish { seen, .. }
                if seen != self.number() =>
            {
                Err(Refusal::ChangedMeanwhile)
            }
            Command::Change { words, allowed, .. } => self.reworded(&words, allowed, "faq.changed", cx),
            Command::Revert { to, .. } => self.reverted(to, cx),
            Command::Publish { confirmed, .. } => self.published_by(by, confirmed, cx),
            // That somebody may be recognised is seen of what was withdrawn for another reason, too.
            Command::Withdraw { why } => {
                if !self.may_be_withdrawn(why) {
                    return Err(Refusal::NotNow);
                }
                let mut next = Self { state: S::Withdrawn { by, at: cx.now, why }, ..self.clone() };
                if why == Why::Recognisable {
                    // Somebody contradicts whoever saw that nobody can be recognised.
                    next.wordings.iter_mut().for_each(|wording| wording.confirmed_by = None);
                }
                let detail = json!({ "wording": self.number(), "why": why, "was": self.state.name() });
                Ok(Decision { next, act: Act::new("faq.withdrawn").detail(detail) })
            }
        }
    }

    /// Whoever changes a word takes the entry back to a draft: what somebody else confirmed was the words of before.
    fn reworded(
        &self,
        words: &Words,
        allowed: Vec<Allowance>,
        action: &'static str,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let by = cx.consultant()?;
        let number = self.number().saturating_add(1);
        let mut wording = Wording {
            number,
            question: written(&words.question, MAX_QUESTION_CHARS)?,
            answer: written(&words.answer, MAX_ANSWER_CHARS)?,
            topic: words.topic,
            allowed,
            by,
            authors: BTreeSet::from([by]),
            at: cx.now,
            confirmed_by: None,
        };
        let same = self.wordings.iter().filter(|earlier| earlier.says_as(&wording));
        let authors: Vec<StaffId> = same.flat_map(|earlier| earlier.authors.iter().copied()).collect();
        wording.authors.extend(authors);
        let is_same = |now: &Wording| {
            now.says_as(&wording) && now.topic == wording.topic && now.allowed == wording.allowed
        };
        // A withdrawn one comes back as it was; elsewhere whoever changes nothing takes nothing from the members.
        if !matches!(self.state, S::Withdrawn { .. }) && self.wording().is_some_and(is_same) {
            return Err(Refusal::Unchanged);
        }
        let mut next = Self { state: S::Draft, ..self.clone() };
        next.wordings.push(wording);
        let over = next.wordings.len().saturating_sub(MAX_WORDINGS);
        next.wordings.drain(..over);
        let detail = json!({ "wording": number, "was": self.state.name() });
        Ok(Decision { next, act: Act::new(action).detail(detail) })
    }

    fn reverted(&self, to: u32, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let earlier = self.wordings.iter().find(|wording| wording.number == to);
        let earlier = earlier.filter(|_| to != self.number()).ok_or(Refusal::NoSuchWording)?;
        let Wording { question, answer, topic, allowed, .. } = earlier.clone();
        let words = Words { question, answer, topic };
        let mut decision = self.reworded(&words, allowed, "faq.reverted", cx)?;
        let detail =
            json!({ "wording": decision.next.number(), "as": earlier.number, "was": self.state.name() });
        decision.act = decision.act.detail(detail);
        Ok(decision)
    }

    fn published_by(&self, by: StaffId, confirmed: Seen, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let wording = self.wording().filter(|_| self.state == S::Draft).ok_or(Refusal::NotNow)?;
        if self.is_by(by) {
            return Err(Refusal::OwnWords);
        }
        if !confirmed.nobody_named || !confirmed.nobody_told_by_all_together {
            return Err(Refusal::NotConfirmed);
        }
        if [&wording.question, &wording.answer].into_iter().any(|text| is_unfilled(text)) {
            return Err(Refusal::Unfilled);
        }
        let detail = json!({ "wording": wording.number, "content": Sha256Hash::of_json(wording) });
        let mut next = Self { state: S::Published { at: cx.now }, ..self.clone() };
        if let Some(read) = next.wordings.last_mut() {
            read.confirmed_by = Some(by);
        }
        Ok(Decision { next, act: Act::new("faq.published").detail(detail) })
    }
}

fn is_unfilled(text: &str) -> bool {
    has_placeholder(text) || masked_parts(text).iter().any(|(_, is_mask)| *is_mask)
}

fn written(text: &str, max: usize) -> Result<String, Refusal> {
    crate::written::written(text, max, Refusal::Empty, Refusal::TooLong { max })
}
