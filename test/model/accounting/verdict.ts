/** What can be wrong with the counters of one session. */
export const KINDS = ['too many runs', 'too many tokens', 'never settles', 'missing runs', 'missing tokens'] as const;
export type Kind = (typeof KINDS)[number];

/** `by`: runs or tokens. */
export type Violation = { readonly kind: Kind; readonly by: number };

/** How a schedule ended. `isSaid`: fewer runs than there were, and the exporter says that it could not tell (unreconciled, given up). */
export type Ending = { readonly violation: Violation | null; readonly isSaid: boolean };
