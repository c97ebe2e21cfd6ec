// Shows what /mailbox/api/messages has; asks every second for what came since.
'use strict';

const element = (id) => document.getElementById(id);
const messages = []; // newest first
let chosen = null;
let view = 'html';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(message) {
  const button = make('button');
  button.type = 'button';
  if (message === chosen) button.setAttribute('aria-current', 'true');
  const first = make('span', 'first');
  first.append(make('span', 'to', message.to), make('time', '', time.format(new Date(message.received_at))));
  button.append(first, make('span', 'subject', message.subject));
  button.addEventListener('click', () => choose(message));
  const item = make('li');
  item.append(button);
  return item;
}

function showList() {
  const wanted = element('filter').value.trim().toLowerCase();
  const shown = messages.filter((message) => `${message.to} ${message.subject}`.toLowerCase().includes(wanted));
  element('list').replaceChildren(...shown.map(row));
  element('empty').hidden = messages.length > 0;
}

function codeAndCopy(code) {
  const copy = make('button', '', 'Copy');
  copy.type = 'button';
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code);
    copy.textContent = 'Copied';
    setTimeout(() => (copy.textContent = 'Copy'), 1500);
  });
  return [make('span', 'code', code), copy];
}

function openLink(url) {
  const link = make('a', '', 'Open the link');
  // Only what a browser fetches: a template may hold anything.
  if (!/^https?:/i.test(url)) return [];
  link.href = url;
  link.target = '_blank';
  link.rel = 'noreferrer';
  return [link];
}

function showView() {
  const hasHtml = Boolean(chosen.html);
  const html = hasHtml && view === 'html';
  element('views').hidden = !hasHtml;
  element('html').hidden = !html;
  element('text').hidden = html;
  for (const button of element('views').children) button.setAttribute('aria-pressed', String(button.dataset.view === view));
}

function choose(message) {
  chosen = message;
  element('message').hidden = !message;
  document.body.classList.toggle('reading', Boolean(message));
  showList();
  history.replaceState(null, '', message ? `#${message.id}` : location.pathname);
  if (!message) return;
  element('subject').textContent = message.subject;
  element('to').textContent = message.to;
  element('received').textContent = dateAndTime.format(new Date(message.received_at));
  element('action').replaceChildren(...(message.code ? codeAndCopy(message.code) : message.link ? openLink(message.link) : []));
  element('text').textContent = message.text;
  if (message.html) element('html').src = `/mailbox/api/messages/${message.id}/html`;
  showView();
}

async function look() {
  try {
    const answer = await fetch(`/mailbox/api/messages?after=${messages[0]?.id ?? 0}`);
    const fresh = (await answer.json()).messages;
    if (fresh.length > 0) {
      messages.unshift(...fresh);
      showList();
      // A link to one message: /mailbox#12
      const linked = chosen ? null : messages.find(({ id }) => `#${id}` === location.hash);
      if (linked) choose(linked);
    }
  } catch {
    // The server is away; it may come back.
  }
  setTimeout(look, 1000);
}

element('filter').addEventListener('input', showList);
element('back').addEventListener('click', () => choose(null));
element('views').addEventListener('click', (event) => {
  if (!event.target.dataset.view) return;
  view = event.target.dataset.view;
  showView();
});
element('clear').addEventListener('click', async () => {
  await fetch('/mailbox/api/messages', { method: 'DELETE' });
  messages.length = 0;
  choose(null);
});
look();
