// The settings of a branch's auth service, over the management API: password rules, plugins, the name; what holds for all of them.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const sql = useDatabase(server);
const auth = authClient(server.base_url);
const trySignUp = () => auth.post('/sign-up/email', { email: freshEmail(), password, name: 'X' });
const column = async (name) => (await sql(`SELECT ${name} AS value FROM neon_auth.project_config`))[0].value;

const fresh = {
  email_and_password: {
    enabled: true,
    email_verification_method: 'otp',
    require_email_verification: false,
    auto_sign_in_after_verification: true,
    send_verification_email_on_sign_up: false,
    send_verification_email_on_sign_in: false,
    disable_sign_up: false,
  },
  organization: { enabled: true, organization_limit: 10, membership_limit: 100, creator_role: 'owner', send_invitation_email: false },
  magic_link: { enabled: false, expires_in: 5, disable_sign_up: false },
  phone_number: { enabled: false, otp_expires_in: 300 },
};

let original;
before(async () => ([original] = await sql('SELECT name, email_and_password, plugin_configs, webhook_config FROM neon_auth.project_config')));
beforeEach(async () => {
  await sql('UPDATE neon_auth.project_config SET name = $1, email_and_password = $2, plugin_configs = $3', [
    original.name, JSON.stringify(original.email_and_password), JSON.stringify(original.plugin_configs),
  ]);
  // News of SQL takes a moment to arrive; a change over the API counts at once, with all that was stored before it.
  await api.updateNeonAuthOrganizationPlugin(server, { body: {} });
});

/** Each setting on its own: a change, then everything read back. */
const settings = [
  {
    label: 'email_and_password',
    get: 'getNeonAuthEmailAndPasswordConfig',
    update: 'updateNeonAuthEmailAndPasswordConfig',
    first: fresh.email_and_password,
    good: [{ enabled: false }, { email_verification_method: 'link' }, { require_email_verification: true }, { auto_sign_in_after_verification: false }, { send_verification_email_on_sign_up: true }, { send_verification_email_on_sign_in: true }, { disable_sign_up: true }],
    bad: [['enabled', 'yes'], ['enabled', null], ['enabled', 1], ['email_verification_method', 'sms'], ['email_verification_method', ''], ['email_verification_method', true], ['disable_sign_up', 'false'], ['disable_sign_up', []], ['disableSignUp', true], ['nonsense', 1]],
  },
  {
    label: 'plugins/organization',
    get: async () => ({ body: (await api.getNeonAuthPluginConfigs(server)).body.organization }),
    update: 'updateNeonAuthOrganizationPlugin',
    first: fresh.organization,
    good: [{ enabled: false }, { organization_limit: 1 }, { organization_limit: 2147483647 }, { membership_limit: 5 }, { creator_role: 'admin' }, { send_invitation_email: true }],
    bad: [['organization_limit', 0], ['organization_limit', -1], ['organization_limit', 1.5], ['organization_limit', '5'], ['organization_limit', 2147483648], ['membership_limit', 0], ['membership_limit', null], ['membership_limit', 1e300], ['creator_role', 'member'], ['creator_role', 7], ['send_invitation_email', 1], ['teams', true]],
  },
  {
    label: 'plugins/magic-link',
    get: async () => ({ body: (await api.getNeonAuthPluginConfigs(server)).body.magic_link }),
    update: 'updateNeonAuthMagicLinkPlugin',
    first: fresh.magic_link,
    good: [{ enabled: true }, { expires_in: 5 }, { expires_in: 1440 }, { disable_sign_up: true }],
    bad: [['expires_in', 4], ['expires_in', 1441], ['expires_in', 5.5], ['expires_in', '10'], ['enabled', 'true'], ['disable_sign_up', null], ['expiresIn', 10]],
  },
  {
    label: 'plugins/phone-number',
    get: 'getNeonAuthPhoneNumberPlugin',
    update: 'updateNeonAuthPhoneNumberPlugin',
    first: fresh.phone_number,
    good: [{ enabled: true }, { otp_expires_in: 60 }, { otp_expires_in: 600 }],
    bad: [['otp_expires_in', 59], ['otp_expires_in', 601], ['otp_expires_in', '60'], ['enabled', 0], ['allowed_attempts', 5]],
  },
];

for (const { label, get, update, first, good, bad } of settings) {
  describe(label, () => {
    const read = async () => (typeof get === 'string' ? (await api[get](server)).body : (await get()).body);
    const change = (body, options) => api[update](server, { body, ...options });

    it('begins as the contract says', async () => assert.deepEqual(await read(), first));

    it('changes what is sent, and nothing else', async () => {
      let expected = first;
      for (const body of good) {
        expected = { ...expected, ...body };
        const answer = await change(body);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body, expected, JSON.stringify(body));
        assert.deepEqual(await read(), expected);
      }
    });

    it('takes a change of nothing', async () => {
      const answer = await change({});
      assert.deepEqual([answer.status, answer.body], [200, first]);
    });

    it('names the field that is wrong, and then changes nothing', async () => {
      const right = Object.entries(good[0])[0];
      for (const [name, value] of bad) {
        assertRefusal(await change({ [right[0]]: right[1], [name]: value }), 400, new RegExp(`\\b${name}\\b`));
        assert.deepEqual(await read(), first);
      }
    });

    it('takes nothing but an object', async () => {
      for (const raw of ['[]', '"x"', '1', 'null', '{', '{"enabled":tru}', '\u0000']) {
        assertRefusal(await change(undefined, { raw, headers: { 'content-type': 'application/json' } }), 400);
      }
      assertRefusal(await change(undefined, { raw: 'enabled=false', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415);
      assert.deepEqual(await read(), first);
    });

    it('loses none of many changes at once', async () => {
      const merged = Object.assign({}, ...good);
      const answers = await Promise.all(Object.entries(merged).flatMap(([name, value]) => [change({ [name]: value }), change({ [name]: value })]));
      for (const answer of answers) assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(await read(), { ...first, ...merged });
    });
  });
}

describe('in the row', () => {
  it('settings have hosted spelling, and members of others stay', async () => {
    await sql(`UPDATE neon_auth.project_config SET plugin_configs = plugin_configs || '{"own":{"x":1}}', email_and_password = email_and_password || '{"later":[1]}'`);
    await api.updateNeonAuthOrganizationPlugin(server, { body: { organization_limit: 3, creator_role: 'admin' } });
    await api.updateNeonAuthMagicLinkPlugin(server, { body: { enabled: true, expires_in: 30 } });
    await api.updateNeonAuthPhoneNumberPlugin(server, { body: { otp_expires_in: 120 } });
    await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { disable_sign_up: true, email_verification_method: 'link' } });
    assert.deepEqual(await column('plugin_configs'), {
      organization: { enabled: true, config: { creatorRole: 'admin', membershipLimit: 100, organizationLimit: 3, sendInvitationEmail: false } },
      magicLink: { enabled: true, config: { expiresIn: 30, disableSignUp: false } },
      phoneNumber: { enabled: false, config: { otp_expires_in: 120, allowed_attempts: 3 } },
      own: { x: 1 },
    });
    assert.deepEqual(await column('email_and_password'), { ...original.email_and_password, disableSignUp: true, emailVerificationMethod: 'link', later: [1] });
  });

  it('what SQL changes shows in the answers and in the service', async () => {
    await sql(`UPDATE neon_auth.project_config SET email_and_password = email_and_password || '{"disableSignUp":true}', name = 'By SQL'`);
    assert.equal((await api.getNeonAuthEmailAndPasswordConfig(server)).body.disable_sign_up, true);
    assert.equal((await api.getNeonAuth(server)).body.name, 'By SQL');
    await eventually(async () => assert.equal((await trySignUp()).body.code, 'EMAIL_PASSWORD_SIGN_UP_DISABLED'));
  });

  it('columns may be NULL', async () => {
    await sql('UPDATE neon_auth.project_config SET email_and_password = NULL, plugin_configs = NULL');
    const { body } = await api.getNeonAuthPluginConfigs(server);
    assert.deepEqual([body.organization, body.email_and_password], [fresh.organization, fresh.email_and_password]);
    assert.equal((await api.updateNeonAuthOrganizationPlugin(server, { body: { organization_limit: 4 } })).body.organization_limit, 4);
    assert.deepEqual(await column('plugin_configs'), { organization: { config: { organizationLimit: 4 } } });
  });

  it('nonsense is named, and can be mended over the API', async () => {
    await sql(`UPDATE neon_auth.project_config SET email_and_password = '{"enabled":"maybe"}', plugin_configs = '[]'`);
    assertRefusal(await api.getNeonAuthEmailAndPasswordConfig(server), 422, /email_and_password\.enabled/);
    assertRefusal(await api.getNeonAuthPluginConfigs(server), 422, /plugin_configs/);
    assertRefusal(await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { disable_sign_up: false } }), 422, /email_and_password\.enabled/);
    assert.equal((await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { enabled: true } })).status, 200);
    assert.equal((await api.updateNeonAuthOrganizationPlugin(server, { body: { enabled: true } })).status, 200);
    assert.equal((await trySignUp()).status, 200);
  });
});

describe('the very next request sees', () => {
  it('disable_sign_up, on every connection', async () => {
    for (const disable_sign_up of [true, false, true]) {
      const { status } = await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { disable_sign_up } });
      assert.equal(status, 200);
      const answers = await Promise.all(Array.from({ length: 6 }, trySignUp));
      assert.deepEqual(answers.map((answer) => answer.status), answers.map(() => (disable_sign_up ? 400 : 200)));
    }
  });

  it('enabled', async () => {
    const user = await signUp(server.base_url);
    await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { enabled: false } });
    assert.equal((await auth.post('/sign-in/email', { email: user.email, password })).status, 400);
    assert.equal((await auth.get('/get-session', { jar: user.jar })).body.user.id, user.id);
  });

  it('require_email_verification', async () => {
    await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { require_email_verification: true } });
    const answer = await trySignUp();
    assert.deepEqual([answer.status, answer.body.token, answer.cookies], [200, null, []]);
  });

  it('phone numbers in users, while the plugin is on', async () => {
    const user = await signUp(server.base_url);
    await api.updateNeonAuthPhoneNumberPlugin(server, { body: { enabled: true } });
    assert.ok('phoneNumber' in (await auth.get('/get-session', { jar: user.jar })).body.user);
    await api.updateNeonAuthPhoneNumberPlugin(server, { body: { enabled: false } });
    assert.ok(!('phoneNumber' in (await auth.get('/get-session', { jar: user.jar })).body.user));
  });
});

describe('config', () => {
  const rename = (body) => api.updateNeonAuthConfig(server, { body });

  it('gives the application its name', async () => {
    for (const name of ['My App', 'x', 'Grüße 🎉', 'n'.repeat(256)]) {
      const answer = await rename({ name });
      assert.deepEqual([answer.status, answer.body], [200, { name }]);
      assert.equal((await api.getNeonAuth(server)).body.name, name);
      assert.equal(await column('name'), name);
    }
  });

  it('refuses what is no name', async () => {
    for (const body of [{}, { name: '' }, { name: 'n'.repeat(257) }, { name: 5 }, { name: null }, { name: 'a\nb' }, { name: 'a\u0000b' }, { name: 'x', title: 'y' }]) {
      assertRefusal(await rename(body), 400, 'title' in body ? /title/ : /name/);
    }
    assert.equal(await column('name'), original.name);
  });
});

it('GET plugins shows everything together', async () => {
  const { status, body } = await api.getNeonAuthPluginConfigs(server);
  assert.equal(status, 200);
  assert.deepEqual(body, { ...fresh, email_provider: { type: 'shared' }, oauth_providers: [{ id: 'google', type: 'shared' }], allow_localhost: true });
});

describe('where auth is not enabled', () => {
  let plain;
  before(async () => {
    const { body } = await api.createProject({}, { body: { project: {} } });
    plain = { project_id: body.project.id, branch_id: body.branch.id, auth_user_id: '00000000-0000-4000-8000-000000000000', oauth_provider_id: 'google' };
  });
  const calls = {
    listBranchNeonAuthTrustedDomains: undefined,
    addBranchNeonAuthTrustedDomain: { domain: 'https://a.example.com', auth_provider: 'better_auth' },
    deleteBranchNeonAuthTrustedDomain: { auth_provider: 'better_auth', domains: [] },
    getNeonAuthAllowLocalhost: undefined,
    updateNeonAuthAllowLocalhost: { allow_localhost: true },
    listBranchNeonAuthOauthProviders: undefined,
    addBranchNeonAuthOauthProvider: { id: 'google', client_id: 'a', client_secret: 'b' },
    updateBranchNeonAuthOauthProvider: {},
    deleteBranchNeonAuthOauthProvider: undefined,
    getNeonAuthEmailProvider: undefined,
    updateNeonAuthEmailProvider: { type: 'shared' },
    getNeonAuthEmailAndPasswordConfig: undefined,
    updateNeonAuthEmailAndPasswordConfig: {},
    getNeonAuthPluginConfigs: undefined,
    updateNeonAuthOrganizationPlugin: {},
    updateNeonAuthMagicLinkPlugin: {},
    getNeonAuthPhoneNumberPlugin: undefined,
    updateNeonAuthPhoneNumberPlugin: {},
    updateNeonAuthConfig: { name: 'x' },
    getNeonAuthWebhookConfig: undefined,
    updateNeonAuthWebhookConfig: { enabled: false },
    createBranchNeonAuthNewUser: { email: 'a@example.com' },
    deleteBranchNeonAuthUser: undefined,
    updateNeonAuthUserRole: { roles: ['admin'] },
  };
  for (const [operation, body] of Object.entries(calls)) {
    it(`${operation} answers 404, and so it does for an unknown branch, project or key`, async () => {
      assertRefusal(await api[operation](plain, { body }), 404, /not enabled/);
      assertRefusal(await api[operation]({ ...plain, branch_id: 'br-no-such-12345678' }, { body }), 404, /branch not found/);
      assertRefusal(await api[operation]({ ...plain, project_id: 'no-such-12345678' }, { body }), 404, /project not found/);
      assertRefusal(await api[operation](server.branch_id ? { ...plain, ...server } : plain, { body, key: 'wrong' }), 401);
    });
  }
});

it('settings of one branch are nobody else\'s', async () => {
  const { body } = await api.createProject({}, { body: { project: {} } });
  const other = { project_id: body.project.id, branch_id: body.branch.id };
  const enabled = await api.createNeonAuth(other, { body: { auth_provider: 'better_auth' } });
  await api.updateNeonAuthEmailAndPasswordConfig(other, { body: { disable_sign_up: true } });
  assert.equal((await trySignUp()).status, 200);
  assert.equal((await authClient(enabled.body.base_url).post('/sign-up/email', { email: freshEmail(), password, name: 'X' })).status, 400);
  assert.equal((await request(`${server.management_url}/projects/${server.project_id}/branches/${other.branch_id}/auth/plugins`, { headers: { authorization: `Bearer ${server.api_key}` } })).status, 404);
});
