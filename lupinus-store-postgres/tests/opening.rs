//! What is said when a database cannot be used: what is wrong, what to do, and never the password.
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::{error::Error as _, fmt::Write as _, time::Duration};

use lupinus_core::store::{
    Batch, Kind, Op, Record, RecordClass, RecordKey, Scan, Store, StoreError, Version,
};
use lupinus_store_postgres::{DatabaseError, PostgresStore, testkit::Schema};
use sqlx::AssertSqlSafe;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A server that answers whatever it is asked with these bytes, and its address.
async fn answering(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 1_024]).await;
                let _ = stream.write_all(&bytes).await;
                if !bytes.starts_with(b"HTTP") {
                    let _ = stream.read(&mut [0; 1_024]).await;
                }
            });
        }
    });
    format!("postgres://who:hidden-word@127.0.0.1:{port}/city?sslmode=disable")
}

/// A message of PostgreSQL's protocol.
fn message(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 4).unwrap().to_be_bytes();
    [&[kind], &length[..], content].concat()
}

fn refusal(code: &str) -> Vec<u8> {
    message(b'E', format!("SFATAL\0VFATAL\0C{code}\0Mno: hidden-word\0\0").as_bytes())
}

fn greeting(version: &str) -> Vec<u8> {
    [
        message(b'R', &[0, 0, 0, 0]),
        message(b'S', format!("server_version\0{version}\0").as_bytes()),
        message(b'Z', b"I"),
    ]
    .concat()
}

async fn refused(address: &str) -> DatabaseError {
    let patience = Duration::from_secs(2);
    let error = PostgresStore::options().patience(patience).connect(address).await.unwrap_err();
    let (mut told, mut source) = (format!("{error} {error:?}"), error.source());
    while let Some(error) = source {
        write!(told, " {error} {error:?}").unwrap();
        source = error.source();
    }
    assert!(!told.contains("hidden-word"), "{told}");
    error
}

#[tokio::test]
async fn an_address_that_is_none_says_how_one_is_written() {
    for (address, says) in [
        ("", "write postgres://USER"),
        ("sled:./data", "write postgres://USER"),
        ("mysql://who:hidden-word@h/d", "write postgres://USER"),
        ("postgres://who:hidden-word@h:port/d", "write postgres://USER"),
        ("postgres://who:hidden-word@h/d?sslmode=hidden-word", "verify-full as sslmode"),
        ("postgres://who:hidden-word@h/d?sslmod=require", "a setting \"sslmod\""),
        ("postgres://who:hidden-word@h/d?schema=Drop%20it", "\"Drop it\" cannot be"),
        ("postgres://who:hidden-word@h/d?schema=pg_temp", "cannot be the store's schema"),
    ] {
        let error = refused(address).await.to_string();
        assert!(error.contains(says), "{address}: {error}");
    }
}

#[tokio::test]
async fn whatever_answers_in_place_of_a_database_is_named_with_what_to_do() {
    let down = {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        format!("postgres://who:hidden-word@{free}/city")
    };
    let of = async |bytes| answering(bytes).await;
    for (name, address, says) in [
        ("nobody", down, "see that the server runs"),
        (
            "another program",
            of(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await,
            "does not speak as PostgreSQL",
        ),
        ("13", of(greeting("13.21")).await, "is PostgreSQL 13.21, and 14 or later is needed"),
        ("9.6", of(greeting("9.6.24")).await, "and 14 or later is needed"),
        ("a wrong password", of(refusal("28P01")).await, "check name and password"),
        ("no entry in pg_hba.conf", of(refusal("28000")).await, "pg_hba.conf"),
        ("no database", of(refusal("3D000")).await, "make it (createdb)"),
        ("a start", of(refusal("57P03")).await, "wait until it is up"),
        ("too many", of(refusal("53300")).await, "raise max_connections"),
        ("something else", of(refusal("XX000")).await, "SQLSTATE XX000"),
        ("silence", of(Vec::new()).await, "did not answer within 2 seconds"),
    ] {
        let error = refused(&address).await.to_string();
        assert!(error.contains(says), "{name}: {error}");
        assert!(error.contains("who@127.0.0.1:"), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let address = answering(b"N".to_vec()).await.replace("sslmode=disable", "sslmode=verify-full");
    let error = refused(&address).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error:?}");
}

/// Runs statements outside of any store.
async fn plainly(schema: &Schema, statements: &str) {
    let mut plain = schema.plain().await;
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut plain).await.unwrap();
}

#[tokio::test]
async fn a_schema_with_other_tables_is_left_alone() {
    let Some(schema) = Schema::new() else { return };
    let name = schema.name();
    plainly(&schema, &format!("CREATE SCHEMA {name}; CREATE TABLE {name}.stock (n int)")).await;
    let error = refused(&schema.address()).await;
    assert!(matches!(error, DatabaseError::Foreign { .. }), "{error:?}");
    let mut plain = schema.plain().await;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = $1")
        .bind(name)
        .fetch_one(&mut plain)
        .await
        .unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn an_empty_schema_that_an_administrator_made_is_taken() {
    let Some(schema) = Schema::new() else { return };
    plainly(&schema, &format!("CREATE SCHEMA {}", schema.name())).await;
    schema.store().await.health().await.unwrap();
}

#[tokio::test]
async fn the_tables_of_a_newer_program_are_left_alone() {
    let Some(schema) = Schema::new() else { return };
    schema.store().await.close().await.unwrap();
    plainly(&schema, "INSERT INTO migration (number) VALUES (1000)").await;
    let error = refused(&schema.address()).await;
    assert!(matches!(error, DatabaseError::Newer { found: 1000, .. }), "{error:?}");
}

#[tokio::test]
async fn tables_that_went_away_are_named_while_the_store_is_in_use() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store().await;
    plainly(&schema, &format!("DROP SCHEMA {} CASCADE", schema.name())).await;
    let error = store.count(&Scan::keys(Kind::new("post"))).await.unwrap_err();
    let StoreError::Unavailable(_, source) = &error else { panic!("{error:?}") };
    assert!(source.to_string().contains("restore them"), "{source}");
}

/// Makes a user, a database or the like beside the tests' own, runs `tried`, and takes them away again.
async fn with(
    schema: &Schema,
    makes: &[String],
    removes: &[String],
    tried: impl AsyncFnOnce() -> DatabaseError,
) -> DatabaseError {
    let mut plain = schema.plain().await;
    for statement in makes {
        sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut plain).await.unwrap();
    }
    let error = tried().await;
    for statement in removes {
        sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut plain).await.unwrap();
    }
    error
}

/// The address of the tests, with another database.
fn elsewhere(schema: &Schema, database: &str) -> String {
    let address = schema.address();
    let (before, settings) = address.split_once('?').unwrap();
    let (server, _) = before.rsplit_once('/').unwrap();
    format!("{server}/{database}?{settings}")
}

#[tokio::test]
async fn a_database_that_is_not_in_unicode_is_refused() {
    let Some(schema) = Schema::new() else { return };
    let name = schema.name();
    let make = format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    let removes = [format!("DROP DATABASE {name} WITH (FORCE)")];
    let error = with(&schema, &[make], &removes, async || refused(&elsewhere(&schema, name)).await).await;
    assert!(matches!(error, DatabaseError::Encoding { .. }), "{error:?}");
    assert!(error.to_string().contains("createdb --encoding=UTF8"), "{error}");
}

#[tokio::test]
async fn a_database_that_can_be_read_only_is_refused_although_the_tables_are_there() {
    let Some(schema) = Schema::new() else { return };
    let name = schema.name();
    let makes = [format!("CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")];
    let removes = [format!("DROP DATABASE {name} WITH (FORCE)")];
    let address = elsewhere(&schema, name);
    let tried = async || {
        PostgresStore::connect(&address).await.unwrap().close().await.unwrap();
        plainly(&schema, &format!("ALTER DATABASE {name} SET default_transaction_read_only TO on")).await;
        refused(&address).await
    };
    let error = with(&schema, &makes, &removes, tried).await;
    assert!(matches!(error, DatabaseError::ReadOnly { .. }), "{error:?}");
}

#[tokio::test]
async fn a_user_who_may_not_make_the_schema_is_told_what_the_owner_must_run() {
    let Some(schema) = Schema::new() else { return };
    let name = schema.name();
    let address = schema.address();
    let (_, server) = address.split_once("://").unwrap();
    let (_, server) = server.split_once('@').unwrap();
    let address = format!("postgres://{name}:hidden-word@{server}");
    let makes = [format!("CREATE ROLE {name} LOGIN PASSWORD 'hidden-word'")];
    let removes = [format!("DROP ROLE {name}")];
    let error = with(&schema, &makes, &removes, async || refused(&address).await).await;
    assert!(matches!(error, DatabaseError::Permission { .. }), "{error:?}");
    assert!(error.to_string().contains("CREATE SCHEMA"), "{error}");
}

#[tokio::test]
async fn connections_that_broke_are_replaced_without_anybody_noticing() {
    let Some(schema) = Schema::new() else { return };
    let named = format!("{}&application_name={}", schema.address(), schema.name());
    let store = PostgresStore::connect(&named).await.unwrap();
    let key = RecordKey::new(Kind::new("thing"), "a");
    let record = Record {
        key: key.clone(),
        version: Version::FIRST,
        schema: 1,
        class: RecordClass::Operation,
        indexes: Vec::new(),
        body: "1".into(),
    };
    let commit = async |op| store.commit(Batch { ops: vec![op], erases: false }).await.unwrap();
    commit(Op::Insert(record.clone())).await;
    let mut plain = schema.plain().await;
    for round in 1..=4 {
        assert_eq!(store.get(&key).await.unwrap().unwrap().version.number(), round);
        let ended: i64 = sqlx::query_scalar(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = $1",
        )
        .bind(schema.name())
        .fetch_one(&mut plain)
        .await
        .unwrap();
        assert!(ended >= 2, "{ended} connections ended");
        commit(Op::Update { record: record.clone(), expected: Version::from_number(round) }).await;
    }
}
