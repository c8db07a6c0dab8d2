use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{Category, Look};
use crate::hash::Sha256Hash;

/// Longest title, in `char`s: it stands on a card and in a notification.
pub const MAX_TITLE_CHARS: usize = 60;
/// Longest body, in `char`s.
pub const MAX_BODY_CHARS: usize = 2_000;
/// Longest of the other fields, in `char`s.
pub const MAX_LINE_CHARS: usize = 200;
/// Most attachments of a post.
pub const MAX_ATTACHMENTS: usize = 3;

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// At a place.
    Place(String),
    /// Online, with how to get in.
    Online(String),
}

impl Venue {
    /// Its words.
    pub fn text(&self) -> &str {
        match self {
            Self::Place(text) | Self::Online(text) => text,
        }
    }
}

/// The particulars of an event (研修・講演会). Local times of the centre's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDetails {
    /// On which day.
    pub date: Date,
    /// From when; not known for some.
    pub starts: Option<Time>,
    /// Until when.
    pub ends: Option<Time>,
    /// Where.
    pub venue: Option<Venue>,
    /// How many may come.
    pub capacity: Option<u32>,
    /// The last day to apply (申込締切).
    pub apply_by: Option<Date>,
    /// What it costs, as written: 「無料」, 「500円」.
    pub fee: Option<String>,
    /// Whom to ask, as written.
    pub contact: Option<String>,
    /// Co-hosts (共催) and patrons (後援), as written.
    pub hosts: Option<String>,
}

impl EventDetails {
    /// When it begins: midnight of its day if the hour is not known.
    pub fn starts_at(&self, zone: &TimeZone) -> Option<Timestamp> {
        let at = DateTime::from_parts(self.date, self.starts.unwrap_or_default());
        zone.to_timestamp(at).ok()
    }

    /// From when on nobody needs to hear of it: its start, or the end of its day if the hour is not known.
    pub fn expires_at(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self.starts {
            Some(_) => self.starts_at(zone),
            None => zone.to_timestamp(self.date.tomorrow().ok()?.at(0, 0, 0, 0)).ok(),
        }
    }
}

/// A picture or file. Part of the revision by its hash: another file is another revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name as people read it.
    pub name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    pub media_type: String,
    /// How long it is, in bytes.
    pub size_bytes: u64,
    /// Its content, and its name in the [`Blob`](crate::blob::Blob) store.
    pub sha256: Sha256Hash,
    /// What a person who cannot see it needs to know.
    pub alt: String,
    /// What could be read of it; `None` when nobody tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// Whether whoever hands it in says that nobody can be recognised in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checked: bool,
}

/// What members will see. Its hash is what an approval names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is about.
    pub category: Category,
    /// One line, at most [`MAX_TITLE_CHARS`].
    pub title: String,
    /// The text, at most [`MAX_BODY_CHARS`].
    pub body: String,
    /// The event's particulars, for an event.
    pub event: Option<EventDetails>,
    /// Pictures and files, at most [`MAX_ATTACHMENTS`].
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// One link, `https`.
    pub link: Option<String>,
    /// From when on it must not go out any more, beside an event's start.
    pub expires_at: Option<Timestamp>,
    /// Whose it is, as members read it (発信): the name of the professional body. The service writes it; part of what is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
}

/// A part of a post that a comment or a mark can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// カテゴリ
    Category,
    /// タイトル
    Title,
    /// 本文
    Body,
    /// 開催日
    Date,
    /// 開始・終了時刻
    Time,
    /// 会場
    Venue,
    /// 定員
    Capacity,
    /// 申込締切
    ApplyBy,
    /// 参加費
    Fee,
    /// 問い合わせ先
    Contact,
    /// 共催・後援
    Hosts,
    /// 添付
    Attachment,
    /// リンク
    Link,
}

impl Field {
    /// Every field, in the order of forms.
    pub const ALL: [Self; 13] = [
        Self::Category,
        Self::Title,
        Self::Body,
        Self::Date,
        Self::Time,
        Self::Venue,
        Self::Capacity,
        Self::ApplyBy,
        Self::Fee,
        Self::Contact,
        Self::Hosts,
        Self::Attachment,
        Self::Link,
    ];

    /// Whether only events have it: when and where, for whom, whom to ask.
    pub const fn is_of_events(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::Time
                | Self::Venue
                | Self::Capacity
                | Self::ApplyBy
                | Self::Fee
                | Self::Contact
                | Self::Hosts
        )
    }

    /// The fields of a post of this category, in the order of forms.
    pub fn of(category: Category) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |field| category.is_event() || !field.is_of_events())
    }

    /// The word that people read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Category => "カテゴリ",
            Self::Title => "タイトル",
            Self::Body => "本文",
            Self::Date => "開催日",
            Self::Time => "時刻",
            Self::Venue => "会場",
            Self::Capacity => "定員",
            Self::ApplyBy => "申込締切",
            Self::Fee => "参加費",
            Self::Contact => "問い合わせ先",
            Self::Hosts => "共催・後援",
            Self::Attachment => "添付",
            Self::Link => "リンク",
        }
    }

    /// Its name in forms and postbacks: `apply_by`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Title => "title",
            Self::Body => "body",
            Self::Date => "date",
            Self::Time => "time",
            Self::Venue => "venue",
            Self::Capacity => "capacity",
            Self::ApplyBy => "apply_by",
            Self::Fee => "fee",
            Self::Contact => "contact",
            Self::Hosts => "hosts",
            Self::Attachment => "attachment",
            Self::Link => "link",
        }
    }

    /// The field with this [`Field::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What is wrong with a content, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field:?}: {problem:?}")]
pub struct InvalidContent {
    /// Where.
    pub field: Field,
    /// What.
    pub problem: ContentProblem,
}

impl InvalidContent {
    /// What to do, in Japanese: for the person who wrote it.
    pub const fn sentence_ja(&self) -> &'static str {
        self.problem.sentence_ja()
    }
}

/// Something that keeps a content from being handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentProblem {
    /// There is no title.
    NoTitle,
    /// The title is longer than [`MAX_TITLE_CHARS`].
    LongTitle,
    /// The title is more than one line.
    BrokenTitle,
    /// There is no body.
    NoBody,
    /// The body is longer than [`MAX_BODY_CHARS`].
    LongBody,
    /// There are more than [`MAX_ATTACHMENTS`].
    ManyAttachments,
    /// A picture or file has no words for those who cannot see it.
    WordlessAttachment,
    /// A picture or file into which screening cannot look, and of which nobody has said that no person can be recognised in it (R11).
    UncheckedAttachment,
    /// The centre has no address under which members could open a picture or file.
    UnservedAttachment,
    /// The link is none, or too long.
    BadLink,
    /// An event has no date.
    NoDate,
    /// A line is longer than [`MAX_LINE_CHARS`].
    LongLine,
    /// It ends before it begins.
    EndsBeforeStart,
    /// Nobody may come.
    NoSeats,
    /// One can apply until after the event.
    LateDeadline,
    /// The event is over.
    Past,
    /// Nobody can apply any more.
    DeadlinePast,
    /// It must not go out any more.
    Expired,
}

impl ContentProblem {
    /// What to do, in Japanese: for the person who wrote it.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::NoTitle => "タイトルを入力してください。",
            Self::LongTitle => "タイトルは60文字までです。",
            Self::BrokenTitle => "タイトルは1行で入力してください。",
            Self::NoBody => "本文を入力してください。",
            Self::LongBody => "本文は2,000文字までです。",
            Self::ManyAttachments => "添付は3つまでです。",
            Self::WordlessAttachment => "添付の説明(代替テキスト)を入力してください。",
            Self::UncheckedAttachment => {
                "添付(写真、または文字を読み取れないPDF)に、個人が分かる顔・氏名などがないことを確認してください。"
            }
            Self::UnservedAttachment => {
                "写真・ファイルの公開アドレスが設定されていないため、添付は届けられません。添付を外してください。"
            }
            Self::BadLink => "リンクは https:// で始まる1,000文字以内の住所にしてください。",
            Self::NoDate => "開催日を入力してください。",
            Self::LongLine => "200文字までで入力してください。",
            Self::EndsBeforeStart => "終了時刻は開始時刻より後にしてください。",
            Self::NoSeats => "定員は1名以上にしてください。",
            Self::LateDeadline => "申込締切は開催日より前にしてください。",
            Self::Past => "開催日時が過ぎています。",
            Self::DeadlinePast => "申込締切が過ぎています。",
            Self::Expired => "掲載期限が過ぎています。",
        }
    }
}

impl Content {
    /// Its SHA-256.
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of_json(self)
    }

    /// From when on it must not go out: an event's start, or its own expiry, whichever is earlier.
    pub fn expiry(&self, zone: &TimeZone) -> Option<Timestamp> {
        let event = self.event.as_ref().and_then(|event| event.expires_at(zone));
        match (event, self.expires_at) {
            (Some(event), Some(own)) => Some(event.min(own)),
            (event, own) => event.or(own),
        }
    }

    /// Every text of it, with the field it stands in: what screening reads.
    pub fn texts(&self) -> Vec<(Field, &str)> {
        let mut texts = vec![(Field::Title, self.title.as_str()), (Field::Body, self.body.as_str())];
        if let Some(event) = &self.event {
            let parts = [
                (Field::Venue, event.venue.as_ref().map(Venue::text)),
                (Field::Fee, event.fee.as_deref()),
                (Field::Contact, event.contact.as_deref()),
                (Field::Hosts, event.hosts.as_deref()),
            ];
            texts.extend(parts.into_iter().filter_map(|(field, text)| Some((field, text?))));
        }
        for attachment in &self.attachments {
            texts.push((Field::Attachment, &attachment.name));
            texts.push((Field::Attachment, &attachment.alt));
        }
        if let Some(link) = &self.link {
            texts.push((Field::Link, link));
        }
        texts
    }

    /// Everything that keeps it from being handed in at `now`; nothing when it may be.
    pub fn problems(&self, now: Timestamp, zone: &TimeZone) -> Vec<InvalidContent> {
        use ContentProblem as P;
        let mut problems = Vec::new();
        let mut check = |wrong: bool, field, problem| {
            if wrong {
                problems.push(InvalidContent { field, problem });
            }
        };
        let chars = |text: &str| text.chars().count();
        check(self.title.trim().is_empty(), Field::Title, P::NoTitle);
        check(chars(&self.title) > MAX_TITLE_CHARS, Field::Title, P::LongTitle);
        check(self.title.contains('\n'), Field::Title, P::BrokenTitle);
        check(self.body.trim().is_empty(), Field::Body, P::NoBody);
        check(chars(&self.body) > MAX_BODY_CHARS, Field::Body, P::LongBody);
        check(self.attachments.len() > MAX_ATTACHMENTS, Field::Attachment, P::ManyAttachments);
        check(
            self.attachments.iter().any(|attachment| attachment.alt.trim().is_empty()),
            Field::Attachment,
            P::WordlessAttachment,
        );
        check(
            self.attachments.iter().any(Attachment::is_unchecked),
            Field::Attachment,
            P::UncheckedAttachment,
        );
        if let Some(link) = &self.link {
            check(
                !link.starts_with("https://") || link.chars().any(char::is_whitespace) || link.len() > 1_000,
                Field::Link,
                P::BadLink,
            );
        }
        check(self.category.is_event() && self.event.is_none(), Field::Date, P::NoDate);
        if let Some(event) = &self.event {
            for (field, text) in self.texts() {
                let short = matches!(field, Field::Venue | Field::Fee | Field::Contact | Field::Hosts);
                check(short && chars(text) > MAX_LINE_CHARS, field, P::LongLine);
            }
            check(
                matches!((event.starts, event.ends), (Some(starts), Some(ends)) if ends <= starts),
                Field::Time,
                P::EndsBeforeStart,
            );
            check(event.capacity == Some(0), Field::Capacity, P::NoSeats);
            check(event.apply_by.is_some_and(|by| by > event.date), Field::ApplyBy, P::LateDeadline);
            check(event.expires_at(zone).is_none_or(|at| at <= now), Field::Date, P::Past);
            let today = zone.to_datetime(now).date();
            check(event.apply_by.is_some_and(|by| by < today), Field::ApplyBy, P::DeadlinePast);
        }
        check(self.expires_at.is_some_and(|at| at <= now), Field::Body, P::Expired);
        problems
    }
}
