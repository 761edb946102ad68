/** Suggestions for the command line are those of the configuration file. */
export { nearest } from '../config/suggest.ts';
