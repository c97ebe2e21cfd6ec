-- Branches that are copies of others, that end by themselves, and that people write notes on; keys with less power.

ALTER TABLE argonauth.branch
    -- The directory of its cluster below `branches/`; restoring a branch exchanges it in one transaction. NULL: the branch's id.
    ADD COLUMN cluster text,
    ADD COLUMN init_source text,
    ADD COLUMN parent_timestamp timestamptz,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN ttl_seconds integer,
    ADD COLUMN last_reset_at timestamptz,
    ADD COLUMN restored_from text,
    ADD COLUMN restored_as text,
    -- Annotations: an object of texts; NULL where nobody wrote any.
    ADD COLUMN annotation jsonb;
CREATE INDEX branch_parent_idx ON argonauth.branch (parent_id);
CREATE INDEX branch_expires_idx ON argonauth.branch (expires_at) WHERE expires_at IS NOT NULL;

-- Made with a branch although nobody asked: the first request for an endpoint gets this one.
ALTER TABLE argonauth.endpoint ADD COLUMN implicit boolean NOT NULL DEFAULT false;

-- Directories of clusters that belong to no branch, or not yet: removed at the next start unless a branch names them by then.
CREATE TABLE argonauth.scratch_cluster (
    id text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE argonauth.api_key
    ADD COLUMN project_id text REFERENCES argonauth.project (id) ON DELETE CASCADE,
    ADD COLUMN read_only boolean NOT NULL DEFAULT false;
