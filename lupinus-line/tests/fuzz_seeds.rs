//! What the fuzz targets look for, held against the seeds they start from; needs no fuzzer.
//! Whatever a fuzzer finds is added to `fuzz/seeds` and stays.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

#[expect(unreachable_pub, reason = "the fuzz targets' crate exports it")]
#[path = "../fuzz/src/properties.rs"]
mod properties;

fn replay(target: &str, property: fn(&[u8])) {
    let folder = format!("{}/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut seeds = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display()); // shown if the property fails
        property(&std::fs::read(path).unwrap());
        seeds += 1;
    }
    assert!(seeds >= 10, "{seeds} seeds in {folder}");
}

// R35
#[test]
fn only_what_was_signed_is_verified_in_every_seed() {
    replay("signature", properties::signature);
}

#[test]
fn every_seed_of_a_body_comes_back_as_it_was() {
    replay("envelope", properties::envelope);
}

#[test]
fn every_seed_of_an_event_comes_back_as_it_was() {
    replay("event", properties::event);
}
