//! What the fuzz target looks for, held against the seeds it starts from; needs no fuzzer. Whatever a fuzzer finds is added to
//! `fuzz/seeds` and stays.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[expect(unreachable_pub, reason = "the fuzz target's crate exports it")]
#[path = "../fuzz/src/properties.rs"]
mod properties;

// R8
#[test]
fn every_seed_is_screened_on_characters_and_masked_once_and_for_all() {
    let folder = format!("{}/fuzz/seeds/screen", env!("CARGO_MANIFEST_DIR"));
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display()); // shown if the property fails
        properties::screen(&std::fs::read(path).unwrap());
        seeds += 1;
    }
    assert!(seeds >= 6, "{seeds}");
}
