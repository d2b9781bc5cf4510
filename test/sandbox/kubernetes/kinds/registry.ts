/** The kinds that are installed right now. */
import { apiVersionOf, type ResourceType } from './resource-type.ts';

export class Registry {
  readonly #types = new Map<string, ResourceType>();

  install(type: ResourceType): void {
    this.#types.set(keyOf(type.group, type.version, type.plural), type);
  }

  uninstall(group: string, plural: string): void {
    for (const [key, type] of this.#types) {
      if (type.group === group && type.plural === plural) this.#types.delete(key);
    }
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#types.get(keyOf(group, version, plural));
  }

  /** By `apiVersion` and `kind`, as an object names itself. */
  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => apiVersionOf(type) === apiVersion && type.kind === kind);
  }

  all(): readonly ResourceType[] {
    return [...this.#types.values()];
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
