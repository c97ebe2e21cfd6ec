-- The branch's auth settings: one row, copied with the branch. A change by SQL takes effect at once through the trigger below.
CREATE TABLE neon_auth.project_config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    endpoint_id text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    trusted_origins jsonb NOT NULL DEFAULT '[]',
    social_providers jsonb NOT NULL DEFAULT '[]',
    email_provider jsonb DEFAULT '{"type":"shared"}',
    email_and_password jsonb DEFAULT '{"enabled":true,"disableSignUp":false,"emailVerificationMethod":"otp","requireEmailVerification":false,"autoSignInAfterVerification":true,"sendVerificationEmailOnSignIn":false,"sendVerificationEmailOnSignUp":false}',
    allow_localhost boolean NOT NULL DEFAULT true,
    plugin_configs jsonb DEFAULT '{"magicLink":{"enabled":false,"config":{"expiresIn":5,"disableSignUp":false}},"phoneNumber":{"enabled":false,"config":{"otp_expires_in":300,"allowed_attempts":3}},"organization":{"enabled":true,"config":{"creatorRole":"owner","membershipLimit":100,"organizationLimit":10,"sendInvitationEmail":false}}}',
    webhook_config jsonb DEFAULT '{"enabled":false,"enabledEvents":[],"timeoutSeconds":5}',
    -- What hosted Neon has no setting for; docs/configuration.md lists the members.
    advanced jsonb NOT NULL DEFAULT '{}'
);

CREATE FUNCTION neon_auth.argonauth_notify_settings() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('argonauth_settings', '');
    RETURN NULL;
END $$;

CREATE TRIGGER argonauth_notify_settings AFTER INSERT OR UPDATE OR DELETE ON neon_auth.project_config
    FOR EACH STATEMENT EXECUTE FUNCTION neon_auth.argonauth_notify_settings();
-- Signing keys are cached as well.
CREATE TRIGGER argonauth_notify_keys AFTER INSERT OR UPDATE OR DELETE ON neon_auth.jwks
    FOR EACH STATEMENT EXECUTE FUNCTION neon_auth.argonauth_notify_settings();
