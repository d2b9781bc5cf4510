/** A world of replicas as a fingerprint: names only count by being the same or not. */
import type { LeaseRecord } from '../../../src/core/lease.ts';
import { Code } from '../engine/code.ts';
import type { Fingerprint } from '../engine/fingerprints.ts';
import type { LeaseWorld, Replica, Write, WriteAnswer } from './world.ts';

export type EncodeLease = (world: LeaseWorld) => Fingerprint;

/** Names are numbered as they are met. */
export function createLeaseCodec(): EncodeLease {
  const code = new Code();
  return (world) => {
    code.clear();
    new LeaseEncoding(code).write(world);
    return code.fingerprint();
  };
}

class LeaseEncoding {
  readonly #code: Code;
  /** Those that are nobody's come first. */
  readonly #names = ['', 'somebody'];

  constructor(code: Code) {
    this.#code = code;
  }

  write({ record, ageMs, replicas, late, budget }: LeaseWorld): void {
    this.#record(record);
    this.#code.push(ageMs);
    for (const replica of replicas) this.#replica(replica);
    this.#code.push(late.length);
    for (const write of late) this.#write(write);
    for (const left of Object.values(budget)) this.#code.push(left);
  }

  #replica(replica: Replica | undefined): void {
    if (replica === undefined) return this.#code.push(0);
    const { identity, sighting, term, news, doing } = replica;
    this.#name(identity);
    this.#code.push(sighting === undefined ? -1 : sighting.freeAtMs);
    this.#record(sighting?.record);
    this.#code.push(term === undefined ? -1 : term.validUntilMs);
    this.#code.push(term === undefined ? -1 : term.renewAtMs);
    this.#record(term?.record);
    this.#record(news);
    this.#doing(doing);
  }

  #doing(doing: Replica['doing']): void {
    switch (doing.kind) {
      case 'Nothing':
        return this.#code.push(1);
      case 'Reading':
        this.#code.push(2);
        return this.#record(doing.seen);
      case 'Writing':
        this.#code.push(3);
        this.#code.push(doing.sentAtMs);
        this.#write(doing.write);
        return this.#answer(doing.answer);
      case 'Releasing':
        this.#code.push(4);
        this.#code.push(doing.triesLeft);
        return this.#write(doing.write);
    }
  }

  #answer(answer: WriteAnswer | undefined): void {
    if (typeof answer === 'string') this.#code.push(ANSWERS.indexOf(answer) + 1);
    else this.#record(answer);
  }

  #write(write: Write | undefined): void {
    this.#code.push(write === undefined ? 0 : VERBS.indexOf(write.verb) + 1);
    this.#record(write?.record);
  }

  #record(record: LeaseRecord | undefined): void {
    if (record === undefined) return this.#code.push(-1);
    this.#name(record.holder);
    this.#name(record.renewTime);
    this.#name(record.resourceVersion);
    this.#code.push(record.leaseDurationSeconds);
  }

  #name(name: string): void {
    const known = this.#names.indexOf(name);
    this.#code.push(known < 0 ? this.#names.push(name) : known + 1);
  }
}

const VERBS: readonly Write['verb'][] = ['Create', 'Update'];
const ANSWERS: readonly WriteAnswer[] = ['Conflict', 'Gone', 'Silent'];
