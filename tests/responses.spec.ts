import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('responses')) test(title, details, body);
