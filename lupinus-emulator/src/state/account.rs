//! What the account has beside its chats: sendings to many and what became of them, coupons, paid plans, modules.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Friendship, State};
use crate::clock::{Millis, date_in_japan};

/// How many names of aggregation units are counted in a month.
const MAX_UNITS: usize = 1_000;

/// A broadcast or narrowcast that went out.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Sending {
    pub(crate) at: Millis,
    /// The places of those it went to, in order.
    pub(crate) reached: Vec<u32>,
    pub(crate) messages: usize,
}

/// A tap on an address in a message of a sending.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Click {
    pub(crate) request_id: String,
    pub(crate) url: String,
    /// Which message of the request, from 1.
    #[serde(default = "first")]
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) user_id: String,
}

fn first() -> u64 {
    1
}

/// Numbers that cannot come about here, as a test has set them.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Figures {
    /// By request id: `overview`, `messages`, `clicks` as the answer has them.
    pub(crate) messages: HashMap<String, Value>,
    /// By aggregation unit: the same.
    pub(crate) units: HashMap<String, Value>,
    /// By rich menu and day (`yyyyMMdd`).
    pub(crate) rich_menus: HashMap<String, BTreeMap<String, MenuFigures>>,
}

/// What happened to a rich menu on a day.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct MenuFigures {
    pub(crate) impression: Figure,
    /// One for each area.
    pub(crate) clicks: Vec<Figure>,
}

/// How often, and by how many people.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Figure {
    pub(crate) count: u64,
    pub(crate) unique_users: u64,
}

/// One coupon.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Coupon {
    /// The body it was created with.
    pub(crate) object: Value,
    pub(crate) created_at: Millis,
    pub(crate) closed: bool,
}

/// A paid plan and who has subscribed to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Membership {
    #[serde(rename = "membershipId")]
    pub(crate) id: u64,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) benefits: Vec<String>,
    pub(crate) price: f64,
    #[serde(default)]
    #[serde(rename = "memberLimit")]
    pub(crate) limit: Option<u64>,
    #[serde(default)]
    pub(crate) members: IndexSet<String>,
    /// When the plan, and with it every subscription, began.
    #[serde(default)]
    pub(crate) since: Millis,
}

/// The account as a module's channel sees it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Module {
    pub(crate) attached: bool,
    /// Codes of the authorisation page that were not exchanged yet, with the scopes granted.
    pub(crate) codes: HashMap<String, Vec<String>>,
    /// Chats under the module's control, and until when.
    pub(crate) controls: HashMap<String, Option<Millis>>,
    /// Chats under the control of another channel, and since when.
    pub(crate) others: HashMap<String, Millis>,
}

impl Default for Module {
    fn default() -> Self {
        Self { attached: true, codes: HashMap::new(), controls: HashMap::new(), others: HashMap::new() }
    }
}

/// Everything of the account beside its chats.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Account {
    pub(crate) clicks: Vec<Click>,
    pub(crate) figures: Figures,
    pub(crate) coupons: IndexMap<String, Coupon>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) module: Module,
    /// Names of aggregation units by month, with the number of requests tagged.
    #[serde(with = "super::quota::pairs")]
    pub(crate) units: HashMap<(i16, i8), IndexMap<String, u64>>,
    /// Who came and went, and when.
    pub(crate) friendships: Vec<(Millis, u32, Friendship)>,
}

impl Account {
    /// Counts a request for the unit it names. A name beyond the thousandth of a month is not counted.
    pub(crate) fn tag(&mut self, body: &Value, at: Millis) {
        let date = date_in_japan(at);
        for unit in body["customAggregationUnits"].as_array().into_iter().flatten().filter_map(Value::as_str)
        {
            let units = self.units.entry((date.year(), date.month())).or_default();
            if units.len() < MAX_UNITS || units.contains_key(unit) {
                *units.entry(unit.to_owned()).or_default() += 1;
            }
        }
    }
}

/// How many followed, can be reached, and have blocked the account, at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Followers {
    pub(crate) ever: usize,
    pub(crate) targeted_reaches: usize,
    pub(crate) blocks: usize,
}

impl State {
    /// Notes that somebody came or went.
    pub(crate) fn note_friendship(&mut self, user_id: &str, friendship: Friendship) {
        let at = self.clock.now();
        let Some((place, _, person)) = self.people.get_full_mut(user_id) else { return };
        person.friend_since = (friendship == Friendship::Friend).then_some(at);
        if let Ok(place) = u32::try_from(place) {
            self.account.friendships.push((at, place, friendship));
        }
    }

    /// The numbers of followers at the end of a day.
    pub(crate) fn followers_on(&self, day: Date) -> Followers {
        let (mut ever, mut last) = (HashSet::new(), HashMap::new());
        for (at, place, friendship) in &self.account.friendships {
            if date_in_japan(*at) > day {
                continue;
            }
            if *friendship == Friendship::Friend {
                ever.insert(place);
            }
            last.insert(place, *friendship);
        }
        let count = |wanted| last.values().filter(|friendship| **friendship == wanted).count();
        Followers {
            ever: ever.len(),
            targeted_reaches: count(Friendship::Friend),
            blocks: count(Friendship::Blocked),
        }
    }
}
