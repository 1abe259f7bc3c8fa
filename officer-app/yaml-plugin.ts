import { parse } from 'yaml';
import type { Plugin } from 'vite';

/** What a question set says to the server alone. */
const SERVER_ONLY = new Set(['becomes', 'joins', 'licence', 'soh', 'source', 'style', 'things']);

/** Imports a question set's file as data. In YAML 1.2, `yes`, `no` and dates are text. */
export function yamlFiles(): Plugin {
  return {
    name: 'bluelamp-yaml',
    transform(code, id) {
      if (!id.endsWith('.yaml')) return null;
      const data: unknown = parse(code, (key, value: unknown) =>
        typeof key === 'string' && SERVER_ONLY.has(key) ? undefined : value,
      );
      return { code: `export default ${JSON.stringify(data)};`, map: null };
    },
  };
}
