// The CRD as a template of the chart. Helm installs what is in a chart's own `crds/` folder and
// never upgrades it; a template it upgrades, and keeps when the release goes.
// https://helm.sh/docs/chart_best_practices/custom_resource_definitions/

import type { Output } from './output.ts';

const CRD = 'crds/resourceservers.yaml';

export const chartCrd: Output = {
  path: 'charts/cognito-operator/templates/crd.yaml',
  render: ({ read }) => `${HEAD}${withMetadata(read(CRD))}{{- end }}\n`,
};

const HEAD = `\
{{- /* Generated from ${CRD} by \`npm run generate\`: change that, not this. */}}
{{- if .Values.crds.enabled }}
`;

const METADATA = `\
  labels:
    {{- include "cognito-operator.labels" . | nindent 4 }}
  {{- if or .Values.crds.keep .Values.crds.annotations }}
  annotations:
    {{- if .Values.crds.keep }}
    helm.sh/resource-policy: keep
    {{- end }}
    {{- with .Values.crds.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
`;

function withMetadata(text: string): string {
  if (text.includes('{{')) throw new Error(`${CRD} has {{, which the chart would take for its own`);
  const manifest = text.replaceAll(/^#.*\n/gm, '');
  return manifest.replace(/^metadata:\n {2}name: .*\n/m, (metadata) => metadata + METADATA);
}
