use jiff::Timestamp;
use serde_json::json;

use super::{ChannelFinding, Examination, Launch, Proposal, Seen, SeenBy, Stage};
use crate::{
    actor::{Actor, Permission},
    audit::Act,
    hash::Sha256Hash,
};

/// Something that an administrator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// They answer for something that they looked at.
    See {
        /// What.
        seen: Seen,
        /// The hash of it.
        of: Sha256Hash,
    },
    /// They had the channel looked at.
    Examine(Vec<ChannelFinding>),
    /// They want to send to the members.
    Propose,
    /// The other agrees: the members are sent to from now on.
    Confirm,
    /// It is not wanted any more.
    Withdraw,
    /// Back to the trial: staff alone are sent to.
    Revert,
}

/// What a decision is taken by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Whether everything on the list is as it must be.
    pub passed: bool,
    /// The hash, now, of what a [`Command::See`] answers for; of no concern to any other.
    pub shown: Sha256Hash,
    /// Now.
    pub now: Timestamp,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// How far the centre is from now on.
    pub next: Launch,
    /// What the trail says.
    pub act: Act,
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// It is live, or in trial, already; or there is no such proposal.
    #[error("not at this stage")]
    NotNow,
    /// Something on the list is not as it must be.
    #[error("the list is not gone through")]
    NotPassed,
    /// What they looked at is another by now.
    #[error("it changed since they looked")]
    Changed,
    /// Whoever proposed it does not confirm it.
    #[error("another administrator confirms it")]
    OwnProposal,
}

impl Refusal {
    /// What to tell the person who asked.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::NotAllowed => "この操作をする権限がありません。",
            Self::NotNow => {
                "現在の段階では、この操作はできません。画面を開き直して、いまの状態を確かめてください。"
            }
            Self::NotPassed => {
                "確認が済んでいない項目があります。すべて済ませてから、本番の開始を提案してください。"
            }
            Self::Changed => {
                "確かめていた間に、内容が変わりました。いまの内容を見て、もう一度確かめてください。"
            }
            Self::OwnProposal => "本番の開始には、提案した方とは別の管理者の承認が必要です。",
        }
    }
}

impl Launch {
    /// What `command` makes of it. Reads nothing.
    ///
    /// # Errors
    /// A [`Refusal`], worded so that it can be shown to the person who asked.
    pub fn decide(&self, command: Command, cx: &Context<'_>) -> Result<Decision, Refusal> {
        use Command as C;
        let allowed = cx.actor.on_behalf_of.is_none() && cx.actor.roles.permit(Permission::ManageSettings);
        let by = cx.actor.staff_id().filter(|_| allowed).ok_or(Refusal::NotAllowed)?;
        let mut next = self.clone();
        let mut staged = |stage, action| {
            let since =
                if matches!(stage, Stage::Trial { .. }) == self.is_trial() { self.since } else { cx.now };
            (next.stage, next.since) = (stage, since);
            Act::new(action)
        };
        let act = match (&self.stage, command) {
            (_, C::See { of, .. }) if of != cx.shown => return Err(Refusal::Changed),
            (_, C::See { seen, of }) => {
                next.seen.insert(seen, SeenBy { by, at: cx.now, of });
                Act::new("launch.seen").detail(json!({ "seen": seen }))
            }
            (_, C::Examine(findings)) => {
                let bad = findings.iter().filter(|finding| finding.bad).count();
                next.examined = Some(Examination { at: cx.now, findings });
                Act::new("launch.examined").detail(json!({ "bad": bad }))
            }
            (Stage::Trial { proposed }, C::Propose) => match proposed {
                Some(before) if before.counts(cx.now) => return Err(Refusal::NotNow),
                _ if !cx.passed => return Err(Refusal::NotPassed),
                _ => {
                    let proposed = Some(Proposal { by, at: cx.now });
                    staged(Stage::Trial { proposed }, "launch.proposed")
                }
            },
            (Stage::Trial { proposed: Some(proposal) }, C::Confirm) if proposal.counts(cx.now) => {
                if proposal.by == by {
                    return Err(Refusal::OwnProposal);
                }
                if !cx.passed {
                    return Err(Refusal::NotPassed);
                }
                staged(Stage::Live, "launch.live").detail(json!({ "proposed_by": proposal.by }))
            }
            (Stage::Trial { proposed: Some(_) }, C::Withdraw) => {
                staged(Stage::Trial { proposed: None }, "launch.withdrawn")
            }
            (Stage::Live, C::Revert) => staged(Stage::Trial { proposed: None }, "launch.trial"),
            _ => return Err(Refusal::NotNow),
        };
        Ok(Decision { next, act })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{actor::Role, ids::StaffId, launch::PROPOSAL_LIFE};

    fn somebody(number: u128, role: Role) -> Actor {
        Actor::staff(StaffId::from_uuid(uuid::Uuid::from_u128(number)), std::iter::once(role).collect())
    }

    /// R23: every command at every stage, by whoever proposed, by another administrator, and by somebody else.
    #[test]
    fn two_administrators_go_live_once_everything_is_as_it_must_be() {
        use Command as C;
        use Refusal as R;
        let (one, other) = (somebody(1, Role::Administrator), somebody(2, Role::Administrator));
        let at = |after: Duration| Timestamp::UNIX_EPOCH + after;
        let day = at(Duration::from_hours(24));
        let late = at(PROPOSAL_LIFE);
        let decide = |launch: &Launch, command: C, actor: &Actor, passed, now| {
            launch
                .decide(command, &Context { actor, passed, shown: Sha256Hash::ZERO, now })
                .map(|decision| decision.next.stage)
        };
        let trial = Launch::trial(at(Duration::ZERO));
        let by = one.staff_id().unwrap();
        let proposed = Stage::Trial { proposed: Some(Proposal { by, at: at(Duration::ZERO) }) };
        let waiting = Launch { stage: proposed.clone(), ..trial.clone() };
        let live = Launch { stage: Stage::Live, ..trial.clone() };
        let none = Stage::Trial { proposed: None };
        for (name, launch, command, actor, passed, now, expected) in [
            ("passed", &trial, C::Propose, &one, true, at(Duration::ZERO), Ok(proposed)),
            ("not passed", &trial, C::Propose, &one, false, day, Err(R::NotPassed)),
            ("nothing proposed", &trial, C::Confirm, &other, true, day, Err(R::NotNow)),
            ("nothing to withdraw", &trial, C::Withdraw, &one, true, day, Err(R::NotNow)),
            ("in trial already", &trial, C::Revert, &one, true, day, Err(R::NotNow)),
            ("the other", &waiting, C::Confirm, &other, true, day, Ok(Stage::Live)),
            ("the same", &waiting, C::Confirm, &one, true, day, Err(R::OwnProposal)),
            ("not passed any more", &waiting, C::Confirm, &other, false, day, Err(R::NotPassed)),
            ("too late", &waiting, C::Confirm, &other, true, late, Err(R::NotNow)),
            ("twice", &waiting, C::Propose, &other, true, day, Err(R::NotNow)),
            ("withdrawn", &waiting, C::Withdraw, &other, false, day, Ok(none.clone())),
            ("back", &live, C::Revert, &one, false, day, Ok(none)),
            ("live already", &live, C::Propose, &one, true, day, Err(R::NotNow)),
            ("confirmed already", &live, C::Confirm, &other, true, day, Err(R::NotNow)),
        ] {
            assert_eq!(decide(launch, command, actor, passed, now), expected, "{name}");
        }
        let stranger = somebody(3, Role::Approver);
        let mut deputy = somebody(4, Role::Administrator);
        deputy.on_behalf_of = Some((by, one.roles.clone()));
        for actor in [&stranger, &deputy, &Actor::system()] {
            for command in [C::Propose, C::Confirm, C::Withdraw, C::Revert] {
                assert_eq!(decide(&waiting, command, actor, true, day), Err(R::NotAllowed));
            }
        }
    }

    #[test]
    fn what_was_seen_counts_until_it_changes_or_grows_old() {
        let (one, now) = (somebody(1, Role::Administrator), Timestamp::UNIX_EPOCH);
        let of = Sha256Hash::of(b"hours");
        let see = Command::See { seen: Seen::Hours, of };
        let cx = Context { actor: &one, passed: false, shown: of, now };
        let decision = Launch::live().decide(see.clone(), &cx).unwrap();
        let changed = Context { shown: Sha256Hash::of(b"other hours"), ..cx };
        assert_eq!(Launch::live().decide(see, &changed), Err(Refusal::Changed));
        let seen = &decision.next.seen[&Seen::Hours];
        assert!(seen.counts(of, now));
        assert!(!seen.counts(Sha256Hash::of(b"other hours"), now));
        assert!(!seen.counts(of, now + crate::launch::SEEN_LIFE));
    }
}
