//! The form of a scenario.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

/// How many steps a scenario may have.
const MAX_STEPS: usize = 10_000;
/// How long an expectation waits for the bot unless it says otherwise.
pub(super) const USUAL_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// Why something is no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scenario: {0}")]
pub struct InvalidScenario(String);

fn invalid(problem: impl Into<String>) -> InvalidScenario {
    InvalidScenario(problem.into())
}

/// Who there is, and who does what when. Read from JSON; the README describes its form.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(super) pace: Pace,
    pub(super) people: Vec<Actor>,
    pub(super) groups: Vec<Troupe>,
    pub(super) steps: Vec<Step>,
}

/// What `after` does with the emulator's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Pace {
    /// Moves it forward: a month passes in a moment.
    #[default]
    Advance,
    /// Waits until it has got there.
    Real,
}

/// A person of the scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Actor {
    /// The name under which steps speak of them.
    #[serde(rename = "as")]
    pub(super) name: String,
    /// The name that others see; the one above unless it is said.
    pub(super) display_name: Option<String>,
    /// Their id. Somebody who is there already under this id is taken as they are.
    pub(super) user_id: Option<String>,
}

/// A group or room of the scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Troupe {
    #[serde(rename = "as")]
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) display_name: Option<String>,
    #[serde(default)]
    pub(super) members: Vec<String>,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// How much later than the step before, on the emulator's clock.
    pub(super) after: SignedDuration,
    pub(super) act: Act,
}

/// What happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(super) enum Act {
    Follow(Who),
    Block(Who),
    Say(Say),
    Send(Send),
    Tap(Tap),
    Postback(Postback),
    Edit(Say),
    Unsend(WhoWhere),
    Join(Member),
    Leave(Member),
    Invite(InGroup),
    Remove(InGroup),
    Expect(Expect),
    /// Nothing but the time that passes before it.
    Wait(Nothing),
}

impl Act {
    /// Its word in the script.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Follow(_) => "follow",
            Self::Block(_) => "block",
            Self::Say(_) => "say",
            Self::Send(_) => "send",
            Self::Tap(_) => "tap",
            Self::Postback(_) => "postback",
            Self::Edit(_) => "edit",
            Self::Unsend(_) => "unsend",
            Self::Join(_) => "join",
            Self::Leave(_) => "leave",
            Self::Invite(_) => "invite",
            Self::Remove(_) => "remove",
            Self::Expect(_) => "expect",
            Self::Wait(_) => "wait",
        }
    }

    /// The people and groups it speaks of.
    fn names(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Follow(act) | Self::Block(act) => (Some(&act.who), None),
            Self::Say(act) | Self::Edit(act) => (Some(&act.who), act.group.as_deref()),
            Self::Send(act) => (Some(&act.who), act.group.as_deref()),
            Self::Tap(act) => (Some(&act.who), act.group.as_deref()),
            Self::Postback(act) => (Some(&act.who), act.group.as_deref()),
            Self::Unsend(act) => (Some(&act.who), act.group.as_deref()),
            Self::Join(act) | Self::Leave(act) => (Some(&act.who), Some(&act.group)),
            Self::Invite(act) | Self::Remove(act) => (None, Some(&act.group)),
            Self::Expect(act) => (Some(&act.who), act.group.as_deref()),
            Self::Wait(_) => (None, None),
        }
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$field_doc])* pub(super) $field: $kind),*
        }
    )* };
}

acts! {
    Who { who: String }
    WhoWhere { who: String, group: Option<String> }
    Say { who: String, group: Option<String>, text: String }
    /// A message as the control call takes it.
    Send { who: String, group: Option<String>, message: Value }
    /// Taps what bears this label: a quick reply, a button of a message, the newest first, or an area of the rich menu.
    Tap {
        who: String,
        group: Option<String>,
        label: String,
        /// What is chosen in a datetimepicker; its `initial` unless it is said.
        value: Option<String>,
    }
    Postback { who: String, group: Option<String>, data: String, params: Option<Value>, display_text: Option<String> }
    Member { who: String, group: String }
    InGroup { group: String }
    /// Waits for a message of the account that fits; messages before it are passed over and do not count any more.
    Expect {
        who: String,
        group: Option<String>,
        /// Words that stand in its text, its alternative text or anywhere in it.
        text: Option<String>,
        /// Words that do not.
        without: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
        /// Something that can be tapped in it.
        label: Option<String>,
        /// That nothing comes instead.
        #[serde(default)]
        nothing: bool,
        /// How long it waits, in real time.
        within: Option<String>,
    }
    Nothing {}
}

impl Expect {
    pub(super) fn wait(&self) -> SignedDuration {
        self.within.as_deref().and_then(|text| span(text).ok()).unwrap_or(USUAL_WAIT)
    }
}

/// A span such as `90s`, `1h 30m`, `31d` or `PT1H`.
fn span(text: &str) -> Result<SignedDuration, InvalidScenario> {
    let wrong = || invalid(format!("{text} is no span of time such as 90s, 1h 30m or 31d"));
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let span = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    if span.is_negative() { Err(wrong()) } else { Ok(span) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: u64,
    #[serde(default)]
    pace: Pace,
    #[serde(default)]
    people: Vec<Actor>,
    #[serde(default)]
    groups: Vec<Troupe>,
    #[serde(default)]
    steps: Vec<Value>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// [`InvalidScenario`], naming the step that is wrong.
    pub fn from_json(json: &[u8]) -> Result<Self, InvalidScenario> {
        let read: Read = serde_json::from_slice(json).map_err(|error| invalid(error.to_string()))?;
        if read.format != 1 {
            return Err(invalid("format must be 1"));
        }
        if read.steps.len() > MAX_STEPS {
            return Err(invalid(format!("more than {MAX_STEPS} steps")));
        }
        let steps = read.steps.into_iter().enumerate().map(|(index, value)| {
            step(value).map_err(|InvalidScenario(problem)| invalid(format!("step {index}: {problem}")))
        });
        let steps = steps.collect::<Result<_, _>>()?;
        let scenario = Self { pace: read.pace, people: read.people, groups: read.groups, steps };
        scenario.check_names()?;
        Ok(scenario)
    }

    fn check_names(&self) -> Result<(), InvalidScenario> {
        let people: BTreeSet<&str> = self.people.iter().map(|person| person.name.as_str()).collect();
        let groups: BTreeSet<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        if people.len() < self.people.len() || groups.len() < self.groups.len() {
            return Err(invalid("two people or groups have the same name in \"as\""));
        }
        let stranger = |name: &str| invalid(format!("{name} is nobody's name in \"as\""));
        for member in self.groups.iter().flat_map(|group| &group.members) {
            if !people.contains(member.as_str()) {
                return Err(stranger(member));
            }
        }
        for step in &self.steps {
            let (who, group) = step.act.names();
            if let Some(name) = who.filter(|name| !people.contains(name)) {
                return Err(stranger(name));
            }
            if let Some(name) = group.filter(|name| !groups.contains(name)) {
                return Err(stranger(name));
            }
        }
        Ok(())
    }
}

fn step(value: Value) -> Result<Step, InvalidScenario> {
    let Value::Object(mut value) = value else { return Err(invalid("it must be an object")) };
    let after = match value.remove("after") {
        None => SignedDuration::ZERO,
        Some(Value::String(text)) => span(&text)?,
        Some(_) => return Err(invalid("after must be a span of time such as 90s")),
    };
    let act: Act =
        serde_json::from_value(Value::Object(value)).map_err(|error| invalid(error.to_string()))?;
    if let Act::Expect(Expect { within: Some(within), .. }) = &act {
        span(within)?;
    }
    Ok(Step { after, act })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(scenario: &Value) -> String {
        Scenario::from_json(scenario.to_string().as_bytes()).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_in_a_scenario_is_named() {
        let people = json!([{"as": "a"}]);
        for (scenario, wanted) in [
            (json!({}), "missing field `format`"),
            (json!({"format": 2}), "format must be 1"),
            (json!({"format": 1, "actors": []}), "unknown field `actors`"),
            (json!({"format": 1, "people": [{"as": "a"}, {"as": "a"}]}), "same name"),
            (json!({"format": 1, "steps": [{"do": "follow", "who": "a"}]}), "a is nobody's name"),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "dance"}]}),
                "step 0: unknown variant `dance`",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "say", "who": "a"}]}),
                "step 0: missing field `text`",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "follow", "who": "a", "test": 1}]}),
                "unknown field `test`",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "wait", "after": "soon"}]}),
                "step 0: soon is no span",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "wait", "after": 5}]}),
                "step 0: after must be",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "expect", "who": "a", "within": "x"}]}),
                "x is no span",
            ),
            (
                json!({"format": 1, "people": people, "steps": [{"do": "invite", "group": "g"}]}),
                "g is nobody's name",
            ),
        ] {
            let said = problem(&scenario);
            assert!(said.contains(wanted), "{said}, not {wanted}");
        }
    }

    #[test]
    fn spans_are_as_people_write_them() {
        for (text, seconds) in
            [("90s", 90), ("1h 30m", 5_400), ("31d", 31 * 86_400), ("PT1H", 3_600), ("0s", 0)]
        {
            assert_eq!(span(text).map(|span| span.as_secs()), Ok(seconds), "{text}");
        }
    }
}
