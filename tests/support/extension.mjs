// A client of what the management API has beyond the published contract. Every exchange is held to the server's own document.
import assert from 'node:assert/strict';
import { request } from './http.mjs';
import { openApiChecker } from './openapi.mjs';

/** `call('GET', '/webhooks/deliveries', {query, body, key})`, below the auth settings of a branch. */
export async function extensionClient({ management_url, api_key, project_id, branch_id }) {
  const check = await openApiChecker({ management_url });
  return async (method, below, { query, body, raw, key = api_key, branch = branch_id, project = project_id } = {}) => {
    const path = `/projects/${project}/branches/${branch}/auth${below}`;
    const answer = await request(`${management_url}${path}${query ? `?${new URLSearchParams(query)}` : ''}`, {
      method, body, raw, timeout: 30_000,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(raw === undefined ? {} : { 'content-type': 'application/json' }) },
    });
    if (answer.status < 300) check({ method, path, status: answer.status, sent: body, body: answer.body });
    else assert.ok(answer.body?.message, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
}
