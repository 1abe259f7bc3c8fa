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
    // Thousands of invented histories take longer on a busy machine than the usual 5 seconds.
    testTimeout: 30_000,
  },
});
