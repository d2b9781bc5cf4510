/**
 * The operator as a process between two servers that go mad: whatever concerns the bad resources
 * is answered with anything, lists and watches now and then. A good resource is edited all the
 * time and stays in step; when the servers are sane again, so is everything.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { environmentOf } from '../../bench/stage.ts';
import { SCALED } from '../../ha/stage.ts';
import { type EmbeddedCognito, startCognito } from '../../sandbox/cognito/server.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../../sandbox/kubernetes/server.ts';
import { aResourceServer } from '../../support/builders.ts';
import { buildBundle } from '../../support/bundle.ts';
import { UNMETERED } from '../../support/house.ts';
import { launchOperator, type OperatorProcess, tailOf } from '../../support/launch.ts';
import { createOutputWatch } from '../../support/output-watch.ts';
import { User } from '../../support/user.ts';
import { waitFor } from '../../support/wait.ts';
import { anyCognitoScript, questionOf } from '../cognito-scripts.ts';
import { anyKubernetesScript, anyLine } from '../kubernetes-scripts.ts';
import { type Asked, type Choose, type Spoiler, startSpoiler } from '../spoiler.ts';
import { isPrintable } from '../texts.ts';
import { insist, type Lane, type Tally } from './lane.ts';

const BAD = Array.from({ length: 20 }, (_, at) => `bad-${at}`);
const STORM_MS = 4_000;
const TOUCH_EVERY_MS = 800;
/** On a busy machine; nobody needs that long. */
const HEALED_WITHIN_MS = 120_000;
const IN_STEP_WITHIN_MS = 60_000;
const SCRIPTS = 400;
const MESSAGE_CHARS_MAX = 1_024;
const LINE_CHARS_MAX = 100_000;
const PAGE_CHARS_MAX = 500_000;
/** What the chart allows; without its flags of Node a process takes more. */
const RSS_KIB_MAX = 400 * 1_024;

export const SIEGE: Lane = {
  name: 'siege',
  promise: 'the operator lives through mad servers, serves the rest, and recovers',
  reaches: ['bent answer', 'frame within a watch'],
  async run({ seed, seconds }) {
    const inputs: Record<string, number> = {};
    const findings: string[] = [];
    await using siege = await begin();
    const overAtMs = performance.now() + seconds * 1_000;
    for (let round = 0; round === 0 || performance.now() < overAtMs; round += 1) {
      try {
        await siege.round(seed * 1_000 + round, inputs);
      } catch (error) {
        findings.push(`seed ${seed}, round ${round}: ${String(error)}`);
        break;
      }
    }
    return { inputs, findings: [...findings, ...(await siege.leaks())] } satisfies Tally;
  },
};

interface Siege extends AsyncDisposable {
  round(seed: number, inputs: Record<string, number>): Promise<void>;
  /** Of credentials. */
  leaks(): Promise<readonly string[]>;
}

async function begin(): Promise<Siege> {
  const kubernetes = await startKubernetes();
  const cognito = await startCognito({ rates: 'off' });
  const api = await startSpoiler(() => undefined, kubernetes.url);
  const aws = await startSpoiler(() => undefined, cognito.url);
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const bundle = buildBundle();
  const kubeconfig = join(folder, 'kubeconfig');
  const operatorKubeconfig = kubernetes.kubeconfig().replaceAll(kubernetes.url, api.url);
  writeFileSync(kubeconfig, operatorKubeconfig);
  for (const name of ['good', 'bad', 'cognito-operator']) {
    await kubernetes.request('POST', '/api/v1/namespaces', { metadata: { name } });
  }
  const environment = environmentOf(folder, kubeconfig, aws.url);
  const operator = launchOperator(bundle.file, FLAGS, environment);
  const output = createOutputWatch({ ...kubernetes, operatorKubeconfig });
  output.guard(operator, environment);
  const scene = new Scene({ kubernetes, cognito, api, aws, operator });
  await scene.settle();
  return {
    round: (seed, inputs) => scene.round(seed, inputs),
    leaks: () => output.leaks(),
    async [Symbol.asyncDispose]() {
      await operator.kill();
      await Promise.all([api.close(), aws.close(), kubernetes.close(), cognito.close()]);
      bundle[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A machine that is busy with other things must not end a term. */
const FLAGS = {
  ...SCALED,
  ...UNMETERED.flags,
  'lease-namespace': 'cognito-operator',
  'lease-duration': '60s',
  'renew-deadline': '40s',
  'retry-period': '2s',
};

interface Cast {
  readonly kubernetes: EmbeddedKubernetes;
  readonly cognito: EmbeddedCognito;
  readonly api: Spoiler;
  readonly aws: Spoiler;
  readonly operator: OperatorProcess;
}

class Scene {
  readonly #cast: Cast;
  readonly #good: User;
  readonly #bad: User;
  #edits = 0;
  #linesSeen = 0;
  #metricsPort: unknown;

  constructor(cast: Cast) {
    this.#cast = cast;
    const tell = () => tailOf(cast.operator);
    this.#good = new User(cast.kubernetes, 'good', tell);
    this.#bad = new User(cast.kubernetes, 'bad', tell);
  }

  async settle(): Promise<void> {
    const { operator } = this.#cast;
    await operator.untilLeading();
    this.#metricsPort = operator.said('started')[0]?.['metricsPort'];
    const made = [
      this.#make(this.#good, 'good'),
      ...BAD.map((name) => this.#make(this.#bad, name)),
    ];
    await Promise.all(made);
    await Promise.all(BAD.map((name) => this.#bad.untilReady(name)));
    await this.#good.untilReady('good');
  }

  async round(seed: number, inputs: Record<string, number>): Promise<void> {
    const { api, aws } = this.#cast;
    const over = new AbortController();
    aws.choose = counting(inputs, badCalls(seed));
    api.choose = counting(inputs, badRequests(seed));
    const meanwhile = [this.#injecting(seed, inputs, over.signal), this.#editing(over.signal)];
    const touching = this.#touching(over.signal);
    await sleep(STORM_MS);
    over.abort();
    await touching;
    aws.choose = () => undefined;
    api.choose = () => undefined;
    await Promise.all(meanwhile);
    await this.#recovered();
    await this.#judge();
  }

  async #make(user: User, name: string): Promise<void> {
    const pool = poolOf(name);
    this.#cast.cognito.addPool(pool);
    const resource = aResourceServer().named(name).inPool(pool).identifiedAs(name);
    // Of what it was told in the siege, that its record is gone, say, some cannot be known better.
    await user.apply(resource.adoptedBy('Always'));
  }

  /** The good one is in step again after each edit, whatever storms around it. */
  async #editing(over: AbortSignal): Promise<void> {
    while (!over.aborted) await this.#edit(this.#good, 'good');
  }

  async #edit(user: User, name: string): Promise<void> {
    this.#edits += 1;
    const wanted = `Edit ${this.#edits}`;
    await user.editSpec({ name: wanted }, name);
    const { console } = this.#cast.cognito;
    await waitFor(`${name} to be in step`, () => console.get(poolOf(name), name)?.name === wanted, {
      withinMs: IN_STEP_WITHIN_MS,
      tellMore: () => tailOf(this.#cast.operator),
    });
  }

  async #touching(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.#edits += 1;
      const name = `Touch ${this.#edits}`;
      await Promise.all(BAD.map((each) => this.#bad.editSpec({ name }, each)));
      await sleep(TOUCH_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  async #injecting(seed: number, inputs: Record<string, number>, over: AbortSignal) {
    const lines = fc.sample(anyLine, { seed, numRuns: 40 });
    for (const line of lines) {
      if (over.aborted) return;
      this.#cast.api.inject(line, ({ path }) => path.includes('resourceservers?watch'));
      inputs['frame within a watch'] = (inputs['frame within a watch'] ?? 0) + 1;
      await sleep(STORM_MS / lines.length);
    }
  }

  /** Whoever asks for a sync is spared the backoff that refusals have earned. */
  async #recovered(): Promise<void> {
    const healed = async (name: string): Promise<void> => {
      const pool = poolOf(name);
      await this.#bad.editSpec({ name: 'Healed' }, name);
      await this.#bad.requestSync(`after ${this.#edits} edits`, name);
      await waitFor(
        `${name} to be as it should`,
        () => this.#cast.cognito.console.get(pool, name)?.name === 'Healed',
        { withinMs: HEALED_WITHIN_MS, tellMore: () => tailOf(this.#cast.operator) },
      );
      await this.#bad.untilReady(name);
    };
    await Promise.all(BAD.map(healed));
  }

  async #judge(): Promise<void> {
    const { operator } = this.#cast;
    insist(operator.isRunning(), `the operator ended: ${tailOf(operator)}`);
    for (const line of operator.lines.slice(this.#linesSeen)) {
      insist(line.level !== 'raw', `a line that is no entry: ${line.msg}`);
      insist(!/a bug\b/.test(line.msg), `a bug: ${JSON.stringify(line)}`);
      insist(JSON.stringify(line).length < LINE_CHARS_MAX, 'a log line without end');
    }
    this.#linesSeen = operator.lines.length;
    for (const { status } of await this.#bad.all()) {
      for (const { message } of status?.conditions ?? []) insistOnShown(message);
    }
    for (const name of BAD) {
      for (const { note } of await this.#bad.events(name)) insistOnShown(note);
    }
    insist(rssKiB(operator.pid) < RSS_KIB_MAX, `it takes ${rssKiB(operator.pid)} KiB`);
    const page = await fetch(`http://127.0.0.1:${String(this.#metricsPort)}/metrics`);
    insist((await page.text()).length < PAGE_CHARS_MAX, 'a page of metrics without end');
  }
}

function insistOnShown(text: string): void {
  insist(isPrintable(text) && text.length <= MESSAGE_CHARS_MAX, `unfit words: ${text}`);
}

function rssKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function poolOf(name: string): string {
  return `eu-west-1_${name.replace('-', '')}`;
}

function badCalls(seed: number): Choose {
  const next = endless(fc.sample(anyCognitoScript, { seed, numRuns: SCRIPTS }));
  return (asked) => {
    const question = questionOf(asked);
    return question.pool.startsWith('eu-west-1_bad') ? next()(question) : undefined;
  };
}

/** Of the bad ones each second request, of what concerns all each fourth. */
function badRequests(seed: number): Choose {
  const next = endless(fc.sample(anyKubernetesScript, { seed, numRuns: SCRIPTS }));
  const seen = { bad: 0, shared: 0 };
  return ({ path }: Asked) => {
    if (path.includes('/namespaces/bad/')) {
      seen.bad += 1;
      return seen.bad % 2 === 0 ? next() : undefined;
    }
    if (!path.includes('/v1/resourceservers?')) return undefined;
    seen.shared += 1;
    return seen.shared % 4 === 0 ? next() : undefined;
  };
}

function endless<T>(all: readonly T[]): () => T {
  const at = { next: 0 };
  return () => {
    const one = all[at.next % all.length];
    at.next += 1;
    if (one === undefined) throw new Error('there is nothing to choose from');
    return one;
  };
}

function counting(inputs: Record<string, number>, choose: Choose): Choose {
  return (asked) => {
    const script = choose(asked);
    if (script !== undefined) inputs[script.kind] = (inputs[script.kind] ?? 0) + 1;
    return script;
  };
}
