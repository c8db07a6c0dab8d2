/tmp/ci/lupinus-core/fuzz/target/debug/deps/crawdad-b7e0946d5e3bd0b5.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/builder.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/errors.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mapper.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mptrie.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/trie.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/utils.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/libcrawdad-b7e0946d5e3bd0b5.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/builder.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/errors.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mapper.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mptrie.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/trie.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/utils.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/lib.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/builder.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/errors.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mapper.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/mptrie.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/trie.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/crawdad-0.4.1/src/utils.rs:
