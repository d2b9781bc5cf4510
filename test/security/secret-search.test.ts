/** The search that every end-to-end test ends with: that it finds what it is there to find. */
import { describe, expect, test } from 'vitest';
import { canaryEnvironment, guardEnvironment } from '../support/canaries.ts';
import { createSecretSearch } from '../support/secret-search.ts';

const { AWS_SECRET_ACCESS_KEY: SECRET } = canaryEnvironment();
const base64 = (text: string, encoding: 'base64' | 'base64url' = 'base64') =>
  Buffer.from(text).toString(encoding);

function found(text: string): readonly string[] {
  const search = createSecretSearch();
  search.add('a secret', SECRET);
  search.look('the log', text);
  return search.leaks;
}

describe('the search for secrets', () => {
  test.each([
    ['as it is', SECRET],
    ['within other words', `refused: ${SECRET}, sorry`],
    ['in the JSON of a log line', JSON.stringify({ msg: `"${SECRET}"` })],
    ['in base64', base64(SECRET)],
    ['in base64, after one byte', base64(`:${SECRET}:`)],
    ['in base64, after two bytes', base64(`a:${SECRET}`)],
    ['in base64 as of a Basic header', base64(`AKIAEXAMPLE:${SECRET}`)],
    ['in base64 for URLs', base64(`ab${SECRET}c`, 'base64url')],
    ['in small hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in large hexadecimal', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['in a URL', `https://a/?key=${encodeURIComponent(SECRET)}&b=c`],
    [
      'in a URL of small letters',
      encodeURIComponent(SECRET).replaceAll(/%../g, (it) => it.toLowerCase()),
    ],
  ])('finds one %s', (_, text) => {
    expect(found(text)).toEqual([expect.stringMatching(/^the log holds a secret, /)]);
  });

  test('does not repeat it', () => {
    expect(found(SECRET).join()).not.toContain(SECRET);
  });

  test.each([
    ['a text without it', 'all is well'],
    ['another of its kind', canaryEnvironment().AWS_SECRET_ACCESS_KEY],
    ['the first half of it', SECRET.slice(0, SECRET.length / 2)],
  ])('finds nothing in %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test('looks for all three parts of AWS credentials', () => {
    const credentials = canaryEnvironment();
    const search = createSecretSearch();
    guardEnvironment(search, credentials);
    search.look('a status', Object.values(credentials).join(' '));
    expect(search.leaks).toHaveLength(3);
  });
});
