// Organizations to test with.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { authClient } from './http.mjs';
import { signUp } from './users.mjs';

export const freshSlug = (name = 'org') => `${name}-${crypto.randomBytes(6).toString('hex')}`;

export function organizationTools(base) {
  const client = authClient(base);
  const post = (path, body, jar) => client.post(`/organization/${path}`, body, { jar });
  const get = (path, query, jar) => client.get(`/organization/${path}`, { query, jar });
  const must = async (answer) => {
    const { status, body, text } = await answer;
    assert.equal(status, 200, text);
    return body;
  };

  return {
    client,
    post,
    get,
    must,
    /** An owner and their organization; `owner.memberId` is theirs. */
    async found(name = 'Acme') {
      const owner = await signUp(base);
      const organization = await must(post('create', { name, slug: freshSlug() }, owner.jar));
      owner.memberId = organization.members[0].id;
      return { owner, organization };
    },
    invite: (inviter, organization, email, role = 'member', more = {}) => post('invite-member', { email, role, organizationId: organization.id, ...more }, inviter.jar),
    /** Somebody new who accepted an invitation. */
    async join(owner, organization, role = 'member') {
      const user = await signUp(base);
      const invitation = await must(post('invite-member', { email: user.email, role, organizationId: organization.id }, owner.jar));
      const { member } = await must(post('accept-invitation', { invitationId: invitation.id }, user.jar));
      return { ...user, memberId: member.id };
    },
    activeOf: async (jar) => (await client.get('/get-session', { jar })).body?.session.activeOrganizationId,
  };
}

export const refused = (answer, status, code, message) => {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
  if (message) assert.equal(answer.body.message, message);
};
