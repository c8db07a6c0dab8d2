//! A year of a city, lived through the services.

use std::{error::Error, sync::Arc, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use lupinus_console::{create_first_administrator, hash_password};
use lupinus_core::{
    actor::Role,
    audience::{Audience, Expr},
    audit::AuditEntry,
    clock::ManualClock,
    consultation::{Command as Handling, Said, Topic},
    delivery::{Delivery, GatePolicy},
    ids::{BodyId, ContactId, MemberId, SeededIds, StaffId},
    incident::{Facts, Item},
    member::{Area, Profession},
    outbox::{Addressee, Recipient, SendOutcome},
    policy::Policy,
    post::{Category, Command, Content, EventDetails, Urgency, Venue},
    screening::Screen,
    service::{By, Centre, Draft, NewStaff, ProfileChange, ServiceError},
    store::{Entity as _, MAX_PAGE, MemoryStore, Scan, Store, StoreExt as _},
};

pub(crate) const PASSWORD: &str = "password-for-measuring";
pub(crate) const BEGUN: &str = "2025-10-06T09:00:00+09:00";
const DAYS: usize = 364;

pub(crate) const PROFESSIONS: [&str; 12] = [
    "Physician",
    "Dentist",
    "Pharmacist",
    "HomeVisitNurse",
    "CareManager",
    "PhysicalTherapist",
    "OccupationalTherapist",
    "SpeechTherapist",
    "Dietitian",
    "SocialWorker",
    "CareWorker",
    "DentalHygienist",
];

pub(crate) fn areas() -> Vec<Area> {
    (1..=8).map(|number| Area(format!("第{number}圏域"))).collect()
}

pub(crate) struct Extent {
    pub(crate) members: usize,
    pub(crate) posts: usize,
    pub(crate) consultations: usize,
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

pub(crate) struct City {
    centre: Centre,
    clock: Arc<ManualClock>,
    members: Vec<MemberId>,
    bodies: Vec<BodyId>,
    staff: [StaffId; 3],
    posts: usize,
    consultations: usize,
}

fn bar(what: &'static str, length: usize) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")?;
    Ok(ProgressBar::new(u64::try_from(length)?).with_style(style).with_message(what))
}

impl City {
    /// Lives the year in memory and puts it into `store`.
    pub(crate) async fn filled(extent: &Extent, store: &dyn Store) -> Result<(), Box<dyn Error>> {
        let memory = Arc::new(MemoryStore::new());
        let clock = Arc::new(ManualClock::new(BEGUN.parse::<Timestamp>()?));
        // Posts follow each other faster than in a real city: nothing is to be held back.
        let gate = GatePolicy {
            repeat_window: Duration::from_hours(1),
            per_person_per_hour: u32::MAX,
            per_account_per_hour: u64::MAX,
            ..GatePolicy::default()
        };
        let policy = Policy { gate, quiet: None, ..Policy::default() };
        let ids = Arc::new(SeededIds::new(20_251_006));
        let centre = Centre::new(memory.clone(), clock.clone(), ids, Screen::default(), policy);
        let mut city = Self::founded(centre, clock).await?;
        let bar = bar("a year", DAYS)?;
        for day in 0..DAYS {
            city.day(day, extent).await?;
            bar.inc(1);
        }
        bar.finish();
        city.corrects().await?;
        city.block().await?;
        put(memory.as_ref(), store).await
    }

    async fn founded(centre: Centre, clock: Arc<ManualClock>) -> Result<Self, Box<dyn Error>> {
        let first = create_first_administrator(&centre, "admin", "森 葉子", PASSWORD).await?.id;
        let mut staff = Vec::new();
        for (login, name, roles) in [
            ("author", "起案 花子", &[Role::Checker][..]),
            ("kakunin", "青木 みどり", &[Role::Checker, Role::Consultant]),
            ("shounin", "藤沢 学", &[Role::Approver, Role::Consultant]),
            ("all", "何でも 係", &Role::ALL),
        ] {
            let account = &NewStaff {
                login: login.to_owned(),
                name: name.to_owned(),
                roles: roles.iter().copied().collect(),
                password: hash_password(PASSWORD).await?,
            };
            staff.push(run!(centre, |work| work.create_staff(By::Staff(first), account.clone()))?.id);
        }
        let mut bodies = Vec::new();
        for number in 1..=30 {
            let name = &format!("第{number}専門職会");
            bodies.push(run!(centre, |work| work.create_body(By::Staff(first), name))?.id);
        }
        let staff = [staff[0], staff[1], staff[2]];
        Ok(Self { centre, clock, members: Vec::new(), bodies, staff, posts: 0, consultations: 0 })
    }

    async fn day(&mut self, day: usize, extent: &Extent) -> Result<(), Box<dyn Error>> {
        let until = |all: usize| all * (day + 1) / DAYS;
        while self.members.len() < until(extent.members) {
            self.joins().await?;
        }
        while self.posts < until(extent.posts) {
            self.posts += 1;
            self.post(self.posts, extent.posts).await?;
        }
        while self.consultations < until(extent.consultations) {
            self.consultations += 1;
            self.consults(self.consultations, extent.consultations).await?;
        }
        if day % 90 == 45 {
            self.incident(day).await?;
        }
        self.delivered().await?;
        self.clock.advance(Duration::from_hours(24));
        self.centre.sweep_outbox().await?;
        Ok(())
    }

    async fn joins(&mut self) -> Result<(), ServiceError> {
        let number = self.members.len();
        let contact = &ContactId::new(format!("U{number:032x}"));
        let id = run!(self.centre, |work| work.follow(contact))?.id;
        run!(self.centre, |work| work.accept_rules(By::Member(id)))?;
        let areas = areas();
        let profile = &[
            ProfileChange::Profession(Some(Profession(PROFESSIONS[number % PROFESSIONS.len()].to_owned()))),
            ProfileChange::Area(Some(areas[number / 7 % areas.len()].clone())),
        ];
        run!(self.centre, |work| work.update_profile(By::Member(id), profile))?;
        self.members.push(id);
        Ok(())
    }

    /// One in fifty goes to all, the others to a profession in an area; the last thirty are still on their way.
    async fn post(&mut self, number: usize, all: usize) -> Result<(), Box<dyn Error>> {
        let [author, checker, approver] = self.staff;
        let on_its_way = all - number < 30;
        let category =
            if on_its_way { Category::Resource } else { Category::ALL[number % Category::ALL.len()] };
        let today = self.centre.policy().hours.time_zone().to_datetime(self.centre.now()).date();
        let event = EventDetails {
            date: today.saturating_add(jiff::Span::new().days(20)),
            starts: Some("18:30".parse()?),
            ends: Some("20:00".parse()?),
            venue: Some(Venue::Place("市民会館 大会議室".to_owned())),
            capacity: Some(30),
            apply_by: None,
            fee: Some("無料".to_owned()),
            contact: None,
            hosts: None,
        };
        let content = Content {
            category,
            title: format!("第{number}回 在宅での口腔ケア研修"),
            body: "在宅での口腔ケアについて、実技を交えて学びます。多職種の参加をお待ちしています。"
                .repeat(8),
            // What is still on its way has no day that may be over before it is looked at.
            event: (!on_its_way).then_some(event),
            attachments: Vec::new(),
            link: None,
            expires_at: None,
            sender: None,
        };
        let urgency = if category == Category::Emergency { Urgency::Emergency } else { Urgency::Normal };
        let body = Some(self.bodies[number % self.bodies.len()]);
        let draft = &Draft { content, urgency, audience: Audience::Members, body };
        let post = run!(self.centre, |work| work.draft_and_submit(By::Staff(author), draft.clone()))?.id;
        let audience = if number.is_multiple_of(50) {
            Audience::Members
        } else {
            let profession = Profession(PROFESSIONS[number % PROFESSIONS.len()].to_owned());
            let area = areas()[number % 8].clone();
            Audience::Where(Expr::And(vec![Expr::Profession(profession), Expr::Area(area)]))
        };
        let at = self.centre.now();
        let steps = [
            (checker, Command::Take),
            (approver, Command::Approve { revision: 1, confirmed: true }),
            (approver, Command::Schedule { at, audience }),
        ];
        let done = match all - number {
            ..10 => 0,
            10..20 => 1,
            20..30 => 2,
            _ => 3,
        };
        for (by, command) in steps.into_iter().take(done) {
            let command = &command;
            run!(self.centre, |work| work.post_command(By::Staff(by), post, command.clone()))?;
        }
        if urgency == Urgency::Emergency && done == 3 {
            // The second signature; the author of this one gives none.
            let sign = run!(self.centre, |work| work.post_command(By::Staff(checker), post, Command::Sign));
            match sign {
                Ok(_) | Err(ServiceError::Post(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.centre.start_due_posts().await?;
        self.delivered().await
    }

    /// What went to all last is corrected; the correction is approved and not sent yet.
    async fn corrects(&self) -> Result<(), Box<dyn Error>> {
        let [author, checker, approver] = self.staff;
        let scan = Scan::index(Delivery::KIND, "started").backwards().limit(MAX_PAGE);
        let deliveries = self.centre.store().page::<Delivery>(&scan).await?.items;
        let to_all = deliveries.iter().find(|delivery| delivery.value.audience == Audience::Members);
        let Some(original) = to_all.map(|delivery| delivery.value.post) else { return Ok(()) };
        let content =
            &self.centre.post(original).await?.value.revision().ok_or("no revision")?.content.clone();
        let correction =
            run!(self.centre, |work| work.correct_post(By::Staff(author), original, content.clone()))?.id;
        for (by, command) in [
            (author, Command::Submit),
            (checker, Command::Take),
            (approver, Command::Approve { revision: 1, confirmed: true }),
        ] {
            let command = &command;
            run!(self.centre, |work| work.post_command(By::Staff(by), correction, command.clone()))?;
        }
        Ok(())
    }

    /// Five in a hundred have blocked the account.
    async fn block(&self) -> Result<(), ServiceError> {
        for member in self.members.iter().step_by(20) {
            if let Some(contact) = &self.centre.member(*member).await?.value.contact {
                run!(self.centre, |work| work.unfollow(contact))?;
            }
        }
        Ok(())
    }

    /// Whatever waits is accepted.
    async fn delivered(&self) -> Result<(), Box<dyn Error>> {
        loop {
            let leased = self.centre.lease_due(200).await?;
            for item in &leased {
                self.centre.settle(item, SendOutcome::Accepted { request_id: None }).await?;
            }
            if leased.is_empty() {
                return Ok(());
            }
        }
    }

    /// Asked and answered; the last hundred wait.
    async fn consults(&self, number: usize, all: usize) -> Result<(), ServiceError> {
        let member = self.members[number * 7 % self.members.len()];
        let contact = self.centre.member(member).await?.value.contact;
        let said = &Said {
            text: "週末に輸液ポンプを借りられる業者を教えてください。".repeat(2),
            masked: Vec::new(),
            channel_message: None,
            topic: Some(
                [Topic::Resources, Topic::Discharge, Topic::HomeServices, Topic::Medication][number % 4],
            ),
        };
        let to = &Addressee { member, contact };
        let asked = run!(self.centre, |work| work.ask(
            By::Member(member),
            said.clone(),
            Recipient::Person(to.clone())
        ))?;
        let (by, id) = (By::Staff(self.staff[1 + number % 2]), asked.consultation);
        if all - number < 100 {
            return Ok(());
        }
        self.clock.advance(Duration::from_mins(1));
        let answer = "市内の2社が対応しています。一覧は市のページをご覧ください。".to_owned();
        for command in [Handling::Take, Handling::Answer { text: answer }, Handling::Resolve] {
            let command = &command;
            match run!(self.centre, |work| work.consultation_command(by, id, command.clone())) {
                // Somebody who asked again is handled already.
                Ok(_) | Err(ServiceError::Consultation(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn incident(&self, day: usize) -> Result<(), ServiceError> {
        let mut facts = Facts { persons: Some(1), ..Facts::new(self.centre.now()) };
        facts.items.insert(Item::Summary, format!("{day}日目の回答に利用者の記載があった。"));
        let (facts, by) = (&facts, By::Staff(self.staff[0]));
        run!(self.centre, |work| work.open_incident(by, None, facts.clone()))?;
        Ok(())
    }

    /// When the last thing happened: the console is looked at a minute later.
    pub(crate) async fn last_moment(store: &dyn Store) -> Result<Timestamp, Box<dyn Error>> {
        let last = store.first::<AuditEntry>(&Scan::index(AuditEntry::KIND, "at").backwards()).await?;
        let last = last.ok_or("the store is empty")?.value.at;
        Ok(last.checked_add(Duration::from_mins(1))?)
    }
}

async fn put(memory: &MemoryStore, store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let bar = bar("onto the disk", usize::try_from(memory.size().await?.records)?)?;
    for kind in memory.kinds().await? {
        let mut scan = Scan::keys(kind).limit(MAX_PAGE);
        loop {
            let page = memory.scan(&scan).await?;
            bar.inc(u64::try_from(page.records.len())?);
            // A batch of large records stays below what one write holds.
            let mut records = page.records;
            while !records.is_empty() {
                let rest = records.split_off(records.len().min(50));
                store.restore(records).await?;
                records = rest;
            }
            let Some(next) = page.next else { break };
            scan.after = Some(next);
        }
    }
    bar.finish();
    Ok(())
}
