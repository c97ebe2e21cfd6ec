// The reference page of the management API in a browser: complete, searchable, offline, readable on a phone and in the dark.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useChromium } from '../support/chromium.mjs';
import { request } from '../support/http.mjs';
import { readOpenApi } from '../support/openapi.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const withPage = await useChromium();
const address = `${server.management_url}/reference`;
const operations = Object.values((await readOpenApi(server)).paths).flatMap((item) => Object.values(item));

describe('the reference page', () => {
  it('comes without a key and with a strict policy', async () => {
    const answer = await request(address);
    assert.equal(answer.status, 200);
    const policy = answer.headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  it('shows every operation of the document', () =>
    withPage(address, async (page) => {
      await page.waitForSelector('article');
      assert.equal(await page.title(), 'Argonauth management API');
      const shown = await page.$$eval('article', (all) => all.map((one) => one.id));
      assert.deepEqual(shown.sort(), operations.map(({ operationId }) => operationId).sort());
      assert.equal(await page.locator('nav a').count(), operations.length);
    }));

  it('opens one by its link, with an example, its body and its answers', () =>
    withPage(`${address}#createProject`, async (page) => {
      const card = page.locator('#createProject');
      await card.getByRole('heading', { name: 'Body' }).waitFor();
      const example = await card.locator('pre').innerText();
      assert.ok(example.startsWith(`curl -X POST "${server.management_url}/projects"`), example);
      assert.match(example, /Bearer \$API_KEY/);
      await card.getByRole('heading', { name: 'Answer 201' }).waitFor();
      await card.locator('dt', { hasText: /^connection_urisarray/ }).waitFor();
      await card.getByText('array of ConnectionDetails').first().waitFor();
    }));

  it('finds operations by any of their words', () =>
    withPage(address, async (page) => {
      await page.waitForSelector('article');
      await page.keyboard.press('/');
      await page.keyboard.type('roles password');
      assert.deepEqual(await page.$$eval('article', (all) => all.filter((one) => one.offsetParent).map((one) => one.id)), ['resetProjectBranchRolePassword', 'getProjectBranchRolePassword', 'revealProjectBranchRolePassword']);
      await page.fill('#search', 'no such thing');
      await page.getByText('No operation has all these words.').waitFor();
      await page.fill('#search', '');
      assert.equal(await page.locator('article:visible').count(), operations.length);
    }));

  it('fits a narrow screen', () =>
    withPage(`${address}#createProject`, async (page) => {
      await page.locator('#createProject pre').waitFor();
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= screen, `${content} wide on ${screen}`);
    }, { viewport: { width: 320, height: 640 } }));

  it('is dark where the reader wants it dark', async () => {
    const background = async (colorScheme) => {
      let color;
      await withPage(address, async (page) => (color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)), { colorScheme });
      return color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    };
    assert.ok((await background('light')) > 600);
    assert.ok((await background('dark')) < 150);
  });
});
