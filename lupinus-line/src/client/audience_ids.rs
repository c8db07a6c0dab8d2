//! Who is to be in an audience, and what it is called.

use serde::Serialize;

use super::request::FileSource;
use crate::UserId;
use crate::message::{InvalidMessage, Unit, utf16_len};

/// Most ids in one call with JSON
/// ([source](https://developers.line.biz/en/reference/messaging-api/#create-upload-audience-group)).
pub const MAX_AUDIENCE_IDS: usize = 10_000;
/// Most ids in one file
/// ([source](https://developers.line.biz/en/reference/messaging-api/#create-upload-audience-group-by-file)).
pub const MAX_AUDIENCE_FILE_IDS: usize = 1_500_000;
/// Longest name of an audience, in **UTF-16 code units** (same source).
pub const MAX_AUDIENCE_NAME_UTF16: usize = 120;
/// Longest name of an upload, in **UTF-16 code units** (same source).
pub const MAX_UPLOAD_NAME_UTF16: usize = 300;
/// The name of an audience: 1 to [`MAX_AUDIENCE_NAME_UTF16`], without control characters; unique whatever its case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct AudienceName(pub(super) String);

/// The name of an upload: 1 to [`MAX_UPLOAD_NAME_UTF16`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct UploadName(pub(super) String);

fn named(field: &'static str, name: String, max: usize) -> Result<String, InvalidMessage> {
    let len = utf16_len(&name);
    if name.trim().is_empty() {
        Err(InvalidMessage::Empty { field })
    } else if len > max {
        Err(InvalidMessage::TooLong { field, len, max, unit: Unit::Utf16 })
    } else if name.chars().any(char::is_control) {
        Err(InvalidMessage::Form { field })
    } else {
        Ok(name)
    }
}

impl AudienceName {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`InvalidMessage`].
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidMessage> {
        named("description", name.into(), MAX_AUDIENCE_NAME_UTF16).map(Self)
    }
}

impl UploadName {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`InvalidMessage`].
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidMessage> {
        named("uploadDescription", name.into(), MAX_UPLOAD_NAME_UTF16).map(Self)
    }
}

/// Ids of users, or of their phones for advertising: one kind in one audience. Not printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct AudienceIds {
    pub(super) ids: Vec<String>,
    pub(super) is_ifa: bool,
}

impl AudienceIds {
    /// Users.
    ///
    /// # Errors
    /// [`InvalidMessage::Count`] for more than [`MAX_AUDIENCE_IDS`].
    pub fn users(users: impl IntoIterator<Item = UserId>) -> Result<Self, InvalidMessage> {
        Self::checked(users.into_iter().map(String::from).collect(), false)
    }

    /// Phones, by their id for advertising (IFA). On application only.
    ///
    /// # Errors
    /// [`InvalidMessage::Count`] for more than [`MAX_AUDIENCE_IDS`].
    pub fn ifas(ids: impl IntoIterator<Item = String>) -> Result<Self, InvalidMessage> {
        Self::checked(ids.into_iter().collect(), true)
    }

    fn checked(ids: Vec<String>, is_ifa: bool) -> Result<Self, InvalidMessage> {
        crate::message::check_count("audiences", ids.len(), 0, MAX_AUDIENCE_IDS)?;
        Ok(Self { ids, is_ifa })
    }
}

impl std::fmt::Debug for AudienceIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AudienceIds({})", self.ids.len())
    }
}

/// A file of ids, one a line, at most [`MAX_AUDIENCE_FILE_IDS`]. A file on disk is opened for each try and sent piece by piece.
#[derive(Clone)]
pub struct IdFile {
    pub(super) source: FileSource,
    pub(super) is_ifa: bool,
}

impl IdFile {
    /// A file on disk.
    pub fn at(path: impl Into<std::path::PathBuf>) -> Self {
        Self { source: FileSource::Path(path.into()), is_ifa: false }
    }

    /// Users.
    ///
    /// # Errors
    /// [`InvalidMessage::Count`] for none or more than [`MAX_AUDIENCE_FILE_IDS`].
    pub fn users(users: impl IntoIterator<Item = UserId>) -> Result<Self, InvalidMessage> {
        let (mut text, mut count) = (String::new(), 0);
        for user in users {
            text.push_str(user.as_str());
            text.push('\n');
            count += 1;
        }
        crate::message::check_count("file", count, 1, MAX_AUDIENCE_FILE_IDS)?;
        Ok(Self { source: FileSource::Bytes(text.into()), is_ifa: false })
    }

    /// The ids are those of phones for advertising (IFA), not of users.
    pub const fn of_ifas(mut self) -> Self {
        self.is_ifa = true;
        self
    }
}

impl std::fmt::Debug for IdFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdFile(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bounded() {
        for (name, ok) in [
            (String::new(), false),
            (" ".to_owned(), false),
            ("a\n".to_owned(), false),
            ("🍎".repeat(60), true),
            ("🍎".repeat(60) + "a", false),
        ] {
            assert_eq!(AudienceName::new(name.clone()).is_ok(), ok, "{name:?}");
        }
        assert!(UploadName::new("a".repeat(300)).is_ok() && UploadName::new("a".repeat(301)).is_err());
    }

    #[test]
    fn ids_are_counted_and_not_printed() {
        let user = |n: usize| UserId::new(format!("U{n:032x}")).unwrap();
        assert!(AudienceIds::users((0..10_000).map(user)).is_ok());
        assert!(AudienceIds::users((0..10_001).map(user)).is_err());
        let printed = format!("{:?} {:?}", AudienceIds::users([user(1)]), IdFile::users([user(1)]));
        assert!(!printed.contains("0001"), "{printed}");
    }
}
