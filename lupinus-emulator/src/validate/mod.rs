//! What LINE refuses in a request body, and where it says the mistake is.
//!
//! `null` counts as absent. Unknown properties are passed over, except in Flex, where LINE refuses them.

mod action;
mod coupon;
mod field;
mod finding;
mod flex;
mod flex_component;
mod flex_value;
mod imagemap;
mod message;
mod narrowcast;
mod rich_menu;
mod template;
mod text_v2;

use serde_json::Value;

pub(crate) use self::{
    coupon::coupon,
    field::Object,
    finding::{Findings, Path},
    message::{can_quote, messages},
    narrowcast::{AGES, is_area, narrowcast},
    rich_menu::{rich_menu, rich_menu_batch},
};
use crate::answer::Refusal;

/// Checks a body that must be an object.
pub(crate) fn body(body: &Value, check: impl FnOnce(&mut Findings, &Object<'_, '_>)) -> Result<(), Refusal> {
    let mut findings = Findings::default();
    let root = Path::body();
    if let Some(body) = Object::of(body, &root, &mut findings) {
        check(&mut findings, &body);
    }
    findings.verdict()
}

/// 400 unless these texts are there and not empty.
pub(crate) fn needed_texts(body: &Value, keys: &[&str]) -> Result<(), Refusal> {
    self::body(body, |findings, body| {
        for key in keys {
            body.needed_string(findings, key);
        }
    })
}

/// Who gets the messages: what may be in them differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Reply,
    Push,
    Multicast,
    Narrowcast,
    Broadcast,
}

impl Audience {
    /// Whether mentions and quotes are possible.
    fn is_one_chat(self) -> bool {
        matches!(self, Self::Reply | Self::Push)
    }
}

/// 400 unless `customAggregationUnits` is absent or holds at most one well-formed name.
pub(crate) fn aggregation_units(body: &Value) -> Result<(), Refusal> {
    const PROPERTY: &str = "customAggregationUnits";
    let refuse = |message: &str, property: &str| Err(Refusal::detail(message, property));
    let units = match &body[PROPERTY] {
        Value::Null => return Ok(()),
        Value::Array(units) => units,
        _ => return Err(Refusal::property(PROPERTY)),
    };
    if units.len() > 1 {
        return refuse("Size must be between 0 and 1", PROPERTY);
    }
    for unit in units {
        let Some(unit) = unit.as_str() else { return Err(Refusal::property("customAggregationUnits[0]")) };
        let right = (1..=30).contains(&unit.len())
            && unit.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !right {
            return refuse("must match the pattern [a-zA-Z0-9_]{1,30}", "customAggregationUnits[0]");
        }
    }
    Ok(())
}
