//! Faults: what goes wrong on purpose.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultDrop {
    /// Before the request is looked at: nothing was accepted.
    Before,
    /// After the request was carried out: the answer is lost.
    After,
}

/// An answer given instead of the platform's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultResponse {
    /// The status code, 200 to 999.
    pub status: u16,
    /// The body; by default one with a `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Further headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// Something that goes wrong with the next requests of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The method concerned; all of them if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path concerned: exact, with `{…}` for any one segment, or ending in `*` for any rest. All if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How many requests it hits.
    #[serde(default = "once")]
    pub times: u64,
    /// How many requests pass unharmed before.
    #[serde(default)]
    pub skip: u64,
    /// The answer given instead; nothing is carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<FaultResponse>,
    /// A wait in milliseconds of real time before the request is carried out, which happens even if the caller has
    /// gone away by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Where the connection is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<FaultDrop>,
}

/// Headers that the server itself answers for.
const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "connection", "upgrade"];

fn once() -> u64 {
    1
}

impl Fault {
    /// A fault for one request of this method and path that does nothing yet.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method: Some(method.into()),
            path: Some(path.into()),
            times: 1,
            skip: 0,
            respond: None,
            delay_ms: None,
            drop: None,
        }
    }

    /// Hits this many requests.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// Lets this many requests pass first.
    pub fn skip(self, skip: u64) -> Self {
        Self { skip, ..self }
    }

    /// Answers with this status instead.
    pub fn status(self, status: u16) -> Self {
        let respond = FaultResponse { status, body: None, headers: BTreeMap::new() };
        Self { respond: Some(respond), ..self }
    }

    /// Answers with this status and body instead.
    pub fn response(self, status: u16, body: Value) -> Self {
        let respond = FaultResponse { status, body: Some(body), headers: BTreeMap::new() };
        Self { respond: Some(respond), ..self }
    }

    /// Adds a header to the answer set before.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Some(respond) = &mut self.respond {
            respond.headers.insert(name.into(), value.into());
        }
        self
    }

    /// Waits before the request is carried out.
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay_ms: Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)), ..self }
    }

    /// Cuts the connection before the request is looked at.
    pub fn drop_before(self) -> Self {
        Self { drop: Some(FaultDrop::Before), ..self }
    }

    /// Carries the request out and cuts the connection instead of answering.
    pub fn drop_after(self) -> Self {
        Self { drop: Some(FaultDrop::After), ..self }
    }

    /// What is wrong with the fault itself, if anything.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if let Some(respond) = &self.respond {
            if !(200..=999).contains(&respond.status) {
                return Some("respond.status must be a status code from 200 to 999");
            }
            let framing = |name: &String| FRAMING.iter().any(|known| name.eq_ignore_ascii_case(known));
            if respond.headers.keys().any(framing) {
                return Some(
                    "respond.headers may not say how the body is framed: cut the connection with drop",
                );
            }
        }
        if self.times == 0 {
            return Some("times must be at least 1");
        }
        if self.respond.is_none() && self.delay_ms.is_none() && self.drop.is_none() {
            return Some("a fault needs respond, delayMs or drop");
        }
        None
    }

    /// Whether it concerns a request.
    fn concerns(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|wanted| path_matches(wanted, path))
    }

    /// A word for the request log.
    pub(crate) fn label(&self) -> String {
        let mut parts = Vec::new();
        if let Some(delay) = self.delay_ms {
            parts.push(format!("delay {delay} ms"));
        }
        if let Some(respond) = &self.respond {
            parts.push(format!("respond {}", respond.status));
        }
        match self.drop {
            Some(FaultDrop::Before) => parts.push("drop before".to_owned()),
            Some(FaultDrop::After) => parts.push("drop after".to_owned()),
            None => {}
        }
        parts.join(", ")
    }
}

/// Takes the first fault that concerns a request, counting it down.
pub(crate) fn take(faults: &mut Vec<Fault>, method: &str, path: &str) -> Option<Fault> {
    let index = faults.iter().position(|fault| fault.concerns(method, path))?;
    let fault = faults.get_mut(index)?;
    if fault.skip > 0 {
        fault.skip -= 1;
        return None;
    }
    let taken = fault.clone();
    fault.times = fault.times.saturating_sub(1);
    if fault.times == 0 {
        faults.remove(index);
    }
    Some(taken)
}

fn path_matches(wanted: &str, path: &str) -> bool {
    if let Some(head) = wanted.strip_suffix('*') {
        return path.starts_with(head);
    }
    let (mut wanted, mut path) = (wanted.split('/'), path.split('/'));
    loop {
        match (wanted.next(), path.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if left == right || (left.starts_with('{') && left.ends_with('}')) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_its_path_as_often_as_it_says() {
        let mut faults =
            vec![Fault::new("POST", "/v2/bot/user/{userId}/richmenu/{id}").status(500).times(2).skip(1)];
        let hit = |faults: &mut Vec<Fault>| take(faults, "POST", "/v2/bot/user/U1/richmenu/m1").is_some();
        assert!(take(&mut faults, "GET", "/v2/bot/user/U1/richmenu/m1").is_none());
        assert_eq!(
            [hit(&mut faults), hit(&mut faults), hit(&mut faults), hit(&mut faults)],
            [false, true, true, false]
        );
        assert!(path_matches("/v2/*", "/v2/bot/info"));
        assert!(!path_matches("/v2/bot", "/v2/bot/info"));
    }
}
