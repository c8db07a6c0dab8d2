//! What a city's own reporting tool reads of a database in plain SQL.

use std::sync::Arc;

use lupinus_core::{
    member::{Member, Profession},
    sealing::HIDDEN_INDEXES,
    store::{Batch, Entity as _, EntityBatch as _, Scan, StoreExt as _},
};
use lupinus_emulator::Emulator;
use lupinus_store_postgres::testkit::Schema;
use lupinus_store_wrappers::Encrypted;
use lupinus_tests::{City, Desk, Kept, Team, centre, keys, members, scheduled};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

async fn asks(city: &City, user: &str, text: &str) {
    city.talk(user, "相談").await;
    city.tap(user, "consult/topic/medication").await;
    city.talk(user, text).await;
}

/// One answer, as the tool shows it: columns by `|`, rows by a blank.
async fn read(plain: &mut PgConnection, question: &str) -> String {
    let question = format!("SELECT concat_ws('|', VARIADIC ARRAY[{question}");
    let rows = sqlx::raw_sql(AssertSqlSafe(question)).fetch_all(plain).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_reporting_tool_reads_the_figures_in_plain_sql_and_nothing_that_people_said() {
    // R8 R50
    let city = City::start(Kept::InDatabase).await;
    let Some(schema) = city.schema() else { return };
    let people = city.members(5).await;
    city.line.create_user("知らない人");
    let professions = ["Nurse", "Nurse", "CareManager", "かかりつけの何でも屋"];
    let members = city.centre.store().all::<Member>(Scan::keys(Member::KIND), 100).await.unwrap();
    let mut said = Batch::new();
    for (member, profession) in members.iter().zip(professions) {
        let member_says =
            Member { profession: Some(Profession(profession.to_owned())), ..member.value.clone() };
        said.update(&member_says, member.version).unwrap();
    }
    city.centre.store().commit(said).await.unwrap();
    city.scheduled("口腔ケア研修会").await;
    city.approved("まだ送らないお知らせ").await;
    city.drain().await;
    asks(&city, &people[0], "お薬カレンダーはどこで借りられますか\u{0}。").await;
    asks(&city, &people[1], "夜間に開いている薬局を教えてください。").await;
    let desk = Desk::sign_in(&city, "consultant").await;
    let asked = city.consultations(&people[1]).await.remove(0).id;
    desk.does(&format!("/consultations/{asked}/take"), &[]).await;
    desk.does(&format!("/consultations/{asked}/answer"), &[("text", "当番表をご覧ください。")]).await;
    city.drain().await;

    // A role that may read the views and nothing else.
    let mut plain = schema.plain().await;
    let name = schema.name();
    let role = AssertSqlSafe(format!(
        "CREATE ROLE {name} NOLOGIN; GRANT USAGE ON SCHEMA {name} TO {name}; \
         GRANT SELECT ON posts, deliveries, consultations, members, bodies TO {name}; SET ROLE {name}"
    ));
    sqlx::raw_sql(role).execute(&mut plain).await.unwrap();
    let by_profession = "coalesce(profession, '-'), count(*)::text]) FROM members WHERE registered GROUP BY profession ORDER BY 1";
    assert_eq!(read(&mut plain, by_profession).await, "-|1 CareManager|1 Nurse|2 own_words|1");
    let posts = "state, category, title, (sent_at IS NOT NULL)::text]) FROM posts ORDER BY state DESC";
    assert_eq!(
        read(&mut plain, posts).await,
        "sent|notice|口腔ケア研修会|true approved|notice|まだ送らないお知らせ|false"
    );
    let deliveries = "p.title, d.kind, d.audience, d.state, d.recipients::text, (d.ended_at >= d.started_at)::text]) \
                      FROM deliveries d JOIN posts p ON p.id = d.post_id";
    assert_eq!(read(&mut plain, deliveries).await, "口腔ケア研修会|production|members|complete|5|true");
    let consultations = "state, topic, messages::text, answers::text, (first_answer_at IS NOT NULL)::text]) \
                         FROM consultations ORDER BY state";
    assert_eq!(
        read(&mut plain, consultations).await,
        "awaiting_member|medication|1|1|true open|medication|1|0|false"
    );
    for table in ["record", "entry", "claim"] {
        let refused =
            sqlx::raw_sql(AssertSqlSafe(format!("SELECT * FROM {table}"))).execute(&mut plain).await;
        assert!(refused.is_err(), "{table} can be read");
    }
    let mut all = String::new();
    for view in ["posts", "deliveries", "consultations", "members", "bodies"] {
        all.push_str(&read(&mut plain, &format!("v::text]) FROM {view} v")).await);
    }
    for word in ["カレンダー", "夜間", "当番表", "何でも屋", people[0].as_str()] {
        assert!(!all.contains(word), "{word} can be read: {all}");
    }
    sqlx::raw_sql(AssertSqlSafe(format!("RESET ROLE; DROP OWNED BY {name}; DROP ROLE {name}")))
        .execute(&mut plain)
        .await
        .unwrap();
    plain.close().await.unwrap();
}

#[tokio::test]
async fn over_an_encrypted_store_the_views_show_ids_and_nothing_else() {
    let Some(schema) = Schema::new() else { return };
    let store = Encrypted::open(Arc::new(schema.store().await), keys(), &HIDDEN_INDEXES).await.unwrap();
    let (centre, line) = (centre(Arc::new(store)), Emulator::start().await.unwrap());
    let team = Team::hired(&centre).await;
    let people = members(&centre, &line, 3).await;
    scheduled(&centre, &team, "口腔ケア研修会").await;

    let mut plain = schema.plain().await;
    let shown = read(&mut plain, "v::text]) FROM members v ORDER BY id").await;
    for (id, _) in &people {
        assert!(shown.contains(&id.to_string()), "{id}: {shown}");
    }
    // Nobody is said to be registered.
    let mut rest = shown.replace(",f,", ",,");
    for (id, _) in &people {
        rest = rest.replace(&id.to_string(), "");
    }
    assert!(!rest.contains(char::is_alphanumeric), "{shown}");
    let mut all = shown;
    for view in ["posts", "deliveries", "consultations", "bodies"] {
        all.push_str(&read(&mut plain, &format!("v::text]) FROM {view} v")).await);
    }
    for table in ["record", "entry", "claim"] {
        let bytes = "convert_from(v.key, 'UTF8')";
        let columns = if table == "record" { "indexes, body" } else { "convert_from(v.value, 'UTF8')" };
        all.push_str(&read(&mut plain, &format!("{bytes}, {columns}]) FROM {table} v")).await);
    }
    for word in ["口腔ケア", "consultant2", "承認係", people[0].1.as_str()] {
        assert!(!all.contains(word), "{word} can be read");
    }
    plain.close().await.unwrap();
}
