-- What monitoring brought: sources, fetches, bulletins, runs, findings, candidates, and what people decided about them.

CREATE TABLE source (
    id             TEXT PRIMARY KEY,
    family         TEXT NOT NULL,
    url            TEXT NOT NULL,
    why            TEXT NOT NULL,
    every_hours    INTEGER NOT NULL,
    fresh_hours    INTEGER NOT NULL,
    shrink_percent INTEGER NOT NULL,
    configured     INTEGER NOT NULL -- 1 while the configuration in force names it
) STRICT;

CREATE TABLE "fetch" (
    entry          INTEGER PRIMARY KEY REFERENCES entry (seq),
    source         TEXT NOT NULL,
    finished       INTEGER NOT NULL, -- microseconds since 1970, as all times here
    outcome        TEXT NOT NULL,
    live           INTEGER NOT NULL,
    stated         INTEGER,
    data_timestamp INTEGER,
    newest         INTEGER,
    cursor         TEXT,
    knowledge      BLOB NOT NULL
) STRICT;

CREATE INDEX fetch_source ON "fetch" (source, entry);
CREATE INDEX fetch_outcome ON "fetch" (source, outcome, entry);
CREATE INDEX fetch_finished ON "fetch" (finished);

CREATE TABLE held_acceptance (
    entry  INTEGER PRIMARY KEY REFERENCES entry (seq),
    source TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX held_acceptance_source ON held_acceptance (source, entry);

CREATE TABLE bulletin (
    number   INTEGER PRIMARY KEY,
    file     BLOB NOT NULL,
    provider TEXT NOT NULL,
    title    TEXT NOT NULL,
    tlp      TEXT NOT NULL,
    received INTEGER NOT NULL,
    entry    INTEGER NOT NULL REFERENCES entry (seq)
) STRICT;

CREATE INDEX bulletin_received ON bulletin (received);

CREATE TABLE run (
    id        INTEGER PRIMARY KEY,
    started   INTEGER NOT NULL,
    finished  INTEGER NOT NULL,
    matcher   TEXT NOT NULL,
    knowledge BLOB NOT NULL,
    changes   BLOB NOT NULL,
    entry     INTEGER NOT NULL REFERENCES entry (seq)
) STRICT;

CREATE INDEX run_finished ON run (finished);

CREATE TABLE run_release (
    release       INTEGER NOT NULL REFERENCES release (id),
    run           INTEGER NOT NULL REFERENCES run (id),
    sbom_revision INTEGER NOT NULL,
    components    INTEGER NOT NULL,
    unidentified  INTEGER NOT NULL,
    PRIMARY KEY (release, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    id              INTEGER PRIMARY KEY,
    release         INTEGER NOT NULL REFERENCES release (id),
    component       INTEGER NOT NULL REFERENCES component (id),
    component_label TEXT NOT NULL,
    vulnerability   TEXT NOT NULL,
    present         INTEGER NOT NULL,
    gone_why        TEXT,
    state           TEXT NOT NULL,  -- work state, from the latest assessment and reopening
    title           TEXT NOT NULL,
    score_tenths    INTEGER,
    confidence      TEXT NOT NULL,
    known_exploited TEXT,
    epss_millionths INTEGER,
    first_run       INTEGER NOT NULL REFERENCES run (id),
    last_run        INTEGER NOT NULL REFERENCES run (id), -- the last that changed it
    body            TEXT NOT NULL   -- canonical JSON of the match
) STRICT;

CREATE INDEX finding_release ON finding (release, present);
CREATE INDEX finding_component ON finding (component);
CREATE INDEX finding_vulnerability ON finding (vulnerability);
CREATE INDEX finding_state ON finding (state);

-- XXH3-64 of every name of the vulnerability, as a signed integer.
CREATE TABLE finding_name (
    name_hash INTEGER NOT NULL,
    finding   INTEGER NOT NULL REFERENCES finding (id),
    PRIMARY KEY (name_hash, finding)
) STRICT, WITHOUT ROWID;

CREATE TABLE candidate (
    release         INTEGER NOT NULL REFERENCES release (id),
    component       INTEGER NOT NULL REFERENCES component (id),
    vulnerability   TEXT NOT NULL,
    component_label TEXT NOT NULL,
    present         INTEGER NOT NULL,
    first_run       INTEGER NOT NULL REFERENCES run (id),
    last_run        INTEGER NOT NULL REFERENCES run (id),
    body            TEXT NOT NULL,
    PRIMARY KEY (release, component, vulnerability)
) STRICT;

-- Every change of every run, as listed in the archived object. Either a finding, or what a candidate is named by.
CREATE TABLE change (
    run           INTEGER NOT NULL REFERENCES run (id),
    ordinal       INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    finding       INTEGER REFERENCES finding (id),
    release       INTEGER REFERENCES release (id),
    component     INTEGER REFERENCES component (id),
    vulnerability TEXT,
    detail        TEXT NOT NULL,    -- JSON array of sentences
    PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_finding ON change (finding, run);

CREATE TABLE assessment (
    entry    INTEGER PRIMARY KEY REFERENCES entry (seq),
    finding  INTEGER NOT NULL REFERENCES finding (id),
    status   TEXT NOT NULL,
    by       TEXT NOT NULL REFERENCES "user" (name),
    approved INTEGER REFERENCES entry (seq),
    body     TEXT NOT NULL          -- canonical JSON of the assessment with its approval
) STRICT;

CREATE INDEX assessment_finding ON assessment (finding, entry);

CREATE TABLE reopening (
    run     INTEGER NOT NULL REFERENCES run (id),
    ordinal INTEGER NOT NULL,       -- of the change
    finding INTEGER NOT NULL REFERENCES finding (id),
    reason  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    entry   INTEGER NOT NULL REFERENCES entry (seq),
    PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX reopening_finding ON reopening (finding, entry);
