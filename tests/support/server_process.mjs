// Starts the server under test as its own process on a free port, and makes sure that it is gone afterwards.
//
// FLOWCAST_BIN names the program (default: build/bin/flowcast-server). The Node programs in tests/conformance/reference take
// the same flags, so the same tests run against them: that is how the tests themselves are tested.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, within } from './deadline.mjs';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The program NAME out of the newest kind of build that there is. */
export function built(name) {
  const places = ['build/bin', 'build/release/bin', 'build/dev/bin'].map((folder) => join(repository, folder, name));
  return places.find(existsSync) ?? places[0];
}

export const program = process.env.FLOWCAST_BIN ?? built('flowcast-server');
export const conformanceProgram = process.env.FLOWCAST_CONFORMANCE_BIN ?? built('conformance-server');
/** True when the tests run against Node, to prove the tests: what only Flowcast promises is then skipped. */
export const isReference = program.endsWith('.mjs');
const isUnderWine = program.endsWith('tests/windows/flowcast-server');
/** Why a test is left out where the server is the Windows build under Wine; else false. */
export const notOnWindows = (why) => isUnderWine && `on Windows: ${why}`;
/** Arguments for so many shards, where there can be more than one. */
export const shards = (count) => (notOnWindows('there is one') ? [] : ['--threads', String(count)]);

const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export class ServerProcess {
  #child;
  #exited;
  output = '';

  constructor(command, args, options) {
    this.name = basename(command);
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    alive.add(this.#child);
    const keep = (bytes) => {
      this.output += bytes;
    };
    this.#child.stdout.setEncoding('utf8').on('data', keep);
    this.#child.stderr.setEncoding('utf8').on('data', keep);
    this.#exited = new Promise((done) => {
      this.#child.once('error', (error) => {
        this.output += String(error);
        alive.delete(this.#child);
        done({ code: null, signal: null });
      });
      this.#child.once('exit', (code, signal) => {
        alive.delete(this.#child);
        done({ code, signal });
      });
    });
    this.#exited.then((how) => {
      this.ended = how;
    });
  }

  /** Of the server itself: under Wine, where a script runs it, that of the script's child. */
  get pid() {
    const { pid } = this.#child;
    return isUnderWine ? Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]) : pid;
  }

  /** Resolves with `{code, signal}` when the process is gone. */
  exit(ms = 15_000) {
    return within(this.#exited, `exit of ${this.name}; it said:\n${this.output}\n`, ms);
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** Asks it to end with SIGTERM, and ends it by force where it does not. */
  async stop() {
    if (this.ended) return this.ended;
    this.signal('SIGTERM');
    try {
      return await this.exit();
    } catch (error) {
      this.signal('SIGKILL');
      await this.exit();
      throw error;
    }
  }

  /** Waits for the line that says where it listens. */
  async listening() {
    const place = await until(
      () => {
        if (this.ended) throw new Error(`${this.name} ended with ${JSON.stringify(this.ended)}; it said:\n${this.output}`);
        return /(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):(\d+)/.exec(this.output);
      },
      `line of ${this.name} that says where it listens`,
      20_000,
    );
    this.port = Number(place[1]);
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }
}

/** Runs COMMAND and waits for nothing: for start-up errors and exit codes. */
export function launch(args, { command = program, env = {}, cwd = repository } = {}) {
  return new ServerProcess(command, args, { cwd, env: { ...process.env, ...env } });
}

/** Starts the server under test on a free port, with the memory store and record ids from 0 unless `args` say otherwise. */
export async function startServer({ args = [], listen = '127.0.0.1:0', store = 'memory', startId = 0, ...options } = {}) {
  const given = ['--listen', listen, '--store', store, '--start-id', String(startId), '--drain-time', '0'];
  return launch([...given, ...args], options).listening();
}

/** A folder of its own for one test; `remove()` takes it away. */
export function scratchFolder() {
  const path = mkdtempSync(join(tmpdir(), 'flowcast-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
