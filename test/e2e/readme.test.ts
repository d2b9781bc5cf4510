/** What the README shows: its commands run, and kubectl prints what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { fencesOf } from '../golden/markdown.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import { findKubectl } from '../support/kubectl.ts';
import { openShell, type Shell } from '../support/shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const POOLS = ['eu-west-1_AbCdEfGhI', 'eu-central-1_JkLmNoPqR'];

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: commands of the README: ${lookup.reason}`);
const kubectl = lookup.kind === 'found' ? lookup.path : '';

const test = testInOwnHouse().extend('shell', ({ house }, { onCleanup }): Shell => {
  for (const id of POOLS) house.pool(id);
  const { shell, close } = openShell(kubectl, house.kubernetes.kubeconfig());
  onCleanup(close);
  return shell;
});

describe.skipIf(lookup.kind === 'missing')('the README', () => {
  test('names commands that run, one after the other', async ({ shell }) => {
    const commands = fencesOf(README, 'sh')
      .flatMap((fence) => fence.replaceAll('\\\n', '').split('\n'))
      .filter((line) => line.startsWith('kubectl ') && !NOT_HERE.test(line));
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) {
      const { code, complaint } = await shell(command);
      expect(code, `${command}\n${complaint}`).toBe(0);
    }
  });

  test('shows the columns that kubectl prints of the examples', async ({ shell }) => {
    const shown = fencesOf(README, 'text').find((fence) => fence.startsWith('$ kubectl get cogrs'));
    await shell('kubectl apply -f examples/');
    const printed = async () => ageless((await shell('kubectl get cogrs')).output);
    await expect.poll(printed).toBe(ageless(shown?.replace(/^\$.*\n/, '')));
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
