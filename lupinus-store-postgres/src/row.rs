//! Records as rows.

use lupinus_core::store::{Kind, Record, RecordClass, RecordKey, StoreError, Version};
use sqlx::{Row as _, postgres::PgRow};

use crate::error::Place;

/// The columns that [`record`] reads.
pub(crate) const COLUMNS: &str = "r.kind, r.key, r.version, r.schema, r.class, r.indexes, r.body";

#[derive(Debug, thiserror::Error)]
enum NotARecord {
    #[error("its row does not have the columns of a record")]
    Columns,
    #[error("its kind or its key is not UTF-8")]
    Name,
    #[error("its class is not known")]
    Class,
    #[error("its schema or its version is out of range")]
    Number,
    #[error("its index entries cannot be read")]
    Indexes,
}

/// The record in a row of [`COLUMNS`].
pub(crate) fn record(row: &PgRow) -> Result<Record, StoreError> {
    let (kind, key): (&[u8], &[u8]) = match (row.try_get("kind"), row.try_get("key")) {
        (Ok(kind), Ok(key)) => (kind, key),
        _ => (b"unknown", b"unknown"),
    };
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let corrupt = |why: NotARecord| {
        StoreError::Corrupt(RecordKey::new(Kind::from_name(lossy(kind)), lossy(key)), why.into())
    };
    read(row).map_err(corrupt)
}

fn read(row: &PgRow) -> Result<Record, NotARecord> {
    let columns = |_| NotARecord::Columns;
    let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| NotARecord::Name);
    let kind = Kind::from_name(name(row.try_get("kind").map_err(columns)?)?);
    let key = name(row.try_get("key").map_err(columns)?)?;
    let version: i64 = row.try_get("version").map_err(columns)?;
    let schema: i32 = row.try_get("schema").map_err(columns)?;
    let indexes: &str = row.try_get("indexes").map_err(columns)?;
    let body: &str = row.try_get("body").map_err(columns)?;
    Ok(Record {
        key: RecordKey::new(kind, key),
        version: Version::from_number(u64::try_from(version).map_err(|_| NotARecord::Number)?),
        schema: u16::try_from(schema).map_err(|_| NotARecord::Number)?,
        class: class(row.try_get("class").map_err(columns)?).ok_or(NotARecord::Class)?,
        indexes: serde_json::from_str(indexes).map_err(|_| NotARecord::Indexes)?,
        body: body.into(),
    })
}

/// A column of names, or that the row is of another statement.
pub(crate) fn text(
    row: &PgRow,
    column: &str,
    place: &Place,
    doing: &'static str,
) -> Result<String, StoreError> {
    let bytes: Option<&[u8]> = row.try_get(column).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    text.ok_or_else(|| StoreError::Unavailable(doing, place.driver().into()))
}

pub(crate) fn class_name(class: RecordClass) -> &'static str {
    match class {
        RecordClass::Publication => "publication",
        RecordClass::Consultation => "consultation",
        RecordClass::Membership => "membership",
        RecordClass::Administration => "administration",
        RecordClass::Audit => "audit",
        RecordClass::Operation => "operation",
    }
}

fn class(name: &str) -> Option<RecordClass> {
    let all = [
        RecordClass::Publication,
        RecordClass::Consultation,
        RecordClass::Membership,
        RecordClass::Administration,
        RecordClass::Audit,
        RecordClass::Operation,
    ];
    all.into_iter().find(|class| class_name(*class) == name)
}
