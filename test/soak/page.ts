/** `docs/soak.md`: the picture, the table, and how it was done. */
import type { Row } from '../bench/row.ts';
import { tableMarkdown, verdictOfAll } from '../bench/table.ts';
import type { Diary } from './diary.ts';
import { ANSWER_LOST, QUOTAS, THROTTLED } from './plan.ts';
import type { Told } from './told.ts';

export interface Report {
  readonly diary: Diary;
  readonly rows: readonly Row[];
  readonly told: Told;
  readonly machine: string;
  readonly nodeOptions: string;
}

export function pageOf({ diary, rows, told, machine, nodeOptions }: Report): string {
  const { plan } = diary;
  const { steady, struck } = plan.paces;
  const day = new Date().toISOString().slice(0, 10);
  const sizes = `${plan.resources.toLocaleString('en')} resources in ${plan.pools} user pools`;
  const minutes = plan.seconds / 60;
  return `<!-- Written by \`npm run soak -- --write\`: do not edit. -->
# Half an hour under load

${verdictOfAll(rows)} ${minutes} minutes of load on ${sizes}, on ${day}, on: ${machine}.

![Memory of the replicas over time](pictures/soak.svg)

${tableMarkdown(rows)}

## What else was counted

${toldMarkdown(told)}

## How it was done

Four replicas of the built operator, with the flags of Node of the image
(\`NODE_OPTIONS="${nodeOptions}"\`), at the lease and the deadlines as installed, against a real
kube-apiserver and etcd and the embedded Cognito, all on one machine. Each replica watches all
resources; each crew of two has a Lease and a label selector of its own and works on every other
pool.

- **Whose memory.** A process of the operator ends with its term: none can lose the Lease and live
  on. So the slope is of the _steady_ crew, whose leader leads all the time and whose standby stands
  by all the time; both work through the same faults. In the _struck_ crew whoever leads is ended by
  SIGKILL every ${plan.killEveryMs / 1_000} s, and another one is started. At the end the steady
  leader is ended by SIGTERM, and its standby takes over.
- **After garbage collection.** Every ${plan.sampleEveryMs / 1_000} s Node's inspector tells both
  steady replicas to collect their garbage, and then asks for their memory and for what keeps them
  up. Slopes are least squares over the last two thirds of the load. Replicas of the struck crew are
  not inspected; the picture shows their memory as the kernel tells it.
- **At rest** nobody wishes anything; the sweeps go on. What keeps a process up is counted by kind
  in four samples before the load and four after it, and the least counts.
- **Resources** are there from the start, as an operator has left them: to create them all would
  take the account's writes six minutes. No pool is full.
- **Rates.** Cognito has its documented ones for an account and a pool; each crew is told that half
  of the account is its own (\`--account-reads-per-second=${QUOTAS['account-reads-per-second']}
  --account-writes-per-second=${QUOTAS['account-writes-per-second']}\`). Pools are listed every
  minute (\`--resync=${plan.flags['resync']}\`), so that somebody at the console is noticed.
- **People** keep no beat: at one with the kills, each kill would meet an edit under way, or none.
  On the average they edit a resource every ${steady.edit} ms in the steady crew and every
  ${struck.edit} ms in the struck one; delete one and create it anew every
  ${steady.replacement / 1_000} and ${struck.replacement / 1_000} s; change or delete a server at
  the console every ${steady.drift / 1_000} and ${struck.drift / 1_000} s. Of one resource nobody
  wishes two things at once, so that every wish takes exactly one mutation.
- **Faults.** Of all calls to Cognito ${100 * THROTTLED} % are throttled, and of
  ${100 * ANSWER_LOST} % the answer is lost though they took effect: half by a reset, half by
  silence. In each pool there is a server of somebody else, and in some a resource that names it.
- **An edit** takes from just before the user sends it until a watch shows \`Ready\` of its
  generation. _While somebody led_ is judged by the moment it was sent: also an edit that its leader
  did not live to see done counts.
- **Lost, doubled, stolen** are counted by Cognito's own log and by what both sides hold at the end.
`;
}

function toldMarkdown(told: Told): string {
  const pairs = [['what', 'counted'], ...Object.entries(told)];
  const widths = [0, 1].map((at) => Math.max(...pairs.map((pair) => pair[at]?.length ?? 0)));
  const line = (cells: readonly string[], filler = ' ') =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0, filler)).join(' | ')} |`;
  const [head = [], ...body] = pairs;
  return [line(head), line(['', ''], '-'), ...body.map((pair) => line(pair))].join('\n');
}
