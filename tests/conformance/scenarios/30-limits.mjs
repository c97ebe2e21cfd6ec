const hit = async (t, name, method, path, times, opts = {}) => {
  const seen = [];
  for (let i = 0; i < times; i++) {
    const r = await t.send(method, path, opts);
    seen.push(r.status === 429 ? `429 ${r.headers['content-type']?.[0]?.split(';')[0]} ${JSON.stringify(r.body)} ${/^\d+$/.test(r.headers['x-retry-after']?.[0]) ? 'x-retry-after' : '-'}` : String(r.status));
  }
  return t.check(name, seen);
};
// Windows last a minute, and a run may follow another: each has addresses of its own.
const net = `198.51.${Math.floor(Math.random() * 256)}`;
const ip = (n) => ({ ip: `${net}.${n}` });

export default [
  {
    id: 'rules',
    profile: 'ratelimit',
    async run(t) {
      const json = (body) => ({ body });
      await hit(t, 'sign-up', 'POST', '/sign-up/email', 5, { ...json({}), ...ip(1) });
      await hit(t, 'sign-in/social', 'POST', '/sign-in/social', 5, { ...json({}), ...ip(2) });
      await hit(t, 'sign-in/email-otp', 'POST', '/sign-in/email-otp', 5, { ...json({}), ...ip(3) });
      await hit(t, 'change-password', 'POST', '/change-password', 5, { ...json({}), ...ip(4) });
      await hit(t, 'change-email', 'POST', '/change-email', 5, { ...json({}), ...ip(5) });
      await hit(t, 'send-verification-email', 'POST', '/send-verification-email', 5, { ...json({}), ...ip(6) });
      await hit(t, 'forget-password', 'POST', '/forget-password/email-otp', 5, { ...json({}), ...ip(7) });
      for (const [i, path] of ['send-verification-otp', 'check-verification-otp', 'verify-email', 'request-password-reset', 'reset-password'].entries()) {
        await hit(t, `email-otp/${path}`, 'POST', `/email-otp/${path}`, 5, { ...json({}), ...ip(10 + i) });
      }
      await hit(t, 'sign-in/magic-link', 'POST', '/sign-in/magic-link', 7, { ...json({}), ...ip(20) });
      await hit(t, 'magic-link/verify', 'GET', '/magic-link/verify', 7, ip(21));
      await hit(t, 'phone-number/send-otp', 'POST', '/phone-number/send-otp', 12, { ...json({}), ...ip(22) });
      await hit(t, 'phone-number/verify', 'POST', '/phone-number/verify', 12, { ...json({}), ...ip(23) });
      await hit(t, 'reset-password is not limited so', 'POST', '/reset-password', 7, { ...json({}), ...ip(24) });
      await hit(t, 'GET on sign-in', 'GET', '/sign-in/email', 5, ip(26));
      await hit(t, 'get-session', 'GET', '/get-session', 7, ip(27));
      await hit(t, 'another path has a count of its own', 'POST', '/sign-up/email', 2, { ...json({}), ...ip(2) });
      await hit(t, 'another address too', 'POST', '/sign-up/email', 2, { ...json({}), ...ip(32) });
    },
  },
  {
    id: 'addresses',
    async run(t) {
      const at = async (name, headers) => {
        const jar = t.jar();
        const r = await t.send('POST', '/sign-up/email', { body: { email: t.email(`u${t.steps.length}`), password: t.password, name: 'A' }, jar, ip: null, headers });
        const s = await t.send('GET', '/get-session', { jar });
        t.check(name, { status: r.status, ip: s.body?.session?.ipAddress, agent: s.body?.session?.userAgent });
      };
      await at('one', { 'x-forwarded-for': '203.0.113.7' });
      await at('IPv6', { 'x-forwarded-for': '2001:db8:1:2:3:4:5:6' });
      await at('IPv6 short', { 'x-forwarded-for': '2001:db8::1' });
      await at('mapped', { 'x-forwarded-for': '::ffff:203.0.113.9' });
      await at('other headers', { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.99', 'cf-connecting-ip': '203.0.113.98' });
      await at('no agent', { 'x-forwarded-for': '203.0.113.7', 'user-agent': '' });
      await at('long agent', { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'a'.repeat(300) });
    },
  },
];
