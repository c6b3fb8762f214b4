export { demoDocuments, type DemoDocument } from './documents.js';
export { generatedCfdi, type GeneratedCfdi } from './generated-cfdi.js';
export type { DemoParty } from './people.js';
