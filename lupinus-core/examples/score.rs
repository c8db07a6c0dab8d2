//! Scores the screen on labelled texts: recall and precision per kind, and what matters per message.
//!
//! ```text
//! cargo run --release -p lupinus-core --example score -- FILE [--misses]
//! ```
//!
//! A line of the file is `{"id":…,"context":"post"|"consultation","text":…,"spans":[{"start":0,"end":2,"kind":
//! "person_name","subject":"person"|"professional"|"org"}]}`, offsets in Unicode code points. A labelled span is
//! found when at least half of its characters are covered by marks of its kind; a mark is right when at least half
//! of it lies in labelled spans of its kind. `--misses` prints the messages that went wrong, so use it on made-up
//! texts only.

use std::{
    collections::{BTreeMap, HashSet},
    env, fs,
    process::ExitCode,
};

use lupinus_core::screening::{Action, Context, PersonalInfoDetector, RuleDetector, Screen};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message {
    id: String,
    context: Context,
    text: String,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
    kind: String,
    subject: String,
}

/// How many of how many.
#[derive(Clone, Copy, Default)]
struct Share {
    hits: usize,
    of: usize,
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }
}

impl std::fmt::Display for Share {
    #[expect(clippy::cast_precision_loss, reason = "counts of messages")]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.of == 0 {
            return write!(f, "     –        ");
        }
        let percent = 100.0 * self.hits as f64 / self.of as f64;
        write!(f, "{percent:6.1} % {:>5}/{:<5}", self.hits, self.of)
    }
}

/// A mark in code points.
struct Found {
    start: usize,
    end: usize,
    kind: &'static str,
    action: Action,
}

#[derive(Default)]
struct Score {
    recall: BTreeMap<String, Share>,
    precision: BTreeMap<String, Share>,
    flagged: Share,
    whole: Share,
    characters: Share,
    clean: [Share; 2],
    organisations_blocked: Share,
    professionals: Share,
    professionals_blocked: Share,
    numbers: Share,
    bare_names: Share,
}

/// What makes a name easy: something of this directly behind it (`HONOURED`), or directly before it (`LABELS`).
const HONOURED: &[&str] = &[
    "さん",
    "さま",
    "様",
    "氏",
    "先生",
    "ちゃん",
    "くん",
    "君",
    "殿",
    "どの",
    "翁",
    "夫妻",
    "夫婦",
    "宅",
    "邸",
    "ばあ",
    "じい",
    "おば",
    "おじ",
    "んち",
    "医師",
    "看護師",
    "Dr",
    "ドクター",
];
const LABELS: &[&str] = &["名", "利用者", "患者", "者", "フリガナ", "カナ", "故", "名義", "講師", "担当"];

const CONTACTS: [&str; 4] = ["org_phone", "org_email", "org_address", "org_postal"];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let misses = args.iter().any(|arg| arg == "--misses");
    let Some(file) = args.iter().find(|arg| !arg.starts_with("--")) else {
        eprintln!("score FILE [--misses]");
        return ExitCode::FAILURE;
    };
    let lines = match fs::read_to_string(file) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let screen = Screen::default();
    let mut score = Score::default();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Message>(line) {
            Ok(message) => score.message(&screen, &message, misses),
            Err(error) => {
                eprintln!("line {number}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    score.print();
    ExitCode::SUCCESS
}

impl Score {
    fn message(&mut self, screen: &Screen, message: &Message, misses: bool) {
        let found = marks(screen, message);
        let mut wrong = Vec::new();
        for span in message.spans.iter().filter(|span| span.subject == "person" && span.kind != "age") {
            let hit = 2 * covered(span.start..span.end, found.iter().filter(|f| f.kind == span.kind))
                >= span.end - span.start;
            if span.kind == "person_name" && is_bare(&message.text, span) {
                self.bare_names.count(hit);
            }
            let blocked: Vec<&Found> = found.iter().filter(|f| f.action == Action::Block).collect();
            let masked = covered(span.start..span.end, blocked.iter().copied());
            self.recall.entry(span.kind.clone()).or_default().count(hit);
            if !matches!(
                span.kind.as_str(),
                "person_name" | "address" | "email" | "social_id" | "birth_date" | "postal_code"
            ) {
                self.numbers.count(masked == span.end - span.start);
            }
            self.characters.hits += masked;
            self.characters.of += span.end - span.start;
            if !hit {
                wrong.push(format!(
                    "missed {} 「{}」",
                    span.kind,
                    slice(&message.text, span.start, span.end)
                ));
            } else if masked < span.end - span.start {
                wrong.push(format!(
                    "not masked whole {} 「{}」",
                    span.kind,
                    slice(&message.text, span.start, span.end)
                ));
            }
        }
        for mark in found.iter().filter(|mark| {
            !mark.kind.starts_with("org_") && !matches!(mark.kind, "age" | "professional_name")
        }) {
            let same = |span: &&Span| {
                span.kind == mark.kind || (span.kind == "professional_name" && mark.kind == "person_name")
            };
            let spans = message.spans.iter().filter(same);
            let gold: Vec<Found> = spans
                .clone()
                .map(|span| Found { start: span.start, end: span.end, kind: mark.kind, action: mark.action })
                .collect();
            let professional = spans
                .clone()
                .any(|span| span.subject == "professional" && span.start < mark.end && mark.start < span.end);
            if professional || mark.action != Action::Block {
                continue;
            }
            let right = 2 * covered(mark.start..mark.end, gold.iter()) >= mark.end - mark.start;
            self.precision.entry(mark.kind.to_owned()).or_default().count(right);
            if !right {
                wrong.push(format!("false {} 「{}」", mark.kind, slice(&message.text, mark.start, mark.end)));
            }
        }
        let blocks = found.iter().any(|mark| mark.action == Action::Block);
        let personal: Vec<&Span> =
            message.spans.iter().filter(|span| span.subject == "person" && span.kind != "age").collect();
        if personal.is_empty() {
            let context = usize::from(message.context == Context::Consultation);
            if let Some(clean) = self.clean.get_mut(context) {
                clean.count(blocks);
            }
        } else {
            self.flagged.count(blocks);
            let whole = personal.iter().all(|span| {
                let blocked = found.iter().filter(|f| f.action == Action::Block);
                covered(span.start..span.end, blocked) == span.end - span.start
            });
            self.whole.count(whole);
        }
        for span in &message.spans {
            let over = |f: &&Found| f.start < span.end && span.start < f.end;
            let blocked = found.iter().filter(over).any(|f| f.action == Action::Block);
            if CONTACTS.contains(&span.kind.as_str()) {
                self.organisations_blocked.count(blocked);
                if blocked {
                    wrong.push(format!(
                        "organisation blocked 「{}」",
                        slice(&message.text, span.start, span.end)
                    ));
                }
            }
            if span.subject == "professional" {
                self.professionals_blocked.count(blocked);
                if blocked {
                    wrong.push(format!(
                        "professional blocked 「{}」",
                        slice(&message.text, span.start, span.end)
                    ));
                }
                if message.context == Context::Post {
                    let warned = found.iter().filter(over).any(|f| f.action == Action::Warn);
                    self.professionals.count(warned && !blocked);
                    if !warned && !blocked {
                        wrong.push(format!(
                            "professional not warned 「{}」",
                            slice(&message.text, span.start, span.end)
                        ));
                    }
                }
            }
        }
        if misses && !wrong.is_empty() {
            for f in RuleDetector::new().detect(&message.text, message.context) {
                let what = message.text.get(f.start..f.end).unwrap_or_default();
                wrong.push(format!("{} 「{what}」 {} % {}", f.kind, f.confidence.as_percent(), f.reason));
            }
            println!(
                "{} {:?} {}\n    {}",
                message.id,
                message.context,
                message.text.replace('\n', "⏎"),
                wrong.join("\n    ")
            );
        }
    }

    fn print(&self) {
        println!("kind                  recall               precision");
        let kinds: HashSet<&String> = self.recall.keys().chain(self.precision.keys()).collect();
        let mut kinds: Vec<&String> = kinds.into_iter().collect();
        kinds.sort();
        for kind in kinds {
            let share =
                |map: &BTreeMap<String, Share>| map.get(kind).copied().unwrap_or_default().to_string();
            println!("{kind:<20} {} {}", share(&self.recall), share(&self.precision));
        }
        println!("messages with personal information flagged {}", self.flagged);
        println!("                               masked whole {}", self.whole);
        println!("names without honorific or label            {}", self.bare_names);
        println!("personal characters masked                  {}", self.characters);
        println!("numbers masked whole                        {}", self.numbers);
        println!("clean posts flagged                         {}", self.clean[0]);
        println!("clean consultations flagged                 {}", self.clean[1]);
        println!("organisations' contacts blocked             {}", self.organisations_blocked);
        println!("professionals in posts warned               {}", self.professionals);
        println!("professionals blocked                       {}", self.professionals_blocked);
    }
}

/// Whether nothing directly beside a name says that it is one: no honorific, no title, no label of a form, no age.
fn is_bare(text: &str, span: &Span) -> bool {
    let marks = [' ', '\u{3000}', ':', '：', '(', '（', '、', '・', 'の', 'は', 'が'];
    let before = slice(text, 0, span.start);
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after: String = text.chars().skip(span.end).take(8).collect();
    let after = after.trim_start_matches(marks);
    let aged = after.starts_with(|c: char| c.is_numeric()) && after.contains(['歳', '才', '年', '/', '.']);
    !HONOURED.iter().any(|word| after.starts_with(word))
        && !aged
        && !LABELS.iter().any(|word| before.trim_end_matches(marks).ends_with(word))
}

fn marks(screen: &Screen, message: &Message) -> Vec<Found> {
    let code_points = |bytes: usize| message.text.get(..bytes).map_or(0, |before| before.chars().count());
    let marks = screen.check(&message.text, message.context).marks;
    marks
        .iter()
        .map(|mark| Found {
            start: code_points(mark.start),
            end: code_points(mark.end),
            kind: mark.kind.as_str(),
            action: mark.action,
        })
        .collect()
}

/// How many characters of `range` the spans cover.
fn covered<'f>(range: std::ops::Range<usize>, spans: impl Iterator<Item = &'f Found>) -> usize {
    let spans: Vec<&Found> = spans.collect();
    range.filter(|at| spans.iter().any(|span| (span.start..span.end).contains(at))).count()
}

fn slice(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}
