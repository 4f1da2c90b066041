#![no_main]

use domain::normalise::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wardround_fuzz::document(Format::Csaf, bytes);
});
