-- Who was asked into a team, and the keyed hash of the code in their mail. The address is in lower case. Used and expired rows stay a while, so
-- that a link says what became of it.
CREATE TABLE stack_auth.team_invitation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id uuid NOT NULL REFERENCES stack_auth.team (id) ON DELETE CASCADE,
    email text NOT NULL,
    code_hash text NOT NULL CONSTRAINT team_invitation_code_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX team_invitation_team_idx ON stack_auth.team_invitation (team_id, created_at);
CREATE INDEX team_invitation_email_idx ON stack_auth.team_invitation (email) WHERE used_at IS NULL;
CREATE INDEX team_invitation_expires_idx ON stack_auth.team_invitation (expires_at);
