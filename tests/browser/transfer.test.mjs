// The page that gives a legacy project to an account: in a browser, by hand, twice, too late, with the wrong key, at the same moment.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { useChromium } from '../support/chromium.mjs';
import { request } from '../support/http.mjs';
import { appOf, newLegacyProject, projectAuth } from '../support/legacy.mjs';
import { assertRefusal } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const call = projectAuth(server);
const withPage = await useChromium();

async function start(project) {
  const { status, body, text } = await call('POST', '/projects/auth/transfer_ownership', { project_id: project.project_id, auth_provider: 'stack' });
  assert.equal(status, 200, text);
  return body.url;
}
const integration = async ({ auth }) => (await call('GET', `${auth}/integrations`)).body.data[0];
const post = (url, fields) => {
  const { origin, pathname, searchParams } = new URL(url);
  return request(origin + pathname, { method: 'POST', raw: new URLSearchParams({ code: searchParams.get('code'), ...fields }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
};
const noteOf = (text) => text.match(/name="account" value="([^"]+)"/)?.[1];

describe('the transfer page', () => {
  it('asks which account, shows it, transfers once', async () => {
    const project = await newLegacyProject(call, 'Shop <b>&</b> Co');
    assert.ok(!('transfer_status' in (await integration(project))));
    const url = await start(project);
    assert.deepEqual([(await integration(project)).owned_by, (await integration(project)).transfer_status], ['neon', 'initiated']);
    await withPage(url, async (page) => {
      await page.getByRole('heading', { name: 'Which account takes this project?' }).waitFor();
      await page.getByText('Shop <b>&</b> Co').waitFor();
      await page.getByLabel('API key of the account').fill(server.api_key);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { name: 'Transfer this project?' }).waitFor();
      assert.match(await page.locator('dl').innerText(), /@/);
      assert.ok(!(await page.content()).includes(server.api_key));
      await page.getByRole('button', { name: 'Transfer the project' }).click();
      await page.getByRole('heading', { name: 'The project is yours' }).waitFor();
    });
    const after = await integration(project);
    assert.deepEqual([after.owned_by, after.transfer_status], ['user', 'finished']);
    // Its keys and the management API go on working.
    assert.equal((await appOf(project).get('/projects/current')).status, 200);
    assert.equal((await appOf(project, 'server').get('/users')).status, 200);
    assert.equal((await call('POST', '/projects/auth/keys', { project_id: project.project_id, auth_provider: 'stack' })).status, 201);
    assert.equal((await request(url)).status, 410);
    assertRefusal(await call('POST', '/projects/auth/transfer_ownership', { project_id: project.project_id, auth_provider: 'stack' }), 409, /only be transferred once/);
  });

  it('works from the keyboard alone', async () => {
    const project = await newLegacyProject(call);
    await withPage(await start(project), async (page) => {
      await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT'); // the field has the focus
      await page.keyboard.type(server.api_key);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Transfer this project?' }).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'The project is yours' }).waitFor();
    });
  });

  it('of twenty confirmations at once, with several links, one succeeds', async () => {
    const project = await newLegacyProject(call);
    const urls = [await start(project), await start(project)];
    const notes = await Promise.all(urls.map(async (url) => noteOf((await post(url, { api_key: server.api_key })).text)));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(urls[i % 2], { account: notes[i % 2] })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(410)]);
  });

  it('takes no other key: none, a revoked one, a limited one, the project\'s own', async () => {
    const project = await newLegacyProject(call);
    const url = await start(project);
    const keyWith = async (limits) => (await call('POST', '/api_keys', { key_name: 'x', ...limits })).body;
    const revoked = await keyWith({});
    await call('DELETE', `/api_keys/${revoked.id}`);
    const keys = ['', 'napi_none', revoked.key, (await keyWith({ read_only: true })).key, (await keyWith({ project_id: project.project_id })).key, project.secret_server_key, '\u0000', 'x'.repeat(3000)];
    for (const api_key of keys) {
      const answer = await post(url, { api_key });
      assert.equal(answer.status, 403, api_key);
      assert.equal(noteOf(answer.text), undefined);
    }
    assert.equal((await integration(project)).transfer_status, 'initiated');
    assert.equal((await post(url, { api_key: server.api_key })).status, 200);
  });

  it('one link\'s note of the account is no other\'s, and cannot be made up', async () => {
    const [mine, other] = [await newLegacyProject(call), await newLegacyProject(call)];
    const [url, otherUrl] = [await start(mine), await start(other)];
    const note = noteOf((await post(url, { api_key: server.api_key })).text);
    for (const account of [note, 'v1:AAAA', `${note.slice(0, -2)}AA`]) assert.equal((await post(otherUrl, { account })).status, 403);
    assert.equal((await integration(other)).owned_by, 'neon');
  });

  it('links that are none', async () => {
    const { origin, pathname } = new URL(await start(await newLegacyProject(call)));
    for (const query of ['', '?code=', '?code=' + 'x'.repeat(45), '?code=%00', '?code=%FF%FE', '?code=' + 'x'.repeat(5000), '?code=a&code=b']) {
      const answer = await request(`${origin}${pathname}${query}`);
      assert.equal(answer.status, 404, query);
      assert.match(answer.text, /This link is not valid/);
    }
    assert.equal((await request(`${origin}${pathname}`, { method: 'DELETE' })).status, 405);
    assert.equal((await request(`${origin}${pathname}`, { method: 'POST', body: {} })).status, 400);
    assert.equal((await request(`${origin}/integrations/neon/projects/transfer/none`)).status, 404);
  });

  it('is never cached, framed, or told of by a referrer', async () => {
    const { headers } = await request(await start(await newLegacyProject(call)));
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
  });

  it('a link dies with its integration', async () => {
    const project = await newLegacyProject(call);
    const url = await start(project);
    assert.equal((await call('DELETE', `${project.auth}/integration/stack`)).status, 200);
    assert.equal((await request(url)).status, 404);
  });

  it('fits a narrow screen, and is dark where the reader wants it dark', async () => {
    const url = await start(await newLegacyProject(call, 'A project with a name that is rather long for the screen of a small phone'));
    const look = async (colorScheme, width) => {
      let brightness;
      await withPage(url, async (page) => {
        await page.getByRole('button', { name: 'Continue' }).waitFor();
        const [content, screen, color] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth, getComputedStyle(document.body).backgroundColor]);
        assert.ok(content <= screen, `${content} wide on ${screen}`);
        brightness = color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
        if (process.env.SCREENSHOTS) {
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/ask-${colorScheme}-${width}.png` });
          await page.getByLabel('API key of the account').fill(server.api_key);
          await page.getByRole('button', { name: 'Continue' }).click();
          await page.getByRole('heading', { name: 'Transfer this project?' }).waitFor();
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/confirm-${colorScheme}-${width}.png` });
        }
      }, { colorScheme, viewport: { width, height: 720 } });
      return brightness;
    };
    if (process.env.SCREENSHOTS) fs.mkdirSync(process.env.SCREENSHOTS, { recursive: true });
    assert.ok((await look('light', 1000)) > 600);
    assert.ok((await look('dark', 320)) < 150);
  });
});
