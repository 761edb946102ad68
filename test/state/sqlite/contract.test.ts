/** The store contract on SQLite, in a file. */
import { storeContract } from '../contract/all.ts';
import { inFile } from './support.ts';

storeContract(inFile());
