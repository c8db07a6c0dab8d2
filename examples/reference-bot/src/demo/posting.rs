//! Posts on the stage: handed in on the phone, decided at the desk.

use anyhow::{Context as _, ensure};
use lupinus_core::{
    actor::Who,
    audience::Audience,
    calendar::{date_ja, time_ja},
    ids::{PostId, StaffId},
    post::{Command, Content, EventDetails, Field, Post, PostState, Urgency, Venue},
    service::{By, Draft},
};

use super::{phone::Phone, scenario::PostScript, stage::Stage, timeline::Step};

/// What staff confirm and decide by.
struct Desk {
    checker: &'static str,
    approver: &'static str,
}

impl Stage<'_> {
    fn script(&self, number: usize) -> Option<&PostScript> {
        self.scenario.posts.get(number)
    }

    fn post_id(&self, number: usize) -> anyhow::Result<PostId> {
        self.posts.get(&number).copied().context("it was not handed in")
    }

    /// Who decides: never who wrote it.
    fn desk(&self, number: usize) -> Desk {
        match self.script(number) {
            // Corrections are the approver's, and the head approves them.
            None => Desk { checker: "a", approver: "c" },
            Some(script) if script.staff.as_deref() == Some("a") => Desk { checker: "d", approver: "b" },
            Some(_) => Desk { checker: "a", approver: "b" },
        }
    }

    pub(super) async fn hand_in(&mut self, number: usize) -> anyhow::Result<()> {
        let Some(script) = self.scenario.posts.get(number) else { return self.correct(number).await };
        let content = script.first_content();
        if let Some(author) = &script.staff {
            let urgency = if script.emergency { Urgency::Emergency } else { Urgency::Normal };
            let draft = Draft { content, urgency, audience: Audience::Members, body: None };
            let (by, draft) = (By::Staff(self.staff(author)?), &draft);
            let post = self
                .app
                .centre
                .transact(|mut work| async move {
                    let post = work.draft_and_submit(by, draft.clone()).await?;
                    work.done(post)
                })
                .await
                .context("the centre's own post")?;
            self.posts.insert(number, post.id);
            return Ok(());
        }
        let body =
            self.scenario.people.bodies.iter().position(|body| Some(&body.key) == script.body.as_ref());
        let who = self.cast.iter().position(|person| body.is_some() && person.submits_for == body);
        let who = who.context("nobody submits for this body")?;
        self.fill_in(self.phone(who), &content).await?;
        let author = Who::Member(self.member(who).await?);
        let newest = self.app.centre.posts_of(author, None, 1).await?.items.into_iter().next();
        let post = newest.context("nothing was handed in")?.value;
        ensure!(post.state == PostState::Submitted, "it is {} and not handed in", post.state.name());
        let stored = post.revision().map(|revision| &revision.content);
        let content = Content { sender: stored.and_then(|stored| stored.sender.clone()), ..content };
        ensure!(content.sender.is_some(), "the post does not say whose it is");
        ensure!(
            stored == Some(&content),
            "the dialogue took something down otherwise than it was said: {stored:#?}"
        );
        self.posts.insert(number, post.id);
        Ok(())
    }

    /// The submit dialogue, question by question.
    async fn fill_in(&self, phone: Phone<'_>, content: &Content) -> anyhow::Result<()> {
        phone.menu("menu/submit").await?;
        self.settle().await?;
        let category = format!("draft/category/{}", content.category.name());
        if phone.offered(&category).is_none() {
            self.tap(phone, "draft/categories/1").await?;
        }
        self.tap(phone, &category).await?;
        self.say(phone, &content.title).await?;
        self.say(phone, &content.body).await?;
        if let Some(event) = &content.event {
            self.fill_in_event(phone, event).await?;
        }
        // No picture.
        self.tap(phone, "draft/skip").await?;
        self.say_or_skip(phone, content.link.as_deref()).await?;
        if let Some(hosts) = content.event.as_ref().and_then(|event| event.hosts.as_deref()) {
            self.tap(phone, "draft/which").await?;
            self.tap(phone, "draft/edit/hosts").await?;
            self.say(phone, hosts).await?;
        }
        self.tap(phone, "draft/submit").await
    }

    async fn fill_in_event(&self, phone: Phone<'_>, event: &EventDetails) -> anyhow::Result<()> {
        // Some pick a date, some write it with its weekday.
        if event.capacity.is_some_and(|capacity| capacity % 20 == 0) {
            phone.pick_date("draft/date", event.date).await?;
            self.settle().await?;
        } else {
            self.say(phone, &date_ja(event.date)).await?;
        }
        let time = match (event.starts, event.ends) {
            (Some(starts), Some(ends)) => Some(format!("{}〜{}", time_ja(starts), time_ja(ends))),
            (Some(starts), None) => Some(time_ja(starts)),
            _ => None,
        };
        self.say_or_skip(phone, time.as_deref()).await?;
        self.say_or_skip(phone, event.venue.as_ref().map(Venue::text)).await?;
        let capacity = event.capacity.map(|capacity| format!("{capacity}名"));
        self.say_or_skip(phone, capacity.as_deref()).await?;
        match event.apply_by {
            Some(date) => {
                phone.pick_date("draft/apply_by", date).await?;
                self.settle().await?;
            }
            None => self.tap(phone, "draft/skip").await?,
        }
        if event.fee.as_deref() == Some("無料") {
            self.tap(phone, "draft/free").await?;
        } else {
            self.say_or_skip(phone, event.fee.as_deref()).await?;
        }
        self.say_or_skip(phone, event.contact.as_deref()).await
    }

    async fn say(&self, phone: Phone<'_>, text: &str) -> anyhow::Result<()> {
        phone.say(text).await?;
        self.settle().await
    }

    async fn tap(&self, phone: Phone<'_>, data: &str) -> anyhow::Result<()> {
        phone.tap(data).await?;
        self.settle().await
    }

    async fn say_or_skip(&self, phone: Phone<'_>, text: Option<&str>) -> anyhow::Result<()> {
        match text {
            Some(text) => self.say(phone, text).await,
            None => self.tap(phone, "draft/skip").await,
        }
    }

    /// The submitter finds the returned post, mends the field that the comment stands at, and hands it in again.
    pub(super) async fn mend(&mut self, number: usize) -> anyhow::Result<()> {
        let script = self.scenario.posts.get(number).context("no such post")?;
        let field = script.returned.as_ref().context("it was not returned")?.field;
        let id = self.post_id(number)?;
        let content = script.content();
        let event = content.event.as_ref();
        let mended = match field {
            Field::Body => Some(content.body.clone()),
            Field::Contact => event.and_then(|event| event.contact.clone()),
            Field::ApplyBy => event.and_then(|event| event.apply_by).map(date_ja),
            _ => None,
        };
        let mended = mended.with_context(|| format!("the scenario does not mend {field:?}"))?;
        let phone = self.phone(self.author_of(id).await?);
        phone.menu("menu/posts").await?;
        self.settle().await?;
        self.tap(phone, &format!("post/edit/{id}")).await?;
        self.say(phone, &mended).await?;
        self.tap(phone, "draft/submit").await?;
        let post = self.app.centre.post(id).await?.value;
        let stored = post.revision().map(|revision| &revision.content);
        let content = Content { sender: stored.and_then(|stored| stored.sender.clone()), ..content };
        ensure!(content.sender.is_some(), "the post does not say whose it is");
        ensure!(stored == Some(&content), "the mended post is not what the scenario says: {stored:#?}");
        Ok(())
    }

    pub(super) async fn withdraw(&mut self, number: usize) -> anyhow::Result<()> {
        let reason = self.script(number).and_then(|script| script.reason.clone()).context("no reason")?;
        let id = self.post_id(number)?;
        let phone = self.phone(self.author_of(id).await?);
        phone.menu("menu/posts").await?;
        self.settle().await?;
        self.tap(phone, &format!("post/withdraw/{id}")).await?;
        self.say(phone, &reason).await
    }

    async fn author_of(&self, id: PostId) -> anyhow::Result<usize> {
        let body = self.app.centre.post(id).await?.value.body;
        let place = self.bodies.iter().position(|known| Some(*known) == body);
        let who = self.cast.iter().position(|person| place.is_some() && person.submits_for == place);
        who.context("nobody submits for this body")
    }

    /// What staff do with it.
    pub(super) async fn decide(&mut self, number: usize, step: Step) -> anyhow::Result<()> {
        let id = self.post_id(number)?;
        let post = self.app.centre.post(id).await?.value;
        let desk = self.desk(number);
        let revision = post.revision().context("a post without a revision")?;
        let approve = Command::Approve { revision: revision.number, confirmed: post.needs_confirmation() };
        let script = self.script(number);
        let (who, command) = match step {
            Step::Take => (desk.checker, Command::Take),
            Step::Return => {
                let returned = script.and_then(|script| script.returned.clone()).context("no comment")?;
                (desk.checker, Command::Return { comment: returned.comment, field: Some(returned.field) })
            }
            Step::Check => (desk.checker, approve),
            Step::Approve => (desk.approver, approve),
            Step::Reject => {
                let reason = script.and_then(|script| script.reason.clone()).context("no reason")?;
                (desk.approver, Command::Reject { reason })
            }
            Step::Sign => ("c", Command::Sign),
            Step::Schedule => {
                let send = match script {
                    Some(script) => script.send,
                    None => self.correction(number).map(|correction| correction.send),
                };
                let at = super::scenario::instant(send.context("no time to send")?, &self.zone)?;
                let audience = script.map(PostScript::audience).unwrap_or_default();
                (desk.approver, Command::Schedule { at, audience })
            }
            Step::Submit | Step::Mend | Step::Send | Step::Withdraw => return Ok(()),
        };
        self.command(self.staff(who)?, id, command).await?;
        Ok(())
    }

    async fn command(&self, staff: StaffId, id: PostId, command: Command) -> anyhow::Result<Post> {
        let name = command.name();
        let command = &command;
        self.app
            .centre
            .transact(|mut work| async move {
                let post = work.post_command(By::Staff(staff), id, command.clone()).await?;
                work.done(post)
            })
            .await
            .with_context(|| format!("the command {name}"))
    }

    fn correction(&self, number: usize) -> Option<&super::scenario::CorrectionScript> {
        self.scenario.corrections.get(number.checked_sub(self.scenario.posts.len())?)
    }

    /// The approver corrects a sent post.
    async fn correct(&mut self, number: usize) -> anyhow::Result<()> {
        let correction = self.correction(number).context("no such correction")?.clone();
        let original = self.scenario.posts.iter().position(|post| post.key == correction.of);
        let original = self.post_id(original.context("it corrects no post")?)?;
        let mut content = match self.app.centre.post(original).await?.value.revision() {
            Some(revision) => revision.content.clone(),
            None => anyhow::bail!("a post without a revision"),
        };
        content.title = correction.change.title;
        correction.change.text.trim().clone_into(&mut content.body);
        if let (Some(event), Some(venue)) = (&mut content.event, correction.change.venue) {
            event.venue = Some(Venue::Place(venue));
        }
        let (by, content) = (By::Staff(self.staff("b")?), &content);
        let post = self
            .app
            .centre
            .transact(|mut work| async move {
                let post = work.correct_post(by, original, content.clone()).await?;
                work.done(post)
            })
            .await
            .context("correcting")?;
        self.posts.insert(number, post.id);
        self.command(self.staff("b")?, post.id, Command::Submit).await?;
        Ok(())
    }

    pub(super) async fn was_sent(&self, number: usize) -> anyhow::Result<()> {
        let post = self.app.centre.post(self.post_id(number)?).await?.value;
        ensure!(
            matches!(post.state, PostState::Sent { .. }),
            "its time has come and it is {}; held by the gate: {:?}",
            post.state.name(),
            self.app
                .centre
                .outbox_attention(5)
                .await?
                .iter()
                .map(|item| &item.value.state)
                .collect::<Vec<_>>()
        );
        Ok(())
    }
}
