/tmp/ci/lupinus-core/fuzz/target/debug/deps/screen-4334fa00df8ef5aa.d: fuzz_targets/screen.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/libscreen-4334fa00df8ef5aa.rmeta: fuzz_targets/screen.rs

fuzz_targets/screen.rs:
