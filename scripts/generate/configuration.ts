// The tables of settings in README.md, between two marks; the rest of it is written by hand.

import { RELATIONS } from '../../src/settings/relations.ts';
import type { Section, Setting } from '../../src/settings/setting.ts';
import { SECTIONS } from '../../src/settings.ts';
import { code, table } from './markdown.ts';
import { marksOf, withPart } from './marked-part.ts';
import type { Output } from './output.ts';

const MARKS = marksOf('settings', 'src/settings.ts');

export const configuration: Output = {
  path: 'README.md',
  render: ({ committed }) => withPart(committed, MARKS, settings()),
};

function settings(): string {
  return [...SECTIONS.map(sectionOf), relations()].join('\n');
}

function sectionOf({ title, settings: rows }: Section): string {
  return `### ${title}\n\n${table(['Flag', 'Variable', 'Default', 'What it is'], rows.map(row))}`;
}

function row({ flag, variable, description, kind, ...setting }: Setting): readonly string[] {
  const bounds = kind.bounds === '' ? '' : ` (${kind.bounds})`;
  return [code(flag), code(variable), defaultOf(setting), `${description}${bounds}`];
}

function defaultOf({ default: text, unit }: Pick<Setting, 'default' | 'unit'>): string {
  return text === '' ? '' : [code(text), unit].join(' ').trim();
}

function relations(): string {
  const rules = RELATIONS.map(({ rule, because }) => `- ${rule}, because ${because}.\n`);
  return `### What must hold between them\n\n${rules.join('')}`;
}
