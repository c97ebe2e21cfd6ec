// The reference page of a branch's auth service in a browser: complete, offline, and a place from which the branch can be tried out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useChromium } from '../support/chromium.mjs';
import { request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const withPage = await useChromium();
const address = `${server.base_url}/reference`;
const { paths } = (await request(`${server.base_url}/open-api/generate-schema`)).body;

/** Opens the component's client for one operation, as a reader does: find it, press "Test Request". */
async function openClient(page, method, path) {
  await page.goto('about:blank');
  await page.goto(`${address}#tag/default/${method}${path}`);
  await page.getByRole('button', { name: `Test Request (${method.toLowerCase()} ${path})` }).click();
  await page.getByRole('button', { name: /^Send/ }).first().waitFor();
}

/** Presses "Send"; the branch's answer, once the page shows its status. */
async function send(page, path) {
  const [answer] = await Promise.all([page.waitForResponse(`${server.base_url}${path}`), page.getByRole('button', { name: /^Send/ }).first().click()]);
  await page.getByRole('link', { name: `${answer.status()} ${answer.statusText()}` }).waitFor();
  return answer;
}

/** The component's editor keeps the body as lines of text. */
async function writeBody(page, body) {
  await page.locator('[contenteditable=true].cm-content').last().fill(JSON.stringify(body));
}

describe('the reference page of the auth service', () => {
  it('comes to anybody, with a policy under which no foreign script runs', async () => {
    const answer = await request(address);
    assert.equal(answer.status, 200);
    const policy = answer.headers['content-security-policy'];
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(policy.replace(/style-src [^;]+/, ''), /unsafe|\*|http/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(answer.text, /<script>|<script [^>]*src="(http|\/)/);
  });

  it('shows the groups and operations of the document', () =>
    withPage(address, async (page) => {
      await page.getByRole('heading', { name: 'Better Auth' }).waitFor();
      const shown = await page.locator('aside a, aside button').allInnerTexts();
      for (const name of ['Default', 'Email-otp', 'Jwt']) assert.ok(shown.some((text) => text.includes(name)), `${name} is not in the list`);
      const summaries = Object.entries(paths).flatMap(([path, item]) => Object.values(item).filter(({ tags }) => tags[0] === 'Default').map(({ summary }) => summary));
      for (const summary of summaries) assert.ok(shown.some((text) => text.includes(summary)), `${summary} is not in the list`);
    }));

  it('signs somebody up, knows the session, and ends it', () =>
    withPage(address, async (page) => {
      const email = freshEmail('reader');
      await openClient(page, 'POST', '/sign-up/email');
      await writeBody(page, { name: 'Ada', email, password: 'correct-horse-9' });
      assert.equal((await send(page, '/sign-up/email')).status(), 200);
      await page.getByText('"emailVerified"').last().waitFor();

      // The cookie that the answer set is the browser's: the next request has it.
      await openClient(page, 'GET', '/get-session');
      assert.equal((await (await send(page, '/get-session')).json()).user.email, email);
      await page.getByText(email).first().waitFor();

      await openClient(page, 'POST', '/sign-out');
      assert.equal((await send(page, '/sign-out')).status(), 200);
      const cookies = await page.context().cookies();
      assert.equal(cookies.find(({ name }) => name.endsWith('session_token')), undefined);
    }));

  it('sends an example that the branch takes, as it stands', () =>
    withPage(address, async (page) => {
      await openClient(page, 'POST', '/request-password-reset');
      assert.equal((await send(page, '/request-password-reset')).status(), 200);
    }));

  it('fits a narrow screen', () =>
    withPage(`${address}#tag/default/POST/sign-in/email`, async (page) => {
      await page.getByRole('button', { name: 'Test Request (post /sign-in/email)' }).waitFor();
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= screen, `${content} wide on ${screen}`);
    }, { viewport: { width: 360, height: 740 } }));

  it('is dark where the reader wants it dark', async () => {
    const background = async (colorScheme) => {
      let color;
      await withPage(address, async (page) => {
        await page.getByRole('heading', { name: 'Better Auth' }).waitFor();
        color = await page.locator('main').first().evaluate((main) => {
          for (let one = main; one; one = one.parentElement) {
            const found = getComputedStyle(one).backgroundColor;
            if (!/, 0\)$|transparent/.test(found)) return found;
          }
        });
      }, { colorScheme });
      return color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    };
    assert.ok((await background('light')) > 600);
    assert.ok((await background('dark')) < 150);
  });
});
