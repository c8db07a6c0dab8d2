use jiff::tz::TimeZone;
use lupinus_core::{
    consultation::Rating,
    outbox::{Message as Said, NotSent},
};
use lupinus_line::Message;

use super::{RenderError, quick_reply, tap, text};
use crate::Texts;

fn with_choices(message: Message, choices: &[(String, String)]) -> Result<Message, RenderError> {
    let actions = choices.iter().map(|(label, data)| tap(label, data)).collect::<Result<Vec<_>, _>>()?;
    Ok(match quick_reply(actions)? {
        Some(replies) => message.with_quick_reply(replies),
        None => message,
    })
}

/// What the centre has to tell one person: a state of their post, a word on their consultation.
pub(super) fn render(
    said: &Said,
    texts: &Texts,
    zone: &TimeZone,
    console: Option<&str>,
) -> Result<Message, RenderError> {
    match said {
        Said::PostTaken { title, .. } => text(&texts.with("post-taken", &[("title", title)])),
        Said::PostReturned { post, title, comment, field } => {
            let place = field.map_or_else(|| texts.get("post-whole"), |field| texts.field(field));
            let words =
                texts.with("post-returned", &[("title", title), ("comment", comment), ("field", &place)]);
            with_choices(text(&words)?, &[(texts.get("button-mend"), format!("post/edit/{post}"))])
        }
        Said::PostRejected { title, reason, .. } => {
            text(&texts.with("post-rejected", &[("title", title), ("reason", reason)]))
        }
        Said::PostApproved { title, .. } => text(&texts.with("post-approved", &[("title", title)])),
        Said::PostScheduled { title, at, .. } => {
            text(&texts.with("post-scheduled", &[("title", title), ("at", &texts.moment(*at, zone))]))
        }
        Said::PostWithdrawn { title, reason, .. } => {
            text(&texts.with("post-withdrawn", &[("title", title), ("reason", reason)]))
        }
        Said::PostSent { title, recipients, .. } => {
            text(&texts.with("post-sent", &[("title", title), ("recipients", &recipients.to_string())]))
        }
        Said::PostNotSent { title, why, .. } => {
            let key = match why {
                NotSent::Unscheduled => "post-unscheduled",
                NotSent::Expired => "post-expired",
                NotSent::Altered => "post-altered",
                NotSent::Incomplete => "post-incomplete",
                NotSent::Failed => "post-failed",
                NotSent::Nobody => "post-nobody",
                NotSent::Cancelled => "post-cancelled",
            };
            text(&texts.with(key, &[("title", title)]))
        }
        Said::ConsultationReceived { consultation, closed_until, joined } => {
            let mut words = texts.get(if *joined { "consult-joined" } else { "consult-received" });
            if let Some(until) = closed_until {
                let opening = texts.with("consult-closed", &[("until", &texts.moment(*until, zone))]);
                words = format!("{words}\n\n{opening}");
            }
            // R5: the first answer of each consultation shows the rule.
            words = format!("{words}\n\n{}", texts.get("rule-line"));
            with_choices(
                text(&words)?,
                &[(texts.get("button-resolved"), format!("consult/resolve/{consultation}"))],
            )
        }
        Said::ConsultationMasked { consultation, kinds } => {
            let words = texts.with("consult-masked", &[("kinds", &texts.kinds(kinds))]);
            with_choices(
                text(&words)?,
                &[(texts.get("button-resolved"), format!("consult/resolve/{consultation}"))],
            )
        }
        Said::ConsultationMediaRemoved { .. } => {
            // They are asked to write instead: the rule belongs below it (R5).
            text(&format!("{}\n\n{}", texts.get("consult-media-removed"), texts.get("rule-line")))
        }
        Said::ConsultationAnswer { consultation, text: answer } => {
            let words = texts.with("consult-answer", &[("answer", answer)]);
            with_choices(
                text(&words)?,
                &[(texts.get("button-resolved"), format!("consult/resolve/{consultation}"))],
            )
        }
        Said::ConsultationResolved { consultation, by_silence } => {
            let words = if *by_silence {
                // They are asked to write on: the rule belongs below it (R5).
                format!("{}\n\n{}", texts.get("consult-silent"), texts.get("rule-line"))
            } else {
                texts.get("consult-resolved")
            };
            let ratings = Rating::ALL.map(|rating| {
                (texts.rating(rating), format!("consult/rate/{consultation}/{}", rating.name()))
            });
            with_choices(text(&format!("{words}\n\n{}", texts.get("consult-rate")))?, &ratings)
        }
        Said::ConsultationReferredOn { .. } => text(&texts.get("consult-referred-on")),
        Said::ConsultationReferral { summary } => {
            text(&texts.with("consult-referral", &[("summary", summary)]))
        }
        Said::StepReminder { post } => {
            let mut words = texts.with("step-reminder", &[("number", &post.number())]);
            if let Some(console) = console {
                words = format!("{words}\n{console}/posts/{post}");
            }
            text(&words)
        }
        Said::StaffUnlinked => text(&texts.get("link-undone")),
        Said::Post { .. } | Said::Native { .. } => Err(RenderError::NoPost),
    }
}
