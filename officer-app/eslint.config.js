import tseslint from 'typescript-eslint';

const noDatabase = {
  group: ['idb', '**/store/*'],
  message: 'Only src/store opens the database; screens ask the controller.',
};
const noNetwork = {
  group: ['**/sync/*'],
  message: 'Only src/sync uses the network; screens ask the controller.',
};
const onlyStore = { name: 'indexedDB', message: 'Only src/store/store.ts opens the database.' };
const onlySync = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'Only src/sync uses the network.',
}));
const noUi = { group: ['**/ui/*', 'lit', 'lit/*'], message: 'Only src/ui draws.' };

const oneClock = 'Only src/capture/clock.ts reads the time: use now(), or deviceNow() for waits.';

/** Who may import whom (the order of the folders), held by the linter. */
export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-restricted-globals': ['error', onlyStore, ...onlySync],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreVoidOperator: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      'max-lines': ['error', 400],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/capture/clock.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: oneClock },
        { selector: "CallExpression[callee.name='Date']", message: oneClock },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: oneClock,
        },
        {
          selector:
            "MemberExpression[object.name='performance'][property.name=/^(now|timeOrigin)$/]",
          message: oneClock,
        },
      ],
    },
  },
  {
    files: ['src/capture/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noDatabase,
            noNetwork,
            noUi,
            { group: ['**/outbox/*'], message: 'A capture knows no queue.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/outbox/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [noDatabase, noNetwork, noUi] }],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
      ],
    },
  },
  {
    files: ['src/store/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [noNetwork, noUi] }],
      'no-restricted-globals': ['error', ...onlySync],
    },
  },
  {
    files: ['src/sync/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [noUi, { group: ['idb'], message: 'Only src/store opens the database.' }] },
      ],
      'no-restricted-globals': ['error', onlyStore],
    },
  },
  {
    files: ['src/forms/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDatabase, noNetwork] }] },
  },
  {
    files: ['src/forms/**'],
    ignores: ['src/forms/questions.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDatabase, noNetwork, noUi] }] },
  },
  {
    files: ['src/ui/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDatabase, noNetwork] }] },
  },
  { files: ['src/sw/**'], rules: { 'no-restricted-globals': 'off', 'max-lines': ['error', 150] } },
  { files: ['tests/**'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['eslint.config.js'], extends: [tseslint.configs.disableTypeChecked] },
);
