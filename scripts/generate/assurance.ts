// The tables of mutants in docs/assurance.md, each between two marks; the rest is written by hand.

import { mutantsPart, scoresPart } from '../../test/mutants/page.ts';
import { type Marks, withPart } from './marked-part.ts';
import type { Output } from './output.ts';

const MUTANTS = marksOf('mutants');
const SCORES = marksOf('stryker');

export const assurance: Output = {
  path: 'docs/assurance.md',
  render: ({ committed }) =>
    withPart(withPart(committed, MUTANTS, mutantsPart()), SCORES, scoresPart()),
};

function marksOf(name: string): Marks {
  return { begin: `<!-- ${name}:begin -->\n`, end: `<!-- ${name}:end -->\n` };
}
