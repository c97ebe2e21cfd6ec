// SQL as a user of the branch: the connection string from the panel or the management API, nothing else.
import pg from 'pg';

// Timestamps as text: tests compare what is stored, not what a driver makes of it.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text);

/** `sslmode=require` as libpq means it: encrypted, with whatever certificate the server made for itself. */
function asLibpq(connectionUri) {
  const uri = new URL(connectionUri);
  if (uri.searchParams.get('sslmode') === 'require') uri.searchParams.set('uselibpqcompat', 'true');
  return uri.toString();
}

export async function connect(connectionUri) {
  const client = new pg.Client({ connectionString: asLibpq(connectionUri) });
  // A server that is stopped or killed on purpose takes its connections along; queries under way fail by themselves.
  client.on('error', () => {});
  await client.connect();
  return client;
}
