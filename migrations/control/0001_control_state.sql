-- Everything that belongs to the operator: what exists, who may manage it, and what was done to it.
-- The schema itself exists already: the migration table lives in it.

-- The operator. One row today; keys and projects refer to it so that more can come.
CREATE TABLE argonauth.account (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE argonauth.project (
    id text PRIMARY KEY,
    name text NOT NULL,
    region_id text NOT NULL,
    pg_version integer NOT NULL,
    owner_id uuid NOT NULL REFERENCES argonauth.account (id),
    store_passwords boolean NOT NULL DEFAULT true,
    history_retention_seconds integer NOT NULL DEFAULT 86400,
    settings jsonb NOT NULL DEFAULT '{}',
    default_endpoint_settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE argonauth.branch (
    id text PRIMARY KEY,
    project_id text NOT NULL REFERENCES argonauth.project (id) ON DELETE CASCADE,
    parent_id text REFERENCES argonauth.branch (id),
    name text NOT NULL,
    state text NOT NULL CHECK (state IN ('init', 'ready', 'deleting')),
    is_default boolean NOT NULL DEFAULT false,
    protected boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    state_changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, name)
);
CREATE UNIQUE INDEX branch_default_idx ON argonauth.branch (project_id) WHERE is_default;

CREATE TABLE argonauth.endpoint (
    id text PRIMARY KEY,
    project_id text NOT NULL REFERENCES argonauth.project (id) ON DELETE CASCADE,
    branch_id text NOT NULL REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    type text NOT NULL DEFAULT 'read_write' CHECK (type IN ('read_write', 'read_only')),
    name text,
    -- The TCP port on which users reach the branch's database; kept for the endpoint's life.
    port integer NOT NULL UNIQUE,
    -- 0 means the program's default, -1 never.
    suspend_timeout_seconds integer NOT NULL DEFAULT 0,
    disabled boolean NOT NULL DEFAULT false,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX endpoint_branch_idx ON argonauth.endpoint (branch_id);

CREATE TABLE argonauth.role (
    branch_id text NOT NULL REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    name text NOT NULL,
    -- Sealed with a key derived from the master key, bound to branch and role.
    sealed_password text,
    protected boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch_id, name)
);

CREATE TABLE argonauth.database (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id text NOT NULL REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    name text NOT NULL,
    owner_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (branch_id, name)
);

CREATE TABLE argonauth.auth_integration (
    branch_id text PRIMARY KEY REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    auth_provider text NOT NULL,
    auth_provider_project_id uuid NOT NULL DEFAULT gen_random_uuid(),
    database_name text NOT NULL,
    owned_by text NOT NULL DEFAULT 'neon' CHECK (owned_by IN ('neon', 'user')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Outlives what it tells of: clients poll an operation after the project is gone.
CREATE TABLE argonauth.operation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id text NOT NULL,
    branch_id text,
    endpoint_id text,
    action text NOT NULL,
    status text NOT NULL,
    error text,
    failures_count integer NOT NULL DEFAULT 0,
    total_duration_ms integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operation_project_idx ON argonauth.operation (project_id, created_at DESC, id);

CREATE TABLE argonauth.api_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    -- SHA-256 of the key: 256 random bits need no slow hash.
    key_hash text NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES argonauth.account (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    last_used_from_addr text NOT NULL DEFAULT '',
    revoked_at timestamptz
);
