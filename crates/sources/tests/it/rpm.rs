//! RPM distributions against small servers of our own: repositories, listings by pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sources::{End, Kind, SourceConfig, fetch};

use crate::server::{Asked, Reply, Server};
use crate::sink::{Counting, at, hasty};

fn sync_at(now: &str, kind: Kind, url: &str, cursor: Option<&str>, sink: &mut Counting) -> End {
    let mut config = SourceConfig::new(SourceId(kind.name().to_owned()), kind, url.to_owned());
    config.set_rate_per_30_s(0);
    sink.begin();
    let end = fetch(&config, cursor, &hasty().0, &FixedClock(at(now)), sink);
    sink.finish(end.full_set);
    end
}

fn sync(kind: Kind, url: &str, cursor: Option<&str>, sink: &mut Counting) -> End {
    sync_at("2024-10-09T06:00:00Z", kind, url, cursor, sink)
}

const UPDATES: &str = r#"<updates><update type="security"><id>ALAS2-2018-939</id></update></updates>"#;

/// A repository whose updateinfo is `file`, packed as it may be.
fn repository(path: &'static str, file: Vec<u8>) -> Server {
    let digest = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    Server::start(move |asked, _| match asked.target.as_str() {
        "/mirror.list" => {
            Reply::new(200, format!("http://mirror.example.org/away\nhttp://{}/repo\n", asked.header("host").unwrap()))
        }
        "/repo/repodata/repomd.xml" => Reply::new(
            200,
            format!(
                r#"<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary"><location href="x"/></data>
                <data type="updateinfo"><checksum type="sha256">{digest}</checksum><location href="{path}"/>
                <timestamp>1728450000</timestamp></data></repomd>"#
            ),
        ),
        "/repo/repodata/updateinfo" => Reply::new(200, file.clone()),
        _ => Reply::new(404, "<html>not here</html>"),
    })
}

#[test]
fn a_repository_is_read_however_its_updateinfo_is_packed() {
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let bzip2 = |text: &str| {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let xz = |text: &str| {
        let options = lzma_rust2::XzOptions::with_preset(1);
        let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstandard = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    for file in [UPDATES.as_bytes().to_vec(), gzip(UPDATES), bzip2(UPDATES), xz(UPDATES), zstandard(UPDATES)] {
        let server = repository("repodata/updateinfo", file);
        for address in ["/mirror.list", "/repo", "/repo/repodata/repomd.xml"] {
            let mut sink = Counting::default();
            let end = sync(Kind::AmazonLinux, &format!("{}{address}", server.url), None, &mut sink);
            assert_eq!((end.outcome, end.full_set), (FetchOutcome::Ok, true), "{end:?}");
            assert_eq!(sink.records.keys().collect::<Vec<_>>(), ["ALAS2-2018-939"]);
            assert_eq!(end.data_timestamp, Some(at("2024-10-09T05:00:00Z")));
            assert!(end.checks[0].agrees, "{:?}", end.checks);
            let again = sync(Kind::AmazonLinux, &format!("{}{address}", server.url), end.cursor.as_deref(), &mut sink);
            assert_eq!(
                (again.outcome, again.full_set, sink.documents),
                (FetchOutcome::Ok, false, 0),
                "the digest is known"
            );
        }
    }
}

#[test]
fn nobody_is_led_away_from_tls_by_a_mirror_list_or_by_repomd() {
    let server = repository("http://updates.example.org/updateinfo", UPDATES.into());
    let end = sync(Kind::AmazonLinux, &format!("{}/mirror.list", server.url), None, &mut Counting::default());
    assert_eq!(end.outcome, FetchOutcome::Failed);
    assert!(end.owed[0].contains("cannot be reached"), "{:?}", end.owed);
    let away = Server::start(|_, _| Reply::new(200, "http://mirror.example.org/away\n"));
    let end = sync(Kind::AmazonLinux, &format!("{}/mirror.list", away.url), None, &mut Counting::default());
    assert!(end.owed[0].contains("no mirror that can be reached over TLS"), "{:?}", end.owed);
}

#[test]
fn a_repository_without_updateinfo_is_not_whole() {
    let server =
        Server::start(|_, _| Reply::new(200, r#"<repomd><data type="primary"><location href="a"/></data></repomd>"#));
    let end = sync(Kind::AmazonLinux, &server.url, None, &mut Counting::default());
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Failed, 1), "{end:?}");
    assert!(end.owed[0].contains("names no updateinfo"), "{:?}", end.owed);
}

/// Apollo with errata of these numbers, the newest first; `tamper` may change a page.
fn apollo(
    count: Arc<AtomicU64>,
    tamper: impl Fn(u64, Vec<u64>, u64) -> (Vec<u64>, u64) + Send + Sync + 'static,
) -> Server {
    Server::start(move |asked, _| {
        let (page, size) = (number(asked, "page"), number(asked, "size"));
        let total = count.load(Ordering::SeqCst);
        let start = (page - 1) * size;
        let errata: Vec<u64> = (start..total.min(start + size)).map(|at| total - at).collect();
        let (errata, stated) = if size > 1 { tamper(page, errata, total) } else { (errata, total) };
        let errata: Vec<Value> =
            errata.iter().map(|number| json!({"name": format!("RLSA-2024:{number:04}")})).collect();
        let changed = format!("2024-10-0{}T00:00:00Z", 1 + total % 9);
        Reply::new(
            200,
            json!({"total": stated, "page": page, "size": size, "last_updated_at": changed, "advisories": errata})
                .to_string(),
        )
    })
}

fn number(asked: &Asked, name: &str) -> u64 {
    let query = asked.target.split_once('?').unwrap().1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    value.unwrap().parse().unwrap()
}

/// Apollo with 250 errata, and a sink.
fn of_250(tamper: impl Fn(u64, Vec<u64>, u64) -> (Vec<u64>, u64) + Send + Sync + 'static) -> (End, Counting, usize) {
    let server = apollo(Arc::new(AtomicU64::new(250)), tamper);
    let mut sink = Counting::default();
    let end = sync(Kind::RockyLinux, &server.url, None, &mut sink);
    (end, sink, server.asked().len())
}

#[test]
fn rocky_comes_page_by_page_and_then_as_it_grows() {
    let count = Arc::new(AtomicU64::new(250));
    let server = apollo(Arc::clone(&count), |_, errata, total| (errata, total));
    let mut sink = Counting::default();
    let first = sync(Kind::RockyLinux, &server.url, None, &mut sink);
    assert_eq!((first.outcome, first.full_set, first.stated), (FetchOutcome::Ok, true, Some(250)), "{first:?}");
    assert_eq!((sink.records.len(), server.asked().len()), (250, 4), "three pages, and the total afterwards");
    let second = sync(Kind::RockyLinux, &server.url, first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, second.full_set, server.asked().len()), (FetchOutcome::Ok, false, 5));
    count.store(252, Ordering::SeqCst);
    let third = sync(Kind::RockyLinux, &server.url, second.cursor.as_deref(), &mut sink);
    assert_eq!((third.outcome, sink.records.len(), server.asked().len()), (FetchOutcome::Ok, 252, 6), "{third:?}");
    count.store(240, Ordering::SeqCst);
    let fourth = sync(Kind::RockyLinux, &server.url, third.cursor.as_deref(), &mut sink);
    assert_eq!(
        (fourth.outcome, fourth.full_set, sink.records.len()),
        (FetchOutcome::Ok, true, 240),
        "what is gone is gone"
    );
    let asked = server.asked().len();
    let week = sync_at("2024-10-17T06:00:00Z", Kind::RockyLinux, &server.url, fourth.cursor.as_deref(), &mut sink);
    assert_eq!(
        (week.outcome, week.full_set, server.asked().len() - asked),
        (FetchOutcome::Ok, true, 4),
        "after a week the whole"
    );
}

#[test]
fn an_erratum_that_is_shown_twice_does_not_hide_another() {
    // The last of a page again on the next, as when something new came in front; the total grows with it.
    let (end, sink, _) = of_250(|page, mut errata, total| {
        if page > 1 {
            errata.insert(0, errata[0] + 1);
        }
        (errata, total + u64::from(page > 1))
    });
    assert_eq!((end.outcome, sink.records.len()), (FetchOutcome::Ok, 250), "{end:?}");
}

#[test]
fn an_erratum_that_was_moved_behind_the_pages_is_found_in_a_second_reading_or_owed() {
    let first_pass = AtomicU64::new(0);
    let (end, sink, _) = of_250(move |page, mut errata, total| {
        if page == 2 && first_pass.fetch_add(1, Ordering::SeqCst) == 0 {
            errata[0] = 250;
        }
        (errata, total)
    });
    assert_eq!((end.outcome, sink.records.len()), (FetchOutcome::Ok, 250), "{end:?}");
    let (end, sink, asked) = of_250(|page, mut errata, total| {
        if page == 2 {
            errata[0] = 250;
        }
        (errata, total)
    });
    assert_eq!((end.outcome, end.full_set, sink.records.len()), (FetchOutcome::Incomplete, false, 249), "{end:?}");
    assert!(asked <= 8 && end.owed[0].contains("states 250, and 249 was found"), "{asked} {:?}", end.owed);
}

#[test]
fn a_short_page_is_asked_for_again_and_then_owed() {
    let (end, sink, _) = of_250(|page, mut errata, total| {
        if page == 1 {
            errata.truncate(60);
        }
        (errata, total)
    });
    assert_eq!((end.outcome, end.full_set, sink.records.len()), (FetchOutcome::Incomplete, false, 210), "{end:?}");
}

#[test]
fn pages_without_end_come_to_an_end() {
    let (end, sink, asked) =
        of_250(|page, _, total| ((0..100).map(|at| 250 - ((page - 1) * 100 + at) % 250).collect(), total + page * 200));
    assert_eq!((end.outcome, sink.records.len()), (FetchOutcome::Ok, 250), "the total afterwards is right: {end:?}");
    assert!(asked < 12, "{asked} requests");
}

#[test]
fn another_page_than_was_asked_for_is_no_page() {
    let server = Server::start(|_, _| {
        Reply::new(
            200,
            json!({"total": 300, "page": 1, "size": 100, "advisories":
        (0..100).map(|at| json!({"name": format!("RLSA-2024:{at}")})).collect::<Vec<_>>()})
            .to_string(),
        )
    });
    let end = sync(Kind::RockyLinux, &server.url, None, &mut Counting::default());
    assert_eq!(end.outcome, FetchOutcome::Incomplete);
    assert!(end.owed[0].contains("another page than number 2"), "{:?}", end.owed);
}
