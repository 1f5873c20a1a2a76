import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('signatures')) test(title, details, body);
