/** The composition root: a validated configuration in, a running exporter out. The only place where the parts meet. */
export type { App, AppDeps } from './app/deps.ts';
export { createApp } from './app/exporter.ts';
export { type FailedProject, type OnceProgress, runOnce } from './app/once.ts';
export { checkState, renewState } from './app/shared-state.ts';
export { createSources, type OpenSource } from './app/sources.ts';
