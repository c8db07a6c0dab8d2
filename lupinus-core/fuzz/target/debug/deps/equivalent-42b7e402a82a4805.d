/tmp/ci/lupinus-core/fuzz/target/debug/deps/equivalent-42b7e402a82a4805.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/equivalent-1.0.3/src/lib.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/libequivalent-42b7e402a82a4805.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/equivalent-1.0.3/src/lib.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/equivalent-1.0.3/src/lib.rs:
