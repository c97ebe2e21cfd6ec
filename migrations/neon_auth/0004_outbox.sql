-- What must leave the system: written in the transaction that causes it, sent after its commit, removed when it is done.
-- A row names the branch it was written on: a copy of the branch holds its parent's rows and sends none of them.
CREATE TABLE neon_auth.argonauth_mail (
    id uuid PRIMARY KEY,
    branch_id text NOT NULL,
    -- Which mail, for whom, with which code or link: sealed, for whoever reads it could sign in.
    content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- A mail whose code or link is dead is dropped.
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    -- Not to be touched before: by a claim of the node that sends it, or by the wait after a failure.
    next_attempt_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_error text
);
CREATE INDEX argonauth_mail_due_idx ON neon_auth.argonauth_mail (next_attempt_at);

-- Events for the branch's webhook. Rows stay for a while as the delivery log; `id` is the event id of every attempt.
CREATE TABLE neon_auth.argonauth_webhook_delivery (
    id uuid PRIMARY KEY,
    branch_id text NOT NULL,
    event_type text NOT NULL,
    -- The body exactly as it is signed; blocking events carry codes and links and leave none here.
    body text,
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at timestamptz,
    response_status integer,
    last_error text
);
CREATE INDEX argonauth_webhook_delivery_due_idx ON neon_auth.argonauth_webhook_delivery (next_attempt_at) WHERE state = 'pending';
CREATE INDEX argonauth_webhook_delivery_log_idx ON neon_auth.argonauth_webhook_delivery (created_at DESC);
