/** What the README shows: its commands run, and kubectl prints what it says. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { fencesOf } from '../golden/markdown.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import { findKubectl } from '../support/kubectl.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const POOLS = ['eu-west-1_AbCdEfGhI', 'eu-central-1_JkLmNoPqR'];

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: commands of the README: ${lookup.reason}`);
const kubectl = lookup.kind === 'found' ? lookup.path : '';

interface Printed {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

type Shell = (command: string, input?: string) => Promise<Printed>;

/** A shell as a reader has it: at the root of the checkout, `kubectl` on its PATH. */
const test = testInOwnHouse().extend('shell', ({ house }, { onCleanup }): Shell => {
  for (const id of POOLS) house.pool(id);
  const home = mkdtempSync(join(tmpdir(), 'readme-'));
  onCleanup(() => rmSync(home, { recursive: true, force: true }));
  const KUBECONFIG = join(home, 'kubeconfig');
  writeFileSync(KUBECONFIG, house.kubernetes.kubeconfig());
  const PATH = [dirname(kubectl), process.env['PATH']].join(delimiter);
  const options = { cwd: ROOT, env: { HOME: home, KUBECONFIG, PATH }, timeout: 20_000 };
  return (command, input = '') =>
    new Promise((resolve) => {
      const child = execFile('sh', ['-c', command], options, (error, output, complaint) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, complaint });
      });
      child.stdin?.end(input);
    });
});

describe.skipIf(lookup.kind === 'missing')('the README', () => {
  test('names commands that run, one after the other', async ({ shell }) => {
    const commands = fencesOf(README, 'sh')
      .flatMap((fence) => fence.replaceAll('\\\n', '').split('\n'))
      .filter((line) => line.startsWith('kubectl ') && !NOT_HERE.test(line));
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) {
      const { code, complaint } = await shell(command);
      expect({ command, code, complaint }).toMatchObject({ code: 0 });
    }
  });

  test('shows the columns that kubectl prints of the examples', async ({ shell }) => {
    const shown = fencesOf(README, 'text').find((fence) => fence.startsWith('$ kubectl get cogrs'));
    await shell('kubectl apply -f examples/');
    const printed = async () => ageless((await shell('kubectl get cogrs')).output);
    await expect.poll(printed, { timeout: 15_000 }).toBe(ageless(shown?.replace(/^\$.*\n/, '')));
  });

  test('tells mistakes in the words in which kubectl tells them', async ({ shell }) => {
    const [manifest = ''] = fencesOf(README, 'yaml');
    const told = fencesOf(README, 'text').filter((fence) => fence.startsWith('The Resource'));
    const refusalOf = async (mistake: string) => {
      const { code, complaint } = await shell('kubectl apply -f -', mistake);
      expect(code).toBe(1);
      return complaint.replaceAll(/ +$/gm, '');
    };
    const scope = manifest.replace('name: forecast', 'name: https://weather.example.com/forecast');
    const refusals = [
      await refusalOf(manifest.replace(/userPoolId: .*/, 'userPoolId: customers')),
      await refusalOf(scope),
    ];
    await shell('kubectl apply -f -', manifest);
    refusals.push(await refusalOf(manifest.replace('https://weather', 'https://climate')));
    expect(refusals).toEqual(told);
  });
});

/** What only a whole cluster has: workloads, access rules, another CRD than ours. */
const NOT_HERE = /-n cognito-operator|auth can-i|delete crd|(deploy|crds)\//;

function ageless(table = ''): string {
  return table.replaceAll(/ +\d+s *$/gm, '').trimEnd();
}
