// What a browser adds to fetch and Node does not: the page's Origin, and a cookie jar. The official clients are used
// unmodified on top of it.
import { Jar, parseSetCookie } from './http.mjs';

/** Puts a fetch for pages of `origin` in the place of Node's; returns the jar and a way back. */
export function installBrowserFetch(origin) {
  const plain = globalThis.fetch;
  const jar = new Jar();
  globalThis.fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set('origin', origin);
    if (request.credentials !== 'omit' && jar.header) headers.set('cookie', jar.header);
    const response = await plain(new Request(request, { headers }));
    if (request.credentials !== 'omit') jar.absorb(response.headers.getSetCookie().map(parseSetCookie));
    return response;
  };
  return { jar, restore: () => (globalThis.fetch = plain) };
}
