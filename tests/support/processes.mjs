// The processes of a server, as /proc shows them.
import fs from 'node:fs';

const read = (path) => {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended while we were looking.
  }
};
const allPids = () => fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);

/** Fields of /proc/<pid>/stat after the command's name, which may contain anything. */
export function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  if (!text) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), state: fields[0], parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

/** Everything that runs below a process, however deep. */
export function descendantsOf(root) {
  const stats = allPids().map(statOf).filter(Boolean);
  const found = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of stats) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      grown = true;
    }
  }
  found.delete(root);
  return [...found];
}

/** Live processes whose command line mentions a text, such as a data directory. */
export function mentioning(text) {
  return allPids().filter((pid) => pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(text) && statOf(pid)?.state !== 'Z');
}

export function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}
