//! What breaks, for how long, and how often it did.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use lupinus_emulator::{Emulator, Fault};
use lupinus_tests::{Proxy, Weather};
use rand::{RngExt as _, rngs::StdRng};
use serde_json::json;
use tokio::time::sleep;

use super::{Place, disk::Traced, fleet::Fleet};

/// Longer than a lease (a second, `unhindered`).
const PAST_THE_LEASE: std::ops::Range<u64> = 1_200..3_000;

/// What has been broken so far, and how often.
#[derive(Debug)]
pub(crate) struct Storm {
    pub(crate) began: Instant,
    pub(crate) done: BTreeMap<&'static str, usize>,
}

/// Waits until LINE has not been asked anything for two seconds.
pub(crate) async fn quiet(line: &Emulator) {
    let mut seen = 0;
    loop {
        let now = line.requests().len();
        if now == seen {
            return;
        }
        seen = now;
        sleep(Duration::from_secs(2)).await;
    }
}

async fn spoilt(proxy: &Proxy, weather: Weather, time: Duration) {
    proxy.set(weather);
    sleep(time).await;
    proxy.set(Weather::Clear);
}

impl Storm {
    fn counts(&mut self, what: &'static str) {
        println!("{what} ({:.1} s)", self.began.elapsed().as_secs_f64());
        *self.done.entry(what).or_default() += 1;
    }

    /// One fault, which is over when this returns.
    pub(crate) async fn breaks_something(
        &mut self,
        place: &Place,
        fleet: &mut Fleet,
        line: &Emulator,
        random: &mut StdRng,
    ) {
        sleep(Duration::from_millis(random.random_range(400..1_500))).await;
        let time = Duration::from_millis(random.random_range(PAST_THE_LEASE));
        let slow = Weather::Slow(Duration::from_millis(random.random_range(20..200)));
        let bot = random.random_range(0..fleet.len());
        match random.random_range(0..14) {
            0..3 => {
                self.counts("a bot killed (SIGKILL)");
                fleet.kill(bot);
                sleep(time / 4).await;
                fleet.complete().await;
            }
            3..5 => {
                self.counts("a bot stopped past its lease (SIGSTOP)");
                fleet.stop(bot);
                sleep(time).await;
                fleet.wake();
            }
            5 => {
                self.counts("LINE slow, then cut off");
                spoilt(&fleet.to_line, slow, time).await;
                fleet.to_line.cut();
            }
            6 => {
                self.counts("LINE out of reach");
                spoilt(&fleet.to_line, Weather::Down, time).await;
            }
            7 => {
                self.counts("webhooks and the console slow, then cut off");
                spoilt(&fleet.balancer, slow, time).await;
                fleet.balancer.cut();
            }
            8 | 9 => self.line_fails(line, time, random).await,
            10 => {
                self.counts("all clocks jump ahead");
                fleet.jump(Duration::from_secs(random.random_range(5..200)));
            }
            _ => match place {
                Place::Database(database) => match random.random_range(0..3) {
                    0 => {
                        self.counts("the database restarted at once");
                        database.restarted().await;
                    }
                    1 => {
                        self.counts("the database slow, then cut off");
                        spoilt(&database.proxy, slow, time).await;
                        database.proxy.cut();
                    }
                    _ => {
                        self.counts("the database out of reach");
                        spoilt(&database.proxy, Weather::Down, time).await;
                    }
                },
                Place::Disk(disk) if disk.is_small && random.random_bool(0.4) => {
                    self.counts("the disk full");
                    disk.fill();
                    sleep(time).await;
                    disk.clear();
                    fleet.complete().await;
                }
                Place::Disk(disk) => self.power_goes(fleet, &disk.data(), time, random).await,
            },
        }
    }

    async fn line_fails(&mut self, line: &Emulator, time: Duration, random: &mut StdRng) {
        let of = |fault: fn(Fault) -> Fault| {
            for path in ["push", "multicast", "reply"] {
                line.fault(fault(Fault::new("POST", format!("/v2/bot/message/{path}"))).times(1_000));
            }
        };
        match random.random_range(0..5) {
            0 => {
                self.counts("LINE answers 500");
                of(|fault| fault.status(500));
            }
            1 => {
                self.counts("LINE answers 429");
                of(|fault| {
                    fault.response(
                        429,
                        json!({ "message": "The API rate limit has been exceeded. Try again later." }),
                    )
                });
            }
            2 => {
                self.counts("LINE accepts, and the answer is lost");
                of(Fault::drop_after);
            }
            3 => {
                self.counts("LINE cuts the connection before it accepts");
                of(Fault::drop_before);
            }
            _ => {
                self.counts("LINE accepts after the bot's patience");
                of(|fault| fault.delay(Duration::from_millis(2_300)));
            }
        }
        sleep(time).await;
        line.clear_faults();
    }

    /// The power goes while something is being synced, and comes back.
    async fn power_goes(
        &mut self,
        fleet: &mut Fleet,
        data: &std::path::Path,
        time: Duration,
        random: &mut StdRng,
    ) {
        let Some(traced) = Traced::new() else {
            println!("there is no `strace` here: the power is never cut");
            return;
        };
        fleet.kill(0);
        fleet.trace(&traced).await;
        sleep(time).await;
        fleet.kill(0);
        let lost = traced.cuts_the_power(data, random.random());
        self.counts(if lost > 0 {
            "the power cut, with something unsynced in the journal"
        } else {
            "the power cut, with nothing unsynced"
        });
        fleet.complete().await;
    }
}
