const names = (r, field = 'members') => r.body?.[field]?.map?.((m) => m.user?.email?.split('.')[0] ?? m.email?.split('.')[0]);

export default [
  {
    id: 'create-variants',
    async run(t) {
      const u = await t.user('alice');
      let n = 0;
      const make = (name, body) => t.post(name, '/organization/create', { name: 'Org', slug: t.slug(`s${n++}`), ...body }, { jar: u.jar });
      await make('bare', {});
      await make('keeps the active one', { keepCurrentActiveOrganization: true });
      await t.get('still the first', '/get-session', { jar: u.jar });
      await make('metadata nested', { metadata: { a: { b: [1, 'x', null, true] }, é: '🦊' } });
      await make('metadata empty', { metadata: {} });
      await make('logo null', { logo: null });
      await make('logo empty', { logo: '' });
      await make('slug in capitals', { slug: `UPPER-${t.run}` });
      const own = (await t.send('GET', '/organization/list', { jar: u.jar })).body;
      await t.must('POST', '/organization/delete', { body: { organizationId: own.find((o) => o.slug === t.slug('s0')).id }, jar: u.jar });
      await make('slug with a slash', { slug: `a/b ${t.run}` });
      await make('userId of somebody else', { userId: t.uuid() });
      await t.post('check-slug in other case', '/organization/check-slug', { slug: `upper-${t.run}` }, { jar: u.jar });
      await t.post('check-slug without session', '/organization/check-slug', { slug: t.slug('zz') });
      await t.get('list', '/organization/list', { jar: u.jar, unordered: ['body.json'] });
      await t.post('by bearer', '/organization/create', { name: 'Org', slug: t.slug('bearer') }, { bearer: u.token });
      await t.post('userId without session', '/organization/create', { name: 'Org', slug: t.slug('nosession'), userId: u.id });
    },
  },
  {
    id: 'update-variants',
    async run(t) {
      const u = await t.user('alice');
      const o = await t.org(u, 'one', { metadata: { a: 1 }, logo: 'https://img.example/l.png' });
      await t.org(u, 'two');
      const put = (name, data, extra = {}) => t.post(name, '/organization/update', { organizationId: o.id, data, ...extra }, { jar: u.jar });
      await put('name', { name: 'New' });
      await put('same slug', { slug: o.slug });
      await put('taken slug', { slug: t.slug('two') });
      await put('empty name', { name: '' });
      await put('empty slug', { slug: '' });
      await put('logo null', { logo: null });
      await put('metadata null', { metadata: null });
      await put('metadata text', { metadata: 'x' });
      await put('metadata empty', { metadata: {} });
      await put('name and unknown', { name: 'K', shoeSize: 44 });
      await put('id', { id: t.uuid(), name: 'L' });
      await put('createdAt', { createdAt: '2020-01-01T00:00:00.000Z', name: 'M' });
      await t.post('no data', '/organization/update', { organizationId: o.id }, { jar: u.jar });
      await t.post('unknown organization', '/organization/update', { organizationId: t.uuid(), data: { name: 'X' } }, { jar: u.jar });
      await t.get('full', '/organization/get-full-organization', { jar: u.jar, query: { organizationId: o.id } });
      await t.post('without session', '/organization/update', { organizationId: o.id, data: { name: 'X' } });
      await t.post('delete without session', '/organization/delete', { organizationId: o.id });
      await t.post('delete by slug', '/organization/delete', { organizationSlug: o.slug }, { jar: u.jar });
      await t.post('delete an unknown one', '/organization/delete', { organizationId: t.uuid() }, { jar: u.jar });
      await t.post('delete', '/organization/delete', { organizationId: o.id }, { jar: u.jar });
      await t.post('delete twice', '/organization/delete', { organizationId: o.id }, { jar: u.jar });
    },
  },
  {
    id: 'full-and-active',
    async run(t) {
      const u = await t.user('alice');
      const a = await t.org(u, 'one');
      const b = await t.org(u, 'two');
      await t.member(u, a, 'mel');
      const full = (name, query, jar = u.jar) => t.get(name, '/organization/get-full-organization', { jar, query, unordered: ['body.json.members', 'body.json.invitations'] });
      await full('active', {});
      await full('by id', { organizationId: a.id });
      await full('by slug', { organizationSlug: a.slug });
      await full('both', { organizationId: a.id, organizationSlug: b.slug });
      await full('unknown slug', { organizationSlug: 'nope' });
      await full('unknown id', { organizationId: t.uuid() });
      const few = await t.send('GET', '/organization/get-full-organization', { jar: u.jar, query: { organizationId: a.id, membersLimit: '1' } });
      t.check('membersLimit', few.body?.members?.length);
      await full('membersLimit text', { organizationId: a.id, membersLimit: 'x' });
      await full('empty id', { organizationId: '' });
      const set = (name, body, jar = u.jar) => t.post(name, '/organization/set-active', body, { jar });
      await set('nothing', {});
      await set('unknown slug', { organizationSlug: 'nope' });
      await set('slug in capitals', { organizationSlug: a.slug.toUpperCase() });
      await set('both, differing', { organizationId: a.id, organizationSlug: b.slug });
      await set('null', { organizationId: null });
      await set('nothing when none is active', {});
      await set('slug and null', { organizationId: null, organizationSlug: b.slug });
      await t.post('without session', '/organization/set-active', { organizationId: a.id });
      const s = await t.user('stranger');
      await set('stranger by slug', { organizationSlug: a.slug }, s.jar);
      await full('stranger by slug', { organizationSlug: a.slug }, s.jar);
      await full('stranger without any', {}, s.jar);
      await t.get('active member of a stranger', '/organization/get-active-member', { jar: s.jar });
      await t.get('active member without session', '/organization/get-active-member');
      await t.get('active role of a stranger', '/organization/get-active-member-role', { jar: s.jar });
      await t.get('active role of a stranger in it', '/organization/get-active-member-role', { jar: s.jar, query: { organizationId: a.id } });
      await t.get('active role by slug', '/organization/get-active-member-role', { jar: u.jar, query: { organizationSlug: a.slug } });
      await t.get('active role of an unknown user', '/organization/get-active-member-role', { jar: u.jar, query: { organizationId: a.id, userId: t.uuid() } });
      await t.get('active role without session', '/organization/get-active-member-role');
    },
  },
  {
    id: 'invitation-variants',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const inv = (name, body, opts = {}) => t.post(name, '/organization/invite-member', { role: 'member', organizationId: org.id, ...body }, { jar: o.jar, ...opts });
      const a = await inv('capitals', { email: t.email('ANN') }, { save: { annInv: 'body.id' } });
      await inv('again', { email: t.email('ann') });
      await inv('again with resend', { email: t.email('ann'), resend: true });
      await inv('again with resend and another role', { email: t.email('ann'), resend: true, role: 'admin' });
      await inv('two roles', { email: t.email('ben'), role: ['member', 'admin'] });
      await inv('roles with a comma', { email: t.email('cat'), role: 'member,admin' });
      await inv('owner', { email: t.email('dan'), role: 'owner' });
      await inv('some unknown', { email: t.email('eve'), role: ['member', 'wizard'] });
      await inv('oneself', { email: o.email });
      await inv('team', { email: t.email('fay'), teamId: t.uuid() });
      await inv('active one', { email: t.email('gil'), organizationId: undefined });
      await t.get('list', '/organization/list-invitations', { jar: o.jar, unordered: ['body.json'] });
      await inv('roles with a comma and space', { email: t.email('cat2'), role: 'member, admin' });
      await t.get('list of an unknown organization', '/organization/list-invitations', { jar: o.jar, query: { organizationId: t.uuid() } });
      await t.get('list without session', '/organization/list-invitations', { query: { organizationId: org.id } });
      await t.get('get without session', '/organization/get-invitation', { query: { id: a.body.id } });
      await t.get('get without id', '/organization/get-invitation', { jar: o.jar });
      await t.get('own list without session', '/organization/list-user-invitations');
      await t.get('own list by address', '/organization/list-user-invitations', { jar: o.jar, query: { email: t.email('ann') } });
      const ann = await t.user('ann');
      await t.post('cancel by the invitee', '/organization/cancel-invitation', { invitationId: a.body.id }, { jar: ann.jar });
      await t.post('cancel without session', '/organization/cancel-invitation', { invitationId: a.body.id });
      await t.post('cancel an unknown one', '/organization/cancel-invitation', { invitationId: t.uuid() }, { jar: o.jar });
      await t.post('accept without session', '/organization/accept-invitation', { invitationId: a.body.id });
      await t.post('reject without session', '/organization/reject-invitation', { invitationId: a.body.id });
      await t.post('reject an unknown one', '/organization/reject-invitation', { invitationId: t.uuid() }, { jar: ann.jar });
      await t.post('accept', '/organization/accept-invitation', { invitationId: a.body.id }, { jar: ann.jar });
      await t.post('reject after accepting', '/organization/reject-invitation', { invitationId: a.body.id }, { jar: ann.jar });
      await t.post('cancel after accepting', '/organization/cancel-invitation', { invitationId: a.body.id }, { jar: o.jar });
      await t.get('get after accepting', '/organization/get-invitation', { jar: ann.jar, query: { id: a.body.id } });
      await inv('a member in capitals', { email: t.email('ANN') });
      await t.get('verified list', '/organization/list-user-invitations', { jar: (await t.rootAdmin()).jar });
    },
  },
  {
    id: 'invitation-expired',
    profile: 'short',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const i = await t.user('ivy');
      const r = await t.must('POST', '/organization/invite-member', { body: { email: i.email, role: 'member', organizationId: org.id }, jar: o.jar });
      t.save('inv', r.body.id);
      await t.sleep(1200);
      await t.get('get', '/organization/get-invitation', { jar: i.jar, query: { id: r.body.id } });
      await t.post('accept', '/organization/accept-invitation', { invitationId: r.body.id }, { jar: i.jar });
      await t.post('reject', '/organization/reject-invitation', { invitationId: r.body.id }, { jar: i.jar });
      await t.post('invite again', '/organization/invite-member', { email: i.email, role: 'member', organizationId: org.id }, { jar: o.jar });
      await t.get('list', '/organization/list-invitations', { jar: o.jar, unordered: ['body.json'] });
      await t.post('cancel the expired one', '/organization/cancel-invitation', { invitationId: r.body.id }, { jar: o.jar });
    },
  },
  {
    id: 'members-and-roles',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const m = await t.member(o, org, 'mel');
      const ad = await t.member(o, org, 'ada', 'admin');
      const role = (name, body, jar = o.jar) => t.post(name, '/organization/update-member-role', { organizationId: org.id, ...body }, { jar });
      await role('two roles', { memberId: m.memberId, role: ['member', 'admin'] });
      await role('back', { memberId: m.memberId, role: 'member' });
      await role('by a member', { memberId: ad.memberId, role: 'member' }, m.jar);
      await role('admin promotes', { memberId: m.memberId, role: 'admin' }, ad.jar);
      await role('admin demotes', { memberId: m.memberId, role: 'member' }, ad.jar);
      await role('admin demotes the owner', { memberId: org.ownerMemberId, role: 'member' }, ad.jar);
      await role('admin demotes oneself', { memberId: ad.memberId, role: 'member' }, ad.jar);
      await role('and back by the owner', { memberId: ad.memberId, role: 'admin' });
      await role('second owner', { memberId: m.memberId, role: 'owner' });
      await role('first owner steps down', { memberId: org.ownerMemberId, role: 'admin' });
      await role('last owner steps down', { memberId: m.memberId, role: 'admin' }, m.jar);
      await role('and back', { memberId: org.ownerMemberId, role: 'owner' }, m.jar);
      await role('owner and member', { memberId: org.ownerMemberId, role: ['owner', 'member'] });
      await t.post('without session', '/organization/update-member-role', { organizationId: org.id, memberId: m.memberId, role: 'admin' });
      const remove = (name, who, jar = o.jar) => t.post(name, '/organization/remove-member', { organizationId: org.id, memberIdOrEmail: who }, { jar });
      await remove('by id', m.memberId, ad.jar);
      await remove('member removes oneself', ad.memberId, ad.jar);
      await remove('unknown address', t.email('nobody'));
      await remove('unknown id', t.uuid());
      const s = await t.user('stranger');
      await remove('by a stranger', m.memberId, s.jar);
      const p = await t.member(o, org, 'pat');
      const q = await t.member(o, org, 'quy');
      await remove('by a member', q.memberId, p.jar);
      await remove('oneself as a member', q.memberId, q.jar);
      await remove('address in capitals', q.email.toUpperCase());
      await t.post('without a session', '/organization/remove-member', { organizationId: org.id, memberIdOrEmail: p.memberId });
      await t.post('leave without session', '/organization/leave', { organizationId: org.id });
      await t.post('leave as a stranger', '/organization/leave', { organizationId: org.id }, { jar: s.jar });
      await role('two owners', { memberId: p.memberId, role: 'owner' });
      await remove('own membership', org.ownerMemberId);
      await t.post('the last owner leaves', '/organization/leave', { organizationId: org.id }, { jar: p.jar });
    },
  },
  {
    id: 'list-members-queries',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const m = await t.member(o, org, 'mel');
      await t.member(o, org, 'nan', 'admin');
      const list = async (name, query, jar = o.jar) => {
        const r = await t.send('GET', '/organization/list-members', { jar, query });
        return t.check(name, { status: r.status, code: r.body?.code, message: r.body?.message, total: r.body?.total, members: names(r) });
      };
      const by = { organizationId: org.id, sortBy: 'createdAt', sortDirection: 'asc' };
      await list('ascending', by);
      await list('descending', { ...by, sortDirection: 'desc' });
      await list('by slug', { organizationSlug: org.slug, sortBy: 'createdAt', sortDirection: 'asc' });
      await list('active', { sortBy: 'createdAt', sortDirection: 'asc' }, m.jar);
      await list('offset', { ...by, limit: '1', offset: '1' });
      await list('offset alone', { ...by, offset: '2' });
      await list('limit zero', { ...by, limit: '0' });
      await list('limit text', { ...by, limit: 'x' });
      await list('unknown slug', { organizationSlug: 'nope' });
      await list('unknown id', { organizationId: t.uuid() });
      await list('none active', {}, (await t.user('stranger')).jar);
      for (const op of ['eq', 'ne', 'contains', 'starts_with', 'ends_with', 'gt']) await list(`role ${op} member`, { ...by, filterField: 'role', filterOperator: op, filterValue: 'member' });
      await list('filter by user', { ...by, filterField: 'userId', filterOperator: 'eq', filterValue: m.id });
      await list('filter without operator', { ...by, filterField: 'role', filterValue: 'owner' });
      await list('sort by role', { ...by, sortBy: 'role', filterField: 'role', filterOperator: 'ne', filterValue: 'x' });
      await t.get('invalid direction', '/organization/list-members', { jar: o.jar, query: { ...by, sortDirection: 'up' } });
      await t.get('invalid operator', '/organization/list-members', { jar: o.jar, query: { ...by, filterOperator: 'like' } });
      await t.get('without session', '/organization/list-members', { query: by });
    },
  },
  {
    id: 'permissions',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const ad = await t.member(o, org, 'ada', 'admin');
      const m = await t.member(o, org, 'mel');
      const all = { organization: ['update', 'delete'], member: ['create', 'update', 'delete'], invitation: ['create', 'cancel'], team: ['create', 'update', 'delete'], ac: ['create', 'read', 'update', 'delete'] };
      for (const [who, jar] of [['owner', o.jar], ['admin', ad.jar], ['member', m.jar]]) {
        for (const [resource, actions] of Object.entries(all)) {
          for (const action of actions) await t.line(`${who} ${resource} ${action}`, 'POST', '/organization/has-permission', { body: { organizationId: org.id, permissions: { [resource]: [action] } }, jar });
        }
      }
      const ask = (name, body, jar = o.jar) => t.line(name, 'POST', '/organization/has-permission', { body, jar });
      await ask('empty permissions', { permissions: {} });
      await ask('empty list', { permissions: { member: [] } });
      await ask('empty list, member', { permissions: { member: [] } }, m.jar);
      await ask('old spelling', { permission: { member: ['create'] } });
      await ask('both spellings', { permission: { member: ['create'] }, permissions: { member: ['create'] } });
      await ask('unknown organization', { organizationId: t.uuid(), permissions: { member: ['create'] } });
      const s = await t.user('stranger');
      await ask('stranger', { organizationId: org.id, permissions: { member: ['create'] } }, s.jar);
      await ask('none active', { permissions: { member: ['create'] } }, s.jar);
    },
  },
  {
    id: 'strict-limits',
    profile: 'strict',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const inv = (name, who, extra = {}) => t.post(name, '/organization/invite-member', { email: t.email(who), role: 'member', organizationId: org.id, ...extra }, { jar: o.jar, save: { [`${who}Inv`]: 'body.id' } });
      await inv('first', 'ann');
      await inv('again replaces', 'ann');
      await inv('second', 'ben');
      await inv('third', 'cat');
      await t.get('list', '/organization/list-invitations', { jar: o.jar, unordered: ['body.json'] });
      const list = (await t.send('GET', '/organization/list-invitations', { jar: o.jar })).body.filter((i) => i.status === 'pending');
      const verified = async (who) => {
        const u = await t.user(who);
        await t.must('POST', '/email-otp/send-verification-otp', { body: { email: u.email, type: 'email-verification' } });
        let c = await t.fetchMail(u.email);
        for (let next = c; next; next = await t.fetchMail(u.email, { wait: 300 })) c = next;
        await t.must('POST', '/email-otp/verify-email', { body: { email: u.email, otp: c.code } });
        return u;
      };
      for (const who of ['ann', 'ben']) {
        const u = await verified(who);
        const mine = list.find((i) => i.email === u.email);
        await t.get(`${who}: own list`, '/organization/list-user-invitations', { jar: u.jar });
        await t.get(`${who}: get`, '/organization/get-invitation', { jar: u.jar, query: { id: mine.id } });
        await t.post(`${who}: accept`, '/organization/accept-invitation', { invitationId: mine.id }, { jar: u.jar });
      }
      await inv('beyond the members', 'dan');
    },
  },
];
