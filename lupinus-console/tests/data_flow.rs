//! The sheet of where data goes.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use kit::City;
use lupinus_console::report::{Address, Deployment, Spot, data_flow};
use lupinus_core::{actor::Role, policy::Policy};

// R4
#[tokio::test]
async fn the_page_shows_the_sheet_as_a_japanese_record_with_a_picture_whose_words_stand_beside_it() {
    let address = Address {
        spot: Spot::Records,
        key: "LUPINUS_STORE",
        value: "postgres://db.example/<city>".to_owned(),
    };
    let deployment =
        Deployment { city: "藤波市".to_owned(), addresses: vec![address], ..Deployment::default() };
    let sheet = data_flow(&deployment);
    let city = City::with(Policy::default(), |console| console.data_flow(sheet.clone())).await;
    city.staff("auditor", "監査 一郎", &[Role::Auditor]).await;
    let mut desk = city.desk("auditor").await;
    let japanese = desk.get("/data-flow").await.text;
    assert!(japanese.contains("<div class=\"chart\" aria-hidden=\"true\"><svg"), "{japanese}");
    assert!(japanese.contains("<td>postgres://db.example/&#60;city&#62;</td>"), "{japanese}");
    for table in sheet.tables() {
        assert!(japanese.contains(table.title), "{}", table.title);
        for row in table.rows {
            for words in row {
                let written = words.replace('<', "&#60;").replace('>', "&#62;");
                assert!(japanese.contains(&format!(">{written}</t")), "{words}");
            }
        }
    }
    desk.headers.push(("accept-language", "en".to_owned()));
    let english = desk.get("/data-flow").await.text;
    assert!(english.contains("Where data goes") && english.contains("lang=ja>"), "{english}");
    assert!(english.contains("まだ書かれていない項目"), "the sheet itself is a Japanese record: {english}");
}
