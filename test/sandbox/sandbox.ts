/**
 * `npm run sandbox`: both embedded servers and the operator, left running for the reader's own
 * kubectl, until Ctrl-C. Everything is on loopback, and nothing outlives it.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { tellOfBuild } from './demo/bundle.ts';
import { columns } from './demo/columns.ts';
import { interruptions } from './demo/interruption.ts';
import { createNarrator, type Narrator } from './demo/narrator.ts';
import { SCALED_FLAGS, SCALED_IN_WORDS, type Stage, setStage, startLeading } from './demo/stage.ts';
import { createTemporaryFolder, type TemporaryFolder } from './demo/temporary-folder.ts';
import { CUSTOMERS, furnish, STAFF } from './demo/world.ts';

const USAGE = `Usage: npm run sandbox [-- --scaled]

  --scaled   ${SCALED_IN_WORDS}
`;

process.exitCode = await sandbox();

async function sandbox(): Promise<number> {
  const wish = readArguments();
  switch (wish.kind) {
    case 'Help':
      process.stdout.write(USAGE);
      return 0;
    case 'Mistake':
      process.stderr.write(`${wish.message}\n\n${USAGE}`);
      return 2;
    case 'Flags':
      return run(wish.flags, createNarrator(process.stdout), interruptions());
  }
}

type Wish =
  | { readonly kind: 'Help' }
  | { readonly kind: 'Mistake'; readonly message: string }
  | { readonly kind: 'Flags'; readonly flags: readonly string[] };

function readArguments(): Wish {
  const options = { scaled: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help === true) return { kind: 'Help' };
    return { kind: 'Flags', flags: values.scaled === true ? SCALED_FLAGS : [] };
  } catch (error) {
    return { kind: 'Mistake', message: error instanceof Error ? error.message : String(error) };
  }
}

/** To be ended is what it is for: exit code 0 then. */
async function run(
  flags: readonly string[],
  narrator: Narrator,
  interrupted: AbortSignal,
): Promise<number> {
  using folder = createTemporaryFolder('cognito-operator-sandbox');
  narrator.title('cognito-operator: the sandbox');
  try {
    return await serve({ flags, narrator, interrupted, folder });
  } catch (error) {
    if (!interrupted.aborted) throw error;
    narrator.gap();
    narrator.fact('All of it has ended.');
    return 0;
  }
}

interface Sandbox {
  readonly flags: readonly string[];
  readonly narrator: Narrator;
  readonly interrupted: AbortSignal;
  readonly folder: TemporaryFolder;
}

/** Rejects with the interruption; otherwise returns when the operator is gone. */
async function serve({ flags, narrator, interrupted, folder }: Sandbox): Promise<number> {
  const bundle = await tellOfBuild(narrator, folder.path, interrupted);
  const pools = [CUSTOMERS, STAFF];
  await using stage = await setStage({ folder: folder.path, bundle, flags, pools });
  furnish(stage.cognito);
  const over = AbortSignal.any([interrupted, stage.operator.died]);
  try {
    if (!(await startLeading(stage, over))) throw new Error('the operator does not lead');
    introduce(narrator, stage, pools);
    if (!over.aborted) await once(over, 'abort');
    over.throwIfAborted();
  } catch (error) {
    interrupted.throwIfAborted();
    folder.keep();
    narrator.failure(error instanceof Error ? error.message : String(error));
    narrator.say(`Its log is ${stage.logPath}`);
  }
  return 1;
}

function introduce(narrator: Narrator, stage: Stage, pools: readonly string[]): void {
  const { kubernetes, cognito, operator, kubeconfig, logPath } = stage;
  const port = operator.log().find(({ msg }) => msg === 'started')?.['metricsPort'];
  narrator.say('Running, until Ctrl-C:');
  narrator.gap();
  const holdings = pools.map((pool, index) => {
    const servers = cognito.console.list(pool).map(({ identifier }) => identifier);
    const holds = servers.length === 0 ? 'is empty' : `holds ${servers.join(' and ')}`;
    return [index === 0 ? 'User pools' : '', `${pool} ${holds}`];
  });
  narrator.lines(
    columns([
      ['Kubernetes API', kubernetes.url],
      ['Amazon Cognito', cognito.url],
      ...holdings,
      ['Operator', `pid ${operator.pid}, http://127.0.0.1:${String(port)}/metrics`],
      ['Its log', logPath],
    ]),
  );
  narrator.say('In another terminal, in this folder:');
  narrator.gap();
  narrator.lines([
    `export KUBECONFIG=${kubeconfig}`,
    `export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=${cognito.url}`,
    'export AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKIAEXAMPLEREADER AWS_SECRET_ACCESS_KEY=any',
    '',
    'kubectl apply -f examples/',
    'kubectl get cogrs',
    `aws cognito-idp list-resource-servers --user-pool-id ${CUSTOMERS}`,
  ]);
}
