// The CRD as the generators read it: names, columns and the schema of its one version.
// Trusts that the YAML is a valid CustomResourceDefinition, which test/golden/crd.test.ts checks.

import { parse } from 'yaml';

export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-list-type'?: 'map' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly jsonPath: string;
  readonly priority?: number;
}

export interface Crd {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly columns: readonly Column[];
  readonly selectableFields: readonly string[];
  readonly schema: Schema;
}

interface Version {
  readonly name: string;
  readonly additionalPrinterColumns: readonly Column[];
  readonly selectableFields: readonly { readonly jsonPath: string }[];
  readonly schema: { readonly openAPIV3Schema: Schema };
}

interface Manifest {
  readonly spec: {
    readonly group: string;
    readonly names: Pick<Crd, 'kind' | 'plural' | 'shortNames' | 'categories'>;
    readonly versions: readonly [Version];
  };
}

export function parseCrd(yaml: string): Crd {
  const manifest: Manifest = parse(yaml);
  const { group, names, versions } = manifest.spec;
  const [version] = versions;
  return {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    shortNames: names.shortNames,
    categories: names.categories,
    columns: version.additionalPrinterColumns,
    selectableFields: version.selectableFields.map((field) => field.jsonPath),
    schema: version.schema.openAPIV3Schema,
  };
}

/** One field and where it is: `spec.scopes[].name`. The root's own path is empty. */
export interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every field below a schema, parents before children, in the order of the YAML. */
export function fieldsOf(schema: Schema, path = ''): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const required = schema.required?.includes(name) ?? false;
    return branch({ path: path === '' ? name : `${path}.${name}`, schema: child, required });
  });
}

function branch(field: Field): readonly Field[] {
  const { items } = field.schema;
  const item = items && branch({ path: `${field.path}[]`, schema: items, required: false });
  return [field, ...fieldsOf(field.schema, field.path), ...(item ?? [])];
}
