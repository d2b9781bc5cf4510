/** Many seeds, for as long as one likes: `node test/simulation/run.ts --from 0 --to 1000`. */
import { parseArgs } from 'node:util';
import { live, tell } from './swarm.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '100' },
  },
});

let failures = 0;
for (let seed = Number(values.from); seed < Number(values.to); seed += 1) {
  const life = await live(seed);
  if (life.findings.length === 0) continue;
  failures += 1;
  console.log(tell(life));
}
console.log(`${failures} of the seeds ${values.from} to ${values.to} failed`);
process.exitCode = failures === 0 ? 0 : 1;
