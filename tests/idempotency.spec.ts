import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('idempotency')) test(title, details, body);
