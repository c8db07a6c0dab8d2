//! What can be changed of a person: what they show of themselves, and what only LINE and they know.
#![expect(clippy::option_option, reason = "absent, null and a value are three different things")]

use serde_json::{Map, Value};
use url::Url;

use super::{Done, invalid};
use crate::{
    state::{Attributes, Person, Profile},
    validate::{AGES, is_area},
};

/// Changes that hold together; what is absent stays. `Some(None)` takes a thing away.
#[derive(Debug, Default)]
pub(crate) struct Change {
    display_name: Option<String>,
    picture_url: Option<Option<String>>,
    status_message: Option<Option<String>>,
    language: Option<Option<String>>,
    consents: Option<bool>,
    deleted: Option<bool>,
    phone: Option<Option<String>>,
    attributes: Option<Attributes>,
}

impl Change {
    /// Reads a change as the control call takes it.
    ///
    /// # Errors
    /// [`ControlError::Invalid`](super::ControlError::Invalid), naming the first field that is wrong and what would be right.
    pub(crate) fn read(body: &Value) -> Done<Self> {
        let body = body.as_object().ok_or_else(|| invalid("the body must be an object"))?;
        let mut change = Self::default();
        for (key, value) in body {
            match key.as_str() {
                "displayName" => change.display_name = Some(display_name(value)?),
                "pictureUrl" => {
                    let form = "an http or https address, or null";
                    change.picture_url = Some(optional(key, value, form, is_address)?);
                }
                "statusMessage" => {
                    let form = "a string of at most 500 characters, or null";
                    let text = optional(key, value, form, |text| text.chars().count() <= 500)?;
                    change.status_message = Some(text.filter(|text| !text.is_empty()));
                }
                "language" => {
                    let form = "a language such as ja or zh-Hant, or null";
                    change.language = Some(optional(key, value, form, is_language)?);
                }
                "phone" => {
                    let form = "a telephone number such as +818012345678, or null";
                    change.phone = Some(optional(key, value, form, is_phone)?);
                }
                "consents" => change.consents = Some(boolean(key, value)?),
                "deleted" => change.deleted = Some(boolean(key, value)?),
                "attributes" => change.attributes = Some(attributes(value)?),
                _ => return Err(unknown("", key, &FIELDS)),
            }
        }
        Ok(change)
    }

    /// Carries it out.
    pub(crate) fn apply(self, person: &mut Person) {
        if let Some(name) = self.display_name {
            person.display_name = name;
        }
        if self.picture_url.is_some() || self.status_message.is_some() || self.language.is_some() {
            let profile = person.profile.get_or_insert_default();
            put(&mut profile.picture_url, self.picture_url);
            put(&mut profile.status_message, self.status_message);
            put(&mut profile.language, self.language);
            if **profile == Profile::default() {
                person.profile = None;
            }
        }
        person.hides_profile = self.consents.map_or(person.hides_profile, |consents| !consents);
        person.deleted = self.deleted.unwrap_or(person.deleted);
        put(&mut person.phone, self.phone.map(|phone| phone.map(String::into_boxed_str)));
        if let Some(attributes) = self.attributes {
            person.attributes = Some(Box::new(attributes));
        }
    }
}

const FIELDS: [&str; 8] =
    ["displayName", "pictureUrl", "statusMessage", "language", "consents", "deleted", "phone", "attributes"];

fn put<T>(field: &mut Option<T>, change: Option<Option<T>>) {
    if let Some(value) = change {
        *field = value;
    }
}

fn unknown(head: &str, key: &str, known: &[&str]) -> super::ControlError {
    invalid(format!("{head}{key} is no field of a person: there are {}", known.join(", ")))
}

/// A name: any text that is not empty.
pub(crate) fn display_name(value: &Value) -> Done<String> {
    let name = value.as_str().filter(|name| !name.trim().is_empty());
    name.map(str::to_owned).ok_or_else(|| invalid("displayName must be a string that is not empty"))
}

fn optional(key: &str, value: &Value, form: &str, fits: fn(&str) -> bool) -> Done<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if fits(text) => Ok(Some(text.clone())),
        _ => Err(invalid(format!("{key} must be {form}"))),
    }
}

fn boolean(key: &str, value: &Value) -> Done<bool> {
    value.as_bool().ok_or_else(|| invalid(format!("{key} must be true or false")))
}

fn attributes(value: &Value) -> Done<Attributes> {
    let given: &Map<String, Value> =
        value.as_object().ok_or_else(|| invalid("attributes must be an object"))?;
    let mut attributes = Attributes::default();
    for (key, value) in given {
        let name = format!("attributes.{key}");
        let read = |form: &str, fits: fn(&str) -> bool| optional(&name, value, form, fits);
        match key.as_str() {
            "gender" => attributes.gender = read("male or female", |word| matches!(word, "male" | "female"))?,
            "age" => attributes.age = read("one of age_15, age_20, … age_70", |word| AGES.contains(&word))?,
            "area" => attributes.area = read("an area such as jp_13", is_area)?,
            "appType" => {
                attributes.app_type = read("ios or android", |word| matches!(word, "ios" | "android"))?;
            }
            _ => return Err(unknown("attributes.", key, &["gender", "age", "area", "appType"])),
        }
    }
    Ok(attributes)
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// BCP 47, as far as its form goes.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    matches!(first.len(), 2 | 3)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// E.164.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
