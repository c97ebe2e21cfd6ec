// @stackframe/js 2.8.3, as published: for bundlers, so Node is told to look for files as they do.
import '../support/bundler_resolution.mjs';
import { useServer } from '../support/server.mjs';
import { playStackframe } from '../support/stackframe.mjs';
import { playStackframeTeams } from '../support/stackframe_teams.mjs';

const sdk = await import('stackframe-js-2-8-3');
const server = await useServer();
playStackframe('2.8.3', sdk, server);
playStackframeTeams('2.8.3', sdk, server);
