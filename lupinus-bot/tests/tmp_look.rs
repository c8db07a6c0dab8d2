#![allow(clippy::unwrap_used)]
mod support;
use support::Town;
#[tokio::test]
async fn look() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/training").await;
    for a in ["褥瘡ケア研修会","在宅での褥瘡の予防と評価について学びます。\n多職種でのグループワークがあります。\n対象: 訪問看護師、ケアマネジャー、薬剤師、管理栄養士ほか","10月15日(木) 18:30〜20:00","市民会館 第2会議室","30名","10月9日(金)","無料","訪問看護連絡会事務局 03-0000-0000"] { town.say(&user, a).await; }
    town.line.send_image(&user, std::fs::read("menus/member.png").unwrap(), "image/png").await.unwrap();
    town.bot.drain().await.unwrap();
    for a in ["研修の案内チラシ","完了","https://www.example.jp/kensyu"] { town.say(&user, a).await; }
    std::fs::write("/tmp/look.json", serde_json::to_string_pretty(&town.told(&user)).unwrap()).unwrap();
    town.say(&user, "提出する").await;
    town.say(&user, "自分の投稿").await;
    let url = std::env::var("LOOK_URL").unwrap_or_default();
    println!("URL {} USER {user} {url}", town.line.url());
    std::fs::write("/tmp/look.url", format!("{} {user}", town.line.url())).unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
}
