#![no_main]

use standards::purl::Purl;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(purl) = Purl::parse(text)
    {
        let written = purl.to_string();
        let again = Purl::parse(&written).expect("a purl that was written is a purl");
        assert_eq!(again.to_string(), written);
    }
});
