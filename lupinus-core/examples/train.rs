//! Makes the weights by which the detector judges what may be a name, and whose names and contacts are.
//!
//! ```text
//! for set in dev bare holdout; do
//!     cargo run --release -p lupinus-core --example generate -- $set 3 > target/$set.jsonl
//! done
//! cargo run --release -p lupinus-core --features training --example train -- \
//!     target/dev.jsonl target/bare.jsonl target/holdout.jsonl lupinus-core/examples/generate/texts/learned/*.jsonl \
//!     [--against lupinus-core/examples/generate/texts/unseen/*.jsonl]
//! ```
//!
//! Three logistic regressions over labelled texts (the form is that of `score`). In the first each stretch that may be a
//! name is an example, in the second each name, a person's or a professional's, in the third each contact, a person's or
//! an organisation's. The same files give the same bytes, of
//! `owner.weights` from the second run on: a contact's features see the names found with the weights compiled in. Without `--against` it writes `name.weights`, `role.weights`
//! and `owner.weights` in `src/screening/rules`; with it nothing is
//! written, and the figures for those files are printed, which are honest only for texts of other authors than the
//! first files'.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

use lupinus_core::screening::{Context, training};
use serde::Deserialize;

/// How often all examples are gone through.
const ROUNDS: usize = 10;
const RATE: f32 = 0.15;
/// From this round on the weights are averaged, so that the order of the examples matters less.
const SETTLED: usize = 4;
const AVERAGED: f32 = 6.0;
/// How a regression is held back.
struct Caution {
    /// How strongly weights are kept small, at each step that concerns them.
    decay: f32,
    /// How many errors a feature has behind it at the start: its first ones then move it less.
    errors: f32,
}
const NAMES: Caution = Caution { decay: 0.0, errors: 1.0 };
const OWNERS: Caution = Caution { decay: 2e-2, errors: 1e-3 };

#[derive(Deserialize)]
struct Message {
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
}

struct Example {
    features: Vec<u32>,
    is_so: bool,
    /// How much it counts.
    share: f32,
}

#[derive(Default)]
struct Examples {
    names: Vec<Example>,
    roles: Vec<Example>,
    owners: Vec<Example>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut halves = arguments.split(|argument| argument == "--against");
    let mut examples = Examples::default();
    for file in halves.next().unwrap_or_default() {
        read(file, &mut examples)?;
    }
    let (names, roles) = (learn(&examples.names, &NAMES), learn(&examples.roles, &OWNERS));
    let owners = learn(&examples.owners, &OWNERS);
    let Some(against) = halves.next() else {
        write("name.weights", &names)?;
        write("role.weights", &roles)?;
        return write("owner.weights", &owners);
    };
    for file in against {
        let mut unseen = Examples::default();
        read(file, &mut unseen)?;
        judge(&format!("{file}, names"), &unseen.names, &names);
        judge(&format!("{file}, professionals"), &unseen.roles, &roles);
        judge(&format!("{file}, persons' contacts"), &unseen.owners, &owners);
    }
    Ok(())
}

fn write(file: &str, weights: &[f32]) -> Result<(), Box<dyn Error>> {
    let bytes: Vec<u8> = weights.iter().map(|weight| quantised(*weight).to_ne_bytes()[0]).collect();
    println!("{file}: {} weights", bytes.iter().filter(|byte| **byte != 0).count());
    Ok(fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screening/rules").join(file), bytes)?)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "clamped to a byte")]
fn quantised(weight: f32) -> i8 {
    (weight * training::ONE as f32).round().clamp(-127.0, 127.0) as i8
}

/// Adds the examples in a file.
fn read(file: &str, into: &mut Examples) -> Result<(), Box<dyn Error>> {
    for line in fs::read_to_string(file)?.lines() {
        let message: Message = serde_json::from_str(line)?;
        let bytes: Vec<usize> = message.text.char_indices().map(|(byte, _)| byte).collect();
        let byte = |point: usize| bytes.get(point).copied().unwrap_or(message.text.len());
        let points: BTreeMap<usize, usize> = bytes.iter().copied().zip(0..).collect();
        let point = |byte: usize| points.get(&byte).copied().unwrap_or(bytes.len());
        let names: Vec<&Span> = message
            .spans
            .iter()
            .filter(|span| span.kind == "person_name" || span.kind == "professional_name")
            .collect();
        for (range, features) in training::candidates(&message.text, message.context) {
            let (start, end) = (point(range.start), point(range.end));
            let is_so = names.iter().any(|name| (name.start, name.end) == (start, end));
            let part = !is_so
                && names.iter().any(|name| {
                    (start >= name.start && end <= name.end) || (start <= name.start && end >= name.end)
                });
            into.names.push(Example { features, is_so, share: if part { 0.5 } else { 1.0 } });
        }
        let ranges: Vec<_> = names.iter().map(|name| byte(name.start)..byte(name.end)).collect();
        for (name, features) in names.iter().zip(training::roles(&message.text, message.context, &ranges)) {
            into.roles.push(Example { features, is_so: name.kind == "professional_name", share: 1.0 });
        }
        let contacts: Vec<&Span> = message
            .spans
            .iter()
            .filter(|span| {
                let kind = span.kind.strip_prefix("org_").unwrap_or(&span.kind);
                ["phone", "email", "address", "postal", "postal_code"].contains(&kind)
            })
            .collect();
        let ranges: Vec<_> = contacts.iter().map(|span| byte(span.start)..byte(span.end)).collect();
        for (span, features) in contacts.iter().zip(training::owners(&message.text, message.context, &ranges))
        {
            into.owners.push(Example { features, is_so: !span.kind.starts_with("org_"), share: 1.0 });
        }
    }
    Ok(())
}

fn odds(features: &[u32], weights: &[f32]) -> f32 {
    features.iter().filter_map(|at| weights.get(*at as usize)).sum()
}

/// A logistic regression by stochastic gradient descent, each weight with a rate of its own.
fn learn(examples: &[Example], caution: &Caution) -> Vec<f32> {
    let mut weights = vec![0.0_f32; training::WEIGHTS];
    let mut squares = vec![caution.errors; training::WEIGHTS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 0x1234_5678_9abc_def1_u64;
    let mut sums = vec![0.0_f32; training::WEIGHTS];
    for round in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            order.swap(at, usize::try_from(seed % (at as u64 + 1)).unwrap_or(0));
        }
        for example in order.iter().filter_map(|at| examples.get(*at)) {
            let chance = 1.0 / (1.0 + (-odds(&example.features, &weights)).exp());
            let error = (chance - f32::from(u8::from(example.is_so))) * example.share;
            for at in &example.features {
                let at = *at as usize;
                let gradient = error + caution.decay * weights[at];
                squares[at] += gradient * gradient;
                weights[at] -= RATE * gradient / squares[at].sqrt();
            }
        }
        if round >= SETTLED {
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight / AVERAGED);
        }
    }
    sums
}

/// Prints how well the best stretches are told from the others.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn judge(what: &str, examples: &[Example], weights: &[f32]) {
    let mut judged: Vec<(f32, bool)> = examples
        .iter()
        .filter(|example| example.share >= 1.0)
        .map(|example| (odds(&example.features, weights), example.is_so))
        .collect();
    judged.sort_by(|one, other| other.0.total_cmp(&one.0));
    let all = judged.iter().filter(|(_, is_so)| *is_so).count().max(1) as f32;
    let (mut right, mut area) = (0.0, 0.0);
    let mut best = [(0.0, 0.0); 3];
    for (count, (odds, is_so)) in (1_u16..).zip(&judged) {
        let count = f32::from(count);
        if *is_so {
            right += 1.0;
            area += right / count;
        }
        for (slot, precision) in best.iter_mut().zip([0.98, 0.95, 0.90]) {
            if right >= precision * count {
                *slot = (right / all, *odds);
            }
        }
    }
    println!("{what}: area {:.4}; recall at 98, 95 and 90 % precision, and the odds: {best:.3?}", area / all);
}
