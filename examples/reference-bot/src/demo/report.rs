//! What came of the six months: counted from the records, and by LINE.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use anyhow::Context as _;
use comfy_table::Table;
use jiff::{civil::Date, tz::TimeZone};
use lupinus_core::{
    consultation::Consultation,
    delivery::Delivery,
    member::{Member, MemberState},
    outbox::DeliveryKind,
    post::PostState,
    store::{Entity, Scan, StoreExt},
};

use super::proof::posts_in;
use crate::{app::App, report::table};

/// Most records of a kind that are counted.
const MAX_COUNTED: usize = 100_000;

/// LINE's plans: yen a month, messages a month.
const PLANS: [(&str, u32, u64); 3] =
    [("コミュニケーション", 0, 200), ("ライト", 5_000, 5_000), ("スタンダード", 15_000, 30_000)];

/// What there is to say of the members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberFigures {
    /// Registered: can be reached, and accepted the rules.
    pub registered: usize,
    /// Friends who have not accepted the rules.
    pub undecided: usize,
    /// Blocked the account.
    pub blocked: usize,
    /// Left.
    pub left: usize,
    /// Professions among the registered.
    pub professions: usize,
}

/// What there is to say of the consultations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsultationFigures {
    /// All.
    pub all: usize,
    /// Resolved.
    pub resolved: usize,
    /// Answered automatically while the centre was closed.
    pub at_night: usize,
    /// In which something was masked.
    pub masked: usize,
    /// Of which something was taken back.
    pub taken_back: usize,
    /// Taken up again.
    pub reopened: usize,
    /// Half of the first answers came within this, in opening hours.
    pub median_to_first_answer: Option<Duration>,
}

/// One month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Posts sent.
    pub posts: usize,
    /// Messages of posts by our records: one for each recipient.
    pub of_posts: u64,
    /// What LINE counted, answers by push among it; `None` when the emulator does not know.
    pub counted: Option<u64>,
}

/// What came of it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Members.
    pub members: MemberFigures,
    /// Bodies.
    pub bodies: usize,
    /// Posts by state.
    pub posts: Vec<(String, u64)>,
    /// Posts sent.
    pub sent: u64,
    /// Posts that were returned at least once and sent in the end.
    pub returned_and_sent: usize,
    /// Corrections sent.
    pub corrections: usize,
    /// Posts sent to a part of the members.
    pub narrower: usize,
    /// Consultations.
    pub consultations: ConsultationFigures,
    /// Month by month, by its first day.
    pub months: BTreeMap<Date, Month>,
}

/// Counts everything. `counted` is what LINE counted by the last day of each month.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn figures(app: &App, counted: &[(Date, u64)], zone: &TimeZone) -> anyhow::Result<Figures> {
    let store = app.centre.store();
    let mut figures = Figures { members: members(app).await?, ..Figures::default() };
    figures.bodies = app.centre.bodies().await?.len();
    for state in PostState::NAMES {
        let count = app.centre.post_count(state).await?;
        if let Some(post) = app.centre.posts(state, None, 1).await?.items.first() {
            figures.posts.push((post.value.state.label_ja().to_owned(), count));
        }
    }
    figures.sent = app.centre.post_count("sent").await?;
    for post in posts_in(app, "sent").await? {
        let post = post.value;
        let returned =
            post.remarks.iter().any(|remark| remark.kind == lupinus_core::post::RemarkKind::Returned);
        figures.returned_and_sent += usize::from(returned);
        figures.corrections += usize::from(post.corrects.is_some());
    }
    let deliveries = store.all::<Delivery>(Scan::keys(Delivery::KIND), MAX_COUNTED).await;
    for delivery in deliveries.context("cannot read the deliveries")? {
        let delivery = delivery.value;
        if delivery.kind != DeliveryKind::Production {
            continue;
        }
        figures.narrower +=
            usize::from(matches!(delivery.audience, lupinus_core::audience::Audience::Where(_)));
        let month =
            figures.months.entry(zone.to_datetime(delivery.started_at).date().first_of_month()).or_default();
        month.posts += 1;
        month.of_posts += u64::from(delivery.recipients);
    }
    for (day, used) in counted {
        figures.months.entry(day.first_of_month()).or_default().counted = Some(*used);
    }
    figures.consultations = consultations(app).await?;
    Ok(figures)
}

async fn members(app: &App) -> anyhow::Result<MemberFigures> {
    let members = app.centre.store().all::<Member>(Scan::keys(Member::KIND), MAX_COUNTED).await;
    let mut figures = MemberFigures::default();
    let mut professions = std::collections::HashSet::new();
    for member in members.context("cannot read the members")? {
        let member = member.value;
        match member.state {
            MemberState::Following if member.is_registered() => {
                figures.registered += 1;
                professions.extend(member.profession);
            }
            MemberState::Following => figures.undecided += 1,
            MemberState::Blocked => figures.blocked += 1,
            MemberState::Left => figures.left += 1,
        }
    }
    figures.professions = professions.len();
    Ok(figures)
}

async fn consultations(app: &App) -> anyhow::Result<ConsultationFigures> {
    let hours = &app.centre.policy().hours;
    let all = app.centre.store().all::<Consultation>(Scan::keys(Consultation::KIND), MAX_COUNTED).await;
    let mut figures = ConsultationFigures::default();
    let mut times = Vec::new();
    for consultation in all.context("cannot read the consultations")? {
        let consultation = consultation.value;
        figures.all += 1;
        figures.resolved += usize::from(consultation.is_resolved());
        figures.at_night += usize::from(consultation.auto_answered.is_some());
        figures.masked += usize::from(consultation.thread.iter().any(|entry| !entry.masked.is_empty()));
        figures.taken_back += usize::from(consultation.thread.iter().any(|entry| entry.text.is_none()));
        figures.reopened += usize::from(consultation.reopened > 0);
        times.extend(consultation.time_to_first_answer(hours));
    }
    times.sort();
    figures.median_to_first_answer = times.get(times.len() / 2).copied();
    Ok(figures)
}

impl Figures {
    /// As tables for people.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        let members = &self.members;
        let mut people = table(&["会員", "人数"]);
        people.add_row(["登録者".to_owned(), members.registered.to_string()]);
        people.add_row(["うち職種の数".to_owned(), members.professions.to_string()]);
        people.add_row(["友だち(ルール未同意)".to_owned(), members.undecided.to_string()]);
        people.add_row(["ブロック".to_owned(), members.blocked.to_string()]);
        people.add_row(["退会".to_owned(), members.left.to_string()]);
        people.add_row(["職能団体(団体数)".to_owned(), self.bodies.to_string()]);
        let mut posts = table(&["投稿", "件数"]);
        for (state, count) in &self.posts {
            posts.add_row([state.clone(), count.to_string()]);
        }
        posts.add_row(["(配信済みのうち差戻しを経たもの)".to_owned(), self.returned_and_sent.to_string()]);
        posts.add_row(["(同 訂正)".to_owned(), self.corrections.to_string()]);
        posts.add_row(["(同 絞り込み配信)".to_owned(), self.narrower.to_string()]);
        let _ = writeln!(text, "{people}\n{posts}\n{}\n{}", self.consultation_table(), self.month_table());
        text
    }

    fn consultation_table(&self) -> Table {
        let asked = &self.consultations;
        let mut table = table(&["相談", "件数"]);
        table.add_row(["受け付けた相談".to_owned(), asked.all.to_string()]);
        table.add_row(["解決".to_owned(), asked.resolved.to_string()]);
        table.add_row(["開庁時間外の自動応答".to_owned(), asked.at_night.to_string()]);
        table.add_row(["個人情報を伏せたもの".to_owned(), asked.masked.to_string()]);
        table.add_row(["送信取消で消したもの".to_owned(), asked.taken_back.to_string()]);
        table.add_row(["再開".to_owned(), asked.reopened.to_string()]);
        let median = asked.median_to_first_answer.map_or_else(|| "—".to_owned(), minutes);
        table.add_row(["最初の回答まで(開庁時間、中央値)".to_owned(), median]);
        table
    }

    fn month_table(&self) -> Table {
        let mut table = table(&[
            "月",
            "配信",
            "投稿の通数",
            "LINEの通数",
            "無料 200通",
            "¥5,000 5,000通",
            "¥15,000 30,000通",
        ]);
        for (first, month) in &self.months {
            let counted = month.counted.unwrap_or(month.of_posts);
            let mut row = vec![
                format!("{}年{}月", first.year(), first.month()),
                month.posts.to_string(),
                month.of_posts.to_string(),
                month.counted.map_or_else(|| "—".to_owned(), |counted| counted.to_string()),
            ];
            row.extend(PLANS.iter().map(|(_, _, limit)| {
                if counted <= *limit {
                    "○ 足りる".to_owned()
                } else {
                    format!("× {}通超過", counted - limit)
                }
            }));
            table.add_row(row);
        }
        table
    }

    /// Which plan carries every month, in a sentence.
    pub fn plan(&self) -> String {
        let most =
            self.months.values().map(|month| month.counted.unwrap_or(month.of_posts)).max().unwrap_or(0);
        match PLANS.iter().find(|(_, _, limit)| most <= *limit) {
            Some((name, yen, limit)) => {
                format!("最も多い月で{most}通。{name}プラン(月額{yen}円、{limit}通)に収まります。")
            }
            None => format!("最も多い月で{most}通。追加メッセージの購入が要ります。"),
        }
    }
}

/// A time in minutes, as people read it.
fn minutes(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    if minutes < 60 { format!("{minutes}分") } else { format!("{}時間{}分", minutes / 60, minutes % 60) }
}
