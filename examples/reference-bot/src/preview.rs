//! A post in the console's phone: read off the very message that members receive.

use lupinus_bot::{
    Bot,
    render::{Marks, Renderer},
};
use lupinus_console::{Phone, PhonePart, PostPreview};
use lupinus_core::{outbox::DeliveryKind, post::Content};
use serde_json::Value;

/// Shows posts as the bot renders them.
#[derive(Debug)]
pub struct BotPreview(Renderer);

impl BotPreview {
    /// With the bot's own texts and links.
    pub fn of(bot: &Bot) -> Self {
        Self(bot.renderer().clone())
    }
}

impl PostPreview for BotPreview {
    fn preview(&self, content: &Content, _sender: &str, kind: DeliveryKind, correction: bool) -> Phone {
        match self.0.post_json(content, Marks { kind, correction }) {
            Ok(message) => phone(&message),
            Err(error) => {
                Phone { parts: vec![PhonePart::Text(format!("この内容は送れません: {error}"))] }
            }
        }
    }
}

/// A Flex message of one bubble as the console draws it: nothing that it says is left out.
fn phone(message: &Value) -> Phone {
    let bubble = &message["contents"];
    let mut parts = Vec::new();
    if let Some(alt) = bubble["hero"]["action"]["label"].as_str() {
        parts.push(PhonePart::Picture { alt: alt.to_owned() });
    }
    let mut title = String::new();
    let (mut rows, mut body) = (Vec::new(), Vec::new());
    for component in contents(&bubble["body"]) {
        match component["type"].as_str() {
            Some("text") if title.is_empty() => title = words(component).join(""),
            Some("text") => body.extend(words(component)),
            _ => rows.extend(contents(component).map(|row| {
                let mut said = words(row).into_iter();
                (said.next().unwrap_or_default(), said.collect::<Vec<_>>().join(" "))
            })),
        }
    }
    let buttons = contents(&bubble["footer"]).filter_map(|button| button["action"]["label"].as_str());
    parts.push(PhonePart::Card {
        badge: words(&bubble["header"]).join(" "),
        title,
        rows,
        body: body.join("\n"),
        buttons: buttons.map(str::to_owned).collect(),
    });
    Phone { parts }
}

fn contents(component: &Value) -> impl Iterator<Item = &Value> {
    component["contents"].as_array().into_iter().flatten()
}

/// Every text of a component, in order.
fn words(component: &Value) -> Vec<String> {
    match component["text"].as_str() {
        Some(text) => vec![text.to_owned()],
        None => contents(component).flat_map(words).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use jiff::{civil::date, tz::TimeZone};
    use lupinus_bot::{MediaLinks, Texts, system_centre};
    use lupinus_core::{
        hash::Sha256Hash,
        policy::Policy,
        post::{Attachment, Category, EventDetails, Venue},
        store::MemoryStore,
    };

    use super::*;

    fn attachment(media_type: &str, alt: &str) -> Attachment {
        Attachment {
            name: format!("{alt}.bin"),
            media_type: media_type.to_owned(),
            size_bytes: 10,
            sha256: Sha256Hash::of(alt.as_bytes()),
            alt: alt.to_owned(),
            look: None,
            checked: true,
        }
    }

    fn training() -> Content {
        Content {
            category: Category::Training,
            title: "褥瘡ケア研修会".to_owned(),
            body: "基礎から学びます。\nどなたでもどうぞ。".to_owned(),
            event: Some(EventDetails {
                date: date(2026, 10, 5),
                starts: None,
                ends: None,
                venue: Some(Venue::Place("市民会館".to_owned())),
                capacity: Some(30),
                apply_by: None,
                fee: Some("無料".to_owned()),
                contact: None,
                hosts: None,
            }),
            attachments: vec![attachment("image/png", "会場の地図"), attachment("application/pdf", "チラシ")],
            link: Some("https://example.org/training".to_owned()),
            expires_at: None,
            sender: Some("藤波市看護協会".to_owned()),
        }
    }

    /// Every word that a message shows.
    fn shown(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    match value.as_str() {
                        Some(text) if name == "text" || name == "label" => {
                            found.insert(text.to_owned());
                        }
                        _ => shown(value, found),
                    }
                }
            }
            Value::Array(all) => all.iter().for_each(|value| shown(value, found)),
            _ => {}
        }
    }

    #[tokio::test]
    async fn the_preview_says_what_the_message_says_and_nothing_else() {
        // R33
        let centre = system_centre(Arc::new(MemoryStore::new()), Policy::default());
        for base in ["http://127.0.0.1:8080", "https://bot.example.org"] {
            let links = MediaLinks::of(&centre, Some(base)).await.unwrap();
            let renderer = Renderer::new(Texts::japanese(), links, TimeZone::UTC);
            for (kind, correction) in [
                (DeliveryKind::Production, false),
                (DeliveryKind::Production, true),
                (DeliveryKind::Test, false),
            ] {
                let marks = Marks { kind, correction };
                let message = renderer.post_json(&training(), marks).unwrap();
                let mut expected = BTreeSet::new();
                shown(&message["contents"], &mut expected);
                let mut said = BTreeSet::new();
                for part in BotPreview(renderer.clone()).preview(&training(), "", kind, correction).parts {
                    match part {
                        PhonePart::Text(text) => said.extend([text]),
                        PhonePart::Picture { alt } => said.extend([alt]),
                        PhonePart::Choices(labels) => said.extend(labels),
                        PhonePart::Card { badge, title, rows, body, buttons } => {
                            said.extend(badge.split(' ').map(str::to_owned));
                            said.extend([title]);
                            said.extend(body.strip_prefix(&training().body).map(|_| training().body));
                            said.extend(
                                body.lines().skip(training().body.lines().count()).map(str::to_owned),
                            );
                            said.extend(rows.into_iter().flat_map(|(label, words)| [label, words]));
                            said.extend(buttons);
                        }
                    }
                }
                assert_eq!(said, expected, "{base:?} {kind:?} {correction}");
            }
        }
    }
}
