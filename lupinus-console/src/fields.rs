//! What a form brought.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, FromRequestParts, Multipart, Request},
    http::{HeaderMap, header, request::Parts},
};
use lupinus_core::ids::StaffId;

use crate::error::Problem;

/// Most fields of one form: the longest one has every profession of the city, with those that are offered no more.
const MAX_FIELDS: usize = 800;

/// A file of a form.
#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// The fields of a form, in their order. Holds what people typed, so it has no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Fields {
    values: Vec<(String, String)>,
    files: Vec<Upload>,
}

impl Fields {
    /// Reads a body as a form. Line ends are `\n` afterwards.
    pub(crate) async fn read(headers: &HeaderMap, bytes: Bytes) -> Result<Self, Problem> {
        let media_type = Self::media_type(headers);
        if media_type.starts_with("multipart/form-data") {
            let mut fields = Self::default();
            fields.take_multipart(media_type, bytes).await?;
            return Ok(fields);
        }
        let values = url::form_urlencoded::parse(&bytes)
            .take(MAX_FIELDS)
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        Ok(Self { values, files: Vec::new() })
    }

    /// Reads what is whole at the beginning of a body that may have been cut.
    pub(crate) async fn read_beginning(headers: &HeaderMap, bytes: Bytes) -> Self {
        let mut fields = Self::default();
        let media_type = Self::media_type(headers);
        if media_type.starts_with("multipart/form-data") {
            // What could be read stays; the error is where the body was cut.
            let _ = fields.take_multipart(media_type, bytes).await;
            fields.files.clear();
            return fields;
        }
        Self::read(headers, bytes).await.unwrap_or_default()
    }

    fn media_type(headers: &HeaderMap) -> &str {
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    async fn take_multipart(&mut self, media_type: &str, bytes: Bytes) -> Result<(), Problem> {
        let mut request = Request::builder()
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(bytes))
            .map_err(|_| Problem::unreadable())?;
        // The body was read under its door's own limit before.
        axum::extract::DefaultBodyLimit::disable().apply(&mut request);
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Problem::unreadable())?;
        while let Some(part) = parts.next_field().await.map_err(|_| Problem::unreadable())? {
            if self.values.len() + self.files.len() >= MAX_FIELDS {
                return Err(Problem::unreadable());
            }
            let field = part.name().unwrap_or_default().to_owned();
            if let Some(name) = part.file_name().map(str::to_owned) {
                let bytes = part.bytes().await.map_err(|_| Problem::unreadable())?;
                if !bytes.is_empty() {
                    self.files.push(Upload { field, name, bytes });
                }
            } else {
                let text = part.text().await.map_err(|_| Problem::unreadable())?;
                self.values.push((field, text.replace("\r\n", "\n")));
            }
        }
        Ok(())
    }

    /// The field's value as typed; empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// The field's value without space around it, if there is something.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|value| !value.is_empty())
    }

    /// The field's value, owned.
    pub(crate) fn some_owned(&self, name: &str) -> Option<String> {
        self.some(name).map(str::to_owned)
    }

    /// Every value of the field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether the field has this value among its values.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Sets a field, as if it had been typed: for forms that are filled in beforehand.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.push((name.to_owned(), value.into()));
    }

    /// The same form with this in the field, whatever was typed there.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.retain(|(field, _)| field != name);
        self.set(name, value);
        self
    }

    /// The same without these fields.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.values.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// The files that came under this name.
    pub(crate) fn files<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Upload> {
        self.files.iter().filter(move |file| file.field == field)
    }

    /// Fields to carry over to the next form, by name.
    pub(crate) fn carried(&self, names: &[&str]) -> Vec<(String, String)> {
        self.values.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
    }

    /// In whose stead somebody wants to act (代決): the field `as`.
    pub(crate) fn stands_in_for(&self) -> Result<Option<StaffId>, Problem> {
        self.some("as").map(|id| id.parse().map_err(|_| Problem::unreadable())).transpose()
    }

    /// The words that would be lost if the page were: never passwords, tokens and ids.
    pub(crate) fn words(&self) -> Vec<String> {
        const WORDS: [&str; 20] = [
            "comment", "reason", "title", "body", "text", "venue", "online", "fee", "contact", "hosts",
            "link", "date", "starts", "ends", "capacity", "apply_by", "name", "tag", "word", "summary",
        ];
        self.values
            .iter()
            .filter(|(name, value)| {
                let words = WORDS.contains(&name.as_str()) || name.starts_with("item_");
                words && !value.trim().is_empty()
            })
            .map(|(_, value)| value.clone())
            .collect()
    }
}

/// The gate puts the fields there, after it has checked their token.
impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_would_be_lost_is_words_and_no_password() {
        let body = Bytes::from_static(b"comment=a%0D%0Ab&password=secret&csrf=token&comment=&as=1");
        let fields = Fields::read(&HeaderMap::new(), body).await.unwrap_or_default();
        assert_eq!(fields.words(), ["a\nb"]);
    }
}
