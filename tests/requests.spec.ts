import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('requests')) test(title, details, body);
