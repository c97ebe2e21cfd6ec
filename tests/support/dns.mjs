// A name server for one Argonauth, which sees an /etc/resolv.conf of its own in a mount namespace (root only).
import dgram from 'node:dgram';
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { after } from 'node:test';
import { binary } from './server.mjs';

/** Why there can be none here, or false. */
export const noOwnResolver = (() => {
  if (process.getuid() !== 0) return 'only root may mount a resolv.conf';
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'no mount namespaces here';
  }
})();

const questionOf = (query) => {
  const labels = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(query.subarray(at + 1, at + 1 + query[at]).toString('latin1'));
    at += query[at] + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
};

const recordOf = (address) => {
  const bytes = Buffer.from(address.split('.').map(Number));
  return Buffer.concat([Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, bytes.length]), bytes]); // lives for no second
};

/** `dns.answer(name, count)` returns IPv4 addresses, or null for silence; `dns.program` starts Argonauth with this name server. */
export async function startDns(address = '127.77.0.53') {
  const dns = { answer: () => null, asked: [] };
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, { port, address: from }) => {
    const { name, type, end } = questionOf(query);
    const isA = type === 1;
    if (isA) dns.asked.push(name);
    const addresses = dns.answer(name, dns.asked.filter((one) => one === name).length);
    if (addresses === null) return;
    const records = isA ? addresses.map(recordOf) : [];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.fill(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), port, from);
  });
  await new Promise((resolve, reject) => socket.once('error', reject).bind(53, address, resolve));
  const directory = fs.mkdtempSync('/tmp/argonauth-dns-');
  fs.chmodSync(directory, 0o755);
  fs.writeFileSync(`${directory}/resolv.conf`, `nameserver ${address}\n`, { mode: 0o644 });
  dns.program = `${directory}/argonauth`;
  fs.writeFileSync(dns.program, `#!/bin/sh\nexec unshare -m sh -c 'mount --bind ${directory}/resolv.conf /etc/resolv.conf && exec "$0" "$@"' '${binary}' "$@"\n`, { mode: 0o755 });
  after(() => {
    socket.close();
    fs.rmSync(directory, { recursive: true });
  });
  return dns;
}
