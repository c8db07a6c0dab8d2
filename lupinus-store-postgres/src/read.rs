//! What is asked of the tables, each in one statement, which sees one moment.

use std::collections::HashSet;

use lupinus_core::store::{Cursor, Direction, RecordKey, Scan};
use sqlx::{Postgres, QueryBuilder};

use crate::row::COLUMNS;

/// One record.
pub(crate) fn one(key: &RecordKey) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(COLUMNS).push(" FROM record r WHERE r.kind = ");
    sql.push_bind(key.kind.as_str().as_bytes().to_vec());
    sql.push(" AND r.key = ").push_bind(key.key.as_bytes().to_vec());
    sql
}

/// Several; each key once.
pub(crate) fn several(keys: &HashSet<&RecordKey>) -> QueryBuilder<Postgres> {
    let column = |of: fn(&RecordKey) -> &str| -> Vec<Vec<u8>> {
        keys.iter().map(|key| of(key).as_bytes().to_vec()).collect()
    };
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(COLUMNS).push(" FROM unnest(").push_bind(column(|key| key.kind.as_str()));
    sql.push("::bytea[], ").push_bind(column(|key| &key.key));
    sql.push("::bytea[]) AS asked (kind, key) JOIN record r ON r.kind = asked.kind AND r.key = asked.key");
    sql
}

/// One step of the index for each kind, however many records it has.
pub(crate) const KINDS: &str = "WITH RECURSIVE step (kind) AS ( \
     (SELECT kind FROM record ORDER BY kind LIMIT 1) \
     UNION ALL \
     SELECT (SELECT r.kind FROM record r WHERE r.kind > step.kind ORDER BY r.kind LIMIT 1) FROM step WHERE step.kind IS NOT NULL \
     ) SELECT kind FROM step WHERE kind IS NOT NULL";

/// Records, and bytes with indexes and what is stored outside of rows.
pub(crate) const SIZE: &str = "SELECT (SELECT count(*) FROM record), \
     (pg_total_relation_size('record') + pg_total_relation_size('entry') + pg_total_relation_size('claim'))::bigint";

/// Whether the user may write here, now.
pub(crate) const HEALTH: &str = "SELECT current_setting('transaction_read_only') = 'off' \
     AND has_table_privilege('record', 'SELECT, INSERT, UPDATE, DELETE')";

/// What a scan's range holds, in its direction, as far as one more than its page: by key.
pub(crate) fn page_by_key(scan: &Scan) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(COLUMNS).push(" FROM record r WHERE r.kind = ");
    sql.push_bind(scan.kind.as_str().as_bytes().to_vec());
    range(&mut sql, "r.key", scan);
    if let Some(after) = &scan.after {
        sql.push(match scan.direction {
            Direction::Forwards => " AND r.key > ",
            Direction::Backwards => " AND r.key < ",
        });
        sql.push_bind(after.key.as_bytes().to_vec());
    }
    sql.push(" ORDER BY r.key").push(direction(scan)).push(" LIMIT ").push_bind(one_more(scan));
    sql
}

/// The same by an index, with the value as `value`.
pub(crate) fn page_by_index(scan: &Scan, index: &str) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT found.value, ");
    sql.push(COLUMNS).push(" FROM (");
    for (number, table) in ["entry", "claim"].into_iter().enumerate() {
        sql.push(if number == 0 {
            "(SELECT value, key FROM "
        } else {
            ") UNION ALL (SELECT value, key FROM "
        });
        sql.push(table);
        of_index(&mut sql, scan, index);
        if let Some(Cursor { value, key }) = &scan.after {
            sql.push(match scan.direction {
                Direction::Forwards => " AND (value, key) > (",
                Direction::Backwards => " AND (value, key) < (",
            });
            sql.push_bind(value.as_bytes().to_vec()).push(", ").push_bind(key.as_bytes().to_vec()).push(")");
        }
        order(&mut sql, "value", "key", scan);
    }
    sql.push(")");
    order(&mut sql, "value", "key", scan);
    sql.push(") found JOIN record r ON r.key = found.key AND r.kind = ");
    sql.push_bind(scan.kind.as_str().as_bytes().to_vec());
    order(&mut sql, "found.value", "found.key", scan);
    sql
}

/// How many entries the range has.
pub(crate) fn count(scan: &Scan) -> QueryBuilder<Postgres> {
    let Some(index) = &scan.index else {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM record WHERE kind = ");
        sql.push_bind(scan.kind.as_str().as_bytes().to_vec());
        range(&mut sql, "key", scan);
        return sql;
    };
    let mut sql = QueryBuilder::new("SELECT (SELECT count(*) FROM entry");
    of_index(&mut sql, scan, index);
    sql.push(") + (SELECT count(*) FROM claim");
    of_index(&mut sql, scan, index);
    sql.push(")");
    sql
}

/// The values of an index's range, as many as its limit and one more, with how many entries have each.
pub(crate) fn tally(scan: &Scan, index: &str) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT value, count(*) FROM (SELECT value FROM entry");
    of_index(&mut sql, scan, index);
    sql.push(" UNION ALL SELECT value FROM claim");
    of_index(&mut sql, scan, index);
    sql.push(") found GROUP BY value ORDER BY value").push(direction(scan));
    sql.push(" LIMIT ").push_bind(one_more(scan));
    sql
}

fn of_index(sql: &mut QueryBuilder<Postgres>, scan: &Scan, index: &str) {
    sql.push(" WHERE kind = ").push_bind(scan.kind.as_str().as_bytes().to_vec());
    sql.push(" AND index = ").push_bind(index.as_bytes().to_vec());
    range(sql, "value", scan);
}

fn range(sql: &mut QueryBuilder<Postgres>, column: &str, scan: &Scan) {
    if !scan.from.is_empty() {
        sql.push(" AND ").push(column).push(" >= ").push_bind(scan.from.as_bytes().to_vec());
    }
    if let Some(to) = &scan.to {
        sql.push(" AND ").push(column).push(" < ").push_bind(to.as_bytes().to_vec());
    }
}

fn order(sql: &mut QueryBuilder<Postgres>, value: &str, key: &str, scan: &Scan) {
    let direction = direction(scan);
    sql.push(" ORDER BY ").push(value).push(direction).push(", ").push(key).push(direction);
    sql.push(" LIMIT ").push_bind(one_more(scan));
}

fn direction(scan: &Scan) -> &'static str {
    match scan.direction {
        Direction::Forwards => "",
        Direction::Backwards => " DESC",
    }
}

/// One record more than the page says whether there is a next one.
fn one_more(scan: &Scan) -> i64 {
    i64::try_from(scan.limit).unwrap_or(i64::MAX).saturating_add(1)
}
