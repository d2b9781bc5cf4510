/** What an expression of PromQL asks for: metrics, by which labels, and by what it groups. */

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

const MATCHERS = /\{[^}]*\}/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;
const LABEL_LIST = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const TEXT = /"(?:[^"\\]|\\.)*"/g;
const NAME = /(?<![\w$.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?!\s*\()(?![\w:])/g;
const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'by', 'on', 'without', 'ignoring']);

/** Trusts that promtool can parse it. */
export function selectorsOf(expression: string): readonly Selector[] {
  const plain = expression
    .replaceAll(LABEL_LIST, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\boffset\s+\w+/g, ' ');
  return [...plain.matchAll(NAME)]
    .filter(([, name = '']) => !WORDS.has(name))
    .map(([, metric = '', matchers = '']) => ({ metric, matchers: matchersOf(matchers) }));
}

function matchersOf(braces: string): readonly Matcher[] {
  return [...braces.matchAll(MATCHER)].map(([, label = '', operator = '', value = '']) => ({
    label,
    operator,
    value,
  }));
}

/** The labels that results are grouped or joined by. */
export function groupLabelsOf(expression: string): readonly string[] {
  const plain = expression.replaceAll(MATCHERS, ' ').replaceAll(TEXT, ' ');
  const lists = [...plain.matchAll(LABEL_LIST)].map(([, list = '']) => list);
  const labels = lists.flatMap((list) => list.split(',')).map((label) => label.trim());
  return [...new Set(labels)].filter((label) => label !== '');
}
