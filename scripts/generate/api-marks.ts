// What users and the operator write into the metadata of a resource. A CRD cannot declare it.

import { FINALIZER, PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';

export interface Annotation {
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

export const ANNOTATIONS: readonly Annotation[] = [
  {
    name: PAUSED_ANNOTATION,
    value: '`"true"`',
    description:
      'Nothing is written to Amazon Cognito, in life or in deletion, until the annotation is ' +
      'gone. Any other value is ignored, and a Warning event `InvalidAnnotation` says so.',
  },
  {
    name: SYNC_ANNOTATION,
    value: 'any; a time is customary',
    description:
      'A new value asks the operator to look at Amazon Cognito now. The value appears in ' +
      '`status.lastHandledSyncRequest` when it has looked.',
  },
];

export const FINALIZER_PURPOSE = `\
The operator sets \`${FINALIZER}\` before it first writes to Amazon Cognito, and removes it when
the resource server is deleted, or is let go as \`spec.deletionPolicy\` says.
`;
