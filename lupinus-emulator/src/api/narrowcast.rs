//! Narrowcasts and their progress.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    messages::{over_limit, remember},
    operation::{Operation, get, post},
    outgoing::outgoing,
};
use crate::{
    answer::{Answer, Refusal},
    clock::{Millis, timestamp},
    state::{AudienceKind, Narrowcast, NarrowcastError, PROGRESS_LIFE_MS, Person, Places, Rate, State},
    validate::{self, Audience as For},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("narrowcast", "/v2/bot/message/narrowcast", narrowcast)
            .with_retry_key()
            .rate(Rate::per_hour(60)),
        get("getNarrowcastProgress", "/v2/bot/message/progress/narrowcast", progress),
    ]
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// `POST /v2/bot/message/narrowcast`: accepted and reserved here, sent when it is due.
fn narrowcast(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::messages(&body, For::Narrowcast)?;
    validate::narrowcast(&body)?;
    let messages = outgoing(state, call, &body)?;
    let now = state.clock.now();
    let targets = state.targets();
    let reach = count(&targets);
    let demographic = &body["filter"]["demographic"];
    if !demographic.is_null() && reach < state.settings.min_target_reach {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "Your account does not have enough friends"));
    }
    let mut sets = Sets::default();
    let mut recipients = targets.clone();
    if !body["recipient"].is_null() {
        let wanted = sets.of(state, &body["recipient"], &targets, now)?;
        recipients.retain(|place| wanted.contains(place));
    }
    if !demographic.is_null() {
        recipients.retain(|place| {
            let person = state.people.get_index(*place as usize).map(|(_, person)| person);
            person.is_some_and(|person| matches(person, demographic, now))
        });
    }
    let limit = &body["limit"];
    let mut max = limit["max"].as_u64();
    let rest = state.ledger.rest(now);
    let mut reserved = max.map_or(reach, |max| max.min(reach));
    let mut error = None;
    if let Some(rest) = rest {
        if limit["upToRemainingQuota"] == true {
            let wanted = max.map_or(count(&recipients), |max| max.min(count(&recipients)));
            if limit["forbidPartialDelivery"] == true && wanted > rest {
                error = Some(NarrowcastError::Partial);
            }
            max = Some(max.map_or(rest, |max| max.min(rest)));
            reserved = reserved.min(rest);
        } else if reserved > rest {
            return Err(over_limit());
        }
    }
    let min = state.settings.min_recipients;
    if sets.small(min) {
        error = error.or(Some(NarrowcastError::SmallAudience));
    }
    if (!demographic.is_null() || !sets.not_own.is_empty()) && count(&recipients) < min {
        error = error.or(Some(NarrowcastError::TooFewRecipients));
    }
    state.ledger.reserve(reserved);
    let due_at = now.saturating_add(i64::try_from(state.settings.background_ms).unwrap_or(i64::MAX));
    let narrowcast = Narrowcast {
        accepted_at: now,
        due_at,
        messages,
        recipients,
        max,
        reserved,
        error,
        success: 0,
        failure: 0,
        done: false,
    };
    state.narrowcasts.retain(|_, known| !known.done || now - known.accepted_at < PROGRESS_LIFE_MS);
    state.narrowcasts.insert(call.head.request_id.clone(), narrowcast);
    state.unsettled.push(call.head.request_id.clone());
    remember(state, call, None);
    Ok(Answer::accepted())
}

fn count(places: &Places) -> u64 {
    u64::try_from(places.len()).unwrap_or(u64::MAX)
}

/// The audiences and redeliveries a recipient names.
#[derive(Default)]
struct Sets {
    /// How many are named.
    named: usize,
    /// The sizes of those that are not the account's own upload.
    not_own: Vec<u64>,
}

impl Sets {
    /// Whether several are named, and one of them has too few people. The account's own uploads may be small.
    fn small(&self, min: u64) -> bool {
        self.named > 1 && self.not_own.iter().any(|size| *size < min)
    }

    fn note(&mut self, people: usize, is_own: bool) {
        self.named += 1;
        if !is_own {
            self.not_own.push(u64::try_from(people).unwrap_or(u64::MAX));
        }
    }

    /// The people a recipient object stands for.
    fn of(
        &mut self,
        state: &State,
        recipient: &Value,
        everybody: &Places,
        now: Millis,
    ) -> Result<Places, Refusal> {
        match recipient["type"].as_str() {
            Some("audience") => self.audience(state, recipient["audienceGroupId"].as_i64().unwrap_or(0), now),
            Some("redelivery") => {
                let id = recipient["requestId"].as_str().unwrap_or_default();
                let succeeded = state.narrowcasts.get(id).is_some_and(|narrowcast| {
                    narrowcast.done
                        && narrowcast.error.is_none()
                        && now - narrowcast.accepted_at < PROGRESS_LIFE_MS
                });
                let sending = state.sendings.get(id).filter(|_| succeeded);
                let sending = sending.ok_or_else(|| Refusal::bad(format!("Invalid request id: {id}")))?;
                self.note(sending.reached.len(), false);
                Ok(sending.reached.iter().copied().collect())
            }
            _ => {
                let each = |sets: &mut Self, key: &str| -> Result<Vec<Places>, Refusal> {
                    let parts = recipient[key].as_array().into_iter().flatten();
                    parts.map(|part| sets.of(state, part, everybody, now)).collect()
                };
                if !recipient["and"].is_null() {
                    let parts = each(self, "and")?;
                    let together = parts.into_iter().reduce(|left, right| &left & &right);
                    Ok(together.unwrap_or_default())
                } else if !recipient["or"].is_null() {
                    Ok(each(self, "or")?.into_iter().flatten().collect())
                } else {
                    let without = self.of(state, &recipient["not"], everybody, now)?;
                    Ok(everybody - &without)
                }
            }
        }
    }

    fn audience(&mut self, state: &State, id: i64, now: Millis) -> Result<Places, Refusal> {
        let ready = |audience: &&crate::state::Audience| {
            audience.status(now, state.settings.min_recipients) == "READY"
        };
        let audience = state.audiences.get(&id).filter(ready);
        let audience = audience.ok_or_else(|| Refusal::bad(format!("Invalid audience group id: {id}")))?;
        self.note(audience.user_ids.len(), audience.kind == AudienceKind::Upload && !audience.shared);
        let places = audience.user_ids.iter().filter_map(|user_id| state.people.get_index_of(user_id));
        Ok(places.filter_map(|place| u32::try_from(place).ok()).collect())
    }
}

/// Whether a person fits a demographic filter. Of whom LINE knows nothing, fits nothing.
fn matches(person: &Person, filter: &Value, now: Millis) -> bool {
    let known = person.attributes();
    let one_of = |attribute: &Option<String>| {
        let words = filter["oneOf"].as_array();
        attribute
            .as_deref()
            .is_some_and(|own| words.is_some_and(|words| words.iter().any(|word| word == own)))
    };
    let number = |word: &str| word.rsplit('_').next().and_then(|number| number.parse::<i64>().ok());
    let between = |own: i64| {
        let bound = |key: &str| filter[key].as_str().and_then(number);
        bound("gte").is_none_or(|from| from <= own) && bound("lt").is_none_or(|to| own < to)
    };
    match filter["type"].as_str() {
        Some("gender") => one_of(&known.gender),
        Some("appType") => one_of(&known.app_type),
        Some("area") => one_of(&known.area),
        Some("age") => known.age.as_deref().and_then(number).is_some_and(between),
        Some("subscriptionPeriod") => {
            person.friend_since.is_some_and(|since| between((now - since) / DAY_MS))
        }
        _ => {
            let parts = |key: &str| {
                let parts = filter[key].as_array()?;
                Some(parts.iter().map(|part| matches(person, part, now)).collect::<Vec<bool>>())
            };
            if let Some(all) = parts("and") {
                all.iter().all(|fits| *fits)
            } else if let Some(any) = parts("or") {
                any.iter().any(|fits| *fits)
            } else {
                !matches(person, &filter["not"], now)
            }
        }
    }
}

/// `GET /v2/bot/message/progress/narrowcast`
fn progress(state: &mut State, call: &Call<'_>) -> Outcome {
    let request_id = call.needed_query("requestId")?;
    let now = state.clock.now();
    let known = state.narrowcasts.get(request_id);
    let known = known.filter(|narrowcast| now - narrowcast.accepted_at < PROGRESS_LIFE_MS);
    let narrowcast = known.ok_or_else(Refusal::not_found)?;
    let stamp = |at: Millis| timestamp(at).to_string();
    let mut body = json!({"phase": "waiting", "acceptedTime": stamp(narrowcast.accepted_at)});
    let half = narrowcast.accepted_at + (narrowcast.due_at - narrowcast.accepted_at) / 2;
    if narrowcast.done {
        let (success, failure) = (narrowcast.success, narrowcast.failure);
        body["successCount"] = json!(success);
        body["failureCount"] = json!(failure);
        body["targetCount"] = json!(success + failure);
        body["completedTime"] = json!(stamp(narrowcast.due_at));
        body["phase"] = json!(if narrowcast.error.is_some() { "failed" } else { "succeeded" });
        if let Some(error) = narrowcast.error {
            body["errorCode"] = json!(error.code());
            body["failedDescription"] = json!(error.description());
        }
    } else if now >= half {
        body["phase"] = json!("sending");
        body["successCount"] = json!(0);
        body["failureCount"] = json!(0);
        body["targetCount"] = json!(count(&narrowcast.recipients));
    }
    Ok(Answer::json(body))
}
