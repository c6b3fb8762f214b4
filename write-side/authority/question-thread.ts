/** What the thread does with the bytes of a document. */
export { questionOf as default } from './question.js';
