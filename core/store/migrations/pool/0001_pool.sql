-- The ticket pool. What many tickets share is kept once and referred to by number. Times of
-- tickets are seconds since 1970, 0 for none; those of events and takings milliseconds.
-- Whatever changes gets a rev higher than all before, the same for all of one transaction.
-- The references are declared for the doctor's check; a snapshot does not pay for enforcing them.

-- Products, owners, channels, spellings and the names of sources.
CREATE TABLE names (
    no   INTEGER PRIMARY KEY,
    rev  INTEGER NOT NULL,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE sources (
    name    INTEGER PRIMARY KEY REFERENCES names,
    tickets INTEGER NOT NULL, -- how many are kept
    at      INTEGER NOT NULL  -- when the newest snapshot was taken
);

CREATE TABLE customers (
    no     INTEGER PRIMARY KEY,
    rev    INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES names,
    key    TEXT NOT NULL,
    name   TEXT NOT NULL,
    email  TEXT NOT NULL,
    UNIQUE (source, key)
);
CREATE INDEX customers_by_rev ON customers (rev);

-- What the index in memory reads of every ticket comes first. Small facts share one number,
-- because each column costs as much time as a whole row of another table:
-- state = gone | escalated << 1 | status << 2 | priority << 5 | rating << 8 | reopened << 11.
CREATE TABLE tickets (
    no           INTEGER PRIMARY KEY,
    rev          INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    source       INTEGER NOT NULL REFERENCES names,
    product      INTEGER REFERENCES names,
    owner        INTEGER REFERENCES names,
    assigned     INTEGER REFERENCES names,
    raw_status   INTEGER REFERENCES names,
    channel      INTEGER REFERENCES names,
    customer     INTEGER REFERENCES customers,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    first_reply  INTEGER NOT NULL,
    closed       INTEGER NOT NULL,
    subject_key  INTEGER NOT NULL, -- these two sort tickets without their texts; 64 bits without a sign
    number_key   INTEGER NOT NULL,
    text_rev     INTEGER NOT NULL, -- when number, subject or description changed last
    history      TEXT,             -- "at status name;…", NULL while there was one status only
    began        INTEGER NOT NULL, -- since when the first status is known
    raw_priority INTEGER REFERENCES names,
    digest       INTEGER NOT NULL, -- of the texts, so that they need not be read to be compared
    id           TEXT NOT NULL
);
CREATE UNIQUE INDEX tickets_by_key ON tickets (source, id);
CREATE INDEX tickets_by_rev ON tickets (rev);
CREATE INDEX tickets_present ON tickets (source) WHERE state & 1 = 0;

CREATE TABLE texts (
    no          INTEGER PRIMARY KEY REFERENCES tickets,
    number      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    description TEXT NOT NULL
);
CREATE INDEX texts_by_number ON texts (number COLLATE NOCASE);

-- The words of the texts. The sizes of the columns are for ranking, which nobody asks for.
CREATE VIRTUAL TABLE words USING fts5 (
    number, subject, description,
    content = 'texts', content_rowid = 'no', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
-- Words are gathered in memory up to hashsize before they are written as one segment. Segments
-- are merged in small steps after each snapshot and never all at once (automerge, crisismerge),
-- because one post must not wait until the words of a million tickets are written anew.
INSERT INTO words (words, rank) VALUES ('hashsize', 16777216), ('automerge', 0), ('crisismerge', 1999);

CREATE TABLE events (
    seq     INTEGER PRIMARY KEY,
    ticket  INTEGER NOT NULL REFERENCES tickets,
    kind    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    silent  INTEGER NOT NULL,
    was     TEXT NOT NULL,
    became  TEXT NOT NULL
);
CREATE INDEX events_by_ticket ON events (ticket);
CREATE INDEX events_audible ON events (seq) WHERE silent = 0;
