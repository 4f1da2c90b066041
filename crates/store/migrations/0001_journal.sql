-- The journal: what was observed and decided, in order, as a Merkle tree with signed heads.
-- Entries are the truth; every table of the later migrations is a projection of them.

CREATE TABLE identity (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    origin       TEXT NOT NULL,    -- name of the log and of the key that signs its heads
    verifier_key TEXT NOT NULL,    -- public half of that key, as C2SP writes it
    projection   INTEGER NOT NULL  -- version of the projection that wrote the tables
) STRICT;

CREATE TABLE entry (
    seq   INTEGER PRIMARY KEY,     -- from 0 without holes
    at    INTEGER NOT NULL,        -- microseconds since 1970, rounded down; exact in the body
    actor TEXT NOT NULL,
    kind  TEXT NOT NULL,
    body  TEXT NOT NULL,           -- canonical JSON of the entry: the data of the leaf
    leaf  BLOB NOT NULL            -- SHA-256(0x00 || body)
) STRICT;

CREATE INDEX entry_at ON entry (at);
CREATE INDEX entry_kind ON entry (kind, seq);

-- Inner nodes of complete subtrees; the leaves are in entry.
CREATE TABLE tree_node (
    level    INTEGER NOT NULL CHECK (level > 0),
    position INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tree_head (
    size INTEGER PRIMARY KEY,      -- entries covered
    root BLOB NOT NULL,
    note TEXT NOT NULL             -- signed note (C2SP tlog-checkpoint)
) STRICT;

-- Against slips, not against attackers: those are found by `journal verify`.
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal entry is never removed'); END;

CREATE TRIGGER tree_head_is_never_changed BEFORE UPDATE ON tree_head
BEGIN SELECT RAISE(ABORT, 'a signed tree head is never changed'); END;

CREATE TRIGGER tree_head_is_never_removed BEFORE DELETE ON tree_head
BEGIN SELECT RAISE(ABORT, 'a signed tree head is never removed'); END;
