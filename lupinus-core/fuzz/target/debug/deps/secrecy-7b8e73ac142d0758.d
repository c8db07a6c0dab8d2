/tmp/ci/lupinus-core/fuzz/target/debug/deps/secrecy-7b8e73ac142d0758.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/secrecy-0.10.3/src/lib.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/libsecrecy-7b8e73ac142d0758.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/secrecy-0.10.3/src/lib.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/secrecy-0.10.3/src/lib.rs:
