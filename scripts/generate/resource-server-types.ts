// src/api/resource-server.ts: the CRD as TypeScript, in the form that the formatter leaves alone.

import { type Crd, type Field, fieldsOf, type Schema } from './crd.ts';
import type { Output } from './output.ts';

/** Objects must have a name here; enums without one are written out where they stand. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  spec: 'ResourceServerSpec',
  'spec.scopes[]': 'ScopeSpec',
  'spec.deletionPolicy': 'DeletionPolicy',
  'spec.adoptionPolicy': 'AdoptionPolicy',
  'spec.managementPolicy': 'ManagementPolicy',
  status: 'ResourceServerStatus',
  'status.conditions[]': 'Condition',
  'status.remote': 'RemoteRecord',
  'status.remote.origin': 'Origin',
  'status.pending': 'PendingRecord',
  'status.pending.operation': 'PendingOperation',
};

const LINE_CHARS_MAX = 100;

export const resourceServerTypes: Output = {
  path: 'src/api/resource-server.ts',
  render: ({ crd }) => [HEADER, constants(crd), ...declarations(crd)].join('\n'),
};

const HEADER = `\
// Generated from crds/resourceservers.yaml by \`npm run generate\`: change that, not this.
// A resource as the API server serves it: what has a default in the schema is always there.
`;

function constants(crd: Crd): string {
  return [
    constant('GROUP', crd.group),
    constant('VERSION', crd.version),
    constant('API_VERSION', `${crd.group}/${crd.version}`),
    constant('KIND', crd.kind),
    constant('PLURAL', crd.plural),
    '',
  ].join('\n');
}

function constant(name: string, value: string): string {
  return `export const ${name} = '${value}';`;
}

function declarations(crd: Crd): readonly string[] {
  const fields = fieldsOf(crd.schema);
  return Object.entries(TYPE_NAMES).map(([path, name]) => {
    const field = fields.find((candidate) => candidate.path === path);
    if (field === undefined) throw new Error(`the CRD has no field ${path} to name ${name}`);
    return declaration(name, field);
  });
}

function declaration(name: string, { path, schema }: Field): string {
  const doc = docComment(schema.description, '');
  if (schema.enum) return `${doc}export type ${name} = ${union(schema.enum)};\n`;
  const members = Object.entries(schema.properties ?? {}).map(([property, child]) => {
    const present = schema.required?.includes(property) || child.default !== undefined;
    return member(present ? property : `${property}?`, `${path}.${property}`, child);
  });
  return `${doc}export interface ${name} {\n${members.join('')}}\n`;
}

/** A member of a named type carries no comment: the type does. */
function member(property: string, path: string, schema: Schema): string {
  const doc = path in TYPE_NAMES ? '' : docComment(schema.description, '  ');
  return `${doc}  readonly ${property}: ${typeOf(path, schema)};\n`;
}

function typeOf(path: string, schema: Schema): string {
  const name = TYPE_NAMES[path];
  if (name !== undefined) return name;
  if (schema.enum) return union(schema.enum);
  if (schema.type === 'string') return 'string';
  if (schema.type === 'integer') return 'number';
  if (schema.items) return `readonly ${typeOf(`${path}[]`, schema.items)}[]`;
  throw new Error(`${path} needs a name in TYPE_NAMES`);
}

function union(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(' | ');
}

function docComment(text: string | undefined, indent: string): string {
  if (text === undefined) return '';
  const line = `${indent}/** ${text} */\n`;
  if (line.length <= LINE_CHARS_MAX) return line;
  const lines = wrap(text, LINE_CHARS_MAX - indent.length - ' * '.length);
  return `${indent}/**\n${lines.map((part) => `${indent} * ${part}\n`).join('')}${indent} */\n`;
}

function wrap(text: string, charsMax: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= charsMax) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}
