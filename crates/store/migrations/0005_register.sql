-- The source register with its approvals, and the ledger of gaps.

-- A fetch with all that states, gaps and timelines need of it, so that none of them reads whole entries.
DROP TABLE "fetch";

CREATE TABLE "fetch" (
    entry          INTEGER PRIMARY KEY REFERENCES entry (seq),
    source         TEXT NOT NULL,
    finished       INTEGER NOT NULL, -- microseconds since 1970, as all times here
    outcome        TEXT NOT NULL,
    good           INTEGER NOT NULL, -- 1: it ended well, and its data were within their own limit
    live           INTEGER NOT NULL,
    stated         INTEGER,
    data_timestamp INTEGER,
    newest         INTEGER,
    cursor         TEXT,
    full_set       INTEGER NOT NULL,
    seen           INTEGER NOT NULL,
    new            INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    unchanged      INTEGER NOT NULL,
    withdrawn      INTEGER NOT NULL,
    quarantined    INTEGER NOT NULL,
    checks         INTEGER NOT NULL, -- statements of the provider that were checked
    checks_agreed  INTEGER NOT NULL,
    owed           TEXT NOT NULL,    -- in short
    knowledge      BLOB NOT NULL
) STRICT;

CREATE INDEX fetch_source ON "fetch" (source, entry);
CREATE INDEX fetch_outcome ON "fetch" (source, outcome, entry);
CREATE INDEX fetch_good ON "fetch" (source, good, entry);
CREATE INDEX fetch_source_finished ON "fetch" (source, finished);
CREATE INDEX fetch_finished ON "fetch" (finished);

-- Every revision of every source's controlled record.
CREATE TABLE source_record (
    entry            INTEGER PRIMARY KEY REFERENCES entry (seq),
    source           TEXT NOT NULL,
    revision         INTEGER NOT NULL,
    change           TEXT NOT NULL,    -- added, changed, retired
    at               INTEGER NOT NULL,
    every_hours      INTEGER NOT NULL,
    fresh_hours      INTEGER NOT NULL,
    data_fresh_hours INTEGER,
    UNIQUE (source, revision)
) STRICT;

CREATE TABLE source_approval (
    entry       INTEGER PRIMARY KEY REFERENCES entry (seq),
    source      TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    person      TEXT NOT NULL REFERENCES "user" (name),
    next_review TEXT NOT NULL,         -- a day
    FOREIGN KEY (source, revision) REFERENCES source_record (source, revision)
) STRICT;

CREATE INDEX source_approval_source ON source_approval (source, entry);

CREATE TABLE source_gap (
    number        INTEGER PRIMARY KEY REFERENCES entry (seq), -- the entry that found it
    source        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    start         INTEGER NOT NULL,
    found         INTEGER NOT NULL,
    cause         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,    -- fetches in it that were not good
    limit_hours   INTEGER NOT NULL,
    closed        INTEGER,
    closing_entry INTEGER REFERENCES entry (seq),
    reach         TEXT,                -- how the closing fetch reaches back
    checks        INTEGER              -- statements of the provider that agreed with it
) STRICT;

CREATE INDEX source_gap_source ON source_gap (source, number);
CREATE UNIQUE INDEX source_gap_open ON source_gap (source) WHERE closing_entry IS NULL;

CREATE TABLE gap_review (
    entry INTEGER PRIMARY KEY REFERENCES entry (seq),
    gap   INTEGER NOT NULL REFERENCES source_gap (number)
) STRICT;

CREATE INDEX gap_review_gap ON gap_review (gap, entry);
