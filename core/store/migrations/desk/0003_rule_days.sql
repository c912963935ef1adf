-- The window a rule counts orders over: 0 is a calendar month, else so many days in a row.
ALTER TABLE rules ADD COLUMN days INTEGER NOT NULL DEFAULT 0;
