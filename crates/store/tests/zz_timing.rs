#![allow(warnings)]
#[path = "it/maker.rs"]
mod maker;
use maker::*;
use std::time::Instant;
use domain::model::journal::Change;
use store::records::*;
use domain::model::raw::Digest;
fn cpu() -> std::time::Duration { let s = std::fs::read_to_string("/proc/self/schedstat").unwrap(); let n: u64 = s.split(' ').next().unwrap().parse().unwrap(); std::time::Duration::from_nanos(n) }
#[test]
fn timing() {
    for _ in 0..2 {
    let mut maker = Maker::new();
    let components: Vec<_> = (0..10_000).map(|n| purl("npm", &format!("package-{n}"), "1.0.0")).collect();
    let t = Instant::now();
    maker.import("patient-monitor@3.2", &components).unwrap();
    eprintln!("import 10k (incl. canonical json of it): {:?}", t.elapsed());
    let changes: Vec<_> = (0..20_000_u64).map(|n| {
        let name = format!("CVE-2021-{}", 10_000 + n);
        Change::Appeared { finding: Box::new(finding(n + 1, "patient-monitor@3.2", &components[n as usize / 2], &[&name, "GHSA-x"])) }
    }).collect();
    let t = Instant::now(); let b = standards::canonical_json::to_vec(&changes).unwrap(); eprintln!("canonical of changes: {:?} {} bytes", t.elapsed(), b.len());
    let t = Instant::now(); Digest::of(&b); eprintln!("digest: {:?}", t.elapsed());
    let t = Instant::now(); let v: Vec<Change> = serde_json::from_slice(&b).unwrap(); eprintln!("parse: {:?}", t.elapsed());
    let t = Instant::now(); maker.run(&changes).unwrap(); eprintln!("run 20k (incl canonical): {:?}", t.elapsed());
    }
}
