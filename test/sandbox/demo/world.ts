/** The user pools of the examples, and what others have put into them already. */
import type { ConsoleServer } from '../cognito/console.ts';
import type { EmbeddedCognito } from '../cognito/server.ts';

export const CUSTOMERS = 'eu-west-1_AbCdEfGhI';
export const STAFF = 'eu-central-1_JkLmNoPqR';

/** `examples/observe.yaml` watches it. */
export const PARTNER: ConsoleServer = {
  identifier: 'https://partner.example.com',
  name: 'Partner API',
  scopes: [{ name: 'contract.read', description: 'Read contracts' }],
};

/** `examples/adopt.yaml` takes it over. */
export const INVOICES: ConsoleServer = {
  identifier: 'https://invoices.example.com',
  name: 'Invoices, made by hand',
  scopes: [{ name: 'invoice.read', description: 'Read invoices' }],
};

export function furnish({ console }: EmbeddedCognito): void {
  console.create(CUSTOMERS, PARTNER);
  console.create(CUSTOMERS, INVOICES);
}
