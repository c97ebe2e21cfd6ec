// @stackframe/js 2.8.3, as published: for bundlers, so Node is told to look for files as they do.
import '../support/bundler_resolution.mjs';
import { useServer } from '../support/server.mjs';
import { playStackframe } from '../support/stackframe.mjs';

const sdk = await import('stackframe-js-2-8-3');
playStackframe('2.8.3', sdk, await useServer());
