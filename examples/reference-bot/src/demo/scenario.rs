//! The made-up city: its people, posts and consultations, as data.

use anyhow::{Context as _, ensure};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use lupinus_core::{
    actor::Role,
    audience::{Audience, Expr},
    consultation::Topic,
    member::Profession,
    post::{Category, Content, EventDetails, Field, Venue},
};
use serde::Deserialize;

const PEOPLE: &str = include_str!("../../scenario/people.toml");
const POSTS: &str = include_str!("../../scenario/posts.toml");
const CONSULTATIONS: &str = include_str!("../../scenario/consultations.toml");
/// The city's own settings.
pub(crate) const SETTINGS: &str = include_str!("../../scenario/lupinus.toml");

/// Everything that is played.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Bodies, members, staff.
    pub people: People,
    /// Posts.
    pub posts: Vec<PostScript>,
    /// Corrections of sent posts.
    pub corrections: Vec<CorrectionScript>,
    /// Consultations.
    pub consultations: Vec<ConsultationScript>,
}

/// Who there is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Professional bodies.
    #[serde(rename = "body")]
    pub bodies: Vec<BodyScript>,
    /// Members by profession.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// Who came and is no member at the end.
    pub others: Others,
    /// How often questions are skipped.
    pub skips: Skips,
    /// Parts of nicknames.
    pub names: Names,
    /// The centre's staff.
    pub staff: Vec<StaffScript>,
}

/// A professional body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyScript {
    /// By which posts name it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The profession of who submits for it.
    pub profession: String,
}

/// Members of one profession.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// By its identifier.
    pub profession: String,
    /// How many at the end.
    pub count: usize,
    /// Where they work.
    pub organisations: Vec<String>,
}

/// Who came and is no member at the end.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Others {
    /// Blocked the account.
    pub blocked: usize,
    /// Left and were erased.
    pub left: usize,
    /// Never accepted the rules.
    pub undecided: usize,
}

/// Out of a hundred.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skips {
    /// Skip 職種.
    pub profession: u64,
    /// Skip 所属.
    pub organisation: u64,
    /// Skip 圏域.
    pub area: u64,
    /// Choose no topics.
    pub topics: u64,
}

/// Parts of nicknames.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// First parts.
    pub first: Vec<String>,
    /// Second parts.
    pub tail: Vec<String>,
}

/// One of the centre's staff.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffScript {
    /// By which the scenario names them.
    pub key: String,
    /// What they sign in with.
    pub login: String,
    /// As colleagues read it.
    pub name: String,
    /// What they do.
    pub roles: Vec<Role>,
}

/// How a post ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// 配信済み
    #[default]
    Sent,
    /// 配信予約
    Scheduled,
    /// 却下
    Rejected,
    /// 取下げ
    Withdrawn,
    /// 差戻し
    Returned,
    /// 確認中
    InReview,
    /// 提出済み
    Submitted,
}

/// A comment that sends a post back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnScript {
    /// What to mend.
    pub comment: String,
    /// At which field.
    pub field: Field,
}

/// What stood in a post before it was returned.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// The body then.
    pub text: Option<String>,
    /// The contact then.
    pub contact: Option<String>,
    /// The deadline then.
    pub apply_by: Option<Date>,
}

/// A post and its fate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostScript {
    /// By which corrections name it.
    pub key: String,
    /// The body that hands it in.
    pub body: Option<String>,
    /// The staff member who writes it, when it is the centre's own.
    pub staff: Option<String>,
    /// 緊急配信
    #[serde(default)]
    pub emergency: bool,
    /// When it is handed in.
    pub submitted: DateTime,
    /// When it goes out.
    pub send: Option<DateTime>,
    /// How it ends.
    #[serde(default)]
    pub end: End,
    /// Why it was rejected or withdrawn.
    pub reason: Option<String>,
    /// カテゴリ
    pub category: Category,
    /// タイトル
    pub title: String,
    /// 本文
    pub text: String,
    /// 開催日
    pub date: Option<Date>,
    /// 開始
    pub starts: Option<Time>,
    /// 終了
    pub ends: Option<Time>,
    /// 会場
    pub venue: Option<String>,
    /// オンライン
    pub online: Option<String>,
    /// 定員
    pub capacity: Option<u32>,
    /// 申込締切
    pub apply_by: Option<Date>,
    /// 参加費
    pub fee: Option<String>,
    /// 問い合わせ先
    pub contact: Option<String>,
    /// 共催・後援
    pub hosts: Option<String>,
    /// リンク
    pub link: Option<String>,
    /// To these professions alone.
    #[serde(default)]
    pub to_professions: Vec<String>,
    /// Sent back once.
    pub returned: Option<ReturnScript>,
    /// As it was before that.
    #[serde(default)]
    pub first: First,
}

/// A correction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionScript {
    /// Of which post.
    pub of: String,
    /// When it is handed in.
    pub submitted: DateTime,
    /// When it goes out.
    pub send: DateTime,
    /// What is different.
    pub change: Change,
}

/// What a correction changes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// タイトル
    pub title: String,
    /// 本文
    pub text: String,
    /// 会場
    pub venue: Option<String>,
}

/// A consultation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationScript {
    /// The profession of who asks.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// What it is about.
    pub topic: Topic,
    /// What they write.
    pub say: String,
    /// Whether something personal is in it.
    #[serde(default)]
    pub masked: bool,
    /// Whether they first try to send a photograph.
    #[serde(default)]
    pub picture: bool,
    /// What follows.
    #[serde(default)]
    pub turn: Vec<TurnScript>,
}

/// What follows in a consultation: one of these at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnScript {
    /// When.
    pub at: DateTime,
    /// The member writes.
    pub say: Option<String>,
    /// The consultant answers.
    pub answer: Option<String>,
    /// An inner note.
    pub note: Option<String>,
    /// Handed to a colleague.
    pub transfer: Option<String>,
    /// Resolved by staff.
    #[serde(default)]
    pub resolve: bool,
    /// Resolved by the member.
    #[serde(default)]
    pub thanks: bool,
    /// The member's message of this number is taken back.
    pub unsend: Option<usize>,
    /// Resolved because nobody said anything more.
    #[serde(default)]
    pub silence: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Posts {
    post: Vec<PostScript>,
    correction: Vec<CorrectionScript>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consultations {
    consultation: Vec<ConsultationScript>,
}

impl Scenario {
    /// The shipped scenario.
    ///
    /// # Errors
    /// When its files are not what they should be.
    pub fn load() -> anyhow::Result<Self> {
        let people: People = toml::from_str(PEOPLE).context("scenario/people.toml")?;
        let Posts { post: posts, correction: corrections } =
            toml::from_str(POSTS).context("scenario/posts.toml")?;
        let Consultations { consultation: consultations } =
            toml::from_str(CONSULTATIONS).context("scenario/consultations.toml")?;
        let scenario = Self { people, posts, corrections, consultations };
        scenario.check()?;
        Ok(scenario)
    }

    fn check(&self) -> anyhow::Result<()> {
        for post in &self.posts {
            let key = &post.key;
            ensure!(
                post.body.is_some() != post.staff.is_some(),
                "{key}: either a body or one of the staff writes it"
            );
            let goes_out = matches!(post.end, End::Sent | End::Scheduled);
            ensure!(post.send.is_some() == goes_out, "{key}: `send` stands with posts that go out");
            ensure!(
                post.category.is_event() == post.date.is_some(),
                "{key}: events have a date, and others have none"
            );
            if let Some(body) = &post.body {
                ensure!(
                    self.people.bodies.iter().any(|known| known.key == *body),
                    "{key}: no body is called {body}"
                );
            }
        }
        for correction in &self.corrections {
            ensure!(
                self.posts.iter().any(|post| post.key == correction.of),
                "no post is called {} that a correction names",
                correction.of
            );
        }
        Ok(())
    }

    /// How many members there are at the end.
    pub fn members(&self) -> usize {
        self.people.groups.iter().map(|group| group.count).sum()
    }

    /// How many posts are sent at the end, corrections among them.
    pub fn sent(&self) -> usize {
        self.posts.iter().filter(|post| post.end == End::Sent).count() + self.corrections.len()
    }
}

impl PostScript {
    /// What members see at the end.
    pub fn content(&self) -> Content {
        let venue = match (&self.venue, &self.online) {
            (Some(place), _) => Some(Venue::Place(place.clone())),
            (None, Some(online)) => Some(Venue::Online(online.clone())),
            (None, None) => None,
        };
        let event = self.date.map(|date| EventDetails {
            date,
            starts: self.starts,
            ends: self.ends,
            venue,
            capacity: self.capacity,
            apply_by: self.apply_by,
            fee: self.fee.clone(),
            contact: self.contact.clone(),
            hosts: self.hosts.clone(),
        });
        Content {
            category: self.category,
            title: self.title.clone(),
            body: self.text.trim().to_owned(),
            event,
            attachments: Vec::new(),
            link: self.link.clone(),
            expires_at: None,
            sender: None,
        }
    }

    /// What was handed in first.
    pub fn first_content(&self) -> Content {
        let mut content = self.content();
        if let Some(text) = &self.first.text {
            text.trim().clone_into(&mut content.body);
        }
        if let Some(event) = &mut content.event {
            event.contact = self.first.contact.clone().or_else(|| event.contact.take());
            event.apply_by = self.first.apply_by.or(event.apply_by);
        }
        content
    }

    /// To whom it goes.
    pub fn audience(&self) -> Audience {
        if self.to_professions.is_empty() {
            return Audience::Members;
        }
        let professions = self.to_professions.iter();
        Audience::Where(Expr::Or(professions.map(|id| Expr::Profession(Profession(id.clone()))).collect()))
    }
}

/// A local time of the scenario as an instant.
///
/// # Errors
/// When the zone has no such time.
pub(crate) fn instant(at: DateTime, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    zone.to_timestamp(at).with_context(|| format!("{at} is no time of this zone"))
}

#[cfg(test)]
mod tests {
    use lupinus_core::{
        calendar::{DateProblem, find_dates},
        screening::{Context, Screen},
    };

    use super::*;

    #[test]
    fn every_date_with_a_weekday_in_the_texts_fits_it() {
        let scenario = Scenario::load().unwrap();
        let mut read = 0;
        for post in &scenario.posts {
            for date in find_dates(&post.text, post.submitted.date()) {
                read += 1;
                let wrong = |problem: &DateProblem| !matches!(problem, DateProblem::InThePast { .. });
                assert!(!date.problems.iter().any(wrong), "{}: {:?}", post.key, date.problems);
            }
        }
        assert!(read >= 10, "only {read} dates were found");
    }

    #[test]
    fn what_staff_write_holds_nothing_personal_and_what_members_write_holds_it_where_the_scenario_says() {
        let scenario = Scenario::load().unwrap();
        let screen = Screen::default();
        for (number, script) in scenario.consultations.iter().enumerate() {
            let blocks = screen.check(&script.say, Context::Consultation).blocks();
            assert_eq!(blocks, script.masked, "consultation {}", number + 1);
            for text in script.turn.iter().flat_map(|turn| [&turn.answer, &turn.note]).flatten() {
                assert!(!screen.check(text, Context::Consultation).blocks(), "{text}");
            }
        }
    }
}
