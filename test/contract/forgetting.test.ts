import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import { describeForgetting } from './forgetting-suite.ts';
import { createClient } from './kubernetes-client.ts';

describeForgetting('embedded', async () => {
  const { url, token, compact, close } = await startKubernetes();
  const headers = { authorization: `Bearer ${token}` };
  const client = createClient({ url, headers, fetch, stop: close });
  return { client, forget: compact, stop: close };
});
