/** What one server costs in a pool that was swept: the straight line, and nothing beside it. */
import { poolId, specimen } from '../resources.ts';
import type { Scene } from '../row.ts';
import { openStage } from '../stage.ts';

export const oneCreate: Scene = {
  name: 'one-create',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    const { kubernetes, cognito } = stage;
    await stage.load([specimen('known', poolId(1))]);
    await stage.start().untilSaid('leading');
    await stage.untilListed(1);
    await cognito.call('trace');
    const ready = kubernetes.call('untilReady', 'wanted');
    const one = specimen('wanted', poolId(1));
    await kubernetes.call('apply', one);
    await ready;
    const calls = (await cognito.call('trace')).filter(({ pool }) => pool === one.userPoolId);
    const requests = (await kubernetes.call('trace')).filter(
      ({ name, resource, isOperators }) =>
        isOperators && name === one.name && resource !== 'events',
    );
    return [
      {
        measure: 'one server in a swept pool: calls to Cognito; requests to Kubernetes',
        bar: '1; 3',
        measured: `${calls.length}; ${requests.length}`,
        isMet: calls.length === 1 && requests.length === 3,
      },
    ];
  },
};
