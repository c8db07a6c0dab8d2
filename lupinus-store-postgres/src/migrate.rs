//! The tables, made and brought up to date once, whoever comes first.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{DatabaseError, server::Server};

/// Each is applied once, in its order. A step that has been released is never changed: what is to be different is one more
/// step, which programs of the version before must be able to live with.
const STEPS: [&str; 2] =
    [include_str!("../migrations/1_tables.sql"), include_str!("../migrations/2_views.sql")];

/// The form that this program makes.
fn known() -> i32 {
    i32::try_from(STEPS.len()).unwrap_or(i32::MAX)
}

/// Brings the tables up to date. Blocks while another program does the same.
pub(crate) async fn up_to_date(server: &Server, connection: &mut PgConnection) -> Result<(), DatabaseError> {
    if form(server, connection).await? == Some(known()) {
        return Ok(());
    }
    let place = &server.place;
    let explain = |error| place.explain(error);
    let mut work = connection.begin().await.map_err(explain)?;
    // Until the end of the transaction, and without the bound of a statement: whoever is first may have much to move.
    for statement in [
        "SET LOCAL statement_timeout TO 0".to_owned(),
        format!(
            "SELECT pg_advisory_xact_lock(hashtextextended('lupinus-store-postgres {}', 0))",
            place.schema()
        ),
    ] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *work).await.map_err(explain)?;
    }
    let found = form(server, &mut work).await?;
    if found.is_none() {
        begin(server, &mut work).await?;
    }
    let done = usize::try_from(found.unwrap_or(0)).unwrap_or(0);
    for (number, step) in (1..).zip(STEPS).skip(done) {
        sqlx::raw_sql(step).execute(&mut *work).await.map_err(explain)?;
        sqlx::query("INSERT INTO migration (number) VALUES ($1)")
            .bind::<i32>(number)
            .execute(&mut *work)
            .await
            .map_err(explain)?;
        tracing::info!(number, "the store's tables were brought up to date");
    }
    work.commit().await.map_err(explain)
}

/// The form that the tables are in; `None` where there are none.
async fn form(server: &Server, connection: &mut PgConnection) -> Result<Option<i32>, DatabaseError> {
    let explain = |error| server.place.explain(error);
    // Not `to_regclass`, which may remember that there was nothing before somebody else was waited for.
    let made: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = $1 AND c.relname = 'migration')",
    )
    .bind(server.place.schema())
    .fetch_one(&mut *connection)
    .await
    .map_err(explain)?;
    if !made {
        return Ok(None);
    }
    let found: Option<i32> = sqlx::query_scalar("SELECT max(number) FROM migration")
        .fetch_one(&mut *connection)
        .await
        .map_err(explain)?;
    let (found, known) = (found.unwrap_or(0), known());
    if found > known {
        return Err(DatabaseError::Newer { place: server.place.to_string(), found, known });
    }
    Ok(Some(found))
}

/// Makes the schema, or takes an empty one.
async fn begin(server: &Server, connection: &mut PgConnection) -> Result<(), DatabaseError> {
    let (place, schema) = (&server.place, server.place.schema());
    let explain = |error| place.explain(error);
    let holds: Option<bool> = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid) FROM pg_namespace n WHERE nspname = $1",
    )
    .bind(schema)
    .fetch_optional(&mut *connection)
    .await
    .map_err(explain)?;
    match holds {
        Some(true) => {
            return Err(DatabaseError::Foreign { place: place.to_string(), schema: schema.to_owned() });
        }
        Some(false) => {}
        None => {
            let make = AssertSqlSafe(format!("CREATE SCHEMA \"{schema}\""));
            sqlx::raw_sql(make).execute(&mut *connection).await.map_err(explain)?;
        }
    }
    sqlx::raw_sql(
        "CREATE TABLE migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now()); \
         COMMENT ON TABLE migration IS 'The form of the store''s tables'",
    )
    .execute(&mut *connection)
    .await
    .map_err(explain)?;
    Ok(())
}
