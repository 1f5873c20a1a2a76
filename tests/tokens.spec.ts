import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('tokens')) test(title, details, body);
