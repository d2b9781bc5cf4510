// Every generated file of the project, one line each.

import { argocdConfigMap, argoHelmValues } from './argocd.ts';
import { assurance } from './assurance.ts';
import { chartCrd } from './chart-crd.ts';
import { chartValues } from './chart-values.ts';
import { configuration } from './configuration.ts';
import type { Output } from './output.ts';
import { resourceServerReference } from './resource-server-reference.ts';
import { resourceServerTypes } from './resource-server-types.ts';

export const OUTPUTS: readonly Output[] = [
  resourceServerTypes,
  resourceServerReference,
  configuration,
  chartCrd,
  chartValues,
  argocdConfigMap,
  argoHelmValues,
  assurance,
];
