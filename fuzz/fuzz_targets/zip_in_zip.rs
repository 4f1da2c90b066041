#![no_main]

use sources::ArchiveKind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wardround_fuzz::archive(ArchiveKind::ZipInZip, bytes);
});
