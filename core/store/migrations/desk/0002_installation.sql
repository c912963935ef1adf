-- The data folder's own id. It is made here, where the write lock is held: of several programs
-- that open a new folder at once each would else make its own, and the same alert would have
-- other Message-IDs in each.
INSERT OR IGNORE INTO settings (name, value) VALUES ('installation', json_object('id', hex(randomblob(16))));
