// What a developer sees of the Windows build in its console, and what ends it there. A pseudo-terminal is the window.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { until, within } from '../support/deadline.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { repository, startServer } from '../support/server_process.mjs';

const programs = join(repository, 'build/windows/bin');
const server = join(programs, 'flowcast-server.exe');
const shell = join(programs, 'console-keeper.exe');
const enter = '\r';

const cleanup = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

/** A console with a program in it: by itself, as double-clicked, or as the child of a shell. */
class Console {
  #child;
  #drawn = '';
  #exited;

  constructor(...command) {
    const quoted = command.map((word) => `'${word}'`).join(' ');
    const wine = `${join(repository, 'tests/windows/wine')} --in-terminal`;
    this.#child = spawn('script', ['-qec', `stty raw -echo cols 500 rows 60; exec ${wine} ${quoted}`, '/dev/null']);
    this.#child.stdout.setEncoding('utf8').on('data', (text) => (this.#drawn += text));
    this.#child.stdin.on('error', () => {});
    this.#exited = new Promise((done) => this.#child.once('exit', done));
    this.#exited.then((code) => (this.ended = { code }));
    cleanup.push(() => this.ended ?? (this.#child.kill('SIGKILL'), this.#exited));
  }

  /** What was drawn, as text: Wine's console moves over what is blank. */
  get screen() {
    return this.#drawn.replace(/\x1b\[(\d*)C/g, (_, count) => ' '.repeat(Number(count || 1))).replace(/\x1b\[[0-9;?]*[A-Za-z]|\r/g, '');
  }

  type(text) {
    this.#child.stdin.write(text);
  }

  shows(what) {
    return until(() => what.exec(this.screen), `${what} in the console, which shows:\n${this.screen}\n`, 30_000);
  }

  async exit() {
    return within(this.#exited, `exit; the console shows:\n${this.screen}\n`, 30_000);
  }
}

describe('double-clicked', () => {
  it('says where it serves and what to do next', async () => {
    const window = new Console(server, '--listen', '127.0.0.1:0');
    const [, port] = await window.shows(/listening on http:\/\/127\.0\.0\.1:(\d+)\n/);
    const [, curl] = await window.shows(/try it: curl\.exe (.*)\nor open http:\/\/127\.0\.0\.1:\d+\/ in a browser/);
    assert.equal(curl, `http://127.0.0.1:${port}/microflow -d text=12345678901234567`, 'no quotes, which shells take in different ways');
    const answer = await fetchRaw(Number(port), 'POST', '/microflow', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'text=12345678901234567' });
    assert.equal(answer.status, 201);
  });

  it('with a port that is taken, keeps the window until somebody has read why', async () => {
    const first = await startServer();
    cleanup.push(() => first.stop());
    const window = new Console(server, '--listen', `127.0.0.1:${first.port}`);
    await window.shows(/cannot listen on 127\.0\.0\.1:\d+: .*choose another[^]*Press Enter to close this window/);
    assert.equal(window.ended, undefined);
    window.type(enter);
    assert.equal(await window.exit(), 1);
  });

  it('with a setting that is not right, too', async () => {
    const window = new Console(server, '--listen', 'x');
    await window.shows(/--listen[^]*Press Enter to close this window/);
    window.type(enter);
    assert.equal(await window.exit(), 2);
  });
});

describe('in a shell', () => {
  it('a refusal gives the prompt back at once', async () => {
    const window = new Console(shell, server, '--listen', 'x');
    await window.shows(/--listen/);
    assert.equal(await window.exit(), 2);
    assert.doesNotMatch(window.screen, /Press Enter/);
  });

  const ends = { 'Ctrl-C': 'c', 'Ctrl-Break': 'break', 'closing the window': 'close' };
  for (const [what, typed] of Object.entries(ends)) {
    it(`${what} ends it in order`, async () => {
      const window = new Console(shell, server, '--listen', '127.0.0.1:0');
      await window.shows(/or open http/);
      window.type(typed + enter);
      await window.shows(/stopping: no new connections, clients are sent away[^]*stopped/);
      assert.equal(await window.exit(), 0);
    });
  }
});
