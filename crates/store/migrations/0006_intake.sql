-- What comes in by hand: reports of own channels, manual watches, and bundles of fetches from across an air gap.

CREATE TABLE report (
    id      INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    owner   TEXT NOT NULL REFERENCES "user" (name), -- as of the last step
    state   TEXT NOT NULL,                          -- as of the last step
    aware   INTEGER NOT NULL,                       -- as corrected last
    entry   INTEGER NOT NULL REFERENCES entry (seq)
) STRICT;

CREATE INDEX report_state ON report (state);

CREATE TABLE report_step (
    entry  INTEGER PRIMARY KEY REFERENCES entry (seq),
    report INTEGER NOT NULL REFERENCES report (id),
    state  TEXT NOT NULL
) STRICT;

CREATE INDEX report_step_report ON report_step (report, entry);

-- Vulnerabilities that a report mentions or turned out to be about.
CREATE TABLE report_vulnerability (
    vulnerability TEXT NOT NULL,
    report        INTEGER NOT NULL REFERENCES report (id),
    PRIMARY KEY (vulnerability, report)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch (
    id       INTEGER PRIMARY KEY,
    supplier TEXT NOT NULL,
    person   TEXT NOT NULL REFERENCES "user" (name),
    entry    INTEGER NOT NULL REFERENCES entry (seq), -- the revision in force
    ended    INTEGER REFERENCES entry (seq)
) STRICT;

CREATE TABLE watch_revision (
    entry INTEGER PRIMARY KEY REFERENCES entry (seq),
    watch INTEGER NOT NULL REFERENCES watch (id)
) STRICT;

CREATE INDEX watch_revision_watch ON watch_revision (watch, entry);

CREATE TABLE watch_look (
    entry INTEGER PRIMARY KEY REFERENCES entry (seq),
    watch INTEGER NOT NULL REFERENCES watch (id),
    found INTEGER NOT NULL
) STRICT;

CREATE INDEX watch_look_watch ON watch_look (watch, entry);

CREATE TABLE bundle (
    entry       INTEGER PRIMARY KEY REFERENCES entry (seq),
    origin      TEXT NOT NULL,    -- verifier key of the other journal
    manifest    BLOB NOT NULL,
    exported    INTEGER NOT NULL,
    first_entry INTEGER NOT NULL, -- of the other journal
    last_entry  INTEGER NOT NULL,
    fetches     INTEGER NOT NULL
) STRICT;

CREATE INDEX bundle_origin ON bundle (origin, entry);

-- Fetches that came in bundles: by which entry of the other journal one bundle joins the next.
CREATE TABLE imported_fetch (
    origin       TEXT NOT NULL,
    source       TEXT NOT NULL,
    origin_entry INTEGER NOT NULL,
    entry        INTEGER NOT NULL REFERENCES entry (seq),
    PRIMARY KEY (origin, source, origin_entry)
) STRICT, WITHOUT ROWID;
