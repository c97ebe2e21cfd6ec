// An app built on the server half of @neondatabase/auth, unmodified: its proxy at /api/auth, its middleware before every page, its server
// API in actions and components. What is left out is a framework; a browser's cookies are kept in `jar`.
import { NEON_AUTH_COOKIE_PREFIX, DEFAULT_AUTH_SKIP_ROUTES, createAuthServer, extractNeonAuthCookies, handleAuthProxyRequest, processAuthMiddleware } from '@neondatabase/auth/server';
import { Jar, parseSetCookie } from './http.mjs';

export const appOrigin = 'http://localhost:3000';

export class NeonApp {
  jar = new Jar();
  setCookies = []; // all that the browser was ever told, in order

  constructor(baseUrl) {
    this.config = { baseUrl, cookieSecret: 'a-cookie-secret-of-32-characters!', log: { debug() {}, info() {}, warn() {}, error() {} } };
    this.server = createAuthServer({ ...this.config, context: () => this.#context() });
  }

  #absorb(lines) {
    const cookies = lines.map(parseSetCookie);
    this.setCookies.push(...cookies);
    this.jar.absorb(cookies);
  }
  #context() {
    const headers = new Headers({ cookie: this.jar.header, origin: appOrigin });
    return {
      getCookies: () => extractNeonAuthCookies(headers),
      setCookie: (name, value, options) => this.jar.absorb([{ name, value, attributes: { 'max-age': String(options.maxAge ?? '') } }]),
      getHeader: (name) => headers.get(name),
      getOrigin: () => appOrigin,
      getFramework: () => 'test',
    };
  }
  #request(path, { method = 'GET', body } = {}) {
    const headers = { cookie: this.jar.header, origin: appOrigin, 'user-agent': 'a browser', ...(body ? { 'content-type': 'application/json' } : {}) };
    return new Request(`${appOrigin}${path}`, { method, headers, body: body && JSON.stringify(body) });
  }

  /** The browser calls /api/auth/{path}. */
  async api(method, path, body) {
    const request = this.#request(`/api/auth/${path}`, { method, body });
    const response = await handleAuthProxyRequest({ ...this.config, request, path: path.split('?')[0] });
    this.#absorb(response.headers.getSetCookie());
    return { status: response.status, headers: response.headers, body: await response.json().catch(() => null) };
  }

  /** The browser opens a page: what the middleware decides. */
  async visit(path) {
    const request = this.#request(path);
    const settings = { ...this.config, request, pathname: new URL(request.url).pathname, skipRoutes: DEFAULT_AUTH_SKIP_ROUTES, loginUrl: '/auth/sign-in' };
    const decision = await processAuthMiddleware(settings);
    this.#absorb(decision.cookies ?? []);
    return { action: decision.action, to: decision.redirectUrl && String(decision.redirectUrl), headers: decision.headers };
  }

  get cookieNames() {
    return this.jar.names.map((name) => name.replace(`${NEON_AUTH_COOKIE_PREFIX}.`, '')).sort();
  }
}
