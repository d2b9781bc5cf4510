/** The same dice for every mutant: what a law notices is no matter of luck. */
import { configureGlobal, readConfigureGlobal } from 'fast-check';

configureGlobal({ ...readConfigureGlobal(), seed: 26 });
