/**
 * The service model of the five resource-server operations: members, constraints, errors.
 * Written from the API model of 2016-04-18 (botocore `service-2.json`, the API reference); the
 * contract test compares it with the schemas of the installed SDK.
 *
 * The service matches Java regular expressions over the whole value; `test` writes each pattern
 * out and anchors it, because `\s` means more in JavaScript than in Java. `text` is the pattern
 * as the model prints it, and as error messages quote it.
 */
export interface Pattern {
  readonly text: string;
  readonly test: RegExp;
}

export interface StringShape {
  readonly kind: 'string';
  readonly min: number;
  readonly max?: number;
  readonly pattern?: Pattern;
}

export interface IntegerShape {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly max: number;
  readonly member: Shape;
}

export interface StructureShape {
  readonly kind: 'structure';
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, Shape>>;
}

export type Shape = StringShape | IntegerShape | ListShape | StructureShape;

const userPoolId: Shape = {
  kind: 'string',
  min: 1,
  max: 55,
  pattern: { text: '[\\w-]+_[0-9a-zA-Z]+', test: /^[A-Za-z0-9_-]+_[0-9a-zA-Z]+$/ },
};

const identifier: Shape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: {
    text: '[\\x21\\x23-\\x5B\\x5D-\\x7E]+',
    test: /^[\x21\x23-\x5B\x5D-\x7E]+$/,
  },
};

const serverName: Shape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: { text: '[\\w\\s+=,.@-]+', test: /^[A-Za-z0-9_ \t\n\v\f\r+=,.@-]+$/ },
};

const scopeName: Shape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: {
    text: '[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+',
    test: /^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$/,
  },
};

const scopes: Shape = {
  kind: 'list',
  max: 100,
  member: {
    kind: 'structure',
    required: ['ScopeName', 'ScopeDescription'],
    members: { ScopeName: scopeName, ScopeDescription: { kind: 'string', min: 1, max: 256 } },
  },
};

const nextToken: Shape = {
  kind: 'string',
  min: 1,
  pattern: { text: '[\\S]+', test: /^[^ \t\n\v\f\r]+$/ },
};

const commonErrors = [
  'InternalErrorException',
  'InvalidParameterException',
  'NotAuthorizedException',
  'OperationNotEnabledException',
  'ResourceNotFoundException',
  'TooManyRequestsException',
] as const;

/** The two pooled request-rate quotas our operations draw on. */
export type Category = 'read' | 'update';

export interface OperationModel {
  /** UserPoolResourceRead or UserPoolResourceUpdate. */
  readonly category: Category;
  readonly input: StructureShape;
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

const write: StructureShape = {
  kind: 'structure',
  required: ['UserPoolId', 'Identifier', 'Name'],
  members: { UserPoolId: userPoolId, Identifier: identifier, Name: serverName, Scopes: scopes },
};

const byIdentifier: StructureShape = {
  kind: 'structure',
  required: ['UserPoolId', 'Identifier'],
  members: { UserPoolId: userPoolId, Identifier: identifier },
};

const list: StructureShape = {
  kind: 'structure',
  required: ['UserPoolId'],
  members: {
    UserPoolId: userPoolId,
    MaxResults: { kind: 'integer', min: 1, max: 50 },
    NextToken: nextToken,
  },
};

export const operationModels = {
  CreateResourceServer: {
    category: 'update',
    input: write,
    output: ['ResourceServer'],
    errors: [...commonErrors, 'LimitExceededException'],
  },
  DescribeResourceServer: {
    category: 'read',
    input: byIdentifier,
    output: ['ResourceServer'],
    errors: commonErrors,
  },
  UpdateResourceServer: {
    category: 'update',
    input: write,
    output: ['ResourceServer'],
    errors: commonErrors,
  },
  DeleteResourceServer: {
    category: 'update',
    input: byIdentifier,
    output: [],
    errors: commonErrors,
  },
  ListResourceServers: {
    category: 'read',
    input: list,
    output: ['ResourceServers', 'NextToken'],
    errors: commonErrors,
  },
} as const satisfies Record<string, OperationModel>;

export type Operation = keyof typeof operationModels;

export const isOperation = (name: string): name is Operation =>
  Object.hasOwn(operationModels, name);

/** The members of a resource server in an answer, all optional by the model. */
export const resourceServerMembers = [
  'UserPoolId',
  'Identifier',
  'Name',
  'Scopes',
  'ManagedBy',
] as const;
