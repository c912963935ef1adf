-- The order book. Customer values and status spellings are kept once and referred to by
-- number, because a number is bound, compared and indexed several times faster than a text.
-- The references are declared for the doctor's check; an import does not pay for enforcing them.

CREATE TABLE imports (
    id               INTEGER PRIMARY KEY,
    file             TEXT NOT NULL,
    kind             TEXT NOT NULL,
    at               INT NOT NULL, -- milliseconds since 1970, as undone_at
    undone_at        INT,
    rows             INT NOT NULL DEFAULT 0,
    rejected         INT NOT NULL DEFAULT 0,
    orders_new       INT NOT NULL DEFAULT 0,
    orders_changed   INT NOT NULL DEFAULT 0,
    orders_unchanged INT NOT NULL DEFAULT 0,
    -- The orders.id an import gave out; an order belongs to the import whose range holds its id.
    first_row        INT NOT NULL DEFAULT 0,
    last_row         INT NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE customers (
    id         INTEGER PRIMARY KEY,
    identity   TEXT NOT NULL UNIQUE,
    recognised INT NOT NULL,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL
) STRICT;

CREATE TABLE spellings (
    id     INTEGER PRIMARY KEY,
    status INT NOT NULL, -- core.Status
    raw    TEXT NOT NULL,
    UNIQUE (status, raw)
) STRICT;

CREATE TABLE orders (
    id       INTEGER PRIMARY KEY, -- never used twice, grows with time
    slot     INT NOT NULL, -- customers.id << 25 | core.Month of day << 8 | core.StatusSet
    day      INT NOT NULL, -- core.Day
    spelling INT NOT NULL REFERENCES spellings (id),
    amount   INT,
    lines    INT NOT NULL,
    order_id TEXT NOT NULL -- one row per order id outside of an import's transaction
) STRICT;
CREATE INDEX orders_by_order_id ON orders (order_id);
-- One number for customer, month and statuses is indexed in two thirds of the time three take,
-- and a third of an import is making this index.
CREATE INDEX orders_by_slot ON orders (slot);

-- The lines of an order that came with line ids. They stay here while their order is in replaced.
CREATE TABLE order_lines (
    order_row INT NOT NULL, -- orders.id or replaced.id
    line      TEXT NOT NULL,
    day       INT NOT NULL,
    spelling  INT NOT NULL REFERENCES spellings (id),
    amount    INT,
    PRIMARY KEY (order_row, line)
) STRICT, WITHOUT ROWID;

-- What an import overwrote, to be put back when it is undone.
CREATE TABLE replaced (
    id       INTEGER PRIMARY KEY, -- its former orders.id
    slot     INT NOT NULL,
    day      INT NOT NULL,
    spelling INT NOT NULL REFERENCES spellings (id),
    amount   INT,
    lines    INT NOT NULL,
    order_id TEXT NOT NULL,
    import   INT NOT NULL REFERENCES imports (id)
) STRICT;
CREATE INDEX replaced_by_import ON replaced (import);

-- Customers and months with two or more cancelled or returned orders: the only ones the usual
-- question about breaches has to look at, one in twenty of all.
CREATE TABLE troubled (
    slot_month INTEGER PRIMARY KEY, -- orders.slot >> 8
    orders     INT NOT NULL
) STRICT;

CREATE TABLE clients (
    customer       TEXT NOT NULL PRIMARY KEY, -- customers.identity, which may not be there
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    identification TEXT NOT NULL,
    origin         TEXT NOT NULL,
    created_at     INT NOT NULL
) STRICT;
