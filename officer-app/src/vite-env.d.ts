/** The version in package.json, written into every capture. */
declare const __APP_VERSION__: string;
