import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('lifecycle')) test(title, details, body);
