//! The two statements of a group: what it must know, and what it writes.

use std::collections::BTreeSet;

use lupinus_core::store::{IndexEntry, Kind, Record, RecordKey, Version};
use sqlx::{PgConnection, Postgres, QueryBuilder, Row as _, postgres::PgRow};

use super::stage::{Before, Change, Claim, Entry, Known, Plan, RowId, claims};
use crate::row::class_name;

const READ: &str = "SELECT r.kind, r.key, NULL::bytea, NULL::bytea, r.version, r.indexes, r.xmin::text \
     FROM unnest($1::bytea[], $2::bytea[]) AS asked (kind, key) \
     JOIN record r ON r.kind = asked.kind AND r.key = asked.key \
     UNION ALL \
     SELECT c.kind, c.key, c.index, c.value, NULL, NULL, NULL \
     FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS asked (kind, index, value) \
     JOIN claim c ON c.kind = asked.kind AND c.index = asked.index AND c.value = asked.value";

/// Reads what the changes touch, as of one moment.
pub(crate) async fn read<'a>(
    connection: &mut PgConnection,
    changes: impl Iterator<Item = &'a Change> + Clone,
) -> sqlx::Result<Known> {
    let keys: BTreeSet<&RecordKey> = changes.clone().flat_map(Change::keys).collect();
    let wanted: BTreeSet<Claim> =
        changes.flat_map(Change::records).flat_map(|record| claims(&record.key, &record.indexes)).collect();
    let rows = sqlx::query(READ)
        .bind(column(&keys, |key| key.kind.as_str()))
        .bind(column(&keys, |key| &key.key))
        .bind(column(&wanted, |claim| claim.kind.as_str()))
        .bind(column(&wanted, |claim| &claim.index))
        .bind(column(&wanted, |claim| &claim.value))
        .fetch_all(connection)
        .await?;
    let mut known = Known::default();
    for row in &rows {
        let key = RecordKey::new(Kind::from_name(text(row, 0)?), text(row, 1)?);
        if let Some(version) = row.try_get::<Option<i64>, _>(4)? {
            let version = Version::from_number(u64::try_from(version).map_err(decode)?);
            let indexes: Vec<IndexEntry> = serde_json::from_str(row.try_get(5)?).map_err(decode)?;
            known.claims.extend(claims(&key, &indexes).map(|claim| (claim, key.key.clone())));
            known.records.insert(key, Before { version, row: RowId(row.try_get(6)?), indexes });
        } else {
            let claim = Claim { kind: key.kind, index: text(row, 2)?, value: text(row, 3)? };
            known.claims.insert(claim, key.key);
        }
    }
    Ok(known)
}

fn decode<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

fn text(row: &PgRow, column: usize) -> sqlx::Result<String> {
    String::from_utf8(row.try_get::<Vec<u8>, _>(column)?).map_err(decode)
}

fn column<'t, T: 't>(of: impl IntoIterator<Item = &'t T>, part: impl Fn(&'t T) -> &'t str) -> Vec<&'t [u8]> {
    of.into_iter().map(|item| part(item).as_bytes()).collect()
}

/// Writes the plan, whole or not at all: one statement is one transaction, so that a program that stops in between leaves
/// no lock behind. Ends with a serialisation failure, or a key that exists, when somebody else was quicker.
pub(crate) async fn write(connection: &mut PgConnection, plan: &Plan) -> sqlx::Result<()> {
    let Some(mut sql) = statement(plan) else { return Ok(()) };
    sql.build().execute(connection).await?;
    Ok(())
}

/// Rows in the order of their keys throughout, so that two programs take their locks in the same order.
fn statement(plan: &Plan) -> Option<QueryBuilder<Postgres>> {
    let mut sql = Parts::default();
    if !plan.inserts.is_empty() {
        sql.part("inserted");
        sql.sql.push(
            "INSERT INTO record (kind, key, version, schema, class, indexes, body) SELECT * FROM unnest(",
        );
        sql.records(&plan.inserts.iter().collect::<Vec<_>>());
        sql.sql.push(")");
    }
    if !plan.updates.is_empty() {
        sql.part("updated");
        sql.sql.push(
            "UPDATE record r SET version = n.version, schema = n.schema, class = n.class, indexes = n.indexes, body = n.body \
             FROM unnest(",
        );
        sql.records(&plan.updates.iter().map(|(record, _)| record).collect::<Vec<_>>());
        sql.rows(plan.updates.iter().map(|(_, row)| row));
        sql.sql.push(
            ") AS n (kind, key, version, schema, class, indexes, body, seen) \
             WHERE r.kind = n.kind AND r.key = n.key AND r.xmin::text = n.seen RETURNING 1",
        );
    }
    if !plan.deletes.is_empty() {
        sql.part("deleted");
        sql.sql.push("DELETE FROM record r USING unnest(");
        sql.bytes(&plan.deletes, |(key, _)| key.kind.as_str());
        sql.sql.push(", ");
        sql.bytes(&plan.deletes, |(key, _)| &key.key);
        sql.rows(plan.deletes.iter().map(|(_, row)| row));
        sql.sql.push(
            ") AS o (kind, key, seen) \
             WHERE r.kind = o.kind AND r.key = o.key AND r.xmin::text = o.seen RETURNING 1",
        );
    }
    if !plan.old_entries.is_empty() {
        sql.part("exited");
        sql.sql.push("DELETE FROM entry e USING unnest(");
        sql.entries(&plan.old_entries);
        sql.sql.push(
            ") AS o (kind, index, value, key) \
             WHERE e.kind = o.kind AND e.index = o.index AND e.value = o.value AND e.key = o.key",
        );
    }
    if !plan.new_entries.is_empty() {
        sql.part("entered");
        sql.sql.push("INSERT INTO entry (kind, index, value, key) SELECT * FROM unnest(");
        sql.entries(&plan.new_entries);
        sql.sql.push(")");
    }
    if !plan.freed.is_empty() {
        sql.part("let_go");
        sql.sql.push("DELETE FROM claim c USING unnest(");
        sql.claims(&plan.freed, |claim| claim);
        sql.sql.push(
            ") AS o (kind, index, value) WHERE c.kind = o.kind AND c.index = o.index AND c.value = o.value",
        );
    }
    if !plan.moved.is_empty() {
        sql.part("moved");
        sql.sql.push("UPDATE claim c SET key = n.key FROM unnest(");
        sql.claims(&plan.moved, |(claim, _)| claim);
        sql.sql.push(", ");
        sql.bytes(&plan.moved, |(_, holder)| holder);
        sql.sql.push(
            ") AS n (kind, index, value, key) WHERE c.kind = n.kind AND c.index = n.index AND c.value = n.value",
        );
    }
    if !plan.taken.is_empty() {
        sql.part("taken");
        sql.sql.push("INSERT INTO claim (kind, index, value, key) SELECT * FROM unnest(");
        sql.claims(&plan.taken, |(claim, _)| claim);
        sql.sql.push(", ");
        sql.bytes(&plan.taken, |(_, holder)| holder);
        sql.sql.push(")");
    }
    if plan.erases {
        sql.part("erased");
        sql.sql.push("INSERT INTO erasure DEFAULT VALUES");
    }
    sql.finish(plan)
}

struct Parts {
    sql: QueryBuilder<Postgres>,
    is_begun: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self { sql: QueryBuilder::new("WITH "), is_begun: false }
    }
}

impl Parts {
    fn part(&mut self, name: &str) {
        if self.is_begun {
            self.sql.push("), ");
        }
        self.is_begun = true;
        self.sql.push(name).push(" AS (");
    }

    /// The statement: its parts, and an error unless each update and delete met the row that it was decided on.
    fn finish(mut self, plan: &Plan) -> Option<QueryBuilder<Postgres>> {
        if !self.is_begun {
            return None;
        }
        self.sql.push(") SELECT CASE WHEN ");
        let mut met = vec![];
        if !plan.updates.is_empty() {
            met.push("(SELECT count(*) FROM updated)");
        }
        if !plan.deletes.is_empty() {
            met.push("(SELECT count(*) FROM deleted)");
        }
        if met.is_empty() {
            met.push("0");
        }
        self.sql.push(met.join(" + ")).push(" = ");
        let expected = plan.updates.len() + plan.deletes.len();
        self.sql.push_bind(i64::try_from(expected).unwrap_or(i64::MAX));
        self.sql.push(" THEN true ELSE changed_since_read() END");
        Some(self.sql)
    }

    fn bytes<'t, T>(&mut self, of: &'t [T], part: impl Fn(&'t T) -> &'t str) {
        self.sql.push_bind(column(of, part)).push("::bytea[]");
    }

    fn rows<'r>(&mut self, rows: impl Iterator<Item = &'r RowId>) {
        let rows: Vec<&str> = rows.map(|row| row.0.as_str()).collect();
        self.sql.push(", ").push_bind(rows).push("::text[]");
    }

    fn claims<'t, T>(&mut self, of: &'t [T], claim: impl Fn(&'t T) -> &'t Claim) {
        self.bytes(of, |item| claim(item).kind.as_str());
        self.sql.push(", ");
        self.bytes(of, |item| &claim(item).index);
        self.sql.push(", ");
        self.bytes(of, |item| &claim(item).value);
    }

    fn entries(&mut self, of: &[(RecordKey, Entry)]) {
        self.bytes(of, |(key, _)| key.kind.as_str());
        self.sql.push(", ");
        self.bytes(of, |(_, (index, _))| index);
        self.sql.push(", ");
        self.bytes(of, |(_, (_, value))| value);
        self.sql.push(", ");
        self.bytes(of, |(key, _)| &key.key);
    }

    fn records(&mut self, records: &[&Record]) {
        let sql = &mut self.sql;
        sql.push_bind(column(records, |record| record.key.kind.as_str())).push("::bytea[], ");
        sql.push_bind(column(records, |record| &record.key.key)).push("::bytea[], ");
        let versions: Vec<i64> = records.iter().map(|record| number(record.version)).collect();
        sql.push_bind(versions).push("::bigint[], ");
        let schemas: Vec<i32> = records.iter().map(|record| i32::from(record.schema)).collect();
        sql.push_bind(schemas).push("::integer[], ");
        let classes: Vec<&str> = records.iter().map(|record| class_name(record.class)).collect();
        sql.push_bind(classes).push("::text[], ");
        let entries: Vec<String> = records.iter().map(|record| indexes(record)).collect();
        sql.push_bind(entries).push("::text[], ");
        let bodies: Vec<&str> = records.iter().map(|record| &*record.body).collect();
        sql.push_bind(bodies).push("::text[]");
    }
}

/// Versions that do not fit were refused before.
fn number(version: Version) -> i64 {
    i64::try_from(version.number()).unwrap_or(i64::MAX)
}

fn indexes(record: &Record) -> String {
    // Strings and booleans always become JSON.
    serde_json::to_string(&record.indexes).unwrap_or_else(|_| "[]".to_owned())
}
