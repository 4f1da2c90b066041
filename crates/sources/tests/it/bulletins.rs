//! Sharing centres that we play ourselves: what the double does not do.

use std::fs;

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use sources::{End, Kind, Login, Secret, SourceConfig, fetch};

use crate::server::{Asked, Reply, Server};
use crate::sink::{Counting, at, hasty};

fn sync(config: &SourceConfig, cursor: Option<&str>, sink: &mut Counting) -> End {
    sink.begin();
    let (http, _) = hasty();
    let end = fetch(config, cursor, &http, &FixedClock(at("2024-10-09T06:00:00Z")), sink);
    sink.finish(end.full_set);
    end
}

fn config(kind: Kind, url: &str) -> SourceConfig {
    SourceConfig::new(SourceId(kind.name().to_owned()), kind, url.to_owned())
}

const MEDIA: &str = "application/taxii+json;version=2.1";

/// A server that pages by date alone (`more` without `next`), two objects a page.
fn by_date(asked: &Asked, objects: &[(&str, &str)]) -> Reply {
    if asked.header("accept") != Some(MEDIA) {
        return Reply::new(406, r#"{"title":"Not Acceptable"}"#);
    }
    if asked.header("authorization") != Some("Bearer token-1") {
        return Reply::new(401, r#"{"title":"Unauthorized"}"#);
    }
    let (path, query) = asked.target.split_once('?').unwrap_or((asked.target.as_str(), ""));
    match path {
        "/" => Reply::new(
            200,
            r#"{"title":"Root","default":"/root/","api_roots":["/root/","http://elsewhere.example/root/"]}"#,
        ),
        "/root/" => Reply::new(200, r#"{"title":"Root","versions":["application/taxii+json;version=2.1"]}"#),
        "/root/collections/" => Reply::new(
            200,
            r#"{"collections":[{"id":"91a7b528-80eb-42ed-a74d-c6fbd5a26116","title":"Bulletins","can_read":true},{"id":"x","title":"Inbox","can_read":false}]}"#,
        ),
        "/root/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/" => {
            Reply::new(200, r#"{"id":"91a7b528-80eb-42ed-a74d-c6fbd5a26116"}"#)
        }
        "/root/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/objects/" => {
            let after =
                query.split('&').find_map(|part| part.strip_prefix("added_after=")).unwrap_or("").replace("%3A", ":");
            let rest: Vec<_> = objects.iter().filter(|(_, added)| *added > after.as_str()).collect();
            let page: Vec<String> = rest
                .iter()
                .take(2)
                .map(|(id, _)| format!(r#"{{"type":"report","id":"{id}","modified":"2024-10-01T00:00:00Z"}}"#))
                .collect();
            let Some(last) = rest.iter().take(2).next_back() else { return Reply::new(200, "{}") };
            Reply::new(200, format!(r#"{{"more":{},"objects":[{}]}}"#, rest.len() > 2, page.join(",")))
                .header("X-TAXII-Date-Added-First", rest[0].1)
                .header("X-TAXII-Date-Added-Last", last.1)
        }
        "/root/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/manifest/" => {
            let list: Vec<String> = objects
                .iter()
                .map(|(id, added)| {
                    format!(r#"{{"id":"{id}","date_added":"{added}","version":"2024-10-01T00:00:00.000Z"}}"#)
                })
                .collect();
            Reply::new(200, format!(r#"{{"objects":[{}]}}"#, list.join(",")))
        }
        _ => Reply::new(404, ""),
    }
}

const OBJECTS: [(&str, &str); 5] = [
    ("report--1", "2024-10-01T00:00:00.000001Z"),
    ("report--2", "2024-10-02T00:00:00.000002Z"),
    ("report--3", "2024-10-03T00:00:00.000003Z"),
    ("report--4", "2024-10-04T00:00:00.000004Z"),
    ("report--5", "2024-10-05T00:00:00.000005Z"),
];

fn taxii(server: &Server) -> SourceConfig {
    let mut config = config(Kind::Taxii { collection: "Bulletins".to_owned() }, &server.url);
    config.api_key = Some(Secret::new("token-1".to_owned()));
    config
}

#[test]
fn a_server_without_page_tokens_is_read_by_date_with_a_bearer_token() {
    let server = Server::start(|asked, _| by_date(asked, &OBJECTS));
    let mut sink = Counting::default();
    let first = sync(&taxii(&server), None, &mut sink);
    assert_eq!(
        (first.outcome, first.full_set, first.stated, sink.records.len()),
        (FetchOutcome::Ok, true, Some(5), 5),
        "{first:?}"
    );
    assert!(first.checks[0].agrees && !server.asked().iter().any(|asked| asked.target.contains("elsewhere")));
    let second = sync(&taxii(&server), first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, second.full_set), (FetchOutcome::Ok, false), "{second:?}");
    let asked = server.asked();
    let objects = asked.iter().rfind(|asked| asked.target.contains("/objects/")).unwrap();
    assert!(
        objects.target.contains("added_after=2024-10-05T00%3A00%3A00.000005Z"),
        "as it was written: {}",
        objects.target
    );
}

#[test]
fn objects_that_share_a_date_across_pages_are_not_lost() {
    let same = "2024-10-01T00:00:00Z";
    let objects =
        [("report--1", same), ("report--2", same), ("report--3", same), ("report--4", "2024-10-02T00:00:00Z")];
    let server = Server::start(move |asked, _| by_date(asked, &objects));
    let mut sink = Counting::default();
    let end = sync(&taxii(&server), None, &mut sink);
    assert!(
        end.outcome == FetchOutcome::Incomplete && end.owed.iter().any(|owed| owed.contains("report--3")),
        "{end:?}"
    );
    assert!(!end.full_set);
}

#[test]
fn wrong_tokens_and_unknown_collections_are_said_and_not_tried_again() {
    let server = Server::start(|asked, _| by_date(asked, &OBJECTS));
    let mut wrong = taxii(&server);
    wrong.api_key = None;
    let end = sync(&wrong, None, &mut Counting::default());
    assert!(end.outcome == FetchOutcome::Failed && end.owed[0].contains("credentials"), "{end:?}");
    assert_eq!(server.asked().len(), 1);
    for (name, said) in [("nowhere", "there are: Bulletins"), ("Inbox", "may not be read")] {
        let mut other = taxii(&server);
        other.kind = Kind::Taxii { collection: name.to_owned() };
        let end = sync(&other, None, &mut Counting::default());
        assert!(end.outcome == FetchOutcome::Failed && end.owed[0].contains(said), "{end:?}");
    }
}

#[test]
fn a_feed_that_has_moved_past_the_known_entries_is_a_gap_once() {
    let rss = |ids: &[u32]| {
        let items: Vec<String> = ids
            .iter()
            .map(|id| format!("<item><title>t</title><guid>B-{id}</guid><pubDate>Tue, {id:02} Oct 2024 06:00:00 GMT</pubDate></item>"))
            .collect();
        format!("<rss><channel>{}</channel></rss>", items.concat())
    };
    let pages = [rss(&[1, 2]), rss(&[2, 3]), rss(&[7, 8]), rss(&[7, 8]), rss(&[])];
    let server = Server::start(move |_, number| Reply::new(200, pages[number.min(5 - 1)].clone()));
    let feed = config(Kind::NewsFeed, &server.url);
    let mut sink = Counting::default();
    let (mut cursor, mut outcomes) = (None, Vec::new());
    for _ in 0..5 {
        let end = sync(&feed, cursor.as_deref(), &mut sink);
        outcomes.push((end.outcome, end.owed.len()));
        cursor = end.cursor;
    }
    assert_eq!(
        outcomes,
        [
            (FetchOutcome::Ok, 0),
            (FetchOutcome::Ok, 0),
            (FetchOutcome::Incomplete, 1),
            (FetchOutcome::Ok, 0),
            (FetchOutcome::Failed, 1)
        ]
    );
    assert_eq!(sink.records.len(), 5, "what has moved out of the feed is kept");
}

#[test]
fn credentials_of_a_feed_are_sent_and_a_refusal_is_final() {
    let server = Server::start(|asked, _| match asked.header("authorization") {
        Some("Basic bWVtYmVyOnNlY3JldA==") => {
            Reply::new(200, "<rss><channel><item><guid>B-1</guid></item></channel></rss>")
        }
        Some(_) => Reply::new(403, ""),
        None => Reply::new(401, ""),
    });
    let mut feed = config(Kind::NewsFeed, &server.url);
    let login = |password: &str| Some(Login { user: "member".to_owned(), password: Secret::new(password.to_owned()) });
    feed.login = login("secret");
    assert_eq!(sync(&feed, None, &mut Counting::default()).outcome, FetchOutcome::Ok);
    feed.login = login("wrong");
    let end = sync(&feed, None, &mut Counting::default());
    assert!(end.owed[0].contains("credentials"), "{end:?}");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn an_event_that_hashes_csv_describes_otherwise_is_owed() {
    let id = "5a3c1d2e-0000-4000-8000-000000000001";
    let server = Server::start(move |asked, number| match asked.target.as_str() {
        "/feed/manifest.json" => Reply::new(200, format!(r#"{{"{id}":{{"timestamp":"1698321600"}}}}"#)),
        // MD5 of "a" (RFC 1321, appendix A.5).
        "/feed/hashes.csv" => Reply::new(200, format!("0cc175b9c0f1b6a831c399e269772661,{id}\n")),
        _ => {
            let value = if number < 4 { "old" } else { "a" };
            Reply::new(
                200,
                format!(
                    r#"{{"Event":{{"uuid":"{id}","timestamp":"1698321600","Attribute":[{{"type":"text","value":"{value}"}}]}}}}"#
                ),
            )
        }
    });
    let feed = config(Kind::Misp, &format!("{}/feed", server.url));
    let mut sink = Counting::default();
    let first = sync(&feed, None, &mut sink);
    assert!(first.outcome == FetchOutcome::Incomplete && first.owed[0].contains("hashes.csv"), "{first:?}");
    let second = sync(&feed, first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, second.stated, sink.records.len()), (FetchOutcome::Ok, Some(1), 1), "{second:?}");
}

#[test]
fn mails_come_from_a_folder_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let mail = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    mail("1.eml", "From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: CVE-2024-3094\r\n\r\nText\r\n");
    fs::create_dir(folder.path().join("old")).unwrap();
    mail("old/2.eml", "From: a@example.org\r\nMessage-ID: <2@example.org>\r\n\r\nText\r\n");
    mail("notes.txt", "no mail");
    let source = config(Kind::Mail, url::Url::from_directory_path(folder.path()).unwrap().as_str());
    let mut sink = Counting::default();
    let first = sync(&source, None, &mut sink);
    assert_eq!((first.outcome, sink.records.len(), sink.exchanges.len()), (FetchOutcome::Ok, 2, 1), "{first:?}");
    let second = sync(&source, first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, sink.exchanges.len()), (FetchOutcome::Ok, 0));
    mail("3.eml", "From: a@example.org\r\nMessage-ID: <3@example.org>\r\n\r\nText\r\n");
    fs::remove_file(folder.path().join("1.eml")).unwrap();
    let third = sync(&source, second.cursor.as_deref(), &mut sink);
    assert_eq!((third.outcome, sink.records.len(), sink.exchanges.len()), (FetchOutcome::Ok, 3, 1), "{third:?}");
    mail("4.eml", "\0\0 not a mail");
    let fourth = sync(&source, third.cursor.as_deref(), &mut sink);
    assert!(fourth.outcome == FetchOutcome::Failed && fourth.cursor == third.cursor, "{fourth:?}");
    let elsewhere = config(Kind::Mail, "file:///nowhere/at/all");
    assert!(sync(&elsewhere, None, &mut sink).owed[0].contains("no folder of mails"));
}
