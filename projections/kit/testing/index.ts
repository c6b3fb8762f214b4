/*
 * The test kit for projections, for this repository and for whoever adds a projection: `folio/projection-kit/testing`.
 * Nothing that runs in production imports it.
 */
export { projectionSuite, type DescribeProjection, type Given, type ProjectionCases, type ProjectionSuiteOptions, type TestRunner } from './suite.js';
export { databasesOn, embeddedDatabases, type TestDatabases } from './databases.js';
export { at, invoice, stream, unchecked, user, type Fact, type StreamFacts, type StreamPlace } from './scenario.js';
export { MemoryDerivedStore } from './memory-store.js';
export { Proof, type ProofOptions } from './proof.js';
export type { ExpectedRow, ExpectedTally } from './compare.js';
export * from './facts.js';
