-- Databases that others run, and what the nodes of one installation tell each other.

-- An attached branch's database is reached where its operator says: it has no port of ours, and 0 stands for that.
ALTER TABLE argonauth.endpoint DROP CONSTRAINT endpoint_port_key;
CREATE UNIQUE INDEX endpoint_port_key ON argonauth.endpoint (port) WHERE port > 0;

CREATE TABLE argonauth.attachment (
    branch_id text PRIMARY KEY REFERENCES argonauth.branch (id) ON DELETE CASCADE,
    -- The connection string with its password; sealed with a key derived from the master key, bound to the branch.
    sealed_conninfo text NOT NULL,
    -- What may be shown of it: `host:port`, several with commas, the database, and options such as sslmode=require.
    host text NOT NULL,
    database_name text NOT NULL,
    options text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- One database cannot be two branches: they would share their users.
    UNIQUE (host, database_name)
);

-- A text sealed with the master key. A node whose key does not open it has the wrong key and does not start.
CREATE TABLE argonauth.master_key_check (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    sealed text NOT NULL
);

-- Nodes keep what they know of a branch in memory and listen for its changes. The payload is the branch's id.
CREATE FUNCTION argonauth.notify_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_catalog.pg_notify('argonauth_control', pg_catalog.to_jsonb(OLD) ->> TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_catalog.pg_notify('argonauth_control', pg_catalog.to_jsonb(NEW) ->> TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER notify_change AFTER UPDATE OF state, is_default OR DELETE ON argonauth.branch
    FOR EACH ROW EXECUTE FUNCTION argonauth.notify_change('id');
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OF branch_id, type, disabled, suspend_timeout_seconds OR DELETE ON argonauth.endpoint
    FOR EACH ROW EXECUTE FUNCTION argonauth.notify_change('branch_id');
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON argonauth.auth_integration
    FOR EACH ROW EXECUTE FUNCTION argonauth.notify_change('branch_id');
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON argonauth.attachment
    FOR EACH ROW EXECUTE FUNCTION argonauth.notify_change('branch_id');
