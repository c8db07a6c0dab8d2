//! What no walk through the table comes by: the door, errors, what was refused with its reasons, long lists, one's own work.

use std::sync::Arc;

use axum::http::Method;
use lupinus_console::{Examiner, Networks};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    choices::Professions,
    hash::Sha256Hash,
    launch::{ChannelFinding, Launch, Proposal, Seen as Looked, Stage},
    policy::{Passwords, Policy, SingleSignOn},
    post::{Command, Urgency},
    service::By,
};

use super::{
    Seen,
    kit::{
        Blobs, Browser, City, MINUTE, PASSWORD,
        authenticator::Authenticator,
        provider::{self, Key, SignedBy},
        training,
        world::World,
    },
    walk::{add, followed},
};

/// Signing in, in all its ways; and the second factor.
async fn door(seen: &mut Vec<Seen>) {
    let policy = Policy { second_factor: [Role::Approver].into_iter().collect(), ..Policy::default() };
    let city = City::with(policy, |console| console).await;
    city.staff("approver", "承認 次郎", &[Role::Approver]).await;
    let mut visitor = city.browser();
    add(seen, "the door", visitor.get("/sign-in").await);
    add(seen, "an address that is not there", visitor.get("/nothing").await);
    add(seen, "a form without a session", visitor.post_raw("/bodies", &[("name", "栄養士会")]).await);
    for _ in 0..6 {
        add(seen, "a wrong password", visitor.sign_in("admin", "まちがったパスワード").await);
    }
    let mut desk = city.browser();
    let inside = desk.sign_in("approver", PASSWORD).await;
    add(seen, "a second factor is asked for", followed(&mut desk, inside).await);
    let page = desk.get("/posts").await;
    add(seen, "without it", followed(&mut desk, page).await);
    let page = desk.get("/account/second-factor").await;
    let (authenticator, token) = (Authenticator::scanning(&page), page.csrf());
    add(seen, "its picture", page);
    add(seen, "nor a form", desk.post_raw("/bodies", &[("csrf", &token), ("name", "栄養士会")]).await);
    for (name, code) in
        [("a wrong code", "000000".to_owned()), ("recovery codes", authenticator.code(&city.centre))]
    {
        let fields = [("csrf", token.as_str()), ("code", &code), ("password", PASSWORD)];
        add(seen, name, desk.post_raw("/account/second-factor", &fields).await);
    }
    add(seen, "an account with two factors", desk.get("/account").await);
    let mut half = city.browser();
    let page = half.sign_in("approver", PASSWORD).await;
    add(seen, "half in", followed(&mut half, page).await);
    let token = half.get("/sign-in/code").await.csrf();
    add(
        seen,
        "a wrong code at the door",
        half.post_raw("/sign-in/code", &[("csrf", &token), ("code", "123456")]).await,
    );
    let mut guesser = city.browser();
    for number in 0..40 {
        let page = guesser.sign_in(&format!("nobody-{number}"), "まちがったパスワード").await;
        add(seen, "too many attempts", page);
    }
}

/// Signing in by the city's provider, being linked, and what keeps somebody out; and a console that does not open from here.
async fn doors_of_others(seen: &mut Vec<Seen>) {
    for passwords in [Passwords::Everybody, Passwords::Administrators] {
        let single_sign_on = SingleSignOn { passwords, ..SingleSignOn::default() };
        let policy = Policy { single_sign_on, ..Policy::default() };
        let (city, provider) = provider::city_with(policy, Key::es256()).await;
        let nurse = city.staff("nurse", "看護 花子", &[Role::Checker]).await;
        provider.is_used_by(serde_json::json!({"sub": "7"}));
        let mut browser = city.browser();
        add(seen, format!("a provider, {passwords:?}"), browser.get("/sign-in").await);
        add(seen, "a password beside it", browser.sign_in("nurse", "まちがったパスワード").await);
        add(seen, "linked to nobody", provider.signs_in(&mut browser).await);
        add(seen, "never begun", browser.get("/sign-in/provider/back?state=x").await);
        provider.bend(serde_json::json!({"nonce": "another"}), SignedBy::ItsKey);
        add(seen, "a token that does not hold", provider.signs_in(&mut browser).await);
        let mut desk = city.desk("nurse").await;
        add(seen, "a token that does not hold, to be linked", provider.comes_to_be_linked(&mut desk).await);
        provider.bend(serde_json::json!({}), SignedBy::ItsKey);
        let mut administrator = city.desk("admin").await;
        add(seen, "not linked", desk.get("/account").await);
        add(seen, "somebody who is not linked", administrator.get(&format!("/staff/{nurse}")).await);
        let factor = desk.get("/account/second-factor").await;
        let phone = Authenticator::scanning(&factor);
        let (csrf, code) = (factor.csrf(), phone.code(&city.centre));
        let fields = [("csrf", csrf.as_str()), ("code", code.as_str()), ("password", PASSWORD)];
        desk.post_raw("/account/second-factor", &fields).await;
        let page = provider.comes_to_be_linked(&mut desk).await;
        add(seen, "to be linked", followed(&mut desk, page).await);
        let wrong = [("password", "まちがったパスワード")];
        add(seen, "to be linked, not shown", desk.post("/account/provider", &wrong).await);
        city.clock.advance(MINUTE);
        let code = phone.code(&city.centre);
        let page = desk.post("/account/provider", &[("password", PASSWORD), ("own_code", &code)]).await;
        add(seen, "just linked", followed(&mut desk, page).await);
        let page = provider.signs_in(&mut browser).await;
        add(seen, "in by the provider", followed(&mut browser, page).await);
        add(seen, "linked", browser.get("/account").await);
        let page = browser.post("/account/password", &[("password", PASSWORD), ("new", PASSWORD)]).await;
        add(seen, "a password without a code", page);
        add(
            seen,
            "a second factor that asks for the one before",
            browser.get("/account/second-factor").await,
        );
        add(seen, "somebody who is linked", administrator.get(&format!("/staff/{nurse}")).await);
        add(seen, "oneself", administrator.get(&format!("/staff/{}", city.administrator)).await);
        let page = administrator.post(&format!("/staff/{nurse}/provider_off"), &[]).await;
        add(seen, "not linked any more", followed(&mut administrator, page).await);
        let late = [("password", PASSWORD)];
        add(seen, "nothing to be linked", administrator.post("/account/provider", &late).await);
        add(seen, "its trail", administrator.get("/audit?date=2026-10-05").await);
        add(seen, "what the file says", administrator.get("/settings").await);
        provider.set_down(true);
        let mut late = city.browser();
        let address = provider::begins(&mut late, "/").await;
        let back = provider.visited(&address).unwrap();
        add(seen, "a provider that is silent", provider::comes_back(&mut late, &back).await);
    }
    let networks: Networks = vec!["203.0.113.0/24".to_owned()].try_into().unwrap();
    let city = City::with(Policy::default(), |console| console.networks(networks)).await;
    let mut browser = city.browser();
    add(seen, "from nobody knows where", browser.get("/sign-in").await);
    browser.peer = Some("198.51.100.1".parse().unwrap());
    add(seen, "from elsewhere", browser.get("/sign-in").await);
}

/// Each problem that has a page.
async fn problems(desk: &mut Browser, seen: &mut Vec<Seen>) {
    let fields = [("csrf", "old"), ("title", "様式の変更"), ("body", "新しい様式を使います。")];
    add(seen, "a form of yesterday", desk.post_raw("/answers/new", &fields).await);
    let mut foreign = desk.clone();
    foreign.headers.push(("origin", "https://other.example".to_owned()));
    add(seen, "a form of another site", foreign.post("/answers/new", &[]).await);
    let large = vec![b'a'; 600 * 1024];
    let media_type = "application/x-www-form-urlencoded";
    add(seen, "too large", desk.send(Method::POST, "/console/answers/new", media_type, large).await);
    add(seen, "no form", desk.send(Method::POST, "/console/answers/new", "text/plain", Vec::new()).await);
    let missing = "/posts/00000000-0000-7000-8000-000000000000";
    add(seen, "a post that is not there", desk.get(missing).await);
}

/// A post in all its fields, refused and taken.
async fn writing(desk: &mut Browser, seen: &mut Vec<Seen>) {
    let wrong = [
        ("category", "training"),
        ("title", "口腔ケア研修"),
        ("body", "山田花子さん(82歳)の在宅での様子を紹介します。10月20日(月)に集まります。"),
        ("date", "2026-10-20"),
        ("starts", "25:00"),
        ("apply_by", "2026-10-30"),
        ("capacity", "たくさん"),
        ("link", "市のページ"),
        ("contact", "090-1234-5678"),
        ("then", "submit"),
    ];
    add(seen, "a post refused", desk.post("/posts/new", &wrong).await);
    let right = [
        ("category", "training"),
        ("title", "口腔ケア研修"),
        ("body", "講師:歯科医師 山田太郎 先生。10月20日(月)に集まります。"),
        ("date", "2026-10-20"),
        ("starts", "18:30"),
        ("contact", "090-1234-5678"),
    ];
    for then in ["keep", "submit"] {
        let mut fields = right.to_vec();
        fields.push(("then", then));
        let page = desk.post("/posts/new", &fields).await;
        add(seen, format!("one's own post, {then}"), followed(desk, page).await);
    }
}

/// A post from hand to hand, as its author, a checker and an approver see it.
async fn hands(city: &City, seen: &mut Vec<Seen>) {
    let author = city.staff("hand-a", "起案 一郎", &[Role::Checker]).await;
    let approver = city.staff("hand-b", "承認 次郎", &[Role::Approver]).await;
    city.member("Uhands").await;
    let (mut a, mut b) = (city.desk("hand-a").await, city.desk("hand-b").await);
    let comment = "時刻を確かめてください。".to_owned();
    let later = city.centre.now() + std::time::Duration::from_hours(26);
    let ways = [
        ("submitted", vec![]),
        ("in review", vec![Command::Take]),
        ("returned", vec![Command::Take, Command::Return { comment, field: None }]),
        ("rejected", vec![Command::Take, Command::Reject { reason: "重複のため".to_owned() }]),
        ("approved", vec![Command::Take, Command::Approve { revision: 1, confirmed: true }]),
        (
            "scheduled",
            vec![
                Command::Take,
                Command::Approve { revision: 1, confirmed: true },
                Command::Schedule { at: later, audience: Audience::Members },
            ],
        ),
    ];
    for (urgency, word) in [(Urgency::Normal, ""), (Urgency::Emergency, "emergency ")] {
        for (state, commands) in &ways {
            let post = city.submitted_as(author, training(&format!("研修 {word}{state}")), urgency).await;
            for command in commands {
                city.post_command(By::Staff(approver), post, command.clone()).await.unwrap();
            }
            for (who, desk) in [("author", &mut a), ("approver", &mut b)] {
                for part in ["", "/edit", "/send", "/sheet", "/correct"] {
                    let page = desk.get(&format!("/posts/{post}{part}")).await;
                    add(seen, format!("{word}{state} /posts/{{id}}{part} to its {who}"), page);
                }
            }
            let confirm = [("scope", "members"), ("when", "now")];
            add(
                seen,
                format!("{word}{state}, to be confirmed"),
                b.post(&format!("/posts/{post}/send/confirm"), &confirm).await,
            );
        }
    }
}

/// A frequently asked question from its draft on, as its author and somebody else see it.
async fn asked_often(city: &City, seen: &mut Vec<Seen>) {
    let author = city.staff("faq-a", "相談 一郎", &[Role::Consultant]).await;
    city.staff("faq-b", "相談 次郎", &[Role::Consultant]).await;
    let (mut a, mut b) = (city.desk("faq-a").await, city.desk("faq-b").await);
    let member = city.member("Ufaq").await;
    let name = "山本太郎";
    let asked = city.asks(member, &format!("{name}さんに吸引器を借りたいです。")).await;
    city.answered(author, asked, "市の福祉用具の窓口で借りられます。").await;
    let draft = format!("/consultations/{asked}/faq");
    add(seen, "a consultation that can be one", a.get(&format!("/consultations/{asked}")).await);
    let begun = a.get(&draft).await;
    let read = begun.value_of("seen");
    add(seen, "a draft that begins", begun);
    let question = format!("{name}さんの吸引器は");
    let personal = [
        ("question", question.as_str()),
        ("answer", "090-1234-5678です。"),
        ("topic", "oral"),
        ("seen", read.as_str()),
    ];
    add(seen, "a draft with a name", a.post(&draft, &personal).await);
    let id = city.faq(author, asked, "吸引器はどこで借りられますか。").await;
    let path = format!("/faq/{id}");
    add(seen, "a draft to its author", a.get(&path).await);
    add(seen, "a draft to somebody else", b.get(&path).await);
    add(seen, "a list with a draft to check", b.get("").await);
    add(seen, "not confirmed", b.post(&format!("{path}/publish"), &[("seen", "1")]).await);
    add(
        seen,
        "changed into a name",
        b.post(&format!("{path}/change"), &[&personal[..], &[("seen", "1")]].concat()).await,
    );
    let confirmed = [("seen", "1"), ("nobody_named", "1"), ("nobody_told_by_all_together", "1")];
    let published = b.post(&format!("{path}/publish"), &confirmed).await;
    add(seen, "published", followed(&mut b, published).await);
    let again = city.asks(city.member("Ufaq2").await, "吸引器はありますか。").await;
    b.post(&format!("/consultations/{again}/take"), &[]).await;
    add(seen, "an answer that it can be put into", b.get(&format!("/consultations/{again}")).await);
    let withdrawn = b.post(&format!("{path}/withdraw"), &[("why", "recognisable")]).await;
    add(seen, "withdrawn", followed(&mut b, withdrawn).await);
    add(seen, "found", b.post("/faq", &[("words", "吸引器")]).await);
}

/// Lists of more than a page, and what a member wrote that was masked.
async fn long(city: &City, desk: &mut Browser, seen: &mut Vec<Seen>) {
    let author = city.staff("busy", "起案 三郎", &[Role::Checker]).await;
    for number in 0..60 {
        city.submitted(author, training(&format!("研修 第{number}回 {}", "長い題名".repeat(number % 5))))
            .await;
        let member = city.member(&format!("Ulong{number}")).await;
        let asked =
            ["週末に輸液ポンプを貸してくれる業者を知りたいです。", "山本さん(82歳)は090-1234-5678です。"];
        city.asks(member, asked[number % 2]).await;
        city.body(&format!("ルピナス市在宅医療多職種連携推進連絡協議会 第{number}部会")).await;
    }
    for path in [
        "",
        "/posts",
        "/posts?view=all",
        "/posts?view=submitted",
        "/consultations",
        "/consultations?view=all",
        "/bodies",
        "/staff",
        "/audit",
        "/audit?date=2026-10-05",
        "/calendar?month=2026-10",
        "/figures?period=2026-10",
        "/figures?period=2026",
        "/outbox",
        "/incidents?view=closed",
        "/consultations/search",
    ] {
        add(seen, format!("long {path}"), desk.get(path).await);
    }
    let queue = desk.get("/consultations?view=all").await;
    let marked = queue.text.split("href=\"/console/consultations/").skip(1).take(4);
    for part in marked.map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>() {
        add(seen, "a consultation", desk.get(&format!("/consultations/{part}")).await);
    }
    let words = [("words", "業者")];
    add(seen, "consultations found", desk.post("/consultations/search", &words).await);
    add(seen, "posts found", desk.post("/posts", &[("words", "第5回")]).await);
    add(seen, "no posts found", desk.post("/posts", &[("words", "どこにもない語")]).await);
}

/// Staff with a LINE account of their own: their page, the administrators', and a test that they can receive.
async fn linked(city: &City, seen: &mut Vec<Seen>) {
    let staff = city.staff("linked", "結合 花子", &[Role::Checker, Role::Administrator]).await;
    let mut desk = city.desk("linked").await;
    let post = city.submitted(staff, training("結び付けた職員の研修")).await;
    add(seen, "a code to link with", desk.post("/account/line/begin", &[]).await);
    add(seen, "a code that waits", desk.get("/account").await);
    city.link(staff, "Ulinked").await;
    add(seen, "linked", desk.get("/account").await);
    add(seen, "linked, begun again", desk.post("/account/line/begin", &[]).await);
    add(seen, "linked, to an administrator", desk.get(&format!("/staff/{staff}")).await);
    let test = format!("/posts/{post}/test");
    add(seen, "a test", desk.get(&test).await);
    add(seen, "a test for nobody", desk.post(&test, &[("revision", "1")]).await);
    let page = desk.post(&test, &[("revision", "1"), ("to", &staff.to_string())]).await;
    add(seen, "a test that was sent", followed(&mut desk, page).await);
}

/// An examiner that finds LINE's own chat switched on.
#[derive(Debug)]
struct ChatIsOn;

#[async_trait::async_trait]
impl Examiner for ChatIsOn {
    async fn examine(&self) -> Vec<ChannelFinding> {
        let finding = |what: &str, bad, found: &str, to_do: &str| ChannelFinding {
            what: what.to_owned(),
            bad,
            found: found.to_owned(),
            to_do: to_do.to_owned(),
        };
        vec![
            finding("アクセストークン", false, "アカウント「ルピナスセンター」", ""),
            finding("応答方法", true, "チャットがオンです", "LINEの設定でオフにしてください。"),
        ]
    }
}

/// The trial, from the list to a proposal that waits.
async fn trial(seen: &mut Vec<Seen>) {
    let city = City::with(Policy::default(), |console| console.examiner(Arc::new(ChatIsOn))).await;
    let post = city.approved().await;
    city.tested(post).await;
    let mut desk = city.desk("admin").await;
    add(seen, "live", desk.get("/launch").await);
    let page = desk.post("/launch/revert", &[]).await;
    add(seen, "a trial again", followed(&mut desk, page).await);
    add(seen, "texts to be looked at", desk.get("/launch/texts").await);
    let of = city.centre.seen_now(Looked::Hours, Sha256Hash::ZERO).to_hex();
    add(
        seen,
        "hours that changed",
        desk.post("/launch/seen", &[("what", "hours"), ("of", &"0".repeat(64))]).await,
    );
    let page = desk.post("/launch/seen", &[("what", "hours"), ("of", &of)]).await;
    add(seen, "hours looked at", followed(&mut desk, page).await);
    add(seen, "a proposal that is too early", desk.post("/launch/propose", &[]).await);
    let page = desk.post("/launch/examine", &[]).await;
    add(seen, "what was found of the channel", followed(&mut desk, page).await);
    let mut approver = city.desk("staff-b").await;
    for path in ["", "/posts", "/account"] {
        add(seen, format!("trial {path}"), approver.get(path).await);
    }
    let later = [("scope", "members"), ("when", "later"), ("date", "2026-10-12"), ("time", "12:00")];
    let confirm = approver.post(&format!("/posts/{post}/send/confirm"), &later).await;
    add(seen, "a confirmation in trial", confirm);
    let approver = city.centre.staff_list().await.unwrap().into_iter().find(|staff| staff.login == "staff-b");
    let proposal = |by| Launch {
        stage: Stage::Trial { proposed: Some(Proposal { by, at: city.centre.now() }) },
        ..Launch::trial(city.centre.now())
    };
    city.put(&proposal(approver.unwrap().id)).await;
    add(seen, "a proposal of another's", desk.get("/launch").await);
    city.put(&proposal(city.administrator)).await;
    add(seen, "a proposal of one's own", desk.get("/launch").await);
}

/// Each part of the settings: as it is, what a change would do, what is refused, and changed.
async fn settings(desk: &mut Browser, seen: &mut Vec<Seen>) {
    let shipped = Professions::default();
    let mut typed: Vec<(String, String)> = Vec::new();
    for (number, group) in (1..).zip(&shipped.groups) {
        typed.push((format!("g{number}.label"), group.label.clone()));
        for choice in &group.professions {
            let id = &choice.profession.0;
            typed.push((format!("label.{id}"), choice.label.clone()));
            typed.push((format!("group.{id}"), format!("g{number}")));
            typed.push((format!("order.{id}"), "1".to_owned()));
        }
    }
    typed.push(("new.g1.1".to_owned(), "診療放射線技師".to_owned()));
    typed.retain(|(name, _)| name != "group.Midwife");
    typed.push(("group.Midwife".to_owned(), String::new()));
    let professions: Vec<(&str, &str)> =
        typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (part, sound, unsound) in [
        ("hours", &[("mon", "09:00-16:00"), ("closing_days", "2026-11-02")][..], &[("mon", "9時")][..]),
        ("quiet", &[("hours", "20:00-07:00")], &[("hours", "夜")]),
        (
            "ceilings",
            &[("repeat_days", "10"), ("per_person_per_hour", "2"), ("per_account_per_hour", "500")],
            &[],
        ),
        ("screening", &[("post.person_name", "confirm")], &[("post.my_number", "allow")]),
        (
            "routes",
            &[
                ("normal.shown", "1"),
                ("normal.name", "承認のみ"),
                ("normal.1.name", "承認"),
                ("normal.1.whom", "approver"),
                ("normal.1.required", "1"),
            ],
            &[("normal.shown", "1")],
        ),
        (
            "deadlines",
            &[
                ("take_hours", "3"),
                ("decide_hours", "8"),
                ("mend_hours", "40"),
                ("schedule_hours", "8"),
                ("answer_hours", "2"),
                ("days_before", "1"),
                ("failed_days", "7"),
            ],
            &[("take_hours", "半日")],
        ),
        ("areas", &[("areas", "北部\n南部")], &[("areas", "北部\n北部")]),
        ("professions", &professions, &[("g1.label", "医療")]),
        (
            "retention",
            &[
                ("sent_posts", "7"),
                ("unsent_posts", "2"),
                ("consultations", "0"),
                ("incidents", "10"),
                ("canned_answers", "3"),
            ],
            &[("sent_posts", "永年")],
        ),
        (
            "texts",
            &[("text", "greeting"), ("words", "{センター名}です。\nどうぞよろしく。")],
            &[("text", "greeting"), ("words", "どうぞよろしく。")],
        ),
    ] {
        let seen_version = [("seen", "0")];
        add(seen, format!("settings, {part}"), desk.get(&format!("/settings/{part}")).await);
        for (name, command, fields) in [
            ("nothing changed", "preview", &[][..]),
            ("looked at", "preview", sound),
            ("refused", "change", unsound),
            ("changed", "change", sound),
        ] {
            let fields = [fields, &seen_version].concat();
            let page = desk.post(&format!("/settings/{part}/{command}"), &fields).await;
            add(seen, format!("settings, {part}, {name}"), followed(desk, page).await);
        }
    }
    for (doing, key, words) in [
        ("stale", "greeting", "{センター名}です。"),
        ("another", "left", "はい"),
        ("closed", "consult-closed", ""),
    ] {
        let fields = [("seen", "0"), ("text", key), ("words", words)];
        let fields = if doing == "stale" { fields } else { [("seen", "1"), fields[1], fields[2]] };
        add(seen, format!("settings, texts, {doing}"), desk.post("/settings/texts/preview", &fields).await);
    }
    add(seen, "settings, changed", desk.get("/settings").await);
}

/// Records past their years, from nothing that is due to the certificate, as the one who proposes and the one who decides see it.
async fn disposals(seen: &mut Vec<Seen>) {
    let city = City::new().await;
    city.staff("second", "管理 次子", &[Role::Administrator, Role::Consultant]).await;
    let (_, asked) = city.years_later().await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("second").await);
    add(seen, "what is due", one.get("/disposals").await);
    let page = one.post("/disposals", &[]).await;
    let place = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    add(seen, "a disposal proposed", followed(&mut one, page).await);
    add(seen, "another disposal", one.post("/disposals", &[]).await);
    let page = other.get(&place).await;
    let list = page.value_of("list");
    add(seen, "a disposal to be decided", page);
    add(seen, "its list on paper: /disposals/{id}/register", other.get(&format!("{place}/register")).await);
    add(seen, "a record to be held back", other.get(&format!("{place}?hold={asked}")).await);
    let command = |doing: &str| format!("{place}/{doing}");
    let subject = format!("consultation/{asked}");
    let held = [("subject", subject.as_str()), ("until", "2032-01-01"), ("reason", "係争中のため")];
    add(seen, "held back too late", other.post(&command("hold"), &held).await);
    add(seen, "decided without the figures", other.post(&command("decide"), &[("list", &list)]).await);
    add(seen, "refused without a reason", other.post(&command("refuse"), &[]).await);
    let held = [("subject", subject.as_str()), ("until", "2032-04-06"), ("reason", "係争中のため")];
    let page = other.post(&command("hold"), &held).await;
    add(seen, "held back", followed(&mut other, page).await);
    let old = [("list", list.as_str()), ("figures_are_kept", "1")];
    add(seen, "decided on an old list", other.post(&command("decide"), &old).await);
    add(seen, "what is kept longer", one.get("/disposals").await);
    let years = |sent, unsent| {
        [("seen", "0"), ("sent_posts", sent), ("unsent_posts", unsent), ("consultations", "9")]
            .into_iter()
            .chain([("incidents", "10"), ("canned_answers", "3")])
            .collect::<Vec<_>>()
    };
    add(seen, "years that end proposals", one.post("/settings/retention/preview", &years("5", "9")).await);
    one.post("/settings/retention/change", &years("5", "9")).await;
    add(seen, "a disposal whose years changed", other.get(&place).await);
    let back = [("seen", "1")];
    one.post("/settings/retention/file", &back).await;
    let list = other.get(&place).await.value_of("list");
    let page = other.post(&command("decide"), &[("list", &list), ("figures_are_kept", "1")]).await;
    add(seen, "a disposal under way", followed(&mut other, page).await);
    city.centre.carry_out_disposals(100).await.unwrap();
    add(seen, "a disposal that is over", other.get(&place).await);
    add(seen, "its certificate: /disposals/{id}/register", other.get(&format!("{place}/register")).await);
    for (doing, fields) in [("withdraw", &[][..]), ("refuse", &[("reason", "係争中のため")])] {
        city.clock.advance(std::time::Duration::from_hours(24));
        let (mut one, mut other) = (city.desk("admin").await, city.desk("second").await);
        let page = one.post("/disposals", &[]).await;
        let place = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
        let by = if doing == "withdraw" { &mut one } else { &mut other };
        let page = by.post(&format!("{place}/{doing}"), fields).await;
        add(seen, format!("a disposal, {doing}"), followed(by, page).await);
    }
}

/// All of it.
pub(crate) async fn others(world: &mut World) -> Vec<Seen> {
    let mut seen = Vec::new();
    door(&mut seen).await;
    doors_of_others(&mut seen).await;
    world.city.staff("states", "何でも 係", &Role::ALL).await;
    let mut desk = world.city.desk("states").await;
    problems(&mut desk, &mut seen).await;
    writing(&mut desk, &mut seen).await;
    let city = City::with(Policy::default(), |console| console.blob(Arc::new(Blobs::default()))).await;
    hands(&city, &mut seen).await;
    asked_often(&city, &mut seen).await;
    linked(&city, &mut seen).await;
    trial(&mut seen).await;
    disposals(&mut seen).await;
    city.staff("states", "何でも 係", &Role::ALL).await;
    let mut desk = city.desk("states").await;
    long(&city, &mut desk, &mut seen).await;
    settings(&mut desk, &mut seen).await;
    seen
}
