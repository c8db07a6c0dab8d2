//! What the fuzz targets look for, held against the seeds they start from, and what each seed is there for; needs no fuzzer.
//! Whatever a fuzzer finds is added to `fuzz/seeds`, with a line here, and stays.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use lupinus_line::DecodeCategory::{Shape, Syntax, Truncated};
use lupinus_line::webhook::SignatureError::{Malformed, Mismatch};

#[expect(unreachable_pub, reason = "the fuzz targets' crate exports it")]
#[path = "../fuzz/src/properties.rs"]
mod properties;

/// Holds the property against each seed, and what became of it against what is expected of exactly these seeds.
fn replay<T: Debug + PartialEq>(
    target: &str,
    property: fn(&[u8]) -> T,
    expected: impl IntoIterator<Item = (&'static str, T)>,
) {
    let folder = format!("{}/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        println!("{}", entry.path().display()); // shown if the property fails
        let outcome = property(&std::fs::read(entry.path()).unwrap());
        found.insert(entry.file_name().into_string().unwrap(), outcome);
    }
    let expected: BTreeMap<_, _> =
        expected.into_iter().map(|(seed, outcome)| (seed.to_owned(), outcome)).collect();
    assert_eq!(found, expected, "in {folder}");
}

// R35
#[test]
fn only_what_was_signed_is_verified_in_every_seed() {
    let expected = [
        ("empty_body", Ok(1)),
        ("empty_header", Err(Malformed)),
        ("hex", Err(Malformed)),
        ("line_end", Err(Malformed)),
        ("not_text", Err(Malformed)),
        ("signed", Ok(1)),
        ("signed_for_another_body", Err(Mismatch)),
        ("signed_with_the_new_secret", Ok(0)),
        ("two_in_one", Err(Malformed)),
        ("unpadded", Err(Malformed)),
        ("url_safe", Err(Malformed)),
    ];
    replay("signature", properties::signature, expected);
}

#[test]
fn every_seed_of_a_body_comes_back_as_it_was() {
    let expected = [
        // How many events decode, and how many are malformed.
        ("all_kinds.json", Ok((31, 0))),
        ("bom.json", Err(Syntax)),
        ("cut.json", Err(Truncated)),
        ("deep.json", Ok((0, 1))),
        ("events_twice.json", Err(Shape)),
        ("no_events.json", Ok((0, 0))),
        ("not_a_webhook.json", Err(Shape)),
        ("odd_values.json", Ok((7, 1))),
        ("one_malformed.json", Ok((2, 3))),
        ("unknown_beside_events.json", Ok((1, 0))),
        ("without_destination.json", Ok((1, 0))),
    ];
    replay("envelope", properties::envelope, expected);
}

#[test]
fn every_seed_of_an_event_comes_back_as_it_was() {
    let expected = [
        ("account_linked.json", Ok("accountLink")),
        ("account_not_linked.json", Ok("accountLink")),
        ("audio.json", Ok("message")),
        ("beacon.json", Ok("beacon")),
        ("chat_control_given_up.json", Ok("deactivated")),
        ("chat_control_taken.json", Ok("activated")),
        ("edited_message.json", Ok("messageEdited")),
        ("external_video.json", Ok("message")),
        ("far_place.json", Err(Shape)),
        ("far_time.json", Err(Shape)),
        ("file.json", Ok("message")),
        ("follow.json", Ok("follow")),
        ("found_number_beyond_f64.json", Ok("unknown")),
        ("half_a_pair_in_a_text.json", Ok("message")),
        ("image_of_a_set.json", Ok("message")),
        ("join.json", Ok("join")),
        ("key_twice.json", Ok("join")),
        ("leave.json", Ok("leave")),
        ("location_in_a_room.json", Ok("message")),
        ("members_came.json", Ok("memberJoined")),
        ("members_left.json", Ok("memberLeft")),
        ("membership.json", Ok("membership")),
        ("module_attached.json", Ok("module")),
        ("module_detached_without_reason.json", Ok("module")),
        ("notification_delivered.json", Ok("delivery")),
        ("nulls.json", Ok("follow")),
        ("odd_chat_control.json", Ok("activated")),
        ("odd_mention.json", Ok("message")),
        ("odd_menu_alias.json", Ok("postback")),
        ("odd_source.json", Ok("join")),
        ("odd_source_of_a_known_kind.json", Ok("follow")),
        ("odd_tokens.json", Ok("message")),
        ("postback_alone.json", Ok("postback")),
        ("postback_of_a_menu_switch.json", Ok("postback")),
        ("postback_of_a_picker.json", Ok("postback")),
        ("resumed.json", Ok("botResumed")),
        ("standby_and_redelivered.json", Ok("message")),
        ("sticker.json", Ok("message")),
        ("suspended.json", Ok("botSuspended")),
        ("text_in_a_group_with_emoji_mention_and_quote.json", Ok("message")),
        ("unfollow.json", Ok("unfollow")),
        ("unknown_kind.json", Ok("unknown")),
        ("unknown_mention.json", Ok("message")),
        ("unsend.json", Ok("unsend")),
        ("video_watched.json", Ok("videoPlayComplete")),
        ("white_space.json", Ok("join")),
    ];
    replay("event", properties::event, expected);
}
