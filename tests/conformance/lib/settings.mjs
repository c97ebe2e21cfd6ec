// A profile as the columns of neon_auth.project_config. What hosted settings cannot say goes into `advanced`.

const seconds = (text) => Number(/^(\d+)/.exec(text)[1]) * { s: 1, m: 60, h: 3600 }[text.at(-1)];

function emailProvider(smtpUrl, appName) {
  if (!smtpUrl) return { type: 'shared' };
  const { hostname, port } = new URL(smtpUrl);
  return { type: 'standard', host: hostname, port: Number(port), username: '', password: '', senderEmail: 'auth@conformance.test', senderName: appName };
}

function advanced(profile) {
  const { cookies, emailAndPassword, emailVerification, jwt } = profile;
  const { cache, ...cookieAttributes } = cookies;
  const { organizationLimit: _, membershipLimit: __, ...organizationRules } = profile.organization;
  return {
    secret: profile.secret,
    cookies: { ...cookieAttributes, cacheMaxAge: cache?.maxAge ?? 0 },
    password: {
      minLength: emailAndPassword.minPasswordLength,
      maxLength: emailAndPassword.maxPasswordLength,
      autoSignIn: emailAndPassword.autoSignIn,
      resetTokenExpiresIn: emailAndPassword.resetPasswordTokenExpiresIn,
      revokeSessionsOnReset: emailAndPassword.revokeSessionsOnPasswordReset,
    },
    session: profile.session,
    emailVerification: { expiresIn: emailVerification.expiresIn },
    user: profile.user,
    jwt: { jwksPath: jwt.jwksPath, expiresIn: seconds(jwt.expirationTime) },
    emailOtp: profile.emailOtp,
    magicLink: { expiresIn: profile.magicLink.expiresIn },
    phone: { ...profile.phone, temporaryEmailDomain: 'phone.conformance.test' },
    organization: organizationRules,
    linking: profile.account.linking,
    social: { direct: true },
    delivery: { codesByWebhook: 'phone' },
    rateLimit: { enabled: profile.rateLimit.enabled },
  };
}

/** Puts a profile in the place of the settings; `sql` is (text, values) -> rows. */
export async function applySettings(sql, profile, urls) {
  const settings = settingsOf(profile, urls);
  const columns = Object.keys(settings);
  const values = columns.map((column) => (typeof settings[column] === 'object' ? JSON.stringify(settings[column]) : settings[column]));
  const assignments = columns.map((column, i) => `${column} = $${i + 1}`).join(', ');
  const updated = await sql(`UPDATE neon_auth.project_config SET ${assignments} RETURNING id`, values);
  if (updated.length !== 1) throw new Error(`neon_auth.project_config has ${updated.length} rows, expected 1`);
}

/** Column -> value, for one UPDATE. */
export function settingsOf(profile, { smtpUrl, webhookUrl }) {
  const { emailAndPassword, emailVerification, magicLink, phone } = profile;
  return {
    name: profile.appName,
    trusted_origins: profile.trustedOrigins,
    social_providers: Object.entries(profile.social).map(([id, credentials]) => ({ id, isShared: false, ...credentials })),
    email_provider: emailProvider(smtpUrl, profile.appName),
    email_and_password: {
      enabled: emailAndPassword.enabled,
      disableSignUp: emailAndPassword.disableSignUp,
      emailVerificationMethod: profile.emailOtp.overrideDefaultEmailVerification ? 'otp' : 'link',
      requireEmailVerification: emailAndPassword.requireEmailVerification,
      autoSignInAfterVerification: emailVerification.autoSignInAfterVerification,
      sendVerificationEmailOnSignIn: emailVerification.sendOnSignIn,
      sendVerificationEmailOnSignUp: emailVerification.sendOnSignUp,
    },
    allow_localhost: false,
    plugin_configs: {
      magicLink: { enabled: true, config: { expiresIn: 5, disableSignUp: magicLink.disableSignUp } },
      phoneNumber: { enabled: phone.enabled, config: { otp_expires_in: phone.expiresIn, allowed_attempts: phone.allowedAttempts } },
      organization: { enabled: true, config: { creatorRole: 'owner', membershipLimit: profile.organization.membershipLimit ?? 100, organizationLimit: profile.organization.organizationLimit ?? 10, sendInvitationEmail: true } },
    },
    webhook_config: webhookUrl
      ? { enabled: true, webhookUrl, enabledEvents: ['send.otp'], timeoutSeconds: 5 }
      : { enabled: false, enabledEvents: [], timeoutSeconds: 5 },
    advanced: advanced(profile),
  };
}
