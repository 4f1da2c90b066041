//! The whole job on real data: six kinds of sources over HTTP from the loopback double, every SBOM of health software, a
//! signed review and a verified pack. Skips with a line where the data or Python are absent. By hand: docs/real-data.md.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bed::{Bed, arg, config, source};
use crate::double::{Double, shared};

/// Time of the data and of the double's clock.
const NOW: &str = "2024-10-09T06:00:00Z";

fn sources(url: &str) -> String {
    let at = |path: &str| format!("url = \"{url}{path}\"");
    source("cve-list", "cve-list", &at("/cvelist-api"))
        + &source("nvd", "nvd", &(at("/nvd/rest/json/cves/2.0") + "\nrequests_per_30_s = 0"))
        + &source("cisa-kev", "cisa-kev", &at("/cisa/sites/default/files/feeds/known_exploited_vulnerabilities.json"))
        + &source("cisa-csaf", "csaf", &at("/cisa/sites/default/files/csaf/provider-metadata.json"))
        + &["npm", "PyPI", "Maven", "Go", "NuGet", "crates.io"]
            .map(|ecosystem| {
                source(&format!("osv:{ecosystem}"), "osv", &format!("ecosystem = \"{ecosystem}\"\n{}", at("/osv")))
            })
            .concat()
        + &source("epss", "epss", &at("/epss/epss_scores-current.csv.gz"))
}

/// Every SBOM of health software: published ones, and those of the packed archive.
fn health_sboms(bed: &Bed, shared: &Path) -> Vec<PathBuf> {
    let folder = bed.dir().join("generated");
    std::fs::create_dir_all(&folder).expect("a folder");
    let packed = shared.join("sboms/health/generated.tar.zst");
    let unpacked = Command::new("sh")
        .arg("-c")
        .arg(format!("zstd -dcq --long=27 '{}' | tar -xf - -C '{}'", packed.display(), folder.display()))
        .status()
        .expect("a shell");
    assert!(unpacked.success(), "the generated SBOMs unpack");
    let mut files = Vec::new();
    let mut folders = vec![shared.join("sboms/health/published"), folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn the_whole_job_on_real_data() {
    let shared = shared();
    if !shared.join("upstream/serve.py").is_file() || !shared.join("sboms/health").is_dir() {
        println!("skipped: no shared data at {}", shared.display());
        return;
    }
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&sources(&double.url)));
    bed.people(NOW);
    let synced = bed.ok(&["--at", NOW, "source", "sync", "--all"]);
    println!("{synced}");
    let live = |source: &str| {
        let status = bed.json(&["knowledge", "status"]);
        status
            .as_array()
            .and_then(|rows| rows.iter().find(|row| row["source"] == source))
            .map_or(0, |row| row["live"].as_u64().unwrap_or(0))
    };
    for (source, at_least) in
        [("cve-list", 35_000), ("nvd", 50_000), ("cisa-kev", 1_100), ("cisa-csaf", 2_000), ("osv:Maven", 4_000)]
    {
        assert!(live(source) >= at_least, "{source} has {} live records", live(source));
    }

    let mut imported = 0;
    for (number, file) in (1..).zip(health_sboms(&bed, &shared)) {
        let release = format!("pump@{number}");
        bed.ok(&["--at", NOW, "release", "add", &release]);
        let output = bed.run(&["--at", NOW, "sbom", "import", &arg(&file), "--release", &release]);
        if output.status.success() {
            imported += 1;
        } else {
            // Refused by name and reason, never skipped in silence.
            println!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
    }
    assert!(imported >= 60, "{imported} SBOMs were imported");

    let run = bed.ok(&["--at", "2024-10-09T06:30:00Z", "run"]);
    assert!(run.contains("cannot be identified by any source"), "what could not be assessed is said");
    let findings = bed.json(&["finding", "list"]);
    let count = findings.as_array().map_or(0, Vec::len);
    println!("{imported} SBOMs, {count} findings");
    assert!(count > 100, "{count} findings");

    let ids: Vec<String> = findings
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["finding"].as_str().map(str::to_owned))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let judge = [
        "--status",
        "affected",
        "--action",
        "Updated in the next release.",
        "--rationale",
        "Rehearsal on real data.",
        "--as",
        "anna",
    ];
    bed.ok(&[&["--at", "2024-10-09T07:00:00Z", "finding", "assess"][..], &ids[..], &judge[..]].concat());
    bed.ok(&["--at", "2024-10-09T08:00:00Z", "review", "open", "--as", "anna"]);
    bed.ok(&[
        "--at",
        "2024-10-09T08:00:00Z",
        "review",
        "conclude",
        "1",
        "--conclusion",
        "All looked at.",
        "--as",
        "anna",
    ]);
    bed.ok(&["--at", "2024-10-09T08:00:00Z", "review", "sign", "1", "--meaning", "reviewed", "--as", "anna"]);
    bed.ok(&["--at", "2024-10-09T08:00:00Z", "review", "sign", "1", "--meaning", "approved", "--as", "ben"]);
    let pack = bed.dir().join("pack.zip");
    println!("{}", bed.ok(&["--at", "2024-10-09T08:10:00Z", "evidence", "pack", "1", "-o", &arg(&pack)]));
    let verdict = bed.ok(&["evidence", "verify", &arg(&pack), "--key", &arg(&bed.dir().join("keys/journal.pub"))]);
    println!("{verdict}");
    assert!(verdict.contains("The pack is sound."), "{verdict}");
    bed.ok(&["journal", "verify"]);
}
