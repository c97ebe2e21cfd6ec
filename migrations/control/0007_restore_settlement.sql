-- Which restore left the directory behind, so that one that a fault interrupted can be finished or taken back while the program runs on.
ALTER TABLE argonauth.scratch_cluster
    ADD COLUMN restore_id text, -- the id of the copy that the restore made
    ADD COLUMN branch_id text;  -- the branch that is restored; NULL in both: left by an earlier version
CREATE INDEX scratch_cluster_restore_idx ON argonauth.scratch_cluster (restore_id);
