import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('scopes')) test(title, details, body);
