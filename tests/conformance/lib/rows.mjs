// What a scenario left behind in the database, as whoever reads neon_auth with SQL sees it: every column of every row that belongs to the
// scenario. Ids, tokens and dates are replaced as in answers; how a secret is kept shows as its shape.

const QUERY = `
  WITH u AS (SELECT * FROM neon_auth."user" WHERE position($1 IN email) > 0 OR id::text = ANY ($2) OR to_jsonb("user")->>'phoneNumber' = ANY ($2)),
       s AS (SELECT * FROM neon_auth.session WHERE "userId" IN (SELECT id FROM u)),
       a AS (SELECT * FROM neon_auth.account WHERE "userId" IN (SELECT id FROM u)),
       o AS (SELECT * FROM neon_auth.organization WHERE position($1 IN slug) > 0 OR id::text = ANY ($2)
              OR id IN (SELECT "organizationId" FROM neon_auth.member WHERE "userId" IN (SELECT id FROM u))),
       m AS (SELECT * FROM neon_auth.member WHERE "userId" IN (SELECT id FROM u) OR "organizationId" IN (SELECT id FROM o)),
       i AS (SELECT * FROM neon_auth.invitation WHERE position($1 IN email) > 0 OR "organizationId" IN (SELECT id FROM o)),
       v AS (SELECT * FROM neon_auth.verification WHERE position($1 IN identifier) > 0 OR position($1 IN value) > 0
              OR value IN (SELECT id::text FROM u) OR split_part(identifier, '-request-', 1) = ANY ($2))
  SELECT (SELECT json_agg(u ORDER BY email) FROM u) AS "user", (SELECT json_agg(s) FROM s) AS session, (SELECT json_agg(a) FROM a) AS account,
         (SELECT json_agg(o ORDER BY slug) FROM o) AS organization, (SELECT json_agg(m) FROM m) AS member,
         (SELECT json_agg(i) FROM i) AS invitation, (SELECT json_agg(v) FROM v) AS verification`;

const SCRYPT = /^[0-9a-f]{32}:[0-9a-f]{128}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

/** A timestamp as answers have it. Microseconds are cut: JSON shows milliseconds. */
function readable(value) {
  return typeof value === 'string' && TIMESTAMP.test(value) ? new Date(value).toISOString() : value;
}

/**
 * One-time secrets are kept in clear by the reference and hashed here: what they are for and until when is compared, not how they are kept.
 * Of an OAuth state only what the app asked for is; the rest is each server's own business.
 */
function keptSecret(row) {
  const identifier = row.identifier.replace(/^(reset-password:|delete-account-).*$/s, '$1<token>');
  const json = row.value.startsWith('{') ? JSON.parse(row.value) : null;
  if (!json) return { ...row, identifier, value: row.value.replace(/^(?:\d{4,10}|[A-Za-z0-9_-]{43}):(\d+)$/, '<code>:$1') };
  if ('callbackURL' in json) {
    const { callbackURL, errorURL, newUserURL, link } = json;
    return { ...row, identifier: 'oauth-state:<token>', value: { callbackURL, errorURL: errorURL || undefined, newUserURL: newUserURL || undefined, link } };
  }
  return { ...row, identifier: 'magic-link:<token>', value: json };
}

/** Providers' tokens: in clear, or sealed. */
const kept = (token) => (token === null ? null : '<kept>');

const shapes = {
  account: (row) => ({ ...row, password: SCRYPT.test(row.password ?? '') ? '<scrypt>' : row.password, accessToken: kept(row.accessToken), refreshToken: kept(row.refreshToken), idToken: kept(row.idToken) }),
  verification: keptSecret,
};

const asText = (row) => JSON.stringify(row);

/** Table -> normalised rows, tables without rows left out. */
export async function rowsOf({ sql, run, norm, config }) {
  const now = Date.now();
  const [tables] = await sql(QUERY, [run, [...norm.vars.keys()]]);
  const seen = {};
  for (const [table, rows] of Object.entries(tables)) {
    if (!rows) continue;
    // The reference makes these columns when the plugin is first switched on; here every database has them.
    if (!config.phone.enabled) for (const row of rows) ['phoneNumber', 'phoneNumberVerified'].forEach((column) => delete row[column]);
    const plain = rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, readable(value)])));
    // Purged sooner or later, by whoever comes along.
    const current = table === 'verification' ? plain.filter((row) => Date.parse(row.expiresAt) > now) : plain;
    if (current.length) seen[table] = current.map((row) => norm.value(shapes[table]?.(row) ?? row, now)).sort((a, b) => (asText(a) < asText(b) ? -1 : 1));
  }
  return seen;
}
