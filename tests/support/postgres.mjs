// A PostgreSQL that is none of Argonauth's: what attached mode connects to. Made with initdb, reached over TCP with passwords.
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { execFileSync, spawn } from 'node:child_process';

const asRoot = process.getuid() === 0;

function findBinaries() {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => path.join(root, version, 'bin')).find((dir) => fs.existsSync(path.join(dir, 'initdb')));
  return found ?? path.dirname(execFileSync('which', ['initdb'], { encoding: 'utf8' }).trim());
}
const binaries = findBinaries();

/** PostgreSQL refuses to run as root: then everything happens as its own account. */
const account = asRoot
  ? { uid: Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' })), gid: Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' })) }
  : {};
const run = (program, args, env = {}) =>
  execFileSync(path.join(binaries, program), args, { ...account, cwd: '/', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export class Postgres {
  superPassword = crypto.randomUUID();

  /** A new cluster with one database `app` owned by an ordinary role `app`; no superuser is needed for what Argonauth does. */
  static async create({ settings = {}, ssl = false } = {}) {
    const server = new Postgres();
    server.home = fs.mkdtempSync('/tmp/argonauth-pg-');
    server.data = path.join(server.home, 'data');
    server.port = await freePort();
    server.settings = { max_connections: '60', shared_buffers: '16MB', max_wal_size: '128MB', ...settings };
    if (asRoot) fs.chownSync(server.home, account.uid, account.gid);
    const passwords = path.join(server.home, 'password');
    fs.writeFileSync(passwords, server.superPassword, { mode: 0o644 });
    run('initdb', ['-D', server.data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwords}`, '-N', '--no-instructions', '-E', 'UTF8', '--locale=C.UTF-8']);
    if (ssl) server.makeCertificate();
    await server.start();
    await server.sql("CREATE ROLE app LOGIN PASSWORD 'app-secret-1'; CREATE DATABASE app OWNER app;");
    return server;
  }

  /** A certificate for `localhost` that signs itself; its text is the authority. */
  makeCertificate() {
    const key = path.join(this.data, 'server.key');
    this.authority = path.join(this.data, 'server.crt');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
      '-keyout', key, '-out', this.authority], { stdio: 'ignore' });
    fs.chmodSync(key, 0o600);
    if (asRoot) for (const file of [key, this.authority]) fs.chownSync(file, account.uid, account.gid);
    this.settings.ssl = 'on';
  }

  async start() {
    const settings = Object.entries({ listen_addresses: '127.0.0.1', port: this.port, unix_socket_directories: this.home, ...this.settings });
    const options = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(path.join(binaries, 'postgres'), ['-D', this.data, ...options], { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    this.log = '';
    this.child.stderr.on('data', (chunk) => (this.log = (this.log + chunk).slice(-50_000)));
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    for (let i = 0; ; ++i) {
      try {
        run('pg_isready', ['-q', '-h', '127.0.0.1', '-p', String(this.port)]);
        return;
      } catch (error) {
        if (i > 200 || this.child.exitCode !== null) throw new Error(`PostgreSQL does not start\n${this.log}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  }

  /** SIGINT is PostgreSQL's fast shutdown: sessions are ended. */
  async stop(signal = 'SIGINT') {
    this.child.kill(signal);
    await this.ended;
  }
  async restart() {
    await this.stop();
    await this.start();
  }

  /** Copies this running server into a standby that follows it. */
  async makeStandby() {
    const standby = new Postgres();
    standby.superPassword = this.superPassword;
    standby.home = fs.mkdtempSync('/tmp/argonauth-pg-');
    standby.data = path.join(standby.home, 'data');
    standby.port = await freePort();
    standby.settings = { ...this.settings };
    if (asRoot) fs.chownSync(standby.home, account.uid, account.gid);
    run('pg_basebackup', ['-D', standby.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', this.uri({ user: 'postgres', password: this.superPassword, database: 'postgres' })]);
    await standby.start();
    return standby;
  }
  promote() {
    run('pg_ctl', ['promote', '-D', this.data, '-w']);
  }

  uri({ user = 'app', password = 'app-secret-1', database = 'app', host = '127.0.0.1', port = this.port, query = '' } = {}) {
    return `postgresql://${user}:${password}@${host}:${port}/${database}${query}`;
  }

  /** Statements as the superuser; the answer is psql's, unaligned. */
  async sql(text, database = 'postgres') {
    const script = text.split(/;\s+/).filter((part) => part.trim()).flatMap((part) => ['-c', part]);
    return run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...script, '-d',
      this.uri({ user: 'postgres', password: this.superPassword, database })]).trim();
  }

  async remove() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGQUIT');
      await this.ended;
    }
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
