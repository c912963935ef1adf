-- Removals are few among the scores, and looked for with every change.
CREATE INDEX scores_removed ON scores (rev) WHERE removed;
