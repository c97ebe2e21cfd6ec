// @stackframe/js 2.8.108, as published.
import { useServer } from '../support/server.mjs';
import { playStackframe } from '../support/stackframe.mjs';

const sdk = await import('stackframe-js-2-8-108');
playStackframe('2.8.108', sdk, await useServer());
