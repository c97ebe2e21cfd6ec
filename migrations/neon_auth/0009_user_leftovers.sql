-- Whoever removes a user, and be it with SQL: links and codes under way go along. Sessions and accounts do by their foreign keys.
-- As the schema's owner, for who may remove users need not be able to read codes.
CREATE FUNCTION neon_auth.argonauth_forget_users() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Two statements, each a hash join: many users may go at once.
    DELETE FROM neon_auth.verification WHERE value IN (SELECT id::text FROM gone);
    DELETE FROM neon_auth.verification WHERE identifier IN (
        SELECT purpose || email FROM gone, (VALUES ('sign-in-otp-'), ('email-verification-otp-'), ('forget-password-otp-')) AS purposes (purpose));
    RETURN NULL;
END $$;

CREATE TRIGGER argonauth_forget_users AFTER DELETE ON neon_auth."user" REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION neon_auth.argonauth_forget_users();
