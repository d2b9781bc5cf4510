/**
 * What befalls the operator in one run, as data and as one line of text that repeats it:
 *
 *   create: plain
 *   create: kill applied patch resourceservers/status weather-api record Create #1
 *   update: kill before Update https://weather.example.com #1; answered get leases #2
 *   delete: past 2
 *   revert: withhold 1
 *   revert: cut 1
 */
import { STAGES, type Stage } from './proxy.ts';

/** A call of one life, the first to the second of this name and so on, and how far it came. */
export interface Blow {
  readonly stage: Stage;
  /** Such as `Create https://weather.example.com #1`. */
  readonly call: string;
}

export type Fate =
  | { readonly kind: 'plain' }
  /** The first blow falls on the first life, the second on the next. */
  | { readonly kind: 'kill'; readonly blows: readonly Blow[] }
  /** The next life is told the world as it was after so many notifications. */
  | { readonly kind: 'past'; readonly frame: number }
  /** That notification comes together with its successor. */
  | { readonly kind: 'withhold'; readonly frame: number }
  /** That notification is lost with its watch, as its successor comes. */
  | { readonly kind: 'cut'; readonly frame: number };

export interface Plan {
  readonly scenario: string;
  readonly fate: Fate;
}

/** Its second blow was seen after another first one: this one may lead past it. */
export function isPair({ fate }: Plan): boolean {
  return fate.kind === 'kill' && fate.blows.length > 1;
}

export function planText({ scenario, fate }: Plan): string {
  return `${scenario}: ${fateText(fate)}`;
}

function fateText(fate: Fate): string {
  switch (fate.kind) {
    case 'plain':
      return fate.kind;
    case 'kill':
      return `kill ${fate.blows.map(({ stage, call }) => `${stage} ${call}`).join('; ')}`;
    case 'past':
    case 'withhold':
    case 'cut':
      return `${fate.kind} ${fate.frame}`;
  }
}

/** @throws when it is none */
export function readPlan(text: string): Plan {
  const { scenario, kind, rest } =
    /^(?<scenario>\w+): (?<kind>\w+) ?(?<rest>.*)$/.exec(text)?.groups ?? {};
  if (scenario === undefined || rest === undefined) throw new Error(`no plan: ${text}`);
  switch (kind) {
    case 'plain':
      return { scenario, fate: { kind } };
    case 'kill':
      return { scenario, fate: { kind, blows: rest.split('; ').map(readBlow) } };
    case 'past':
    case 'withhold':
    case 'cut':
      return { scenario, fate: { kind, frame: Number(rest) } };
    case undefined:
  }
  throw new Error(`no plan: ${text}`);
}

function readBlow(text: string): Blow {
  const [word, ...rest] = text.split(' ');
  const stage = STAGES.find((each) => each === word);
  if (stage === undefined || rest.length < 2) throw new Error(`no blow: ${text}`);
  return { stage, call: rest.join(' ') };
}
