#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lupinus_line_fuzz::event(data));
