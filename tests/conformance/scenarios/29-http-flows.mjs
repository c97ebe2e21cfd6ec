import { everySpelling } from '../lib/matrix.mjs';

const gets = ['/ok', '/get-session', '/list-sessions', '/list-accounts', '/account-info', '/token', '/token/anonymous', '/verify-email', '/magic-link/verify', '/delete-user/callback', '/admin/list-users', '/admin/get-user', '/organization/list', '/organization/get-full-organization', '/organization/list-members', '/organization/get-active-member', '/organization/get-invitation', '/organization/list-invitations', '/organization/list-user-invitations', '/.well-known/jwks.json'];
const posts = ['/sign-in/email', '/sign-up/email', '/sign-out', '/sign-in/social', '/sign-in/email-otp', '/sign-in/magic-link', '/update-user', '/change-password', '/change-email', '/delete-user', '/request-password-reset', '/reset-password', '/send-verification-email', '/revoke-session', '/revoke-sessions', '/revoke-other-sessions', '/link-social', '/unlink-account', '/refresh-token', '/email-otp/send-verification-otp', '/email-otp/check-verification-otp', '/email-otp/verify-email', '/email-otp/request-password-reset', '/email-otp/reset-password', '/phone-number/send-otp', '/phone-number/verify', '/admin/set-role', '/admin/create-user', '/admin/ban-user', '/admin/impersonate-user', '/admin/stop-impersonating', '/admin/remove-user', '/admin/has-permission', '/organization/create', '/organization/update', '/organization/delete', '/organization/set-active', '/organization/invite-member', '/organization/accept-invitation', '/organization/leave', '/organization/has-permission'];

export default [
  {
    id: 'spellings',
    async run(t) {
      for (const path of gets) await everySpelling(t, 'GET', path);
      for (const path of posts) await everySpelling(t, 'POST', path);
    },
  },
  {
    id: 'signed-out',
    async run(t) {
      for (const path of gets.filter((p) => !/jwks|anonymous|\/ok/.test(p))) await t.line(`GET ${path}`, 'GET', path);
      for (const path of posts) await t.line(`POST ${path}`, 'POST', path, { body: {} });
      const cookie = `__Secure-neon-auth.session_token=${t.signCookie('Z'.repeat(31) + 'a')}`;
      for (const path of gets.filter((p) => !/jwks|anonymous|\/ok/.test(p))) await t.line(`GET ${path} with a dead cookie`, 'GET', path, { headers: { cookie } });
      for (const path of posts) await t.line(`POST ${path} with a dead cookie`, 'POST', path, { body: {}, headers: { cookie } });
    },
  },
  {
    id: 'origins',
    async run(t) {
      const u = await t.user('alice');
      const name = async (step, headers, opts = {}) => t.line(step, 'POST', '/update-user', { body: { name: 'A' }, jar: u.jar, keep: true, origin: null, headers, ...opts });
      for (const origin of ['HTTPS://APP.EXAMPLE.COM', 'https://app.example.com:443', 'https://app.example.com/', 'https://app.example.com/path', 'https://app.example.com.', 'http://localhost:3000', 'http://127.0.0.1:1', 'https://preview.example.com', 'https://a.b.preview.example.com', 'https://x.preview.example.com.evil.net', 'myapp://', 'myapp://x', 'myappevil://x', 'file://', 'about:blank', 'app.example.com', '*', 'https://', 'undefined', '']) {
        await name(`Origin ${origin || '(empty)'}`, { origin });
      }
      await name('Origin empty, trusted Referer', { origin: '', referer: 'https://app.example.com/x' });
      await name('Referer alone, app scheme', { referer: 'myapp://x' });
      await name('Referer with own origin', { referer: `${t.origin}/page` });
      await name('any cookie at all', { cookie: 'a=b', origin: 'https://evil.example.net' }, { jar: undefined });
      await name('empty cookie header', { cookie: '', origin: 'https://evil.example.net' }, { jar: undefined });
      for (const path of ['/sign-in/email', '/sign-up/email', '/sign-in/magic-link', '/sign-in/email-otp', '/request-password-reset', '/email-otp/send-verification-otp', '/sign-out', '/reset-password']) {
        await t.line(`${path}: untrusted, no cookie`, 'POST', path, { body: {}, origin: 'https://evil.example.net' });
        await t.line(`${path}: untrusted with a cookie`, 'POST', path, { body: {}, origin: 'https://evil.example.net', headers: { cookie: 'a=b' } });
        await t.line(`${path}: fetch metadata only`, 'POST', path, { body: {}, origin: null, headers: { 'sec-fetch-mode': 'cors' } });
      }
    },
  },
  {
    id: 'sign-in-origins',
    async run(t) {
      const u = await t.user('alice');
      const go = (step, headers) => t.line(step, 'POST', '/sign-in/email', { body: { email: u.email, password: 'wrong-one-1' }, origin: null, headers });
      await go('nothing', {});
      await go('referer trusted', { referer: 'https://app.example.com/x' });
      await go('referer untrusted', { referer: 'https://evil.example.net/x' });
      await go('null origin', { origin: 'null' });
      await go('dest only', { 'sec-fetch-dest': 'empty' });
      await go('site none', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' });
      await go('same-origin navigate', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', origin: t.origin });
      await go('cross-site navigate, trusted', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'https://app.example.com' });
      await go('cross-site cors, trusted', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://app.example.com' });
      await t.line('validation first', 'POST', '/sign-in/email', { body: {}, origin: 'https://evil.example.net' });
    },
  },
  {
    id: 'targets',
    async run(t) {
      const values = ['/', '/a', '/a?b=c', '/a?b=c&d=e%20f', '/a#b', '//evil.example.net', '/\\evil', '/%2fevil', '/%5Cevil', '/a//b', '/a b', '/ä', '/a?b=c#d', '/a?url=https://x', 'a', '', ' ', 'https://app.example.com', 'https://app.example.com/x?y=z#w', 'HTTPS://APP.EXAMPLE.COM/x', 'https://app.example.com:443/x', 'https://app.example.com.evil.net', 'https://evil.net/https://app.example.com', 'https://x.preview.example.com/y', 'http://app.example.com', 'myapp://', 'myapp://a/b?c', 'myapp:a', 'MYAPP://a', 'javascript:alert(1)', 'data:text/html,x', 'https://app.example.com\\@evil.net', '/@evil', '/.evil', '/a?b=[c]', '/a?b={c}', '/a?b=c,d', '/a;b', "/a'b", '/a(b)', '/a!b', '/a~b', '/a:b', '/a=b', '/a&b', '/%61'];
      for (const value of values) await t.line(`redirectTo ${JSON.stringify(value)}`, 'POST', '/request-password-reset', { body: { email: t.email(), redirectTo: value } });
      for (const field of ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL']) {
        for (const value of ['https://evil.example.net', '/ok', 7, null, ['/ok'], { a: 1 }, true]) {
          await t.line(`${field} ${JSON.stringify(value)} where it is unknown`, 'POST', '/sign-out', { body: { [field]: value } });
        }
      }
      await t.line('in the query of a POST', 'POST', '/sign-out?callbackURL=https://evil.example.net', { raw: '{}' });
      await t.line('redirectTo in the query of a POST', 'POST', '/sign-out?redirectTo=https://evil.example.net', { raw: '{}' });
      await t.line('in the query of a GET', 'GET', '/get-session', { query: { callbackURL: 'https://evil.example.net' } });
      await t.line('in the query of a GET with a token', 'GET', '/verify-email', { query: { token: 'x', callbackURL: '//evil.example.net' } });
      await t.line('currentURL', 'POST', '/sign-out', { body: { currentURL: 'https://evil.example.net' } });
    },
  },
  {
    id: 'bodies',
    async run(t) {
      const u = await t.user('alice');
      const valid = JSON.stringify({ email: u.email, password: 'wrong-one-1' });
      const go = (step, contentType, raw = valid, opts = {}) => t.line(step, 'POST', '/sign-in/email', { raw, contentType, ...opts });
      for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', ' application/json ', 'application/json;charset=latin1', 'application/vnd.api+json', 'application/problem+json', 'text/json', 'text/plain', 'text/html', 'multipart/form-data; boundary=x', 'application/octet-stream', 'application/x-www-form-urlencoded', 'x', '', 'application/xml']) await go(`type ${JSON.stringify(type)}`, type);
      await go('bom', 'application/json', '\uFEFF' + valid);
      await go('trailing comma', 'application/json', '{"email":"a@b.example",}');
      await go('comment', 'application/json', '{/*x*/"email":"a@b.example"}');
      await go('single quotes', 'application/json', "{'email':'a@b.example'}");
      await go('two values', 'application/json', '{} {}');
      await go('spaces around', 'application/json', `  ${valid}\n\n`);
      await go('duplicate members', 'application/json', `{"email":"x","email":${JSON.stringify(u.email)},"password":"wrong-one-1"}`);
      await go('NaN', 'application/json', '{"email":NaN}');
      await go('deep', 'application/json', '['.repeat(20) + ']'.repeat(20));
      await go('__proto__', 'application/json', '{"__proto__":{"email":"a@b.example","password":"x"}}');
      await go('form', 'application/x-www-form-urlencoded', new URLSearchParams({ email: u.email, password: 'wrong-one-1' }).toString());
      await go('form with twice a name', 'application/x-www-form-urlencoded', `email=a%40b.example&email=${encodeURIComponent(u.email)}&password=wrong-one-1`);
      await go('form rememberMe', 'application/x-www-form-urlencoded', new URLSearchParams({ email: u.email, password: 'wrong-one-1', rememberMe: 'false' }).toString());
      await go('form right', 'application/x-www-form-urlencoded', new URLSearchParams({ email: u.email, password: 'wrong' }).toString(), { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' } });
      await t.line('form on another route', 'POST', '/request-password-reset', { form: { email: u.email } });
      await t.line('sign-out as a form', 'POST', '/sign-out', { form: { a: 'b' } });
      await t.line('sign-out as text', 'POST', '/sign-out', { raw: 'x', contentType: 'text/plain' });
      await t.line('sign-out without type', 'POST', '/sign-out', { raw: '{}', contentType: null });
      await t.line('sign-out with bad json', 'POST', '/sign-out', { raw: '{' });
      await t.line('sign-out with a list', 'POST', '/sign-out', { raw: '[]' });
      await t.line('sign-out with nothing', 'POST', '/sign-out', { noBody: true, contentType: null });
      await t.line('unknown route with bad json', 'POST', '/nope', { raw: '{' });
      await t.line('GET with a body', 'GET', '/get-session', { raw: '{', contentType: 'application/json' });
    },
  },
  {
    id: 'queries',
    async run(t) {
      const u = await t.user('alice');
      const go = (query) => t.line(`get-session${query}`, 'GET', `/get-session${query}`, { jar: u.jar, keep: true });
      for (const query of ['?', '?disableRefresh=true', '?disableRefresh=1', '?disableRefresh=', '?disableRefresh=true&disableRefresh=false', '?disableCookieCache=TRUE', '?disableCookieCache=yes', '?%', '?a=%zz', '?disableRefresh=%74rue', '?=x', '?&&', '?disableRefresh[]=true']) await go(query);
      await t.line('verify-email token twice', 'GET', '/verify-email?token=a&token=b');
      await t.line('reset-password with an encoded slash', 'GET', '/reset-password/a%2fb?callbackURL=/x');
      await t.line('reset-password with more path', 'GET', '/reset-password/a/b?callbackURL=/x');
      await t.line('reset-password with nothing', 'GET', '/reset-password/?callbackURL=/x');
      await t.line('percent in the path', 'GET', '/%67et-session');
      await t.line('semicolon', 'GET', '/get-session;a=b');
      await t.line('callback with an encoded provider', 'GET', '/callback/%67ithub?state=x');
      for (const query of ['', '?error=', '?error=a_b', "?error=it's", '?error=a-b', '?error=a%20b', '?error=%3Cx%3E', '?error=x&error_description=a%20b', '?error_description=x', '?error=x&error=y', '?error=x&state=y', `?error=${'x'.repeat(200)}`]) {
        await t.line(`error page ${query.length > 60 ? 'long' : query}`, 'GET', `/error${query}`);
      }
    },
  },
];
