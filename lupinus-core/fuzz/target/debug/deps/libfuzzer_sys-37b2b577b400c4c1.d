/tmp/ci/lupinus-core/fuzz/target/debug/deps/libfuzzer_sys-37b2b577b400c4c1.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/libfuzzer-sys-0.4.13/src/lib.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/liblibfuzzer_sys-37b2b577b400c4c1.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/libfuzzer-sys-0.4.13/src/lib.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/libfuzzer-sys-0.4.13/src/lib.rs:
