// Headless Chromium, the one of the system. A page that logs an error, breaks its content security policy or asks another server for
// anything fails the test that opened it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

export async function useChromium() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  after(() => browser.close());

  /** `options` as for Playwright's newContext: viewport, colorScheme ... */
  return async function withPage(url, use, options = {}) {
    const context = await browser.newContext(options);
    const complaints = [];
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && origin !== new URL(url).origin) complaints.push(`asked ${origin}`);
      });
      await page.goto(url);
      await use(page);
    } finally {
      await context.close();
    }
    assert.deepEqual(complaints, []);
  };
}
