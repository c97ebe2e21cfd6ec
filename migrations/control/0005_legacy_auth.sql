-- The earlier Neon Auth (`auth_provider: "stack"`): its users are in the branch's database, the project that the SDKs name is here.

CREATE TABLE argonauth.legacy_integration (
    -- As in auth_integration: what the SDKs call the project id.
    project_uuid uuid PRIMARY KEY,
    -- Requests name the project alone, so it has one.
    project_id text NOT NULL UNIQUE REFERENCES argonauth.project (id) ON DELETE CASCADE,
    branch_id text NOT NULL UNIQUE REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    display_name text NOT NULL,
    transfer_status text CHECK (transfer_status IN ('initiated', 'finished')),
    -- Who took the project over.
    owner_id uuid REFERENCES argonauth.account (id),
    -- Switches of the provider; what is absent has its default (branches/integration_records.hpp).
    config jsonb NOT NULL DEFAULT '{}',
    -- The password in it is sealed with a key derived from the master key, bound to the project.
    email_server jsonb NOT NULL DEFAULT '{"type":"shared"}',
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- A pair of keys; shown once. 224 random bits need no slow hash.
CREATE TABLE argonauth.legacy_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_uuid uuid NOT NULL REFERENCES argonauth.legacy_integration (project_uuid) ON DELETE CASCADE,
    description text NOT NULL,
    publishable_hash text NOT NULL UNIQUE,
    publishable_last_four text NOT NULL,
    secret_hash text NOT NULL UNIQUE,
    secret_last_four text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE INDEX legacy_key_project_idx ON argonauth.legacy_key (project_uuid);

CREATE TABLE argonauth.legacy_domain (
    project_uuid uuid NOT NULL REFERENCES argonauth.legacy_integration (project_uuid) ON DELETE CASCADE,
    domain text NOT NULL,
    handler_path text NOT NULL DEFAULT '/handler',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (project_uuid, domain)
);

CREATE TABLE argonauth.legacy_oauth_provider (
    project_uuid uuid NOT NULL REFERENCES argonauth.legacy_integration (project_uuid) ON DELETE CASCADE,
    id text NOT NULL,
    -- NULL: the operator's own credentials, shared by all.
    client_id text,
    sealed_client_secret text,
    microsoft_tenant_id text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (project_uuid, id),
    CHECK ((client_id IS NULL) = (sealed_client_secret IS NULL))
);

-- Codes of the page that gives a project to somebody; several may be open, the first confirmed wins.
CREATE TABLE argonauth.legacy_transfer (
    code_hash text PRIMARY KEY,
    project_uuid uuid NOT NULL REFERENCES argonauth.legacy_integration (project_uuid) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX legacy_transfer_project_idx ON argonauth.legacy_transfer (project_uuid);

-- Projects that moved from the legacy provider to the newer service of the same branch, with what was said of it.
CREATE TABLE argonauth.legacy_migration (
    project_id text PRIMARY KEY REFERENCES argonauth.project (id) ON DELETE CASCADE,
    branch_id text NOT NULL REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    project_uuid uuid NOT NULL,
    report jsonb NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now()
);
