import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { yamlFiles } from './yaml-plugin.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** Writes the list of shell files, and a version made of their contents, into the built service worker. */
function shellList(): Plugin {
  let out = 'dist';
  return {
    name: 'bluelamp-shell-list',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
        .map((entry) => relative(out, join(entry.parentPath, entry.name)))
        .sort();
      const digest = createHash('sha256');
      for (const file of files) digest.update(file).update(readFileSync(join(out, file)));
      const shell = files.map((file) => (file === 'index.html' ? '/officer/' : `/officer/${file}`));
      const worker = join(out, 'sw.js');
      const text = readFileSync(worker, 'utf8')
        .replace('__SHELL_FILES__', JSON.stringify(shell))
        .replace('__SHELL_VERSION__', JSON.stringify(digest.digest('hex').slice(0, 12)));
      writeFileSync(worker, text);
    },
  };
}

export default defineConfig({
  base: '/officer/',
  define: { __APP_VERSION__: JSON.stringify(version) },
  plugins: [yamlFiles(), shellList()],
  build: {
    target: 'es2022',
    cssMinify: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/sw/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
