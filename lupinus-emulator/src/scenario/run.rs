//! Playing a scenario.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    Scenario, ScenarioReport, StepReport, find,
    script::{Act, Expect, Pace, Step, Tap},
};
use crate::{
    people::{self, Change, ControlError, NewGroup, Place, Wait},
    shared::Shared,
    state::Author,
};

/// How many of the newest messages are looked at for something to tap.
const TAPPABLE: usize = 30;

/// Plays a scenario to its end, or to the first step that fails.
pub(crate) async fn play(shared: &Arc<Shared>, scenario: &Scenario) -> ScenarioReport {
    let mut stage = Stage { shared, people: HashMap::new(), groups: HashMap::new(), heard: HashMap::new() };
    let mut report = ScenarioReport { ok: true, steps: Vec::new(), left: scenario.steps.len() };
    if let Err(error) = stage.cast(scenario) {
        report.ok = false;
        report.steps.push(stage.note(0, "people", Done::failed(error.to_string())));
        return report;
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        stage.pass(scenario.pace, step).await;
        let done = stage.act(&step.act).await.unwrap_or_else(|error| Done::failed(error.to_string()));
        report.left -= 1;
        report.ok = done.problem.is_none();
        report.steps.push(stage.note(index, step.act.word(), done));
        if !report.ok {
            break;
        }
    }
    report
}

/// What came of an act.
#[derive(Default)]
struct Done {
    event_id: Option<String>,
    answers: Vec<Value>,
    problem: Option<String>,
}

impl Done {
    fn heard(event_id: Option<String>) -> Self {
        Self { event_id, ..Self::default() }
    }

    fn failed(problem: impl Into<String>) -> Self {
        Self { problem: Some(problem.into()), ..Self::default() }
    }
}

/// The emulator, with the scenario's people in it.
struct Stage<'a> {
    shared: &'a Arc<Shared>,
    /// User ids by name.
    people: HashMap<&'a str, String>,
    /// Group ids by name.
    groups: HashMap<&'a str, String>,
    /// How many messages of each chat no expectation looks at any more.
    heard: HashMap<String, usize>,
}

impl<'a> Stage<'a> {
    /// Lets everybody come on.
    fn cast(&mut self, scenario: &'a Scenario) -> Result<(), ControlError> {
        for actor in &scenario.people {
            let name = actor.display_name.as_deref().unwrap_or(&actor.name);
            let there = actor.user_id.as_ref().filter(|id| self.shared.state().people.contains_key(*id));
            let id = match there {
                Some(id) => id.clone(),
                None => people::create(self.shared, name, actor.user_id.as_deref(), Change::default())?,
            };
            let heard = self.shared.state().chat(&id).map_or(0, Vec::len);
            self.heard.insert(id.clone(), heard);
            self.people.insert(&actor.name, id);
        }
        for troupe in &scenario.groups {
            let members: Vec<&String> =
                troupe.members.iter().filter_map(|name| self.people.get(name.as_str())).collect();
            let kind = troupe.kind.as_deref().unwrap_or("group");
            let name = troupe.display_name.as_deref().unwrap_or(&troupe.name);
            let new: NewGroup =
                serde_json::from_value(json!({"type": kind, "name": name, "members": members}))
                    .map_err(|error| ControlError::Invalid(error.to_string()))?;
            self.groups.insert(&troupe.name, people::create_group(self.shared, new)?);
        }
        Ok(())
    }

    /// Lets the time before a step pass.
    async fn pass(&self, pace: Pace, step: &Step) {
        let span = step.after.unsigned_abs();
        match pace {
            Pace::Advance if !span.is_zero() => self.shared.state().clock.advance(span),
            Pace::Advance => {}
            Pace::Real => tokio::time::sleep(span).await,
        }
    }

    /// The id of a person whose name was checked.
    fn user(&self, who: &str) -> Result<String, ControlError> {
        self.people.get(who).cloned().ok_or(ControlError::Unknown("this person of the scenario"))
    }

    fn group(&self, name: &str) -> Result<String, ControlError> {
        self.groups.get(name).cloned().ok_or(ControlError::Unknown("this group of the scenario"))
    }

    /// The ids of a person and perhaps a group.
    fn place(&self, who: &str, group: Option<&str>) -> Result<(String, Option<String>), ControlError> {
        Ok((self.user(who)?, group.map(|name| self.group(name)).transpose()?))
    }

    async fn act(&mut self, act: &Act) -> Result<Done, ControlError> {
        let (shared, wait) = (self.shared, Wait::ForFirstTry);
        Ok(match act {
            Act::Wait(_) => Done::default(),
            Act::Follow(act) => Done::heard(people::follow(shared, &self.user(&act.who)?, wait).await?),
            Act::Block(act) => Done::heard(people::unfollow(shared, &self.user(&act.who)?, wait).await?),
            Act::Say(act) => {
                let place = self.place(&act.who, act.group.as_deref())?;
                self.say(&place, json!({"type": "text", "text": act.text})).await?
            }
            Act::Send(act) => {
                let place = self.place(&act.who, act.group.as_deref())?;
                self.say(&place, act.message.clone()).await?
            }
            Act::Postback(act) => {
                let place = self.place(&act.who, act.group.as_deref())?;
                let tap = json!({"data": act.data, "params": act.params, "displayText": act.display_text});
                self.postback(&place, tap).await?
            }
            Act::Tap(act) => self.tap(act).await?,
            Act::Edit(act) => {
                let place = self.place(&act.who, act.group.as_deref())?;
                let message_id = self.last_said(&place).ok_or(ControlError::Unknown("a message to edit"))?;
                let edit = json!({"messageId": message_id, "text": act.text});
                Done::heard(people::edit(shared, at(&place), edit, wait).await?)
            }
            Act::Unsend(act) => {
                let place = self.place(&act.who, act.group.as_deref())?;
                let message_id =
                    self.last_said(&place).ok_or(ControlError::Unknown("a message to take back"))?;
                Done::heard(people::unsend(shared, at(&place), &message_id, wait).await?)
            }
            Act::Join(act) => {
                let (user, group) = ([self.user(&act.who)?], self.group(&act.group)?);
                Done::heard(people::members_join(shared, &group, &user, wait).await?)
            }
            Act::Leave(act) => {
                let (user, group) = ([self.user(&act.who)?], self.group(&act.group)?);
                Done::heard(people::members_leave(shared, &group, &user, wait).await?)
            }
            Act::Invite(act) => {
                Done::heard(people::account_joins(shared, &self.group(&act.group)?, wait).await?)
            }
            Act::Remove(act) => {
                Done::heard(people::account_leaves(shared, &self.group(&act.group)?, wait).await?)
            }
            Act::Expect(act) => self.expect(act).await?,
        })
    }

    async fn say(&self, place: &(String, Option<String>), message: Value) -> Result<Done, ControlError> {
        let said = people::say(self.shared, at(place), message, Wait::ForFirstTry).await?;
        Ok(Done::heard(said.event_id))
    }

    async fn postback(&self, place: &(String, Option<String>), tap: Value) -> Result<Done, ControlError> {
        Ok(Done::heard(people::postback(self.shared, at(place), tap, Wait::ForFirstTry).await?))
    }

    /// The last message that somebody wrote and did not take back.
    fn last_said(&self, place: &(String, Option<String>)) -> Option<String> {
        let state = self.shared.state();
        let own = place.1.as_ref().map(|_| place.0.as_str());
        let entry = state.chat(at(place).chat_id())?.iter().rev().find(|entry| {
            entry.from == Author::User
                && entry.sender.as_deref() == own
                && !entry.message.starts_with(r#"{"type":"unsent""#)
        })?;
        Some(entry.message_id.clone())
    }

    /// What bears a label, the newest first, and then in the rich menu.
    fn tappable(&self, place: &(String, Option<String>), label: &str) -> Option<Value> {
        let state = self.shared.state();
        let chat = state.chat(at(place).chat_id())?;
        let messages = chat.iter().rev().take(TAPPABLE).filter(|entry| entry.from == Author::Bot);
        for (entry, is_last) in messages.zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let mut message: Value = serde_json::from_str(&entry.message).ok()?;
            let is_newest = is_last && chat.last().is_some_and(|last| last.message_id == entry.message_id);
            if !is_newest && let Value::Object(message) = &mut message {
                // Quick replies show with the newest message only.
                message.remove("quickReply");
            }
            if let Some(action) = find::action(&message, label) {
                return Some(action.clone());
            }
        }
        let own = state.people.get(&place.0).and_then(|person| person.rich_menu.as_deref());
        let (_, menu) = state.rich_menus.seen_by(own).filter(|_| place.1.is_none())?;
        find::action(&menu.object["areas"], label).cloned()
    }

    async fn tap(&self, act: &Tap) -> Result<Done, ControlError> {
        let place = self.place(&act.who, act.group.as_deref())?;
        let Some(action) = self.tappable(&place, &act.label) else {
            return Ok(Done::failed(format!("there is nothing to tap with the label {}", act.label)));
        };
        match action["type"].as_str().unwrap_or_default() {
            "message" => self.say(&place, json!({"type": "text", "text": action["text"]})).await,
            "postback" => {
                if let Some(text) = action["text"].as_str() {
                    self.say(&place, json!({"type": "text", "text": text})).await?;
                }
                self.postback(&place, json!({"data": action["data"], "displayText": action["displayText"]}))
                    .await
            }
            "richmenuswitch" => {
                let alias = &action["richMenuAliasId"];
                self.postback(&place, json!({"data": action["data"], "richMenuAliasId": alias})).await
            }
            "datetimepicker" => {
                let value = act.value.as_deref().or(action["initial"].as_str());
                let (Some(value), Some(mode)) = (value, action["mode"].as_str()) else {
                    return Ok(Done::failed("a datetimepicker needs a value"));
                };
                let params = json!({mode: value.replace('t', "T")});
                self.postback(&place, json!({"data": action["data"], "params": params})).await
            }
            // These open something on the phone, and the account hears nothing of it.
            "uri" | "clipboard" => Ok(Done::default()),
            kind => Ok(Done::failed(format!("{kind} needs a send step with what is sent"))),
        }
    }

    /// Waits for a message that fits.
    async fn expect(&mut self, act: &Expect) -> Result<Done, ControlError> {
        let place = self.place(&act.who, act.group.as_deref())?;
        let chat_id = at(&place).chat_id().to_owned();
        let mut changes = self.shared.changes();
        let wait = Duration::try_from(act.wait()).unwrap_or_default();
        let deadline = tokio::time::Instant::now() + wait;
        let from = self.heard.get(&chat_id).copied().unwrap_or(0);
        loop {
            changes.mark_unchanged();
            let new: Vec<(usize, Value)> = {
                let state = self.shared.state();
                let chat = state.chat(&chat_id).into_iter().flatten().enumerate().skip(from);
                let bot = chat.filter(|(_, entry)| entry.from == Author::Bot);
                bot.filter_map(|(index, entry)| Some((index, serde_json::from_str(&entry.message).ok()?)))
                    .collect()
            };
            let fitting = new.iter().position(|(_, message)| fits(act, message));
            let answers = |to: usize| new.iter().take(to).map(|(_, message)| message.clone()).collect();
            match fitting {
                Some(position) if act.nothing => {
                    let problem = Some("something came that should not have".to_owned());
                    return Ok(Done { answers: answers(position + 1), problem, event_id: None });
                }
                Some(position) => {
                    let answers = answers(position + 1);
                    if let Some((index, _)) = new.get(position) {
                        self.heard.insert(chat_id, index + 1);
                    }
                    return Ok(Done { answers, ..Done::default() });
                }
                None => {}
            }
            let more = tokio::time::timeout_at(deadline, changes.changed()).await;
            if !matches!(more, Ok(Ok(()))) {
                let problem = (!act.nothing).then(|| format!("no message that fits came within {wait:?}"));
                return Ok(Done { answers: answers(new.len()), problem, event_id: None });
            }
        }
    }

    fn note(&self, step: usize, act: &str, done: Done) -> StepReport {
        StepReport {
            step,
            act: act.to_owned(),
            ok: done.problem.is_none(),
            at: self.shared.state().clock.now(),
            webhook_event_id: done.event_id,
            answers: done.answers,
            problem: done.problem,
        }
    }
}

fn at(place: &(String, Option<String>)) -> Place<'_> {
    match &place.1 {
        Some(group) => Place::group(group, &place.0),
        None => Place::alone(&place.0),
    }
}

fn fits(act: &Expect, message: &Value) -> bool {
    let has = |words: &str| any_text(message, &|text| text.contains(words));
    act.kind.as_ref().is_none_or(|kind| message["type"] == json!(kind))
        && act.text.as_deref().is_none_or(has)
        && act.without.as_deref().is_none_or(|words| !has(words))
        && act.label.as_deref().is_none_or(|label| find::action(message, label).is_some())
}

/// Whether some text in a message is so.
fn any_text(value: &Value, so: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => so(text),
        Value::Array(parts) => parts.iter().any(|part| any_text(part, so)),
        Value::Object(map) => map.values().any(|part| any_text(part, so)),
        _ => false,
    }
}
