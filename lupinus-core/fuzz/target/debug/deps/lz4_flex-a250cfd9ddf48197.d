/tmp/ci/lupinus-core/fuzz/target/debug/deps/lz4_flex-a250cfd9ddf48197.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/mod.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/compress.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/hashtable.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/decompress_safe.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/fastcpy.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/sink.rs

/tmp/ci/lupinus-core/fuzz/target/debug/deps/liblz4_flex-a250cfd9ddf48197.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/lib.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/mod.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/compress.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/hashtable.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/decompress_safe.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/fastcpy.rs /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/sink.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/lib.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/mod.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/compress.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/hashtable.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/block/decompress_safe.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/fastcpy.rs:
/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lz4_flex-0.14.2/src/sink.rs:
