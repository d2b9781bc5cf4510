/** All that could be seen of a life, as one hash: the same seed has to leave the same. */
import { createHash } from 'node:crypto';
import type { Moment, Witness } from './moment.ts';

export interface Trace {
  readonly see: Witness;
  /** Of all until now. */
  hash(): string;
}

export function createTrace(): Trace {
  const digest = createHash('sha256');
  const lines: string[] = [];
  return {
    see: (moment, atMs) => {
      const line = lineOf(moment);
      if (line !== undefined) lines.push(`${atMs} ${moment.kind} ${line}`);
      if (lines.length >= BATCH) digest.update(lines.splice(0).join('\n'));
    },
    hash: () => digest.copy().update(lines.join('\n')).digest('hex').slice(0, 16),
  };
}

/** Hashed together: a call of the hash costs more than what it hashes. */
const BATCH = 256;

function lineOf(moment: Moment): string | undefined {
  switch (moment.kind) {
    case 'Cognito':
      return `${moment.by} ${moment.stage.kind} ${moment.request.operation}`;
    case 'Kubernetes':
      return `${moment.by} ${moment.stage.kind} ${moment.request.verb} ${moment.request.key}`;
    case 'Lease':
      return `${moment.by} ${moment.stage.kind} ${moment.request.verb}`;
    case 'Change':
      return JSON.stringify(moment.change.object);
    case 'Effect':
      return JSON.stringify(moment.effect);
    case 'Event':
      return `${moment.notice.key} ${moment.notice.reason} ${moment.notice.note}`;
    case 'Line':
      return `${moment.by} ${moment.message}`;
    case 'Process':
      return `${moment.by} ${moment.passage} ${moment.how}`;
    case 'Fault':
      return moment.name;
    case 'Count':
      return undefined;
  }
}
