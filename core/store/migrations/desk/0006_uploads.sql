-- What collectors posted, and what became of it.

-- AUTOINCREMENT: what goes is the oldest, by the distance from the highest id ever given.
CREATE TABLE uploads (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    user     TEXT    NOT NULL,
    address  TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    status   INTEGER NOT NULL,
    reason   TEXT    NOT NULL, -- "": accepted
    agent    TEXT    NOT NULL,
    document TEXT    NOT NULL, -- the name of the file it is kept aside in; "": it is not
    counts   TEXT    NOT NULL  -- JSON
) STRICT;
CREATE INDEX uploads_accepted ON uploads (id) WHERE status = 200;
