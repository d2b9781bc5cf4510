/** `docs/bench.md`: the table, the machine, and how each row was measured. */
import { machineName } from './machine.ts';
import type { Row } from './row.ts';
import { tableMarkdown, verdictOfAll } from './table.ts';

export function page(rows: readonly Row[], nodeOptions: string): string {
  const day = new Date().toISOString().slice(0, 10);
  return `<!-- Written by \`npm run bench -- --write\`: do not edit. -->
# What it costs

${verdictOfAll(rows)} Measured on ${day} on: ${machineName()}.

${tableMarkdown(rows)}

## How it was measured

The built operator runs as in the image, in a container with the memory that \`deploy/plain\`
allows (\`NODE_OPTIONS="${nodeOptions}"\`), at default
settings where nothing else is said. The embedded Kubernetes API and the embedded Cognito run on
loopback, in processes of their own; Cognito has its request rates and answers without delay. All
share the machine, and its cores.

- **Throughput**: n calls between the first and the last, less the N that cost no waiting. A place
  counts as held from the arrival of the record in Kubernetes until Cognito's answer was written.
- **Latency**: from the arrival of the apply in Kubernetes until the write of \`Ready=True\` was
  applied there, less the time that both servers spent on the requests in between.
- **Edits**: from the moment the edit was applied in Kubernetes until Cognito had changed.
- **25,000 resources**: names and descriptions of scopes have 60 characters each. The
  resources were left as an operator leaves them; one operator took over, swept every pool and
  handed over, and a spec was edited while nobody led. Then the measured one was started.
- **Real API server**: kube-apiserver and etcd without fsync, in processes of their own, on the same
  machine. Moments and counts are those of its audit log; of the latency only Cognito's time is
  taken off. _At rest_ there is a leader and a standby.
- **Failover**: two replicas at the lease as installed; an edit waits for the next leader.
- **Start-up**: from the start of the process to the API server's answer to its watch.
`;
}
