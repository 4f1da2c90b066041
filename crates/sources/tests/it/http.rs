//! The client against a server that breaks, stalls and lies.

use std::io::Write;
use std::time::Duration;

use domain::clock::FixedClock;
use domain::model::source::Exchange;
use sources::http::{Answer, Failure, Http, Reason, Request, Validators};

use crate::server::{Asked, Reply, Server};
use crate::sink::{at, hasty};

fn get(http: &Http, request: &Request) -> (Result<Answer, Failure>, Vec<Exchange>) {
    let mut noted = Vec::new();
    let answer = http.get(request, &FixedClock(at("2024-10-09T06:00:00Z")), &mut |exchange| noted.push(exchange));
    (answer, noted)
}

fn body(answer: Result<Answer, Failure>) -> Vec<u8> {
    match answer.unwrap() {
        Answer::Body(download) => download.bytes().unwrap(),
        Answer::Unchanged(exchange) => panic!("unchanged: {exchange:?}"),
    }
}

fn request(server: &Server) -> Request {
    Request::new(format!("{}/feed.json", server.url).parse().unwrap(), 1 << 20)
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start(|asked, _| match asked.header("if-none-match") {
        Some("\"v1\"") => Reply::new(304, ""),
        _ => Reply::new(200, "{}").header("ETag", "\"v1\"").header("Last-Modified", "Wed, 09 Oct 2024 05:00:00 GMT"),
    });
    let (http, _) = hasty();
    let Ok(Answer::Body(download)) = get(&http, &request(&server)).0 else { panic!() };
    let validators: Validators = download.validators();
    let (answer, noted) = get(&http, &request(&server).if_changed(Some(&validators)));
    assert!(matches!(answer, Ok(Answer::Unchanged(_))));
    assert_eq!(noted[0].status, 304);
    let asked = server.asked();
    assert!(asked[0].header("user-agent").unwrap().starts_with("wardround/"));
    assert_eq!(asked[1].header("if-modified-since"), Some("Wed, 09 Oct 2024 05:00:00 GMT"));
}

#[test]
fn a_busy_server_is_waited_for_as_long_as_it_asks() {
    let server = Server::start(|_, number| match number {
        0 => Reply::new(429, "").header("Retry-After", "7"),
        1 => Reply::new(503, "")
            .header("Date", "Wed, 09 Oct 2024 06:00:00 GMT")
            .header("Retry-After", "Wed, 09 Oct 2024 06:00:20 GMT"),
        2 => Reply::new(403, ""),
        _ => Reply::new(200, "{}"),
    });
    let (http, sleeper) = hasty();
    let (answer, noted) = get(&http, &request(&server));
    assert_eq!(body(answer), b"{}");
    assert_eq!(noted.iter().map(|exchange| exchange.status).collect::<Vec<_>>(), [429, 503, 403]);
    assert_eq!(sleeper.waits()[..2], [Duration::from_secs(7), Duration::from_secs(20)]);
}

#[test]
fn a_server_that_asks_for_a_day_is_not_waited_for() {
    let server = Server::start(|_, _| Reply::new(503, "").header("Retry-After", "86400"));
    let (http, sleeper) = hasty();
    assert!(get(&http, &request(&server)).0.is_err());
    assert!(sleeper.waits().is_empty() && server.asked().len() == 1);
}

#[test]
fn what_is_missing_is_asked_for_once_and_what_fails_four_times() {
    let missing = Server::start(|_, _| Reply::new(404, "").header("message", "Invalid lastModStartDate"));
    let (http, _) = hasty();
    let failure = get(&http, &request(&missing)).0.unwrap_err();
    assert!(failure.is_absence() && failure.to_string().contains("Invalid lastModStartDate"), "{failure}");
    assert_eq!(missing.asked().len(), 1);
    let failing = Server::start(|_, _| Reply::new(500, ""));
    let failure = get(&http, &request(&failing)).0.unwrap_err();
    assert!(failure.to_string().ends_with("answered 500 Internal Server Error, 4 times"), "{failure}");
}

const LONG: &[u8] = b"0123456789abcdefghij";

#[test]
fn a_broken_transfer_goes_on_where_it_ended() {
    let server = Server::start(|asked, _| match (asked.header("range"), asked.header("if-range")) {
        (None, None) => Reply::new(200, &LONG[..8]).header("ETag", "\"v1\"").stating_length(LONG.len()),
        (Some("bytes=8-"), Some("\"v1\"")) => Reply::new(206, &LONG[8..]).header("Content-Range", "bytes 8-19/20"),
        other => panic!("{other:?}"),
    });
    let (http, _) = hasty();
    let (answer, _) = get(&http, &request(&server).resumable());
    let Ok(Answer::Body(download)) = answer else { panic!() };
    assert_eq!((download.bytes().unwrap(), download.exchange.bytes), (LONG.to_vec(), 20));
}

#[test]
fn a_file_that_changed_in_between_is_begun_anew() {
    let server = Server::start(|_, number| match number {
        0 => Reply::new(200, "old old old").header("ETag", "\"v1\"").stating_length(50),
        _ => Reply::new(200, LONG).header("ETag", "\"v2\""),
    });
    let (http, _) = hasty();
    assert_eq!(body(get(&http, &request(&server).resumable()).0), LONG);
    let wrong_part = Server::start(|asked, number| match asked.header("range") {
        Some(_) => Reply::new(206, &LONG[5..]).header("Content-Range", "bytes 5-19/20"),
        None if number == 0 => Reply::new(200, &LONG[..8]).header("ETag", "\"v1\"").stating_length(LONG.len()),
        None => Reply::new(200, LONG),
    });
    assert_eq!(body(get(&http, &request(&wrong_part).resumable()).0), LONG);
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_content_coding_is_undone_within_limits() {
    let fine = Server::start(|_, _| {
        Reply::new(200, [gzipped(b"{}"), b"garbage".to_vec()].concat()).header("Content-Encoding", "gzip")
    });
    let (http, _) = hasty();
    assert_eq!(body(get(&http, &request(&fine)).0), b"{}");
    assert_eq!(fine.asked()[0].header("accept-encoding"), Some("gzip"));
    let bomb = Server::start(|_, _| Reply::new(200, gzipped(&vec![0; 4 << 20])).header("Content-Encoding", "gzip"));
    let failure = get(&http, &request(&bomb)).0.unwrap_err();
    assert!(matches!(failure.reason, Reason::TooLarge { .. }), "{failure}");
    assert_eq!(bomb.asked().len(), 1);
    let cut = Server::start(|_, _| Reply::new(200, &gzipped(LONG)[..20]).header("Content-Encoding", "gzip"));
    assert!(matches!(get(&http, &request(&cut)).0.unwrap_err().reason, Reason::Broken(_)));
}

#[test]
fn a_redirect_leads_neither_in_circles_nor_to_a_stranger() {
    let (http, _) = hasty();
    let trap = Server::start(|_, _| Reply::new(200, "planted"));
    let target = trap.url.clone();
    let leading = Server::start(move |asked, _| match asked.target.as_str() {
        "/feed.json" => Reply::new(302, "").header("Location", &format!("{target}/planted.json")),
        "/loop" => Reply::new(302, "").header("Location", "/loop"),
        "/here" => Reply::new(301, "").header("Location", "there"),
        _ => Reply::new(200, "{}"),
    });
    let failure = get(&http, &request(&leading)).0.unwrap_err();
    assert!(failure.to_string().contains(&trap.url), "{failure}");
    assert!(trap.asked().is_empty());
    let place = |path: &str| Request::new(format!("{}{path}", leading.url).parse().unwrap(), 100);
    assert!(matches!(get(&http, &place("/loop")).0.unwrap_err().reason, Reason::Redirect(_)));
    let (answer, noted) = get(&http, &place("/here"));
    assert_eq!((body(answer), noted[0].status), (b"{}".to_vec(), 301));
}

#[test]
fn a_key_goes_to_its_own_host_and_into_no_record() {
    let server = Server::start(|_: &Asked, _| Reply::new(404, ""));
    let mut request = request(&server);
    request.secret = Some(("apiKey", sources::Secret::new("0000-secret".to_owned())));
    let (http, _) = hasty();
    let (answer, noted) = get(&http, &request);
    assert_eq!(server.asked()[0].header("apikey"), Some("0000-secret"));
    let told = format!("{noted:?} {} {request:?}", answer.unwrap_err());
    assert!(!told.contains("0000-secret"), "{told}");
}

#[test]
fn a_published_rate_is_kept() {
    let server = Server::start(|_, _| Reply::new(200, "{}"));
    let mut request = request(&server);
    request.rate_per_30_s = Some(2);
    let (http, sleeper) = hasty();
    for _ in 0..5 {
        assert_eq!(body(get(&http, &request).0), b"{}");
    }
    let waits = sleeper.waits();
    assert_eq!(waits.len(), 4, "each request but the first waits for its place: {waits:?}");
    assert!(waits.windows(2).all(|two| two[0] + two[1] > Duration::from_secs(30)), "never three in 30 s: {waits:?}");
}

#[test]
fn a_limiter_that_names_no_time_is_given_a_whole_window() {
    let server = Server::start(|_, before| if before < 2 { Reply::new(403, "") } else { Reply::new(200, "{}") });
    let mut request = request(&server);
    request.rate_per_30_s = Some(1_000);
    let (http, sleeper) = hasty();
    assert_eq!(body(get(&http, &request).0), b"{}");
    let longest = sleeper.waits().into_iter().max().unwrap_or_default();
    assert!(longest > Duration::from_secs(30), "{:?}", sleeper.waits());
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let (http, _) = hasty();
    let failure = get(&http, &Request::new("http://user:pass@127.0.0.1:1/x".parse().unwrap(), 10)).0.unwrap_err();
    let told = failure.to_string();
    assert!(told.starts_with("http://127.0.0.1:1/x could not be read"), "{told}");
}
