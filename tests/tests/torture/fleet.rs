//! Bots in processes of their own behind a balancer, over one store, with a proxy between them and LINE.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::PathBuf,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use lupinus_emulator::Emulator;
use lupinus_tests::{Proxy, Target, Victim};

use super::disk::Traced;

/// The program of which several run.
const VICTIM: &str = env!("CARGO_BIN_EXE_victim");

#[derive(Debug)]
pub(crate) struct Fleet {
    line: Arc<Emulator>,
    store: OsString,
    clock: PathBuf,
    bots: Vec<Option<Victim>>,
    stopped: BTreeSet<usize>,
    /// Between LINE and the bots, and before the console.
    pub(crate) balancer: Proxy,
    /// Between the bots and LINE.
    pub(crate) to_line: Proxy,
}

fn port_of(url: &str) -> Target {
    Target::Port(url.strip_prefix("http://").unwrap().parse().unwrap())
}

impl Fleet {
    pub(crate) async fn started(line: Arc<Emulator>, store: OsString, clock: PathBuf, count: usize) -> Self {
        fs::write(&clock, "0").unwrap();
        let to_line = Proxy::started(vec![port_of(line.url())]).await;
        let balancer = Proxy::started(Vec::new()).await;
        line.set_webhook_url(format!("http://{}/webhook", balancer.address));
        let bots = (0..count).map(|_| None).collect();
        let mut fleet = Self { line, store, clock, bots, stopped: BTreeSet::new(), balancer, to_line };
        fleet.complete().await;
        fleet
    }

    /// How this fleet's bots are started.
    pub(crate) fn command(&self, program: &str) -> Command {
        let base = format!("http://{}", self.to_line.address);
        let mut command = Victim::command(program, &self.store, &self.line, &base, 4);
        command.env("VICTIM_CLOCK", &self.clock).env("VICTIM_CONSOLE", "1");
        command
    }

    pub(crate) fn len(&self) -> usize {
        self.bots.len()
    }

    /// Starts whoever is not there, however often that takes.
    pub(crate) async fn complete(&mut self) {
        let began = Instant::now();
        for number in 0..self.bots.len() {
            while self.bots[number].as_mut().is_none_or(|bot| !bot.is_there()) {
                assert!(began.elapsed() < Duration::from_mins(1), "a bot does not start any more");
                if self.bots[number].is_some() {
                    println!("a bot ended by itself, or does not start");
                }
                self.bots[number] = Victim::launched(self.command(VICTIM)).await;
            }
        }
        self.lead();
    }

    /// Starts the first bot under `traced`.
    pub(crate) async fn trace(&mut self, traced: &Traced) {
        self.bots[0] = Victim::launched(traced.around(&self.command(VICTIM))).await;
        self.lead();
    }

    fn lead(&self) {
        self.balancer.lead_to(self.bots.iter().flatten().map(|bot| port_of(&bot.url)).collect());
    }

    /// SIGKILL, also of one that is stopped. Answers whether it was there.
    pub(crate) fn kill(&mut self, number: usize) {
        self.stopped.remove(&number);
        if let Some(mut bot) = self.bots[number].take()
            && bot.is_there()
        {
            bot.killed();
        }
        self.lead();
    }

    /// SIGSTOP: it holds what it holds and answers nobody.
    pub(crate) fn stop(&mut self, number: usize) {
        if let Some(bot) = &self.bots[number]
            && self.stopped.insert(number)
        {
            bot.signal("STOP");
        }
    }

    /// SIGCONT to whoever is stopped.
    pub(crate) fn wake(&mut self) {
        for number in std::mem::take(&mut self.stopped) {
            if let Some(bot) = &self.bots[number] {
                bot.signal("CONT");
            }
        }
    }

    /// The clocks of all bots go on by so much at once.
    pub(crate) fn jump(&self, by: Duration) {
        let ahead: u128 = fs::read_to_string(&self.clock).unwrap().trim().parse().unwrap();
        fs::write(&self.clock, (ahead + by.as_millis()).to_string()).unwrap();
    }

    /// Lets all finish what they can, and ends them.
    pub(crate) async fn ended(&mut self) {
        self.wake();
        self.complete().await;
        for bot in &mut self.bots {
            bot.take().unwrap().ended().await;
        }
    }
}
