import { describeWith } from '../../support/engines.js';
import { searchSuite } from '../../suites/search.js';
import { IndexedBench } from './indexed-bench.js';

describeWith('opensearch', 'search', (address) => searchSuite(() => IndexedBench.open(address())));
