-- Who has moved to the newer auth service of the same database, as what. The ids are the same; the record says so, and what did not fit.
CREATE TABLE stack_auth.migrated_user (
    legacy_id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    -- What the user signs in with. A user without an address, or whose address another user has, gets a placeholder instead.
    address text,
    problem text CHECK (problem IN ('no_email', 'email_taken')),
    verified boolean NOT NULL,
    -- Of all that is copied: whoever changed since is copied again.
    fingerprint text NOT NULL,
    batch bigint NOT NULL,
    migrated_at timestamptz NOT NULL
);
CREATE INDEX migrated_user_batch_idx ON stack_auth.migrated_user (batch);
