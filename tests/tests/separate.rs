//! The emulator judges the client, so it knows nothing of it: what is misread in one place must not be misread in both.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How many lines of code in a row are no coincidence any more.
const COPIED: usize = 6;

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn of(name: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"), &mut found);
    assert!(found.len() > 50, "{name} has only {} files", found.len());
    found
}

/// Every run of lines of code, and where it begins.
fn runs(sources: &[(PathBuf, String)]) -> BTreeMap<Vec<&str>, (&Path, usize)> {
    let says_something = |line: &str| line.len() > 3 && !line.starts_with("//") && !line.starts_with("use ");
    let mut runs = BTreeMap::new();
    for (path, text) in sources {
        let lines: Vec<(usize, &str)> =
            text.lines().map(str::trim).enumerate().filter(|(_, line)| says_something(line)).collect();
        for run in lines.windows(COPIED) {
            runs.insert(run.iter().map(|(_, line)| *line).collect(), (path.as_path(), run[0].0 + 1));
        }
    }
    runs
}

#[test]
fn the_emulator_depends_on_no_other_crate_of_ours() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lupinus-emulator/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let ours: Vec<&str> = manifest.lines().filter(|line| line.starts_with("lupinus-")).collect();
    assert!(manifest.contains("[dev-dependencies]") && ours.is_empty(), "{ours:?}");
}

#[test]
fn no_code_of_the_emulator_stands_in_the_client() {
    let (emulator, client) = (of("lupinus-emulator"), of("lupinus-line"));
    let (emulator, client) = (runs(&emulator), runs(&client));
    let both: Vec<_> = emulator.iter().filter_map(|(run, at)| Some((at, client.get(run)?, run))).collect();
    assert!(both.is_empty(), "{both:#?}");
}
