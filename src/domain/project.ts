/** A LlamaCloud project, as discovery returns it. */
import type { Micros } from './time.ts';

export type Project = {
  /** UUID; the key of everything that is stored. */
  readonly id: string;
  /** As the API has it; labels cut it to 128 characters. */
  readonly name: string;
  readonly organizationId: string;
  readonly isDefault: boolean;
  /** Null where the API does not say. */
  readonly createdAt: Micros | null;
};

/** A project together with the account that polls it. */
export type PolledProject = Project & { readonly account: string };
