//! Consultations on the stage: asked on the phone, answered at the desk.

use anyhow::{Context as _, ensure};
use lupinus_core::{
    consultation::{Command, State},
    service::By,
};

use super::stage::Stage;

/// The smallest picture there is: what somebody photographs does not matter, it is refused.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0,
    0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

impl Stage<'_> {
    pub(super) async fn ask(&mut self, number: usize, who: usize) -> anyhow::Result<()> {
        let script = self.scenario.consultations.get(number).context("no such consultation")?;
        let phone = self.phone(who);
        if script.picture {
            phone.photograph(PICTURE).await?;
            self.settle().await?;
        }
        phone.menu("menu/consult").await?;
        self.settle().await?;
        let topic = format!("consult/topic/{}", script.topic.name());
        if phone.offered(&topic).is_none() {
            phone.tap("consult/topics/1").await?;
            self.settle().await?;
        }
        phone.tap(&topic).await?;
        self.settle().await?;
        let message = phone.say(&script.say).await?;
        self.settle().await?;
        self.asked.insert(number, (who, vec![message]));
        let handler = if number.is_multiple_of(3) { "d" } else { "a" };
        let first = if script.turn.iter().any(|turn| turn.transfer.is_some()) { "a" } else { handler };
        self.handlers.insert(number, first.to_owned());
        let consultation = self.consultation(number).await?;
        let by = By::Staff(self.staff(first)?);
        let consultation = self.app.centre.consultation(by, consultation).await?.value;
        let masked = consultation.thread.iter().any(|entry| !entry.masked.is_empty());
        ensure!(masked == script.masked, "masked: {masked}, and the scenario says {}", script.masked);
        Ok(())
    }

    pub(super) async fn turn(&mut self, number: usize, turn: usize) -> anyhow::Result<()> {
        let scenario = self.scenario;
        let script = scenario.consultations.get(number).and_then(|script| script.turn.get(turn));
        let script = script.context("no such turn")?;
        let (who, messages) = self.asked.get(&number).context("nobody has asked yet")?.clone();
        let phone = self.phone(who);
        let mut written = None;
        if let Some(text) = &script.say {
            let message = phone.say(text).await?;
            self.settle().await?;
            // Without an open consultation the bot asks what it is to be.
            if phone.offered("consult/free/send").is_some() && !self.is_open(number).await? {
                phone.tap("consult/free/send").await?;
                self.settle().await?;
            }
            ensure!(self.is_open(number).await?, "what they wrote reached nobody");
            written = Some(message);
        }
        if let Some(message) = script.unsend {
            let message =
                message.checked_sub(1).and_then(|place| messages.get(place)).context("no such message")?;
            phone.unsend(message).await?;
            self.settle().await?;
        }
        if script.thanks {
            phone.menu("menu/resolved").await?;
            self.settle().await?;
            ensure!(!self.is_open(number).await?, "they said that it is resolved, and it is not");
        }
        if script.silence {
            self.app.bot.sweep().await.context("sweeping")?;
            self.settle().await?;
            ensure!(!self.is_open(number).await?, "nobody said anything for a week, and it is open");
        }
        if let (Some(message), Some((_, messages))) = (written, self.asked.get_mut(&number)) {
            messages.push(message);
        }
        self.at_the_desk(number, script).await
    }

    async fn at_the_desk(
        &mut self,
        number: usize,
        script: &super::scenario::TurnScript,
    ) -> anyhow::Result<()> {
        if let Some(text) = &script.answer {
            self.take_if_open(number).await?;
            self.consultation_command(number, Command::Answer { text: text.clone() }).await?;
        }
        if let Some(text) = &script.note {
            self.consultation_command(number, Command::Note { text: text.clone() }).await?;
        }
        if let Some(colleague) = &script.transfer {
            self.take_if_open(number).await?;
            let to = self.staff(colleague)?;
            self.consultation_command(number, Command::Transfer { to, summary: None }).await?;
            self.handlers.insert(number, colleague.clone());
        }
        if script.resolve {
            self.consultation_command(number, Command::Resolve).await?;
        }
        Ok(())
    }

    async fn is_open(&self, number: usize) -> anyhow::Result<bool> {
        let (who, _) = self.asked.get(&number).context("nobody has asked yet")?;
        let member = self.member(*who).await?;
        Ok(self.app.centre.unresolved_consultation_of(member).await?.is_some())
    }

    async fn take_if_open(&self, number: usize) -> anyhow::Result<()> {
        let (who, _) = self.asked.get(&number).context("nobody has asked yet")?;
        let member = self.member(*who).await?;
        let open = self.app.centre.unresolved_consultation_of(member).await?;
        if open.is_some_and(|open| open.value.state == State::Open) {
            self.consultation_command(number, Command::Take).await?;
        }
        Ok(())
    }

    async fn consultation_command(&self, number: usize, command: Command) -> anyhow::Result<()> {
        let id = self.consultation(number).await?;
        let handler = self.handlers.get(&number).context("nobody has it")?;
        let (by, command) = (By::Staff(self.staff(handler)?), &command);
        self.app
            .centre
            .transact(|mut work| async move {
                let handled = work.consultation_command(by, id, command.clone()).await?;
                work.done(handled)
            })
            .await
            .with_context(|| format!("consultation {} of the scenario, at the desk", number + 1))?;
        Ok(())
    }
}
