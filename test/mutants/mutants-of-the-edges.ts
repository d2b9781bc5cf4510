/** Bugs where the world comes in: what an answer means, and what leaves when. */
import { edit, type Mutant, without } from './mutant.ts';

const AWS = 'src/adapters/cognito/failure.ts';
const ANSWER = 'src/adapters/cognito/answer.ts';
const KUBERNETES = 'src/adapters/kubernetes/failure.ts';

export const MUTANTS_OF_THE_EDGES: readonly Mutant[] = [
  {
    name: 'throttle-taken-for-trouble',
    bug: 'TooManyRequests counts as an answer that went wrong.',
    edits: [
      edit(
        AWS,
        "['TooManyRequestsException', 'Throttled']",
        "['TooManyRequestsException', 'Unavailable']",
      ),
    ],
    killedBy: ['adapters', 'simulation'],
  },
  {
    name: 'proxy-taken-for-aws',
    bug: 'A 502 without a request id proves that a Create has ended.',
    edits: [
      edit(
        AWS,
        'return requestId === undefined && MUTATIONS.has(operation);',
        'return requestId === undefined && !MUTATIONS.has(operation);',
      ),
    ],
    killedBy: ['adapters', 'e2e/bad-answers'],
  },
  {
    name: 'reset-taken-for-not-sent',
    bug: 'A connection that broke after the request left counts as one that never was.',
    edits: [
      edit(
        AWS,
        "if (syscall === 'connect' || syscall === 'getaddrinfo') return true;",
        'if (syscall !== undefined) return true;',
      ),
    ],
    killedBy: ['adapters', 'e2e/bad-answers'],
  },
  {
    name: 'quota-taken-for-trouble',
    bug: 'LimitExceeded on Create is retried like any trouble.',
    edits: [edit(AWS, "return operation === 'Create'\n", "return operation === 'Update'\n")],
    killedBy: ['adapters', 'contract', 'e2e/quota'],
  },
  {
    name: 'answer-for-another-server',
    bug: 'An answer that names another identifier is believed.',
    edits: [
      edit(
        ANSWER,
        'return server.value.identifier === identity.identifier\n',
        'return server.value.identifier !== identity.userPoolId\n',
      ),
    ],
    killedBy: ['adapters', 'e2e/bad-answers'],
  },
  {
    name: 'anything-that-says-200-deletes',
    bug: 'A portal that answers 200 to a Delete proves that the server is gone.',
    edits: [edit(ANSWER, 'return requestId === undefined\n', "return requestId === ''\n")],
    killedBy: ['adapters', 'e2e/bad-answers'],
  },
  {
    name: 'sdk-retries',
    bug: 'The SDK repeats a call by itself.',
    edits: [edit('src/adapters/cognito/clients.ts', 'maxAttempts: 1,', 'maxAttempts: 3,')],
    killedBy: ['adapters', 'e2e/bad-answers'],
  },
  {
    name: 'guard-asked-before-the-signature',
    bug: 'Whether we still lead is asked before credentials and signature, not after.',
    edits: [
      edit(
        'src/adapters/cognito/attempt.ts',
        "step: 'deserialize', priority: 'low'",
        "step: 'initialize', priority: 'low'",
      ),
    ],
    killedBy: ['adapters', 'contract'],
  },
  {
    name: 'scopes-left-out',
    bug: 'An Update that only changes the name leaves the scopes out, and Cognito drops them.',
    edits: [
      edit(
        'src/adapters/cognito/user-pools.ts',
        'return { ...namesOf(identity), Name: name, Scopes };',
        'return { ...namesOf(identity), Name: name, Scopes: Scopes.slice(1) };',
      ),
    ],
    killedBy: ['contract', 'e2e/creation'],
  },
  {
    name: 'any-404-is-gone',
    bug: 'A proxy that knows no such page proves that an object is gone.',
    edits: [
      edit(
        KUBERNETES,
        "status.code === 404 && status.reason === 'NotFound'",
        'status.code === 404',
      ),
    ],
    killedBy: ['adapters', 'e2e/outages'],
  },
  {
    name: 'other-uid-is-no-matter',
    bug: 'A patch meant for another object of that name is no sign that ours is gone.',
    edits: [
      without(
        KUBERNETES,
        "  if (status.code === 422 && complainsAboutUid(answer.body)) return { kind: 'Gone' };\n",
      ),
    ],
    killedBy: ['adapters', 'contract'],
  },
  {
    name: 'frame-skipped',
    bug: 'A line of a watch that cannot be read is left out, and the watch goes on.',
    edits: [
      edit(
        'src/adapters/kubernetes/frames.ts',
        'const frame = readFrame(line);',
        "const frame = readFrame(line);\n      if (frame.kind === 'Broken') continue;",
      ),
    ],
    killedBy: ['adapters', 'e2e/outages'],
  },
  {
    name: 'events-late-after-the-lease',
    bug: 'The Lease is given back before what is under way has ended.',
    edits: [
      edit(
        'src/leading.ts',
        'await work(all, over, calls.signal);',
        'void work(all, over, calls.signal);\n  await untilAborted(over);',
      ),
    ],
    killedBy: ['simulation', 'e2e/leadership'],
  },
];
