//! The door: a signed webhook becomes screened, durable events, and only then is it acknowledged.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use lupinus_core::{
    hash::Sha256Hash,
    ids::ContactId,
    outbox::ReplyToken,
    screening::{Action, Context, PiiKind, Screen},
    service::{Arrived, ServiceError},
    store::{StoreError, StoreExt},
};
use lupinus_line::webhook::{
    self, Envelope, Event, EventKind, MessageContent, Mode, ReceivedMessage, SIGNATURE_HEADER,
    SignatureError, Source,
};
use serde_json::json;
use tracing::Instrument as _;

use crate::{
    bot::Inner,
    dialogue::{Dialogue, code_in, is_command},
    figures,
    in_hand::InHand,
    incoming::{Incoming, MediaSort, What, Words, lane_of},
};

/// Longest data of a tap: LINE's own limit, in UTF-16 units, is the same number.
const MAX_DATA_CHARS: usize = 300;

/// LINE waits two seconds. What takes longer than this is refused, so that LINE delivers it again, and goes on behind the refusal.
const ANSWERED_WITHIN: Duration = Duration::from_millis(1_500);
/// When that is given up as well.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(30);
/// Most webhooks in hand at a time, those that were refused and go on included. More are refused at once.
pub(crate) const MOST_AT_ONCE: usize = 1_024;

fn answer(status: StatusCode, message: &'static str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

/// `POST /webhook`
#[tracing::instrument(skip_all, fields(http.route = "/webhook", http.status, duration_ms))]
pub(crate) async fn webhook(
    State(bot): State<Arc<Inner>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let began = Instant::now();
    let (word, response) = match body {
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            ("too_large", answer(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"))
        }
        Err(_) => ("malformed", answer(StatusCode::BAD_REQUEST, "the body cannot be read")),
        Ok(body) => in_time(&bot, &headers, &body).await,
    };
    figures::request(word);
    let span = tracing::Span::current();
    span.record("http.status", response.status().as_u16());
    span.record("duration_ms", u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    tracing::debug!(answer = word, "webhook");
    response
}

/// What LINE is answered, in its time, whatever the store does.
async fn in_time(bot: &Arc<Inner>, headers: &HeaderMap, body: &[u8]) -> (&'static str, Response) {
    let refused = |word| (word, answer(StatusCode::SERVICE_UNAVAILABLE, "try again"));
    // First, and at once: who is not LINE takes nothing in hand.
    let envelope = match signed(bot, headers, body) {
        Ok(envelope) => envelope,
        Err((word, status, message)) => return (word, answer(status, message)),
    };
    let Ok(in_hand) = Arc::clone(&bot.receiving).try_acquire_owned() else {
        tracing::error!("too many webhooks at once: one is refused, and LINE delivers it again");
        return refused("too_many");
    };
    // A task of its own: what LINE has given up waiting for is stored all the same, and known when it comes again.
    let bot = Arc::clone(bot);
    let received = async move {
        let _in_hand = in_hand;
        tokio::time::timeout(GIVEN_UP_AFTER, receive(&bot, &envelope)).await
    };
    match tokio::time::timeout(ANSWERED_WITHIN, tokio::spawn(received.in_current_span())).await {
        Ok(Ok(Ok(received))) => received,
        Ok(Ok(Err(_)) | Err(_)) => refused("broken_off"),
        Err(_) => {
            tracing::error!("events are not stored in LINE's time; LINE delivers them again");
            refused("late")
        }
    }
}

/// The word for the figures, and what is answered.
type Refusal = (&'static str, StatusCode, &'static str);

/// What LINE signed, or what anybody else is answered.
fn signed(bot: &Inner, headers: &HeaderMap, body: &[u8]) -> Result<Envelope, Refusal> {
    let signature = headers.get(SIGNATURE_HEADER).map(http::HeaderValue::as_bytes);
    let verified = webhook::verify(&bot.secrets, signature, body).map_err(|error| match error {
        SignatureError::NoSecret => {
            tracing::error!("no channel secret is configured");
            ("no_secret", StatusCode::SERVICE_UNAVAILABLE, "no channel secret is configured")
        }
        error => {
            tracing::warn!(%error, "a request that is not LINE's was refused");
            ("bad_signature", StatusCode::UNAUTHORIZED, "the signature is missing or wrong")
        }
    })?;
    verified.parse().map_err(|error| {
        tracing::error!(%error, "a signed webhook does not decode");
        ("malformed", StatusCode::BAD_REQUEST, "the body is not a webhook")
    })
}

async fn receive(bot: &Inner, envelope: &Envelope) -> (&'static str, Response) {
    let contacts = envelope.events.iter().flatten().filter_map(contact_of).collect();
    let mut arrived = Vec::new();
    let mut door = Door { bot, in_hand: bot.in_hand.take(contacts), seen: HashSet::new() };
    for event in &envelope.events {
        match event {
            Ok(event) => match door.screened(event).await {
                Ok(Some(event)) => arrived.push(event),
                Ok(None) => figures::events("ignored", 1),
                Err(error) => return unavailable(&error),
            },
            Err(malformed) => {
                let id = malformed.webhook_event_id.as_ref().map(ToString::to_string);
                tracing::error!(webhook.event_id = id, error = %malformed.reason, "an event does not decode");
                figures::events("malformed", 1);
            }
        }
    }
    if arrived.is_empty() {
        return ("ok", answer(StatusCode::OK, "ok"));
    }
    match bot.centre.receive(arrived).await {
        Ok(received) => {
            figures::events("stored", received.new);
            figures::events("repeated", received.repeated);
            bot.arrived.notify_one();
            ("ok", answer(StatusCode::OK, "ok"))
        }
        Err(error) => unavailable(&error),
    }
}

/// Not durable, so not acknowledged: LINE sends it again.
fn unavailable(error: &ServiceError) -> (&'static str, Response) {
    tracing::error!(error = %Chain(error), "events cannot be stored");
    ("unavailable", answer(StatusCode::SERVICE_UNAVAILABLE, "try again"))
}

/// An error with its sources. Ours hold no words of people.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// Who is meant to be answered. Groups and rooms are not served: what is said there is not said to the centre.
fn contact_of(event: &Event) -> Option<ContactId> {
    match &event.source {
        Some(Source::User { user_id: Some(user) }) => Some(ContactId::new(user.as_str())),
        _ => None,
    }
}

struct Door<'a> {
    bot: &'a Inner,
    in_hand: InHand<'a>,
    /// Of whom this request has brought something already.
    seen: HashSet<ContactId>,
}

impl Door<'_> {
    /// The event as it may be stored; `None` for one that is nothing to us.
    async fn screened(&mut self, event: &Event) -> Result<Option<Arrived>, ServiceError> {
        // Another module has the chat, or it is a kind of tomorrow: nothing is said.
        if event.mode != Mode::Active {
            return Ok(None);
        }
        let Some(contact) = contact_of(event) else { return Ok(None) };
        if event.reply_token.as_ref().is_some_and(lupinus_line::ReplyToken::is_dummy) {
            return Ok(None);
        }
        let Some(what) = self.what(event, &contact).await? else { return Ok(None) };
        self.seen.insert(contact.clone());
        let incoming = Incoming {
            reply: event.reply_token.as_ref().map(|token| ReplyToken::new(token.as_str())),
            received_at: self.bot.centre.now(),
            what,
            contact: contact.clone(),
        };
        let Ok(value) = serde_json::to_value(&incoming) else { return Ok(None) };
        Ok(Some(Arrived {
            event_id: event_id(event, &contact),
            lane: lane_of(&contact),
            happened_at: event.timestamp,
            event: value,
        }))
    }

    async fn what(&mut self, event: &Event, contact: &ContactId) -> Result<Option<What>, ServiceError> {
        Ok(Some(match &event.kind {
            EventKind::Follow(_) => What::Follow,
            EventKind::Unfollow => What::Unfollow,
            EventKind::Unsend { message_id } => What::Unsend { message: message_id.to_string() },
            EventKind::Postback(postback) => What::Tap {
                data: postback.data.chars().take(MAX_DATA_CHARS).collect(),
                date: postback.params.as_ref().and_then(|params| short(params.date.as_ref())),
                time: postback.params.as_ref().and_then(|params| short(params.time.as_ref())),
            },
            EventKind::Message(message) => return self.message(message, contact).await.map(Some),
            _ => return Ok(None),
        }))
    }

    async fn message(
        &mut self,
        message: &ReceivedMessage,
        contact: &ContactId,
    ) -> Result<What, ServiceError> {
        let id = message.id.to_string();
        let media = |sort, name, size_bytes| What::Media { message: id.clone(), sort, name, size_bytes };
        Ok(match &message.content {
            MessageContent::Text(text) => {
                if let Some(code) = code_in(&self.bot.texts, &text.text) {
                    return Ok(What::Code { code: code.reveal() });
                }
                if is_command(&self.bot.texts, &text.text) {
                    // Our own words: screening would take some of them for names.
                    let words = Words {
                        message: id,
                        text: text.text.clone(),
                        masked: Vec::new(),
                        context: Context::Consultation,
                        confirmed: false,
                    };
                    self.standing(contact).await?;
                    return Ok(What::Text(words));
                }
                let standing = self.standing(contact).await?;
                if let Some(data) =
                    standing.as_ref().and_then(|dialogue| dialogue.chosen(&self.bot.texts, &text.text))
                {
                    // The label of an answer that we offered: the same as tapping it.
                    return Ok(What::Tap { data, date: None, time: None });
                }
                let context = standing.map_or(Context::Consultation, |dialogue| dialogue.context());
                let (text, masked) = mask(self.bot.centre.screen(), &text.text, context);
                What::Text(Words { message: id, text, masked, context, confirmed: false })
            }
            MessageContent::Image(picture) if !picture.is_hosted_by_line() => {
                What::Other { kind: "external".to_owned() }
            }
            MessageContent::Image(_) => media(MediaSort::Image, None, None),
            MessageContent::File(file) => {
                // A file that nobody asked for is refused, and its name is nobody's business.
                let context = match self.standing(contact).await? {
                    Some(dialogue) => self.bot.takes_media(&dialogue).then_some(Context::Post),
                    None => Some(Context::Consultation),
                };
                let screen = self.bot.centre.screen();
                let name = context.map(|context| screen.check(&file.file_name, context).into_masked());
                media(MediaSort::File, name, Some(file.size_bytes))
            }
            MessageContent::Video(_) => media(MediaSort::Video, None, None),
            MessageContent::Audio(_) => media(MediaSort::Audio, None, None),
            MessageContent::Location(_) => What::Other { kind: "location".to_owned() },
            MessageContent::Sticker(_) => What::Other { kind: "sticker".to_owned() },
            _ => What::Other { kind: "unknown".to_owned() },
        })
    }

    /// Where the dialogue with this person stands, when that is certain: nothing else of theirs is on its way. Only then a
    /// text can be taken for an offered answer or a field of a draft; in every other case the stricter rules for chats hold.
    async fn standing(&mut self, contact: &ContactId) -> Result<Option<Dialogue>, ServiceError> {
        if !self.seen.insert(contact.clone()) || self.in_hand.is_elsewhere(contact) {
            return Ok(None);
        }
        let centre = &self.bot.centre;
        let Some(member) = centre.member_by_contact(contact).await? else { return Ok(None) };
        // Before the dialogue is read: what is worked off in between has moved it on by then.
        if !centre.waiting_in_lane(&lane_of(contact), 1).await?.is_empty() {
            return Ok(None);
        }
        match centre.store().load::<Dialogue>(&member.value.id.to_string()).await {
            Ok(dialogue) => Ok(dialogue.map(|dialogue| dialogue.value)),
            // The worker will say so, and set the event aside; here the stricter rules are enough.
            Err(StoreError::Corrupt(..)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn short(text: Option<&String>) -> Option<String> {
    text.filter(|text| text.len() <= 16).cloned()
}

/// The text without what is blocked, and of what kinds that was.
fn mask(screen: &Screen, text: &str, context: Context) -> (String, Vec<PiiKind>) {
    let screened = screen.check(text, context);
    let mut kinds: Vec<PiiKind> = Vec::new();
    for mark in &screened.marks {
        if mark.action == Action::Block && !kinds.contains(&mark.kind) {
            kinds.push(mark.kind);
        }
    }
    (screened.into_masked(), kinds)
}

/// LINE's id of the event; for those of years ago, one made of what stays the same in a repeat.
fn event_id(event: &Event, contact: &ContactId) -> String {
    if let Some(id) = &event.webhook_event_id {
        return id.to_string();
    }
    let what = match &event.kind {
        EventKind::Message(message) => message.id.to_string(),
        EventKind::Unsend { message_id } => message_id.to_string(),
        EventKind::Postback(postback) => postback.data.clone(),
        _ => String::new(),
    };
    let parts =
        format!("{} {} {} {what}", event.kind.name(), event.timestamp.as_millisecond(), contact.as_str());
    format!("derived-{}", Sha256Hash::of(parts.as_bytes()).to_hex())
}
