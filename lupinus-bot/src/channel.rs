//! The one place where the way out and LINE's API meet.

use async_trait::async_trait;
use jiff::Timestamp;
use lupinus_core::{
    outbox::{Addressee, Channel, OutboxItem, Quota, Recipient, SendOutcome},
    post::Post,
};
use lupinus_line::{
    ApiError, Client, Delivery, Messages, ReplyToken, RequestId, RetryKey, UserId,
    client::{self, Broadcast, Multicast, Push, Recipients, Reply},
};

use crate::{figures, render::Renderer};

/// Sends outbox items through the LINE Messaging API.
#[derive(Clone, Debug)]
pub struct LineChannel {
    client: Client,
    renderer: Renderer,
}

impl LineChannel {
    /// A channel that sends through `client` what `renderer` makes of an item.
    pub fn new(client: Client, renderer: Renderer) -> Self {
        Self { client, renderer }
    }

    async fn try_send(&self, item: &OutboxItem, post: Option<&Post>) -> SendOutcome {
        let messages = match self.renderer.item(item, post) {
            Ok(messages) => messages,
            Err(error) => return SendOutcome::Unrenderable { message: error.to_string() },
        };
        match self.call(item, messages).await {
            Ok(Ok(delivery)) => accepted(&delivery),
            Ok(Err(error)) => outcome_of(&error),
            Err(problem) => SendOutcome::Unrenderable { message: problem.to_owned() },
        }
    }

    /// The call that the recipient asks for. The outer error is a fault of ours: nothing was sent.
    async fn call(
        &self,
        item: &OutboxItem,
        messages: Messages,
    ) -> Result<Result<Delivery, ApiError>, &'static str> {
        let key = RetryKey::new(item.retry_key.uuid());
        Ok(match &item.recipient {
            Recipient::Reply { token, .. } => {
                let token = ReplyToken::new(token.expose()).map_err(|_| "the reply token is malformed")?;
                self.client.reply(&Reply::new(token, messages)).await
            }
            Recipient::Person(to) => self.client.push(&Push::new(user_id(to)?, messages), key).await,
            Recipient::People(people) => {
                let ids = people.iter().map(user_id).collect::<Result<Vec<_>, _>>()?;
                let recipients =
                    Recipients::new(ids).map_err(|_| "the number of recipients is not allowed")?;
                self.client.multicast(&Multicast::new(recipients, messages), key).await
            }
            Recipient::Everyone => self.client.broadcast(&Broadcast::new(messages), key).await,
        })
    }
}

fn user_id(to: &Addressee) -> Result<UserId, &'static str> {
    let contact = to.contact.as_ref().ok_or("the recipient has no address any more")?;
    UserId::new(contact.as_str()).map_err(|_| "the recipient's address is malformed")
}

fn accepted(delivery: &Delivery) -> SendOutcome {
    let request_id = delivery.accepted_request_id().map(RequestId::to_string);
    match delivery {
        Delivery::Accepted { .. } => SendOutcome::Accepted { request_id },
        Delivery::AlreadyAccepted { .. } => SendOutcome::AlreadyAccepted { request_id },
    }
}

/// What follows from an answer of LINE: the table of what goes out, cell by cell.
fn outcome_of(error: &ApiError) -> SendOutcome {
    match error {
        ApiError::Refused(refusal) => SendOutcome::Refused {
            status: refusal.status.as_u16(),
            message: refusal.message.clone(),
            property: refusal.properties().next().map(str::to_owned),
        },
        ApiError::InvalidReplyToken { .. } => SendOutcome::InvalidReplyToken,
        ApiError::Unauthorised { .. } => SendOutcome::Unauthorised,
        // Nothing was sent: either a token can be had later, or somebody must look at the credentials.
        ApiError::NoToken(error) if error.is_transient() => SendOutcome::RateLimited,
        ApiError::NoToken(_) => SendOutcome::Unauthorised,
        ApiError::QuotaExhausted { .. } => SendOutcome::QuotaExhausted,
        // Without a connection LINE has certainly not seen the request: as with the rate limit, the item waits with the
        // same key, and a reply that never got through in its minute may still become a push. Held back by the client's own
        // pacing, it was not even tried.
        ApiError::RateLimited { .. } | ApiError::Unreachable { .. } | ApiError::HeldBack(_) => {
            SendOutcome::RateLimited
        }
        ApiError::Gone { .. } => {
            SendOutcome::Refused { status: 410, message: "the content is gone".to_owned(), property: None }
        }
        ApiError::Invalid(problem) => SendOutcome::Unrenderable { message: (*problem).to_owned() },
        // No answer, or one that says nothing: it may have been accepted.
        _ => SendOutcome::Ambiguous,
    }
}

const fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Accepted { .. } => "accepted",
        SendOutcome::AlreadyAccepted { .. } => "already_accepted",
        SendOutcome::RateLimited => "rate_limited",
        SendOutcome::QuotaExhausted => "quota_exhausted",
        SendOutcome::Refused { .. } => "refused",
        SendOutcome::InvalidReplyToken => "invalid_reply_token",
        SendOutcome::Unauthorised => "unauthorised",
        SendOutcome::Ambiguous => "ambiguous",
        SendOutcome::Unrenderable { .. } => "unrenderable",
    }
}

#[async_trait]
impl Channel for LineChannel {
    #[tracing::instrument(skip_all, fields(outbox.id = %item.id, attempt = item.attempts))]
    async fn send(&self, item: &OutboxItem, post: Option<&Post>, _now: Timestamp) -> SendOutcome {
        let outcome = self.try_send(item, post).await;
        figures::sent(word(&outcome));
        match &outcome {
            SendOutcome::Accepted { request_id } | SendOutcome::AlreadyAccepted { request_id } => {
                tracing::debug!(outcome = word(&outcome), line.request_id = request_id, "sent");
            }
            SendOutcome::Refused { status, property, .. } => {
                tracing::warn!(http.status = status, property, "LINE refused a message");
            }
            other => tracing::warn!(outcome = word(other), "not sent"),
        }
        outcome
    }

    async fn quota(&self) -> Option<Quota> {
        let limit = match self.client.quota().await.ok()?.value {
            client::Quota::Limited(limit) => Some(limit),
            client::Quota::Unlimited => None,
            // A kind of limit that is not known yet says nothing.
            _ => return None,
        };
        let used = self.client.quota_consumption().await.ok()?.value;
        Some(Quota { limit, used })
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use lupinus_line::client::{Ambiguity, Brake, ErrorAnswer};

    use super::*;

    fn answer(status: u16) -> Box<ErrorAnswer> {
        let status = StatusCode::from_u16(status).unwrap();
        Box::new(ErrorAnswer::new(status, http::HeaderMap::new(), Vec::new().into()))
    }

    #[test]
    fn each_answer_of_line_has_its_outcome() {
        let source = || std::io::Error::other("x").into();
        let cases = [
            ("401", ApiError::Unauthorised(answer(401)), SendOutcome::Unauthorised),
            ("429 rate", ApiError::RateLimited(answer(429)), SendOutcome::RateLimited),
            ("429 month", ApiError::QuotaExhausted(answer(429)), SendOutcome::QuotaExhausted),
            ("bad token", ApiError::InvalidReplyToken(answer(400)), SendOutcome::InvalidReplyToken),
            (
                "500",
                ApiError::Ambiguous {
                    kind: Ambiguity::Status(StatusCode::INTERNAL_SERVER_ERROR),
                    answer: Some(answer(500)),
                    source: None,
                },
                SendOutcome::Ambiguous,
            ),
            (
                "time-out",
                ApiError::Ambiguous { kind: Ambiguity::TimedOut, answer: None, source: Some(source()) },
                SendOutcome::Ambiguous,
            ),
            (
                "broken connection",
                ApiError::Ambiguous { kind: Ambiguity::Broken, answer: None, source: Some(source()) },
                SendOutcome::Ambiguous,
            ),
            ("held back", ApiError::HeldBack(Brake::Concurrency), SendOutcome::RateLimited),
            ("no connection", ApiError::Unreachable { source: source() }, SendOutcome::RateLimited),
            (
                "answer too long",
                ApiError::TooLarge { max_bytes: 1, answer: answer(200) },
                SendOutcome::Ambiguous,
            ),
            ("fault of ours", ApiError::Invalid("x"), SendOutcome::Unrenderable { message: "x".to_owned() }),
        ];
        for (name, error, expected) in cases {
            assert_eq!(outcome_of(&error), expected, "{name}");
        }
    }
}
