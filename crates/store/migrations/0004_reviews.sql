-- Reviews with their signatures, and documents that left the system.

CREATE TABLE review (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    period_start INTEGER NOT NULL,
    period_end   INTEGER NOT NULL,
    state        TEXT NOT NULL,     -- open, concluded, sealed
    record       BLOB,              -- digest of the frozen record, once concluded
    tlp          TEXT,              -- highest mark inside, once concluded
    entry        INTEGER NOT NULL REFERENCES entry (seq),
    concluded    INTEGER REFERENCES entry (seq),
    sealed       INTEGER REFERENCES entry (seq)
) STRICT;

CREATE TABLE review_product (
    product TEXT NOT NULL REFERENCES product (id),
    review  INTEGER NOT NULL REFERENCES review (id),
    PRIMARY KEY (product, review)
) STRICT, WITHOUT ROWID;

CREATE TABLE review_signature (
    review  INTEGER NOT NULL REFERENCES review (id),
    "user"  TEXT NOT NULL REFERENCES "user" (name),
    meaning TEXT NOT NULL,
    entry   INTEGER NOT NULL REFERENCES entry (seq),
    PRIMARY KEY (review, "user")
) STRICT, WITHOUT ROWID;

CREATE TABLE export (
    entry  INTEGER PRIMARY KEY REFERENCES entry (seq),
    kind   TEXT NOT NULL,
    about  TEXT NOT NULL,
    digest BLOB NOT NULL,
    tlp    TEXT NOT NULL
) STRICT;

CREATE INDEX export_about ON export (about, entry);
