#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wardround_fuzz::sbom(bytes);
});
