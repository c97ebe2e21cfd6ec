// Lets Node load packages that were published for bundlers: their ES modules leave `.js` and `/index.js` out.
import { register } from 'node:module';

const hook = `
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'].includes(error.code)) throw error;
    for (const rest of ['.js', '/index.js']) {
      const found = await next(specifier + rest, context).catch(() => null);
      if (found) return found;
    }
    throw error;
  }
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
