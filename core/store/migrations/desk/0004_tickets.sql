-- What people say of tickets and customers, the sources tickets come from, and who is told of them.

CREATE TABLE attention (
    source    TEXT    NOT NULL,
    ticket_id TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    comment   TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER NOT NULL, -- 0: until taken back
    PRIMARY KEY (source, ticket_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tough_flags (
    source      TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    tough       INTEGER NOT NULL,
    note        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    until       INTEGER NOT NULL, -- 0: until taken back
    PRIMARY KEY (source, customer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_links (
    source         TEXT    NOT NULL,
    customer_id    TEXT    NOT NULL,
    order_customer TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('sure', 'proposed', 'made', 'refused')),
    basis          TEXT    NOT NULL,
    confidence     INTEGER NOT NULL,
    why            TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    PRIMARY KEY (source, customer_id, order_customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_filters (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    sort TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- No reference from the states to the sources: a file, or a collector's post, has a state
-- without being set up.
CREATE TABLE sources (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE source_states (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE, -- the name without case, as people tell names apart
    value    TEXT NOT NULL         -- JSON, all but id and name
) STRICT;

-- AUTOINCREMENT: what goes is the oldest, by the distance from the highest id ever given.
CREATE TABLE notices (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    person    TEXT    NOT NULL, -- "": whoever sits at the desk
    via       TEXT    NOT NULL, -- 'desktop', 'mail', or '': nobody could be reached
    ticket_no INTEGER NOT NULL,
    source    TEXT    NOT NULL,
    ticket_id TEXT    NOT NULL,
    number    TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    rank      INTEGER NOT NULL,
    told      INTEGER NOT NULL DEFAULT 0,
    how       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX notices_ticket ON notices (source, ticket_id, kind, person, via, at);
CREATE INDEX notices_no ON notices (ticket_no);
CREATE INDEX notices_waiting ON notices (via, rank DESC, id) WHERE told = 0;

-- How far a stream was followed.
CREATE TABLE positions (
    name TEXT    NOT NULL PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
