/** The message of a configuration that is refused. */

/** What an error says; a sentence of its own where there was none. */
export const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was taken',
    (error: Error) => error.message,
  );
