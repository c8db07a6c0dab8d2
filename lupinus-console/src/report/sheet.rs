use std::{collections::BTreeMap, fmt, time::Duration};

use lupinus_core::{
    actor::Role,
    choices::{Areas, Professions},
    consultation::{Rating, Topic},
    figures::{ConsultationTotals, Figures, MonthFigures, Period, Sent},
    ids::BodyId,
    member::Profession,
    post::Category,
};

use crate::view::{figure, spent};

/// What people read for the city's own words, and where its records are.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The city's professions, in their order. What a member wrote in their own words is counted together.
    pub professions: Professions,
    /// The city's areas, in their order.
    pub areas: Areas,
    /// The bodies, in the order of the report.
    pub bodies: Vec<(BodyId, String)>,
    /// Where records are kept, for the usage report: "sled, folder ./data of the centre's own server". No password.
    pub kept_at: Option<String>,
}

/// A report: six headings with their tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Of which period.
    pub period: Period,
    /// The six, in order.
    pub sections: Vec<Section>,
}

/// One heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it says.
    pub heading: &'static str,
    /// What stands under it.
    pub tables: Vec<Table>,
}

/// One table: a column of names, and one or more of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// The head of the column of names, then those of the values.
    pub columns: Vec<&'static str>,
    /// A name with as many values as there are columns of them.
    pub rows: Vec<(String, Vec<Cell>)>,
    /// Whether it is also drawn, by its first column of values.
    pub drawn: bool,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A number of something.
    Number(u64),
    /// A span in opening hours; `None` of nothing.
    Span(Option<Duration>),
    /// Words.
    Words(String),
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// As people read it: 「4,588」, 「2時間5分」.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{}", figure(number)),
            Self::Span(None) => f.write_str("—"),
            Self::Span(Some(span)) => write!(f, "{}", spent(*span)),
            Self::Words(words) => f.write_str(words),
        }
    }
}

const UNSAID: &str = "未回答";
const OWN_WORDS: &str = "その他(自由記述)";

/// The figures under the six headings.
pub fn sheet(figures: &Figures, labels: &Labels) -> Sheet {
    let sections = vec![
        Section { heading: "会員", tables: members(figures, labels) },
        Section { heading: "情報発信", tables: posts(figures, labels) },
        Section { heading: "配信の到達と通数", tables: reach(figures) },
        Section { heading: "相談", tables: consultations(figures, labels) },
        Section { heading: "個人情報の保護", tables: vec![privacy(figures)] },
        Section { heading: "運用と体制", tables: operation(figures, labels) },
    ];
    Sheet { period: figures.period, sections }
}

fn table(title: &str, columns: &[&'static str], rows: Vec<(String, Vec<Cell>)>) -> Table {
    Table { title: title.to_owned(), columns: columns.to_vec(), rows, drawn: false }
}

fn drawn(table: Table) -> Table {
    Table { drawn: table.rows.len() > 1, ..table }
}

/// Single numbers, each with its name.
fn list<const N: usize>(title: &str, unit: &'static str, rows: [(&str, Cell); N]) -> Table {
    let rows = rows.into_iter().map(|(name, cell)| (name.to_owned(), vec![cell])).collect();
    table(title, &["項目", unit], rows)
}

fn by_month(
    figures: &Figures,
    title: &str,
    columns: &[&'static str],
    cells: impl Fn(&MonthFigures) -> Vec<Cell>,
) -> Table {
    let rows = figures.months.iter().map(|month| (month.month.label_ja(), cells(month))).collect();
    drawn(table(title, columns, rows))
}

/// By the city's list, in its order; then whatever is not on it, together; then those who did not say.
fn by_list<K: Ord>(
    counts: &BTreeMap<Option<K>, u64>,
    list: impl Iterator<Item = (K, String)>,
) -> Vec<(String, Vec<Cell>)> {
    let mut rows = Vec::new();
    let mut listed = 0;
    for (key, label) in list {
        let count = counts.get(&Some(key)).copied().unwrap_or_default();
        listed += count;
        if count > 0 {
            rows.push((label, count));
        }
    }
    let unsaid = counts.get(&None).copied().unwrap_or_default();
    let others = counts.values().sum::<u64>() - unsaid - listed;
    rows.extend(
        [(OWN_WORDS.to_owned(), others), (UNSAID.to_owned(), unsaid)]
            .into_iter()
            .filter(|(_, count)| *count > 0),
    );
    rows.into_iter().map(|(name, count)| (name, vec![count.into()])).collect()
}

fn professions(labels: &Labels) -> impl Iterator<Item = (Profession, String)> {
    labels.professions.named().into_iter().map(|choice| (choice.profession, choice.label))
}

fn members(figures: &Figures, labels: &Labels) -> Vec<Table> {
    let members = &figures.members;
    let areas = labels.areas.all().map(|area| (area.clone(), area.0.clone()));
    let mut tables = vec![
        list(
            "会員数(集計時点)",
            "人",
            [
                ("会員(規約に同意)", members.registered.into()),
                ("友だち(同意前)", members.following_only.into()),
                ("ブロック中", members.blocked.into()),
            ],
        ),
        drawn(table(
            "職種別の会員数(集計時点)",
            &["職種", "人"],
            by_list(&members.by_profession, professions(labels)),
        )),
    ];
    if labels.areas.all().next().is_some() {
        tables.push(table("圏域別の会員数(集計時点)", &["圏域", "人"], by_list(&members.by_area, areas)));
    }
    let topics = Category::ALL.into_iter().map(|category| (category, category.label_ja().to_owned()));
    let mut wanted = by_list(&members.by_topic, topics);
    if let Some(everything) = wanted.last_mut().filter(|_| members.by_topic.contains_key(&None)) {
        "指定なし(すべて受け取る)".clone_into(&mut everything.0);
    }
    tables.push(table("受け取る情報別の会員数(集計時点)", &["分野", "人"], wanted));
    tables.push(by_month(
        figures,
        "友だち追加とブロック・退会",
        &["月", "友だち追加", "ブロック・退会"],
        |month| vec![month.joined.into(), month.left.into()],
    ));
    tables
}

fn sent(sent: Sent) -> Vec<Cell> {
    vec![sent.posts.into(), sent.people.into()]
}

fn posts(figures: &Figures, labels: &Labels) -> Vec<Table> {
    let act = |name: &str| Cell::from(figures.act(name));
    let by_category = Category::ALL.into_iter().filter_map(|category| {
        Some((category.label_ja().to_owned(), sent(*figures.posts.by_category.get(&category)?)))
    });
    let mut bodies: Vec<_> = labels
        .bodies
        .iter()
        .filter_map(|(id, name)| Some((name.clone(), sent(*figures.posts.by_body.get(&Some(*id))?))))
        .collect();
    bodies.extend(figures.posts.by_body.get(&None).map(|own| ("センター".to_owned(), sent(*own))));
    let columns = |first| [first, "投稿(件)", "延べ配信人数"];
    vec![
        list(
            "投稿の受付から配信まで",
            "件",
            [
                ("提出", act("post.submitted")),
                ("差戻し", act("post.returned")),
                ("却下", act("post.rejected")),
                ("取下げ", act("post.withdrawn")),
                ("承認", act("post.approved")),
                ("配信した投稿", figures.posts.sent.posts.into()),
                ("うち訂正", figures.posts.corrections.into()),
                ("うち緊急", figures.posts.urgent.into()),
            ],
        ),
        drawn(table("分野別の配信", &columns("分野"), by_category.collect())),
        drawn(table("団体別の配信", &columns("団体"), bodies)),
        by_month(figures, "月別の配信", &columns("月"), |month| sent(month.sent)),
    ]
}

fn reach(figures: &Figures) -> Vec<Table> {
    let Sent { posts, people } = figures.posts.sent;
    vec![list(
        "配信の到達",
        "数",
        [
            ("延べ配信人数(投稿の通数)", people.into()),
            ("投稿1件あたりの配信人数", people.checked_div(posts).unwrap_or_default().into()),
            ("友だち全員への配信(人数はLINEだけが知る)", figures.posts.to_all_friends.into()),
            ("一部が届かなかった配信", figures.posts.incomplete.into()),
            ("送る前の確認で止めた配信", figures.act("outbox.held").into()),
        ],
    )]
}

fn consultations(figures: &Figures, labels: &Labels) -> Vec<Table> {
    let totals = &figures.consultations;
    let topics = Topic::ALL.into_iter().map(|topic| (topic, topic.label_ja().to_owned()));
    vec![
        list(
            "相談の件数",
            "件",
            [
                ("受付", totals.opened.into()),
                ("相談した会員(人)", totals.members.into()),
                ("解決", totals.resolved.into()),
                ("うち返信がなく終了", totals.resolved_by_silence.into()),
                ("再開", totals.reopened.into()),
                ("未回答", totals.unanswered.into()),
            ],
        ),
        list(
            "回答までの時間(開所時間で数える)",
            "時間",
            [
                ("最初の回答まで(中央値)", Cell::Span(totals.first_answer.median)),
                ("最初の回答まで(9割がこの時間内)", Cell::Span(totals.first_answer.ninety_percent)),
                ("解決まで(中央値)", Cell::Span(totals.resolution.median)),
                ("解決まで(9割がこの時間内)", Cell::Span(totals.resolution.ninety_percent)),
            ],
        ),
        satisfaction(totals),
        drawn(table("相談の内容", &["内容", "件"], by_list(&totals.by_topic, topics))),
        drawn(table("相談者の職種", &["職種", "件"], by_list(&totals.by_profession, professions(labels)))),
        by_month(figures, "月別の相談", &["月", "件"], |month| vec![month.consultations.into()]),
    ]
}

/// What members said when it was resolved. Of a few it says that they are few.
fn satisfaction(totals: &ConsultationTotals) -> Table {
    const FEW: u64 = 20;
    let count = |rating: &Rating| totals.by_rating.get(rating).copied().unwrap_or_default();
    let all: u64 = Rating::ALL.iter().map(count).sum();
    let mut rows: Vec<(String, Vec<Cell>)> =
        Rating::ALL.iter().map(|rating| (rating.label_ja().to_owned(), vec![count(rating).into()])).collect();
    let said =
        if all < FEW { Cell::Words(format!("{all}(20件未満のため参考値)")) } else { all.into() };
    rows.push(("答えた相談".to_owned(), vec![said]));
    table("満足度", &["相談が役に立ったか", "件"], rows)
}

fn privacy(figures: &Figures) -> Table {
    let privacy = &figures.privacy;
    list(
        "個人情報の検出と漏えい等",
        "件",
        [
            ("受信時に伏せた記載のある相談", privacy.masked.into()),
            ("理由を付けて許可した検出", privacy.allowed.into()),
            ("漏えい等の記録を始めた件数", privacy.incidents.into()),
            ("漏えい等の速報", figures.act("incident.preliminary_reported").into()),
            ("漏えい等の確報", figures.act("incident.final_reported").into()),
            ("終わっていない漏えい等(集計時点)", privacy.incidents_open.into()),
        ],
    )
}

fn operation(figures: &Figures, labels: &Labels) -> Vec<Table> {
    let staff = &figures.staff;
    let roles = Role::ALL.into_iter().map(|role| {
        let count = staff.by_role.get(&role).copied().unwrap_or_default();
        (role.label_ja().to_owned(), vec![count.into()])
    });
    let changes = |prefix: &str| {
        let quiet = ["staff.signed_in", "staff.sign_in_failed"];
        let of = figures
            .acts
            .iter()
            .filter(|(name, _)| name.starts_with(prefix) && !quiet.contains(&name.as_str()));
        Cell::from(of.map(|(_, count)| count).sum::<u64>())
    };
    let mut tables = vec![
        list(
            "管理画面の利用",
            "数",
            [
                ("使える職員(人、集計時点)", staff.active.into()),
                ("ログインした職員(人)", staff.signed_in.into()),
                ("ログイン(回)", figures.act("staff.signed_in").into()),
                ("ログインの失敗(回)", figures.act("staff.sign_in_failed").into()),
            ],
        ),
        table("役割別の職員(集計時点)", &["役割", "人"], roles.collect()),
        list(
            "設定の変更",
            "回",
            [
                ("職員・権限", changes("staff.")),
                ("団体", changes("body.")),
                ("招待", changes("invitation.")),
                ("許可する語", changes("word.")),
                ("受付時間・配信の設定", changes("setting.")),
            ],
        ),
    ];
    if let Some(place) = &labels.kept_at {
        tables.push(list("記録の保存先", "場所", [("相談・投稿・会員・記録", Cell::Words(place.clone()))]));
    }
    tables
}
