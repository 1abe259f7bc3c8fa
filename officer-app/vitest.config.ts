import { defineConfig } from 'vitest/config';
import { yamlFiles } from './yaml-plugin.ts';

export default defineConfig({
  plugins: [yamlFiles()],
  define: { __APP_VERSION__: JSON.stringify('test') },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
  },
});
