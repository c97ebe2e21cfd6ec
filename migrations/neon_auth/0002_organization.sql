CREATE TABLE neon_auth.organization (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT organization_slug_key UNIQUE,
    logo text,
    "createdAt" timestamptz NOT NULL,
    metadata text
);
-- Hosted Neon has this second index too; tools that compare schemas expect it.
CREATE UNIQUE INDEX organization_slug_uidx ON neon_auth.organization (slug);

CREATE TABLE neon_auth.member (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "organizationId" uuid NOT NULL REFERENCES neon_auth.organization (id) ON DELETE CASCADE,
    "userId" uuid NOT NULL REFERENCES neon_auth."user" (id) ON DELETE CASCADE,
    role text NOT NULL,
    "createdAt" timestamptz NOT NULL
);
CREATE INDEX "member_organizationId_idx" ON neon_auth.member ("organizationId");
CREATE INDEX "member_userId_idx" ON neon_auth.member ("userId");

CREATE TABLE neon_auth.invitation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "organizationId" uuid NOT NULL REFERENCES neon_auth.organization (id) ON DELETE CASCADE,
    email text NOT NULL,
    role text,
    status text NOT NULL,
    "expiresAt" timestamptz NOT NULL,
    "createdAt" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "inviterId" uuid NOT NULL REFERENCES neon_auth."user" (id) ON DELETE CASCADE
);
CREATE INDEX "invitation_organizationId_idx" ON neon_auth.invitation ("organizationId");
CREATE INDEX invitation_email_idx ON neon_auth.invitation (email);
