/**
 * What Cognito refuses with. Names and wording follow the service where its wording is known;
 * where it is not, the comment says so, and a client must not depend on the text.
 */
export interface ApiError {
  readonly name: string;
  readonly message: string;
  /** On the wire: 400 for every fault of the client, 500 for one of the service. */
  readonly status: number;
}

export type StatusStyle = '400' | 'model';

/** The `httpError` of the service model where it is not 400; the AWS JSON protocol ignores it. */
export const modelStatuses: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  NotAuthorizedException: 403,
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
};

export const statusOf = (error: ApiError, style: StatusStyle): number =>
  style === 'model' && error.status === 400
    ? (modelStatuses[error.name] ?? error.status)
    : error.status;

const refusal =
  (name: string, status = 400) =>
  (message: string): ApiError => ({ name, message, status });

export const accessDeniedException = refusal('AccessDeniedException');
export const incompleteSignature = refusal('IncompleteSignatureException');
export const internalError = refusal('InternalErrorException', 500);
export const invalidParameter = refusal('InvalidParameterException');
export const invalidSignature = refusal('InvalidSignatureException');
export const limitExceeded = refusal('LimitExceededException');
export const operationNotEnabled = refusal('OperationNotEnabledException');
export const resourceNotFound = refusal('ResourceNotFoundException');
export const serialization = refusal('SerializationException');
export const unknownOperation = refusal('UnknownOperationException');

export const tooManyRequests = (): ApiError => refusal('TooManyRequestsException')('Rate exceeded');

export const missingAuthenticationToken = (): ApiError =>
  refusal('MissingAuthenticationTokenException')('Missing Authentication Token');

export const unrecognizedClient = (): ApiError =>
  refusal('UnrecognizedClientException')('The security token included in the request is invalid.');

export const expiredToken = (): ApiError =>
  refusal('ExpiredTokenException')('The security token included in the request is expired');

export const poolMissing = (pool: string): ApiError =>
  resourceNotFound(`User pool ${pool} does not exist.`);

/** The class is certain, the text is not documented. */
export const serverMissing = (identifier: string): ApiError =>
  resourceNotFound(`Resource server ${identifier} does not exist.`);

export const alreadyExists = (pool: string, identifier: string): ApiError =>
  invalidParameter(`${identifier} already exists in user pool ${pool}.`);

/** The class is documented, the text is not. */
export const quotaReached = (pool: string, quota: number): ApiError =>
  limitExceeded(`Limit of ${quota} resource servers exceeded for user pool ${pool}.`);

/** Whether Cognito refuses at all, and how, is not documented. */
export const managedByCognito = (identifier: string): ApiError =>
  invalidParameter(`Resource server ${identifier} is managed by Amazon Cognito.`);

/** Whether Cognito refuses at all is not documented. */
export const duplicateScope = (name: string): ApiError =>
  invalidParameter(`Duplicate scope name: ${name}`);

/** As elsewhere in Cognito; for ListResourceServers it is not documented. */
export const pageTokenUnusable = (): ApiError =>
  invalidParameter('Invalid pagination token given.');

export const replicaRefuses = (pool: string): ApiError =>
  operationNotEnabled(`Operation is not enabled for replica user pool ${pool}.`);

export interface Denial {
  readonly callerArn: string;
  readonly action: string;
  readonly resource: string;
}

/** As IAM words it since 2021. */
export const accessDenied = ({ callerArn, action, resource }: Denial): ApiError =>
  accessDeniedException(
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no identity-based policy allows the ${action} action`,
  );
