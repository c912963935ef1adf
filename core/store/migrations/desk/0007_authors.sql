-- Who acknowledged, snoozed or flagged: the name of a user; "" is the owner of the data folder.
ALTER TABLE attention ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE tough_flags ADD COLUMN author TEXT NOT NULL DEFAULT '';
