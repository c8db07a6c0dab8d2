//! Audiences: who a narrowcast goes to. Accounts of Japan, Taiwan and Thailand; at most 1,000 in a channel, kept 180 days.
//! At most 60 calls a minute each.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout_at};

use super::audience_ids::{AudienceIds, AudienceName, IdFile, UploadName};
use super::flow::after;
use super::memberships::maybe_seconds;
use super::{Answer, ApiError, Client, Request};
use crate::message::utf16_len;
use crate::open::open_enum;
use crate::{AudienceId, RequestId, endpoint};

/// Most audiences in one page
/// ([source](https://developers.line.biz/en/reference/messaging-api/#get-audience-groups)).
pub const MAX_AUDIENCES_PAGE: u8 = 40;
/// Longest address of a link that was tapped, in **UTF-16 code units**
/// ([source](https://developers.line.biz/en/reference/messaging-api/#create-click-audience-group)).
pub const MAX_CLICK_URL_UTF16: usize = 2_000;

open_enum! {
    /// Whether an audience can be used.
    AudienceStatus {
        /// Not yet; with too few people it stays so.
        InProgress = "IN_PROGRESS",
        /// It can.
        Ready = "READY",
        /// It could not be made.
        Failed = "FAILED",
        /// It is too old.
        Expired = "EXPIRED",
        /// It is put away.
        Inactive = "INACTIVE",
        /// It is being taken out again.
        Activating = "ACTIVATING",
    }
}

open_enum! {
    /// Where an audience was made.
    CreateRoute {
        /// By hand.
        Manager = "OA_MANAGER",
        /// By this API.
        MessagingApi = "MESSAGING_API",
        /// In LINE Points Ads.
        PointAd = "POINT_AD",
        /// In LINE Ads.
        AdManager = "AD_MANAGER",
    }
}

open_enum! {
    /// Whether ids were added.
    JobStatus {
        /// Not begun.
        Queued = "QUEUED",
        /// On its way.
        Working = "WORKING",
        /// They were.
        Finished = "FINISHED",
        /// They could not be.
        Failed = "FAILED",
    }
}

/// An audience. LINE tells of numbers below 20 only 0, except for uploaded ids.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Audience {
    /// Which.
    pub audience_group_id: AudienceId,
    /// How it came about: `UPLOAD`, `CLICK`, `IMP`, or newer.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its name.
    pub description: Option<String>,
    /// Whether it can be used; not in the answer to making it.
    pub status: Option<AudienceStatus>,
    /// Why it could not be made.
    pub failed_type: Option<String>,
    /// How many are in it.
    pub audience_count: Option<u64>,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub created: Option<Timestamp>,
    /// Until when it is kept.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub expire_timestamp: Option<Timestamp>,
    /// Of which request the taps or views are.
    pub request_id: Option<String>,
    /// Which link was tapped.
    pub click_url: Option<String>,
    /// Whether it is of phones rather than of users.
    pub is_ifa_audience: Option<bool>,
    /// `READ` or `READ_WRITE`.
    pub permission: Option<String>,
    /// Where it was made.
    pub create_route: Option<CreateRoute>,
}

/// An addition of ids to an audience.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AudienceJob {
    /// Which.
    pub audience_group_job_id: Option<u64>,
    /// The name of the upload.
    pub description: Option<String>,
    /// What it does: `DIFF_ADD`, or newer.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How far it has got.
    pub job_status: Option<JobStatus>,
    /// Why it failed.
    pub failed_type: Option<String>,
    /// How many ids it adds.
    pub audience_count: Option<u64>,
    /// When it was begun.
    #[serde(default, deserialize_with = "maybe_seconds")]
    pub created: Option<Timestamp>,
}

/// An audience and what is being added to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AudienceDetail {
    /// The audience.
    pub audience_group: Audience,
    /// Additions, at most 50 of the last.
    #[serde(default)]
    pub jobs: Vec<AudienceJob>,
    /// Whose it is, for audiences of the Business Manager.
    pub owner: Option<Owner>,
}

/// Whose an audience of the Business Manager is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Owner {
    /// In which service.
    pub service_type: Option<String>,
    /// By which id there.
    pub id: Option<String>,
    /// By which name there.
    pub name: Option<String>,
}

/// A page of audiences.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Audiences {
    /// The audiences of this page.
    #[serde(default)]
    pub audience_groups: Vec<Audience>,
    /// Whether there is another.
    #[serde(default)]
    pub has_next_page: bool,
    /// How many there are in all.
    pub total_count: Option<u64>,
    /// How many of them this channel may change.
    pub read_write_audience_group_total_count: Option<u64>,
    /// Which page this is, from 1.
    pub page: Option<u64>,
    /// How many are on a page.
    pub size: Option<u64>,
}

/// Which audiences are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceQuery {
    page: u32,
    size: Option<u8>,
    description: Option<String>,
    status: Option<AudienceStatus>,
    route: Option<CreateRoute>,
    with_others: Option<bool>,
}

impl AudienceQuery {
    /// A page of all, from 1.
    pub fn page(page: u32) -> Self {
        Self {
            page: page.max(1),
            size: None,
            description: None,
            status: None,
            route: None,
            with_others: None,
        }
    }

    /// So many on a page, at most [`MAX_AUDIENCES_PAGE`].
    pub fn size(mut self, size: u8) -> Self {
        self.size = Some(size.clamp(1, MAX_AUDIENCES_PAGE));
        self
    }

    /// With this in their name.
    pub fn named(mut self, part: impl Into<String>) -> Self {
        self.description = Some(part.into());
        self
    }

    /// In this state.
    pub fn status(mut self, status: AudienceStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Made there.
    pub fn made_by(mut self, route: CreateRoute) -> Self {
        self.route = Some(route);
        self
    }

    /// Leaves out the public ones of others; in the list of shared ones, one's own.
    pub fn without_others(mut self) -> Self {
        self.with_others = Some(false);
        self
    }

    fn request(&self, request: Request, others: &'static str) -> Request {
        let mut request = request.query("page", self.page);
        if let Some(size) = self.size {
            request = request.query("size", size);
        }
        if let Some(description) = &self.description {
            request = request.query("description", description);
        }
        if let Some(status) = &self.status {
            request = request.query("status", status.as_str());
        }
        if let Some(route) = &self.route {
            request = request.query("createRoute", route.as_str());
        }
        match self.with_others {
            Some(with) => request.query(others, with),
            None => request,
        }
    }
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Upload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    audience_group_id: Option<AudienceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a AudienceName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_ifa_audience: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::struct_field_names, reason = "LINE's name")]
    upload_description: Option<&'a UploadName>,
    audiences: Vec<Id<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reaction<'a> {
    description: &'a AudienceName,
    request_id: &'a RequestId,
    #[serde(skip_serializing_if = "Option::is_none")]
    click_url: Option<&'a str>,
}

fn entries(ids: &AudienceIds) -> Vec<Id<'_>> {
    ids.ids.iter().map(|id| Id { id }).collect()
}

impl AudienceDetail {
    /// Whether LINE does nothing with it any more.
    fn is_at_rest(&self) -> bool {
        let adding =
            |job: &AudienceJob| matches!(job.job_status, Some(JobStatus::Queued | JobStatus::Working));
        let begun = matches!(
            self.audience_group.status,
            Some(AudienceStatus::InProgress | AudienceStatus::Activating)
        );
        !begun && !self.jobs.iter().any(adding)
    }
}

/// How long the first pause is when an audience is waited for, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(30));
/// With less time than this, there is no further question.
const LAST_QUESTION: Duration = Duration::from_secs(1);

impl Client {
    /// Makes an audience of ids. LINE accepts first: [wait](Self::wait_for_audience) until it is ready.
    /// See [LINE docs/Create audience for uploading user IDs](https://developers.line.biz/en/reference/messaging-api/#create-upload-audience-group).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when one id is malformed or the name is taken, or any other.
    pub async fn create_audience(
        &self,
        name: &AudienceName,
        ids: &AudienceIds,
        upload: Option<&UploadName>,
    ) -> Result<Answer<Audience>, ApiError> {
        let body = Upload {
            audience_group_id: None,
            description: Some(name),
            is_ifa_audience: Some(ids.is_ifa),
            upload_description: upload,
            audiences: entries(ids),
        };
        self.fetch(Request::new(endpoint::CREATE_AUDIENCE).json(&body)).await
    }

    /// Adds ids to an audience. Ids cannot be taken out again.
    ///
    /// # Errors
    /// As for [`create_audience`](Self::create_audience).
    pub async fn add_to_audience(
        &self,
        id: AudienceId,
        ids: &AudienceIds,
        upload: Option<&UploadName>,
    ) -> Result<Answer<()>, ApiError> {
        let body = Upload {
            audience_group_id: Some(id),
            description: None,
            is_ifa_audience: None,
            upload_description: upload,
            audiences: entries(ids),
        };
        self.call(Request::new(endpoint::ADD_TO_AUDIENCE).json(&body)).await
    }

    /// Makes an audience of a file of ids, sent piece by piece. Give the client a [time limit](super::ClientBuilder::timeout)
    /// of 30 seconds or more.
    ///
    /// # Errors
    /// As for [`create_audience`](Self::create_audience); [`ApiError::Invalid`] when the file cannot be opened.
    pub async fn create_audience_by_file(
        &self,
        name: &AudienceName,
        file: &IdFile,
        upload: Option<&UploadName>,
    ) -> Result<Answer<Audience>, ApiError> {
        let mut fields = vec![("description", name.0.clone()), ("isIfaAudience", file.is_ifa.to_string())];
        fields.extend(upload.map(|upload| ("uploadDescription", upload.0.clone())));
        let request = Request::new(endpoint::CREATE_AUDIENCE_BY_FILE);
        self.fetch(request.multipart(fields, file.source.clone())).await
    }

    /// Adds a file of ids to an audience, sent piece by piece.
    ///
    /// # Errors
    /// As for [`create_audience_by_file`](Self::create_audience_by_file).
    pub async fn add_to_audience_by_file(
        &self,
        id: AudienceId,
        file: &IdFile,
        upload: Option<&UploadName>,
    ) -> Result<Answer<()>, ApiError> {
        let mut fields = vec![("audienceGroupId", id.to_string())];
        fields.extend(upload.map(|upload| ("uploadDescription", upload.0.clone())));
        let request = Request::new(endpoint::ADD_TO_AUDIENCE_BY_FILE);
        self.call(request.multipart(fields, file.source.clone())).await
    }

    /// Makes an audience of those who tapped a link of a narrowcast or broadcast at most 60 days old: this link, or any.
    /// See [LINE docs/Create message click audience](https://developers.line.biz/en/reference/messaging-api/#create-click-audience-group).
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for a link longer than [`MAX_CLICK_URL_UTF16`], or any other.
    pub async fn create_click_audience(
        &self,
        name: &AudienceName,
        of: &RequestId,
        link: Option<&str>,
    ) -> Result<Answer<Audience>, ApiError> {
        if link.is_some_and(|link| utf16_len(link) > MAX_CLICK_URL_UTF16) {
            return Err(ApiError::Invalid("the link is too long"));
        }
        let body = Reaction { description: name, request_id: of, click_url: link };
        self.fetch(Request::new(endpoint::CREATE_CLICK_AUDIENCE).json(&body)).await
    }

    /// Makes an audience of those who saw a narrowcast or broadcast at most 60 days old.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn create_impression_audience(
        &self,
        name: &AudienceName,
        of: &RequestId,
    ) -> Result<Answer<Audience>, ApiError> {
        let body = Reaction { description: name, request_id: of, click_url: None };
        self.fetch(Request::new(endpoint::CREATE_IMPRESSION_AUDIENCE).json(&body)).await
    }

    /// Gives an audience another name.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn rename_audience(&self, id: AudienceId, name: &AudienceName) -> Result<Answer<()>, ApiError> {
        #[derive(Serialize)]
        struct Body<'a> {
            description: &'a AudienceName,
        }
        let request = Request::new(endpoint::UPDATE_AUDIENCE_DESCRIPTION).segment(id.to_string());
        self.call(request.json(&Body { description: name })).await
    }

    /// One audience.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 400, and not 404, when there is none, or any other.
    pub async fn audience(&self, id: AudienceId) -> Result<Answer<AudienceDetail>, ApiError> {
        self.fetch(Request::new(endpoint::AUDIENCE).segment(id.to_string())).await
    }

    /// Deletes an audience.
    ///
    /// # Errors
    /// As for [`audience`](Self::audience).
    pub async fn delete_audience(&self, id: AudienceId) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::DELETE_AUDIENCE).segment(id.to_string())).await
    }

    /// A page of audiences.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn audiences(&self, query: &AudienceQuery) -> Result<Answer<Audiences>, ApiError> {
        self.fetch(query.request(Request::new(endpoint::AUDIENCES), "includesExternalPublicGroups")).await
    }

    /// One audience of the Business Manager.
    ///
    /// # Errors
    /// As for [`audience`](Self::audience).
    pub async fn shared_audience(&self, id: AudienceId) -> Result<Answer<AudienceDetail>, ApiError> {
        self.fetch(Request::new(endpoint::SHARED_AUDIENCE).segment(id.to_string())).await
    }

    /// A page of audiences of the Business Manager.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn shared_audiences(&self, query: &AudienceQuery) -> Result<Answer<Audiences>, ApiError> {
        self.fetch(query.request(Request::new(endpoint::SHARED_AUDIENCES), "includesOwnedAudienceGroups"))
            .await
    }

    /// Waits until an audience is ready and nothing is being added to it, or failed, or expired: asks again after 2 seconds and
    /// then more seldom, for at most `patience`. `None` when the time was over first; an audience of too few people is never
    /// ready.
    ///
    /// # Errors
    /// As for [`audience`](Self::audience); an error that is [transient](ApiError::is_transient) only when it was still so
    /// when the time was over.
    pub async fn wait_for_audience(
        &self,
        id: AudienceId,
        patience: Duration,
    ) -> Result<Option<AudienceDetail>, ApiError> {
        at_rest(patience, || async { self.audience(id).await.map(|answer| answer.value) }).await
    }
}

async fn at_rest<F: Future<Output = Result<AudienceDetail, ApiError>>>(
    patience: Duration,
    mut ask: impl FnMut() -> F,
) -> Result<Option<AudienceDetail>, ApiError> {
    let deadline = after(patience);
    let mut hiccup = None;
    let mut pause = PAUSES.0;
    while let Ok(answer) = timeout_at(deadline, ask()).await {
        hiccup = match answer {
            Ok(detail) if detail.is_at_rest() => return Ok(Some(detail)),
            Ok(_) => None,
            Err(error) if error.is_transient() => Some(error),
            Err(error) => return Err(error),
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left < LAST_QUESTION {
            break;
        }
        sleep(pause.min(left / 2)).await;
        pause = (pause * 2).min(PAUSES.1);
    }
    hiccup.map_or(Ok(None), Err)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::super::Ambiguity;
    use super::*;

    /// Plays what LINE says from question to question; what came of it, and how long it took.
    async fn play(patience: Duration, script: &[&str]) -> (String, Duration) {
        let start = Instant::now();
        let mut script = script.iter().copied().collect::<VecDeque<_>>();
        let ask = || {
            let word = script.pop_front().expect("more questions than the script has");
            async move {
                match word {
                    "silence" => {
                        Err(ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer: None, source: None })
                    }
                    "mistake" => Err(ApiError::Invalid("not possible")),
                    "never" => std::future::pending().await,
                    status => {
                        let text = format!(
                            r#"{{"audienceGroup":{{"audienceGroupId":1,"status":"{status}"}},"jobs":[]}}"#
                        );
                        Ok(serde_json::from_str(&text).unwrap())
                    }
                }
            }
        };
        let end = match at_rest(patience, ask).await {
            Ok(detail) => format!("{:?}", detail.and_then(|detail| detail.audience_group.status)),
            Err(error) => error.kind().to_owned(),
        };
        (end, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn an_audience_is_waited_for_over_a_failure_and_no_longer_than_said() {
        let seconds = Duration::from_secs;
        for (patience, script, end, took) in [
            (
                Duration::MAX,
                &["IN_PROGRESS", "silence", "ACTIVATING", "READY"][..],
                "Some(Ready)",
                seconds(14),
            ),
            (Duration::MAX, &["FAILED"], "Some(Failed)", seconds(0)),
            (Duration::MAX, &["silence", "mistake"], "invalid", seconds(2)),
            (seconds(60), &["IN_PROGRESS", "never"], "None", seconds(60)),
            (seconds(4), &["IN_PROGRESS"; 4], "None", Duration::from_millis(3_500)),
            (seconds(4), &["silence"; 4], "ambiguous", Duration::from_millis(3_500)),
            (seconds(2), &["silence", "IN_PROGRESS", "IN_PROGRESS"], "None", Duration::from_millis(1_500)),
        ] {
            assert_eq!(play(patience, script).await, (end.to_owned(), took), "{script:?} in {patience:?}");
        }
    }
}
