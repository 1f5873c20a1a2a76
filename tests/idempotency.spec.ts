import { declare } from './test.ts';

declare('idempotency');
