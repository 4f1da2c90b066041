#![no_main]

use standards::cpe::Cpe;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(cpe) = Cpe::parse(text) {
            let written = cpe.to_formatted();
            assert_eq!(Cpe::parse(&written).expect("a CPE that was written is a CPE").to_formatted(), written);
        }
        let _ = Cpe::repair(text);
    }
});
