//! Coupons to be created.

use serde_json::Value;

use super::{
    field::{Object, Unit},
    finding::Findings,
};
use crate::answer::Refusal;

const TIMEZONES: [&str; 34] = [
    "ETC_GMT_MINUS_12",
    "ETC_GMT_MINUS_11",
    "PACIFIC_HONOLULU",
    "AMERICA_ANCHORAGE",
    "AMERICA_LOS_ANGELES",
    "AMERICA_PHOENIX",
    "AMERICA_CHICAGO",
    "AMERICA_NEW_YORK",
    "AMERICA_CARACAS",
    "AMERICA_SANTIAGO",
    "AMERICA_ST_JOHNS",
    "AMERICA_SAO_PAULO",
    "ETC_GMT_MINUS_2",
    "ATLANTIC_CAPE_VERDE",
    "EUROPE_LONDON",
    "EUROPE_PARIS",
    "EUROPE_ISTANBUL",
    "EUROPE_MOSCOW",
    "ASIA_TEHRAN",
    "ASIA_TBILISI",
    "ASIA_KABUL",
    "ASIA_TASHKENT",
    "ASIA_COLOMBO",
    "ASIA_KATHMANDU",
    "ASIA_ALMATY",
    "ASIA_RANGOON",
    "ASIA_BANGKOK",
    "ASIA_TAIPEI",
    "ASIA_TOKYO",
    "AUSTRALIA_DARWIN",
    "AUSTRALIA_SYDNEY",
    "ASIA_VLADIVOSTOK",
    "ETC_GMT_PLUS_12",
    "PACIFIC_TONGATAPU",
];

/// Checks the body of a coupon.
pub(crate) fn coupon(body: &Value) -> Result<(), Refusal> {
    super::body(body, |findings, coupon| {
        coupon.needed_text(findings, "title", 60, Unit::Utf16);
        for (key, max) in [("description", 1_000), ("usageCondition", 100), ("couponCode", 16)] {
            if let Some(text) = coupon.string(findings, key) {
                coupon.length(findings, key, text, max, Unit::Utf16);
            }
        }
        coupon.media_url(findings, "imageUrl");
        coupon.media_url(findings, "barcodeImageUrl");
        for (key, words) in [("visibility", &["PUBLIC", "UNLISTED"][..]), ("timezone", &TIMEZONES[..])] {
            coupon.needed(findings, key);
            coupon.one_of(findings, key, words);
        }
        let start = coupon.needed_integer(findings, "startTimestamp", 0);
        let end = coupon.needed_integer(findings, "endTimestamp", 0);
        if let (Some(start), Some(end)) = (start, end)
            && start >= end
        {
            coupon.note(findings, "endTimestamp", "must be later than startTimestamp");
        }
        coupon.needed(findings, "maxUseCountPerTicket");
        if coupon.integer(findings, "maxUseCountPerTicket").is_some_and(|count| !matches!(count, 1 | -1)) {
            coupon.note(findings, "maxUseCountPerTicket", "Must be one of the following values: [1, -1]");
        }
        if let Some(value) = coupon.needed(findings, "acquisitionCondition") {
            let path = coupon.path.key("acquisitionCondition");
            if let Some(condition) = Object::of(value, &path, findings) {
                acquisition(findings, &condition);
            }
        }
        if let Some(value) = coupon.value("reward") {
            let path = coupon.path.key("reward");
            if let Some(reward) = Object::of(value, &path, findings) {
                self::reward(findings, &reward);
            }
        }
    })
}

fn acquisition(findings: &mut Findings, condition: &Object<'_, '_>) {
    condition.needed_string(findings, "type");
    if condition.one_of(findings, "type", &["normal", "lottery"]) != Some("lottery") {
        return;
    }
    between(findings, condition, "lotteryProbability", 1, 99);
    let most = condition.needed_integer(findings, "maxAcquireCount", -1);
    if most.is_some_and(|most| most == 0 || most > 999_999) {
        condition.note(findings, "maxAcquireCount", "Must be between 1 and 999999, or -1");
    }
}

fn reward(findings: &mut Findings, reward: &Object<'_, '_>) {
    reward.needed_string(findings, "type");
    let kinds = match reward.one_of(findings, "type", &["cashBack", "discount", "free", "gift", "others"]) {
        Some("cashBack") => &["fixed", "percentage"][..],
        Some("discount") => &["fixed", "percentage", "explicit"][..],
        _ => return,
    };
    let Some(value) = reward.value("priceInfo") else { return };
    let path = reward.path.key("priceInfo");
    let Some(price) = Object::of(value, &path, findings) else { return };
    price.needed_string(findings, "type");
    match price.one_of(findings, "type", kinds) {
        Some("fixed") => drop(price.needed_integer(findings, "fixedAmount", 1)),
        Some("percentage") => between(findings, &price, "percentage", 1, 99),
        Some(_) => {
            price.needed_integer(findings, "priceAfterDiscount", 0);
            price.needed_integer(findings, "originalPrice", 1);
        }
        None => {}
    }
}

fn between(findings: &mut Findings, object: &Object<'_, '_>, key: &str, min: i64, max: i64) {
    object.needed(findings, key);
    if object.integer(findings, key).is_some_and(|number| !(min..=max).contains(&number)) {
        object.note(findings, key, format!("Must be between {min} and {max}"));
    }
}
