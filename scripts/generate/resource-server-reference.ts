// docs/reference/resourceserver.md: the whole API, for its users.

import { ANNOTATIONS, FINALIZER_PURPOSE } from './api-marks.ts';
import { type Crd, type Field, fieldsOf, type Schema, type ValidationRule } from './crd.ts';
import { code, section, table } from './markdown.ts';
import type { Output } from './output.ts';

const IMMUTABLE = 'self == oldSelf';

export const resourceServerReference: Output = {
  path: 'docs/reference/resourceserver.md',
  render: ({ crd }) =>
    [
      introduction(crd),
      section('Spec', fields(crd, 'spec')),
      section('What is refused, and with which words', refusals(crd)),
      section('Status', fields(crd, 'status')),
      section('Annotations', annotations()),
      section('Finalizer', FINALIZER_PURPOSE),
      section('Columns', columns(crd)),
      section('Field selectors', selectors(crd)),
    ].join('\n'),
};

function introduction(crd: Crd): string {
  const names = [crd.plural, ...crd.shortNames].map(code).join(' or ');
  return `\
<!-- Generated from crds/resourceservers.yaml by \`npm run generate\`: change that, not this. -->

# ${crd.kind}

${crd.schema.description}

- API version: ${code(`${crd.group}/${crd.version}`)}; kind: ${code(crd.kind)}, namespaced
- With kubectl: ${names}; also in the category ${crd.categories.map(code).join(', ')}
`;
}

function fields(crd: Crd, root: 'spec' | 'status'): string {
  const rows = fieldsOf(crd.schema)
    .filter(({ path }) => path.split('.')[0] === root)
    .map(fieldRow);
  return table(['Field', 'Type', 'Required', 'Default', 'Limits', 'Description'], rows);
}

function fieldRow({ path, schema, required }: Field): readonly string[] {
  return [
    code(path),
    typeOf(schema),
    required ? 'yes' : '',
    schema.default === undefined ? '' : code(shown(schema.default)),
    limits(schema).join('; '),
    schema.description ?? '',
  ];
}

function typeOf(schema: Schema): string {
  if (schema.items) return `list of ${schema.items.type}s`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function limits(schema: Schema): readonly string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  return [
    ...(rulesOf(schema).some(({ rule }) => rule === IMMUTABLE) ? ['immutable'] : []),
    ...(schema.enum ? [`one of ${schema.enum.map(code).join(', ')}`] : []),
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
    ...(schema.maxLength === undefined ? [] : [lengthLimit(schema.maxLength, schema.minLength)]),
    ...(schema.maxItems === undefined ? [] : [`at most ${schema.maxItems} items`]),
    ...(keys ? [`each ${keys.map(code).join(', ')} once`] : []),
    ...(schema.pattern === undefined ? [] : [code(schema.pattern)]),
  ];
}

function lengthLimit(charsMax: number, charsMin: number | undefined): string {
  return charsMin === undefined
    ? `at most ${charsMax} characters`
    : `${charsMin} to ${charsMax} characters`;
}

function refusals(crd: Crd): string {
  const rows = fieldsOf(crd.schema).flatMap(({ path, schema }) =>
    rulesOf(schema).map(({ message }) => [code(path), message]),
  );
  return table(['Field', 'Message'], rows);
}

function rulesOf(schema: Schema): readonly ValidationRule[] {
  return schema['x-kubernetes-validations'] ?? [];
}

function annotations(): string {
  const rows = ANNOTATIONS.map(({ name, value, description }) => [code(name), value, description]);
  return table(['Annotation', 'Value', 'What it does'], rows);
}

function columns(crd: Crd): string {
  const rows = crd.columns.map(({ name, priority, jsonPath, description }) => [
    name,
    priority ? code('-o wide') : 'always',
    code(jsonPath),
    description,
  ]);
  return table(['Column', 'Shown', 'Path', 'Description'], rows);
}

function selectors(crd: Crd): string {
  const lines = crd.selectableFields.map(
    (path) => `kubectl get ${crd.shortNames[0]} -A --field-selector ${path.slice(1)}=VALUE\n`,
  );
  return `From Kubernetes 1.32 on:\n\n\`\`\`sh\n${lines.join('')}\`\`\`\n`;
}
