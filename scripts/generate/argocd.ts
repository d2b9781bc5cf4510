// Health check and actions as the settings of an Argo CD that does not bring them itself: a patch
// of its ConfigMap, and values of the chart argo-cd. Argo CD reads the actions as YAML in a string.

import { stringify } from 'yaml';
import type { Output, Source } from './output.ts';

const FOLDER = 'deploy/argocd';
const ACTIONS = ['sync-now', 'pause', 'resume'];

export const argocdConfigMap: Output = {
  path: `${FOLDER}/argocd-cm.yaml`,
  render: (source) => `${headOf(CONFIG_MAP)}${yaml({ data: settingsOf(source) })}`,
};

export const argoHelmValues: Output = {
  path: `${FOLDER}/argo-helm-values.yaml`,
  render: (source) => `${headOf(VALUES)}${yaml({ configs: { cm: settingsOf(source) } })}`,
};

const CONFIG_MAP = 'kubectl -n argocd patch configmap argocd-cm --patch-file argocd-cm.yaml';
const VALUES = 'helm upgrade argocd argo/argo-cd --reuse-values -f argo-helm-values.yaml';

function headOf(command: string): string {
  return [
    '# Generated from resource_customizations/ by `npm run generate`. To be used by',
    `#   ${command}`,
    '',
  ].join('\n');
}

function settingsOf({ crd, read }: Source): Readonly<Record<string, string>> {
  const script = (path: string): string =>
    read(`${FOLDER}/resource_customizations/${crd.group}/${crd.kind}/${path}`);
  const actions = {
    'discovery.lua': script('actions/discovery.lua'),
    definitions: ACTIONS.map((name) => ({
      name,
      'action.lua': script(`actions/${name}/action.lua`),
    })),
  };
  const kind = `${crd.group}_${crd.kind}`;
  return {
    [`resource.customizations.health.${kind}`]: script('health.lua'),
    [`resource.customizations.actions.${kind}`]: yaml(actions),
  };
}

function yaml(value: object): string {
  return stringify(value, { lineWidth: 0, blockQuote: 'literal' });
}
