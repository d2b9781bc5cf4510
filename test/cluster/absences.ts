/** The end-to-end tests that a real API server cannot host, with the reason: all others run. */

interface Absence {
  readonly file: string;
  /** As it ends, its groups before it; all of the file when left out. */
  readonly test?: string;
  readonly because: string;
}

export const ABSENCES: readonly Absence[] = [
  { file: 'demo.test.ts', because: 'it is about the demo, which brings its own servers' },
  { file: 'sandbox.test.ts', because: 'it is about the sandbox, which brings its own servers' },
  {
    file: 'lists.test.ts',
    test: 'that is deleted takes its resource servers along',
    because: 'no controller ends namespaces there',
  },
  {
    file: 'kubectl.test.ts',
    test: 'apply --server-side is refused with the way out',
    because: 'a real one has server-side apply',
  },
  {
    file: 'kubectl.test.ts',
    test: 'create namespace and auth can-i work, which speak protobuf',
    because: 'the administrator may everything there',
  },
];
