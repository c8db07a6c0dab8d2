//! Audiences as the answers show them.

use serde_json::{Value, json};

use super::super::{Call, Outcome, call::invalid_parameter};
use crate::{
    answer::Answer,
    ids,
    settings::Settings,
    state::{Audience, AudienceKind, Job, State},
};

/// The life of an audience in seconds.
const LIFE_S: i64 = 180 * 24 * 60 * 60;

/// An audience as its creation answers it.
pub(super) fn outline(id: i64, audience: &Audience) -> Value {
    let mut body = json!({
        "audienceGroupId": id,
        "createRoute": "MESSAGING_API",
        "type": audience.kind.word(),
        "description": audience.description,
        "created": audience.created_at / 1_000,
        "permission": if audience.shared { "READ" } else { "READ_WRITE" },
        "expireTimestamp": audience.created_at / 1_000 + LIFE_S,
        "isIfaAudience": audience.is_ifa,
    });
    if let Some(request_id) = &audience.request_id {
        body["requestId"] = json!(request_id);
    }
    if let Some(url) = &audience.click_url {
        body["clickUrl"] = json!(url);
    }
    body
}

/// An audience as it is read. Fewer people than the threshold show as 0, unless the account has uploaded them itself.
pub(super) fn object(id: i64, audience: &Audience, now: i64, settings: &Settings) -> Value {
    let mut body = outline(id, audience);
    let people = u64::try_from(audience.user_ids.len()).unwrap_or(u64::MAX);
    let told = audience.kind == AudienceKind::Upload || people >= settings.privacy_threshold;
    body["status"] = json!(audience.status(now, settings.min_recipients));
    body["audienceCount"] = json!(if told { people } else { 0 });
    body
}

/// An addition as it is read.
pub(super) fn job(audience: i64, job: &Job, now: i64) -> Value {
    json!({
        "audienceGroupJobId": job.id,
        "audienceGroupId": audience,
        "description": job.description,
        "type": "DIFF_ADD",
        "jobStatus": if now >= job.ready_at { "FINISHED" } else { "WORKING" },
        "failedType": null,
        "audienceCount": job.added,
        "created": job.created_at / 1_000,
    })
}

/// A page of audiences: those shared with the account, its own, or both.
pub(super) fn page(state: &mut State, call: &Call<'_>, shared: bool, own: bool) -> Outcome {
    let number = ids::number::<usize>(call.needed_query("page")?).filter(|page| *page >= 1);
    let number = number.ok_or_else(|| invalid_parameter("page"))?;
    let size = call.limit("size", 20, 40)?;
    let statuses = ["IN_PROGRESS", "READY", "FAILED", "EXPIRED", "INACTIVE", "ACTIVATING"];
    if call.query("status").is_some_and(|status| !statuses.contains(&status)) {
        return Err(invalid_parameter("status"));
    }
    let routes =
        ["OA_MANAGER", "MESSAGING_API", "POINT_AD", "AD_MANAGER", "BUSINESS_MANAGER", "YAHOO_DISPLAY_ADS"];
    if call.query("createRoute").is_some_and(|route| !routes.contains(&route)) {
        return Err(invalid_parameter("createRoute"));
    }
    let (now, settings) = (state.clock.now(), &state.settings);
    let wanted = call.query("description").map(str::to_lowercase);
    let fits = |audience: &Audience| {
        (if audience.shared { shared } else { own })
            && wanted.as_ref().is_none_or(|wanted| audience.description.to_lowercase().contains(wanted))
            && call
                .query("status")
                .is_none_or(|status| audience.status(now, settings.min_recipients) == status)
            && call.query("createRoute").is_none_or(|route| route == "MESSAGING_API")
    };
    let fitting: Vec<_> = state.audiences.iter().rev().filter(|(_, audience)| fits(audience)).collect();
    let start = (number - 1).saturating_mul(size);
    let shown: Vec<Value> = fitting
        .iter()
        .skip(start)
        .take(size)
        .map(|(id, audience)| object(**id, audience, now, settings))
        .collect();
    Ok(Answer::json(json!({
        "audienceGroups": shown,
        "hasNextPage": fitting.len() > start.saturating_add(size),
        "totalCount": fitting.len(),
        "readWriteAudienceGroupTotalCount": fitting.iter().filter(|(_, audience)| !audience.shared).count(),
        "page": number,
        "size": size,
    })))
}
