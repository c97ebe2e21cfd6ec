// Mail for a test file: an SMTP server and a webhook receiver, entered into the branch's settings. `inbox.mail(address)` waits for the
// next mail to an address and finds its code and link.
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSinks } from '../conformance/sinks.mjs';
import { request } from './http.mjs';
import { changeSettings } from './settings.mjs';

export async function useInbox(sql) {
  const sinks = await startSinks();
  after(() => sinks.close());
  const { hostname, port } = new URL(sinks.smtpUrl);
  await changeSettings(sql, {
    email_provider: { type: 'standard', host: hostname, port: Number(port), username: '', password: '', senderEmail: 'auth@inbox.test', senderName: 'Inbox' },
    webhook_config: { enabled: true, webhookUrl: sinks.webhookUrl, enabledEvents: ['send.otp'], timeoutSeconds: 5 },
    advanced: { delivery: { codesByWebhook: 'phone' } },
  });
  const seen = new Map();
  const list = async (path) => (await request(`${sinks.apiUrl}${path}`)).body;

  /** The next one that was not asked for before, or null after `wait` ms. */
  async function next(path, wait) {
    const at = seen.get(path) ?? 0;
    for (const end = Date.now() + wait; ; await sleep(25)) {
      const found = (await list(path))[at];
      if (found) {
        seen.set(path, at + 1);
        return found;
      }
      if (Date.now() > end) return null;
    }
  }

  return {
    async mail(to, { wait = 6000 } = {}) {
      const mail = await next(`/messages?to=${encodeURIComponent(to.toLowerCase())}`, wait);
      if (!mail) throw new Error(`no mail for ${to}`);
      const link = /https?:\/\/[^\s"<>]+/.exec(mail.text)?.[0];
      // On a line of its own: the address in a mail may have as many digits.
      return { ...mail, link, code: link ? undefined : /^\s*(\d{4,12})\s*$/m.exec(mail.text)?.[1] };
    },
    async noMail(to, { wait = 600 } = {}) {
      const mail = await next(`/messages?to=${encodeURIComponent(to.toLowerCase())}`, wait);
      if (mail) throw new Error(`a mail for ${to}: ${mail.subject}`);
    },
    async sms(number) {
      const hook = await next(`/hooks?match=${encodeURIComponent(number)}`, 6000);
      if (!hook) throw new Error(`no message for ${number}`);
      return hook.body.event_data.otp_code;
    },
  };
}
