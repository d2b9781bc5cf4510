/** Bugs of what knows neither Cognito nor scopes: lease, watch, store, queue, gate. */
import { edit, type Mutant, without } from './mutant.ts';

const LEASE = 'src/core/lease.ts';
const TERM = 'src/controller/term.ts';
const STORE = 'src/controller/store.ts';
const QUEUE = 'src/controller/work-queue.ts';
const WINDOW = 'src/controller/rate-window.ts';
const GATE = 'src/controller/rate-gate.ts';
const LINES = 'src/controller/waiting-lines.ts';

export const MUTANTS_OF_THE_MACHINERY: readonly Mutant[] = [
  {
    name: 'lease-judged-by-the-wall-clock',
    bug: 'A standby takes the Lease when its renewTime is long ago by its own clock.',
    edits: [
      edit(
        LEASE,
        'held === undefined ? nowMs : nowMs + heldForMs(held, times)',
        `held === undefined
      ? nowMs
      : nowMs + Date.parse(held.renewTime) + heldForMs(held, times) - Date.now()`,
      ),
    ],
    killedBy: ['core', 'controller'],
  },
  {
    name: 'lease-taken-from-its-holder',
    bug: 'A leader that finds another name in the Lease writes its own over it.',
    edits: [
      edit(
        LEASE,
        "return { kind: 'Lost', holder: record.holder };",
        "return { kind: 'Renew', record };",
      ),
    ],
    killedBy: ['core', 'controller'],
  },
  {
    name: 'lease-renewed-by-any-edit',
    bug: 'A label on the Lease counts as a sign of life of its holder.',
    edits: [
      edit(
        LEASE,
        'before?.renewTime === after?.renewTime &&',
        'before?.resourceVersion === after?.resourceVersion &&',
      ),
    ],
    killedBy: ['core', 'controller'],
  },
  {
    name: 'lease-without-a-holder-taken',
    bug: 'A Lease whose holder was edited away is taken at once.',
    edits: [
      edit(
        LEASE,
        "return record.holder === '' && record.leaseDurationSeconds <= RELEASED_SECONDS;",
        "return record.holder === '';",
      ),
    ],
    killedBy: ['core', 'controller'],
  },
  {
    name: 'term-counted-from-the-answer',
    bug: 'A leader leads on from the answer of its renewal, not from when it was sent.',
    edits: [
      edit(
        TERM,
        'this.#validUntilMs = hold.sentAtMs + this.#access.ports.settings.renewDeadlineMs;',
        'this.#validUntilMs = this.#nowMs() + this.#access.ports.settings.renewDeadlineMs;',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'term-revived',
    bug: 'A renewal that was answered too late revives a term that is over.',
    edits: [without(TERM, '    if (!this.isLeading()) return;\n')],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'leadership-never-expires',
    bug: 'A leader that could not renew leads on until it notices.',
    edits: [
      edit(
        TERM,
        'return !this.#stop.signal.aborted && this.#nowMs() < this.#validUntilMs;',
        'return !this.#stop.signal.aborted;',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'term-begins-with-an-old-list',
    bug: 'A new leader decides on what it knew while it stood by.',
    edits: [
      edit(
        'src/leading.ts',
        'house.reflectors.map((each) => each.listedAfter(term.startedAtMs, over));',
        'house.reflectors.map((each) => each.listedAfter(0, over));',
      ),
    ],
    killedBy: ['simulation', 'e2e/leadership'],
  },
  {
    name: 'expired-watch-resumed',
    bug: 'After 410 Gone the watch is opened at the place that is gone.',
    edits: [
      edit('src/controller/watch-trouble.ts', "  Expired: 'Relist',", "  Expired: 'Resume',"),
    ],
    killedBy: ['controller', 'e2e/outages'],
  },
  {
    name: 'silent-watch-trusted',
    bug: 'A watch that went silent is waited for until its time is over.',
    edits: [
      edit(
        'src/controller/watch-stream.ts',
        'const idleAtMs = this.#lastFrameAtMs + this.#idleMs;',
        'const idleAtMs = Number.POSITIVE_INFINITY;',
      ),
    ],
    killedBy: ['controller', 'e2e/outages'],
  },
  {
    name: 'half-a-list-applied',
    bug: 'The first page of a list is taken for the whole.',
    edits: [
      edit(
        'src/controller/listing.ts',
        'if (continueToken === undefined) return answered({ objects, resourceVersion });',
        'return answered({ objects, resourceVersion });',
      ),
    ],
    killedBy: ['controller', 'e2e/lists'],
  },
  {
    name: 'recreation-told-as-a-change',
    bug: 'An object that was deleted and made anew is told of as one that changed.',
    edits: [
      edit(
        STORE,
        'if (before === undefined || before.uid === uid) return [{ before, after: object }];',
        'if (before !== undefined || object !== undefined) return [{ before, after: object }];',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'store-goes-back-in-time',
    bug: 'A frame that is older than our own write replaces it.',
    edits: [edit(STORE, 'isOlder(object.resourceVersion, kept.resourceVersion)', 'false')],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'absent-from-the-list-kept',
    bug: 'What a new list lacks stays in the store.',
    edits: [
      edit(
        STORE,
        'const deletions = gone.flatMap((key) => this.#drop(key));',
        'const deletions = gone.slice(gone.length).flatMap((key) => this.#drop(key));',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'edit-lost-during-a-run',
    bug: 'What is added while its key runs is forgotten.',
    edits: [without(QUEUE, '      entry.meanwhile = merged(entry.meanwhile, when);\n')],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'retry-before-edits',
    bug: 'What failed keeps the priority of an edit.',
    edits: [
      edit(
        QUEUE,
        'const retryPriority = Math.min(priority, PRIORITY.Retry);',
        'const retryPriority = priority;',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'conflict-in-a-hot-loop',
    bug: 'A key that meets conflicts is run again and again without a pause.',
    edits: [
      edit(QUEUE, 'if (entry.nowsInRow > 1) return', 'if (entry.nowsInRow > 1_000_000) return'),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'gate-refilled-twice',
    bug: 'A place comes back after half a second.',
    edits: [
      edit(
        WINDOW,
        'overMs + Math.max(SECOND_MS, SECOND_MS / this.#n)',
        'overMs + Math.max(SECOND_MS, SECOND_MS / this.#n) / 2',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'place-of-a-silent-call-freed',
    bug: 'A call without an answer gives its place back before it can arrive no more.',
    edits: [edit(GATE, "if (kind !== 'Unanswered') return nowMs;", 'if (kind) return nowMs;')],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'void-place-entered',
    bug: "A place that is void, and is perhaps somebody else's by now, is entered.",
    edits: [
      without(
        'src/controller/held-place.ts',
        "    if (this.#phase.kind !== 'Taken') return 'PlaceVoid';\n",
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'throttle-ignored',
    bug: 'A throttled call does not slow the next ones.',
    edits: [without(WINDOW, '    this.#n /= 2;\n')],
    killedBy: ['controller', 'simulation'],
  },
  {
    name: 'last-come-first-served',
    bug: 'Of those that wait with one priority the last to come goes first.',
    edits: [
      edit(
        'src/controller/waiting-line.ts',
        'return b.priority - a.priority || a.order - b.order;',
        'return b.priority - a.priority || b.order - a.order;',
      ),
    ],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'longest-waiter-starves',
    bug: 'Whoever waits longest waits for ever behind those of higher priority.',
    edits: [edit(LINES, 'window.passed >= this.#longestEvery - 1', 'window.passed === Infinity')],
    killedBy: ['controller', 'laws'],
  },
  {
    name: 'term-begins-with-an-open-gate',
    bug: 'A new leader does not count what its predecessor sent within the last second.',
    edits: [without(GATE, '    this.#lanes.shutUntil(startedAtMs + settings.fullMs);\n')],
    killedBy: ['controller', 'simulation'],
  },
];
