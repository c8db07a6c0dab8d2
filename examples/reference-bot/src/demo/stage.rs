//! Where it is played: the emulated LINE platform, the bot behind its HTTP address, the centre, and the time of all of them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use futures::future::try_join_all;
use jiff::{Timestamp, tz::TimeZone};
use lupinus_core::{
    ids::{BodyId, ConsultationId, ContactId, MemberId, PostId, StaffId},
    policy::Policy,
    service::By,
};
use lupinus_emulator::Emulator;

use super::{
    cast::Person,
    clock::StageClock,
    phone::Phone,
    scenario::Scenario,
    timeline::{Scene, Step},
};
use crate::app::App;

/// Where it is played, and what the play has to remember.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    /// What is played.
    pub(crate) scenario: &'a Scenario,
    /// Who there is.
    pub(crate) cast: &'a [Person],
    /// The LINE platform.
    pub(crate) line: &'a Emulator,
    /// Bot and centre.
    pub(crate) app: &'a App,
    /// The centre's time.
    pub(crate) clock: Arc<StageClock>,
    /// The centre's time zone.
    pub(crate) zone: TimeZone,
    /// The staff by the scenario's keys.
    pub(crate) staff: BTreeMap<String, StaffId>,
    /// The bodies in the scenario's order.
    pub(crate) bodies: Vec<BodyId>,
    /// The posts by their place in the scenario; corrections after them.
    pub(crate) posts: HashMap<usize, PostId>,
    /// Who asked in a consultation, and their messages so far.
    pub(crate) asked: HashMap<usize, (usize, Vec<String>)>,
    /// Who of the staff has a consultation.
    pub(crate) handlers: HashMap<usize, String>,
    /// Messages that counted, month by month, as LINE counted them.
    pub(crate) usage: Vec<(jiff::civil::Date, u64)>,
}

impl Stage<'_> {
    /// Plays one scene at its time.
    ///
    /// # Errors
    /// What went otherwise than the scenario says.
    pub(crate) async fn play(&mut self, at: Timestamp, scene: &Scene) -> anyhow::Result<()> {
        self.move_to(at).await?;
        match scene {
            Scene::Opening => self.open().await,
            Scene::Join(who) => self.join(who).await,
            Scene::Invite(who) => self.invite(*who).await,
            Scene::Block(who) => self.phone(*who).block().await,
            Scene::Leave(who) => self.leave(*who).await,
            Scene::Post(number, step) => self.post(*number, *step).await,
            Scene::Ask(number, who) => self.ask(*number, *who).await,
            Scene::Turn(number, turn) => self.turn(*number, *turn).await,
            Scene::MonthEnd => {
                let date = self.zone.to_datetime(at).date();
                self.usage.push((date, self.line.quota_used()));
                Ok(())
            }
        }
        .with_context(|| format!("at {} ({scene:?})", self.zone.to_datetime(at)))?;
        self.settle().await
    }

    async fn move_to(&self, at: Timestamp) -> anyhow::Result<()> {
        self.clock.set(at);
        self.line.freeze(at);
        self.settle().await
    }

    /// Lets the bot do all there is to do.
    pub(super) async fn settle(&self) -> anyhow::Result<()> {
        self.app.bot.drain().await.context("the bot could not go on")?;
        Ok(())
    }

    /// Somebody's phone.
    pub(super) fn phone(&self, who: usize) -> Phone<'_> {
        Phone::new(self.line, self.cast.get(who).map_or("", |person| person.user.as_str()))
    }

    /// One of the staff by the scenario's key.
    pub(super) fn staff(&self, key: &str) -> anyhow::Result<StaffId> {
        self.staff.get(key).copied().with_context(|| format!("nobody of the staff is called {key}"))
    }

    /// The member who this person became.
    pub(super) async fn member(&self, who: usize) -> anyhow::Result<MemberId> {
        let user = self.cast.get(who).context("nobody has this number")?.user.as_str();
        let member = self.app.centre.member_by_contact(&ContactId::new(user)).await?;
        Ok(member.context("they are no member")?.value.id)
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        let administrator = self.staff("c")?;
        let administrator = By::Staff(administrator);
        for body in &self.scenario.people.bodies {
            let name = body.name.as_str();
            let made = self
                .app
                .centre
                .transact(|mut work| async move {
                    let body = work.create_body(administrator, name).await?;
                    work.done(body)
                })
                .await
                .with_context(|| format!("making the body {name}"))?;
            self.bodies.push(made.id);
        }
        Ok(())
    }

    async fn join(&self, who: &[usize]) -> anyhow::Result<()> {
        let policy = self.app.centre.policy();
        let mut moves: Vec<(usize, std::vec::IntoIter<Move>)> = Vec::new();
        for number in who {
            let person = self.cast.get(*number).context("nobody has this number")?;
            moves.push((
                *number,
                moves_of(person, policy, &profession_group(policy, &person.profession)?).into_iter(),
            ));
        }
        // Everybody's next move at the same time, then the bot's answers to all of them.
        loop {
            let next: Vec<(usize, Move)> =
                moves.iter_mut().filter_map(|(who, moves)| Some((*who, moves.next()?))).collect();
            if next.is_empty() {
                return Ok(());
            }
            try_join_all(next.into_iter().map(|(who, what)| self.make(who, what))).await?;
            self.settle().await?;
        }
    }

    async fn make(&self, who: usize, what: Move) -> anyhow::Result<()> {
        let phone = self.phone(who);
        match what {
            Move::Follow => phone.follow().await,
            Move::Tap(data) => phone.tap(&data).await,
            Move::Say(text) => phone.say(&text).await.map(|_| ()),
        }
    }

    async fn invite(&self, who: usize) -> anyhow::Result<()> {
        let place =
            self.cast.get(who).and_then(|person| person.submits_for).context("they submit for nobody")?;
        let body = *self.bodies.get(place).context("there is no such body")?;
        let administrator = By::Staff(self.staff("c")?);
        let (_, code) = self
            .app
            .centre
            .transact(|mut work| async move {
                let invited = work.invite(administrator, body).await?;
                work.done(invited)
            })
            .await
            .context("inviting")?;
        let phone = self.phone(who);
        phone.menu("menu/invite").await?;
        self.settle().await?;
        phone.say(&code.reveal()).await?;
        self.settle().await?;
        let member = self.app.centre.member(self.member(who).await?).await?;
        ensure!(member.value.submits_for == Some(body), "the code did not make them a submitter");
        Ok(())
    }

    async fn leave(&self, who: usize) -> anyhow::Result<()> {
        let phone = self.phone(who);
        phone.menu("menu/leave").await?;
        self.settle().await?;
        phone.tap("mine/erase-yes").await
    }

    async fn post(&mut self, number: usize, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Submit => self.hand_in(number).await,
            Step::Mend => self.mend(number).await,
            Step::Withdraw => self.withdraw(number).await,
            // The time has come, and the bot has sent it.
            Step::Send => self.was_sent(number).await,
            Step::Take
            | Step::Return
            | Step::Check
            | Step::Approve
            | Step::Schedule
            | Step::Reject
            | Step::Sign => self.decide(number, step).await,
        }
    }

    /// The consultation that this one of the scenario became.
    pub(super) async fn consultation(&self, number: usize) -> anyhow::Result<ConsultationId> {
        let (who, _) = self.asked.get(&number).context("nobody has asked yet")?;
        let member = self.member(*who).await?;
        match self.app.centre.consultations_of(member, None, 1).await?.items.first() {
            Some(newest) => Ok(newest.value.id),
            None => bail!("the question opened no consultation"),
        }
    }
}

/// The button of the group that a profession is offered in.
fn profession_group(policy: &Policy, profession: &str) -> anyhow::Result<String> {
    let groups = &policy.professions.groups;
    let group = groups
        .iter()
        .find(|group| group.professions.iter().any(|choice| choice.profession.0 == profession))
        .with_context(|| format!("{profession} is no profession that is offered"))?;
    Ok(format!("profile/group/{}", group.label))
}

/// Something a person does on their phone when they join.
#[derive(Clone, Debug)]
enum Move {
    Follow,
    Tap(String),
    Say(String),
}

fn moves_of(person: &Person, policy: &Policy, group: &str) -> Vec<Move> {
    let tap = |data: &str| Move::Tap(data.to_owned());
    let mut moves = vec![Move::Follow];
    if person.fate == super::cast::Fate::Undecided {
        moves.push(tap("rules/later"));
        return moves;
    }
    moves.push(tap("rules/accept"));
    if person.says_profession {
        moves.push(tap(group));
        moves.push(tap(&format!("profile/profession/{}", person.profession)));
    } else {
        moves.push(tap("profile/skip"));
    }
    moves.push(match &person.organisation {
        Some(organisation) => Move::Say(organisation.clone()),
        None => tap("profile/skip"),
    });
    let area = person.area.and_then(|area| policy.areas.offered.get(area));
    moves.push(match area {
        Some(area) => tap(&format!("profile/area/{}", area.0)),
        None => tap("profile/skip"),
    });
    for topic in &person.topics {
        moves.push(tap(&format!("profile/topic/{}", topic.name())));
    }
    moves.push(tap("profile/done"));
    moves
}
