#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    lupinus_core_fuzz::screen(data);
});
