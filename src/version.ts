/** The version of package.json, put in by the bundler; from source it is `0.0.0-source`. */
declare const COGNITO_OPERATOR_VERSION: string | undefined;

export const VERSION =
  typeof COGNITO_OPERATOR_VERSION === 'string' ? COGNITO_OPERATOR_VERSION : '0.0.0-source';
