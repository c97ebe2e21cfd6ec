-- Whoever removes a user, and be it with SQL: links and codes under way go along. Sessions and accounts do by their foreign keys.
-- As the schema's owner, for who may remove users need not be able to read codes.
CREATE FUNCTION neon_auth.argonauth_forget_users() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM neon_auth.verification v USING gone
     WHERE v.value = gone.id::text
        OR v.identifier IN ('sign-in-otp-' || gone.email, 'email-verification-otp-' || gone.email, 'forget-password-otp-' || gone.email);
    RETURN NULL;
END $$;

CREATE TRIGGER argonauth_forget_users AFTER DELETE ON neon_auth."user" REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION neon_auth.argonauth_forget_users();
