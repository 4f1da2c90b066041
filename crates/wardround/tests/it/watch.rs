//! Suppliers without a feed, watched by hand: due, overdue, looked at, changed, ended.

use crate::bed::{Bed, arg, config};

fn bed() -> Bed {
    let bed = Bed::new(&config(""));
    bed.people("2024-01-01T08:00:00Z");
    bed
}

fn add(bed: &Bed, supplier: &str, more: &[&str]) -> String {
    let arguments = ["--at", "2024-01-02T09:00:00Z", "watch", "add", supplier, "--page", "customer portal"];
    bed.ok(&[&arguments[..], &["--why", "bulletins are behind a login", "--as", "anna"], more].concat())
}

#[test]
fn what_is_overdue_is_listed_first_and_a_look_answers_it() {
    let bed = bed();
    let added = add(&bed, "Green Hills Software", &["--person", "ben", "--first-due", "2024-01-31"]);
    assert_eq!(added, "WATCH-1: ben looks at customer portal every 1 month, the first time on 2024-01-31.\n");
    add(&bed, "SEGGER", &["--every", "2 weeks", "--first-due", "2024-01-10", "--component", "embOS"]);
    bed.ok(&["--at", "2024-01-10T23:00:00Z", "watch", "list"]);
    let listed = bed.exits(1, &["--at", "2024-01-12T09:00:00Z", "watch", "list"]);
    let lines: Vec<&str> = listed.lines().skip(1).collect();
    assert!(lines[0].contains("SEGGER") && lines[0].contains("overdue by 2 days"), "{listed}");
    assert!(lines[1].contains("Green Hills") && lines[1].contains("due in 19 days"), "{listed}");

    let looked = bed.ok(&["--at", "2024-01-12T10:00:00Z", "watch", "look", "WATCH-2", "--as", "anna"]);
    assert_eq!(looked, "Recorded. The next look at SEGGER is due on 2024-01-24.\n", "the rhythm does not drift");
    let copy = bed.file("portal.html", "<html>Security bulletin 7</html>");
    let arguments = ["--at", "2024-01-25T10:00:00Z", "watch", "look", "2", "--found", "--copy", &arg(&copy)];
    bed.exits(2, &[&arguments[..], &["--as", "anna"]].concat());
    let looked = bed.ok(&[&arguments[..], &["--note", "Bulletin 7 about embOS", "--as", "anna"]].concat());
    assert!(looked.contains("wardround report add --channel supplier"), "{looked}");
    let list = bed.json(&["--at", "2024-01-26T09:00:00Z", "watch", "list"]);
    assert_eq!(list[1]["last_look"], "2024-01-25 anna, found something");
    assert_eq!(list[1]["next_due"], "2024-02-07");
    bed.ok(&["journal", "verify"]);
}

fn at<'a>(verb: &[&'a str]) -> Vec<&'a str> {
    [&["--at", "2024-01-05T09:00:00Z", "watch"], verb, &["--as", "anna"]].concat()
}

#[test]
fn a_watch_is_changed_and_ended_and_its_history_stays() {
    let bed = bed();
    add(&bed, "QNX", &["--first-due", "2024-01-31"]);
    let changed = bed.ok(&at(&["change", "WATCH-1", "--every", "1 week", "--person", "ben"]));
    assert_eq!(changed, "WATCH-1: ben looks at customer portal every 1 week, counted from 2024-01-12.\n");
    let refused = bed.exits(2, &at(&["change", "WATCH-1", "--person", "ben"]));
    assert!(refused.contains("nothing would be different"), "{refused}");
    let refused = bed.exits(2, &at(&["change", "WATCH-1", "--every", "sometimes"]));
    assert!(refused.contains("as a rhythm"), "{refused}");
    let refused = bed.exits(2, &at(&["change", "WATCH-1", "--first-due", "2024-01-04"]));
    assert!(refused.contains("that is before today, 2024-01-05"), "{refused}");
    bed.ok(&at(&["end", "WATCH-1", "--reason", "The supplier publishes CSAF now."]));
    let refused = bed.exits(2, &at(&["look", "WATCH-1"]));
    assert!(refused.contains("could not change WATCH-1: it has ended"), "{refused}");
    assert!(bed.ok(&["--at", "2024-06-01T00:00:00Z", "watch", "list"]).contains("No supplier is watched by hand."));
    let all = bed.json(&["--at", "2024-06-01T00:00:00Z", "watch", "list", "--all"]);
    assert_eq!(all[0]["standing"], "ended");
}
