/*
 * What a projection is made of: `folio/projection-kit`. Tests of one are written with `folio/projection-kit/testing`.
 */
export { isDerived, RowRefused, type DerivedProjection, type DerivedStore, type ProjectedRow, type Projection, type RowProjection, type StoredProjection, type Tallies } from './projection.js';
export { folderOf, foldStream, type Folder } from './fold.js';
export { column, DAY_TYPE, instantFromText, selectList, type Column, type TableSpec } from '#contracts/read-models/tables/table.js';
