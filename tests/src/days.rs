//! Days in the life of a bot, in simulated time: what it holds afterwards must be what it held before.

use std::{
    collections::{BTreeSet, VecDeque},
    fs,
    path::Path,
    sync::Arc,
    time::Duration,
};

use jiff::{Timestamp, civil::date, tz::TimeZone};
use lupinus_bot::RandomIds;
use lupinus_core::{clock::ManualClock, ids::PostId, screening::Screen, service::Centre, store::Store as _};
use lupinus_emulator::{Emulator, Fault, Settings};
use lupinus_store_sled::SledStore;

use crate::{Desk, MULTICAST, Team, Victim, approved, letters, members, unhindered};

/// How much more memory than before is right: pieces that the allocator keeps. A sign-in that leaves its 19 MiB is more soon.
const MORE_MEMORY: u64 = 24 * 1024 * 1024;
/// How much more disk than before is right: a segment that sled has begun.
const MORE_DISK: u64 = 16 * 1024 * 1024;
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: usize = 60;
/// How often a post goes out, in minutes.
const POST_EVERY: usize = 4 * HOUR;

/// What a bot holds at the end of an hour.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// Its folder, in bytes.
    pub disk_bytes: u64,
    /// Tasks that are alive when nothing is left to do.
    pub tasks: usize,
}

/// What happened, and what the bot held at the end of each hour.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// One for each hour.
    pub samples: Vec<Sample>,
    /// How many webhooks there were.
    pub webhooks: usize,
    /// How many requests it made to LINE, those that failed on purpose included.
    pub requests: usize,
    /// How many questions were asked.
    pub asked: usize,
    /// How many of them were answered.
    pub answered: usize,
    /// How many posts went out.
    pub posts: usize,
    /// How many records there were at the end.
    pub records: usize,
    /// Their bytes as an export has them.
    pub export_bytes: u64,
}

/// A Monday of a month without holidays, at eight in the morning: the offices open. Every run sees the same days.
fn monday() -> Timestamp {
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    zone.to_timestamp(date(2040, 6, 4).at(8, 0, 0, 0)).unwrap()
}

impl Days {
    /// What grew that must not in a bot that may run for years, by more than the city did. What comes and goes is not looked at, but
    /// what is always there: the least of the later half of the hours beside the least of the earlier half.
    pub fn faults(&self) -> Vec<String> {
        let (early, late) = self.samples.split_at(self.samples.len() / 2);
        let least = |of: fn(&Sample) -> u64| {
            let least = |samples: &[Sample]| samples.iter().map(of).min();
            least(early).zip(least(late))
        };
        let mut faults = Vec::new();
        let mut bounded = |what: &str, of: fn(&Sample) -> u64, more: u64| match least(of) {
            None => faults.push("there were no two hours".to_owned()),
            Some((before, after)) if after > before + more => {
                faults.push(format!("{what}: at least {before}, later {after}, and {more} more are right"));
            }
            Some(_) => {}
        };
        // sled holds every record and what it is found by, and twice as long as an index is copied.
        bounded("memory", |sample| sample.memory_bytes, MORE_MEMORY + 6 * self.export_bytes);
        // A journal of all that was written, and two indexes.
        bounded("disk", |sample| sample.disk_bytes, MORE_DISK + 4 * self.export_bytes);
        // A connection to LINE or to the console more.
        bounded("tasks", |sample| u64::try_from(sample.tasks).unwrap_or(u64::MAX), 3);
        faults
    }
}

fn bytes_in(folder: &Path) -> u64 {
    // A file may go while one looks: the store is at work.
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_in(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

/// The city while its days go by.
struct Life<'a> {
    line: &'a Emulator,
    bot: &'a mut Victim,
    clock: &'a Path,
    ahead: Duration,
    people: Vec<String>,
    posts: Vec<PostId>,
    /// Who follows since when, in minutes.
    newcomers: VecDeque<(usize, String)>,
    /// The question that was asked last.
    last: Option<(String, String)>,
    desk: Desk,
    answered: VecDeque<String>,
    seen: BTreeSet<String>,
    days: Days,
}

impl Life<'_> {
    fn goes_on(&mut self, by: Duration) {
        self.ahead += by;
        // Replaced as a whole: the bot may be reading it.
        let beside = self.clock.with_extension("new");
        fs::write(&beside, self.ahead.as_millis().to_string()).unwrap();
        fs::rename(beside, self.clock).unwrap();
        self.line.advance(by);
    }

    async fn minute(&mut self, minute: usize) {
        self.goes_on(MINUTE);
        self.joins(minute).await;
        self.members_write(minute).await;
        self.line_fails(minute);
        let is_open = minute % (24 * HOUR) < 10 * HOUR;
        if is_open {
            self.staff_work(minute).await;
        }
        self.bot.sweeps().await;
    }

    /// Somebody new every five minutes, who takes the steps of joining in the minutes after; some leave, and some come back.
    async fn joins(&mut self, minute: usize) {
        if minute.is_multiple_of(5) {
            let user = self.line.create_user("新しい友だち");
            self.line.follow(&user).await.unwrap();
            self.newcomers.push_back((minute, user));
        }
        for (since, user) in &self.newcomers {
            match minute - since {
                1 => drop(self.line.postback(user, "rules/accept").await.unwrap()),
                2 => drop(self.line.postback(user, "profile/done").await.unwrap()),
                50 if since.is_multiple_of(30) => self.line.unfollow(user).await.unwrap(),
                55 if since.is_multiple_of(60) => self.line.follow(user).await.unwrap(),
                _ => {}
            }
        }
        while self.newcomers.front().is_some_and(|(since, _)| minute - since > HOUR) {
            self.newcomers.pop_front();
        }
    }

    /// A question every six minutes, a picture of laughter now and then, and sometimes something is taken back.
    async fn members_write(&mut self, minute: usize) {
        let number = minute / 6;
        let user = self.people[number * 37 % self.people.len()].clone();
        match minute % 6 {
            0 => drop(self.line.say(&user, "相談").await.unwrap()),
            1 => {
                let text = format!("週末に相談できる窓口はどこですか。{}", letters(number));
                let message = self.line.say(&user, &text).await.unwrap();
                self.days.asked += 1;
                self.last = Some((user, message));
            }
            3 if number.is_multiple_of(2) => {
                let sticker =
                    serde_json::json!({ "type": "sticker", "packageId": "446", "stickerId": "1988" });
                self.line.send_message(&user, sticker).await.unwrap();
            }
            4 if number.is_multiple_of(5) => {
                if let Some((user, message)) = self.last.take() {
                    self.line.unsend(&user, &message).await.unwrap();
                }
            }
            _ => {}
        }
    }

    /// LINE fails now and then, in turn before and after it has done what it was asked.
    fn line_fails(&self, minute: usize) {
        match minute % HOUR {
            10 => self.line.fault(Fault::new("POST", "/v2/bot/message/*").status(500).times(3)),
            30 => self.line.fault(Fault::new("POST", "/v2/bot/message/*").drop_after()),
            50 => self.line.fault(Fault::new("POST", MULTICAST).status(500).times(2)),
            _ => {}
        }
    }

    /// The first consultation of the list that was not answered yet.
    async fn waits_longest(&self) -> Option<String> {
        let list = self.desk.get("/consultations").await;
        let ids =
            list.html.split("/console/consultations/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut waiting = ids.filter(|id| id.len() == 36 && !self.seen.contains(*id));
        waiting.next().map(str::to_owned)
    }

    /// What waits longest is taken, answered and, after some others, ended; posts go out.
    async fn staff_work(&mut self, minute: usize) {
        if minute.is_multiple_of(2 * HOUR) {
            assert_eq!(self.desk.signs_in("consultant").await.unwrap().status, 303, "nobody is let in");
        }
        if minute.is_multiple_of(3)
            && let Some(id) = self.waits_longest().await
        {
            let path = format!("/consultations/{id}");
            self.seen.insert(id);
            self.desk.post(&format!("{path}/take"), &[]).await;
            let answer = format!("地域連携室の窓口にお電話ください。{}", letters(minute));
            let answered = self.desk.post(&format!("{path}/answer"), &[("text", &answer)]).await;
            self.days.answered += usize::from(answered.status == 303);
            self.answered.push_back(path);
        }
        if self.answered.len() > 20
            && let Some(path) = self.answered.pop_front()
        {
            self.desk.post(&format!("{path}/resolve"), &[]).await;
        }
        if minute % POST_EVERY == HOUR
            && let Some(post) = self.posts.pop()
        {
            let mut approver = Desk::at(&self.bot.url);
            assert_eq!(approver.signs_in("approver").await.unwrap().status, 303, "nobody is let in");
            let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
            approver.does(&format!("/posts/{post}/send"), &fields).await;
            self.days.posts += 1;
        }
    }
}

impl Days {
    /// Lets so many hours go by for `program`, a bot over sled in `folder`, with a city of `people` members on the emulator. Says after
    /// each hour what was measured.
    ///
    /// # Panics
    /// When the bot fails.
    pub async fn of(
        program: &str,
        folder: &Path,
        people: usize,
        hours: usize,
        mut says: impl FnMut(usize, &Sample),
    ) -> Self {
        let settings = Settings { redelivery_interval_ms: 1_000, redelivery_tries: 3, ..Settings::default() };
        let line = Emulator::builder().settings(settings).start().await.unwrap();
        let (data, clock) = (folder.join("data"), folder.join("clock"));
        let (people, posts) = {
            let store = SledStore::open(&data).unwrap();
            let ids = Arc::new(RandomIds::default());
            let clock = Arc::new(ManualClock::new(monday()));
            let centre = Centre::new(Arc::new(store.clone()), clock, ids, Screen::default(), unhindered());
            let people = members(&centre, &line, people).await;
            let team = Team::hired(&centre).await;
            let mut posts = Vec::new();
            for number in 0..(hours * HOUR).div_ceil(POST_EVERY) {
                posts.push(approved(&centre, &team, &format!("お知らせ「{}」", letters(number))).await);
            }
            store.close().await.unwrap();
            (people.into_iter().map(|(_, user)| user).collect(), posts)
        };
        fs::write(&clock, "0").unwrap();
        let mut command = Victim::command(program, &data, &line, line.url(), 8);
        command.env("VICTIM_CLOCK", &clock).env("VICTIM_CONSOLE", "1");
        let mut bot = Victim::launched(command).await.expect("the bot ended at once");
        line.set_webhook_url(format!("{}/webhook", bot.url));
        let mut life = Life {
            line: &line,
            desk: Desk::at(&bot.url),
            bot: &mut bot,
            clock: &clock,
            ahead: Duration::ZERO,
            people,
            posts,
            newcomers: VecDeque::new(),
            last: None,
            answered: VecDeque::new(),
            seen: BTreeSet::new(),
            days: Self::default(),
        };
        life.goes_on(Duration::try_from(monday().duration_since(Timestamp::now())).unwrap());
        for hour in 0..hours {
            for minute in hour * HOUR..(hour + 1) * HOUR {
                life.minute(minute).await;
            }
            let tasks = life.bot.sweeps().await;
            let sample = Sample { memory_bytes: life.bot.memory_bytes(), disk_bytes: bytes_in(&data), tasks };
            says(hour + 1, &sample);
            life.days.samples.push(sample);
        }
        let mut days = life.days;
        bot.ended().await;
        (days.webhooks, days.requests) = (line.webhooks().len(), line.requests().len());
        let store = SledStore::open(&data).unwrap();
        let records = lupinus_core::testkit::everything(&store, 500).await;
        days.records = records.len();
        let bytes = |record| u64::try_from(serde_json::to_vec(record).unwrap().len()).unwrap();
        days.export_bytes = records.iter().map(bytes).sum();
        store.close().await.unwrap();
        days
    }
}
