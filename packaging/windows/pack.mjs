// node packaging/windows/pack.mjs PROGRAM.exe OUT.zip NOTICE...: the server with its settings, for who unpacks it on Windows.
// Notices are those of the libraries that are inside the program. The same input gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zip } from '../mpk/zip.mjs';

const [program, out, ...notices] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const read = (...path) => readFileSync(resolve(here, ...path), 'utf8');

/** Settings that this build refuses, or that it has one value for. */
const withoutMeaning = ['tls-certificate', 'tls-key', 'threads', 'jwt-public-key', 'jwks', 'jwks-refresh'];

/** The settings of the Debian package, in Windows' words. */
function settings() {
  let text = read('../deb/flowcast.toml');
  const change = (what, by) => {
    if (!what.test(text)) throw new Error(`packaging/deb/flowcast.toml: nothing there is ${what}`);
    text = text.replace(what, by);
  };
  change(/After a change:\n(#.*\n)+/, 'The server reads it where it is\n# started with --config and this file; after a change, start it again. Save it as UTF-8.\n');
  change(/^store = .*$/m, '# store = "memory"                       # gone when the server ends: this build has no other');
  change(/ {12}# "https:.*$/m, '');
  for (const name of withoutMeaning) change(new RegExp(`^# ${name} = .*\\n`, 'm'), '');
  return text;
}

/** For Notepad, also that of older Windows. */
const lines = (text) => Buffer.from(text.replaceAll('\n', '\r\n'));
const heading = (path) => `${basename(dirname(path))}\n${'='.repeat(76)}\n`;

const files = new Map([
  ['flowcast-server.exe', readFileSync(program)],
  ['flowcast.toml', lines(settings())],
  ['README.txt', lines(read('README.txt'))],
  ['LICENSE.txt', lines(read('../../LICENSE'))],
  ['NOTICES.txt', lines(notices.map((path) => heading(path) + readFileSync(path, 'utf8')).join('\n\n'))],
]);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, zip(new Map([...files].map(([name, bytes]) => [join('flowcast', name), bytes]))));
