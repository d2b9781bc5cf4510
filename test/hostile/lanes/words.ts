/** Texts, to wherever a text of the outside may be shown. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { nameOf, wordsOf } from '../../../src/adapters/cognito/wording.ts';
import { clip as clipBytes } from '../../../src/adapters/kubernetes/wording.ts';
import { createLogger } from '../../../src/adapters/telemetry/logger.ts';
import { createSecrets } from '../../../src/api/secrets.ts';
import { clip, printable } from '../../../src/api/words.ts';
import { hostileValue } from '../bend.ts';
import { hostileText, isPrintable } from '../texts.ts';
import { insist, insistOnPrototypes, laneOf } from './lane.ts';

const CHARS_MAX = 500;
/** Of computing, however busy the machine is; what costs the square of its length takes longer. */
const SHOWN_WITHIN_MS = 1_000;
/** 50 fields of 1,024 characters, some of which JSON tells in six. */
const LINE_CHARS_MAX = 400_000;

export const WORDS = laneOf(
  {
    name: 'words',
    promise: 'every text is bounded and printable, every log entry one line',
    reaches: ['text'],
  },
  (count) => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const secrets = createSecrets();
    const log = createLogger({ level: 'info', destination, secrets });
    return fc.property(hostileText, hostileText, hostileValue, (text, other, value) => {
      count('text');
      const before = process.threadCpuUsage();
      for (const shown of [
        wordsOf(text, secrets),
        clip(text, CHARS_MAX),
        clipBytes(text, CHARS_MAX),
      ]) {
        insist([...shown].length <= CHARS_MAX, 'a text without end');
        insist(isPrintable(shown), `unprintable: ${JSON.stringify(shown)}`);
      }
      insist(isPrintable(printable(text)), 'printable is not');
      const error = Object.assign(new Error(text), { name: text });
      insist(nameOf(error, secrets).length <= CHARS_MAX, 'a name without end');
      lines.length = 0;
      log.warn('said', { text, other, value, error, [text.slice(0, 100)]: text, last: 'one' });
      const [line = ''] = lines;
      insist(lines.length === 1 && line.indexOf('\n') === line.length - 1, 'more than one line');
      insist(line.length <= LINE_CHARS_MAX, `a line of ${line.length} characters`);
      const { msg, last } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      insist(isDeepStrictEqual([msg, last], ['said', 'one']), 'an entry lost its fields');
      const { user } = process.threadCpuUsage(before);
      insist(user / 1_000 < SHOWN_WITHIN_MS, 'it takes longer than it may');
      insistOnPrototypes();
    });
  },
);
