use std::{fmt, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Consultation, ConsultationPolicy, Entry, MAX_ANSWER_CHARS, MAX_ENTRIES, MAX_MESSAGE_CHARS,
    MAX_NOTE_CHARS, MAX_NOTES, MAX_TAG_CHARS, MAX_TAGS, MAX_THREAD_BYTES, Media, Note, Rating, Refusal, Said,
    State as S, Topic, Verdict, Voice,
};
use crate::{
    actor::{Actor, Permission, Who},
    audit::Act,
    calendar::OfficeHours,
    canned::has_placeholder,
    ids::{BodyId, ConsultationId, EntryId, MemberId, StaffId},
    outbox::Message,
};

/// Something that somebody wants done with a consultation. `Debug` prints the name alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// Its member says more.
    Message(Said),
    /// Its member shows something, which is held.
    Show {
        /// What.
        media: Media,
        /// The channel's id of the message.
        channel_message: String,
    },
    /// A consultant looks at a picture or file that is held.
    Look {
        /// In which entry.
        entry: EntryId,
        /// From whom they take it over, who looked and went away; nobody looks any more but the one who asks.
        instead_of: Option<StaffId>,
    },
    /// Whoever looks says what they saw.
    Settle {
        /// In which entry.
        entry: EntryId,
        /// What is to become of it.
        verdict: Verdict,
    },
    /// A consultant takes it in hand.
    Take,
    /// A consultant gives it to a colleague.
    Assign {
        /// To whom.
        to: StaffId,
    },
    /// A consultant answers.
    Answer {
        /// What the member will read: at most [`MAX_ANSWER_CHARS`].
        text: String,
    },
    /// 解決: by a consultant, or by its member.
    Resolve,
    /// Resolved because the member said nothing more.
    ResolveBySilence,
    /// 引継ぎ: a colleague has it from now on, or is to have it next.
    Transfer {
        /// To whom.
        to: StaffId,
        /// What they should know, kept as a note: at most [`MAX_NOTE_CHARS`].
        summary: Option<String>,
    },
    /// 取次ぎ: a professional body is asked, by a summary that names nobody; the consultation stays where it is.
    Refer {
        /// Which body.
        to: BodyId,
        /// What the body will read: at most [`MAX_NOTE_CHARS`].
        summary: String,
    },
    /// A consultant says what it is about.
    Classify {
        /// What, if anything.
        topic: Option<Topic>,
    },
    /// Its member says whether it helped, once it is resolved.
    Rate(Rating),
    /// 再開: a consultant takes a resolved one up again.
    Reopen,
    /// A note among staff.
    Note {
        /// What it says: at most [`MAX_NOTE_CHARS`].
        text: String,
    },
    /// Adds a tag.
    Tag {
        /// The tag: at most [`MAX_TAG_CHARS`].
        tag: String,
    },
    /// Takes a tag off.
    Untag {
        /// The tag.
        tag: String,
    },
    /// 送信取消: its member took a message back.
    Erase {
        /// The channel's id of the message.
        channel_message: String,
    },
    /// Its member leaves, or an administrator erases them at their wish: everything that was said goes, and it is over.
    Forget,
}

impl Command {
    /// Its name, for tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Show { .. } => "show",
            Self::Look { .. } => "look",
            Self::Settle { .. } => "settle",
            Self::Take => "take",
            Self::Assign { .. } => "assign",
            Self::Answer { .. } => "answer",
            Self::Resolve => "resolve",
            Self::ResolveBySilence => "resolve_by_silence",
            Self::Transfer { .. } => "transfer",
            Self::Refer { .. } => "refer",
            Self::Classify { .. } => "classify",
            Self::Rate(_) => "rate",
            Self::Reopen => "reopen",
            Self::Note { .. } => "note",
            Self::Tag { .. } => "tag",
            Self::Untag { .. } => "untag",
            Self::Erase { .. } => "erase",
            Self::Forget => "forget",
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a decision is taken by, beside the consultation itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The city's rules on consultations.
    pub policy: &'a ConsultationPolicy,
    /// When the centre is open.
    pub hours: &'a OfficeHours,
    /// The id of the entry that a message or an answer adds.
    pub entry: EntryId,
    /// Now.
    pub now: Timestamp,
}

impl Context<'_> {
    /// The consultant who asks.
    pub(super) fn consultant(&self) -> Result<StaffId, Refusal> {
        let allowed = self.actor.may(Permission::AnswerConsultations);
        self.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)
    }
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The consultation as it is from now on.
    pub next: Consultation,
    /// What the trail says: states and figures, no words.
    pub act: Act,
    /// What the member is told, in this order.
    pub tell: Vec<Message>,
}

/// What a member's message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Opened,
    FollowedUp,
    Reopened,
    Thanked,
}

impl Heard {
    const fn action(self) -> &'static str {
        match self {
            Self::Opened => "consultation.opened",
            Self::FollowedUp => "consultation.followed_up",
            Self::Reopened => "consultation.reopened",
            Self::Thanked => "consultation.thanked",
        }
    }
}

impl Consultation {
    /// A member's question becomes a consultation.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] when somebody else asks for it; [`Refusal::Empty`], [`Refusal::TooLong`].
    pub fn open(
        id: ConsultationId,
        member: MemberId,
        said: Said,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let consultation = Self {
            id,
            member,
            state: S::Open,
            handler: None,
            topic: None,
            thread: Vec::new(),
            notes: Vec::new(),
            tags: std::collections::BTreeSet::new(),
            opened_at: cx.now,
            waiting_since: Some(cx.now),
            last_member_at: cx.now,
            first_answer_at: None,
            last_answer_at: None,
            resolved_at: None,
            reopened: 0,
            auto_answered: None,
            rated: None,
            merged_into: None,
        };
        if cx.actor.who != Who::Member(member) {
            return Err(Refusal::NotAllowed);
        }
        consultation.heard(said, Heard::Opened, cx)
    }

    /// What `command` makes of this consultation. Reads nothing, sends nothing.
    ///
    /// Silence begins with the centre's answer: while the member waits for one, nothing resolves by silence.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        use Command as C;
        let own = cx.actor.who == Who::Member(self.member);
        let system = cx.actor.who == Who::System;
        match command {
            C::Message(said) if own => self.message(said, cx),
            C::Show { media, channel_message } if own => self.shown(media, channel_message, cx),
            C::Erase { channel_message } if own || system => self.erase(&channel_message),
            C::Forget if own || system || cx.actor.roles.permit(Permission::ManageMembers) => {
                Ok(self.forget(cx))
            }
            C::ResolveBySilence if system => self.resolve_by_silence(cx),
            C::Resolve if own => self.resolve("consultation.resolved_by_member", cx),
            C::Look { entry, instead_of } => {
                cx.consultant().and_then(|by| self.looked_at(entry, by, instead_of))
            }
            C::Settle { entry, verdict } => {
                cx.consultant().and_then(|by| self.settled(entry, verdict, by, cx))
            }
            C::Message(_) | C::Show { .. } | C::Erase { .. } | C::Forget | C::ResolveBySilence => {
                Err(Refusal::NotAllowed)
            }
            C::Take => self.assign(cx.consultant()?, "consultation.taken"),
            C::Assign { to } => cx.consultant().and_then(|_| self.assign(to, "consultation.assigned")),
            C::Answer { text } => self.answer(cx.consultant()?, &text, cx),
            C::Resolve => {
                let by = cx.consultant()?;
                let handled = Self { handler: self.handler.or(Some(by)), ..self.clone() };
                handled.resolve("consultation.resolved", cx)
            }
            C::Rate(rating) if own => self.rate(rating, cx),
            C::Rate(_) => Err(Refusal::NotAllowed),
            C::Transfer { to, summary } => self.transfer(cx.consultant()?, to, summary.as_deref(), cx),
            C::Refer { to, summary } => self.refer(cx.consultant()?, to, &summary, cx),
            C::Classify { topic } => cx.consultant().map(|_| self.classify(topic)),
            C::Reopen => self.reopen(cx.consultant()?, cx),
            C::Note { text } => self.note(cx.consultant()?, &text, cx),
            C::Tag { tag } => cx.consultant().and_then(|_| self.tag(&tag)),
            C::Untag { tag } => cx.consultant().map(|_| self.untag(&tag)),
        }
    }

    fn message(&self, said: Said, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match self.state {
            // It goes on in another one.
            S::Resolved { .. } if self.merged_into.is_some() => Err(Refusal::WindowOver),
            S::AwaitingMember { .. } | S::Resolved { .. } if self.is_mere_thanks(&said, cx) => {
                self.clone().heard(said, Heard::Thanked, cx)
            }
            S::Open | S::Assigned { .. } => self.clone().heard(said, Heard::FollowedUp, cx),
            S::AwaitingMember { to } => {
                let waiting = Self { state: S::Assigned { to }, waiting_since: Some(cx.now), ..self.clone() };
                waiting.heard(said, Heard::FollowedUp, cx)
            }
            S::Resolved { at, .. } if elapsed(at, cx.now) >= cx.policy.reopen_window => {
                Err(Refusal::WindowOver)
            }
            S::Resolved { .. } => {
                let again = Self {
                    // Whoever had it has it again. Nobody had it when its member resolved it before anybody looked.
                    state: self.handler.map_or(S::Open, |to| S::Assigned { to }),
                    waiting_since: Some(cx.now),
                    resolved_at: None,
                    reopened: self.reopened.saturating_add(1),
                    ..self.clone()
                };
                again.heard(said, Heard::Reopened, cx)
            }
        }
    }

    /// The member's words join the thread; what they are told at once.
    fn heard(mut self, said: Said, heard: Heard, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let text = written(&said.text, MAX_MESSAGE_CHARS)?;
        self.room_for(&text, cx.policy)?;
        let mut kinds = said.masked.clone();
        kinds.dedup();
        let mut tell = Vec::new();
        if !kinds.is_empty() {
            tell.push(Message::ConsultationMasked { consultation: self.id, kinds });
        }
        let closed = cx.hours.closed_period(cx.now);
        // Whoever says thanks waits for nothing.
        let waits = heard != Heard::Thanked;
        let unanswered = closed.filter(|period| waits && self.auto_answered != Some(period.from));
        if let Some(period) = unanswered {
            self.auto_answered = Some(period.from);
        }
        if unanswered.is_some() || (closed.is_none() && matches!(heard, Heard::Opened | Heard::Reopened)) {
            let closed_until = unanswered.and_then(|period| period.until);
            let joined = heard != Heard::Opened;
            tell.push(Message::ConsultationReceived { consultation: self.id, closed_until, joined });
        }
        self.topic = self.topic.or(said.topic);
        self.last_member_at = cx.now;
        let more = json!({ "masked": said.masked, "automatic_answer": unanswered.is_some() });
        let act = self.act(heard.action(), more);
        self.thread.push(Entry {
            id: cx.entry,
            at: cx.now,
            from: Voice::Member,
            text: Some(text),
            masked: said.masked,
            media: None,
            channel_message: said.channel_message,
        });
        Ok(Decision { next: self, act, tell })
    }

    fn assign(&self, to: StaffId, action: &'static str) -> Result<Decision, Refusal> {
        if self.state != S::Open {
            return Err(self.not_now());
        }
        let next = Self { state: S::Assigned { to }, handler: Some(to), ..self.clone() };
        Ok(Decision { act: next.act(action, json!({ "to": to })), next, tell: Vec::new() })
    }

    fn answer(&self, by: StaffId, text: &str, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let text = written(text, MAX_ANSWER_CHARS)?;
        if has_placeholder(&text) {
            return Err(Refusal::Unfilled);
        }
        let to = match self.state {
            S::Assigned { to } => to,
            // Whoever has it may add to their answer before the member writes again: one more supplier, a wrong number put
            // right. A colleague who answers at the same moment is told, and so is a button pressed twice.
            S::AwaitingMember { to } if to == by && !self.has_just_said(by, &text, cx.now) => to,
            _ => return Err(self.not_now()),
        };
        self.room_for(&text, cx.policy)?;
        let mut next = Self {
            state: S::AwaitingMember { to },
            waiting_since: None,
            first_answer_at: self.first_answer_at.or(Some(cx.now)),
            last_answer_at: Some(cx.now),
            ..self.clone()
        };
        next.thread.push(Entry {
            id: cx.entry,
            at: cx.now,
            from: Voice::Staff(by),
            text: Some(text.clone()),
            masked: Vec::new(),
            media: None,
            channel_message: None,
        });
        let first = self.first_answer_at.is_none();
        let act = next.act("consultation.answered", json!({ "entry": cx.entry, "first": first }));
        Ok(Decision { act, tell: vec![Message::ConsultationAnswer { consultation: self.id, text }], next })
    }

    /// Whether the last entry is this very answer, not a minute old.
    fn has_just_said(&self, by: StaffId, text: &str, now: Timestamp) -> bool {
        self.thread.last().is_some_and(|last| {
            last.from == Voice::Staff(by)
                && last.text.as_deref() == Some(text)
                && elapsed(last.at, now) < Duration::from_mins(1)
        })
    }

    fn resolve(&self, action: &'static str, cx: &Context<'_>) -> Result<Decision, Refusal> {
        if self.is_resolved() {
            return Err(self.not_now());
        }
        let next = self.resolved(false, cx);
        let tell = vec![Message::ConsultationResolved { consultation: self.id, by_silence: false }];
        Ok(Decision { act: next.act(action, Value::Null), next, tell })
    }

    fn resolve_by_silence(&self, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match (self.state, self.last_answer_at) {
            (S::Resolved { .. }, _) => Err(self.not_now()),
            (S::AwaitingMember { .. }, Some(answered)) if elapsed(answered, cx.now) >= cx.policy.silence => {
                let next = self.resolved(true, cx);
                let act = next.act("consultation.resolved_by_silence", Value::Null);
                let tell = vec![Message::ConsultationResolved { consultation: self.id, by_silence: true }];
                Ok(Decision { next, act, tell })
            }
            _ => Err(Refusal::NotSilentYet),
        }
    }

    fn resolved(&self, by_silence: bool, cx: &Context<'_>) -> Self {
        Self {
            state: S::Resolved { at: cx.now, by_silence },
            waiting_since: None,
            resolved_at: Some(cx.now),
            ..self.clone()
        }
    }

    fn note(&self, by: StaffId, text: &str, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let text = written(text, MAX_NOTE_CHARS)?;
        if self.notes.len() >= MAX_NOTES {
            return Err(Refusal::Full);
        }
        let mut next = self.clone();
        next.notes.push(Note { at: cx.now, by, text: Some(text), handed_to: None });
        Ok(Decision { act: next.act("consultation.noted", Value::Null), next, tell: Vec::new() })
    }

    fn tag(&self, tag: &str) -> Result<Decision, Refusal> {
        let tag = written(tag, MAX_TAG_CHARS)?;
        let mut next = self.clone();
        next.tags.insert(tag);
        if next.tags.len() > MAX_TAGS {
            return Err(Refusal::Full);
        }
        Ok(Decision {
            act: next.act("consultation.tagged", json!({ "tags": next.tags.len() })),
            next,
            tell: Vec::new(),
        })
    }

    fn untag(&self, tag: &str) -> Decision {
        let mut next = self.clone();
        next.tags.remove(tag.trim());
        Decision {
            act: next.act("consultation.untagged", json!({ "tags": next.tags.len() })),
            next,
            tell: Vec::new(),
        }
    }

    fn erase(&self, channel_message: &str) -> Result<Decision, Refusal> {
        let mut next = self.clone();
        let held = |entry: &&mut Entry| entry.channel_message.as_deref() == Some(channel_message);
        let Some(entry) = next.thread.iter_mut().find(held) else { return Err(Refusal::NothingToErase) };
        *entry = entry.erased();
        let id = entry.id;
        Ok(Decision { act: next.act("consultation.unsent", json!({ "entry": id })), next, tell: Vec::new() })
    }

    fn forget(&self, cx: &Context<'_>) -> Decision {
        let mut next = if self.is_resolved() { self.clone() } else { self.resolved(false, cx) };
        next.thread = self.thread.iter().map(Entry::erased).collect();
        next.notes = self.notes.iter().map(|note| Note { text: None, ..note.clone() }).collect();
        next.tags.clear();
        next.rated = None;
        let act = next.act("consultation.forgotten", json!({ "entries": next.thread.len() }));
        Decision { next, act, tell: Vec::new() }
    }

    pub(super) fn room_for(&self, text: &str, policy: &ConsultationPolicy) -> Result<(), Refusal> {
        let entries = policy.max_entries.min(MAX_ENTRIES);
        let fits = self.thread.len() < entries && self.thread_bytes() + text.len() <= MAX_THREAD_BYTES;
        if fits { Ok(()) } else { Err(Refusal::Full) }
    }

    pub(super) fn not_now(&self) -> Refusal {
        Refusal::NotNow { state: self.state }
    }

    /// An act with the state that it led to.
    pub(super) fn act(&self, action: &'static str, more: Value) -> Act {
        let mut detail = json!({ "state": self.state.name() });
        if let (Value::Object(detail), Value::Object(more)) = (&mut detail, more) {
            detail.extend(more);
        }
        Act::new(action).detail(detail)
    }
}

pub(super) fn written(text: &str, max: usize) -> Result<String, Refusal> {
    crate::written::written(text, max, Refusal::Empty, Refusal::TooLong { max })
}

pub(super) fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(from.duration_until(to)).unwrap_or_default()
}
