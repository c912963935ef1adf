-- Who is known to the desk: the people that are told of tickets become users, who may sign in.

-- AUTOINCREMENT: the id of somebody who was removed is never given again, for a signed token
-- may still name it.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL UNIQUE, -- the name without case, as people tell names apart
    display_name  TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('admin', 'lead', 'engineer', 'collector')),
    active        INTEGER NOT NULL,
    password_hash TEXT    NOT NULL, -- '': they cannot sign in
    generation    INTEGER NOT NULL, -- grows when everything signed before has to end
    created       INTEGER NOT NULL,
    last_sign_in  INTEGER NOT NULL,
    value         TEXT    NOT NULL  -- JSON: products, owners, mail, quiet
) STRICT;

INSERT INTO users (id, name, name_key, display_name, email, role, active, password_hash, generation, created, last_sign_in, value)
SELECT id, name, name_key, '', coalesce(value ->> 'email', ''), CASE value ->> 'role' WHEN 'lead' THEN 'lead' ELSE 'engineer' END, 1, '', 1, 0, 0,
       json_remove(value, '$.id', '$.name', '$.email', '$.role')
FROM people;
DROP TABLE people;

CREATE TABLE tokens (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name      TEXT    NOT NULL,
    start     TEXT    NOT NULL,
    hash      BLOB    NOT NULL UNIQUE,
    scopes    TEXT    NOT NULL, -- JSON
    created   INTEGER NOT NULL,
    expires   INTEGER NOT NULL, -- 0: never
    last_used INTEGER NOT NULL,
    revoked   INTEGER NOT NULL  -- 0: it is not
) STRICT;
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE ended_sessions (
    session TEXT    NOT NULL PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Grows with every change of a user, a token or an ended session, so that other processes notice.
CREATE TABLE users_revision (
    n INTEGER NOT NULL
) STRICT;
INSERT INTO users_revision (n) VALUES (1);
