//! A console over a made-up centre in memory, to be looked at: every account's password is `password-for-looking`.
//!
//! Run with `cargo run -p lupinus-console --example preview`, then open <http://127.0.0.1:8090/console>.

use std::{error::Error, sync::Arc, time::Duration};

use lupinus_console::{Console, Environment, Examiner, create_first_administrator, hash_password};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    choices::Areas,
    clock::ManualClock,
    consultation::{self, ConsultationPolicy, Media, MediaState, Said, Topic},
    faq,
    hash::Sha256Hash,
    ids::{ContactId, MemberId, PostId, SeededIds, StaffId},
    incident::{Facts, Item},
    launch::ChannelFinding,
    member::{Area, Profession},
    outbox::{Addressee, Channel, OutboxItem, Quota, Recipient, SendOutcome},
    policy::Policy,
    post::{Category, Command, Content, EventDetails, Field, Post, Urgency, Venue},
    screening::{Action, AllowReason, Allowance, Context, PiiKind, Screen},
    service::{By, Centre, Draft, NewStaff, ProfileChange, ServiceError, Vetting},
    store::MemoryStore,
};

#[path = "../tests/kit/says.rs"]
mod says;

const PASSWORD: &str = "password-for-looking";

/// A channel that knows its quota and sends nothing.
#[derive(Debug)]
struct QuotaOnly;

#[async_trait::async_trait]
impl Channel for QuotaOnly {
    async fn send(&self, _: &OutboxItem, _: Option<&Post>, _: jiff::Timestamp) -> SendOutcome {
        SendOutcome::Unrenderable { message: "a preview sends nothing".to_owned() }
    }

    async fn quota(&self) -> Option<Quota> {
        Some(Quota { limit: Some(5_000), used: 412 })
    }
}

/// What a doctor may find of a channel.
#[derive(Debug)]
struct Found;

#[async_trait::async_trait]
impl Examiner for Found {
    async fn examine(&self) -> Vec<ChannelFinding> {
        let finding = |what: &str, bad, found: &str, to_do: &str| ChannelFinding {
            what: what.to_owned(),
            bad,
            found: found.to_owned(),
            to_do: to_do.to_owned(),
        };
        vec![
            finding("アクセストークン", false, "アカウント「見本市ルピナスセンター」(@preview)", ""),
            finding(
                "応答方法",
                true,
                "チャットがオンです(chatMode: chat)。相談の内容がLINE側に残ります",
                "LINE Official Account Managerの「設定 > 応答設定」でチャットをオフ、Webhookをオンにしてください。",
            ),
        ]
    }
}

/// Runs one command of core's services in a transaction of its own.
macro_rules! run {
    ($centre:expr, |$work:ident| $call:expr) => {
        $centre
            .transact(|mut $work| async move {
                let value = $call.await?;
                $work.done(value)
            })
            .await
    };
}

struct Stage {
    centre: Centre,
    clock: Arc<ManualClock>,
}

impl Stage {
    async fn staff(
        &self,
        by: StaffId,
        login: &str,
        name: &str,
        roles: &[Role],
    ) -> Result<StaffId, Box<dyn Error>> {
        let password = hash_password(PASSWORD).await?;
        let roles = roles.iter().copied().collect();
        let account = NewStaff { login: login.to_owned(), name: name.to_owned(), roles, password };
        let account = &account;
        Ok(run!(self.centre, |work| work.create_staff(By::Staff(by), account.clone()))?.id)
    }

    async fn member(&self, number: usize, profession: &str, area: &str) -> Result<MemberId, ServiceError> {
        let contact = &ContactId::new(format!("U{number:032x}"));
        let id = run!(self.centre, |work| work.follow(contact))?.id;
        run!(self.centre, |work| work.accept_rules(By::Member(id)))?;
        let profile = &[
            ProfileChange::Profession(Some(Profession(profession.to_owned()))),
            ProfileChange::Area(Some(Area(area.to_owned()))),
        ];
        run!(self.centre, |work| work.update_profile(By::Member(id), profile))?;
        Ok(id)
    }

    async fn submit(&self, by: By, content: Content, urgency: Urgency) -> Result<PostId, ServiceError> {
        let draft = &Draft { content, urgency, audience: Audience::Members, body: None };
        Ok(run!(self.centre, |work| work.draft_and_submit(by, draft.clone()))?.id)
    }

    async fn post(&self, by: StaffId, id: PostId, command: Command) -> Result<(), ServiceError> {
        let command = &command;
        run!(self.centre, |work| work.post_command(By::Staff(by), id, command.clone())).map(drop)
    }

    async fn asks(
        &self,
        member: MemberId,
        topic: Topic,
        text: &str,
    ) -> Result<lupinus_core::ids::ConsultationId, ServiceError> {
        let screened = self.centre.screen().check(text, Context::Consultation);
        let masked =
            screened.marks.iter().filter(|mark| mark.action == Action::Block).map(|mark| mark.kind).collect();
        let said = &Said { text: screened.into_masked(), masked, channel_message: None, topic: Some(topic) };
        let to = &Addressee { member, contact: self.centre.member(member).await?.value.contact };
        let asked = run!(self.centre, |work| work.ask(
            By::Member(member),
            said.clone(),
            Recipient::Person(to.clone())
        ))?;
        Ok(asked.consultation)
    }

    fn later(&self, minutes: u64) {
        self.clock.advance(Duration::from_mins(minutes));
    }
}

fn event(title: &str, body: &str, day: &str, by: &str, venue: &str) -> Result<Content, jiff::Error> {
    Ok(Content {
        category: Category::Training,
        title: title.to_owned(),
        body: body.to_owned(),
        event: Some(EventDetails {
            date: day.parse()?,
            starts: Some("18:30".parse()?),
            ends: Some("20:00".parse()?),
            venue: Some(Venue::Place(venue.to_owned())),
            capacity: Some(30),
            apply_by: Some(by.parse()?),
            fee: Some("無料".to_owned()),
            contact: Some("事務局 電話 0466-00-0000(平日9時から16時)".to_owned()),
            hosts: Some("市医師会、市訪問看護連絡会".to_owned()),
        }),
        attachments: Vec::new(),
        link: Some("https://www.example.jp/training".to_owned()),
        expires_at: None,
        sender: None,
    })
}

fn notice(category: Category, title: &str, body: &str) -> Content {
    Content {
        category,
        title: title.to_owned(),
        body: body.to_owned(),
        event: None,
        attachments: Vec::new(),
        link: None,
        expires_at: None,
        sender: None,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::new("2026-10-05T08:40:00+09:00".parse()?));
    let store = Arc::new(MemoryStore::new());
    let ids = Arc::new(SeededIds::new(20_261_005));
    let consultations = ConsultationPolicy { holds_media: true, ..ConsultationPolicy::default() };
    let areas = Areas::offering(["第1圏域", "第2圏域", "第3圏域"].map(|area| Area(area.to_owned())).to_vec());
    let policy = Policy { consultations, areas, ..Policy::default() };
    let centre = Centre::new(store, clock.clone(), ids, Screen::default(), policy);
    let stage = Stage { centre: centre.clone(), clock };
    let first = create_first_administrator(&centre, "admin", "森 葉子", PASSWORD).await?.id;
    let a = stage.staff(first, "kakunin", "青木 みどり", &[Role::Checker, Role::Consultant]).await?;
    let b =
        stage.staff(first, "shounin", "藤沢 学", &[Role::Approver, Role::Checker, Role::Consultant]).await?;
    stage.staff(first, "kanri", "長谷 薫", &[Role::Administrator, Role::Auditor]).await?;
    let body = run!(centre, |work| work.create_body(By::Staff(first), "訪問看護連絡会"))?.id;
    let (_, code) = run!(centre, |work| work.invite(By::Staff(first), body))?;
    let mut members = Vec::new();
    for (number, profession) in
        ["HomeVisitNurse", "CareManager", "Pharmacist", "Dentist", "PhysicalTherapist"]
            .into_iter()
            .cycle()
            .take(35)
            .enumerate()
    {
        let area = ["第1圏域", "第2圏域", "第3圏域"][number % 3];
        members.push(stage.member(number, profession, area).await?);
    }
    let (nurse, manager, pharmacist) = (members[0], members[1], members[2]);
    let code = &code;
    run!(centre, |work| work.redeem_code(By::Member(nurse), code))?;

    // One of the staff is linked to a LINE account of their own.
    let phone = stage.member(99, "MunicipalStaff", "第1圏域").await?;
    let (_, own) = run!(centre, |work| work.offer_link(By::Staff(b)))?;
    let own = &own;
    run!(centre, |work| work.redeem_code(By::Member(phone), own))?;

    let training = event(
        "嚥下機能の評価と食事介助 実技研修会",
        "摂食嚥下の評価と、むせの少ない食事介助の姿勢を実技で学びます。\n\n講師:歯科医師 山田太郎 先生\n対象:多職種(どなたでも)\n10月20日(月)の開催です。昨年は満席でした。お早めにお申し込みください。",
        "2026-10-20",
        "2026-10-07",
        "市民会館 大会議室",
    )?;
    let returned = stage.submit(By::Member(nurse), training.clone(), Urgency::Normal).await?;
    stage.later(9);
    stage.post(a, returned, Command::Take).await?;
    let comment = "本文の曜日が日付と合っていません。ご確認ください。".to_owned();
    stage.post(a, returned, Command::Return { comment, field: Some(Field::Body) }).await?;
    stage.later(12);
    let mut mended = training;
    mended.body = mended.body.replace("10月20日(月)", "10月20日(火)");
    if let Some(event) = &mut mended.event {
        event.capacity = Some(40);
    }
    let mended = &mended;
    run!(centre, |work| work.edit_and_submit(By::Member(nurse), returned, mended.clone()))?;
    stage.later(3);
    stage.post(b, returned, Command::Take).await?;

    let cafe = event(
        "多職種カフェ「秋の回」",
        "顔の見える関係づくりの会です。10月30日(木)にお待ちしています。",
        "2026-10-30",
        "2026-10-26",
        "保健センター",
    )?;
    stage.submit(By::Member(nurse), cafe, Urgency::Normal).await?;
    stage.later(4);
    let form = notice(
        Category::FormUpdate,
        "退院時連携シートの様式が変わります",
        "11月から新しい様式を使います。旧様式も年内は受け付けます。",
    );
    stage.submit(By::Staff(a), form, Urgency::Normal).await?;
    let site = notice(Category::Resource, "在宅医療の相談窓口をまとめました", "市内の窓口を一覧にしました。");
    let approved = stage.submit(By::Staff(a), site, Urgency::Normal).await?;
    stage.post(b, approved, Command::Take).await?;
    stage.post(b, approved, Command::Approve { revision: 1, confirmed: true }).await?;
    let storm = notice(
        Category::Emergency,
        "大雨警報:訪問の安全を優先してください",
        "市内に大雨警報が出ています。無理な訪問は控えてください。",
    );
    let storm = stage.submit(By::Staff(a), storm, Urgency::Emergency).await?;
    stage.post(b, storm, Command::Take).await?;
    stage.post(b, storm, Command::Approve { revision: 1, confirmed: true }).await?;
    let at = centre.now();
    stage.post(b, storm, Command::Schedule { at, audience: Audience::Members }).await?;
    centre.start_due_posts().await?;
    for leased in centre.lease_due(50).await? {
        centre.settle(&leased, SendOutcome::Accepted { request_id: None }).await?;
    }

    stage.later(11);
    let pump = stage
        .asks(manager, Topic::HomeServices, "山本さん(82)のことで、090-1234-5678にお電話しましたが、週末に輸液ポンプを貸してくれる業者を知りたいです。")
        .await?;
    run!(centre, |work| work.consultation_command(By::Staff(a), pump, consultation::Command::Take))?;
    stage.later(6);
    let answer = "ご相談ありがとうございます。週末に対応できる業者は市内に2社あります。一覧は市のページ「在宅医療機器」をご覧ください。";
    run!(centre, |work| work.consultation_command(
        By::Staff(a),
        pump,
        consultation::Command::Answer { text: answer.to_owned() }
    ))?;
    run!(centre, |work| work.consultation_command(
        By::Staff(a),
        pump,
        consultation::Command::Note {
            text: "5月にも同じ質問があった。FAQの候補。".to_owned()
        }
    ))?;
    run!(centre, |work| work.consultation_command(
        By::Staff(a),
        pump,
        consultation::Command::Tag { tag: "FAQ候補".to_owned() }
    ))?;
    stage.later(20);
    stage
        .asks(manager, Topic::HomeServices, "ありがとうございます。2社とも夜間の交換に来てもらえますか。")
        .await?;
    stage.later(3);
    let conference = stage
        .asks(
            pharmacist,
            Topic::Discharge,
            "退院前カンファレンスに薬局から参加したいとき、どちらへ連絡すればよいでしょうか。",
        )
        .await?;
    stage.later(14);

    // Two frequently asked questions: one that members read, and one that waits for a second pair of eyes.
    run!(centre, |work| work.consultation_command(By::Staff(b), conference, consultation::Command::Take))?;
    let to_whom = "病院の地域連携室へ、開催の3日前までに連絡してください。窓口の一覧は市のページにあります。";
    run!(centre, |work| work.consultation_command(
        By::Staff(b),
        conference,
        consultation::Command::Answer { text: to_whom.to_owned() }
    ))?;
    let entry = |question: &str, answer: &str, topic| faq::Words {
        question: question.to_owned(),
        answer: answer.to_owned(),
        topic,
    };
    let none = &Vetting::default();
    let words = &entry("退院前カンファレンスに薬局から参加できますか。", to_whom, Topic::Discharge);
    let (_, seen) = centre.suggested_faq(By::Staff(b), conference).await?;
    let published = run!(centre, |work| work.draft_faq(By::Staff(b), conference, words, seen, none))?.id;
    let confirmed = faq::Seen { nobody_named: true, nobody_told_by_all_together: true };
    let publish = &faq::Command::Publish { seen: 1, confirmed };
    run!(centre, |work| work.faq_command(By::Staff(a), published, publish.clone(), none))?;
    let words = &entry("週末に輸液ポンプを借りられる所はありますか。", answer, Topic::HomeServices);
    let (_, seen) = centre.suggested_faq(By::Staff(a), pump).await?;
    let drafted = run!(centre, |work| work.draft_faq(By::Staff(a), pump, words, seen, none))?.id;
    stage.later(5);

    // Two pictures are held: one that nobody has opened, and one that somebody looks at.
    for number in ["first", "second"] {
        let state = MediaState::Held { sha256: Sha256Hash::of(number.as_bytes()), viewer: None };
        let media = &Media { media_type: "image/png".to_owned(), size_bytes: 9, state };
        run!(centre, |work| work.show(By::Member(manager), media.clone(), number.to_owned()))?;
    }
    let thread = centre.consultation(By::Staff(b), pump).await?.value.thread;
    if let Some(entry) = thread.last().map(|entry| entry.id) {
        let look = &consultation::Command::Look { entry, instead_of: None };
        run!(centre, |work| work.consultation_command(By::Staff(b), pump, look.clone()))?;
    }

    for (title, text) in [
        ("受付時間の案内", "{職種}の皆さまへ。受付は{受付時間}です。次は{次の受付}からお答えします。"),
        (
            "個人情報のお願い",
            "お名前・ご住所など、個人が分かる内容を除いて、もう一度お送りください。担当は{担当}です。",
        ),
    ] {
        run!(centre, |work| work.write_canned(By::Staff(a), title, text))?;
    }

    let own_number = Allowance {
        kind: PiiKind::Phone,
        text: "090-1234-5678".to_owned(),
        reason: AllowReason::Organisation,
        comment: Some("事業所から貸与された電話です".to_owned()),
    };
    let vetting = &Vetting { allowed: vec![own_number], confirmed: false };
    let text = "相談員の連絡先は090-1234-5678です。".to_owned();
    let again = &consultation::Command::Answer { text };
    run!(centre, |work| work.vetted_consultation_command(By::Staff(a), pump, again.clone(), vetting))?;
    let venue = Allowance {
        kind: PiiKind::OrgAddress,
        text: "森の家".to_owned(),
        reason: AllowReason::Organisation,
        comment: None,
    };
    centre.add_word(By::Staff(first), &venue).await?;
    let mut facts = Facts { special_care: true, persons: Some(1), ..Facts::new(centre.now()) };
    facts.items.insert(Item::Summary, "回答に利用者の氏名を1件含めて送った。送信取消を依頼済み。".to_owned());
    facts.items.insert(Item::Data, "氏名".to_owned());
    let facts = &facts;
    let incident = run!(centre, |work| work.open_incident(By::Staff(a), None, facts.clone()))?.id;

    let console = Console::builder(centre)
        .city("見本市")
        .account("見本市ルピナスセンター")
        .environment(Environment::Demonstration)
        .channel(Arc::new(QuotaOnly))
        .examiner(Arc::new(Found))
        .texts(Arc::new(says::Says))
        .https(false)
        .build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
    println!("http://127.0.0.1:8090/console  (admin, kakunin, shounin, kanri; {PASSWORD})");
    println!(
        "post {returned}\nconsultation {pump}\napproved {approved}\nbody {body}\nincident {incident}\nfaq {published} {drafted}"
    );
    axum::serve(listener, console.mounted()).await?;
    Ok(())
}
