/**
 * The same dice for every mutant: what a law notices is no matter of luck. And no search for the
 * smallest example: that it failed is all that is asked.
 */
import { configureGlobal, readConfigureGlobal } from 'fast-check';

configureGlobal({ ...readConfigureGlobal(), seed: 26, endOnFailure: true });
