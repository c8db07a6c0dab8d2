//! Audiences: uploaded ids, people who tapped, people who were reached.

mod view;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::view::{object, outline};
use super::{
    Call, Outcome,
    call::{Expects, invalid_parameter},
    operation::{Operation, delete, get, post, put},
};
use crate::{
    answer::{Answer, Detail, Refusal},
    ids,
    state::{Audience, AudienceKind, Job, MAX_AUDIENCES, MAX_JOBS, Rate, State},
    validate::{self, Object},
};

/// How many ids one JSON body may hold.
const MAX_IDS: usize = 10_000;
/// How many ids one file may hold.
const MAX_IDS_OF_FILE: usize = 1_500_000;
/// The largest file: that many ids, and the parts around it.
const MAX_FILE: usize = 64 * 1024 * 1024;
/// How old a broadcast or narrowcast may be that an audience is made of: 60 days.
const MAX_AGE_MS: i64 = 60 * 24 * 60 * 60 * 1_000;
/// How many additions may be under way for one audience.
const MAX_OPEN_JOBS: usize = 10;

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let upload = "/v2/bot/audienceGroup/upload";
    let by_file = "/v2/bot/audienceGroup/upload/byFile";
    let of_one = "/v2/bot/audienceGroup/{audienceGroupId}";
    let large =
        |operation: Operation| Operation { max_body: MAX_FILE, ..operation.expects(Expects::Multipart) };
    let mut all = vec![
        post("createAudienceGroup", upload, create),
        put("addAudienceToAudienceGroup", upload, add),
        large(post("createAudienceForUploadingUserIds", by_file, create_by_file)),
        large(put("addUserIdsToAudience", by_file, add_by_file)),
        post("createClickBasedAudienceGroup", "/v2/bot/audienceGroup/click", create_of_clicks),
        post("createImpBasedAudienceGroup", "/v2/bot/audienceGroup/imp", create_of_impressions),
        put(
            "updateAudienceGroupDescription",
            "/v2/bot/audienceGroup/{audienceGroupId}/updateDescription",
            rename,
        ),
        get("getAudienceData", of_one, read),
        delete("deleteAudienceGroup", of_one, remove),
        get("getAudienceGroups", "/v2/bot/audienceGroup/list", list),
        get("getSharedAudienceData", "/v2/bot/audienceGroup/shared/{audienceGroupId}", read_shared),
        get("getSharedAudienceGroups", "/v2/bot/audienceGroup/shared/list", list_shared),
    ];
    for operation in &mut all {
        operation.rate = Rate::per_minute(60);
    }
    all
}

/// A refusal with one of LINE's codes.
fn coded(code: &str, property: &str) -> Refusal {
    Refusal {
        details: vec![Detail { message: code.to_owned(), property: property.to_owned() }],
        ..Refusal::bad("The request body has 1 error(s)")
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    match name.encode_utf16().count() {
        0 => Err(coded("AUDIENCE_GROUP_NAME_EMPTY", "description")),
        121.. => Err(coded("AUDIENCE_GROUP_NAME_SIZE_OVER", "description")),
        _ if name.chars().any(char::is_control) => Err(coded("AUDIENCE_GROUP_NAME_WRONG", "description")),
        _ => Ok(()),
    }
}

fn check_upload_name(name: &str) -> Result<(), Refusal> {
    if name.encode_utf16().count() <= 300 {
        return Ok(());
    }
    Err(coded("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER", "uploadDescription"))
}

/// Ids to be put into an audience. One malformed id refuses them all; ids nobody has are dropped later.
fn checked<'i>(ids: impl Iterator<Item = (usize, &'i str)>, path: &str) -> Result<BTreeSet<String>, Refusal> {
    ids.map(|(index, id)| {
        let code = "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT";
        let property = if path.is_empty() { "file".to_owned() } else { format!("audiences[{index}].id") };
        if ids::is_user_id(id) { Ok(id.to_owned()) } else { Err(coded(code, &property)) }
    })
    .collect()
}

/// The ids of a JSON body.
fn ids_of_body(body: &Value) -> Result<BTreeSet<String>, Refusal> {
    validate::body(body, |findings, body| {
        body.boolean(findings, "isIfaAudience");
        body.string(findings, "uploadDescription");
        let path = body.path.key("audiences");
        for (index, value) in body.array(findings, "audiences").unwrap_or_default().iter().enumerate() {
            let path = path.index(index);
            if let Some(entry) = Object::of(value, &path, findings) {
                entry.needed_string(findings, "id");
            }
        }
    })?;
    let ids = body["audiences"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ids.len() > MAX_IDS {
        return Err(coded("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "audiences"));
    }
    check_upload_name(body["uploadDescription"].as_str().unwrap_or_default())?;
    checked(
        ids.iter().enumerate().map(|(index, id)| (index, id["id"].as_str().unwrap_or_default())),
        "audiences",
    )
}

/// The ids of an uploaded file, one a line.
fn ids_of_file(call: &Call<'_>) -> Result<BTreeSet<String>, Refusal> {
    let file = call.part("file").ok_or_else(|| Refusal::detail("must be specified", "file"))?;
    let text = std::str::from_utf8(file).map_err(|_| Refusal::property("file"))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines.clone().count() > MAX_IDS_OF_FILE {
        return Err(coded("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "file"));
    }
    check_upload_name(&call.text_part("uploadDescription").unwrap_or_default())?;
    checked(lines.enumerate(), "")
}

impl State {
    /// Stores a new audience; gives its id. Only people who exist here and let accounts see them are kept.
    fn new_audience(
        &mut self,
        kind: AudienceKind,
        name: &str,
        user_ids: BTreeSet<String>,
    ) -> Result<(i64, &mut Audience), Refusal> {
        check_name(name)?;
        if self.audiences.len() >= MAX_AUDIENCES {
            return Err(coded("AUDIENCE_GROUP_COUNT_MAX_OVER", "description"));
        }
        if self.audiences.values().any(|audience| audience.description.eq_ignore_ascii_case(name)) {
            return Err(coded("AUDIENCE_GROUP_NAME_WRONG", "description"));
        }
        let now = self.clock.now();
        let wait = i64::try_from(self.settings.background_ms).unwrap_or(i64::MAX);
        let user_ids = self.known(user_ids);
        let id = self.new_audience_id();
        let audience = Audience {
            kind,
            description: name.to_owned(),
            created_at: now,
            ready_at: now.saturating_add(wait),
            is_ifa: false,
            user_ids,
            request_id: None,
            click_url: None,
            jobs: Vec::new(),
            shared: false,
        };
        Ok((id, self.audiences.entry(id).or_insert(audience)))
    }

    /// An audience of uploaded ids; the upload is its first job.
    fn uploaded_audience(
        &mut self,
        name: &str,
        job: &str,
        user_ids: BTreeSet<String>,
    ) -> Result<(i64, &mut Audience), Refusal> {
        let job_id = self.new_audience_id();
        let (id, audience) = self.new_audience(AudienceKind::Upload, name, user_ids)?;
        audience.jobs.push(Job {
            id: job_id,
            description: job.to_owned(),
            created_at: audience.created_at,
            ready_at: audience.ready_at,
            added: audience.user_ids.len(),
        });
        Ok((id, audience))
    }

    fn known(&self, mut user_ids: BTreeSet<String>) -> BTreeSet<String> {
        user_ids
            .retain(|id| self.people.get(id).is_some_and(|person| !person.hides_profile && !person.deleted));
        user_ids
    }

    fn audience(&mut self, id: &str) -> Result<(i64, &mut Audience), Refusal> {
        let unknown = || {
            let detail = Detail { message: "AUDIENCE_GROUP_NOT_FOUND".to_owned(), property: String::new() };
            Refusal { details: vec![detail], ..Refusal::bad("audience group not found") }
        };
        let id: i64 = ids::number(id).ok_or_else(|| invalid_parameter("audienceGroupId"))?;
        Ok((id, self.audiences.get_mut(&id).ok_or_else(unknown)?))
    }
}

/// `POST /v2/bot/audienceGroup/upload`
fn create(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let user_ids = ids_of_body(&body)?;
    let name = described(&body)?;
    let job = body["uploadDescription"].as_str().unwrap_or_default();
    let (id, audience) = state.uploaded_audience(name, job, user_ids)?;
    audience.is_ifa = body["isIfaAudience"] == true;
    Ok(Answer::accepted_with(outline(id, audience)))
}

/// The `description` of a body.
fn described(body: &Value) -> Result<&str, Refusal> {
    match &body["description"] {
        Value::Null => Err(coded("AUDIENCE_GROUP_NAME_EMPTY", "description")),
        Value::String(name) => Ok(name),
        _ => Err(Refusal::property("description")),
    }
}

/// `POST /v2/bot/audienceGroup/upload/byFile`
fn create_by_file(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_ids = ids_of_file(call)?;
    let name = call.text_part("description").unwrap_or_default();
    let job = call.text_part("uploadDescription").unwrap_or_default();
    let (id, audience) = state.uploaded_audience(&name, &job, user_ids)?;
    audience.is_ifa = call.text_part("isIfaAudience").as_deref() == Some("true");
    Ok(Answer::accepted_with(outline(id, audience)))
}

fn add_ids(state: &mut State, id: &str, name: String, user_ids: BTreeSet<String>) -> Outcome {
    let user_ids = state.known(user_ids);
    let now = state.clock.now();
    let (min, wait) = (state.settings.min_recipients, state.settings.background_ms);
    let job_id = state.new_audience_id();
    let (_, audience) = state.audience(id)?;
    if audience.kind != AudienceKind::Upload || audience.shared {
        return Err(coded("AUDIENCE_GROUP_NOT_FOUND", "audienceGroupId"));
    }
    if audience.status(now, min) == "EXPIRED" {
        return Err(coded("AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED", "audienceGroupId"));
    }
    if audience.jobs.iter().filter(|job| job.ready_at > now).count() >= MAX_OPEN_JOBS {
        let message = "There are too many unfinished operations on this audience";
        return Err(Refusal::new(http::StatusCode::TOO_MANY_REQUESTS, message));
    }
    let added = user_ids.len();
    audience.user_ids.extend(user_ids);
    let ready_at = now.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX));
    audience.jobs.insert(0, Job { id: job_id, description: name, created_at: now, ready_at, added });
    audience.jobs.truncate(MAX_JOBS);
    Ok(Answer::accepted())
}

/// `PUT /v2/bot/audienceGroup/upload`
fn add(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::body(&body, |findings, body| {
        body.needed_integer(findings, "audienceGroupId", 0);
        body.needed(findings, "audiences");
    })?;
    let user_ids = ids_of_body(&body)?;
    if user_ids.is_empty() {
        return Err(coded("UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS", "audiences"));
    }
    let name = body["uploadDescription"].as_str().unwrap_or_default().to_owned();
    add_ids(state, &body["audienceGroupId"].to_string(), name, user_ids)
}

/// `PUT /v2/bot/audienceGroup/upload/byFile`
fn add_by_file(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_ids = ids_of_file(call)?;
    let id = call.text_part("audienceGroupId");
    let id = id.ok_or_else(|| Refusal::detail("must be specified", "audienceGroupId"))?;
    let name = call.text_part("uploadDescription").unwrap_or_default();
    add_ids(state, &id, name, user_ids)
}

/// The places of those whom a broadcast or narrowcast reached, if it is young enough.
fn reached(state: &State, request_id: &str) -> Result<BTreeSet<String>, Refusal> {
    let sending = state.sendings.get(request_id).ok_or_else(|| coded("REQUEST_NOT_FOUND", "requestId"))?;
    if state.clock.now() - sending.at > MAX_AGE_MS {
        return Err(coded("TOO_OLD_MESSAGES", "requestId"));
    }
    let ids = sending.reached.iter().filter_map(|place| state.people.get_index(*place as usize));
    Ok(ids.map(|(id, _)| id.clone()).collect())
}

/// 400 when there is such an audience of this request already: of those who saw it, or of those who tapped the same
/// addresses.
fn check_new(state: &State, kind: AudienceKind, request_id: &str, url: Option<&str>) -> Result<(), Refusal> {
    let known = state.audiences.values().any(|audience| {
        audience.kind == kind
            && audience.request_id.as_deref() == Some(request_id)
            && audience.click_url.as_deref() == url
    });
    if known { Err(coded("AUDIENCE_GROUP_REQUESTID_DUPLICATE", "requestId")) } else { Ok(()) }
}

/// `POST /v2/bot/audienceGroup/click`
fn create_of_clicks(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::body(&body, |findings, body| {
        body.needed_string(findings, "requestId");
        body.media_url(findings, "clickUrl");
    })?;
    let name = described(&body)?;
    check_name(name)?;
    let request_id = body["requestId"].as_str().unwrap_or_default();
    reached(state, request_id)?;
    let url = body["clickUrl"].as_str();
    check_new(state, AudienceKind::Click, request_id, url)?;
    let clicks = state.account.clicks.iter().filter(|click| click.request_id == request_id);
    let clicks = clicks.filter(|click| url.is_none_or(|url| click.url == url));
    let user_ids = clicks.map(|click| click.user_id.clone()).collect();
    let (id, audience) = state.new_audience(AudienceKind::Click, name, user_ids)?;
    audience.request_id = Some(request_id.to_owned());
    audience.click_url = url.map(str::to_owned);
    Ok(Answer::accepted_with(outline(id, audience)))
}

/// `POST /v2/bot/audienceGroup/imp`: whoever a message reached counts as having seen it.
fn create_of_impressions(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::needed_texts(&body, &["requestId"])?;
    let name = described(&body)?;
    check_name(name)?;
    let request_id = body["requestId"].as_str().unwrap_or_default();
    let user_ids = reached(state, request_id)?;
    check_new(state, AudienceKind::Impression, request_id, None)?;
    let (id, audience) = state.new_audience(AudienceKind::Impression, name, user_ids)?;
    audience.request_id = Some(request_id.to_owned());
    let whole = outline(id, audience);
    // The description has fewer properties here than for the others.
    let keys = ["audienceGroupId", "type", "description", "created", "requestId"];
    Ok(Answer::accepted_with(keys.iter().map(|key| ((*key).to_owned(), whole[*key].clone())).collect()))
}

/// `PUT /v2/bot/audienceGroup/{audienceGroupId}/updateDescription`
fn rename(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    let name = described(&body)?;
    check_name(name)?;
    let (_, audience) = state.audience(call.param("audienceGroupId"))?;
    name.clone_into(&mut audience.description);
    Ok(Answer::empty())
}

/// `DELETE /v2/bot/audienceGroup/{audienceGroupId}`: 202, as LINE's page has it since July 2026.
fn remove(state: &mut State, call: &Call<'_>) -> Outcome {
    let (id, _) = state.audience(call.param("audienceGroupId"))?;
    state.audiences.shift_remove(&id);
    Ok(Answer::accepted())
}

/// `GET /v2/bot/audienceGroup/{audienceGroupId}`
fn read(state: &mut State, call: &Call<'_>) -> Outcome {
    let whole = whole(state, call)?;
    Ok(Answer::json(whole))
}

fn whole(state: &mut State, call: &Call<'_>) -> Result<Value, Refusal> {
    let now = state.clock.now();
    let settings = state.settings.clone();
    let (id, audience) = state.audience(call.param("audienceGroupId"))?;
    let jobs: Vec<Value> = audience.jobs.iter().map(|job| view::job(id, job, now)).collect();
    Ok(json!({"audienceGroup": object(id, audience, now, &settings), "jobs": jobs}))
}

/// `GET /v2/bot/audienceGroup/shared/{audienceGroupId}`
fn read_shared(state: &mut State, call: &Call<'_>) -> Outcome {
    let mut whole = whole(state, call)?;
    whole["owner"] = json!({
        "serviceType": "lineOfficialAccount",
        "id": super::bot::basic_id(),
        "name": state.settings.bot_name,
    });
    Ok(Answer::json(whole))
}

/// `GET /v2/bot/audienceGroup/list`
fn list(state: &mut State, call: &Call<'_>) -> Outcome {
    view::page(state, call, call.query("includesExternalPublicGroups") != Some("false"), true)
}

/// `GET /v2/bot/audienceGroup/shared/list`
fn list_shared(state: &mut State, call: &Call<'_>) -> Outcome {
    view::page(state, call, true, call.query("includesOwnedAudienceGroups") == Some("true"))
}
