// Branches for tests: made over the management API, used over their own addresses.
import assert from 'node:assert/strict';
import { connect } from './connect.mjs';

/** Makes a branch with an endpoint; the result has the answer's parts, the base_url, and the connection string. */
export async function createBranch(api, project_id, branch = {}, extra = {}) {
  const answer = await api.createProjectBranch({ project_id }, { body: { branch, endpoints: [{ type: 'read_write' }], ...extra } });
  assert.equal(answer.status, 201, answer.text);
  const ids = { project_id, branch_id: answer.body.branch.id };
  const auth = await api.getNeonAuth(ids);
  return { ...answer.body, ids, base_url: auth.body?.base_url, uri: answer.body.connection_uris?.[0].connection_uri };
}

export async function query(uri, text, values) {
  const client = await connect(uri);
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
