// Server configurations ("profiles") the scenarios are played with, as plain JSON.
// `launch` turns them into this server's settings. What a profile leaves out keeps the value of `base`.

export const SHARED_SECRET = 'conformance-secret-0123456789-ABCDEFGHIJ';

export const ROOT_ADMIN = {
  email: 'root-admin@conformance.test',
  password: 'Root-admin-passw0rd!',
  name: 'Root Admin',
};

export const base = {
  secret: SHARED_SECRET,
  appName: 'Conformance App',
  rootAdmin: ROOT_ADMIN,
  // http://<host>:<port> of the server itself is always trusted.
  trustedOrigins: [
    'https://app.example.com',
    'https://*.preview.example.com',
    'myapp://',
  ],
  cookies: {
    prefix: 'neon-auth',
    secure: true,            // => "__Secure-" name prefix and Secure attribute
    sameSite: 'none',
    partitioned: true,
    cache: null,             // { maxAge: seconds } enables the session_data cookie
  },
  emailAndPassword: {
    enabled: true,
    disableSignUp: false,
    requireEmailVerification: false,
    autoSignIn: true,
    minPasswordLength: 8,
    maxPasswordLength: 128,
    resetPasswordTokenExpiresIn: 3600,
    revokeSessionsOnPasswordReset: false,
  },
  emailVerification: {
    sendOnSignUp: false,
    sendOnSignIn: false,
    autoSignInAfterVerification: false,
    expiresIn: 3600,
  },
  user: {
    changeEmail: { enabled: true, confirmToCurrentEmail: false },
    deleteUser: { enabled: true, sendVerification: false },
  },
  session: { expiresIn: 604800, updateAge: 86400, freshAge: 86400 },
  account: { linking: { enabled: true, trustedProviders: ['google', 'github'] } },
  social: {
    google: { clientId: 'google-client-id', clientSecret: 'google-client-secret' },
    github: { clientId: 'github-client-id', clientSecret: 'github-client-secret' },
  },
  jwt: { jwksPath: '/.well-known/jwks.json', expirationTime: '15m' },
  emailOtp: {
    otpLength: 6,
    expiresIn: 300,
    allowedAttempts: 3,
    disableSignUp: false,
    sendVerificationOnSignUp: false,
    overrideDefaultEmailVerification: false,
  },
  magicLink: { expiresIn: 300, disableSignUp: false },
  phone: {
    enabled: true,
    otpLength: 6,
    expiresIn: 300,
    allowedAttempts: 3,
    requireVerification: false,
    signUpOnVerification: true,   // temp email: <digits>@phone.conformance.test
  },
  organization: {},
  rateLimit: { enabled: false },
};

export const profiles = {
  default: {},

  // E-mail must be verified before a session is given out.
  verify: {
    emailAndPassword: { requireEmailVerification: true },
    emailVerification: { sendOnSignUp: true, sendOnSignIn: true, autoSignInAfterVerification: true },
    user: { changeEmail: { enabled: true, confirmToCurrentEmail: true }, deleteUser: { enabled: true, sendVerification: true } },
    phone: { requireVerification: true, signUpOnVerification: false },
  },

  // Nobody can create an account on their own.
  closed: {
    emailAndPassword: { disableSignUp: true },
    emailOtp: { disableSignUp: true },
    magicLink: { disableSignUp: true },
    phone: { signUpOnVerification: false },
    social: {},
  },

  // Tight limits everywhere and optional features switched off.
  strict: {
    emailAndPassword: { autoSignIn: false, minPasswordLength: 12, maxPasswordLength: 20, revokeSessionsOnPasswordReset: true },
    emailVerification: { sendOnSignUp: true },
    user: { changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    emailOtp: { otpLength: 8, allowedAttempts: 2, overrideDefaultEmailVerification: true },
    phone: { otpLength: 4, allowedAttempts: 2 },
    organization: {
      organizationLimit: 2,
      membershipLimit: 2,
      invitationLimit: 2,
      cancelPendingInvitationsOnReInvite: true,
      requireEmailVerificationOnInvitation: true,
    },
    account: { linking: { enabled: false } },
  },

  // Everything expires almost at once.
  short: {
    session: { expiresIn: 4, updateAge: 1, freshAge: 1 },
    emailAndPassword: { resetPasswordTokenExpiresIn: 1 },
    emailVerification: { expiresIn: 1 },
    emailOtp: { expiresIn: 1 },
    magicLink: { expiresIn: 1 },
    phone: { expiresIn: 1 },
    organization: { invitationExpiresIn: 1 },
    jwt: { expirationTime: '5s' },
  },

  // Rate limiter on, with better-auth's own default rules.
  ratelimit: { rateLimit: { enabled: true } },

  // Plain-http cookies, cookie cache on, no phone plugin, default JWKS path.
  plain: {
    cookies: { secure: false, sameSite: 'lax', partitioned: false, cache: { maxAge: 300 } },
    phone: { enabled: false },
    jwt: { jwksPath: '/jwks' },
    social: {},
  },

  // Every known identity provider; only one of them is believed without saying that an address is verified.
  social: {
    social: {
      google: { clientId: 'google-client-id', clientSecret: 'google-client-secret' },
      github: { clientId: 'github-client-id', clientSecret: 'github-client-secret' },
      microsoft: { clientId: 'microsoft-client-id', clientSecret: 'microsoft-client-secret' },
      vercel: { clientId: 'vercel-client-id', clientSecret: 'vercel-client-secret' },
    },
    account: { linking: { enabled: true, trustedProviders: ['github'] } },
  },

  // Settings change while people are on their way (scenarios that call t.configure).
  changing: { account: { linking: { enabled: true, trustedProviders: ['github'] } } },
};

export const profileNames = Object.keys(profiles);

function merge(a, b) {
  if (b === undefined) return a;
  if (Array.isArray(b) || b === null || typeof b !== 'object') return b;
  const out = { ...(a && typeof a === 'object' && !Array.isArray(a) ? a : {}) };
  for (const k of Object.keys(b)) out[k] = merge(out[k], b[k]);
  return out;
}

/** The profile with other settings; a list or an empty object replaces what was there. */
export function changedProfile(name, over) {
  const out = merge(resolveProfile(name), over);
  if (over.social && Object.keys(over.social).length === 0) out.social = {};
  return out;
}

export function resolveProfile(nameOrConfig) {
  const over = typeof nameOrConfig === 'string' ? profiles[nameOrConfig] : nameOrConfig;
  if (!over) throw new Error(`unknown profile: ${nameOrConfig}`);
  const out = merge(base, over);
  // an explicitly empty provider list replaces the default one
  if (over.social && Object.keys(over.social).length === 0) out.social = {};
  return out;
}
