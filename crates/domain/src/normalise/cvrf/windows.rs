//! Windows by the names that Microsoft's security updates give it, as the CPE names of the CPE dictionary (R20): the branch is
//! in the product's name, so that builds are compared within it (R26).
//!
//! A table of name forms, no similarity: what is none of them stays a name.

/// A CPE name, and whether its version is a build.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Windows {
    /// `cpe:2.3:o:microsoft:windows_10_1809:*:…:x64:*`.
    pub(super) cpe: String,
    /// Whether versions of this CPE name are builds. Those of older Windows are `-` or `r2`.
    pub(super) has_builds: bool,
}

/// The CPE name of a Windows product: `Windows 10 Version 1809 for x64-based Systems`.
pub(super) fn named(name: &str) -> Option<Windows> {
    let lower = name.to_ascii_lowercase();
    let lower = lower.split_once(" (server core").map_or(lower.as_str(), |(before, _)| before).trim();
    let (rest, hardware, pack) = taken_apart(lower.strip_prefix("windows ")?);
    let (product, version) = match rest.strip_prefix("server ") {
        Some(server) => server_name(server)?,
        None => client_name(rest)?,
    };
    let has_builds = version == "*";
    let update = if has_builds { "*" } else { pack };
    let cpe = format!("cpe:2.3:o:microsoft:{product}:{version}:{update}:*:*:*:*:{hardware}:*");
    Some(Windows { cpe, has_builds })
}

/// Takes off architecture and service pack: `2008 r2 for x64-based systems service pack 1`.
fn taken_apart(name: &str) -> (&str, &'static str, &'static str) {
    let (name, pack) = match name.split_once(" service pack ") {
        Some((before, "1")) => (before, "sp1"),
        Some((before, "2")) => (before, "sp2"),
        Some(_) | None => (name, "*"),
    };
    let (name, architecture) = name.split_once(" for ").unwrap_or((name, ""));
    let known = [("x64", "x64"), ("32-bit", "x86"), ("arm64", "arm64"), ("itanium", "itanium")];
    let hardware = known.iter().find(|(words, _)| architecture.starts_with(words)).map_or("*", |(_, name)| *name);
    (name.trim(), hardware, pack)
}

/// Product and version of `10 version 1809`, `11 version 22h2`, `8.1`, `7`.
fn client_name(name: &str) -> Option<(String, &'static str)> {
    for (number, first) in [("10", "1507"), ("11", "21h2")] {
        if let Some(version) = name.strip_prefix(number) {
            // The first editions have no version in their names.
            let version = match version.trim() {
                "" => first,
                version => version.strip_prefix("version ").filter(|version| is_edition(version))?,
            };
            return Some((format!("windows_{number}_{version}"), "*"));
        }
    }
    let product = match name {
        "8.1" => "windows_8.1",
        "8" => "windows_8",
        "7" => "windows_7",
        "rt 8.1" => "windows_rt_8.1",
        "vista" | "vista x64 edition" => "windows_vista",
        _ => return None,
    };
    Some((product.to_owned(), "-"))
}

/// Product and version of `2019`, `2012 r2`, `2022, 23h2 edition`, `version 20h2`.
fn server_name(name: &str) -> Option<(String, &'static str)> {
    let name = name.replace(',', "");
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    match words.as_slice() {
        [year @ ("2008" | "2012")] => Some((format!("windows_server_{year}"), "-")),
        [year @ ("2008" | "2012"), "r2"] => Some((format!("windows_server_{year}"), "r2")),
        [year] if is_year(year) => Some((format!("windows_server_{year}"), "*")),
        [year, edition, "edition"] if is_year(year) && is_edition(edition) => {
            Some((format!("windows_server_{year}_{edition}"), "*"))
        }
        ["version", edition] if is_edition(edition) => Some((format!("windows_server_{edition}"), "*")),
        _ => None,
    }
}

/// `1809`, `22h2`.
fn is_edition(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'h')
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn windows_is_named_by_branch_and_architecture() {
        for (name, cpe) in [
            ("Windows 10 Version 1809 for x64-based Systems", "windows_10_1809:*:*:*:*:*:*:x64:*"),
            ("Windows 10 for 32-bit Systems", "windows_10_1507:*:*:*:*:*:*:x86:*"),
            ("Windows 11 version 22H2 for ARM64-based Systems", "windows_11_22h2:*:*:*:*:*:*:arm64:*"),
            ("Windows Server 2019  (Server Core installation)", "windows_server_2019:*:*:*:*:*:*:*:*"),
            (
                "Windows Server 2022, 23H2 Edition (Server Core installation)",
                "windows_server_2022_23h2:*:*:*:*:*:*:*:*",
            ),
            ("Windows Server 2012 R2", "windows_server_2012:r2:*:*:*:*:*:*:*"),
            ("Windows Server 2008 R2 for x64-based Systems Service Pack 1", "windows_server_2008:r2:sp1:*:*:*:*:x64:*"),
            ("Windows 7 for 32-bit Systems Service Pack 1", "windows_7:-:sp1:*:*:*:*:x86:*"),
        ] {
            let found = named(name).unwrap();
            assert_eq!(found.cpe, format!("cpe:2.3:o:microsoft:{cpe}"), "{name}");
            assert_eq!(found.has_builds, cpe.split(':').nth(1) == Some("*"), "{name}");
        }
        for name in ["Windows Defender", "Windows 10 Mobile", "Windows Server 2016 Essentials", "Visual Studio Code"] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
