/** The store contract on SQLite, in a file. */
import { storeContract } from '../contract/all.ts';
import type { Kind } from '../contract/kind.ts';
import { freshPath, open } from './support.ts';

const IN_A_FILE: Kind = {
  name: 'SQLite',
  share: 1,
  place: async () => {
    const path = freshPath();
    return { open: (listener) => open(path, {}, listener) };
  },
};

storeContract(IN_A_FILE);
