// Administrators to test with: the first one of a branch is made by SQL or the management API.
import { signUp } from './users.mjs';

export async function signUpAdmin(base, sql, options) {
  const admin = await signUp(base, options);
  await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [admin.id]);
  return admin;
}
