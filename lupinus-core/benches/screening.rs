//! How fast the screen is beside a plain search for many words over the same texts in the same run, and that hostile
//! texts take time in proportion to their length.
//!
//! Run with: `cargo bench -p lupinus-core --bench screening`.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark"
)]

use std::{
    fs,
    hint::black_box,
    sync::LazyLock,
    time::{Duration, Instant},
};

use aho_corasick::AhoCorasick;
use lupinus_core::screening::{Context, PersonalInfoDetector, RuleDetector, Screen};
use serde::Deserialize;

/// How long each measurement runs at the least.
const RUN: Duration = Duration::from_millis(700);

fn main() {
    // Not when cargo only tries whether benchmarks run.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let before = resident();
    let start = on_processor();
    let detector = RuleDetector::new();
    black_box(detector.detect("山田さんは090-1234-5678", Context::Consultation));
    println!("start, first text included        {:9.1} ms", (on_processor() - start) * 1e3);
    println!(
        "memory at rest after it           {:9.1} MiB",
        resident().saturating_sub(before) as f64 / 1024.0 / 1024.0
    );

    let texts = texts();
    let search = words();
    let (posts, chats): (Vec<_>, Vec<_>) =
        labelled().into_iter().partition(|message| message.context == Context::Post);
    let (long, short) = posts.into_iter().partition(|message| message.text.chars().count() >= LONG);
    let templates = texts.iter().map(|text| Message { context: Context::Consultation, text: text.clone() });
    println!("{:<33} {:>9} {:>20} {:>20} {:>6}", "messages", "bytes", "plain search", "screening", "ratio");
    for (name, messages) in [
        ("templates with a name or a number", templates.collect()),
        ("consultations", chats),
        ("posts", short),
        ("posts of 100 characters or more", long),
    ] {
        speed(name, &messages, detector, &search);
    }
    let long: String = texts.concat().chars().filter(|c| *c != '\n').take(200).collect();
    let time = per_round(|| detector.detect(&long, Context::Consultation).len());
    println!("a text of 200 characters          {:9.1} us", time * 1e6);
    let clean = "要介護認定の更新申請はいつから受け付けていますか。";
    let time = per_round(|| detector.detect(clean, Context::Consultation).len());
    println!("a clean text of 25 characters     {:9.1} us", time * 1e6);

    // As the console looks at a thread each time somebody opens it: texts as they are kept.
    let screen = Screen::default();
    let thread = vec![screen.check(&long, Context::Consultation).into_masked(); 100];
    let view = |text: &String| screen.check(text, Context::Consultation).marks.len();
    let time = per_round(|| thread.iter().map(view).sum());
    println!("a thread of 100 masked ones of 200 {:8.1} ms", time * 1e3);

    if std::env::args().any(|argument| argument == "--quick") {
        return;
    }
    println!("hostile texts of n bytes          {:>9} {:>9} {:>9}", "256 kB", "512 kB", "1 MB");
    for (name, piece) in [
        ("digits", "1"),
        ("digits and dashes", "090-1234-"),
        ("honorifics", "さん様"),
        ("digits and spaces", "0 "),
        ("telephone numbers", "090-1234-5678 "),
        ("unclosed brackets", "（「【"),
        ("one sentence of kanji", "山田花子東京都"),
        ("katakana", "ヤマダハナコ"),
        ("hiragana", "やまだはなこ"),
        ("Latin letters and spaces", "Yamada "),
        ("names and commas", "山田、"),
        ("spaces", " "),
        ("kanji numerals", "十百一"),
        ("lines", "\n"),
        ("at signs", "a@a."),
    ] {
        let times: Vec<String> = [1 << 18, 1 << 19, 1 << 20]
            .into_iter()
            .map(|length| {
                let text = piece.repeat(length / piece.len());
                let start = on_processor();
                black_box(detector.detect(&text, Context::Consultation));
                format!("{:6.0} ms", (on_processor() - start) * 1e3)
            })
            .collect();
        println!("{name:<33} {:>9} {:>9} {:>9}", times[0], times[1], times[2]);
    }
}

/// From so many characters on a post is a long one.
const LONG: usize = 100;

/// A message of a labelled text.
#[derive(Deserialize)]
struct Message {
    context: Context,
    text: String,
}

/// Prints how fast `messages` are screened, and searched for words.
fn speed(name: &str, messages: &[Message], detector: RuleDetector, search: &AhoCorasick) {
    let bytes: usize = messages.iter().map(|message| message.text.len()).sum();
    let plain = per_round(|| messages.iter().map(|message| search.find_iter(&message.text).count()).sum());
    let ours = per_round(|| {
        messages.iter().map(|message| detector.detect(&message.text, message.context).len()).sum()
    });
    let rates =
        |time: f64| format!("{:8.1} MB/s {:6.0}/s", bytes as f64 / time / 1e6, messages.len() as f64 / time);
    let mean = bytes as f64 / messages.len() as f64;
    println!("{name:<33} {mean:>9.0} {:>20} {:>20} {:>6.0}", rates(plain), rates(ours), ours / plain);
}

/// The labelled texts that the weights come from: whole messages, by many hands, more with something personal than occur.
fn labelled() -> Vec<Message> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/generate/texts/learned");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let lists: Vec<String> = files.into_iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    lists.iter().flat_map(|list| list.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Seconds on the processor that one call takes.
fn per_round(mut call: impl FnMut() -> usize) -> f64 {
    let begin = Instant::now();
    let (start, mut rounds) = (on_processor(), 0);
    while begin.elapsed() < RUN || rounds < 5 {
        black_box(call());
        rounds += 1;
    }
    (on_processor() - start) / f64::from(rounds)
}

/// Seconds that this thread has run: other programs on the machine do not count. Where the system does not tell,
/// seconds since the first call.
fn on_processor() -> f64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds =
        line.and_then(|line| line.split(' ').next().and_then(|first| first.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| FIRST.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The templates of `examples/generate`, filled with one name and one number each.
fn texts() -> Vec<String> {
    let templates = include_str!("../examples/generate/texts/dev.txt");
    let lines = templates.lines().filter(|line| line.starts_with(['C', 'P']));
    lines
        .map(|line| {
            let mut text = line[2..].replace("\\n", "\n");
            while let Some((start, end)) =
                text.find('{').and_then(|start| Some((start, start + text[start..].find('}')?)))
            {
                let value = match &text[start + 1..end] {
                    "sur" | "pro" => "山田",
                    "full" | "full_c" | "pro_full" => "佐々木花子",
                    "office" => "訪問看護ステーション あおぞら",
                    "mobile" | "fixed" | "orgtel" => "0853-21-4827",
                    "birth" => "昭和12年3月4日",
                    "addr" | "orgaddr" => "出雲市今市町1-2-3",
                    "given" | "hira" => "はなこ",
                    "kata" | "kata_sp" => "ヤマダ ハナコ",
                    "hirafull" | "hirafull_sp" => "やまだ はなこ",
                    "latin" => "Yamada Hanako",
                    "foreign" => "グエン・ティ・ラン",
                    "town" | "shop" | "event" => "大津町",
                    "thing" | "drug" | "dish" => "車いす",
                    "age" | "month" => "82",
                    "email" | "orgemail" => "info@example.jp",
                    "orgmobile" => "090-1234-5678",
                    "mynumber" | "care" | "late" | "health" | "pension" | "licence" | "passport"
                    | "residence" | "resident" | "bank" | "social" | "patient" | "plate" | "expense"
                    | "card" | "postal" | "orgpostal" | "orgid" => "0012345678",
                    _ => "歩行訓練",
                };
                text.replace_range(start..=end, value);
            }
            text
        })
        .collect()
}

/// The words to search for: those of the templates' lists.
fn words() -> AhoCorasick {
    let lists = [
        include_str!("../examples/generate/texts/names.txt"),
        include_str!("../examples/generate/texts/things.txt"),
    ];
    let words = lists
        .iter()
        .flat_map(|list| list.split([' ', '|', '\n', '=']))
        .filter(|word| word.chars().count() >= 2);
    AhoCorasick::new(words).unwrap()
}

/// Memory of this process in use, in bytes; zero where the system does not tell.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|line| line.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()));
    pages.unwrap_or(0) * 4096
}
