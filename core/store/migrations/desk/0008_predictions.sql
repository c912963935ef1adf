-- How likely tickets end badly: the score of every open one, every prediction that was made, how
-- its ticket ended, and of which tickets the desk was warned.

-- AUTOINCREMENT: the id of a ticket that was forgotten is never given to another one.
CREATE TABLE predicted_tickets (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    TEXT    NOT NULL,
    ticket_id TEXT    NOT NULL,
    ticket_no INTEGER NOT NULL, -- in the pool, when it was last predicted
    outcome   INTEGER NOT NULL DEFAULT 0, -- 0 not known, 1 good, 2 bad
    rated     INTEGER NOT NULL DEFAULT 0,
    ended     INTEGER NOT NULL DEFAULT 0, -- 0: it has not
    UNIQUE (source, ticket_id)
) STRICT;
CREATE INDEX predicted_tickets_told ON predicted_tickets (ended) WHERE outcome > 0;

-- AUTOINCREMENT: what goes is the oldest, by the distance from the highest id ever given.
CREATE TABLE predictions (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES predicted_tickets (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    moment TEXT    NOT NULL,
    basis  TEXT    NOT NULL,
    model  INTEGER NOT NULL,
    risk   REAL    NOT NULL -- 0..1
) STRICT;
CREATE INDEX predictions_ticket ON predictions (ticket);

CREATE TABLE scores (
    ticket  INTEGER NOT NULL PRIMARY KEY REFERENCES predicted_tickets (id) ON DELETE CASCADE,
    rev     INTEGER NOT NULL,
    removed INTEGER NOT NULL, -- the ticket is done: kept for a while, so that others notice
    risk    REAL    NOT NULL,
    basis   TEXT    NOT NULL,
    model   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    moment  TEXT    NOT NULL,
    reasons TEXT    NOT NULL, -- JSON
    help    TEXT    NOT NULL  -- JSON
) STRICT;
CREATE INDEX scores_rev ON scores (rev);

CREATE TABLE scores_revision (
    n         INTEGER NOT NULL, -- the highest
    forgotten INTEGER NOT NULL  -- up to this one, removals are not remembered any more
) STRICT;
INSERT INTO scores_revision (n, forgotten) VALUES (0, 0);

CREATE TABLE warnings (
    ticket  INTEGER NOT NULL REFERENCES predicted_tickets (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    left_at INTEGER NOT NULL, -- 0: it is on the list
    told    INTEGER NOT NULL,
    PRIMARY KEY (ticket, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX warnings_at ON warnings (at);
CREATE INDEX warnings_open ON warnings (ticket) WHERE left_at = 0;

-- Who had a mail about tickets at risk today.
CREATE INDEX notices_at_risk ON notices (told) WHERE kind = 'at_risk' AND via = 'mail';
