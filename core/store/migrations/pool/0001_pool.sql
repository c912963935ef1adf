-- The ticket pool. What many tickets share is kept once and referred to by number.

CREATE TABLE names (
    no   INTEGER PRIMARY KEY,
    rev  INTEGER NOT NULL,
    text TEXT NOT NULL UNIQUE
);
