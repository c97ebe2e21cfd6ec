-- Who changed what with an API key or an administrator's rights (ASVS 16.3). Here, where no tenant's role reaches; rows are added, never
-- changed. How long they are kept is the operator's choice: DELETE removes what is old.
CREATE TABLE argonauth.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,    -- `key 7`, `user <id>`, or `user <id> as <id>` while impersonating
    action text NOT NULL,   -- operationId of the API's document
    target text NOT NULL,   -- path of the management API; user id or address of the auth service
    project_id text,
    branch_id text,
    client_address text NOT NULL,
    request_id text NOT NULL
);
CREATE INDEX audit_project_idx ON argonauth.audit (project_id, id);
CREATE INDEX audit_branch_idx ON argonauth.audit (branch_id, id);

CREATE FUNCTION argonauth.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of argonauth.audit are not changed';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE ON argonauth.audit FOR EACH ROW EXECUTE FUNCTION argonauth.refuse_audit_change();
