export default [
  {
    id: 'list-users-queries',
    async run(t) {
      const a = await t.admin('boss');
      for (const n of ['ann', 'ben', 'cat']) await t.user(n, { name: `${n.toUpperCase()}-${t.run}` });
      await t.must('POST', '/admin/ban-user', { body: { userId: (await t.user('dan')).id, banReason: 'r' }, jar: a.jar });
      const ids = (await t.send('GET', '/admin/list-users', { jar: a.jar, query: { searchValue: t.run, sortBy: 'email' } })).body.users.map((u) => u.id);
      const list = async (name, query) => {
        const r = await t.send('GET', '/admin/list-users', { jar: a.jar, query });
        const { users, ...rest } = r.body ?? {};
        return t.check(name, { status: r.status, ...rest, users: users?.map((u) => u.email.split('.')[0]) });
      };
      const mine = { searchValue: t.run, sortBy: 'email' };
      await list('sorted without a direction', mine);
      await list('by name', { searchValue: t.run, searchField: 'name', sortBy: 'name', sortDirection: 'desc' });
      await list('by createdAt', { searchValue: t.run, sortBy: 'createdAt', sortDirection: 'asc' });
      await list('by createdAt, newest', { searchValue: t.run, sortBy: 'createdAt', sortDirection: 'desc', limit: '2' });
      await list('limit zero', { ...mine, limit: '0' });
      await list('search is case-sensitive', { searchValue: `ANN-${t.run}`, searchField: 'name' });
      await list('search is case-sensitive 2', { searchValue: `ann-${t.run}`, searchField: 'name' });
      await list('ends_with', { searchValue: '@example.test', searchOperator: 'ends_with', filterField: 'email', filterOperator: 'contains', filterValue: t.run, sortBy: 'email' });
      await list('starts_with', { ...mine, searchValue: 'ann.', searchOperator: 'starts_with', filterField: 'email', filterOperator: 'ends_with', filterValue: `${t.run}@example.test` });
      for (const op of ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains', 'starts_with', 'ends_with']) {
        await list(`filter email ${op}`, { ...mine, filterField: 'email', filterOperator: op, filterValue: t.email('ben') });
      }
      await list('filter without an operator', { ...mine, filterField: 'email', filterValue: t.email('ben') });
      await list('filter without a value', { ...mine, filterField: 'email' });
      await list('filter without a field', { ...mine, filterValue: t.email('ben') });
      await list('filter role', { ...mine, filterField: 'role', filterOperator: 'ne', filterValue: 'admin' });
      await list('filter banned', { ...mine, filterField: 'banned', filterOperator: 'eq', filterValue: 'true' });
      await list('filter not banned', { ...mine, filterField: 'banned', filterOperator: 'eq', filterValue: 'false' });
      await list('filter verified', { ...mine, filterField: 'emailVerified', filterOperator: 'eq', filterValue: 'false' });
      await list('filter id', { ...mine, filterField: 'id', filterOperator: 'eq', filterValue: ids[0] });
      await list('filter _id', { ...mine, filterField: '_id', filterOperator: 'eq', filterValue: ids[0] });
      await list('filter createdAt', { ...mine, filterField: 'createdAt', filterOperator: 'gt', filterValue: '2020-01-01T00:00:00.000Z' });
      await list('filter createdAt older', { ...mine, filterField: 'createdAt', filterOperator: 'lt', filterValue: '2020-01-01' });
      await list('filter name', { ...mine, filterField: 'name', filterOperator: 'contains', filterValue: 'BEN' });
      await list('search in an empty value', { searchValue: '', filterField: 'email', filterOperator: 'contains', filterValue: t.run, sortBy: 'email' });
      await list('negative limit', { ...mine, limit: '-1' });
      await list('limit with text', { ...mine, limit: '2x' });
      await list('huge limit', { ...mine, limit: '100000' });
      await list('offset zero', { ...mine, offset: '0', limit: '1' });
      await list('unknown filter field', { ...mine, filterField: 'nope', filterOperator: 'eq', filterValue: 'x' });
      await t.get('sortDirection invalid', '/admin/list-users', { jar: a.jar, query: { sortDirection: 'up' } });
      await t.get('filterOperator invalid', '/admin/list-users', { jar: a.jar, query: { filterOperator: 'like' } });
      await t.get('searchField invalid', '/admin/list-users', { jar: a.jar, query: { searchField: 'phoneNumber' } });
    },
  },
  {
    id: 'create-user-data',
    async run(t) {
      const a = await t.admin('boss');
      const make = (name, body) => t.post(name, '/admin/create-user', { email: t.email(`u${t.steps.length}`), password: t.password, name: 'U', ...body }, { jar: a.jar });
      await make('image', { data: { image: 'https://img.example/x.png' } });
      await make('verified', { data: { emailVerified: true } });
      await make('name in data', { data: { name: 'Other' } });
      await make('email in data', { data: { email: t.email('other') } });
      await make('role in data', { data: { role: 'admin' } });
      await make('role in both', { role: 'user', data: { role: 'admin' } });
      await make('banned', { data: { banned: true, banReason: 'born bad' } });
      await make('unknown member', { data: { shoeSize: 44 } });
      await make('id in data', { data: { id: t.uuid() } });
      await make('phone', { data: { phoneNumber: t.phone('p') } });
      await make('phoneNumberVerified', { data: { phoneNumberVerified: true } });
      await make('createdAt', { data: { createdAt: '2020-01-01T00:00:00.000Z' } });
      await make('short password', { password: 'short' });
      await make('long password', { password: 'x'.repeat(129) });
      await make('empty password', { password: '' });
      await make('empty name', { name: '' });
      await make('roles with a comma', { role: 'user,admin' });
      await make('address in capitals', { email: t.email('CAPS') });
    },
  },
  {
    id: 'update-user-data',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('worker');
      const other = await t.user('other');
      const put = (name, data, opts) => t.post(name, '/admin/update-user', { userId: u.id, data }, { jar: a.jar, ...opts });
      await put('name and image', { name: 'N', image: 'https://img.example/x.png' });
      await put('image null', { image: null });
      await put('role', { role: 'admin' });
      await put('roles', { role: ['user', 'admin'] });
      await put('back', { role: 'user' });
      await put('verified', { emailVerified: true });
      await put('email in capitals', { email: t.email('RENAMED') });
      await put('verified again', { emailVerified: true });
      await put('email taken', { email: other.email });
      await put('email invalid', { email: 'x' });
      await put('password', { password: 'brand-new-9' });
      await put('banned', { banned: true, banReason: 'r' });
      await t.get('session after a ban by update', '/get-session', { jar: u.jar });
      await put('unbanned', { banned: false });
      await put('unknown member', { shoeSize: 44 });
      await put('unknown and known', { shoeSize: 44, name: 'K' });
      await put('id', { id: t.uuid() });
      await put('phone', { phoneNumber: t.phone('p') });
      await put('name null', { name: null }, { quirk: 'the reference fails' });
      await put('no data', undefined);
      await put('data is a text', 'x');
      await t.post('unknown user', '/admin/update-user', { userId: t.uuid(), data: { name: 'X' } }, { jar: a.jar });
      await t.post('as a plain user', '/admin/update-user', { userId: u.id, data: { name: 'X' } }, { jar: other.jar });
      await t.post('oneself as a plain user', '/admin/update-user', { userId: other.id, data: { name: 'X' } }, { jar: other.jar });
      await t.post('own role', '/admin/update-user', { userId: a.id, data: { role: 'user' } }, { jar: a.jar });
      await t.get('is an admin no more', '/admin/list-users', { jar: a.jar });
    },
  },
  {
    id: 'ban-details',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('troll');
      const ban = (name, body) => t.post(name, '/admin/ban-user', { userId: u.id, ...body }, { jar: a.jar });
      await ban('for a second', { banExpiresIn: 1 });
      await t.post('sign-in', '/sign-in/email', { email: u.email, password: u.password });
      await t.sleep(1100);
      const jar = t.jar();
      await t.post('sign-in after the ban', '/sign-in/email', { email: u.email, password: u.password }, { jar });
      await t.get('flags are cleared', '/get-session', { jar });
      await ban('zero', { banExpiresIn: 0 });
      await t.post('unban', '/admin/unban-user', { userId: u.id }, { jar: a.jar });
      await ban('negative', { banExpiresIn: -5 });
      await t.post('unban 2', '/admin/unban-user', { userId: u.id }, { jar: a.jar });
      await ban('fraction', { banExpiresIn: 1.5 });
      await t.post('unban 3', '/admin/unban-user', { userId: u.id }, { jar: a.jar });
      await ban('empty reason', { banReason: '' });
      await t.post('unban twice', '/admin/unban-user', { userId: u.id }, { jar: a.jar });
      await t.post('unban twice again', '/admin/unban-user', { userId: u.id }, { jar: a.jar });
      await t.post('unban an unknown one', '/admin/unban-user', { userId: t.uuid() }, { jar: a.jar });
      await ban('ban for ways in', { banReason: 'ways' });
      await t.must('POST', '/email-otp/send-verification-otp', { body: { email: u.email, type: 'sign-in' } });
      const m = await t.fetchMail(u.email);
      t.codes.add(m.code);
      await t.post('by code', '/sign-in/email-otp', { email: u.email, otp: m.code });
      await t.must('POST', '/sign-in/magic-link', { body: { email: u.email, callbackURL: '/in' } });
      const l = await t.fetchMail(u.email);
      await t.get('by link', l.link);
      await t.post('wrong password', '/sign-in/email', { email: u.email, password: 'wrong-one-1' });
      await t.post('reset is possible', '/request-password-reset', { email: u.email });
      const b = await t.admin('boss2');
      await t.post('ban another admin', '/admin/ban-user', { userId: b.id }, { jar: a.jar });
      await t.post('impersonate a banned one', '/admin/impersonate-user', { userId: u.id }, { jar: a.jar });
    },
  },
  {
    id: 'impersonation-details',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('worker');
      const jar = t.jar();
      await t.must('POST', '/sign-in/email', { body: { email: a.email, password: a.password, rememberMe: false }, jar });
      await t.post('not remembered admin', '/admin/impersonate-user', { userId: u.id }, { jar, save: { impToken: 'body.session.token' } });
      await t.post('twice', '/admin/impersonate-user', { userId: u.id }, { jar });
      await t.post('update-user while impersonating', '/update-user', { name: 'By Boss' }, { jar });
      await t.get('list-sessions', '/list-sessions', { jar, unordered: ['body.json'] });
      await t.post('change-password', '/change-password', { currentPassword: 'wrong', newPassword: 'brand-new-9' }, { jar });
      await t.post('stop', '/admin/stop-impersonating', {}, { jar });
      await t.get('admin again', '/get-session', { jar });
      await t.post('stop without any session', '/admin/stop-impersonating', {});
      await t.post('by a bearer', '/admin/impersonate-user', { userId: u.id }, { bearer: a.token });
      await t.post('oneself', '/admin/impersonate-user', { userId: a.id }, { jar: a.jar });
      await t.post('sign out while impersonating', '/admin/impersonate-user', { userId: u.id }, { jar: a.jar });
      await t.post('signs out', '/sign-out', {}, { jar: a.jar });
      await t.get('nobody', '/get-session', { jar: a.jar });
    },
  },
  {
    id: 'sessions-and-passwords',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('worker');
      await t.post('revoke an unknown session', '/admin/revoke-user-session', { sessionToken: 'nope' }, { jar: a.jar });
      await t.post('revoke sessions of an unknown user', '/admin/revoke-user-sessions', { userId: t.uuid() }, { jar: a.jar });
      await t.post('set password of an unknown user', '/admin/set-user-password', { userId: t.uuid(), newPassword: 'brand-new-9' }, { jar: a.jar });
      await t.post('set a long password', '/admin/set-user-password', { userId: u.id, newPassword: 'x'.repeat(129) }, { jar: a.jar });
      await t.post('set password', '/admin/set-user-password', { userId: u.id, newPassword: 'brand-new-9' }, { jar: a.jar });
      await t.get('session lives on', '/get-session', { jar: u.jar });
      const n = await t.send('POST', '/admin/create-user', { body: { email: t.email('bare'), name: 'Bare' }, jar: a.jar });
      await t.post('first password', '/admin/set-user-password', { userId: n.body.user.id, newPassword: 'brand-new-9' }, { jar: a.jar });
      await t.post('sign in with it', '/sign-in/email', { email: t.email('bare'), password: 'brand-new-9' });
      await t.post('own password', '/admin/set-user-password', { userId: a.id, newPassword: 'brand-new-9' }, { jar: a.jar });
      await t.post('list own sessions', '/admin/list-user-sessions', { userId: a.id }, { jar: a.jar });
      await t.get('get-user by a plain user', '/admin/get-user', { jar: u.jar, query: { id: u.id } });
      await t.get('get-user without session', '/admin/get-user', { query: { id: u.id } });
      await t.get('get-user without session or id', '/admin/get-user');
      await t.post('remove by a plain user', '/admin/remove-user', { userId: u.id }, { jar: u.jar });
      await t.post('remove an unknown one', '/admin/remove-user', { userId: t.uuid() }, { jar: a.jar });
    },
  },
  {
    id: 'permissions',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('worker');
      const ask = (name, body, who = a) => t.line(name, 'POST', '/admin/has-permission', { body, jar: who?.jar });
      for (const action of ['create', 'list', 'set-role', 'ban', 'impersonate', 'impersonate-admins', 'delete', 'set-password', 'set-email', 'get', 'update']) await ask(`admin user ${action}`, { permissions: { user: [action] } });
      for (const action of ['list', 'revoke', 'delete']) await ask(`admin session ${action}`, { permissions: { session: [action] } });
      await ask('empty permissions', { permissions: {} });
      await ask('empty list', { permissions: { user: [] } });
      await ask('empty list, plain', { permissions: { user: [] } }, u);
      await ask('role named', { role: 'admin', permissions: { user: ['create'] } }, u);
      await ask('user named', { userId: a.id, permissions: { user: ['create'] } }, u);
      await ask('unknown role named', { role: 'wizard', permissions: { user: ['create'] } }, a);
      await ask('both spellings', { permission: { user: ['list'] }, permissions: { user: ['list'] } });
      await ask('some known', { permissions: { user: ['create', 'fly'] } });
      await t.line('nobody with a role', 'POST', '/admin/has-permission', { body: { role: 'admin', permissions: { user: ['create'] } } });
      await t.line('list of numbers', 'POST', '/admin/has-permission', { body: { permissions: { user: [1] } }, jar: a.jar });
      await t.line('text instead of a list', 'POST', '/admin/has-permission', { body: { permissions: { user: 'create' } }, jar: a.jar });
    },
  },
];
