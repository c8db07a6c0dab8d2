/tmp/ci/lupinus-core/fuzz/target/debug/deps/lupinus_core_fuzz-0cabff6b5646258c.d: src/lib.rs src/properties.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/liblupinus_core_fuzz-0cabff6b5646258c.rmeta: src/lib.rs src/properties.rs

src/lib.rs:
src/properties.rs:
