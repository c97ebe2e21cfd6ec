// The sign-in flows of hosted Neon in headless Chromium: a React page with the official SDK and its UI library, unmodified, and the fake
// identity provider of `argonauth dev`. The app is on an origin of its own; for the popup it sits in a frame of another site.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
assert.equal((await managementClient(server).addBranchNeonAuthOauthProvider(server, { body: { id: 'github' } })).status, 200);
const bundle = await build({
  entryPoints: [fileURLToPath(new URL('social_app/app.jsx', import.meta.url))],
  bundle: true,
  write: false,
  format: 'esm',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  nodePaths: [fileURLToPath(new URL('../node_modules', import.meta.url))],
  loader: { '.css': 'empty' },
  logLevel: 'silent',
});
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>App</title><div id="root"></div><script>BASE_URL=${JSON.stringify(server.base_url)}</script><script type="module" src="/app.js"></script>`;
const app = http.createServer((request, response) => {
  const is = (path) => request.url.split('?')[0] === path;
  if (is('/app.js')) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(bundle.outputFiles[0].text);
  if (is('/frame')) return response.writeHead(200, { 'content-type': 'text/html' }).end(`<iframe name="app" src="${origin}/" width="600" height="600"></iframe>`);
  if (is('/favicon.ico')) return response.writeHead(204).end();
  response.writeHead(200, { 'content-type': 'text/html' }).end(page);
});
await new Promise((resolve) => app.listen(0, '::', resolve));
const origin = `http://localhost:${app.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
after(async () => {
  await browser.close();
  app.close();
  app.closeAllConnections();
});

async function withContext(use, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  try {
    await use(context);
  } finally {
    await context.close();
  }
}
const signInAs = async (provider, email) => {
  await provider.getByLabel('Email address').fill(email);
  await provider.getByLabel('Name').fill('Browser Person');
  await provider.getByRole('button', { name: 'Sign in', exact: true }).click();
};

describe('with redirects', () => {
  it('signs up, out, and in again; the address bar is clean afterwards', () =>
    withContext(async (context) => {
      const email = freshEmail('browser');
      const tab = await context.newPage();
      await tab.goto(`${origin}/`);
      await tab.getByRole('button', { name: /Google/ }).click();
      await tab.waitForURL(/\/fake-idp\/google\/authorize/);
      assert.equal(await tab.title(), 'Sign in with Google');
      await signInAs(tab, email);
      await tab.waitForURL(`${origin}/**`);
      assert.equal(await tab.locator('#who').textContent(), email);
      await tab.waitForFunction(() => !location.search.includes('verifier'));
      await tab.reload();
      assert.equal(await tab.locator('#who').textContent(), email);

      await tab.getByRole('button', { name: 'Sign out' }).click();
      await tab.getByRole('button', { name: /Google/ }).click();
      await tab.waitForURL(/\/fake-idp\//);
      await tab.getByRole('button', { name: new RegExp(email) }).click(); // remembered from the first time
      await tab.waitForURL(`${origin}/**`);
      assert.equal(await tab.locator('#who').textContent(), email);
    }));

  it('denied: back in the app, with the reason', () =>
    withContext(async (context) => {
      const tab = await context.newPage();
      await tab.goto(`${origin}/`);
      await tab.getByRole('button', { name: /GitHub/ }).click();
      await tab.waitForURL(/\/fake-idp\/github\//);
      await tab.getByRole('button', { name: 'Deny' }).click();
      await tab.waitForURL(`${origin}/**`);
      assert.equal(await tab.locator('#error').textContent(), 'access_denied');
    }));

  it('a verifier in another browser signs nobody in', () =>
    withContext(async (context) => {
      const tab = await context.newPage();
      await tab.goto(`${origin}/`);
      const stolen = new Promise((resolve) => tab.route(/neon_auth_session_verifier/, (route) => (resolve(route.request().url()), route.abort())));
      await tab.getByRole('button', { name: /Google/ }).click();
      await tab.waitForURL(/\/fake-idp\//);
      await tab.getByRole('button', { name: /Ada Lovelace/ }).click();
      const url = await stolen;
      await withContext(async (other) => {
        const thief = await other.newPage();
        const answer = thief.waitForResponse(/get-session/);
        await thief.goto(url);
        assert.equal((await answer).status(), 400);
        assert.equal(await thief.locator('#who').count(), 0);
      });
    }));
});

describe('in a frame of another site', () => {
  it('signs in with a popup', () =>
    withContext(async (context) => {
      const email = freshEmail('popup');
      const tab = await context.newPage();
      await tab.goto(`http://127.0.0.1:${app.address().port}/frame`);
      const frame = tab.frameLocator('iframe');
      const opened = context.waitForEvent('page');
      await frame.getByRole('button', { name: /Google/ }).click();
      const popup = await opened;
      await popup.waitForURL(/\/fake-idp\/google\//);
      const closed = popup.waitForEvent('close');
      await signInAs(popup, email);
      await closed;
      await frame.locator('#who').waitFor();
      assert.equal(await frame.locator('#who').textContent(), email);
    }));
});

describe('the fake provider\'s page', () => {
  const open = async (context) => {
    const tab = await context.newPage();
    const answer = await fetch(`${server.base_url}/sign-in/social`, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body: JSON.stringify({ provider: 'google', callbackURL: `${origin}/` }) });
    await tab.goto((await answer.json()).url);
    return tab;
  };

  it('works without JavaScript, on a narrow screen and in the dark', () =>
    withContext(
      async (context) => {
        const tab = await open(context);
        const widths = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]).catch(() => null);
        if (widths) assert.ok(widths[0] <= widths[1], String(widths));
        await tab.getByRole('button', { name: /Grace Hopper/ }).click();
        await tab.waitForURL(/neon_auth_session_verifier/);
      },
      { javaScriptEnabled: false, viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
    ));

  it('fits a narrow screen, and says what is wrong with an address', () =>
    withContext(
      async (context) => {
        const tab = await open(context);
        assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        await tab.getByLabel('Email address').fill('nobody@localhost');
        await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
        await tab.getByRole('alert').waitFor();
        await tab.getByLabel('Email address').fill(freshEmail());
        await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
        await tab.waitForURL(/neon_auth_session_verifier/);
      },
      { viewport: { width: 320, height: 640 } },
    ));
});
