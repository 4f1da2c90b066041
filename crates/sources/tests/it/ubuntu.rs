//! Ubuntu's notices from a server of our own: enough of them for many pages, and a listing that moves.

use std::sync::{Arc, Mutex};

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::json;
use sources::{End, Kind, SourceConfig, fetch};

use crate::server::{Asked, Reply, Server};
use crate::sink::{Counting, at, hasty};

/// The listing, oldest first, and how it is disturbed between the requests of a fetch.
#[derive(Default)]
struct Listing {
    ids: Vec<u32>,
    disturb: Option<fn(&mut Vec<u32>, usize)>,
    asked: usize,
}

impl Listing {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let number = self.asked;
        self.asked += 1;
        if let Some(disturb) = self.disturb {
            disturb(&mut self.ids, number);
        }
        let value = |name: &str| {
            let query = asked.target.split_once('?').unwrap().1;
            query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap().to_owned()
        };
        let (offset, limit): (usize, usize) = (value("offset").parse().unwrap(), value("limit").parse().unwrap());
        assert!(limit <= 20 && value("show_hidden") == "true");
        let mut ids = self.ids.clone();
        if value("order") == "newest" {
            ids.reverse();
        }
        let notices: Vec<_> = ids
            .iter()
            .skip(offset)
            .take(limit)
            .map(|id| json!({"id": format!("USN-{id}-1"), "title": "A fix", "release_packages": {}}))
            .collect();
        Reply::new(
            200,
            json!({"notices": notices, "offset": offset, "limit": limit, "total_results": ids.len()}).to_string(),
        )
    }
}

struct Bed {
    listing: Arc<Mutex<Listing>>,
    server: Server,
    sink: Counting,
    cursor: Option<String>,
}

impl Bed {
    fn new(count: u32) -> Self {
        let listing = Arc::new(Mutex::new(Listing { ids: (1..=count).collect(), ..Listing::default() }));
        let shared = Arc::clone(&listing);
        let server = Server::start(move |asked, _| shared.lock().unwrap().answer(asked));
        Self { listing, server, sink: Counting::default(), cursor: None }
    }

    fn sync(&mut self, now: &str) -> End {
        let mut config = SourceConfig::new(SourceId("ubuntu".to_owned()), Kind::Ubuntu, self.server.url.clone());
        config.set_rate_per_30_s(0);
        self.sink.begin();
        let end = fetch(&config, self.cursor.as_deref(), &hasty().0, &FixedClock(at(now)), &mut self.sink);
        self.sink.finish(end.full_set);
        self.cursor.clone_from(&end.cursor);
        end
    }

    fn change(&self, change: impl FnOnce(&mut Listing)) {
        let mut listing = self.listing.lock().unwrap();
        listing.asked = 0;
        change(&mut listing);
    }

    /// Whether what is held is what the listing has.
    fn agrees(&self) -> bool {
        let ids = &self.listing.lock().unwrap().ids;
        ids.len() == self.sink.records.len()
            && ids.iter().all(|id| self.sink.records.contains_key(&format!("USN-{id}-1")))
    }
}

#[test]
fn the_whole_listing_comes_once_and_then_only_what_is_new() {
    let mut bed = Bed::new(95);
    let first = bed.sync("2024-10-09T06:00:00Z");
    assert_eq!((first.outcome, first.full_set, first.stated), (FetchOutcome::Ok, true, Some(95)));
    assert_eq!((first.checks.len(), bed.agrees(), bed.sink.exchanges.len()), (1, true, 5));
    let quiet = bed.sync("2024-10-09T12:00:00Z");
    assert_eq!((quiet.outcome, bed.sink.exchanges.len(), bed.agrees()), (FetchOutcome::Ok, 1, true));
    bed.change(|listing| listing.ids.extend(96..=140));
    let busy = bed.sync("2024-10-10T06:00:00Z");
    assert_eq!((busy.outcome, busy.full_set, bed.agrees(), &busy.owed), (FetchOutcome::Ok, false, true, &Vec::new()));
    assert!(bed.sink.exchanges.len() <= 4, "{}", bed.sink.exchanges.len());
}

#[test]
fn a_total_that_the_newest_notices_do_not_explain_leads_to_the_whole_listing() {
    let mut bed = Bed::new(95);
    bed.sync("2024-10-09T06:00:00Z");
    bed.change(|listing| listing.ids.retain(|id| *id != 7));
    let fewer = bed.sync("2024-10-09T12:00:00Z");
    assert_eq!((fewer.outcome, fewer.full_set, bed.agrees()), (FetchOutcome::Ok, true, true), "{fewer:?}");
    bed.change(|listing| listing.ids.insert(3, 500));
    let inside = bed.sync("2024-10-09T18:00:00Z");
    assert_eq!((inside.outcome, inside.full_set, bed.agrees()), (FetchOutcome::Ok, true, true), "{inside:?}");
    let later = bed.sync("2024-11-20T18:00:00Z");
    assert!(later.full_set && bed.sink.exchanges.len() >= 5, "once in a while everything is read");
}

#[test]
fn a_listing_that_moves_is_never_called_whole_when_it_is_not() {
    let disturbances: [fn(&mut Vec<u32>, usize); 4] = [
        // A notice of the first page moves to the end: all others move up.
        |ids, number| {
            if number == 1 {
                let moved = ids.remove(2);
                ids.push(moved);
            }
        },
        // A notice goes while the third page is asked for.
        |ids, number| {
            if number == 2 {
                ids.remove(0);
            }
        },
        // One comes in at the beginning.
        |ids, number| {
            if number == 2 {
                ids.insert(0, 900);
            }
        },
        // One comes at the end with every request.
        |ids, number| ids.push(1000 + u32::try_from(number).unwrap()),
    ];
    for (number, disturb) in disturbances.into_iter().enumerate() {
        let mut bed = Bed::new(95);
        bed.change(|listing| listing.disturb = Some(disturb));
        let moving = bed.sync("2024-10-09T06:00:00Z");
        assert!(moving.outcome != FetchOutcome::Ok || bed.agrees(), "{number}: {moving:?}");
        assert!(bed.sink.exchanges.len() < 200, "{number}: {}", bed.sink.exchanges.len());
        bed.change(|listing| listing.disturb = None);
        for hour in ["07", "08"] {
            bed.sync(&format!("2024-10-09T{hour}:00:00Z"));
        }
        assert!(bed.agrees(), "{number}");
    }
}
