#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = lupinus_line_fuzz::envelope(data);
});
