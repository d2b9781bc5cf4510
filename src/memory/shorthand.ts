/**
 * Shorthand for JSON: what all resources say alike is one character, and what one says several
 * times is told once. JSON escapes control characters, so that each can stand for a word.
 *
 * Promises: `expand(shorten(json, often))` is `json`, whatever `often` is.
 */

/** At most 28, of a resource at rest; each before those that are a part of it. */
const WORDS = [
  ',"leaving":false,"finalizers":["cognito-operator.io/finalizer"],"labels":{',
  '"deletionPolicy":"DeleteIfCreated","adoptionPolicy":"IfMatching","managementPolicy":"Enforce"',
  ',"problems":[],',
  '"Amazon Cognito holds what `spec` says"',
  '"reason":"Synced"',
  '"type":"Ready"',
  '"status":"True"',
  '"status":{',
  ',"paused":false',
  '"identity":{',
  '"userPoolId":"',
  '","identifier":"',
  '"desired":{"name":"',
  '","scopes":[',
  '{"name":"',
  '","description":"',
  '"createdAt":"',
  '"generation":',
  '"observedGeneration":',
  '"conditions":[',
  '"lastTransitionTime":"',
  '"message":',
  '"scopeCount":',
  ',"ours":true,"scoped":true}',
  '"recordUID":"',
  '"remote":{',
  '"accountId":"',
  '","origin":"Created","hash":"1:',
];

/** Ends each word that is told at the beginning. */
const END = '\u0000';
const OWN_MAX = 3;
// oxlint-disable-next-line no-control-regex -- a control character in JSON can only be a code
const CODES = /[\u0001-\u001F]/g;
const CONTROLS = /\p{Cc}/u;

/** @param often three words at most that the text has several times */
export function shorten(json: string, often: readonly string[]): string {
  const own = often.slice(0, OWN_MAX).filter((word) => word !== '' && !CONTROLS.test(word));
  const short = WORDS.reduce(replaceBy(1 + OWN_MAX), own.reduce(replaceBy(1), json));
  // Joined, for a sum of strings keeps its parts and costs their memory twice.
  return [...own, short].join(END);
}

function replaceBy(firstCode: number) {
  return (text: string, word: string, at: number): string =>
    text.replaceAll(word, String.fromCharCode(firstCode + at));
}

export function expand(text: string): string {
  const own = text.split(END);
  const short = own.pop() ?? '';
  return short.replace(CODES, (code) => wordOf(code.charCodeAt(0) - 1, own) ?? code);
}

function wordOf(at: number, own: readonly string[]): string | undefined {
  return at < OWN_MAX ? own[at] : WORDS[at - OWN_MAX];
}
