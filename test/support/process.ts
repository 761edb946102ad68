/** Real servers in tests: started on loopback, known by their process id, stopped by it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type RunningServer = {
  readonly url: string;
  /** What it wrote so far, both streams. */
  readonly output: () => string;
  /** Ends it by SIGTERM, and waits until it is gone. */
  readonly stop: () => Promise<void>;
};

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Asks until the answer is 2xx; an error with what the server wrote when it ends, or after so many milliseconds. */
async function untilReady(url: string, deadlineMs: number, hasEnded: () => boolean, what: () => string): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (Date.now() < end && !hasEnded()) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`${url} was not ready within ${deadlineMs} ms:\n${what()}`);
}

/** Starts a program that serves HTTP on a port, and waits until a path of it answers 2xx. */
export async function startServer(
  command: string,
  args: (port: number) => readonly string[],
  readyPath: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(command, args(port), { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      output += String(error);
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const gone = (): boolean => child.exitCode !== null || child.pid === undefined;
    await untilReady(url + readyPath, 20_000, gone, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, output: () => output, stop };
}
