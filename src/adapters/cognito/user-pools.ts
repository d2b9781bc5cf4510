/**
 * The five calls to Cognito. Each is one attempt with one deadline, asks its guard behind the
 * signature, and ends as a value.
 */
import {
  CreateResourceServerCommand,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  ListResourceServersCommand,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Desired, Identity } from '../../api/parse.ts';
import type { UserPools } from '../../ports.ts';
import { readNothing, readPage, readServer } from './answer.ts';
import type { Clients } from './clients.ts';
import type { Dispatch } from './dispatch.ts';

/** The most that a page may hold. */
const PAGE_SERVERS_MAX = 50;

export function createUserPools(clients: Clients, dispatch: Dispatch): UserPools {
  return {
    list(userPoolId, nextToken, call) {
      const page = { UserPoolId: userPoolId, MaxResults: PAGE_SERVERS_MAX };
      const input = nextToken === undefined ? page : { ...page, NextToken: nextToken };
      const command = new ListResourceServersCommand(input);
      const send = sending(clients, userPoolId, (client, it) => client.send(command, it));
      const read = (output: unknown) => readPage(output, userPoolId);
      return dispatch({ operation: 'List', command, send, read }, call);
    },
    describe(identity, call) {
      const command = new DescribeResourceServerCommand(namesOf(identity));
      const send = sending(clients, identity.userPoolId, (client, it) => client.send(command, it));
      const read = (output: unknown) => readServer(output, identity);
      return dispatch({ operation: 'Describe', command, send, read }, call);
    },
    create(identity, desired, call) {
      const command = new CreateResourceServerCommand(valueOf(identity, desired));
      const send = sending(clients, identity.userPoolId, (client, it) => client.send(command, it));
      const read = (output: unknown) => readServer(output, identity);
      return dispatch({ operation: 'Create', command, send, read }, call);
    },
    update(identity, desired, call) {
      const command = new UpdateResourceServerCommand(valueOf(identity, desired));
      const send = sending(clients, identity.userPoolId, (client, it) => client.send(command, it));
      const read = (output: unknown) => readServer(output, identity);
      return dispatch({ operation: 'Update', command, send, read }, call);
    },
    delete(identity, call) {
      const command = new DeleteResourceServerCommand(namesOf(identity));
      const send = sending(clients, identity.userPoolId, (client, it) => client.send(command, it));
      return dispatch({ operation: 'Delete', command, send, read: readNothing }, call);
    },
  };
}

type Client = ReturnType<Clients['cognito']>;
type Sent<Output> = (client: Client, options: { abortSignal: AbortSignal }) => Promise<Output>;

function sending<Output>(clients: Clients, userPoolId: string, sent: Sent<Output>) {
  return (abortSignal: AbortSignal) => sent(clients.cognito(userPoolId), { abortSignal });
}

function namesOf({ userPoolId, identifier }: Identity) {
  return { UserPoolId: userPoolId, Identifier: identifier };
}

/** The complete value, an empty list of scopes included: an Update resets what it omits. */
function valueOf(identity: Identity, { name, scopes }: Desired) {
  const Scopes = scopes.map((scope) => ({
    ScopeName: scope.name,
    ScopeDescription: scope.description,
  }));
  return { ...namesOf(identity), Name: name, Scopes };
}
