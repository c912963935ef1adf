// A hook of Node's loader (see mingo.mjs): the ES modules of mingo, which name each other without
// ".js" and which Node itself would pass over for the CommonJS ones.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export async function resolve(specifier, context, next) {
  if (/^mingo\b/.test(specifier)) {
    const found = await next(specifier, { ...context, conditions: context.conditions.filter((c) => c !== 'node') });
    return { ...found, format: 'module' };
  }
  if (!specifier.startsWith('.') || !context.parentURL?.includes('/mingo/esm/')) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  const url = [`${href}.js`, `${href}/index.js`].find((file) => existsSync(fileURLToPath(file)));
  return { url, format: 'module', shortCircuit: true };
}
