/** The version in package.json, written into every capture. */
declare const __APP_VERSION__: string;

declare module '*.yaml' {
  const set: import('./forms/question-set').QuestionSet;
  export default set;
}
