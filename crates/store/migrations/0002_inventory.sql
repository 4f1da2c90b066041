-- What is monitored: configuration, users, products, releases, their SBOMs, and the components in them.

CREATE TABLE configuration (
    entry        INTEGER PRIMARY KEY REFERENCES entry (seq),
    file         BLOB NOT NULL,
    organisation TEXT NOT NULL
) STRICT;

CREATE TABLE "user" (
    name          TEXT PRIMARY KEY,
    entry         INTEGER NOT NULL REFERENCES entry (seq),
    printed_name  TEXT NOT NULL,
    roles         TEXT NOT NULL,   -- JSON array
    public_key    TEXT NOT NULL,
    salt          TEXT NOT NULL,
    argon2_memory INTEGER NOT NULL,
    argon2_passes INTEGER NOT NULL,
    argon2_lanes  INTEGER NOT NULL
) STRICT;

CREATE TABLE product (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    configured INTEGER NOT NULL    -- 1 while the configuration in force names it
) STRICT;

CREATE TABLE release (
    id      INTEGER PRIMARY KEY,
    product TEXT NOT NULL REFERENCES product (id),
    version TEXT NOT NULL,
    entry   INTEGER NOT NULL REFERENCES entry (seq),
    UNIQUE (product, version)
) STRICT;

CREATE TABLE sbom_revision (
    id         INTEGER PRIMARY KEY,
    release    INTEGER NOT NULL REFERENCES release (id),
    revision   INTEGER NOT NULL,   -- 1, 2, 3 … per release
    original   BLOB NOT NULL,
    inventory  BLOB NOT NULL,
    components INTEGER NOT NULL,
    current    INTEGER NOT NULL,   -- 1 for the latest of its release
    entry      INTEGER NOT NULL REFERENCES entry (seq),
    UNIQUE (release, revision),
    UNIQUE (release, original)
) STRICT;

CREATE UNIQUE INDEX sbom_revision_current ON sbom_revision (release) WHERE current = 1;

-- One row for each distinct component: its canonical JSON without the reference that one SBOM gives it.
CREATE TABLE component (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    label  TEXT NOT NULL,
    search TEXT NOT NULL,          -- group, name, version and purl in lower case
    body   TEXT NOT NULL
) STRICT;

-- Reverse index: XXH3-64 of a package key, as a signed integer.
CREATE TABLE component_key (
    key_hash  INTEGER NOT NULL,
    component INTEGER NOT NULL REFERENCES component (id),
    PRIMARY KEY (key_hash, component)
) STRICT, WITHOUT ROWID;

CREATE TABLE occurrence (
    sbom_revision INTEGER NOT NULL REFERENCES sbom_revision (id),
    ordinal       INTEGER NOT NULL, -- place in the document, from 0
    component     INTEGER NOT NULL REFERENCES component (id),
    reference     TEXT NOT NULL,
    PRIMARY KEY (sbom_revision, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX occurrence_component ON occurrence (component, sbom_revision);
