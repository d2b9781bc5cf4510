/**
 * Tells a story line by line. Colours, and the one line that replaces itself, are for a terminal
 * only; whoever pipes the story gets plain lines.
 */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Narrator {
  title(text: string): void;
  chapter(text: string): void;
  /** A paragraph, wrapped. */
  say(text: string): void;
  /** What a person typed, after their prompt. */
  typed(prompt: string, command: string): void;
  /** What it printed; of a long output the beginning. */
  output(text: string, linesMax?: number): void;
  /** What it printed, when that is a sentence: wrapped. */
  quote(text: string): void;
  /** Lines that are laid out already. */
  lines(lines: readonly string[]): void;
  gap(): void;
  fact(text: string): void;
  failure(text: string): void;
  paint(style: Style, text: string): string;
  /** On a terminal, says again and again what `progress` says until the promise has settled. */
  during<T>(promise: Promise<T>, progress: () => string): Promise<T>;
}

const WIDTH_DEFAULT = 100;
const TEXT_WIDTH_MAX = 84;
const OUTPUT_LINES_MAX = 12;
const PROGRESS_EVERY_MS = 100;
const MARGIN = '  ';
/** ECMA-48: to the first column, and erase the line. */
const ERASE_LINE = '\r\u001B[K';

export function createNarrator(stream: NodeJS.WriteStream): Narrator {
  const textWidth = Math.min(widthOf(stream), TEXT_WIDTH_MAX) - MARGIN.length;
  // What is piped may be as long as it is.
  const room = stream.isTTY ? widthOf(stream) - 2 * MARGIN.length : Infinity;
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  const print = (line = ''): void => void stream.write(`${line}\n`);
  const indented = (line: string, style: Style): void =>
    print(`${MARGIN}${MARGIN}${paint(style, line)}`);
  return {
    title: (text) => print(`\n${MARGIN}${paint('bold', text)}`),
    chapter: (text) => print(`\n${MARGIN}${paint(['bold', 'cyan'], text)}`),
    say(text) {
      print();
      for (const line of wrapped(text, textWidth)) print(MARGIN + line);
    },
    typed: (prompt, command) =>
      print(`\n${MARGIN}${paint('dim', prompt)} ${paint('bold', command)}`),
    output(text, linesMax = OUTPUT_LINES_MAX) {
      const lines = shortened(text.trimEnd().split('\n'), linesMax);
      for (const line of lines) indented(clipped(line, room), 'dim');
    },
    quote(text) {
      const lines = wrapped(text.trim(), textWidth - MARGIN.length);
      for (const line of lines) indented(line, 'dim');
    },
    lines(lines) {
      for (const line of lines) print(line === '' ? '' : MARGIN + MARGIN + line);
    },
    gap: () => print(),
    fact: (text) => print(`${MARGIN}${paint('green', '✓')} ${text}`),
    failure: (text) => print(`${MARGIN}${paint(['bold', 'red'], '✗')} ${text}`),
    paint,
    during: (promise, progress) => (stream.isTTY ? retold(stream, promise, progress) : promise),
  };
}

/** A terminal that does not know its width says 0. */
function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns > 0 ? columns : WIDTH_DEFAULT;
}

async function retold<T>(
  stream: NodeJS.WriteStream,
  promise: Promise<T>,
  progress: () => string,
): Promise<T> {
  const tell = (): void => {
    const text = clipped(progress(), widthOf(stream) - 2 * MARGIN.length);
    stream.write(`${ERASE_LINE}${MARGIN}${styleText('dim', text, { stream })}`);
  };
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
    stream.write(ERASE_LINE);
  }
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split(/\s+/).reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1);
    const isRoomy = last !== undefined && last.length + 1 + word.length <= width;
    return isRoomy ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
}

function clipped(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(width - 1, 0))}…`;
}

function shortened(lines: readonly string[], linesMax: number): readonly string[] {
  if (lines.length <= linesMax) return lines;
  const shown = lines.slice(0, linesMax - 1);
  return [...shown, `… and ${lines.length - shown.length} lines more`];
}
