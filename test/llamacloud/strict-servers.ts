/** Rate limits as services enforce them, each in its own way. Times in milliseconds; `limit` is requests per minute. */

export type StrictServer = {
  /** True where a request that arrives at `at` is served; arrivals come in order. */
  admits(at: number): boolean;
  /** Milliseconds after `at` from which on a request will be served: what an honest Retry-After says. */
  waitAt(at: number): number;
};

export type ServerKind = keyof typeof strictServers;

export const strictServers = {
  /** `limit` tokens, refilled evenly. */
  bucket(limit: number): StrictServer {
    let tokens = limit;
    let last = 0;
    return {
      admits(at) {
        tokens = Math.min(limit, tokens + ((at - last) * limit) / 60_000);
        last = at;
        if (tokens < 1) return false;
        tokens -= 1;
        return true;
      },
      waitAt: () => Math.ceil(((1 - tokens) * 60_000) / limit),
    };
  },

  /** `limit` requests in each minute of the clock. */
  fixedMinute(limit: number): StrictServer {
    let minute = -1;
    let used = 0;
    return {
      admits(at) {
        if (Math.floor(at / 60_000) !== minute) used = 0;
        minute = Math.floor(at / 60_000);
        used += 1;
        return used <= limit;
      },
      waitAt: (at) => 60_000 - (at % 60_000),
    };
  },

  /** `limit` served requests in any 60 seconds. */
  slidingMinute(limit: number): StrictServer {
    let served: number[] = [];
    return {
      admits(at) {
        served = served.filter((time) => time > at - 60_000);
        if (served.length >= limit) return false;
        served.push(at);
        return true;
      },
      waitAt: (at) => (served[0] ?? at) + 60_000 - at,
    };
  },
} satisfies Record<string, (limit: number) => StrictServer>;
