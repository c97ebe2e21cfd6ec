// Organizations: founding, naming, finding, activating and removing them; limits; the claim `o`.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { freshSlug, organizationTools, refused } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings, untilHeard } from '../support/settings.mjs';
import { freshEmail, signIn, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const { client, post, get, must, found, join, invite, activeOf } = organizationTools(server.base_url);
const claims = async (jar) => decodeJwt((await client.get('/token', { jar })).body.token);
const configure = (config) => sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{organization,config}', plugin_configs #> '{organization,config}' || $1)`, [JSON.stringify(config)]).then(untilHeard);

describe('create', () => {
  it('makes the founder its owner and has it active, unless told not to', async () => {
    const { owner, organization } = await found();
    assert.deepEqual(organization.members.map(({ role, userId }) => [role, userId]), [['owner', owner.id]]);
    assert.equal(await activeOf(owner.jar), organization.id);
    const second = await must(post('create', { name: 'Second', slug: freshSlug(), keepCurrentActiveOrganization: true }, owner.jar));
    assert.equal(await activeOf(owner.jar), organization.id);
    assert.deepEqual((await must(get('list', {}, owner.jar))).map(({ id }) => id), [organization.id, second.id]);
  });

  it('takes logo and metadata, and only for the session\'s user', async () => {
    const user = await signUp(server.base_url);
    const other = await signUp(server.base_url);
    const body = await must(post('create', { name: 'A', slug: freshSlug(), logo: null, metadata: { deep: { list: [1, 'a\0'] } }, userId: other.id, id: crypto.randomUUID(), createdAt: '2001-01-01' }, user.jar));
    assert.deepEqual(body.metadata, { deep: { list: [1, 'a\0'] } });
    assert.equal(body.members[0].userId, user.id);
    assert.ok(Date.parse(body.createdAt) > Date.now() - 60_000);
    assert.deepEqual(await must(get('list', {}, other.jar)), []);
  });

  it('refuses malformed bodies', async () => {
    const { jar } = await signUp(server.base_url);
    const slug = freshSlug();
    for (const body of [{}, [], 'x', null, { name: 'A' }, { slug }, { name: '', slug }, { name: 'A', slug: '' }, { name: 1, slug }, { name: 'A', slug, logo: 5 }, { name: 'A', slug, metadata: 'x' }, { name: 'A', slug, metadata: [] }, { name: 'A', slug, metadata: null }, { name: 'A', slug: 's'.repeat(256) }, { name: 'n'.repeat(1025), slug }, { name: 'a\0', slug }, { name: 'A', slug: 'a\0' }, { name: 'A', slug, keepCurrentActiveOrganization: 'no' }]) {
      refused(await post('create', body, jar), 400, 'VALIDATION_ERROR');
    }
    const anonymous = await post('create', { name: 'A', slug });
    assert.deepEqual([anonymous.status, anonymous.text], [401, '']);
  });

  it('S133: one of twenty at once gets the slug', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => signUp(server.base_url)));
    const slug = freshSlug('race');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post('create', { name: 'Race', slug }, users[i % 5].jar)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)]);
    for (const answer of answers.filter(({ status }) => status === 400)) refused(answer, 400, 'ORGANIZATION_ALREADY_EXISTS');
    assert.equal((await sql('SELECT id FROM neon_auth.organization WHERE slug = $1', [slug])).length, 1);
  });

  it('counts memberships against the limit, also those of many requests at once', async () => {
    await configure({ organizationLimit: 3 });
    try {
      const user = await signUp(server.base_url);
      const answers = await Promise.all(Array.from({ length: 12 }, () => post('create', { name: 'A', slug: freshSlug() }, user.jar)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, ...Array(9).fill(403)]);
      refused(await post('create', { name: 'A', slug: freshSlug() }, user.jar), 403, 'YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS');
      assert.equal((await must(get('list', {}, user.jar))).length, 3);
    } finally {
      await configure({ organizationLimit: 10 });
    }
  });

  it('makes the founder what the branch says', async () => {
    await configure({ creatorRole: 'admin' });
    try {
      const { owner, organization } = await found();
      assert.equal(organization.members[0].role, 'admin');
      // In charge all the same: nobody could be, otherwise.
      refused(await post('leave', { organizationId: organization.id }, owner.jar), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
      const second = await join(owner, organization, 'owner');
      assert.equal((await post('delete', { organizationId: organization.id }, second.jar)).status, 200);
    } finally {
      await configure({ creatorRole: 'owner' });
    }
  });
});

describe('check-slug', () => {
  it('answers by POST, and by GET for Neon\'s server SDK', async () => {
    const { owner, organization } = await found();
    for (const ask of [(slug) => post('check-slug', { slug }, owner.jar), (slug) => get('check-slug', { slug }, owner.jar)]) {
      assert.deepEqual((await ask(freshSlug())).body, { status: true });
      refused(await ask(organization.slug), 400, 'ORGANIZATION_SLUG_ALREADY_TAKEN');
      assert.deepEqual((await ask(organization.slug.toUpperCase())).body, { status: true });
    }
    refused(await post('check-slug', {}, owner.jar), 400, 'VALIDATION_ERROR');
    refused(await get('check-slug', {}, owner.jar), 400, 'VALIDATION_ERROR');
    refused(await post('check-slug', { slug: 5 }, owner.jar), 400, 'VALIDATION_ERROR');
    for (const bad of ['%00', '%FF']) assert.equal((await request(`${server.base_url}/organization/check-slug?slug=${bad}`, { jar: owner.jar })).status, 400);
    assert.equal((await post('check-slug', { slug: 'x' })).status, 401);
  });
});

describe('update', () => {
  it('changes what is named', async () => {
    const { owner, organization } = await found();
    const slug = freshSlug();
    const changed = await must(post('update', { organizationId: organization.id, data: { name: 'B', slug, metadata: { a: 1 } } }, owner.jar));
    assert.deepEqual([changed.name, changed.slug, changed.metadata, changed.logo], ['B', slug, { a: 1 }, null]);
    assert.deepEqual((await must(post('update', { data: { logo: 'https://l.test' } }, owner.jar))).logo, 'https://l.test');
    assert.equal((await must(post('update', { data: { logo: null } }, owner.jar))).logo, null);
    assert.equal((await must(post('update', { data: {} }, owner.jar))).name, 'B');
    assert.equal((await must(post('update', { data: { slug } }, owner.jar))).slug, slug);
  });

  it('refuses a slug that is taken, also in a race, and malformed bodies', async () => {
    const [one, two] = [await found(), await found()];
    refused(await post('update', { data: { slug: one.organization.slug } }, two.owner.jar), 400, 'ORGANIZATION_SLUG_ALREADY_TAKEN');
    const slug = freshSlug('race');
    const answers = await Promise.all([one, two, one, two].map(({ owner }) => post('update', { data: { slug } }, owner.jar)));
    assert.equal((await sql('SELECT id FROM neon_auth.organization WHERE slug = $1', [slug])).length, 1);
    assert.ok(answers.every(({ status }) => status === 200 || status === 400));
    for (const body of [{}, { data: 'x' }, { data: { name: '' } }, { data: { slug: '' } }, { data: { name: 5 } }, { data: { metadata: 'x' } }, { data: {}, organizationId: 5 }]) refused(await post('update', body, one.owner.jar), 400, 'VALIDATION_ERROR');
    const nobody = await signUp(server.base_url);
    refused(await post('update', { data: { name: 'X' } }, nobody.jar), 400, 'ORGANIZATION_NOT_FOUND');
    assert.equal((await post('update', { data: { name: 'X' } })).status, 401);
  });
});

describe('delete', () => {
  it('takes members, invitations and everybody\'s active organization along', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    await invite(owner, organization, freshEmail());
    refused(await post('delete', { organizationId: organization.id }, member.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION');
    assert.equal((await must(post('delete', { organizationId: organization.id }, owner.jar))).id, organization.id);
    for (const { jar } of [owner, member]) assert.equal(await activeOf(jar), null);
    for (const table of ['member', 'invitation']) assert.deepEqual(await sql(`SELECT id FROM neon_auth.${table} WHERE "organizationId" = $1`, [organization.id]), []);
    refused(await post('delete', { organizationId: organization.id }, owner.jar), 400, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
    for (const body of [{}, { organizationId: 5 }, { organizationId: null }]) refused(await post('delete', body, owner.jar), 400, 'VALIDATION_ERROR');
    refused(await post('delete', { organizationId: '' }, owner.jar), 400, 'ORGANIZATION_NOT_FOUND');
    assert.equal((await post('delete', { organizationId: organization.id })).status, 401);
  });
});

describe('get-full-organization and set-active', () => {
  it('by id, by slug, and for the active one', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    for (const query of [{}, { organizationId: organization.id }, { organizationSlug: organization.slug }]) {
      const full = await must(get('get-full-organization', query, owner.jar));
      assert.deepEqual(full.members.map(({ user }) => user.email), [owner.email, member.email]);
    }
    assert.equal((await must(get('get-full-organization', { membersLimit: '1' }, owner.jar))).members.length, 1);
    for (const query of [{ organizationId: crypto.randomUUID() }, { organizationId: 'nope' }, { organizationSlug: 'nope' }]) refused(await get('get-full-organization', query, owner.jar), 400, 'ORGANIZATION_NOT_FOUND');
    assert.equal((await get('get-full-organization')).status, 401);
    assert.equal((await request(`${server.base_url}/organization/get-full-organization?organizationSlug=%FF`, { jar: owner.jar })).status, 400);
  });

  it('set-active by id, slug and null', async () => {
    const { owner, organization } = await found();
    const second = await must(post('create', { name: 'B', slug: freshSlug() }, owner.jar));
    await must(post('set-active', { organizationId: organization.id }, owner.jar));
    assert.equal(await activeOf(owner.jar), organization.id);
    await must(post('set-active', { organizationSlug: second.slug }, owner.jar));
    assert.equal(await activeOf(owner.jar), second.id);
    assert.equal((await post('set-active', {}, owner.jar)).body.id, second.id);
    assert.equal((await post('set-active', { organizationId: null }, owner.jar)).text, 'null');
    assert.equal(await activeOf(owner.jar), null);
    for (const body of [{ organizationId: null }, {}]) assert.equal((await post('set-active', body, owner.jar)).text, 'null');
    for (const organizationId of [crypto.randomUUID(), 'nope']) refused(await post('set-active', { organizationId }, owner.jar), 403, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
    refused(await post('set-active', { organizationSlug: 'nope' }, owner.jar), 400, 'ORGANIZATION_NOT_FOUND');
    for (const body of [{ organizationId: 5 }, { organizationSlug: [] }, 'x']) refused(await post('set-active', body, owner.jar), 400, 'VALIDATION_ERROR');
    assert.equal((await post('set-active', { organizationId: organization.id })).status, 401);
  });

  it('is each session\'s own', async () => {
    const { owner, organization } = await found();
    const other = await signIn(server.base_url, owner);
    assert.deepEqual([await activeOf(owner.jar), await activeOf(other.jar)], [organization.id, null]);
  });
});

describe('the claim o', () => {
  it('tells the active organization, its slug and the role, and nothing without one', async () => {
    const { owner, organization } = await found();
    const expected = { id: organization.id, slug: organization.slug, role: 'owner' };
    assert.deepEqual((await claims(owner.jar)).o, expected);
    assert.deepEqual(decodeJwt((await client.get('/get-session', { jar: owner.jar })).headers['set-auth-jwt']).o, expected);
    assert.equal((await claims(owner.jar)).role, 'authenticated');
    await post('set-active', { organizationId: null }, owner.jar);
    assert.equal((await claims(owner.jar)).o, undefined);
  });

  it('follows the role, and ends with the membership, also by SQL', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    assert.equal((await claims(member.jar)).o.role, 'member');
    await post('update-member-role', { memberId: member.memberId, role: 'admin', organizationId: organization.id }, owner.jar);
    assert.equal((await claims(member.jar)).o.role, 'admin');
    await sql('DELETE FROM neon_auth.member WHERE id = $1', [member.memberId]);
    assert.equal((await claims(member.jar)).o, undefined);
    await sql(`UPDATE neon_auth.session SET "activeOrganizationId" = 'nonsense' WHERE token = $1`, [member.token]);
    assert.equal((await claims(member.jar)).o, undefined);
  });

  it('is there in a session that the cookie cache answers', async () => {
    await changeSettings(sql, { advanced: { cookies: { cacheMaxAge: 300 } } });
    try {
      const { owner, organization } = await found();
      const { jar } = await signIn(server.base_url, owner);
      await must(post('set-active', { organizationId: organization.id }, jar));
      const seen = await client.get('/get-session', { jar });
      assert.deepEqual(decodeJwt(seen.headers['set-auth-jwt']).o, { id: organization.id, slug: organization.slug, role: 'owner' });
      assert.ok(jar.get('session_data'));
    } finally {
      await changeSettings(sql, { advanced: { cookies: { cacheMaxAge: 0 } } });
    }
  });
});

it('has-permission asks the role in the organization', async () => {
  const { owner, organization } = await found();
  const member = await join(owner, organization);
  const ask = async (body, jar) => (await post('has-permission', body, jar)).body;
  assert.deepEqual(await ask({ permissions: { organization: ['delete'] } }, owner.jar), { error: null, success: true });
  assert.equal((await ask({ permissions: { member: ['create', 'delete'], ac: ['read'] }, organizationId: organization.id }, owner.jar)).success, true);
  for (const permissions of [{ organization: ['update'] }, { invitation: ['create'] }, { rocket: ['launch'] }, {}]) assert.equal((await ask({ permissions }, member.jar)).success, false);
  assert.equal((await ask({ permission: { organization: ['update'] } }, owner.jar)).success, false);
  const stranger = await signUp(server.base_url);
  refused(await post('has-permission', { permissions: { ac: ['read'] } }, stranger.jar), 400, 'NO_ACTIVE_ORGANIZATION');
  refused(await post('has-permission', { permissions: { ac: ['read'] }, organizationId: organization.id }, stranger.jar), 401, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
  for (const body of [{}, { permissions: 5 }, { permissions: { a: 'b' } }, { permission: {}, permissions: {} }]) refused(await post('has-permission', body, owner.jar), 400, 'VALIDATION_ERROR');
});

it('the plugin can be off: no route is there, and no claim', async () => {
  const { owner } = await found();
  const off = (enabled) => sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{organization,enabled}', $1)`, [JSON.stringify(enabled)]).then(untilHeard);
  await off(false);
  try {
    for (const path of ['list', 'get-full-organization', 'list-members', 'get-active-member', 'get-active-member-role', 'get-invitation', 'list-invitations', 'list-user-invitations', 'check-slug']) assert.equal((await get(path, {}, owner.jar)).status, 404, path);
    for (const path of ['create', 'check-slug', 'update', 'delete', 'set-active', 'update-member-role', 'remove-member', 'leave', 'invite-member', 'accept-invitation', 'reject-invitation', 'cancel-invitation', 'has-permission']) assert.equal((await post(path, {}, owner.jar)).status, 404, path);
    assert.equal((await claims(owner.jar)).o, undefined);
  } finally {
    await off(true);
  }
  assert.equal((await get('list', {}, owner.jar)).status, 200);
});
