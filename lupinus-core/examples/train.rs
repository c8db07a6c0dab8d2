//! Makes the weights by which the detector judges what may be a name, and whose names and contacts are.
//!
//! ```text
//! for set in dev bare holdout; do
//!     cargo run --release -p lupinus-core --example generate -- $set 3 > target/$set.jsonl
//! done
//! cargo run --release -p lupinus-core --features training --example train -- \
//!     target/dev.jsonl target/bare.jsonl target/holdout.jsonl lupinus-core/examples/generate/texts/learned/*.jsonl \
//!     [--against lupinus-core/examples/generate/texts/unseen/*.jsonl | --across]
//! ```
//!
//! Four logistic regressions over labelled texts (the form is that of `score`). In the first each letter is an example, of a name
//! or not, in the second each stretch that may be a name, in the third each name, a person's or a professional's, in the fourth
//! each contact, a person's or an organisation's. The same files give the same bytes, of `owner.weights` from the second run on: a contact's features
//! see the names found with the weights compiled in.
//!
//! It writes `glance.weights`, `name.weights`, `role.weights` and `owner.weights` in `src/screening/rules`. With `--against` nothing is
//! written, and the figures for the files behind it are printed, which are honest only for texts of other authors than the
//! first files'. With `--across` as the last word nothing is written either: each file, but for those in `target`, is
//! judged by what the others gave, each a hand of its own. Of two sets of features or rates the one with the smaller loss is the better one.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

use lupinus_core::screening::{Context, training};
use serde::Deserialize;

/// How often all examples are gone through.
const ROUNDS: usize = 10;
/// From this round on the weights are averaged, so that the order of the examples matters less.
const SETTLED: usize = 4;
const AVERAGED: f32 = 6.0;
/// How a regression is held back.
struct Caution {
    /// How strongly weights are kept small, at each step that concerns them.
    decay: f32,
    /// How far one example moves a weight at first.
    rate: f32,
    /// How many errors a feature has behind it at the start: its first ones then move it less.
    errors: f32,
}
const NAMES: Caution = Caution { decay: 0.0, rate: 0.07, errors: 0.1 };
const ROLES: Caution = Caution { decay: 1e-2, rate: 0.03, errors: 1.0 };
const OWNERS: Caution = Caution { decay: 5e-3, rate: 0.05, errors: 1.0 };

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
    letters: Vec<Example>,
    names: Vec<Example>,
    roles: Vec<Example>,
    owners: Vec<Example>,
}

/// A regression: what it tells, the file of its weights, its examples.
struct Head {
    what: &'static str,
    file: &'static str,
    of: fn(&Examples) -> &Vec<Example>,
    caution: Caution,
}

const HEADS: [Head; 4] = [
    Head { what: "letters of names", file: "glance.weights", of: |all| &all.letters, caution: NAMES },
    Head { what: "names", file: "name.weights", of: |all| &all.names, caution: NAMES },
    Head { what: "professionals", file: "role.weights", of: |all| &all.roles, caution: ROLES },
    Head { what: "persons' contacts", file: "owner.weights", of: |all| &all.owners, caution: OWNERS },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<String> = env::args().skip(1).collect();
    let across = files.pop_if(|last| last == "--across").is_some();
    let mut halves = files.split(|file| file == "--against");
    let sets = read_all(halves.next().unwrap_or_default())?;
    let against = halves.next().map(read_all).transpose()?;
    for head in &HEADS {
        if across {
            judge_across(head, &sets);
            continue;
        }
        let weights = learn(sets.iter().flat_map(|(_, set)| (head.of)(set)), &head.caution);
        match &against {
            None => write(head.file, &weights)?,
            Some(unseen) => {
                for (file, set) in unseen {
                    report(&format!("{} of {file}", head.what), judge((head.of)(set), &weights));
                }
            }
        }
    }
    Ok(())
}

fn read_all(files: &[String]) -> Result<Vec<(&str, Examples)>, Box<dyn Error>> {
    let read = |file: &String| {
        let mut examples = Examples::default();
        read(file, &mut examples).map(|()| examples)
    };
    files.iter().map(|file| Ok((file.as_str(), read(file)?))).collect()
}

/// Judges the examples of each author by what the others' gave.
fn judge_across(head: &Head, sets: &[(&str, Examples)]) {
    let mut all = Vec::new();
    for (file, set) in sets.iter().filter(|(file, _)| !file.starts_with("target")) {
        let others = sets.iter().filter(|(other, _)| other != file);
        let weights = learn(others.flat_map(|(_, set)| (head.of)(set)), &head.caution);
        let judged = judge((head.of)(set), &weights);
        all.extend_from_slice(&judged);
        report(&format!("{} of {file}", head.what), judged);
    }
    report(head.what, all);
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
        for (range, features) in training::letters(&message.text, message.context) {
            let at = point(range.start);
            let is_so = names.iter().any(|name| (name.start..name.end).contains(&at));
            into.letters.push(Example { features, is_so, share: 1.0 });
        }
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
fn learn<'e>(examples: impl Iterator<Item = &'e Example>, caution: &Caution) -> Vec<f32> {
    let examples: Vec<&Example> = examples.collect();
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
                weights[at] -= caution.rate * gradient / squares[at].sqrt();
            }
        }
        if round >= SETTLED {
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight / AVERAGED);
        }
    }
    sums
}

/// The odds of each example, and whether it is so.
fn judge(examples: &[Example], weights: &[f32]) -> Vec<(f32, bool)> {
    let whole = examples.iter().filter(|example| example.share >= 1.0);
    whole.map(|example| (odds(&example.features, weights), example.is_so)).collect()
}

/// What a wrong chance costs, in the mean.
#[expect(clippy::cast_precision_loss, reason = "a count")]
fn loss(judged: &[(f32, bool)]) -> f32 {
    let of = |(odds, is_so): &(f32, bool)| (if *is_so { -odds } else { *odds }).min(80.0).exp().ln_1p();
    judged.iter().map(of).sum::<f32>() / judged.len().max(1) as f32
}

/// Prints how well the best stretches are told from the others.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn report(what: &str, mut judged: Vec<(f32, bool)>) {
    let loss = loss(&judged);
    judged.sort_by(|one, other| other.0.total_cmp(&one.0));
    let all = judged.iter().filter(|(_, is_so)| *is_so).count().max(1) as f32;
    let (mut right, mut area) = (0.0, 0.0);
    let mut best = [(0.0, 0.0); 3];
    for (count, (odds, is_so)) in (1_u32..).zip(&judged) {
        let count = count as f32;
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
    println!(
        "{what}: loss {loss:.4} area {:.4}; recall at 98, 95 and 90 % precision, and the odds: {best:.3?}",
        area / all
    );
}
