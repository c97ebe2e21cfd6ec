-- For branches with a million users and a hundred thousand organizations (docs/design/0021).

-- Searching inside a text needs every three characters in a row. The extension pg_trgm has that too, but not every server lets a branch's
-- owner install it, and a copy of this schema alone could not be restored without it. This needs nothing but PostgreSQL.
CREATE FUNCTION neon_auth.argonauth_trigrams(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.array_agg(pg_catalog.substr(pg_catalog."left"(value, 1024), i, 3))
      FROM pg_catalog.generate_series(1, pg_catalog.length(pg_catalog."left"(value, 1024)) - 2) AS i
$$;
CREATE INDEX user_email_trigrams_idx ON neon_auth."user" USING gin (neon_auth.argonauth_trigrams(email));
CREATE INDEX user_name_trigrams_idx ON neon_auth."user" USING gin (neon_auth.argonauth_trigrams(name));

-- The orders in which people page through users. Names have no limit by themselves, entries of an index do.
CREATE INDEX "user_createdAt_idx" ON neon_auth."user" ("createdAt", id);
CREATE INDEX user_name_idx ON neon_auth."user" (pg_catalog."left"(name, 100), id);
-- Few among many: administrators, the banned.
CREATE INDEX user_role_idx ON neon_auth."user" (role);
CREATE INDEX user_banned_idx ON neon_auth."user" (banned) WHERE banned;

CREATE INDEX "member_organizationId_userId_idx" ON neon_auth.member ("organizationId", "userId");
-- Whoever leaves an organization, or sees it removed, has it active no longer.
CREATE INDEX "session_activeOrganizationId_idx" ON neon_auth.session ("activeOrganizationId") WHERE "activeOrganizationId" IS NOT NULL;
-- Removing a user removes the invitations they made.
CREATE INDEX "invitation_inviterId_idx" ON neon_auth.invitation ("inviterId");
