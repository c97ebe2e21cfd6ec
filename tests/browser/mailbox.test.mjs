// The mailbox page of `argonauth dev` in a browser: mails as people see them, bright and dark, wide and narrow.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { useChromium } from '../support/chromium.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const withPage = await useChromium();
const auth = authClient(server.base_url);
const coder = freshEmail('coder');
const linker = freshEmail('linker');
const wait = async (to) => (await request(`${server.mailbox_url}/api/messages/wait?to=${encodeURIComponent(to)}`)).body;
const shot = (page, name) => process.env.SCREENSHOTS && page.screenshot({ path: `${process.env.SCREENSHOTS}/mailbox-${name}.png` });
const looks = { light: {}, dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 360, height: 740 } }, 'narrow-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } };

let code;
let link;
before(async () => {
  await sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{phoneNumber,enabled}', 'true')`);
  await signUp(server.base_url, { email: linker });
  await auth.post('/email-otp/send-verification-otp', { email: coder, type: 'sign-in' });
  code = await wait(coder);
  await auth.post('/request-password-reset', { email: linker, redirectTo: '/' });
  link = await wait(linker);
});

const frame = (page) => page.frameLocator('#html');

describe('the mailbox', () => {
  for (const [name, options] of Object.entries(looks)) {
    it(`opens a mail (${name})`, () =>
      withPage(server.mailbox_url, async (page) => {
        await page.getByText(coder).waitFor();
        const line = await page.locator('#list time').first().evaluate((time) => time.getClientRects().length === 1 && time.offsetHeight < 30);
        assert.ok(line, 'the time takes two lines');
        await shot(page, `${name}-list`);
        await page.getByText(coder).click();
        await frame(page).getByText(code.code, { exact: true }).waitFor();
        assert.equal(await page.locator('#subject').innerText(), code.subject);
        assert.equal(await page.locator('#action .code').innerText(), code.code);
        await shot(page, `${name}-message`);
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= screen, `${content} > ${screen}`);
        const box = await page.locator('#html').boundingBox();
        assert.ok(box.width > 300 && box.height > 300, JSON.stringify(box));
        // The mail itself: nothing cut off, and dark where the reader's screen is.
        const inside = await frame(page).locator('body').evaluate((body) => ({ wide: body.ownerDocument.documentElement.scrollWidth <= innerWidth, colour: getComputedStyle(body).backgroundColor }));
        assert.ok(inside.wide);
        const [red] = inside.colour.match(/\d+/g).map(Number);
        assert.ok(options.colorScheme === 'dark' ? red < 80 : red > 180, inside.colour);
      }, options));
  }

  it('shows the text part, and goes back to the list on a narrow screen', () =>
    withPage(`${server.mailbox_url}#${link.id}`, async (page) => {
      await page.locator('#views [data-view=text]').click();
      assert.ok((await page.locator('#text').innerText()).includes(link.link));
      assert.equal(await page.locator('#html').isVisible(), false);
      await shot(page, 'text');
      await page.locator('#back').click();
      await page.getByText(coder).waitFor();
      assert.equal(await page.locator('#message').isVisible(), false);
    }, looks.narrow));

  it('opens the link of a mail in a window of its own, without telling where from', () =>
    withPage(`${server.mailbox_url}#${link.id}`, async (page) => {
      const opener = page.locator('#action a');
      await opener.waitFor();
      assert.deepEqual(await opener.evaluate((a) => [a.href, a.target, a.rel]), [link.link, '_blank', 'noreferrer']);
    }));

  it('runs nothing that stands in a mail', () =>
    withPage(server.mailbox_url, async (page) => {
      const hostile = freshEmail('hostile');
      await sql('UPDATE neon_auth.project_config SET advanced = $1', [JSON.stringify({ mailTemplates: { signInCode: { subject: '<img src=x onerror=alert(1)>', html: '<p id="seen">{{code}}</p><script>document.title="run";parent.document.title="run"</script><form action="/x"><button>Go</button></form>' } } })]);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await auth.post('/email-otp/send-verification-otp', { email: hostile, type: 'sign-in' });
      const mail = await wait(hostile);
      await page.getByText(hostile).click();
      assert.equal(await page.locator('#subject').innerText(), '<img src=x onerror=alert(1)>');
      assert.notEqual(await page.title(), 'run');
      const part = await request(`${server.mailbox_url}/api/messages/${mail.id}/html`);
      assert.match(part.headers['content-security-policy'], /sandbox/);
      assert.equal(await page.locator('#html').getAttribute('sandbox') !== null, true);
    }).catch((error) => {
      // The browser says that it blocked the script; that is what it is for.
      if (!/Blocked script execution|Content Security Policy/.test(error.message)) throw error;
    }));

  it('finds mails by address, and forgets all when told', () =>
    withPage(server.mailbox_url, async (page) => {
      await page.getByText(coder).waitFor();
      await page.fill('#filter', linker);
      assert.equal(await page.locator('#list li').count(), 1);
      await page.fill('#filter', '');
      page.on('dialog', (dialog) => dialog.accept());
      await page.locator('#clear').click();
      await page.locator('#empty').waitFor();
      assert.equal((await request(`${server.mailbox_url}/api/messages`)).body.messages.length, 0);
    }));
});
