const urlOf = (body) => {
  if (!body?.url) return body;
  const u = new URL(body.url);
  return { endpoint: u.origin + u.pathname, redirect: body.redirect, query: Object.fromEntries([...u.searchParams].map(([k, v]) => [k, ['state', 'code_challenge', 'nonce'].includes(k) ? `<${v.length} chars>` : v])) };
};

export default [
  {
    id: 'start-variants',
    async run(t) {
      const go = (name, body) => t.post(name, '/sign-in/social', { provider: 'github', ...body });
      const bare = await go('bare', {});
      t.check('bare url', urlOf(bare.body));
      await go('absolute callback', { callbackURL: 'https://app.example.com/in?x=1' });
      await go('app callback', { callbackURL: 'myapp://in' });
      const s = await go('scopes', { scopes: ['repo', 'gist'] });
      t.check('scopes url', urlOf(s.body));
      await go('scopes empty', { scopes: [] });
      await go('scopes of numbers', { scopes: [1] });
      await go('login hint', { loginHint: 'me@example.com' });
      await go('id token', { idToken: { token: 'x' } });
      await go('additional data', { additionalData: { plan: 'gold' } });
      await go('provider in capitals', { provider: 'GITHUB' });
      await go('provider credential', { provider: 'credential' });
      await go('provider empty', { provider: '' });
      await t.post('untrusted origin', '/sign-in/social', { provider: 'github', callbackURL: '/in' }, { origin: 'https://evil.example.net' });
      await t.post('no origin', '/sign-in/social', { provider: 'github', callbackURL: '/in' }, { origin: null });
      await t.post('signed in', '/sign-in/social', { provider: 'github', callbackURL: '/in' }, { jar: (await t.user('alice')).jar });
      await t.get('GET', '/sign-in/social');
    },
  },
  {
    id: 'callback-variants',
    async run(t) {
      const begin = async (body = {}) => {
        const jar = t.jar();
        const r = await t.must('POST', '/sign-in/social', { body: { provider: 'github', callbackURL: '/after', ...body }, jar });
        return { jar, state: new URL(r.body.url).searchParams.get('state') };
      };
      const a = await begin();
      await t.get('provider error, no error target', '/callback/github', { query: { error: 'access_denied', error_description: 'No thanks', state: a.state }, jar: a.jar });
      const b = await begin({ errorCallbackURL: 'https://app.example.com/err?x=1' });
      await t.get('provider error, error target', '/callback/github', { query: { error: 'access_denied', state: b.state }, jar: b.jar });
      const c = await begin();
      await t.get('other provider', '/callback/google', { query: { error: 'x', state: c.state }, jar: c.jar });
      const d = await begin();
      await t.get('cookie of another flow', '/callback/github', { query: { code: 'x', state: d.state }, jar: (await begin()).jar });
      const e = await begin();
      await t.get('tampered state', '/callback/github', { query: { code: 'x', state: `${e.state.slice(0, -1)}${e.state.endsWith('A') ? 'B' : 'A'}` }, jar: e.jar });
      await t.get('empty state', '/callback/github', { query: { code: 'x', state: '' }, jar: e.jar });
      await t.get('empty code', '/callback/github', { query: { code: '', state: e.state }, jar: e.jar });
      await t.get('state is used up', '/callback/github', { query: { code: 'x', state: e.state }, jar: e.jar });
      const f = await begin();
      await t.req('POST form', 'POST', '/callback/github', { form: { code: 'x', state: 'y' }, origin: 'https://github.com' });
      await t.req('POST json', 'POST', '/callback/github', { body: { code: 'x', state: 'y' }, origin: 'https://github.com' });
      await t.req('POST with cookies', 'POST', '/callback/github', { form: { error: 'denied', state: f.state }, jar: f.jar, origin: 'https://github.com' });
      await t.req('POST form with error', 'POST', '/callback/github', { form: { error: 'a b&c', error_description: 'x y', state: 'y', user: '{"a":1}', extra: 'z' }, origin: null });
      await t.req('POST query and body', 'POST', '/callback/github?state=q', { form: { code: 'x' }, origin: null });
      await t.req('POST nothing', 'POST', '/callback/github', { noBody: true, contentType: null, origin: null });
      await t.req('POST unknown provider', 'POST', '/callback/nope', { form: { code: 'x', state: 'y' }, origin: null });
      await t.get('nothing', '/callback/github');
      await t.get('provider in capitals', '/callback/GITHUB', { query: { code: 'x', state: 'y' } });
    },
  },
  {
    id: 'closed',
    profile: 'closed',
    async run(t) {
      await t.get('callback of a provider that is off', '/callback/google', { query: { code: 'x', state: 'y' } });
      await t.get('callback without anything', '/callback/google');
    },
  },
  {
    id: 'link-variants',
    async run(t) {
      const u = await t.user('alice');
      const go = (name, body, opts = {}) => t.post(name, '/link-social', { provider: 'github', ...body }, { jar: u.jar, keep: true, ...opts });
      const r = await go('bare', {});
      t.check('url', urlOf(r.body));
      await go('scopes', { scopes: ['repo'], callbackURL: '/x' });
      await go('disableRedirect', { disableRedirect: true, callbackURL: '/x' });
      await go('id token', { idToken: { token: 'x' } });
      await go('missing provider', { provider: undefined });
      await go('untrusted error target', { errorCallbackURL: 'https://evil.example.net/' });
    },
  },
  {
    id: 'link-strict',
    profile: 'strict',
    async run(t) {
      const u = await t.user('alice');
      await t.post('linking is off', '/link-social', { provider: 'github', callbackURL: '/x' }, { jar: u.jar, drop: ['body.json.url'] });
    },
  },
  {
    id: 'accounts-variants',
    async run(t) {
      const u = await t.user('alice');
      const b = await t.user('bob');
      const id = (await t.send('GET', '/list-accounts', { jar: u.jar })).body[0];
      await t.get('info of the password account', '/account-info', { jar: u.jar, query: { accountId: id.accountId } });
      await t.get('info by row id', '/account-info', { jar: u.jar, query: { accountId: id.id } });
      await t.get('info without id', '/account-info', { jar: u.jar });
      await t.get('info without session', '/account-info', { query: { accountId: id.accountId } });
      await t.get('info by provider', '/account-info', { jar: u.jar, query: { providerId: 'google' } });
      await t.get('info of somebody else', '/account-info', { jar: b.jar, query: { accountId: id.accountId } });
      const ask = (name, path, body, jar = u.jar) => t.post(name, path, body, { jar });
      for (const path of ['/get-access-token', '/refresh-token']) {
        await ask(`${path} credential`, path, { providerId: 'credential' });
        await ask(`${path} google`, path, { providerId: 'google', accountId: 'x' });
        await ask(`${path} other user`, path, { providerId: 'google', userId: b.id });
        await ask(`${path} without session`, path, { providerId: 'google' }, undefined);
        await ask(`${path} without session, with a user`, path, { providerId: 'google', userId: b.id }, undefined);
        await ask(`${path} nothing`, path, {});
      }
      await ask('unlink with the account id', '/unlink-account', { providerId: 'credential', accountId: id.accountId });
      await ask('unlink with the row id', '/unlink-account', { providerId: 'credential', accountId: id.id });
      await ask('unlink without session', '/unlink-account', { providerId: 'credential' }, undefined);
    },
  },
];
