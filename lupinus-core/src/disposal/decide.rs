use std::{collections::BTreeMap, fmt};

use jiff::{Span, Timestamp, civil::Date};
use serde_json::json;

use super::{Disposal, Extension, Item, Kept, MAX_ITEMS, MAX_REASON_CHARS, Retention, State};
use crate::{
    actor::{Actor, Permission},
    audit::{Act, Subject},
    hash::Sha256Hash,
    ids::{DisposalId, StaffId},
};

/// The longest that a record is kept beyond its years at a time, in years.
const MAX_EXTENSION_YEARS: i16 = 30;

/// Something that an administrator wants done with a list. `Debug` prints the name alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// A record of it is kept longer (延長).
    HoldBack {
        /// Which.
        subject: Subject,
        /// Up to and including which day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// It is not to be.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Whoever proposed it does not want it any more.
    Withdraw,
    /// The records go.
    Decide {
        /// The [`Disposal::hash`] of the list that they have read.
        list: Sha256Hash,
        /// Whether they answer for it that the yearly figures up to [`Disposal::years`] are kept elsewhere: they are counted from records,
        /// and cannot be counted again.
        figures_are_kept: bool,
    },
    /// Nothing of it is left, but for what something had happened to.
    Finish {
        /// What stays, and why.
        spared: BTreeMap<Subject, Kept>,
    },
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HoldBack { .. } => "hold_back",
            Self::Refuse { .. } => "refuse",
            Self::Withdraw => "withdraw",
            Self::Decide { .. } => "decide",
            Self::Finish { .. } => "finish",
        })
    }
}

/// What a decision is taken by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// For how long records are kept now.
    pub retention: &'a Retention,
    /// Today, by the clocks of the city.
    pub today: Date,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The list from now on.
    pub next: Disposal,
    /// What is kept longer from now on.
    pub extension: Option<Extension>,
    /// What the trail says.
    pub act: Act,
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// It is decided, or over.
    #[error("not at this stage")]
    NotNow,
    /// Nothing is due.
    #[error("nothing is due")]
    NothingDue,
    /// Another one waits, or is under way.
    #[error("another disposal is open")]
    AnotherOpen,
    /// Whoever proposed it does not decide it.
    #[error("another administrator decides")]
    OwnProposal,
    /// The list is not the one that they have read.
    #[error("the list changed since it was read")]
    ListChanged,
    /// Records are kept longer by now, and something on the list is not due any more.
    #[error("the years changed since it was proposed")]
    YearsChanged,
    /// Nobody answers for the figures.
    #[error("the yearly figures must be kept first")]
    FiguresNotKept,
    /// There is no reason, or a long one.
    #[error("a reason of at most {MAX_REASON_CHARS} characters is needed")]
    Reason,
    /// The record is not on the list.
    #[error("it is not on the list")]
    NotListed,
    /// The day is not after today, or too far away.
    #[error("the day must be after today and within {MAX_EXTENSION_YEARS} years")]
    Day,
}

impl Refusal {
    /// What to tell the person who asked.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。",
            Self::NotNow => {
                "現在の段階では、この操作はできません。画面を開き直して、いまの状態を確かめてください。"
            }
            Self::NothingDue => "保存年限が過ぎて廃棄できる記録はありません。",
            Self::AnotherOpen => {
                "決定待ちか廃棄中のものがほかにあります。それが終わってから、次を提案してください。"
            }
            Self::OwnProposal => "廃棄の決定には、提案した方とは別の管理者が必要です。",
            Self::ListChanged => {
                "ご覧になったあとに、廃棄する記録の一覧が変わりました。もう一度開いて確かめてください。"
            }
            Self::YearsChanged => {
                "提案のあとに保存年限が変わり、年限がまだ過ぎていない記録が一覧に入っています。この提案を終わらせて、もう一度提案してください。"
            }
            Self::FiguresNotKept => {
                "廃棄すると、その年度の集計は数え直せません。年度の集計を保存してから、保存したことを確かめる欄にしるしを付けてください。"
            }
            Self::Reason => "理由を400文字以内で書いてください。",
            Self::NotListed => "その記録は一覧にありません。",
            Self::Day => "延長する日は、あすから30年以内の日にしてください。",
        }
    }
}

/// The one who asks, if they may: an administrator who stands in for nobody.
fn administrator(actor: &Actor) -> Result<StaffId, Refusal> {
    let allowed = actor.on_behalf_of.is_none() && actor.roles.permit(Permission::ManageSettings);
    actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)
}

fn reason(written: &str) -> Result<String, Refusal> {
    let written = written.trim();
    let fits = !written.is_empty() && written.chars().count() <= MAX_REASON_CHARS;
    if fits { Ok(written.to_owned()) } else { Err(Refusal::Reason) }
}

impl Disposal {
    /// A list for another administrator to decide on.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`]; [`Refusal::NothingDue`] for an empty list.
    pub fn propose(id: DisposalId, mut items: Vec<Item>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        let proposed_by = administrator(cx.actor)?;
        items.truncate(MAX_ITEMS);
        if items.is_empty() {
            return Err(Refusal::NothingDue);
        }
        let (retention, day, proposed_at) = (*cx.retention, cx.today, cx.now);
        let next = Self { id, retention, day, items, proposed_by, proposed_at, state: State::Proposed };
        Ok(next.acted("disposal.proposed"))
    }

    /// What `command` makes of it. Reads nothing, disposes of nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        use Command as C;
        if let C::Finish { spared } = command {
            return self.finish(spared, cx);
        }
        let by = administrator(cx.actor)?;
        if self.state != State::Proposed {
            return Err(Refusal::NotNow);
        }
        let at = cx.now;
        let to = |state, action| Ok(Self { state, ..self.clone() }.acted(action));
        match command {
            C::HoldBack { subject, until, reason: why } => self.hold_back(subject, until, &why, by, cx),
            C::Refuse { .. } if by == self.proposed_by => Err(Refusal::OwnProposal),
            C::Refuse { reason: why } => {
                to(State::Refused { by, at, reason: reason(&why)? }, "disposal.refused")
            }
            C::Withdraw if by != self.proposed_by => Err(Refusal::NotAllowed),
            C::Withdraw => to(State::Withdrawn { by, at }, "disposal.withdrawn"),
            C::Decide { .. } if by == self.proposed_by => Err(Refusal::OwnProposal),
            C::Decide { list, .. } if list != self.hash() => Err(Refusal::ListChanged),
            C::Decide { .. } if !self.is_due_by(cx.retention) => Err(Refusal::YearsChanged),
            C::Decide { figures_are_kept: false, .. } => Err(Refusal::FiguresNotKept),
            C::Decide { .. } => to(State::Decided { by, at }, "disposal.decided"),
            C::Finish { .. } => Err(Refusal::NotNow),
        }
    }

    fn hold_back(
        &self,
        subject: Subject,
        until: Date,
        why: &str,
        by: StaffId,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let place = self.items.iter().position(|item| item.subject == subject).ok_or(Refusal::NotListed)?;
        let latest = cx.today.saturating_add(Span::new().years(MAX_EXTENSION_YEARS));
        if until <= cx.today || until > latest {
            return Err(Refusal::Day);
        }
        let reason = reason(why)?;
        let mut next = self.clone();
        next.items.remove(place);
        if next.items.is_empty() {
            next.state = State::Withdrawn { by, at: cx.now };
        }
        let mut decision = next.acted("disposal.held_back");
        if let Some(detail) = decision.act.detail.as_object_mut() {
            detail.insert("subject".to_owned(), json!(subject));
            detail.insert("until".to_owned(), json!(until));
        }
        decision.extension = Some(Extension { subject, until, reason, by, at: cx.now });
        Ok(decision)
    }

    fn finish(&self, spared: BTreeMap<Subject, Kept>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        if *cx.actor != Actor::system() {
            return Err(Refusal::NotAllowed);
        }
        let State::Decided { by, at } = self.state else { return Err(Refusal::NotNow) };
        let state = State::Done { by, decided_at: at, at: cx.now, spared };
        Ok(Self { state, ..self.clone() }.acted("disposal.done"))
    }

    fn acted(self, action: &'static str) -> Decision {
        let gone: usize = self.counts().values().sum();
        let detail = json!({ "list": self.hash(), "records": gone });
        Decision { next: self, extension: None, act: Act::new(action).detail(detail) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        actor::Role,
        disposal::{Class, Years},
        store::Kind,
    };

    fn somebody(number: u128, role: Role) -> Actor {
        Actor::staff(StaffId::from_uuid(uuid::Uuid::from_u128(number)), std::iter::once(role).collect())
    }

    fn subject(number: u32) -> Subject {
        Subject::new(&Kind::new("consultation"), number)
    }

    fn item(number: u32) -> Item {
        let (closed_on, due_on) = (date(2026, 10, 5), date(2032, 4, 1));
        Item { subject: subject(number), class: Class::Consultations, closed_on, due_on }
    }

    /// R20, R15: every command at every stage, by whoever proposed it, by another administrator, and by somebody else.
    #[test]
    fn another_administrator_decides_on_the_list_that_they_have_read() {
        use Command as C;
        use Refusal as R;
        let (one, other) = (somebody(1, Role::Administrator), somebody(2, Role::Administrator));
        let (now, today) = (Timestamp::UNIX_EPOCH, date(2032, 4, 5));
        let (retention, longer) =
            (Retention::default(), Retention { consultations: Years::of(6), ..Retention::default() });
        let cx = |actor| Context { actor, retention: &retention, today, now };
        let id = DisposalId::from_uuid(uuid::Uuid::from_u128(9));
        let propose = |items, actor| Disposal::propose(id, items, &cx(actor));
        assert_eq!(propose(Vec::new(), &one), Err(R::NothingDue));
        let proposed = propose(vec![item(1), item(2)], &one).unwrap().next;
        let list = proposed.hash();
        let by = other.staff_id().unwrap();
        let at = |state| Disposal { state, ..proposed.clone() };
        let decided = at(State::Decided { by, at: now });
        let done = at(State::Done { by, decided_at: now, at: now, spared: BTreeMap::new() });
        let refused = at(State::Refused { by, at: now, reason: "係争中".to_owned() });
        let withdrawn = at(State::Withdrawn { by, at: now });
        let decide = || C::Decide { list, figures_are_kept: true };
        let refuse = |why: &str| C::Refuse { reason: why.to_owned() };
        let hold = |number, until, why: &str| C::HoldBack {
            subject: subject(number),
            until,
            reason: why.to_owned(),
        };
        let later = date(2035, 4, 1);
        let finish = || C::Finish { spared: BTreeMap::from([(subject(2), Kept::Touched)]) };
        let system = Actor::system();
        for (name, at, command, actor, expected) in [
            ("the other decides", &proposed, decide(), &other, Ok("decided")),
            ("the same decides", &proposed, decide(), &one, Err(R::OwnProposal)),
            (
                "another list",
                &proposed,
                C::Decide { list: Sha256Hash::ZERO, figures_are_kept: true },
                &other,
                Err(R::ListChanged),
            ),
            (
                "figures that nobody kept",
                &proposed,
                C::Decide { list, figures_are_kept: false },
                &other,
                Err(R::FiguresNotKept),
            ),
            ("refused", &proposed, refuse("係争中のため"), &other, Ok("refused")),
            ("refused by the same", &proposed, refuse("係争中のため"), &one, Err(R::OwnProposal)),
            ("refused without a reason", &proposed, refuse(" "), &other, Err(R::Reason)),
            ("refused at length", &proposed, refuse(&"あ".repeat(401)), &other, Err(R::Reason)),
            ("withdrawn", &proposed, C::Withdraw, &one, Ok("withdrawn")),
            (
                "withdrawn by the other, who refuses with a reason",
                &proposed,
                C::Withdraw,
                &other,
                Err(R::NotAllowed),
            ),
            ("held back", &proposed, hold(1, later, "係争中"), &one, Ok("proposed")),
            ("held back by the other", &proposed, hold(1, later, "係争中"), &other, Ok("proposed")),
            ("held back without a reason", &proposed, hold(1, later, ""), &one, Err(R::Reason)),
            ("held back until today", &proposed, hold(1, today, "係争中"), &one, Err(R::Day)),
            ("for ever", &proposed, hold(1, date(2063, 1, 1), "係争中"), &one, Err(R::Day)),
            ("what is not listed", &proposed, hold(3, later, "係争中"), &one, Err(R::NotListed)),
            ("finished undecided", &proposed, finish(), &system, Err(R::NotNow)),
            ("finished", &decided, finish(), &system, Ok("done")),
            ("finished by a person", &decided, finish(), &other, Err(R::NotAllowed)),
            ("decided twice", &decided, decide(), &other, Err(R::NotNow)),
            ("held back too late", &decided, hold(1, later, "係争中"), &other, Err(R::NotNow)),
            ("withdrawn too late", &decided, C::Withdraw, &one, Err(R::NotNow)),
            ("finished twice", &done, finish(), &system, Err(R::NotNow)),
            ("decided when done", &done, decide(), &other, Err(R::NotNow)),
            ("decided when refused", &refused, decide(), &other, Err(R::NotNow)),
            ("decided when withdrawn", &withdrawn, decide(), &other, Err(R::NotNow)),
        ] {
            let made = at.decide(command, &cx(actor)).map(|decision| decision.next.state.name());
            assert_eq!(made, expected, "{name}");
        }
        // What is kept longer by now is no more decided on; what is kept shorter is due all the same.
        let kept = |years, retention: &Retention| {
            let cx = Context { retention, ..cx(&other) };
            let made = proposed.decide(decide(), &cx).map(|decision| decision.next.state.name());
            assert_eq!(made, years);
        };
        kept(Err(R::YearsChanged), &longer);
        kept(Err(R::YearsChanged), &Retention { consultations: Years::Permanent, ..retention });
        kept(Ok("decided"), &Retention { consultations: Years::of(2), ..retention });
        let mut deputy = somebody(4, Role::Administrator);
        deputy.on_behalf_of = Some((by, other.roles.clone()));
        for actor in [&somebody(3, Role::Approver), &somebody(5, Role::Auditor), &deputy, &system] {
            assert_eq!(propose(vec![item(1)], actor), Err(R::NotAllowed));
            for command in [decide(), refuse("係争中"), C::Withdraw, hold(1, later, "係争中")] {
                assert_eq!(proposed.decide(command, &cx(actor)), Err(R::NotAllowed), "{actor:?}");
            }
        }
    }

    /// R20
    #[test]
    fn what_is_held_back_leaves_the_list_with_its_reason_beside_it_and_none_in_the_trail() {
        let one = somebody(1, Role::Administrator);
        let retention = Retention::default();
        let (today, now) = (date(2032, 4, 5), Timestamp::UNIX_EPOCH);
        let cx = Context { actor: &one, retention: &retention, today, now };
        let id = DisposalId::from_uuid(uuid::Uuid::from_u128(9));
        let proposed = Disposal::propose(id, vec![item(1), item(2)], &cx).unwrap().next;
        let hold = |number| Command::HoldBack {
            subject: subject(number),
            until: date(2033, 4, 1),
            reason: "係争中".to_owned(),
        };
        let first = proposed.decide(hold(1), &cx).unwrap();
        assert_ne!(first.next.hash(), proposed.hash(), "whoever read the list before reads it anew");
        assert_eq!(first.extension.as_ref().unwrap().reason, "係争中");
        assert!(!first.act.detail.to_string().contains("係争中"), "{:?}", first.act);
        let last = first.next.decide(hold(2), &cx).unwrap();
        assert!(!last.next.is_open(), "nothing is left to decide on");
    }
}
