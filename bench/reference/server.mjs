// Better Auth 1.6.23 on Node, configured like a branch: the other side of the comparison. The packages are those of tests/.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../tests/package.json', import.meta.url));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { default: pg } = await load('pg');
const { betterAuth } = await load('better-auth');
const { toNodeHandler } = await load('better-auth/node');
const { getMigrations } = await load('better-auth/db/migration');
const { admin, bearer, emailOTP, jwt, magicLink, organization } = await load('better-auth/plugins');

const { PORT, DATABASE_URL, SECRET } = process.env;
const schema = 'neon_auth';

const setup = new pg.Client({ connectionString: DATABASE_URL });
await setup.connect();
await setup.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
await setup.end();

const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  basePath: '/neondb/auth',
  secret: SECRET,
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 10, options: `-c search_path=${schema}` }),
  telemetry: { enabled: false },
  logger: { disabled: true },
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true },
  advanced: {
    cookiePrefix: 'neon-auth',
    useSecureCookies: true,
    defaultCookieAttributes: { sameSite: 'none', partitioned: true },
    database: { generateId: 'uuid' },
  },
  plugins: [
    admin(),
    emailOTP({ sendVerificationOTP: async () => {} }),
    jwt({
      jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' }, jwksPath: '/.well-known/jwks.json' },
      jwt: { expirationTime: '15m', definePayload: ({ user }) => ({ ...user, role: 'authenticated' }) },
    }),
    organization(),
    magicLink({ sendMagicLink: async () => {} }),
    bearer(),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const server = http.createServer(toNodeHandler(betterAuth(options)));
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
