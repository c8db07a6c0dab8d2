//! Bots in processes of their own, and what they are given to do: for the tests that kill them.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use lupinus_bot::{RandomIds, SystemClock};
use lupinus_core::{
    actor::Actor,
    audience::Audience,
    audit::{Act, Subject},
    consultation::Said,
    ids::{ConsultationId, ContactId, MemberId, PostId},
    member::{Consent, Member},
    outbox::{Addressee, Recipient},
    post::{Command as PostCommand, Urgency},
    screening::Screen,
    service::{By, Centre, Draft},
    store::{Entity as _, Store},
};
use lupinus_emulator::Emulator;

use crate::{Team, content, eventually, unhindered, user_id};

/// Where posts go out.
pub const MULTICAST: &str = "/v2/bot/message/multicast";

/// A bot in a process of its own.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    /// What it says, line by line.
    says: Option<BufReader<ChildStdout>>,
    /// Where it serves, without a slash at the end.
    pub url: String,
}

impl Victim {
    /// Starts `program` over `store` (a folder, or the address of a database), and waits until it serves. LINE sends its webhooks
    /// there.
    pub async fn started(
        program: &str,
        store: impl AsRef<OsStr>,
        line: &Emulator,
        concurrency: usize,
    ) -> Self {
        let command = Self::command(program, store, line, line.url(), concurrency);
        let victim = Self::launched(command).await.expect("the bot ended at once");
        line.set_webhook_url(format!("{}/webhook", victim.url));
        victim
    }

    /// What starts `program`, which finds LINE at `base`.
    pub fn command(
        program: &str,
        store: impl AsRef<OsStr>,
        line: &Emulator,
        base: &str,
        concurrency: usize,
    ) -> Command {
        let mut command = Command::new(program);
        command
            .env("LUPINUS_STORE", store)
            .env("LINE_API_BASE", base)
            .env("LINE_CHANNEL_SECRET", line.channel_secret())
            .env("LINE_CHANNEL_ACCESS_TOKEN", line.channel_access_token())
            .env("VICTIM_CONCURRENCY", concurrency.to_string());
        command
    }

    /// Starts it and waits until it serves; `None` when it ended instead.
    ///
    /// # Panics
    /// When it does neither.
    pub async fn launched(mut command: Command) -> Option<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        let mut victim = Self { child, says: Some(says), url: String::new() };
        let first = victim.says().await;
        first.strip_prefix("ready ")?.clone_into(&mut victim.url);
        Some(victim)
    }

    /// The next line that it says; empty when it ended.
    async fn says(&mut self) -> String {
        let mut output = self.says.take().expect("one at a time waits for what it says");
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            output.read_line(&mut line).map(|_| (line, output))
        });
        let line = tokio::time::timeout(Duration::from_secs(30), line).await;
        let (line, output) = line.expect("the bot says nothing").unwrap().unwrap();
        self.says = Some(output);
        line.trim().to_owned()
    }

    /// Has it do what can be done now and what is due now and then. Answers how many of its tasks are alive when nothing is left.
    ///
    /// # Panics
    /// When it does not, or its store fails.
    pub async fn sweeps(&mut self) -> usize {
        self.child.stdin.as_mut().unwrap().write_all(b"sweep\n").unwrap();
        let said = self.says().await;
        said.strip_prefix("swept ").and_then(|tasks| tasks.parse().ok()).unwrap_or_else(|| panic!("{said:?}"))
    }

    /// The memory that it holds now, in bytes: from Linux.
    pub fn memory_bytes(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most memory that it has held, in bytes: from Linux.
    pub fn most_memory_bytes(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024
    }

    /// Sends it a signal, such as `STOP`.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(done.unwrap().success(), "SIG{name} cannot be sent");
    }

    /// Whether it runs, or is stopped.
    pub fn is_there(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// SIGKILL.
    pub fn killed(mut self) {
        assert!(self.is_there(), "the bot ended before it was killed");
        self.kill();
    }

    /// Kills what it was started as, or what that has started (`strace`, which then ends by itself, and says all that it saw).
    fn kill(&mut self) {
        let id = self.child.id();
        let started = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let mut kill = Command::new("kill");
        match started.trim() {
            "" => drop(self.child.kill()),
            started => drop(kill.arg("-KILL").args(started.split(' ')).status()),
        }
        let _ = self.child.wait();
    }

    /// Ends its input, upon which it finishes what it can and stops.
    pub async fn ended(mut self) {
        drop(self.child.stdin.take());
        let ended =
            eventually("the bot stops", Duration::from_secs(30), async || self.child.try_wait().unwrap())
                .await;
        assert!(ended.success());
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        if self.is_there() {
            self.kill();
        }
    }
}

/// The services over a store, as the victim has them.
pub fn centre(store: Arc<dyn Store>) -> Centre {
    let ids = Arc::new(RandomIds::default());
    Centre::new(store, Arc::new(SystemClock), ids, Screen::default(), unhindered())
}

/// Registered members, in the store and on LINE.
pub async fn members(centre: &Centre, line: &Emulator, count: usize) -> Vec<(MemberId, String)> {
    let now = centre.now();
    let mut all = Vec::new();
    for number in 0..count {
        let user = line.create_user_with_id(&format!("会員{number}"), &user_id(number)).unwrap();
        line.follow(&user).await.unwrap();
        let id = MemberId::from_uuid(centre.ids().uuid(now));
        let consent = Consent { rules_version: centre.policy().rules_version.clone(), at: now };
        all.push(Member { consent: Some(consent), ..Member::new(id, ContactId::new(user), now) });
    }
    // As many as there is room for in a batch, with their trails.
    for some in all.chunks(1_000) {
        let joined = centre.transact(|mut work| async move {
            for member in some {
                work.insert(member)?;
                let (about, actor) = (Subject::new(&Member::KIND, member.id), Actor::member(member.id, None));
                work.audit(about, &actor, Act::new("member.followed")).await?;
            }
            work.done(())
        });
        joined.await.unwrap();
    }
    all.into_iter().map(|member| (member.id, member.contact.unwrap().as_str().to_owned())).collect()
}

/// A post of the checker, approved by the approver, to be sent now.
pub async fn scheduled(centre: &Centre, team: &Team, title: &str) {
    let id = approved(centre, team, title).await;
    let by = By::Staff(team.approver);
    let done = centre.transact(|mut work| async move {
        let now = PostCommand::Schedule { at: work.now(), audience: Audience::Members };
        work.post_command(by, id, now).await?;
        work.done(())
    });
    done.await.unwrap();
}

/// A post of the checker, approved by the approver.
pub async fn approved(centre: &Centre, team: &Team, title: &str) -> PostId {
    let (writer, approver) = (By::Staff(team.checker), By::Staff(team.approver));
    let draft =
        Draft { content: content(title), urgency: Urgency::Normal, audience: Audience::Members, body: None };
    let submitted = centre.transact(|mut work| {
        let draft = draft.clone();
        async move {
            let post = work.draft_and_submit(writer, draft).await?;
            work.done(post.id)
        }
    });
    let id = submitted.await.unwrap();
    for command in [PostCommand::Take, PostCommand::Approve { revision: 1, confirmed: true }] {
        let command = &command;
        let done = centre.transact(|mut work| async move {
            work.post_command(approver, id, command.clone()).await?;
            work.done(())
        });
        done.await.unwrap();
    }
    id
}

/// A question of a member, as if it had been asked a moment ago.
pub async fn asked(centre: &Centre, member: MemberId, user: &str) -> ConsultationId {
    let said = Said {
        text: "はじめの質問です。".to_owned(),
        masked: Vec::new(),
        channel_message: None,
        topic: None,
    };
    let to = Addressee { member, contact: Some(ContactId::new(user)) };
    let asked = centre.transact(|mut work| {
        let (said, to) = (said.clone(), Recipient::Person(to.clone()));
        async move {
            let asked = work.ask(By::Member(member), said, to).await?;
            work.done(asked.consultation)
        }
    });
    asked.await.unwrap()
}

/// Letters for a number: digits could be taken for something personal.
pub fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    for _ in 0..3 {
        letters.insert(0, char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    letters
}

/// The answers to multicasts so far: accepted, and known from before.
pub fn multicasts(line: &Emulator) -> (usize, usize) {
    let requests = line.requests();
    let with = |status| requests.iter().filter(|r| r.path == MULTICAST && r.status == Some(status)).count();
    (with(200), with(409))
}
