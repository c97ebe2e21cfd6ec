// @stackframe/js 2.8.41, as published.
import { useServer } from '../support/server.mjs';
import { playStackframe } from '../support/stackframe.mjs';

const sdk = await import('stackframe-js-2-8-41');
playStackframe('2.8.41', sdk, await useServer());
