// @stackframe/js 2.8.41, as published.
import { useServer } from '../support/server.mjs';
import { playStackframe } from '../support/stackframe.mjs';
import { playStackframeTeams } from '../support/stackframe_teams.mjs';

const sdk = await import('stackframe-js-2-8-41');
const server = await useServer();
playStackframe('2.8.41', sdk, server);
playStackframeTeams('2.8.41', sdk, server);
