// Runs the scenarios and prints what they found. See tests/faults/run.
import { parseArgs } from 'node:util';
import { scratchFolder } from '../support/server_process.mjs';
import { Ledger } from './ledger.mjs';
import { Random } from './random.mjs';
import { descriptions, scenarios } from './scenarios.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, minutes: { type: 'string', default: '1.5' }, list: { type: 'boolean' } },
});
const names = Object.keys(scenarios);
if (values.list) {
  for (const name of names) console.log(`${name.padEnd(8)} ${descriptions[name]}`);
  process.exit(0);
}
const unknown = positionals.find((name) => !scenarios[name]);
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (unknown || !(minutes > 0) || !Number.isInteger(seed)) {
  console.error('usage: tests/faults/run [--minutes N] [--seed N] [SCENARIO...]; --list names the scenarios');
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : names;
const seconds = (minutes * 60) / chosen.length;
console.log(`seed ${seed}: tests/faults/run --seed ${seed} --minutes ${values.minutes}${positionals.map((name) => ` ${name}`).join('')} does the same again`);

let failures = 0;
for (const name of chosen) {
  console.log(`\n${name}: ${descriptions[name]}, for ${Math.round(seconds)} s`);
  const scratch = scratchFolder();
  const undone = [];
  const ledger = new Ledger();
  let wrong;
  try {
    wrong = await scenarios[name]({ ledger, random: new Random(seed).fork(name), folder: scratch.path, seconds, undo: (how) => undone.push(how) });
  } catch (error) {
    wrong = [`it did not end: ${error.stack}`];
  }
  for (const undo of undone.reverse()) await undo().catch((error) => Array.isArray(wrong) && wrong.push(`at its end: ${error.message}`));
  scratch.remove();
  if (typeof wrong === 'string') {
    console.log(`  NOT RUN: ${wrong}`);
    continue;
  }
  const { faults, figures } = ledger;
  console.log(`  ${[...faults].map(([what, times]) => `${what} ×${times}`).join(', ') || 'nothing happened'}`);
  console.log(`  ${Object.entries(figures).map(([what, count]) => `${what} ${count}`).join(', ')}`);
  if (figures.acked === 0) wrong.push('nothing was published');
  if (figures['not recovered'] > 0) wrong.push(`${figures['not recovered']} times a client was told that it has not recovered`);
  for (const what of wrong.slice(0, 20)) console.log(`  WRONG ${what}`);
  if (wrong.length > 20) console.log(`  … and ${wrong.length - 20} more`);
  console.log(wrong.length === 0 ? '  nothing lost, nothing missed, nothing doubled' : '  FAILED');
  failures += wrong.length > 0 ? 1 : 0;
}
console.log(failures === 0 ? `\nall ${chosen.length} hold` : `\n${failures} of ${chosen.length} FAILED: the seed was ${seed}`);
process.exit(failures === 0 ? 0 : 1);
