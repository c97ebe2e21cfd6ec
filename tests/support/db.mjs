// One connection per test file, opened when first used: `const sql = useDatabase(server); await sql('SELECT ...')`.
import { after } from 'node:test';
import { connect } from './connect.mjs';

export function useDatabase(server) {
  let opening = null;
  after(async () => (await opening)?.end().catch(() => {})); // The server may be gone already.
  return async (text, values = []) => {
    opening ??= connect(server.connection_uri);
    const client = await opening;
    const { rows } = await client.query(text, values);
    return rows;
  };
}
