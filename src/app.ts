/** The composition root: a validated configuration in, a running exporter out. The only place where the parts meet. */
export { createApp } from './app/exporter.ts';
export { runOnce } from './app/once.ts';
export { checkState, renewState } from './app/shared-state.ts';
export { createSources } from './app/sources.ts';
