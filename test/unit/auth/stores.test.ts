import { MemoryCredentialStore, MemoryRefreshTokenStore, MemoryRevocationStore } from '../../../write-side/auth/stores/memory.js';
import { MemoryIdempotencyStore } from '../../../write-side/idempotency/memory.js';
import { secretStoresSuite } from '../../suites/credential-store.js';
import { idempotencyStoreSuite } from '../../suites/idempotency-store.js';

secretStoresSuite('memory', async () => ({ credentials: new MemoryCredentialStore(), refreshTokens: new MemoryRefreshTokenStore(), revocations: new MemoryRevocationStore() }));
idempotencyStoreSuite('memory', async () => new MemoryIdempotencyStore());
