/** The names of Kubernetes: of objects, labels and finalizers, and what is wrong with them. */

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for " +
  "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME_PART_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or " +
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const SUBDOMAIN_BYTES_MAX = 253;
const PART_BYTES_MAX = 63;

/**
 * `a.example.com`
 * @param unit is always a byte; of the name of an object it is said to be a character
 */
export function faultsOfSubdomain(text: string, unit = 'characters'): readonly string[] {
  return [
    ...faultsOfLength(text, SUBDOMAIN_BYTES_MAX, unit),
    ...(SUBDOMAIN.test(text) ? [] : [SUBDOMAIN_RULE]),
  ];
}

/** `prefix.example.com/name`, or `name` alone. */
export function faultsOfQualifiedName(text: string): readonly string[] {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    return [
      `a valid label key ${NAME_PART_RULE} with an optional DNS subdomain prefix and '/' ` +
        "(e.g. 'example.com/MyName')",
    ];
  }
  return [
    ...(parts.length === 2 ? faultsOfPrefix(parts[0] ?? '') : []),
    ...(name === '' ? ['must be non-empty'] : faultsOfLength(name, PART_BYTES_MAX)).map(ofName),
    ...(NAME_PART.test(name) ? [] : [ofName(NAME_PART_RULE)]),
  ];
}

const ofName = (fault: string): string => `name part ${fault}`;

function faultsOfPrefix(prefix: string): readonly string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return faultsOfSubdomain(prefix, 'bytes').map((fault) => `prefix part ${fault}`);
}

export function faultsOfLabelValue(text: string): readonly string[] {
  return [
    ...faultsOfLength(text, PART_BYTES_MAX),
    ...(LABEL_VALUE.test(text) ? [] : [LABEL_VALUE_RULE]),
  ];
}

function faultsOfLength(text: string, bytesMax: number, unit = 'bytes'): readonly string[] {
  return Buffer.byteLength(text) > bytesMax ? [`must be no more than ${bytesMax} ${unit}`] : [];
}
