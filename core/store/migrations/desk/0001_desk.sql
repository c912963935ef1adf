-- Times are milliseconds since 1970 UTC; 0 means never. Months are year*12 + month-1.

-- AUTOINCREMENT: decisions and deliveries outlive their rule, so its id is never given again.
CREATE TABLE rules (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    enabled     INTEGER NOT NULL,
    statuses    TEXT    NOT NULL, -- canonical spellings, separated by commas
    threshold   INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    to_customer INTEGER NOT NULL,
    to_fixed    TEXT    NOT NULL, -- JSON list of addresses
    cap         INTEGER NOT NULL,
    schedule    TEXT    NOT NULL, -- JSON
    on_import   INTEGER NOT NULL,
    baseline_at INTEGER           -- NULL before the rule's first run
) STRICT;

-- core.DefaultRule. It is here, and not in the program, so that a data folder gets it once:
-- whoever deletes it does not get it back.
INSERT INTO rules (name, enabled, statuses, threshold, step, to_customer, to_fixed, cap, schedule, on_import)
VALUES ('Cancelled or returned', 1, 'cancelled, returned', 3, 1, 0, '["support-lead@deskwatch.example"]', 5,
        '{"kind":"monthly","minutes":0,"day":1,"hour":8,"minute":0}', 1);

CREATE TABLE mutes (
    customer TEXT    NOT NULL PRIMARY KEY,
    note     TEXT    NOT NULL,
    until    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerted (
    rule_id  INTEGER NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    customer TEXT    NOT NULL,
    period   INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    mailed   INTEGER NOT NULL,
    PRIMARY KEY (rule_id, customer, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX alerted_customer ON alerted (customer);

CREATE TABLE decisions (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    rule_id   INTEGER NOT NULL,
    rule_name TEXT    NOT NULL,
    customer  TEXT    NOT NULL,
    period    INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    last_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_rule ON decisions (rule_id);
CREATE INDEX decisions_customer ON decisions (customer);

-- The long columns come last: a list reads the short ones only.
CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id   TEXT    NOT NULL UNIQUE, -- a message is queued once, whatever else goes wrong
    rule_id      INTEGER NOT NULL,
    customer     TEXT    NOT NULL,
    period       INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    recipient    TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'held', 'dead')),
    via          TEXT    NOT NULL DEFAULT '',
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_try     INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0, -- while sending; afterwards the lease has lapsed
    last_reply   TEXT    NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL DEFAULT 0,
    sender       TEXT    NOT NULL, -- "": taken from the settings at sending
    dated        INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    html         TEXT    NOT NULL,
    raw          BLOB
) STRICT;
CREATE INDEX deliveries_state ON deliveries (state);
CREATE INDEX deliveries_customer ON deliveries (customer);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY, -- of the group
    value TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    name     TEXT    NOT NULL PRIMARY KEY,
    last_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mappings (
    id     INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with each save: the oldest go first
    header BLOB NOT NULL UNIQUE,              -- SHA-256 of the header's cells
    value  TEXT NOT NULL                      -- JSON
) STRICT;
