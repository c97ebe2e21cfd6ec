// The paths of a project's auth, as the earlier Neon Auth had them: every answer is checked against Neon's published document.
import assert from 'node:assert/strict';
import { request } from './http.mjs';
import { legacyClient } from './legacy_app.mjs';
import { assertPublished, findOperation } from './published_contract.mjs';

/** `call('POST', '/projects/auth/keys', body)`; paths that are ours alone are not in the document. */
export function projectAuth({ management_url, api_key }) {
  return async (method, path, body, { key = api_key, raw } = {}) => {
    const answer = await request(`${management_url}${path}`, {
      method, body, raw, timeout: 30_000,
      headers: { authorization: `Bearer ${key}`, ...(raw ? { 'content-type': 'application/json' } : {}) },
    });
    const operation = findOperation(method, path);
    if (operation) assertPublished(operation, answer);
    return answer;
  };
}

/** A project of one's own with a legacy integration on its branch. */
export async function newLegacyProject(call, name = 'legacy') {
  const made = await call('POST', '/projects', { project: { name } });
  assert.equal(made.status, 201, made.text);
  const project_id = made.body.project.id;
  const branch_id = made.body.branch.id;
  const created = await call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id, branch_id });
  assert.equal(created.status, 201, created.text);
  return { project_id, branch_id, uri: made.body.connection_uris[0].connection_uri, auth: `/projects/${project_id}/auth`, ...created.body };
}

/** The provider's own API with one pair of keys, as apps call it. */
export const appOf = ({ auth_provider_project_id: projectId, pub_client_key: publishableKey, secret_server_key: secretKey, base_url: origin }, access = 'client') =>
  legacyClient({ projectId, publishableKey, secretKey, origin }, { access });

/** A user of the legacy provider as its own tables have them, written with SQL: what the API would take long to make in numbers. */
export async function insertLegacyUsers(query, uri, users) {
  for (const { id, name = null, image = null, password, email, verified = false, forAuth = true, oauth = [] } of users) {
    await query(uri, `
      INSERT INTO stack_auth."user" (id, display_name, profile_image_url, password_hash, signed_up_at, last_active_at)
      VALUES ($1, $2, $3, $4, now(), now())`, [id, name, image, password ?? null]);
    if (email) {
      await query(uri, `INSERT INTO stack_auth.contact_channel (user_id, value, is_primary, is_verified, used_for_auth, created_at)
                        VALUES ($1, $2, true, $3, $4, now())`, [id, email, verified, forAuth]);
    }
    for (const { provider, account } of oauth) {
      await query(uri, 'INSERT INTO stack_auth.oauth_account (user_id, provider_id, account_id, created_at) VALUES ($1, $2, $3, now())', [id, provider, account]);
    }
  }
}
