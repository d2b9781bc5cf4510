/**
 * The pagination tokens of ListResourceServers: opaque, sealed, and bound to the pool and page
 * size of the request that produced them ("the same parameters"). They die with the process.
 */
import { createHmac, randomBytes } from 'node:crypto';

export interface Listing {
  readonly pool: string;
  /** MaxResults as the request gave it. */
  readonly maxResults: number | undefined;
}

export interface PageTokens {
  issue(listing: Listing, position: string): string;
  /** The position the token carries, or undefined when it does not belong to this listing. */
  open(listing: Listing, token: string): string | undefined;
}

export function createPageTokens(): PageTokens {
  const secret = randomBytes(32);
  const seal = ({ pool, maxResults }: Listing, position: string): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([pool, maxResults ?? null, position]))
      .digest('base64url');

  return {
    issue: (listing, position) =>
      `${seal(listing, position)}.${Buffer.from(position).toString('base64url')}`,
    open(listing, token) {
      const [signature, encoded] = token.split('.', 2);
      const position = Buffer.from(encoded ?? '', 'base64url').toString();
      return signature === seal(listing, position) ? position : undefined;
    },
  };
}
