-- What a legacy (Stack-compatible) integration keeps in the branch's database. Apps read neon_auth.users_sync and reference its id;
-- schema stack_auth is the provider's own and no app's business.
CREATE TABLE IF NOT EXISTS neon_auth.users_sync (
    raw_json jsonb NOT NULL,
    id text GENERATED ALWAYS AS (raw_json ->> 'id'::text) STORED NOT NULL,
    name text GENERATED ALWAYS AS (raw_json ->> 'display_name'::text) STORED,
    email text GENERATED ALWAYS AS (raw_json ->> 'primary_email'::text) STORED,
    created_at timestamptz GENERATED ALWAYS AS (to_timestamp(
        trunc(((raw_json ->> 'signed_up_at_millis'::text)::bigint)::double precision) / (1000)::double precision)) STORED,
    updated_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT users_sync_pkey PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS users_sync_deleted_at_idx ON neon_auth.users_sync USING btree (deleted_at);

CREATE TABLE stack_auth.team (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    display_name text NOT NULL,
    profile_image_url text,
    client_metadata jsonb,
    client_read_only_metadata jsonb,
    server_metadata jsonb,
    created_at timestamptz NOT NULL
);

CREATE TABLE stack_auth."user" (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    display_name text,
    profile_image_url text,
    client_metadata jsonb,
    client_read_only_metadata jsonb,
    server_metadata jsonb,
    -- bcrypt: hashes of an earlier provider move over as they are.
    password_hash text,
    otp_auth_enabled boolean NOT NULL DEFAULT false,
    selected_team_id uuid REFERENCES stack_auth.team (id) ON DELETE SET NULL,
    is_anonymous boolean NOT NULL DEFAULT false,
    signed_up_at timestamptz NOT NULL,
    last_active_at timestamptz NOT NULL
);
CREATE INDEX user_signed_up_idx ON stack_auth."user" (signed_up_at, id);
CREATE INDEX user_last_active_idx ON stack_auth."user" (last_active_at, id);
CREATE INDEX user_selected_team_idx ON stack_auth."user" (selected_team_id) WHERE selected_team_id IS NOT NULL;

-- Addresses of people, in lower case. Only an address that somebody signs in with belongs to one person alone.
CREATE TABLE stack_auth.contact_channel (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES stack_auth."user" (id) ON DELETE CASCADE,
    type text NOT NULL DEFAULT 'email' CHECK (type = 'email'),
    value text NOT NULL,
    is_primary boolean NOT NULL DEFAULT false,
    is_verified boolean NOT NULL DEFAULT false,
    used_for_auth boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT contact_channel_user_value_key UNIQUE (user_id, value)
);
CREATE UNIQUE INDEX contact_channel_auth_key ON stack_auth.contact_channel (value) WHERE used_for_auth;
CREATE UNIQUE INDEX contact_channel_primary_key ON stack_auth.contact_channel (user_id) WHERE is_primary;
CREATE INDEX contact_channel_value_idx ON stack_auth.contact_channel (value);

-- A session is a refresh token, kept as a keyed hash.
CREATE TABLE stack_auth.session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES stack_auth."user" (id) ON DELETE CASCADE,
    token_hash text NOT NULL CONSTRAINT session_token_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    is_impersonation boolean NOT NULL DEFAULT false
);
CREATE INDEX session_user_idx ON stack_auth.session (user_id);

-- What a mail carries, kept as keyed hashes: of the whole code, and of all but its first six characters. Wrong guesses at those
-- six count against the row that has the rest.
CREATE TABLE stack_auth.verification_code (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    purpose text NOT NULL,
    code_hash text NOT NULL,
    nonce_hash text NOT NULL CONSTRAINT verification_code_nonce_hash_key UNIQUE,
    user_id uuid REFERENCES stack_auth."user" (id) ON DELETE CASCADE,
    data jsonb NOT NULL DEFAULT '{}',
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX verification_code_user_idx ON stack_auth.verification_code (user_id);
CREATE INDEX verification_code_expires_idx ON stack_auth.verification_code (expires_at);

CREATE TABLE stack_auth.oauth_account (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES stack_auth."user" (id) ON DELETE CASCADE,
    provider_id text NOT NULL,
    account_id text NOT NULL,
    email text,
    created_at timestamptz NOT NULL,
    CONSTRAINT oauth_account_key UNIQUE (provider_id, account_id)
);
CREATE INDEX oauth_account_user_idx ON stack_auth.oauth_account (user_id);

CREATE TABLE stack_auth.team_member (
    team_id uuid NOT NULL REFERENCES stack_auth.team (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES stack_auth."user" (id) ON DELETE CASCADE,
    role text NOT NULL DEFAULT 'team_member' CHECK (role IN ('team_member', 'team_admin')),
    display_name text,
    profile_image_url text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_member_user_idx ON stack_auth.team_member (user_id);

-- As neon_auth.argonauth_mail: written in the transaction that causes the mail, sent after its commit, removed when it is done.
CREATE TABLE stack_auth.argonauth_mail (
    id uuid PRIMARY KEY,
    branch_id text NOT NULL,
    content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_error text
);
CREATE INDEX argonauth_mail_due_idx ON stack_auth.argonauth_mail (next_attempt_at);
